"""Turns and durability of the master's writers: the advisory locks of the database that are Hannun's own."""

from __future__ import annotations

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

GOLDEN_LOCK = 4_207_851  # one writer of links and golden customers at a time
RUN_LOCK = GOLDEN_LOCK  # the class of locks on single feed runs; two numbers never meet a lock of one
SOURCE_LOCK = -GOLDEN_LOCK  # the class of locks on the records of one source
MATCH_LOCK = GOLDEN_LOCK + 1  # the class of locks on single match runs
PATIENCE = "5s"  # how long a page waits for the writers of the stock
REHEARSAL_LOCK = GOLDEN_LOCK + 2  # the class of locks on single rehearsals
BULK_LOCK = GOLDEN_LOCK + 3  # the class of locks on single bulk actions


def hold_golden() -> None:
    """Wait until nobody else writes links and golden customers, and be the one who does until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GOLDEN_LOCK])


class StockBusy(Exception):
    """A feed or a match run is writing; a person who waits for a page is told so instead of kept waiting."""


def hold_golden_soon() -> None:
    """`hold_golden` for a person: gives up after `PATIENCE`. Raises StockBusy, after which the transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GOLDEN_LOCK])
        except OperationalError as problem:
            if isinstance(problem.__cause__, LockNotAvailable):
                raise StockBusy from None
            raise
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")


def try_golden() -> bool:
    """`hold_golden` beyond the transaction, on this connection until `leave_golden`; False while another has it."""
    return _ask("SELECT pg_try_advisory_lock(%s)", [GOLDEN_LOCK])


def leave_golden() -> None:
    """End `try_golden`."""
    _leave("SELECT pg_advisory_unlock(%s)", [GOLDEN_LOCK])


def hold_source(source_id: int) -> None:
    """Wait until nobody else writes records of this source, and be the one who does until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SOURCE_LOCK, source_id])


def take_run(run_id: int) -> bool:
    """Hold a feed run on this connection until `leave_run`, or until the process dies; False where another has it."""
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", [RUN_LOCK, run_id])


def leave_run(run_id: int) -> None:
    """Give a feed run back."""
    _leave("SELECT pg_advisory_unlock(%s, %s)", [RUN_LOCK, run_id])


def take_match_run(run_id: int) -> bool:
    """`take_run` for a match run."""
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", [MATCH_LOCK, run_id])


def leave_match_run(run_id: int) -> None:
    """Give a match run back."""
    _leave("SELECT pg_advisory_unlock(%s, %s)", [MATCH_LOCK, run_id])


def take_bulk(bulk_id: int) -> bool:
    """`take_run` for a bulk action."""
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", [BULK_LOCK, bulk_id])


def leave_bulk(bulk_id: int) -> None:
    """Give a bulk action back."""
    _leave("SELECT pg_advisory_unlock(%s, %s)", [BULK_LOCK, bulk_id])


def take_rehearsal(rehearsal_id: int) -> bool:
    """`take_run` for a rehearsal."""
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", [REHEARSAL_LOCK, rehearsal_id])


def leave_rehearsal(rehearsal_id: int) -> None:
    """Give a rehearsal back."""
    _leave("SELECT pg_advisory_unlock(%s, %s)", [REHEARSAL_LOCK, rehearsal_id])


def _ask(query: str, key: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, key)
        return cursor.fetchone()[0]


def _leave(query: str, key: list[int]) -> None:
    """Let a lock go; where the connection is gone, the lock went with it."""
    if connection.connection is not None:
        _ask(query, key)


def is_run_taken(run_id: int) -> bool:
    """Whether a process holds this feed run now."""
    return _is_taken(RUN_LOCK, run_id)


def is_match_run_taken(run_id: int) -> bool:
    """Whether a process leads this match run now."""
    return _is_taken(MATCH_LOCK, run_id)


def is_bulk_taken(bulk_id: int) -> bool:
    """Whether a process is at this bulk action now."""
    return _is_taken(BULK_LOCK, bulk_id)


def is_rehearsal_taken(rehearsal_id: int) -> bool:
    """Whether a process is at this rehearsal now."""
    return _is_taken(REHEARSAL_LOCK, rehearsal_id)


def _is_taken(lock: int, number: int) -> bool:
    return _ask(
        "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objsubid = 2 "
        "AND classid = %s AND objid = %s)",
        [lock, number],
    )


def commit_durably() -> None:
    """Let the commit of this transaction wait for the disk, also where the database is set to answer sooner."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
