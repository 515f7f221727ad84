"""No order of grants, refusals, withdrawals, merges and unmerges makes allowed what the strictest history forbids.

The oracle is slow and knows nothing of the query: it keeps every word of every number in a list and walks through it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.rules.consents import months_after
from consent.services.contacting import may_contact
from customers.models import Customer
from tests.consent.consenting import answer, back_date_texts, consents, merge, purpose, says, unmerge, withdraws
from tests.customers.builders import KST, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
HISTORIES = int(os.environ.get("HISTORIES", "120"))
COUNT = 4
ACTS = ("give", "refuse", "withdraw", "merge", "unmerge", "late_give", "late_refuse")
PLACES = st.integers(0, COUNT - 1)
GAPS = st.sampled_from([0, 1, 24, 24 * 200, 24 * 740])  # hours: the same instant, soon, next day, long, past its day
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), PLACES, PLACES, GAPS), min_size=1, max_size=9)
REACHABLE = {"mobile": "01012345678", "real_name_verified_on": "2020-01-01", "gate": "IN_SCOPE"}
BEGIN = datetime(2021, 1, 4, 10, tzinfo=KST)


@dataclass
class Word:
    """What was said under a number: at which instant, yes or no."""

    at: datetime
    is_yes: bool


@dataclass
class Oracle:
    """The numbers, what each said, and into which each went when: a stack per number, as merges come apart."""

    words: dict[int, list[Word]] = field(default_factory=lambda: {place: [] for place in range(COUNT)})
    went: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    def holder(self, place: int) -> int:
        while place in self.went:
            place = self.went[place][0]
        return place

    def numbers(self, place: int) -> list[int]:
        return [each for each in range(COUNT) if self.holder(each) == place]

    def way(self, place: int) -> Iterator[tuple[int, datetime]]:
        """Everybody whom a number is part of, and since when."""
        since = None
        while place in self.went:
            place, at = self.went[place]
            since = at if since is None else max(since, at)
            yield place, since

    def say(self, place: int, at: datetime, *, is_yes: bool) -> None:
        for each in [place] if is_yes else self.numbers(place):
            self.words[each].append(Word(at, is_yes))

    def last(self, place: int, now: datetime) -> Word | None:
        """The last word of a number; of two at one instant the no."""
        said = [word for word in self.words[place] if word.at <= now]
        return max(said, key=lambda word: (word.at, not word.is_yes)) if said else None

    def is_allowed(self, place: int, now: datetime) -> bool:
        """Whether some number of this customer said yes, and no word that counts forbids it."""
        counting = []
        for each in self.numbers(place):
            word = self.last(each, now)
            if word is None:
                continue
            later = [self.last(other, now) for other, since in self.way(each)]
            sinces = [since for _other, since in self.way(each)]
            is_replaced = any(
                one is not None and one.at > since and one.at > word.at
                for one, since in zip(later, sinces, strict=True)
            )
            if not is_replaced:
                counting.append(word)
        return bool(counting) and all(word.is_yes and not is_over(word.at, now) for word in counting)


def is_over(said_at: datetime, now: datetime) -> bool:
    return months_after(said_at.astimezone(KST).date(), 24) <= now.astimezone(KST).date()


@contextmanager
def forgotten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """The customers of the database beside the oracle's."""

    def __init__(self) -> None:
        self.customers = [make_customer(name=f"고객{place}", **REACHABLE) for place in range(COUNT)]
        self.oracle = Oracle()
        self.now = BEGIN

    def is_active(self, place: int) -> bool:
        return place not in self.oracle.went

    def step(self, what: str, one: int, other: int, gap: int) -> None:
        self.now += timedelta(hours=gap)
        if what == "unmerge":
            self._unmerge(one)
        elif what == "merge":
            self._merge(one, other)
        elif self.is_active(one):
            self._say(what, one)

    def _merge(self, one: int, other: int) -> None:
        if one != other and self.is_active(one) and self.is_active(other):
            merge(self.customers[one], self.fresh(other), at=self.now)
            self.oracle.went[one] = (other, self.now)

    def _unmerge(self, one: int) -> None:
        if not self.is_active(one):
            unmerge(self.fresh(one), at=self.now)
            del self.oracle.went[one]

    def fresh(self, place: int) -> Customer:
        return Customer.objects.get(pk=self.customers[place].pk)

    def _say(self, what: str, one: int) -> None:
        customer = self.fresh(one)
        said_at = self.now - timedelta(hours=30) if what.startswith("late") else self.now
        if what == "withdraw":
            if withdraws(customer, at=self.now) is not None:
                self.oracle.say(one, self.now, is_yes=False)
            return
        is_yes = what.endswith("give")
        consents(customer, answer(said="GIVEN" if is_yes else "REFUSED"), at=said_at, recorded_at=self.now)
        self.oracle.say(one, said_at, is_yes=is_yes)

    def allowed(self, now: datetime) -> list[bool]:
        return [says(self.fresh(place), at=now) == "GIVEN" for place in range(COUNT) if self.is_active(place)]

    def expected(self, now: datetime) -> list[bool]:
        return [self.oracle.is_allowed(place, now) for place in range(COUNT) if self.is_active(place)]


def assert_contacts_follow(world: World) -> None:
    """Whoever may be called on the next afternoon is allowed by the oracle too."""
    afternoon = (world.now.astimezone(KST) + timedelta(days=1)).replace(hour=14)
    for place in range(COUNT):
        verdict = may_contact(
            customer=world.fresh(place), channel="PHONE", purpose=purpose(), at=afternoon, now=afternoon
        )
        assert not verdict.is_allowed or world.oracle.is_allowed(place, afternoon)


def test_such_a_customer_may_be_called_who_consents():
    back_date_texts()
    world = World()
    world.step("give", 0, 0, 0)
    afternoon = (BEGIN + timedelta(days=1)).replace(hour=14)

    verdicts = [
        may_contact(customer=world.fresh(place), channel="PHONE", purpose=purpose(), at=afternoon, now=afternoon)
        for place in (0, 1)
    ]

    assert [(verdict.is_allowed, verdict.reason) for verdict in verdicts] == [
        (True, "ALLOWED"),
        (False, "NO_CONSENT"),
    ]


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=STEPS)
def test_nothing_is_allowed_that_the_strictest_history_forbids(history):
    with forgotten():
        back_date_texts()
        world = World()
        for step in history:
            world.step(*step)
            assert world.allowed(world.now) == world.expected(world.now), history
        for place in range(COUNT):  # and once everybody is apart again, nothing is revived
            while not world.is_active(place):
                world.step("unmerge", place, 0, 1)
        assert world.allowed(world.now) == world.expected(world.now), history
        assert_contacts_follow(world)
        later = world.now + timedelta(days=800)
        assert world.allowed(later) == [False] * COUNT
