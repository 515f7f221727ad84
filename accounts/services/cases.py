"""Cases of unusual access: found day by day, taken by somebody of compliance, closed with a finding."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.free_text import without_resident_numbers
from accounts.models import AccessCase, Staff
from accounts.reviews.detecting import MOST_CUSTOMERS, detectors
from accounts.services.notices import notify
from accounts.services.reviews import holders

logger = logging.getLogger(__name__)
State = AccessCase.State


class OwnCase(Exception):
    """Nobody works a case about themselves."""


class TakenByAnother(Exception):
    """Somebody else works the case, or closed it."""


class NotTaken(Exception):
    """A case is closed by who took it."""


@transaction.atomic
def detect_unusual(*, day: date, at: datetime) -> int:
    """Open a case for everything unusual on that day; how many are new. A second time the same day finds no more.

    Those who work cases are told once, without a word about whom.
    """
    before = set(AccessCase.objects.filter(day=day).values_list("kind", "staff"))
    rows = [
        AccessCase(
            kind=detector.code,
            staff_id=found.staff_id,
            day=day,
            facts=dict(found.facts),
            customers=list(found.customers[:MOST_CUSTOMERS]),
            found_at=at,
        )
        for detector in detectors().values()
        for found in detector.find(day)
        if (detector.code, found.staff_id) not in before
    ]
    AccessCase.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        what = {"day": day.isoformat(), "count": len(rows)}
        url = reverse("accounts:case-list")
        notify(staff=holders("work_accesscase"), kind="CASES_FOUND", at=at, what=what, url=url)
    logger.info("Unusual access of %s: %s new cases", day, len(rows))
    return len(rows)


@transaction.atomic
def take_case(*, case: AccessCase, by: Staff, at: datetime) -> AccessCase:
    """Let `by` work the case; for who has it already nothing changes. Raises OwnCase, TakenByAnother."""
    case = _locked(case, by)
    if case.state == State.TAKEN and case.taken_by_id == by.pk:
        return case
    if case.state != State.OPEN:
        raise TakenByAnother
    case.state, case.taken_by, case.taken_at = State.TAKEN, by, at
    case.save(update_fields=["state", "taken_by", "taken_at"])
    return case


@transaction.atomic
def hand_back_case(*, case: AccessCase, by: Staff) -> AccessCase:
    """Let another person take the case. Raises OwnCase, NotTaken."""
    case = _locked(case, by)
    _check_taken(case, by)
    case.state, case.taken_by, case.taken_at = State.OPEN, None, None
    case.save(update_fields=["state", "taken_by", "taken_at"])
    return case


@transaction.atomic
def close_case(*, case: AccessCase, finding: str, comment: str, by: Staff, at: datetime) -> AccessCase:
    """Close a case with a finding, one of `AccessCase.Finding`, and why. Raises OwnCase, NotTaken."""
    case = _locked(case, by)
    _check_taken(case, by)
    case.state, case.finding = State.CLOSED, AccessCase.Finding(finding)
    case.comment = without_resident_numbers(comment)
    case.closed_by, case.closed_at = by, at
    case.save(update_fields=["state", "finding", "comment", "closed_by", "closed_at"])
    return case


def _locked(case: AccessCase, by: Staff) -> AccessCase:
    case = AccessCase.objects.select_for_update().get(pk=case.pk)
    if case.staff_id == by.pk:
        raise OwnCase
    return case


def _check_taken(case: AccessCase, by: Staff) -> None:
    if case.state != State.TAKEN or case.taken_by_id != by.pk:
        raise NotTaken
