"""What is held of a customer at the gate, to be given out and destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from customers.holding import ForeignKeyHolder


class Verifications(ForeignKeyHolder):
    """Attempts to verify the real name. The hash of connecting information tells nobody anything, and is not told."""

    model = "consent.Verification"
    told = (
        *("method", "agency", "reference", "is_verified", "mismatch", "verified_at", "expires_on", "evidence"),
        *("evidence_digest", "recorded_at"),
    )


class GateChanges(ForeignKeyHolder):
    """When the customer came in scope and left it; nobody needs that once the customer is destroyed."""

    model = "consent.GateChange"

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL hannun.destroying = 'on'")  # the rows are append-only until then
        return super().erase(customers, at)


class CleanupAsks(ForeignKeyHolder):
    """What the customer was asked for the clean-up."""

    model = "consent.CleanupAsk"
