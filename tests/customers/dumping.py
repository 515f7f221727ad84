"""The whole database as text, so that nothing of somebody can hide in a table that a test did not think of."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import connection

from customers.sealing import Sealer

WHERE = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'separated') ORDER BY 1, 2"


def dump() -> dict[str, list[str]]:
    """{schema.table: its rows as text, in order}, of every table there is."""
    with connection.cursor() as cursor:
        cursor.execute(WHERE)
        tables = cursor.fetchall()
        found = {}
        for schema, table in tables:
            cursor.execute(f'SELECT held::text FROM "{schema}"."{table}" held ORDER BY 1')  # noqa: S608 - names of tables
            found[f"{schema}.{table}"] = [row for (row,) in cursor.fetchall()]
    return found


def traces(values: Iterable[tuple[str, str]], dumped: Mapping[str, list[str]]) -> list[str]:
    """Where these (item, raw value) stand, in the clear, as bytes, or as a blind index of one."""
    sealer = Sealer(settings.KEYS)
    forms = {}
    for item, text in values:
        plain = text.replace("-", "")
        forms |= dict.fromkeys({text, plain, text.encode().hex(), plain.encode().hex()}, f"{item} {text}")
        forms |= {
            sealer.index(kind, form).hex(): f"index of {item}" for kind in {item, "account"} for form in (text, plain)
        }
    return sorted(
        f"{table}: {told}"
        for table, rows in dumped.items()
        for form, told in forms.items()
        if any(form in row for row in rows)
    )


def changed(before: Mapping[str, list[str]], after: Mapping[str, list[str]], *, but: Iterable[str] = ()) -> list[str]:
    """The tables that differ, other than those of `but`."""
    return [table for table in before if before[table] != after[table] and table not in but]
