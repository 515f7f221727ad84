"""Keeping the trail: anchors of its days, tables of its months, and the rights of the role that writes it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from accounts.models import TrailAnchor, TrailMonth
from accounts.trail.anchoring import anchor_signature, digest_of, ends_of, month_signature
from accounts.trail.verifying import months_with_tables

logger = logging.getLogger(__name__)
LOCK = "accounts.trail"
MONTHS_AHEAD = 2
MOST_DAYS_AT_ONCE = 400
ENTRIES, HEADS = "accounts_accessentry", "accounts_trailhead"
WORDS, TOLD = "accounts_trailwords", "accounts_accessentry_told"
OTHERS = ("accounts_trailanchor", "accounts_trailmonth", "accounts_rightschange")


class DayNotOver(Exception):
    """A day is anchored when it is over."""


class NoSuchRole(Exception):
    """The database has no role of this name."""


class RoleOwnsTrail(Exception):
    """The role owns the tables or may do everything, so that nothing can be taken from it."""


class TrailNotOwned(Exception):
    """Only the owner of the tables may drop one."""


@transaction.atomic
def anchor_day(*, day: date, at: datetime) -> list[TrailAnchor]:
    """Sign where each chain ends at the instant `at`, after `day`; a day that is anchored stays as it is.

    Returns the anchors made, none where the day has some or nothing was ever written. Raises DayNotOver.
    """
    if timezone.localdate(at) <= day:
        raise DayNotOver
    _lock()
    if TrailAnchor.objects.filter(day=day).exists():
        return []
    anchors = [
        TrailAnchor(day=day, month=month, lane=lane, number=number, hash=end, made_at=at)
        for month, lane, number, end in ends_of(day)
    ]
    for anchor in anchors:
        anchor.signature = anchor_signature(anchor, count=len(anchors))
    made = TrailAnchor.objects.bulk_create(anchors)
    if made:
        logger.info("The trail of %s is anchored: %s chains, digest %s", day, len(made), digest_of(made))
    return made


def anchor_days(*, at: datetime) -> int:
    """Anchor yesterday, and the days before it that were missed since the last one; how many days were anchored."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    newest = TrailAnchor.objects.order_by("-day").values_list("day", flat=True).first()
    first = max(newest + timedelta(days=1), yesterday - timedelta(days=MOST_DAYS_AT_ONCE)) if newest else yesterday
    days = (first + timedelta(days=ahead) for ahead in range((yesterday - first).days + 1))
    return sum(bool(anchor_day(day=day, at=at)) for day in days)


@transaction.atomic
def open_months(*, at: datetime) -> list[date]:
    """Open the tables of this month and the next two, so that no entry waits for one; the months that are open now."""
    month = timezone.localdate(at).replace(day=1)
    months = list(_months_from(month, MONTHS_AHEAD + 1))
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute("SELECT accounts_open_trail_month(%s)", [month])
    return months


def drop_months(*, at: datetime) -> list[TrailMonth]:
    """Drop the months that were kept for `settings.TRAIL_YEARS`, each with a signed note of what went.

    Raises TrailNotOwned where there is one and the role of the database may not drop it.
    """
    today = timezone.localdate(at)
    oldest = date(today.year - settings.TRAIL_YEARS, today.month, 1)
    over = sorted(month for month in months_with_tables() if month < oldest)
    if over and not _owns_entries():
        raise TrailNotOwned
    return [_drop_month(month, at) for month in over]


@transaction.atomic
def _drop_month(month: date, at: datetime) -> TrailMonth:
    _lock()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_accessentry WHERE month = %s", [month])
        (count,) = cursor.fetchone()
        table = sql.Identifier(f"{ENTRIES}_{month:%Y_%m}")
        cursor.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(sql.Identifier(ENTRIES), table))
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))
        cursor.execute("SELECT set_config('hannun.destroying', 'on', true)")
        cursor.execute("DELETE FROM accounts_trailwords WHERE month = %s", [month])
        cursor.execute("SELECT set_config('hannun.destroying', '', true)")
    dropped = TrailMonth(month=month, count=count, dropped_at=at)
    dropped.signature = month_signature(dropped)
    dropped.save(force_insert=True)
    logger.info("The trail of %s was dropped: %s entries", f"{month:%Y-%m}", count)
    return dropped


@transaction.atomic
def secure_trail(*, role: str) -> None:
    """Leave the role of the application no right on the trail but to read and to add, and to let the words about a
    destroyed customer go, which the guards of the tables let nobody do otherwise.

    Raises NoSuchRole, RoleOwnsTrail.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise NoSuchRole
        if found[0] or _owns_entries(role):
            raise RoleOwnsTrail
        for statement in _statements(role):
            cursor.execute(statement)


def _statements(role: str) -> Iterator[sql.Composed]:
    """Months have no rights of their own: entries are read and added through the table of all."""
    months = [f"{ENTRIES}_{month:%Y_%m}" for month in sorted(months_with_tables())]
    every = sql.SQL(", ").join(map(sql.Identifier, [ENTRIES, HEADS, WORDS, TOLD, *OTHERS, *months]))
    added = sql.SQL(", ").join(map(sql.Identifier, [ENTRIES, *OTHERS]))
    names = {"every": every, "added": added, "heads": sql.Identifier(HEADS), "role": sql.Identifier(role)}
    names |= {"words": sql.Identifier(WORDS), "told": sql.Identifier(TOLD)}
    for text in (
        "REVOKE ALL ON {every} FROM PUBLIC",
        "REVOKE ALL ON {every} FROM {role}",
        "GRANT SELECT, INSERT ON {added} TO {role}",
        "GRANT SELECT, INSERT, UPDATE ON {heads} TO {role}",
        "GRANT SELECT, INSERT, DELETE ON {words} TO {role}",
        "GRANT SELECT ON {told} TO {role}",
        "GRANT UPDATE (reason) ON accounts_rightschange TO {role}",
        "REVOKE ALL ON FUNCTION accounts_open_trail_month(date) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION accounts_open_trail_month(date) TO {role}",
    ):
        yield sql.SQL(text).format(**names)


def _owns_entries(role: str | None = None) -> bool:
    """Whether the role, by default that of the connection, has the rights of the owner of the trail."""
    query = (
        "SELECT pg_has_role(coalesce(%s, current_user)::name, relowner, 'USAGE') FROM pg_class "
        "WHERE oid = 'accounts_accessentry'::regclass"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [role])
        return cursor.fetchone()[0]


def _months_from(month: date, count: int) -> Iterator[date]:
    for _ahead in range(count):
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _lock() -> None:
    """Let one at a time anchor or drop."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
