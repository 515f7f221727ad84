"""Passwords of staff: chosen by themselves, or handed over for a first login."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import PastPassword, Staff, StaffSession
from accounts.services.rights import record_change
from accounts.services.sessions import end_sessions

# Nothing that is read wrongly from paper: no 0 and O, no 1, l and I.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class OwnAccess(Exception):
    """Nobody opens or resets the access of their own account; another administrator does."""


@transaction.atomic
def choose_password(*, staff: Staff, password: str, at: datetime) -> Staff:
    """Set the password that the person has chosen and the validators have passed; all their sessions end."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    PastPassword.objects.create(staff=staff, password=staff.password, chosen_at=at)
    end_sessions(staff=staff, because=StaffSession.Ending.PASSWORD_CHANGED, at=at)
    return staff


def record_password_link(*, staff: Staff, by: Staff, at: datetime) -> None:
    """Put on record that `by` is given a link with which the password of `staff` is chosen. Raises OwnAccess."""
    if by.pk == staff.pk:
        raise OwnAccess
    record_change(staff=staff, by=by, at=at, kind="PASSWORD_LINK_ISSUED")


@transaction.atomic
def hand_over_password(*, staff: Staff, by: Staff, at: datetime, reason: str) -> str:
    """Give `staff` a password for one login, after which they choose one themselves; it is told only now.

    All their sessions end. Raises OwnAccess.
    """
    if by.pk == staff.pk:
        raise OwnAccess
    password = "-".join("".join(secrets.choice(READABLE) for _place in range(4)) for _group in range(4))
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    staff.set_password(password)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    end_sessions(staff=staff, because=StaffSession.Ending.PASSWORD_CHANGED, at=at)
    record_change(staff=staff, by=by, at=at, kind="PASSWORD_HANDED_OVER", reason=reason)
    return password
