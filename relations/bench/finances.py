"""How long finances take on a large stock: recording in sets, the panel of a customer, the sums of a household."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from customers.bench.pages import WARMING, percentile
from customers.models import Customer
from relations.demo.finances import seed
from relations.models import FinancialFact, Household
from relations.panels.finances import finances
from relations.reports.finances import household_roll_up

REQUESTS = 200


def measure(*, staff: Staff, requests: int = REQUESTS) -> dict[str, float | int]:
    """Seconds of the seed (none where the stock has finances already), milliseconds of the rest, p50 and p95.
    staff: somebody who sees the whole stock. Nothing that it writes stays."""
    with transaction.atomic():
        began = time.perf_counter()
        seeded = sum(seed(timezone.now()).values())
        seconds = time.perf_counter() - began
        told = {"seeded": seeded, "seed_seconds": round(seconds, 1), "facts": FinancialFact.objects.count()}
        told |= _times("panel", _panels(staff, requests))
        told |= _times("roll_up", _roll_ups(staff, requests))
        transaction.set_rollback(True)
    return told


def _panels(staff: Staff, requests: int) -> list[float]:
    """Of customers of whom something is known."""
    known = FinancialFact.objects.order_by("customer").values("customer").distinct()
    customers = list(Customer.objects.filter(pk__in=known[: requests + WARMING]))
    return [_seconds(lambda customer=customer: finances(customer, staff)) for customer in customers][WARMING:]


def _roll_ups(staff: Staff, requests: int) -> list[float]:
    homes = list(Household.objects.still_open().order_by("pk")[: requests + WARMING])
    return [_seconds(lambda home=home: household_roll_up(home, staff)) for home in homes][WARMING:]


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _times(name: str, measured: list[float]) -> dict[str, float]:
    if not measured:
        return {}
    return {f"{name}_p50": percentile(measured, 50), f"{name}_p95": percentile(measured, 95)}
