"""Notices: a word to a person that they find on their home page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Notice, Staff


@transaction.atomic
def notify(
    *, staff: Iterable[Staff], kind: str, at: datetime, what: Mapping[str, object] = {}, url: str = ""
) -> list[Notice]:
    """Tell each of these people. kind: a key of `settings.NOTICE_WORDS`; what: codes and numbers, no personal data."""
    rows = [Notice(staff=one, kind=kind, what=dict(what), url=url, at=at) for one in staff]
    return Notice.objects.bulk_create(rows)


def notify_role(*, role: str, kind: str, at: datetime, what: Mapping[str, object] = {}, url: str = "") -> list[Notice]:
    """Tell everybody who holds this role and still works here."""
    holders = Staff.objects.filter(groups__name=role, is_active=True).order_by("pk")
    return notify(staff=holders, kind=kind, at=at, what=what, url=url)


@transaction.atomic
def read_notice(*, notice: Notice, at: datetime) -> Notice:
    """Note that the person has read it; a second time changes nothing."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def read_notices(*, staff: Staff, at: datetime) -> int:
    """Note that the person has read all of theirs that came up to `at`; returns how many were unread."""
    return Notice.objects.filter(staff=staff, read_at=None, at__lte=at).update(read_at=at)
