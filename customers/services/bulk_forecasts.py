"""What one decision on many pairs would do, reckoned from what stands now without doing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.db import connection
from django.db.models import Q

from customers.models import Customer, Link, Pair, Ruling
from customers.services.merges import IDENTIFIERS, on_hold


class Outcome(StrEnum):
    """What becomes of a pair; the words are in `customers.reports.bulk`."""

    MERGED = "MERGED"
    RULED_TWO = "RULED_TWO"
    SECOND_PERSON = "SECOND_PERSON"
    DECIDED_BEFORE = "DECIDED_BEFORE"
    KINDS_DIFFER = "KINDS_DIFFER"
    ON_HOLD = "ON_HOLD"
    OVERTAKEN = "OVERTAKEN"
    CHANGED = "CHANGED"
    FAILED = "FAILED"


PAIRS = """
SELECT pair.state = 'OPEN', pair.reason = 'CONTRADICTED' OR pair.contradicts_id IS NOT NULL,
    one.customer_id, other.customer_id
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place)
JOIN customers_pair pair USING (id)
LEFT JOIN customers_link one ON one.record_id = pair.left_id
LEFT JOIN customers_link other ON other.record_id = pair.right_id
ORDER BY wanted.place
"""
KEPT_APART = """
SELECT DISTINCT one.customer_id, other.customer_id
FROM customers_ruling ruling
CROSS JOIN LATERAL unnest(ruling.left_id || ruling.left_also) AS here(record_id)
CROSS JOIN LATERAL unnest(ruling.right_id || ruling.right_also) AS there(record_id)
JOIN customers_link one ON one.record_id = here.record_id
JOIN customers_link other ON other.record_id = there.record_id
WHERE ruling.withdrawn_at IS NULL AND ruling.answer <> 'SAME' AND one.customer_id <> other.customer_id
    AND one.customer_id = ANY(%(ids)s) AND other.customer_id = ANY(%(ids)s)
"""
CONTRACTS = """
SELECT count(DISTINCT (party.source_id, party.contract_no))
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
WHERE link.customer_id = ANY(%s)
"""


@dataclass(frozen=True)
class Forecast:
    """What would happen. outcomes: {outcome: pairs}; price: {customers, records, contracts, vips: how many of those
    that would be touched; merged: customers that would be retired}."""

    outcomes: Mapping[str, int]
    price: Mapping[str, int]


@dataclass
class Joined:
    """Customers as they would have come together. is_guarded: one is of a grade that takes a second person.

    identifiers: {name: values}; apart: those of whom it was ruled that they are somebody else.
    is_held: somebody keeps it from being merged.
    """

    kind: str
    is_guarded: bool
    members: set[int]
    identifiers: Mapping[str, set[bytes]] = field(default_factory=lambda: {name: set() for name in IDENTIFIERS})
    apart: set[int] = field(default_factory=set)
    is_held: bool = False

    def takes_second_person(self, other: Joined) -> bool:
        """Whether merging with `other` does, by the rules of `merges.second_person_reasons`."""
        pairs = ((self.identifiers[name], other.identifiers[name]) for name in IDENTIFIERS)
        contradicts = any(one and two and one.isdisjoint(two) for one, two in pairs)
        return self.is_guarded or other.is_guarded or contradicts or not self.apart.isdisjoint(other.members)

    def take_in(self, other: Joined) -> None:
        """Become one with `other`."""
        self.members |= other.members
        self.apart |= other.apart
        for name in IDENTIFIERS:
            self.identifiers[name].update(other.identifiers[name])


def forecast(*, pair_ids: Sequence[int], answer: str) -> Forecast:
    """What deciding these pairs in this order would do. A grade that rises by the run itself is not foreseen.

    answer: SAME or DIFFERENT of `Ruling.Answer`.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [list(pair_ids)])
        pairs = cursor.fetchall()
    held = _customers({customer for *_marks, one, other in pairs for customer in (one, other) if customer})
    outcomes: Counter[str] = Counter()
    touched: set[int] = set()
    for is_open, was_decided, one, other in pairs:
        outcome = _outcome(is_open, was_decided, held.get(one), held.get(other), answer)
        outcomes[outcome] += 1
        if outcome in (Outcome.MERGED, Outcome.RULED_TWO):
            touched |= {one, other}
        if outcome == Outcome.MERGED:
            _join(held, one, other)
    return Forecast(dict(outcomes), _price(touched) | {"merged": outcomes[Outcome.MERGED]})


def _outcome(is_open: bool, was_decided: bool, one: Joined | None, other: Joined | None, answer: str) -> Outcome:
    if was_decided:
        return Outcome.DECIDED_BEFORE
    if not is_open or one is None or other is None or one is other:
        return Outcome.OVERTAKEN
    if answer == Ruling.Answer.DIFFERENT:
        return Outcome.RULED_TWO
    if one.kind != other.kind:
        return Outcome.KINDS_DIFFER
    if one.is_held or other.is_held:
        return Outcome.ON_HOLD
    return Outcome.SECOND_PERSON if one.takes_second_person(other) else Outcome.MERGED


def _join(held: dict[int, Joined], one: int, other: int) -> None:
    larger, smaller = sorted((held[one], held[other]), key=lambda each: -len(each.members))
    larger.take_in(smaller)
    held.update(dict.fromkeys(smaller.members, larger))


def _customers(ids: Iterable[int]) -> dict[int, Joined]:
    """{customer id: as it stands now}."""
    ids = sorted(ids)
    guarded = set(settings.MERGE_SECOND_PERSON_GRADES)
    rows = Customer.objects.filter(pk__in=ids).values_list("pk", "kind", "grade")
    stay = on_hold(ids)
    held = {pk: Joined(kind, grade in guarded, {pk}, is_held=pk in stay) for pk, kind, grade in rows}
    columns = [f"record__{name}" for name in IDENTIFIERS]
    known = Q(*((f"{column}__isnull", False) for column in columns), _connector=Q.OR)
    links = Link.objects.filter(known, customer__in=ids)
    for customer, *values in links.values_list("customer", *columns):
        for name, value in zip(IDENTIFIERS, values, strict=True):
            if value is not None:
                held[customer].identifiers[name].add(bytes(value))
    for customer, others in _kept_apart(ids).items():
        held[customer].apart |= others
    return held


def _kept_apart(ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(KEPT_APART, {"ids": list(ids)})
        for one, other in cursor.fetchall():
            found[one].add(other)
            found[other].add(one)
    return found


def _price(touched: set[int]) -> dict[str, int]:
    """What hangs on the customers that would be touched."""
    rows = Customer.objects.filter(pk__in=touched).values_list("grade", "record_count")
    grades, records = zip(*rows, strict=True) if touched else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(CONTRACTS, [sorted(touched)])
        (contracts,) = cursor.fetchone()
    return {
        "customers": len(touched),
        "records": sum(records),
        "contracts": contracts,
        "vips": sum(grade == Customer.Grade.VIP for grade in grades),
    }


def was_decided_before(pair: Pair) -> bool:
    """Whether a pair speaks against an earlier decision of a person, so that a person must look at it by itself."""
    return pair.reason == Pair.Reason.CONTRADICTED or pair.contradicts_id is not None
