"""Records that came to a customer after a merge: which they are, and whom they fit better now that it comes apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from customers.lineage import brought_by, customers_on, holder_at, line_of, lineage_of, still_brought_by
from customers.merging import Links
from customers.models import Link, Merge, MovedChild, Ruling, SourceRecord
from customers.services.weighing import weighed

# Records that were linked to a customer by a feed, and to which: what acts moved since is told by what they noted.
CAME_SINCE = """
SELECT link.record_id, link.linked_at, coalesce(first.from_id, link.customer_id)
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_sourcesystem source ON source.id = record.source_id
LEFT JOIN LATERAL (
    SELECT moved.from_id FROM customers_movedchild moved JOIN customers_act act ON act.id = moved.act_id
    WHERE moved.kind = %(kind)s AND moved.object_id = link.record_id AND act.at > link.linked_at
        AND moved.act_id IN (SELECT act_id FROM customers_actcustomer WHERE customer_id = ANY(%(line)s))
    ORDER BY act.at, moved.id LIMIT 1
) first ON true
WHERE link.customer_id = %(holder)s AND link.linked_at >= %(since)s AND source.code <> 'STEWARD'
ORDER BY link.record_id
"""


@dataclass(frozen=True)
class Newcomer:
    """A record that came after a merge. weights: {customer: bits of the record's best agreement with one of its
    records, None where nothing can be compared}, the holder first; fits: the customer that it fits best, or that a
    person ruled it to be one with."""

    record: SourceRecord
    weights: Mapping[int, float | None]
    fits: int


def newcomers_of(merge: Merge) -> list[int]:
    """Records that came to the customer that held the children of the merge then, and are at its holder now.

    merge: in force, with act and retired.
    """
    line, made = line_of(merge.retired_id), lineage_of(merge)
    with connection.cursor() as cursor:
        cursor.execute(
            CAME_SINCE,
            {
                "kind": Links.model,
                "line": customers_on(line),
                "holder": merge.retired.merged_into_id,
                "since": made[0].act.at,
            },
        )
        found = cursor.fetchall()
    moved = {row.object_id for row in brought_by(merge) if row.kind == Links.model} | _moved_with(made)
    return [
        record
        for record, linked_at, came_to in found
        if record not in moved and came_to == holder_at(merge.retired_id, linked_at, line)
    ]


def _moved_with(made: Sequence[Merge]) -> set[int]:
    """The records of other customers that came with the same merge."""
    moved = MovedChild.objects.filter(act__in=[each.act_id for each in made], kind=Links.model)
    return set(moved.exclude(from_id=made[0].retired_id).values_list("object_id", flat=True))


def fitted(merges: Sequence[Merge]) -> tuple[Newcomer, ...]:
    """The records that came since any of these merges, with the customer that each fits best: one that comes back, or
    the holder, who keeps what fits nobody better. merges: in force, into one holder."""
    newcomers = sorted({record for merge in merges for record in newcomers_of(merge)})
    if not newcomers:
        return ()
    holder = merges[0].retired.merged_into_id
    held = set(records_of(holder))
    own = {merge.retired_id: _still_held(merge, held) for merge in merges}
    others = held.difference(newcomers, *own.values())
    sides = {holder: sorted(others)} | own
    rest = [record for side in sides.values() for record in side]
    _patterns, weights = weighed([*newcomers, *rest], len(newcomers))
    ends = np.cumsum([len(side) for side in sides.values()])
    parts = dict(zip(sides, np.split(weights, ends[:-1], axis=1), strict=True))
    records = SourceRecord.objects.select_related("source").defer("raw").in_bulk(newcomers)
    ruled = _ruled_one(newcomers, own, merges)
    return tuple(
        _newcomer(records[record], {customer: best(part[place]) for customer, part in parts.items()}, ruled.get(record))
        for place, record in enumerate(newcomers)
    )


def _ruled_one(newcomers: Sequence[int], own: Mapping[int, Sequence[int]], merges: Sequence[Merge]) -> dict[int, int]:
    """{newcomer: the customer with one of whose records a person ruled it to be one, but for these merges}"""
    side_of = {record: customer for customer, side in own.items() for record in side}
    made = [each.act_id for merge in merges for each in lineage_of(merge)]
    rulings = Ruling.objects.filter(answer=Ruling.Answer.SAME, withdrawn_at=None).exclude(act__in=made)
    ties = rulings.filter(left__in=newcomers, right__in=side_of).values_list("left_id", "right_id")
    back = rulings.filter(left__in=side_of, right__in=newcomers).values_list("right_id", "left_id")
    return {newcomer: side_of[record] for newcomer, record in (*ties, *back)}


def _still_held(merge: Merge, held: set[int]) -> list[int]:
    """The records that the merge moved from its retired customer, as far as the holder has them."""
    brought = [row.object_id for row in still_brought_by(merge) if row.kind == Links.model]
    return [record for record in brought if record in held]


def best(weights: np.ndarray) -> float | None:
    """The highest of these weights, if there is any."""
    return float(weights.max()) if len(weights) else None


def _newcomer(record: SourceRecord, weights: Mapping[int, float | None], ruled: int | None) -> Newcomer:
    rank = {customer: -np.inf if weight is None else weight for customer, weight in weights.items()}
    return Newcomer(record, weights, ruled or max(rank, key=rank.__getitem__))


def records_of(customer: int) -> list[int]:
    """The records of a customer, by id."""
    return sorted(Link.objects.filter(customer=customer).values_list("record_id", flat=True))
