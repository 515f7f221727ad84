"""How long the nightly work of the gate takes on a large stock: finding it anew, opening and closing questions."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from consent.models import CleanupAsk
from consent.reports.cleanup_progress import progress
from consent.reports.gate import customers_to_let_go, gate_report
from consent.services.cleanup import follow_asks
from customers.models import Customer
from customers.services.gating import regate_all


def measure(staff: Staff) -> dict[str, float | int]:
    """Seconds of each step over all customers, and how many those were. staff: somebody who sees them all. Nothing
    that it writes stays."""
    now = timezone.now()
    with transaction.atomic():
        told: dict[str, float | int] = {"customers": Customer.objects.filter(state="ACTIVE").count()}
        told["regate_seconds"], told["moved"] = _timed(lambda: regate_all(at=now, because="NIGHT"))
        told["regate_again_seconds"], _moved = _timed(lambda: regate_all(at=now, because="NIGHT"))
        told["open_asks_seconds"], opened = _timed(lambda: follow_asks(at=now))
        told["opened"] = opened["opened"]
        told["follow_asks_seconds"], _followed = _timed(lambda: follow_asks(at=now))
        told["asks"] = CleanupAsk.objects.count()
        told["let_go_seconds"], _due = _timed(lambda: customers_to_let_go(timezone.localdate(now)))
        told["progress_seconds"], _progress = _timed(lambda: progress(staff, timezone.localdate(now)))
        told["board_seconds"], _report = _timed(lambda: gate_report(staff, now))
        transaction.set_rollback(True)
    return told


def _timed(act: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    done = act()
    return round(time.perf_counter() - began, 2), done
