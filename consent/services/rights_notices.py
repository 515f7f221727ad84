"""Telling those who answer requests of data subjects what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services.notices import notify_role
from consent.models import RightsRequest
from consent.rules.rights import OPEN_STATES, SOON_DAYS

ROLE = "PRIVACY_OFFICER"


@transaction.atomic
def note_due_requests(*, at: datetime) -> int:
    """Tell the privacy officers how many requests are late or due within two days; returns how many those are."""
    last = timezone.localdate(at) + timedelta(days=SOON_DAYS)
    count = RightsRequest.objects.filter(state__in=OPEN_STATES, due_on__lte=last).count()
    if count:
        notify_role(role=ROLE, kind="RIGHTS_DUE", what={"count": count}, at=at, url=reverse("consent:rights-list"))
    return count
