"""How long the jobs of a night take together: consents that run out, the gate, what is to be destroyed.

The goal is 120 s over 1,000,000 customers with five consents each.
"""

from __future__ import annotations

from time import perf_counter

from django.db import transaction
from django.utils import timezone

from consent.bench.consents import check_keys, plant, since
from consent.services.consents import lapse_consents
from consent.services.retention_proposals import propose_nightly
from customers.models import Customer
from customers.services.gating import regate_all


def measure() -> dict[str, object]:
    """Seconds of each job and of all, one after the other as the night runs them. Nothing of it stays."""
    now = timezone.now()
    with transaction.atomic():
        figures: dict[str, object] = {
            "customers": Customer.objects.filter(state="ACTIVE").count(),
            "consents": plant(at=now, day=timezone.localdate(now)),
        }
        check_keys()
        began = perf_counter()
        lapse_consents(day=timezone.localdate(now), at=now)
        figures["lapse_s"] = since(began)
        gate = perf_counter()
        figures["moved"] = regate_all(at=now, because="NIGHT")
        figures["gate_s"] = since(gate)
        retention = perf_counter()
        propose_nightly(at=now)
        figures["retention_s"] = since(retention)
        check_keys()
        figures["all_s"] = since(began)
        transaction.set_rollback(True)
    return figures
