"""Appending to the trail: one statement per entry moves the end of a chain and adds the entry, or does neither."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import date, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from psycopg import sql

from accounts.free_text import without_resident_numbers
from accounts.trail.chain import START, TEXTS, WORDS, canonical, fingerprint, linked, plain, trail_key

LANES = 8
SALT_BYTES = 16
ATTEMPTS = 50
COLUMNS = ("month", "lane", "number", "at", "staff_id", *TEXTS, "items", "customers", "count", "result", "hash")
APPEND = sql.SQL(
    "WITH moved AS (UPDATE accounts_trailhead SET number = %(number)s, hash = %(hash)s "
    "WHERE month = %(month)s AND lane = %(lane)s AND number = %(number)s - 1 AND hash = %(before)s RETURNING month), "
    "worded AS (INSERT INTO accounts_trailwords (month, lane, number, salt, reason, conditions) "
    "SELECT %(month)s, %(lane)s, %(number)s, %(salt)s, %(written_reason)s, %(written_conditions)s FROM moved "
    "WHERE %(written_reason)s::text <> '' OR %(written_conditions)s::text <> '') "
    "INSERT INTO accounts_accessentry ({columns}) SELECT {values} FROM moved"
).format(
    columns=sql.SQL(", ").join(map(sql.Identifier, COLUMNS)), values=sql.SQL(", ").join(map(sql.Placeholder, COLUMNS))
)
MAY_APPEND = (
    "SELECT EXISTS (SELECT FROM accounts_trailhead WHERE month = %s AND lane = %s), "
    "has_table_privilege('accounts_accessentry', 'INSERT') AND NOT pg_is_in_recovery()"
)
_ends: dict[tuple[date, int], tuple[int, bytes]] = {}
_lock = threading.Lock()


class TrailUnavailable(Exception):
    """The trail cannot be written, so nothing may be shown."""


def append(
    *,
    at: datetime,
    kind: str,
    page: str,
    result: int,
    staff_id: int | None = None,
    employee_number: str = "",
    branch_code: str = "",
    address: str = "",
    session: str = "",
    target: str = "",
    purpose: str = "",
    reason: str = "",
    conditions: str = "",
    items: Iterable[str] = (),
    customers: Iterable[int] = (),
    count: int = 0,
) -> tuple[date, int, int]:
    """Add an entry; returns its month, lane and number. Raises TrailUnavailable.

    conditions: JSON text. result: status of the answer as HTTP numbers it. Called in a transaction, the entry stands
    or falls with that.
    """
    target, reason = without_resident_numbers(target), without_resident_numbers(reason)
    given = (employee_number, branch_code, address, session, kind, page, target, purpose, reason, conditions)
    month = timezone.localdate(at).replace(day=1)
    values = {
        "month": month,
        "lane": os.getpid() % LANES,
        "at": at,
        "staff_id": staff_id,
        **dict(zip(TEXTS, map(plain, given), strict=True)),
        "items": [plain(item).replace(",", " ") for item in items],
        "customers": list(customers),
        "count": count,
        "result": result,
    }
    values |= _beside(values)
    try:
        # Who holds the end of the chain in a transaction must not wait for a thread that waits for that very end.
        with nullcontext() if connection.in_atomic_block else _lock:
            return month, values["lane"], _append(values)
    except DatabaseError as problem:
        raise TrailUnavailable from problem


def _beside(values: Mapping[str, object]) -> dict[str, object]:
    """The words of an entry as they stand beside it, and what the entry holds in their place."""
    salt = os.urandom(SALT_BYTES)
    held = {name: fingerprint(salt, name, values[name]) for name in WORDS}
    return {"salt": salt, **{f"written_{name}": values[name] for name in WORDS}, **held}


def check_available(at: datetime) -> None:
    """Make sure, before something is changed, that the trail can be written. Raises TrailUnavailable."""
    month = timezone.localdate(at).replace(day=1)
    try:
        with connection.cursor() as cursor:
            cursor.execute(MAY_APPEND, [month, os.getpid() % LANES])
            has_end, may_append = cursor.fetchone()
        if not has_end:
            _end_of(month, os.getpid() % LANES)
    except DatabaseError as problem:
        raise TrailUnavailable from problem
    if not may_append:
        raise TrailUnavailable


def _append(values: dict[str, object]) -> int:
    """The number of the new entry. Another writer of the lane may come first; then the end is read again."""
    key = trail_key(settings.KEYS.index)
    chain = (values["month"], values["lane"])
    texts = [values[name] for name in TEXTS]
    rest = {name: values[name] for name in ("month", "lane", "at", "staff_id", "items", "customers", "count", "result")}
    for _attempt in range(ATTEMPTS):
        number, before = _ends.get(chain) or _end_of(*chain)
        number += 1
        after = linked(key, before, canonical(**rest, number=number, texts=texts))
        with connection.cursor() as cursor:
            cursor.execute(APPEND, {**values, "number": number, "before": before, "hash": after})
            if cursor.rowcount == 1:
                _ends[chain] = (number, after)
                return number
        _ends.pop(chain, None)
    raise DatabaseError("the end of the chain kept moving")


def _end_of(month: date, lane: int) -> tuple[int, bytes]:
    """Number and hash of the newest entry of a chain; month and chain are opened where they are new."""
    query = "SELECT number, hash FROM accounts_trailhead WHERE month = %s AND lane = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [month, lane])
        row = cursor.fetchone()
        if row is None:
            cursor.execute("SELECT accounts_open_trail_month(%s)", [month])
            cursor.execute(
                "INSERT INTO accounts_trailhead (month, lane, number, hash) VALUES (%s, %s, 0, %s) "
                "ON CONFLICT DO NOTHING",
                [month, lane, START],
            )
            cursor.execute(query, [month, lane])
            row = cursor.fetchone()
    return row[0], bytes(row[1])
