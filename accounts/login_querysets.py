"""Named reads of sessions and of the keys of service clients."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, F, Value, When


class StaffSessionQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Sessions that have not ended."""
        return self.filter(ended_at=None)

    def newest_first(self) -> Self:
        """The one used last comes first."""
        return self.order_by(F("last_seen_at").desc(), "-pk")


class ServiceKeyQuerySet(models.QuerySet):
    def valid(self, *, at: datetime) -> Self:
        """Keys that open something at the instant `at`: neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def with_state(self, *, at: datetime) -> Self:
        """With `state` (VALID, REPLACED, EXPIRED or REVOKED) at the instant `at`; what opens something comes first."""
        state = Case(
            When(revoked_at__isnull=False, then=Value("REVOKED")),
            When(expires_at__lte=at, then=Value("EXPIRED")),
            When(replaced_by__isnull=False, then=Value("REPLACED")),
            default=Value("VALID"),
        )
        closed = Case(When(revoked_at=None, expires_at__gt=at, then=Value(0)), default=Value(1))
        return self.annotate(state=state, closed=closed).order_by("closed", "-created_at", "-pk")
