"""The schema in which customers lie who are kept apart. Nothing else in Hannun reads or writes it.

It belongs to a role that nobody logs in as; a transaction takes that role for single statements, in which it sees that
schema and nothing else. Rows come and go through tables of the transaction, as the JSON of the row: exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from customers.holding import Touched, columns_to_customers

ROLE = "hannun_separated"
# Contracts stay for those who have a role on them, too; who is kept apart has a copy, as they were then.
COPIED = ("customers.Contract", "customers.ContractVersion")
# The customers that a row of these names are numbers; it is about nobody but its own.
OF_ONE = ("customers.Customer", "customers.HistoricalCustomer")
STAGE = "(customer_id bigint, kind text, object_id text, about bigint[], content jsonb)"
# The alias is one that no column is called by.
LEAVE = """
INSERT INTO leaving (customer_id, kind, object_id, about, content)
SELECT named.head, {kind}, named.key,
    ARRAY(SELECT DISTINCT one FROM unnest(named.customers || {others}) one WHERE one IS NOT NULL ORDER BY one),
    to_jsonb(standing_row)
FROM (
    SELECT key, min(head) AS head, array_agg(customer) AS customers
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) pair (key, customer, head) GROUP BY key
) named
JOIN {table} standing_row ON standing_row.{pk} = named.key::{type}
WHERE named.head IS NOT NULL
"""
UNCHANGED = """
WITH noted AS MATERIALIZED (SELECT object_id, content FROM leaving WHERE kind = {kind})
DELETE FROM leaving USING noted JOIN {table} standing_row ON standing_row.{pk} = noted.object_id::{type}
WHERE leaving.kind = {kind} AND leaving.object_id = noted.object_id AND to_jsonb(standing_row) = noted.content
"""
KEEP = """
INSERT INTO separated.kept (customer_id, kind, object_id, about, content, at)
SELECT customer_id, kind, object_id, about, content, %s FROM leaving ORDER BY customer_id, kind, object_id
"""
TAKE = """
WITH taken AS (
    DELETE FROM separated.kept WHERE customer_id = ANY(%s)
    RETURNING id, customer_id, kind, object_id, about, content, at
)
INSERT INTO returning_rows SELECT * FROM taken
"""
# What is about somebody else, too, who is still kept apart, waits for that one.
BLOCKED = """
UPDATE returning_rows back SET customer_id = waits.head FROM (
    SELECT held.id, min(coalesce(other.merged_into_id, other.id)) AS head
    FROM returning_rows held JOIN customers_customer other ON other.id = ANY(held.about)
    WHERE other.state = 'SEPARATED' AND coalesce(other.merged_into_id, other.id) <> ALL(%s)
    GROUP BY held.id
) waits WHERE waits.id = back.id
"""
KEEP_ON = """
INSERT INTO separated.kept (id, customer_id, kind, object_id, about, content, at)
OVERRIDING SYSTEM VALUE
SELECT id, customer_id, kind, object_id, about, content, at FROM returning_rows WHERE customer_id <> ALL(%s)
"""
# Of a row that changed twice, as one and then another went, the oldest form is the one to come back.
PUT_BACK = """
INSERT INTO {table} ({columns})
SELECT {values} FROM (
    SELECT DISTINCT ON (object_id) content FROM returning_rows
    WHERE kind = {kind} AND customer_id = ANY(%s) ORDER BY object_id, id
) held CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, held.content) whole
ON CONFLICT {conflict}
"""


@contextmanager
def keeper_of_the_separated() -> Iterator[None]:
    """Take the role of the schema until the end of the block, inside a transaction.

    Where the installation could not make the role, the schema is the database owner's, and nothing is to be taken.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regrole(%s) IS NOT NULL", [ROLE])
        (has_role,) = cursor.fetchone()
        if has_role:
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
        yield
        if has_role:
            cursor.execute("SET LOCAL ROLE NONE")


def note_leaving(touched: Touched, heads: Mapping[int, int]) -> None:
    """Copy these rows as they stand, before they are erased. heads: {customer id: whom they are kept under}."""
    for kind, pairs in touched.items():
        if pairs:
            columns = [(str(key), customer, heads.get(customer)) for customer, key in pairs]
            _run(LEAVE, kind, list(map(list, zip(*columns, strict=True))))


def keep_what_left(kinds: Sequence[str], at: datetime) -> dict[str, int]:
    """Keep what was changed or erased since `note_leaving`; returns {kind: rows}."""
    for kind in kinds:
        if kind not in COPIED:
            _run(UNCHANGED, kind, [])
    with connection.cursor() as cursor:
        with keeper_of_the_separated():
            cursor.execute(KEEP, [at])
        cursor.execute("SELECT kind, count(*) FROM leaving GROUP BY kind ORDER BY kind")
        kept = dict(cursor.fetchall())
        cursor.execute("TRUNCATE leaving")
    return kept


def give_back(heads: Sequence[int]) -> dict[str, int]:
    """Put everything back that is kept under these customers; returns {kind: rows}."""
    with connection.cursor() as cursor:
        with keeper_of_the_separated():
            cursor.execute(TAKE, [list(heads)])
        cursor.execute(BLOCKED, [list(heads)])
        with keeper_of_the_separated():
            cursor.execute(KEEP_ON, [list(heads)])
        cursor.execute(
            "SELECT kind, count(*) FROM returning_rows WHERE customer_id = ANY(%s) GROUP BY kind ORDER BY kind",
            [list(heads)],
        )
        returned = dict(cursor.fetchall())
    for kind in returned:
        _run(PUT_BACK, kind, [list(heads)])
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE returning_rows")
    return returned


def forget(customers: Sequence[int]) -> int:
    """Destroy whatever is kept that is about these customers, under whomever; returns how many rows."""
    with connection.cursor() as cursor, keeper_of_the_separated():
        cursor.execute("DELETE FROM separated.kept WHERE about && %s::bigint[]", [list(customers)])
        return cursor.rowcount


def what_is_kept(customer: int) -> list[tuple[str, dict[str, object]]]:
    """(kind, row) of everything that is kept under a customer, by kind and key.

    Whoever shows it notes the use first, for the customer is to be told of it (신용정보법 §20의2④).
    """
    with connection.cursor() as cursor, keeper_of_the_separated():
        cursor.execute(
            "SELECT kind, content::text FROM separated.kept WHERE customer_id = %s ORDER BY kind, id", [customer]
        )
        return [(kind, json.loads(content)) for kind, content in cursor.fetchall()]


def open_stage() -> None:
    """Make the tables of this transaction by which rows come and go; the role of the schema may use them."""
    with connection.cursor() as cursor:
        for name, columns in (("leaving", STAGE), ("returning_rows", f"(id bigint, {STAGE[1:-1]}, at timestamptz)")):
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} {columns} ON COMMIT DROP")
            cursor.execute("SELECT to_regrole(%s) IS NOT NULL", [ROLE])
            if cursor.fetchone()[0]:
                cursor.execute(
                    sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(sql.Identifier(name), sql.Identifier(ROLE))
                )


def _run(statement: str, kind: str, params: list[object]) -> int:
    """Execute a statement over the table of a kind; returns how many rows it was about."""
    model = apps.get_model(kind)
    pk = model._meta.pk
    columns = [field.column for field in model._meta.concrete_fields]
    changed = sql.SQL(", ").join(
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in columns if column != pk.column
    )
    key = sql.Identifier(pk.column)
    named = sql.SQL(statement).format(
        kind=sql.Literal(kind),
        table=sql.Identifier(model._meta.db_table),
        pk=key,
        type=sql.SQL(pk.db_type(connection)),
        others=_others_of(model),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(sql.SQL("whole.{}").format(sql.Identifier(column)) for column in columns),
        conflict=sql.SQL("DO NOTHING") if kind in COPIED else sql.SQL("({}) DO UPDATE SET {}").format(key, changed),
    )
    with connection.cursor() as cursor:
        cursor.execute(named, params)
        return cursor.rowcount


def _others_of(model: type[models.Model]) -> sql.Composable:
    """An array in SQL of all customers that a row `standing_row` is about by its own columns."""
    if model._meta.label in OF_ONE:
        return sql.SQL("'{}'::bigint[]")
    record = apps.get_model("customers.SourceRecord")
    parts = [sql.SQL("standing_row.{}").format(sql.Identifier(field.column)) for field in columns_to_customers(model)]
    parts += [
        sql.SQL("(SELECT customer_id FROM customers_link WHERE record_id = standing_row.{})").format(
            sql.Identifier(field.column)
        )
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is record
    ]
    return sql.SQL("ARRAY[{}]::bigint[]").format(sql.SQL(", ").join(parts))
