"""What a session keeps about the login: when the person acted, what they have shown, why the last session ended."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from accounts.models import Staff

ACTED_AT, ENDED_BECAUSE, FACTOR_SHOWN = "acted_at", "ended_because", "second_factor_shown"
PENDING, OFFERED_KEY = "login_pending", "second_factor_key"
SECOND_STEP_WITHIN = timedelta(minutes=5)


def begin_second_step(session: SessionBase, *, staff: Staff, next_url: str, at: datetime) -> None:
    """Keep that `staff` has shown the password, and nothing more; nobody is signed in yet.

    next_url: where to lead after the second step. staff: as an authentication backend gave it.
    """
    session.cycle_key()
    session[PENDING] = {"staff": staff.pk, "backend": staff.backend, "next": next_url, "at": at.timestamp()}


def pending_staff(session: SessionBase) -> tuple[Staff, str] | None:
    """Who has shown the password within the last minutes, and where they want to go; None if nobody has."""
    kept = session.get(PENDING)
    if kept is None or timezone.now().timestamp() - kept["at"] > SECOND_STEP_WITHIN.total_seconds():
        return None
    staff = Staff.objects.filter(pk=kept["staff"], is_active=True).first()
    if staff is None:
        return None
    staff.backend = kept["backend"]
    return staff, kept["next"]


def end_second_step(session: SessionBase) -> None:
    """Forget who has shown a password."""
    session.pop(PENDING, None)
