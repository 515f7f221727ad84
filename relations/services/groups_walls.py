"""What the purpose wall refused, kept for those who watch over it."""

from __future__ import annotations

import logging
from datetime import datetime

from accounts.models import AccessEntry, Staff
from accounts.trail import append, current_look
from relations.models import WallHit

log = logging.getLogger(__name__)
PAGE = "relations:wall-hit-list"
FORBIDDEN = 403


def note_refusal(*, by: Staff, purpose: str, asked: str, clause: str, at: datetime) -> WallHit:
    """Keep a refusal, and put it on the trail where no page is about to do so."""
    hit = WallHit.objects.create(by=by, at=at, purpose=purpose, asked=asked, clause=clause)
    if current_look() is None:
        append(
            at=at,
            kind=AccessEntry.Kind.VIEW,
            page=PAGE,
            result=FORBIDDEN,
            staff_id=by.pk,
            employee_number=by.employee_number,
            target=asked,
            purpose=purpose,
            reason=clause,
        )
    log.info("The purpose wall refused staff %s: %s for %s", by.pk, asked, purpose)
    return hit
