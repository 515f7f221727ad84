"""The record of rights: every grant, change and revocation, and what opened or closed an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from accounts.free_text import without_resident_numbers
from accounts.models import RightsChange, Staff
from accounts.services.notices import notify_role

TOLD = {"PASSWORD_HANDED_OVER", "PASSWORD_LINK_ISSUED", "SECOND_FACTOR_RESET"}
"""Changes by which somebody could act in the name of another."""


def record_change(
    *,
    staff: Staff | None,
    by: Staff | None,
    at: datetime,
    kind: str,
    what: Mapping[str, object] = {},
    reason: str = "",
) -> RightsChange:
    """Note a change of rights within the transaction that makes it.

    staff: whom it is about, None for what concerns everybody. by: None for the command line. kind: a key of
    `accounts.rights_words.KINDS`. what: codes and ids, never personal data.
    """
    reason = without_resident_numbers(reason)
    change = RightsChange.objects.create(staff=staff, by=by, at=at, kind=kind, what=dict(what), reason=reason)
    if kind in TOLD and staff is not None:
        _tell_privacy_officers(change)
    return change


def _tell_privacy_officers(change: RightsChange) -> None:
    """One person alone can act as another by these; somebody else learns of it at once."""
    what = {"staff": change.staff.employee_number, "by": change.by.employee_number if change.by else "–"}
    notify_role(
        role="PRIVACY_OFFICER",
        kind=f"RIGHTS_{change.kind}",
        at=change.at,
        what=what,
        url=reverse("accounts:rights-list"),
    )
