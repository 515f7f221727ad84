"""Rotating keys: every sealed identifier is opened with the key that sealed it and sealed anew under the active one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from psycopg import sql

from customers.models import SourceRecord, SourceRecordVersion, SourceSystem
from customers.sealing import CannotOpen, Sealer, key_id_of, place_of
from customers.services.locks import hold_source

# The item of every sealed column; with source and source key it is the place that a value is bound to.
ITEMS = {"rrn_sealed": "rrn", "ci_sealed": "ci", "passport_sealed": "passport", "account_sealed": "account_no"}
BATCH_ROWS = 5_000


class KeyMissing(Exception):
    """Values are sealed under a key that this installation does not have; its argument is the id of the key."""


class ValueBroken(Exception):
    """A sealed value does not open at its place although its key is here; the arguments are table and row id."""


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: rows and values that were sealed anew, and the id of the key that now seals all."""

    active: str
    rows: int
    values: int


def rotate_keys(*, on_progress: Callable[[int], None] = lambda rows: None) -> Rotation:
    """Seal everything under the active key, batch by batch, each a transaction of its own.

    What is under the active key already is left alone, so this may be cut off and called again at any time, also while
    feeds are loaded: a batch waits for the feed of its source. Raises KeyMissing, ValueBroken.
    """
    sealer = Sealer(settings.KEYS)
    rows = values = 0
    for model in (SourceRecord, SourceRecordVersion):
        for source_id, code in SourceSystem.objects.order_by("pk").values_list("pk", "code"):
            for batch_rows, batch_values in _batches(model._meta.db_table, source_id, code, sealer):
                rows, values = rows + batch_rows, values + batch_values
                on_progress(rows)
    return Rotation(sealer.active, rows, values)


def rotate_all_keys() -> Rotation:
    """Rotate the keys of the master, then of every app above that seals values, by `settings.KEY_ROTATIONS`.

    Raises KeyMissing, ValueBroken.
    """
    done = [rotate_keys(), *(import_string(path)() for path in settings.KEY_ROTATIONS)]
    return Rotation(done[0].active, sum(one.rows for one in done), sum(one.values for one in done))


def _batches(table: str, source_id: int, code: str, sealer: Sealer) -> Iterator[tuple[int, int]]:
    """Seal the rows of one source anew; yields rows and values per batch."""
    after = 0
    while True:
        with transaction.atomic():
            hold_source(source_id)
            rows = _old_rows(table, source_id, after, sealer.active)
            if not rows:
                return
            sealed = [_sealed_anew(table, row, code, sealer) for row in rows]
            _write(table, sealed)
        after = rows[-1]["id"]
        yield len(rows), sum(row[column] is not None for row in rows for column in ITEMS)


def _old_rows(table: str, source_id: int, after: int, active: str) -> list[dict[str, object]]:
    """The next rows that hold a value under another key than the active one."""
    head = bytes([len(active.encode())]) + active.encode()
    is_old = sql.SQL(" OR ").join(
        sql.SQL("substring({column} FOR {length}) <> {head}").format(
            column=sql.Identifier(column), length=sql.Literal(len(head)), head=sql.Literal(head)
        )
        for column in ITEMS
    )
    query = sql.SQL(
        "SELECT id, source_key, {columns} FROM {table} WHERE source_id = %s AND id > %s AND ({is_old}) "
        "ORDER BY id LIMIT %s"
    ).format(columns=sql.SQL(", ").join(map(sql.Identifier, ITEMS)), table=sql.Identifier(table), is_old=is_old)
    with connection.cursor() as cursor:
        cursor.execute(query, [source_id, after, BATCH_ROWS])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _sealed_anew(table: str, row: Mapping[str, object], code: str, sealer: Sealer) -> tuple[object, ...]:
    """(id, one ciphertext per column of ITEMS). Raises KeyMissing, ValueBroken."""
    anew: list[object] = [row["id"]]
    for column, item in ITEMS.items():
        sealed = row[column]
        if sealed is not None:
            if not sealer.knows(key_id_of(sealed)):
                raise KeyMissing(key_id_of(sealed))
            place = place_of(item, code, row["source_key"])
            try:
                sealed = sealer.seal(sealer.open(sealed, place), place)
            except CannotOpen:
                raise ValueBroken(table, row["id"]) from None
        anew.append(sealed)
    return tuple(anew)


def _write(table: str, rows: list[tuple[object, ...]]) -> None:
    columns = [sql.Identifier(column) for column in ITEMS]
    query = sql.SQL(
        "UPDATE {table} held SET {changes} FROM unnest(%s::bigint[], {arrays}) AS anew(id, {columns}) "
        "WHERE held.id = anew.id"
    ).format(
        table=sql.Identifier(table),
        changes=sql.SQL(", ").join(sql.SQL("{0} = anew.{0}").format(column) for column in columns),
        arrays=sql.SQL(", ").join([sql.SQL("%s::bytea[]")] * len(columns)),
        columns=sql.SQL(", ").join(columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [list(values) for values in zip(*rows, strict=True)])
