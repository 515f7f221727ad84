"""How long compliance and privacy wait for their pages on a large stock: the figures, and the charts counted anew."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Staff
from consent.reports.wall import figures
from consent.reports.wall_charts import KEY, charts
from customers.bench.pages import WARMING, percentile

REQUESTS = 20


def measure(staff: Staff) -> dict[str, float]:
    """Milliseconds of all figures, p50 and p95, and seconds of counting the charts, which are kept for a while after.
    staff: somebody who sees the whole stock; figures that they may not see are not counted."""
    now, measured = timezone.now(), []
    for _each in range(REQUESTS + WARMING):
        began = time.perf_counter()
        figures(staff, now)
        measured.append(time.perf_counter() - began)
    cache.delete(KEY)
    began = time.perf_counter()
    charts(now)
    told = {f"figures_p{share}": percentile(measured[WARMING:], share) for share in (50, 95)}
    return told | {"charts_seconds": round(time.perf_counter() - began, 1)}
