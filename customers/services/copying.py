"""Columns of numbers into a table and out of queries by binary COPY: a million rows in a second, no text in between."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from django.db import connection
from psycopg import sql

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
BLOCK = 1 << 20

Column = np.ndarray | str | datetime | bool | None


class OtherWidth(Exception):
    """A value is wider or narrower than the type it was asked for as."""


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


def read_columns(query: str, columns: Mapping[str, str | np.dtype]) -> np.ndarray:
    """The rows of a query as an array with the fields `columns` names: {name: type as PostgreSQL writes it}, all of one
    width and none NULL. query: without parameters.

    Raises OtherWidth where a value has another width than its type.
    """
    fields: list[tuple[str, object]] = [("columns", ">i2")]
    for name, kind in columns.items():
        fields += [(f"length_{name}", ">i4"), (name, kind)]
    row = np.dtype(fields)
    with connection.cursor() as cursor, cursor.copy(sql.SQL(f"COPY ({query}) TO STDOUT (FORMAT binary)")) as copy:
        content = b"".join(copy)
    found = np.frombuffer(content, row, (len(content) - len(SIGNATURE) - len(END)) // row.itemsize, len(SIGNATURE))
    if any((found[f"length_{name}"] != row[name].itemsize).any() for name in columns):
        raise OtherWidth
    return found


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
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, datetime):
        since = value - POSTGRES_EPOCH
        return struct.pack(">q", (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
    return (value or "").encode()
