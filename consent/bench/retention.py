"""How long the night takes to propose over the whole stock, and a destruction of some (goal: of the 120 s of the night
for lapse, gate and retention together over 1,000,000 customers)."""

from __future__ import annotations

import time

from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from consent.models import DestructionItem
from consent.services import retention_proposals
from customers.models import Customer


def measure(staff: Staff) -> dict[str, object]:
    """Seconds for the proposals of a night, how many customers were proposed, of how many. Nothing is kept."""
    began = time.perf_counter()
    with transaction.atomic():
        retention_proposals.propose_nightly(at=timezone.now())
        seconds = time.perf_counter() - began
        proposed = DestructionItem.objects.filter(state=DestructionItem.State.WAITING).count()
        transaction.set_rollback(True)
    return {"propose_s": round(seconds, 2), "proposed": proposed, "customers": Customer.objects.count()}
