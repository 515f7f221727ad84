"""Queries over the whole stock into arrays: what the database sends is a block of rows at a time.

A COPY sends each row as a message of its own, and to take a message takes ten times as long as to make it; millions of
rows therefore come as arrays of one column each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from django.db import connection
from psycopg import sql

from customers.services.copying import OtherWidth

BLOCK_ROWS = 1 << 16
HEAD = 20  # bytes in front of the values of an array with one dimension
READ = """
COPY (
    SELECT {columns} FROM (
        SELECT found.*, (row_number() OVER () - 1) / {rows} AS block FROM ({query}) AS found ({names})
    ) AS numbered
    GROUP BY block
) TO STDOUT (FORMAT binary)
"""


def read_arrays(query: str, columns: Mapping[str, str | np.dtype]) -> np.ndarray:
    """The rows of a query, in no order, as an array with the fields `columns` names: {name: type as PostgreSQL writes
    it}, none NULL. query: without parameters.

    Raises OtherWidth where a value has another width than its type, or is NULL.
    """
    row = np.dtype(list(columns.items()))
    return np.concatenate([np.empty(0, row), *(_rows(block, row) for block in _blocks(query, row.names))])


def _blocks(query: str, names: Sequence[str]) -> Iterator[tuple[bytes, ...]]:
    """The columns of each block of rows, as PostgreSQL writes arrays."""
    identifiers = [sql.Identifier(name) for name in names]
    statement = sql.SQL(READ).format(
        columns=sql.SQL(", ").join(sql.SQL("array_agg({})").format(name) for name in identifiers),
        names=sql.SQL(", ").join(identifiers),
        rows=sql.Literal(BLOCK_ROWS),
        query=sql.SQL(query),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from copy.rows()


def _rows(block: tuple[bytes, ...], row: np.dtype) -> np.ndarray:
    columns = {name: _values(values, row[name]) for name, values in zip(row.names, block, strict=True)}
    found = np.empty(len(next(iter(columns.values()))), row)
    for name, values in columns.items():
        found[name] = values
    return found


def _values(array: bytes, kind: np.dtype) -> np.ndarray:
    """The values of a column, each of which stands behind its width."""
    each = np.dtype([("width", ">i4"), ("value", kind)])
    if (len(array) - HEAD) % each.itemsize:
        raise OtherWidth
    values = np.frombuffer(array, each, offset=HEAD)
    if (values["width"] != kind.itemsize).any():
        raise OtherWidth
    return values["value"]
