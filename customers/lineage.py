"""Which merge brought what, and who held it when: read from the acts, so that the right things go back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from customers.models import Act, Merge, MovedChild

FORWARDED = "customers.Customer"
"""The kind of a retired customer that was pointed at another one, when its own survivor was merged."""
# What moved these children since, but for acts that were taken back and those that took them back. The acts about the
# customers that held them are all that can have done so.
MOVED_SINCE = """
SELECT moved.kind, moved.object_id, moved.id, moved.from_id, moved.into_id,
    EXISTS (SELECT FROM customers_merge merge WHERE merge.act_id = moved.act_id AND merge.retired_id = moved.from_id)
FROM customers_movedchild moved JOIN customers_act act ON act.id = moved.act_id
WHERE moved.act_id IN (SELECT act_id FROM customers_actcustomer WHERE customer_id = ANY(%s))
    AND moved.object_id = ANY(%s) AND act.taken_back_by_id IS NULL AND act.kind <> 'TAKE_BACK'
ORDER BY moved.id
"""
Step = tuple[int, int, int, bool]


def lineage_of(merge: Merge) -> list[Merge]:
    """The merge as it was first made, and each time that taking an unmerge back made it again, the oldest first; all
    with act and ended_by. merge: the newest of them, with act."""
    made = [merge]
    while made[0].act.kind == Act.Kind.TAKE_BACK:
        ended = Merge.objects.filter(retired=merge.retired_id, ended_by__taken_back_by=made[0].act_id)
        earlier = ended.select_related("act", "ended_by").first()
        if earlier is None:
            break
        made.insert(0, earlier)
    return made


def line_of(customer: int) -> list[Merge]:
    """Every merge, in force or ended, of a customer and of whoever held its children after that; with act and ended_by,
    the oldest first."""
    line: list[Merge] = []
    wanted, known = {customer}, set()
    while wanted:
        found = list(Merge.objects.filter(retired__in=wanted).select_related("act", "ended_by"))
        known |= wanted
        line += found
        wanted = {each.survivor_id for each in found} - known
    return sorted(line, key=lambda each: each.pk)


def customers_on(line: Iterable[Merge]) -> list[int]:
    """The customers of these merges."""
    return sorted({customer for each in line for customer in (each.retired_id, each.survivor_id)})


def holder_at(customer: int, at: datetime, line: Sequence[Merge]) -> int:
    """Whose children those of a customer were at that instant. line: `line_of` the customer."""
    passed: set[int] = set()
    while customer not in passed:
        passed.add(customer)
        into = [
            each.survivor_id
            for each in line
            if each.retired_id == customer and each.act.at <= at and (each.ended_by is None or each.ended_by.at > at)
        ]
        customer = into[-1] if into else customer
    return customer


def brought_by(merge: Merge) -> list[MovedChild]:
    """All that a merge moved away from its retired customer.

    What an unmerge had given it, and taking that back returned, is none of it.
    """
    made = lineage_of(merge)
    rows: dict[tuple[str, int], MovedChild] = {}
    for earlier, each in zip([None, *made], made, strict=False):
        moved = MovedChild.objects.filter(act=each.act_id, from_id=merge.retired_id).order_by("pk")
        given = set(_moved_by(earlier.ended_by_id)) if earlier else set()
        for row in moved:
            if (row.kind, row.object_id) not in given:
                rows.setdefault((row.kind, row.object_id), row)
    return list(rows.values())


def _moved_by(act: int) -> list[tuple[str, int]]:
    return list(MovedChild.objects.filter(act=act).values_list("kind", "object_id"))


def still_brought_by(merge: Merge) -> list[MovedChild]:
    """What a merge moved and no later act has taken elsewhere, even if that has come back since on a way of its own.

    merge: in force.
    """
    rows = brought_by(merge)
    later = _moved_since(rows, customers_on(line_of(merge.retired_id)))
    own = _first_acts(row.object_id for row in rows if row.kind == FORWARDED)
    return [
        row
        for row in rows
        if (
            own.get(row.object_id, row.act_id + 1) <= row.act_id
            if row.kind == FORWARDED
            else _is_still_there(row, later.get((row.kind, row.object_id), ()))
        )
    ]


def _moved_since(rows: Sequence[MovedChild], line: Sequence[int]) -> dict[tuple[str, int], list[Step]]:
    """{(kind, child): (number, from, into, whether by a merge) of each move}, in their order."""
    found: dict[tuple[str, int], list[Step]] = {}
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(MOVED_SINCE, [list(line), sorted({row.object_id for row in rows})])
            for kind, child, *step in cursor.fetchall():
                found.setdefault((kind, child), []).append(tuple(step))
    return found


def _is_still_there(row: MovedChild, later: Iterable[Step]) -> bool:
    """Whether a child only followed those who held it from one merge into the next, and back."""
    way = [row.into_id]
    for number, _from, into, is_by_merge in later:
        if number <= row.pk:
            continue
        if into in way:
            del way[way.index(into) + 1 :]
        elif is_by_merge:
            way.append(into)
        else:
            return False
    return True


def _first_acts(retired: Iterable[int]) -> dict[int, int]:
    """{retired customer: the act that first made the merge which is in force}"""
    merges = Merge.objects.filter(retired__in=set(retired), ended_by=None).select_related("act")
    return {merge.retired_id: lineage_of(merge)[0].act_id for merge in merges}
