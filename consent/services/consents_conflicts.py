"""Conflicts of consents: two numbers that become one customer and have answered differently. The stricter answer holds
by itself (`consent.state`); a conflict only asks people to ask the customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from consent.models import ConsentConflict
from consent.rules.consents import STRICTNESS
from consent.state import Held, Key, held

CHUNK = 5_000
UNMERGED = "UNMERGED"
"""The outcome of a conflict whose customers came apart again."""


class Difference(NamedTuple):
    """An answer in which two customers differ. own: of the one that stays; other: of the one that is retired."""

    key: Key
    own: Held
    other: Held


def differences(own: Mapping[Key, Held], other: Mapping[Key, Held]) -> list[Difference]:
    """Where both have answered and one more strictly than the other, in the order of the purposes."""
    both = sorted(own.keys() & other.keys(), key=lambda key: (key.purpose_id, key.channel, key.recipient_id or 0))
    found = (Difference(key, own[key], other[key]) for key in both)
    return [one for one in found if STRICTNESS[one.own.answer] != STRICTNESS[one.other.answer]]


def open_conflicts(*, merges: Sequence[tuple[int, int]], at: datetime) -> list[ConsentConflict]:
    """Open a conflict for each answer in which a customer to be retired differs from the one that it goes into.

    merges: (retired, into), before they happen. One that is open already is left as it is.
    """
    made = [
        conflict for start in range(0, len(merges), CHUNK) for conflict in _found(merges[start : start + CHUNK], at)
    ]
    standing = set(_open_ones({conflict.customer_id for conflict in made}))
    new = [conflict for conflict in made if _place(conflict) not in standing]
    return ConsentConflict.objects.bulk_create(new, batch_size=1_000)


def _found(merges: Sequence[tuple[int, int]], at: datetime) -> Iterator[ConsentConflict]:
    states = held(sorted({customer for pair in merges for customer in pair}), at)
    for retired, into in merges:
        for key, _own, _other in differences(states[into], states[retired]):
            yield ConsentConflict(customer_id=into, other_id=retired, opened_at=at, **key._asdict())


def _place(conflict: ConsentConflict) -> tuple[object, ...]:
    return (
        conflict.customer_id,
        conflict.other_id,
        conflict.purpose_id,
        conflict.channel,
        conflict.recipient_id,
    )


def _open_ones(customers: set[int]) -> Iterator[tuple[object, ...]]:
    yield from map(_place, ConsentConflict.objects.filter(customer__in=customers, closed_at=None))


def take_over(*, merges: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Let the open conflicts of those who are retired be their survivors'; returns (conflict, retired, into)."""
    into = dict(merges)
    waiting = list(ConsentConflict.objects.filter(customer__in=into, closed_at=None).order_by("pk"))
    moved = []
    for conflict in waiting:
        moved.append((conflict.pk, conflict.customer_id, into[conflict.customer_id]))
        conflict.customer_id = into[conflict.customer_id]
    ConsentConflict.objects.bulk_update(waiting, ["customer"], batch_size=1_000)
    return moved


def give_back(*, moved: Sequence[tuple[int, int, int]], at: datetime) -> list[int]:
    """Undo `take_over`, and close the conflicts of the merge itself. moved: (conflict, retired, into); one that was
    settled meanwhile stays settled. Returns the ids of those that were still open."""
    rows = ConsentConflict.objects.in_bulk([conflict for conflict, *_ids in moved])
    back = []
    for conflict, retired, into in moved:
        row = rows.get(conflict)
        if row is None or row.closed_at is not None or row.customer_id != into:
            continue
        back.append(conflict)
        if row.other_id == retired:
            row.outcome, row.closed_at = UNMERGED, at
        else:
            row.customer_id = retired
    changed = [rows[pk] for pk in back]
    ConsentConflict.objects.bulk_update(changed, ["customer", "outcome", "closed_at"], batch_size=1_000)
    return back


def conflicts_of(customers: Sequence[int]) -> Mapping[int, int]:
    """How many open conflicts each of these customers is a side of."""
    counted: dict[int, int] = {}
    for own, other in ConsentConflict.objects.filter(
        Q(customer__in=customers) | Q(other__in=customers), closed_at=None
    ).values_list("customer", "other"):
        for side in (own, other):
            counted[side] = counted.get(side, 0) + 1
    return counted
