"""Turns and durability of the master's writers. Both end with the transaction."""

from __future__ import annotations

from django.db import connection

SOURCE_LOCK = -4_207_851  # the class of locks on the records of one source


def hold_source(source_id: int) -> None:
    """Wait until nobody else writes records of this source, and be the one who does until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SOURCE_LOCK, source_id])


def commit_durably() -> None:
    """Let the commit of this transaction wait for the disk, also where the database is set to answer sooner."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
