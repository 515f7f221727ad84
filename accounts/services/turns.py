"""Turns that outlast a transaction: advisory locks of the database, which a connection holds until it gives them back
or its process dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(*lock: int, busy: type[Exception]) -> Iterator[None]:
    """Be the only one at a piece of work, on this connection. Raises `busy` where another process is at it.

    lock: one number, or a class of locks and the number of one of them.
    """
    marks = ", ".join(["%s"] * len(lock))
    if not _ask(f"SELECT pg_try_advisory_lock({marks})", lock):
        raise busy
    try:
        yield
    finally:
        if connection.connection is not None:  # where the connection is gone, the lock went with it
            _ask(f"SELECT pg_advisory_unlock({marks})", lock)


def _ask(query: str, lock: tuple[int, ...]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, lock)
        return cursor.fetchone()[0]
