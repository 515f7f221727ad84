"""Relationships in a merge: they go over to the survivor on whichever side the retired customer stood."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from customers.merging import Merges, Moved
from relations.models import Relationship

KIND = "relations.Relationship"
# Sides are set together, as a merge may move both of one row.
MOVE = """
UPDATE relations_relationship written SET first_id = moved.first_id, second_id = moved.second_id
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS moved(id, first_id, second_id)
WHERE written.id = moved.id
"""
Place = tuple[int, int]


class Relationships:
    """Who is what to whom, from both sides.

    What would tie the survivor to itself stays with the retired number, as does an open one that the survivor has
    already; both read again as they were when the number comes back. Kinds alike from both sides keep the smaller id
    first, so the sides of one may change places on the way.
    """

    moves = (KIND,)

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        counted: dict[int, int] = {}
        for side in ("first", "second"):
            rows = Relationship.objects.filter(**{f"{side}__in": customers}).values_list(side)
            for customer, count in rows.annotate(count=Count("pk")).order_by():
                counted[customer] = counted.get(customer, 0) + count
        return {KIND: counted}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        into = dict(merges)
        rows = list(Relationship.objects.filter(Q(first__in=into) | Q(second__in=into)).order_by("pk"))
        wanted = {
            row.pk: (into.get(row.first_id, row.first_id), into.get(row.second_id, row.second_id)) for row in rows
        }
        places = _free_places(rows, wanted)
        _write(places)
        return [
            Moved(KIND, row.pk, side, into[side])
            for row in rows
            if row.pk in places
            for side in (row.first_id, row.second_id)
            if side in into
        ]

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        rows = {row.pk: row for row in Relationship.objects.filter(pk__in={one.object_id for one in moved})}
        wanted: dict[int, Place] = {}
        found = []
        for one in moved:
            row = rows[one.object_id]
            sides = wanted.get(row.pk, (row.first_id, row.second_id))
            if one.into_id in sides:
                wanted[row.pk] = tuple(one.from_id if side == one.into_id else side for side in sides)
                found.append(one)
        places = _free_places([rows[pk] for pk in sorted(wanted)], wanted)
        _write(places)
        return [one for one in found if one.object_id in places]


def _free_places(rows: Sequence[Relationship], wanted: Mapping[int, Place]) -> dict[int, Place]:
    """{row: where it goes} of those that may go there: of two different customers, and for open ones nobody there yet.
    wanted: {row: sides, in any order for kinds alike from both}."""
    ordered = {row.pk: _in_order(row.kind, wanted[row.pk]) for row in rows}
    taken = _taken(ordered.values(), without=ordered)
    places = {}
    for row in rows:
        place = ordered[row.pk]
        key = (*place, row.kind)
        if place[0] == place[1] or (row.is_open and key in taken):
            continue
        if row.is_open:
            taken.add(key)
        places[row.pk] = place
    return places


def _in_order(kind: str, sides: Place) -> Place:
    return tuple(sorted(sides)) if kind in Relationship.ALIKE else sides


def _taken(places: Collection[Place], *, without: Collection[int]) -> set[tuple[int, int, str]]:
    """The open relationships at these places, but for the rows that are on their way."""
    firsts, seconds = {place[0] for place in places}, {place[1] for place in places}
    standing = Relationship.objects.still_open().filter(first__in=firsts, second__in=seconds).exclude(pk__in=without)
    return set(standing.values_list("first", "second", "kind"))


def _write(places: Mapping[int, Place]) -> None:
    if places:
        columns = [list(places), *(list(side) for side in zip(*places.values(), strict=True))]
        with connection.cursor() as cursor:
            cursor.execute(MOVE, columns)
