"""Sessions of staff: opened by a login, noted while in use, ended by whoever may."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import Staff, StaffSession
from accounts.services.rights import record_change

Ending = StaffSession.Ending
NOTED_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 200


class SessionOver(Exception):
    """The session had ended before; its first end and the reason of it stand."""


def fingerprint(key: str) -> str:
    """The mark of a session's key, SHA-256 in hexadecimal, by which its row is found."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def open_session(*, staff: Staff, key: str, at: datetime, address: str, user_agent: str) -> StaffSession:
    """Enter the session of that key; of more than `settings.LOGIN_SESSIONS_AT_ONCE` the oldest end."""
    Staff.objects.select_for_update().only("pk").get(pk=staff.pk)  # two logins at once count each other
    session, is_new = StaffSession.objects.get_or_create(
        key_hash=fingerprint(key),
        defaults={
            "staff": staff,
            "started_at": at,
            "last_seen_at": at,
            "address": address or None,
            "user_agent": user_agent.replace("\0", "")[:LONGEST_USER_AGENT],
        },
    )
    if is_new:
        open_ones = StaffSession.objects.filter(staff=staff).open().order_by("-started_at", "-pk")
        supernumerary = [row.pk for row in open_ones[settings.LOGIN_SESSIONS_AT_ONCE :]]
        StaffSession.objects.filter(pk__in=supernumerary).update(ended_at=at, ended_because=Ending.TOO_MANY)
    return session


def note_session(*, session: StaffSession, at: datetime) -> None:
    """Keep when the session was used last; at most once a minute, and nothing for one that has ended."""
    if at - session.last_seen_at >= NOTED_EVERY:
        StaffSession.objects.filter(pk=session.pk).open().update(last_seen_at=at)


@transaction.atomic
def end_session(
    *, session: StaffSession, because: str, at: datetime, by: Staff | None = None, reason: str = ""
) -> StaffSession:
    """End a session, so that its next request is refused. Raises SessionOver.

    because: one of `StaffSession.Ending`. by: who ends that of somebody else, which is recorded with the reason.
    """
    session = StaffSession.objects.select_for_update().get(pk=session.pk)
    if session.ended_at is not None:
        raise SessionOver
    session.ended_at, session.ended_because = at, because
    session.save(update_fields=["ended_at", "ended_because"])
    if by is not None and by.pk != session.staff_id:
        what = {"session": session.key_hash[:16]}
        record_change(staff=session.staff, by=by, at=at, kind="SESSION_ENDED", what=what, reason=reason)
    return session


@transaction.atomic
def end_sessions(*, staff: Staff, because: str, at: datetime, but: StaffSession | None = None) -> int:
    """End every open session of `staff`, except `but`; how many there were."""
    open_ones = StaffSession.objects.filter(staff=staff).open()
    if but is not None:
        open_ones = open_ones.exclude(pk=but.pk)
    return open_ones.update(ended_at=at, ended_because=because)
