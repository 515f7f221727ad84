"""Merging customers by a person's decision: checked, previewed by being done and rolled back, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.module_loading import import_string

from accounts.models import Staff
from customers.merging import absorb, children, overtake_proposals
from customers.models import Act, BulkAct, Customer, Link, MovedChild, Pair, Ruling
from customers.services import locks, projection
from customers.services.acting import begin_act
from customers.services.keeping_apart import rule, rulings_across, rulings_between, withdraw_within
from customers.services.weighing import strongest_pattern
from customers.stewardship import Why

MOST_MERGED = 50  # customers at once
MARK_LENGTH = 16
IDENTIFIERS = ("rrn_index", "ci_index")


class MergeOfItself(Exception):
    """A merge takes two customers or more, each named once."""


class TooManyToMerge(Exception):
    """More than `MOST_MERGED` customers at once: nobody could look at what happens to them."""


class NotActive(Exception):
    """One of the customers was merged away meanwhile. numbers: of those that were."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(*numbers)
        self.numbers = tuple(numbers)


class KindsDiffer(Exception):
    """A person and an organisation are never one customer; they may be legitimately two."""


class OnHold(Exception):
    """One of the customers must stay as it is, such as for a lawsuit. numbers: of those that must."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(*numbers)
        self.numbers = tuple(numbers)


class Changed(Exception):
    """One of the customers is not as it was when the merge was looked at: nothing was done."""


class SecondPersonNeeded(Exception):
    """The merge must be proposed to a second person. why: of `Why`."""

    def __init__(self, why: Sequence[Why]) -> None:
        super().__init__(*why)
        self.why = tuple(why)


@dataclass(frozen=True)
class MergePreview:
    """A merge that was done and rolled back.

    before: the customers, the survivor first; after: the survivor as it would be; counts: {kind of child: {customer id:
    count}} before; counts_after: {kind: count} of the survivor; shared: {kind: how many of these several of them had
    alike, which the survivor has once}; stayed: {kind: how many stay with the retired numbers}; why: why it takes a
    second person, if it does.
    """

    before: tuple[Customer, ...]
    after: Customer
    counts: Mapping[str, Mapping[int, int]]
    counts_after: Mapping[str, int]
    shared: Mapping[str, int]
    stayed: Mapping[str, int]
    why: tuple[Why, ...]

    @property
    def is_whole(self) -> bool:
        """Whether no child is lost and none doubled."""
        return all(map(self.keeps, self.counts))

    def keeps(self, kind: str) -> bool:
        """Whether no child of this kind is lost and none doubled."""
        after = self.counts_after[kind] + self.stayed[kind] + self.shared.get(kind, 0)
        return sum(self.counts[kind].values()) == after


@transaction.atomic
def merge_customers(
    *,
    survivor: Customer,
    retired: Sequence[Customer],
    by: Staff,
    at: datetime,
    reason_code: str = "",
    comment: str = "",
    pair: Pair | None = None,
    bulk: BulkAct | None = None,
    is_approved: bool = False,
    seen: str | None = None,
) -> Act:
    """Merge customers into a chosen survivor, for good until somebody takes it back. All or nothing.

    is_approved: a second person has agreed. seen: `mark_of` the customers that were looked at, the survivor first.
    Raises MergeOfItself, TooManyToMerge, NotActive, KindsDiffer, OnHold, Changed, SecondPersonNeeded, locks.StockBusy.
    """
    locks.hold_golden_soon()
    customers = _checked(survivor, retired)
    if seen is not None and seen != mark_of(customers):
        raise Changed
    why = second_person_reasons([one.pk for one in customers])
    if why and not is_approved:
        raise SecondPersonNeeded(why)
    act = begin_act(kind=Act.Kind.MERGE, by=by, at=at, reason_code=reason_code, comment=comment, pair=pair, bulk=bulk)
    _rule_one([one.pk for one in customers], act, by, at, comment)
    absorb(merges=[(one.pk, customers[0].pk) for one in customers[1:]], at=at, act=act)
    act.details["closed"] = close_joined_pairs(customers[0].pk, at)
    act.save(update_fields=["details"])
    overtake_proposals([one.pk for one in customers], at)
    projection.project_again(customer_ids=[customers[0].pk], at=at, by=by)
    return act


def preview_merge(*, survivor: Customer, retired: Sequence[Customer], by: Staff, at: datetime) -> MergePreview:
    """The merge itself, rolled back. Raises as `merge_customers` does, but never SecondPersonNeeded."""
    with transaction.atomic():
        locks.hold_golden_soon()
        ids = [one.pk for one in _checked(survivor, retired)]
        held = Customer.objects.with_holders().in_bulk(ids)
        why, counts = second_person_reasons(ids), children(ids)
        act = merge_customers(survivor=survivor, retired=retired, by=by, at=at, is_approved=True)
        after = Customer.objects.with_holders().get(pk=survivor.pk)
        found = children(ids)
        counts_after = {kind: of.pop(survivor.pk, 0) for kind, of in found.items()}
        stayed = {kind: sum(of.values()) for kind, of in found.items()}
        dropped = MovedChild.objects.filter(act=act, note__is_dropped=True).values_list("kind")
        shared = dict(dropped.annotate(count=Count("pk")).order_by())
        transaction.set_rollback(True)
    return MergePreview(tuple(held[pk] for pk in ids), after, counts, counts_after, shared, stayed, why)


def mark_of(customers: Sequence[Customer]) -> str:
    """What a form carries of the customers that it shows: it changes with any of them, and with their order."""
    states = "|".join(f"{one.pk}.{one.state}.{one.record_count}.{one.updated_at.timestamp()}" for one in customers)
    return hashlib.sha256(states.encode()).hexdigest()[:MARK_LENGTH]


def second_person_reasons(customers: Sequence[int]) -> tuple[Why, ...]:
    """Why merging these takes a second person: their value, identifiers that contradict, an earlier decision."""
    why = []
    if Customer.objects.filter(pk__in=customers, grade__in=settings.MERGE_SECOND_PERSON_GRADES).exists():
        why.append(Why.VALUE)
    if any(_contradicts(identifier, customers) for identifier in IDENTIFIERS):
        why.append(Why.IDENTIFIERS)
    if rulings_between(customers):
        why.append(Why.DECIDED_OTHERWISE)
    return tuple(why)


def close_joined_pairs(customer: int, at: datetime) -> list[int]:
    """Close the open pairs whose records have become one customer; returns their ids."""
    own = Link.objects.filter(customer=customer).values("record")
    joined = Pair.objects.filter(state=Pair.State.OPEN, left__in=own, right__in=own)
    closed = sorted(joined.exclude(contradicts__answer=Ruling.Answer.SAME).values_list("pk", flat=True))
    Pair.objects.filter(pk__in=closed).update(
        state=Pair.State.OVERTAKEN, overtaken_by=Pair.Overtaken.JOINED, closed_at=at
    )
    return closed


def _checked(survivor: Customer, retired: Sequence[Customer]) -> list[Customer]:
    """The customers as they are now, locked, the survivor first."""
    ids = [survivor.pk, *(one.pk for one in retired)]
    if len(ids) < 2 or len(set(ids)) < len(ids):
        raise MergeOfItself
    if len(ids) > MOST_MERGED:
        raise TooManyToMerge
    held = {one.pk: one for one in Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    customers = [held[pk] for pk in ids]
    gone = [one.number for one in customers if one.state != Customer.State.ACTIVE]
    if gone:
        raise NotActive(gone)
    if len({one.kind for one in customers}) > 1:
        raise KindsDiffer
    if held := on_hold(ids):
        raise OnHold([one.number for one in customers if one.pk in held])
    return customers


def on_hold(customers: Sequence[int]) -> set[int]:
    """Those of these customers whom an app keeps from being merged, by `settings.CUSTOMER_MERGE_HOLDS`."""
    return {customer for path in settings.CUSTOMER_MERGE_HOLDS for customer in import_string(path)(customers)}


def _rule_one(customers: Sequence[int], act: Act, by: Staff, at: datetime, reason: str) -> None:
    """Rule that the records of these are one customer, and withdraw what kept them apart. The oldest record of each is
    tied to the oldest of all."""
    customer_of = dict(Link.objects.filter(customer__in=customers).values_list("record_id", "customer_id"))
    withdraw_within(act, rulings_across(customer_of), customer_of.keys(), by=by, at=at)
    anchors = {customer: record for record, customer in sorted(customer_of.items(), reverse=True)}
    oldest = sorted(anchors.values())
    for other in oldest[1:]:
        known = strongest_pattern(oldest[:1], [other])
        rule(
            left=oldest[0], right=other, answer=Ruling.Answer.SAME, pattern=known, act=act, by=by, at=at, reason=reason
        )


def _contradicts(identifier: str, customers: Sequence[int]) -> bool:
    """Whether two of the customers hold different values of an identifier, and none in common."""
    rows = Link.objects.filter(customer__in=customers, **{f"record__{identifier}__isnull": False})
    held: dict[int, set[bytes]] = {}
    for customer, value in rows.values_list("customer", f"record__{identifier}"):
        held.setdefault(customer, set()).add(bytes(value))
    values = list(held.values())
    return any(one.isdisjoint(other) for place, one in enumerate(values) for other in values[:place])
