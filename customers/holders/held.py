"""Holders of tables by SQL: which rows are about whom is said once, and counting, giving out, keeping apart and erasing
follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.db import connection

from customers.holding import Counts, Rows, Touched


@dataclass(frozen=True)
class Held:
    """Rows of one kind that are about customers.

    about: SQL that gives (customer id, key of the row) for %(customers)s, only of rows that hold something of the
    person. everyone: the same for all whom those rows are about, where that cannot be read from the row itself.
    blanked: SQL after SET for a row that stays as proof of what was done, with %(at)s; without it the row goes.
    """

    kind: str
    about: str
    blanked: str = ""
    everyone: str = ""


class TableHolder:
    """A holder of `rows`, erased in their order. told: {kind: the fields that are given out}; of others nothing is."""

    rows: ClassVar[tuple[Held, ...]]
    told: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init_subclass__(cls) -> None:
        cls.holds = tuple(dict.fromkeys(held.kind for held in cls.rows))

    def count(self, customers: Sequence[int]) -> Counts:
        counted: dict[str, dict[int, int]] = {kind: {} for kind in self.holds}
        for held in self.rows:
            for customer, _key in _pairs(held.about, customers):
                counted[held.kind][customer] = counted[held.kind].get(customer, 0) + 1
        return counted

    def export(self, customer: int) -> Rows:
        given = {}
        for held in self.rows:
            told = self.told.get(held.kind)
            if told:
                rows = apps.get_model(held.kind)._base_manager.filter(pk__in=_keys(held.about, [customer]))
                given[held.kind] = list(rows.order_by("pk").values(*told))
        return given

    def touches(self, customers: Sequence[int]) -> Touched:
        """The rows that `erase` would change or delete."""
        found: dict[str, set[tuple[int, object]]] = {kind: set() for kind in self.holds}
        for held in self.rows:
            found[held.kind] |= _pairs(held.everyone or held.about, customers)
        return found

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        erased = dict.fromkeys(self.holds, 0)
        for held in self.rows:
            erased[held.kind] += _erased(held, customers, at)
        return erased


def _pairs(about: str, customers: Sequence[int]) -> set[tuple[int, object]]:
    with connection.cursor() as cursor:
        cursor.execute(about, {"customers": list(customers)})
        return set(cursor.fetchall())


def _keys(about: str, customers: Sequence[int]) -> list[object]:
    return sorted({key for _customer, key in _pairs(about, customers)})


def _erased(held: Held, customers: Sequence[int], at: datetime) -> int:
    meta = apps.get_model(held.kind)._meta
    act = f"UPDATE {meta.db_table} SET {held.blanked}" if held.blanked else f"DELETE FROM {meta.db_table}"  # noqa: S608 - constants
    query = f"{act} WHERE {meta.pk.column} IN (SELECT about.key FROM ({held.about}) about (customer, key))"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(query, {"customers": list(customers), "at": at})
        return cursor.rowcount
