"""Columns of numbers into a table and out of queries by binary COPY: a million rows in a second, no text in between.

What the database sends is a block of rows at a time, as arrays of one column each: as a row of its own each would be a
message of its own, and to take one takes ten times as long as to make it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np
from django.db import connection
from psycopg import sql

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
BLOCK = 1 << 20
BLOCK_ROWS = 1 << 16
HEAD = 20  # bytes in front of the values of an array with one dimension
READ = """
COPY (
    SELECT block, {columns} FROM (
        SELECT found.*, {number} / {rows} AS block FROM ({query}) AS found ({names})
    ) AS numbered
    GROUP BY block
) TO STDOUT (FORMAT binary)
"""

COUNTED = sql.SQL("(row_number() OVER () - 1)")

Column = np.ndarray | str | bytes | datetime | bool | None


class OtherWidth(Exception):
    """A value is wider or narrower than the type it was asked for as, or is none."""


def copy_columns(table: str, columns: Mapping[str, Column]) -> int:
    """Append rows to `table` and return how many.

    columns: an array is one value per row (int64 → bigint, int32 → integer, int16 → smallint, float64 → double
    precision); anything else is the same in every row (None → NULL).
    """
    fields: list[tuple[str, object]] = [("columns", ">i2")]
    fields += [(f"{kind}_{name}", type_) for name, value in columns.items() for kind, type_ in _types(value)]
    rows = next(len(value) for value in columns.values() if isinstance(value, np.ndarray))
    content = np.empty(rows, fields)
    content["columns"] = len(columns)
    for name, value in columns.items():
        written = _bytes(value)
        content[f"length_{name}"] = -1 if value is None else written if isinstance(written, int) else len(written)
        if isinstance(value, np.ndarray):
            content[f"value_{name}"] = value
        elif value is not None:
            content[f"value_{name}"] = np.void(written)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(SIGNATURE)
        body = memoryview(content.view(np.uint8).reshape(-1)) if rows else b""
        for start in range(0, len(body), BLOCK):
            copy.write(body[start : start + BLOCK])
        copy.write(END)
    return rows


def read_arrays(query: str, columns: Mapping[str, str | np.dtype], serial: str = "") -> np.ndarray:
    """The rows of a query as an array with the fields `columns` names: {name: type as PostgreSQL writes it}, none NULL.

    query: without parameters. serial: a column with serial numbers, by which rows come in nearly their order; without
    one they come in that of the query, and have to be counted for that.

    Raises OtherWidth where a value has another width than its type, or is NULL.
    """
    row = np.dtype(list(columns.items()))
    # Groups come in any order; their numbers as PostgreSQL writes them sort as they are.
    blocks = sorted(_blocks(query, row, serial), key=lambda block: block[0])
    return np.concatenate([np.empty(0, row), *(rows for _number, rows in blocks)])


def read_bytes(query: str) -> Iterator[bytes]:
    """The values of a query for one column of bytes, none NULL, in its order. query: without parameters."""
    with connection.cursor() as cursor, cursor.copy(sql.SQL(f"COPY ({query}) TO STDOUT (FORMAT binary)")) as copy:
        for (content,) in copy.rows():
            yield content


def _blocks(query: str, row: np.dtype, serial: str) -> Iterator[tuple[bytes, np.ndarray]]:
    """Each block of rows with its number."""
    names = [sql.Identifier(name) for name in row.names]
    statement = sql.SQL(READ).format(
        columns=sql.SQL(", ").join(sql.SQL("array_agg({})").format(name) for name in names),
        names=sql.SQL(", ").join(names),
        number=sql.Identifier(serial) if serial else COUNTED,
        rows=sql.Literal(BLOCK_ROWS),
        query=sql.SQL(query),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, *arrays in copy.rows():
            columns = {name: _values(array, row[name]) for name, array in zip(row.names, arrays, strict=True)}
            rows = np.empty(len(next(iter(columns.values()))), row)
            for name, values in columns.items():
                rows[name] = values
            yield number, rows


def _values(array: bytes, kind: np.dtype) -> np.ndarray:
    """The values of a column, each of which stands behind its width."""
    each = np.dtype([("width", ">i4"), ("value", kind)])
    if (len(array) - HEAD) % each.itemsize:
        raise OtherWidth
    values = np.frombuffer(array, each, offset=HEAD)
    if (values["width"] != kind.itemsize).any():
        raise OtherWidth
    return values["value"]


def _types(value: Column) -> list[tuple[str, str]]:
    if value is None:
        return [("length", ">i4")]
    if isinstance(value, np.ndarray):
        return [("length", ">i4"), ("value", value.dtype.newbyteorder(">").str)]
    return [("length", ">i4"), ("value", f"V{len(_bytes(value))}")]


def _bytes(value: Column) -> bytes | int:
    """A constant as PostgreSQL writes it; of an array the width of one value."""
    if isinstance(value, np.ndarray):
        return value.dtype.itemsize
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, datetime):
        since = value - POSTGRES_EPOCH
        return struct.pack(">q", (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
    return (value or "").encode()
