"""How long the blind check takes on the stock that is loaded: the work alone, and what whoever asks waits."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from accounts.models import Staff
from customers.bench.pages import percentile
from customers.models import Customer
from relations.services.prospects_checks import look

WARMING = 10
BUDGET_MS = 50.0


def measure(requests: int = 300, seed: int = 1) -> dict[str, object]:
    """Ask about customers of others, misspelt ones and people whom nobody has, as a planner; writes nothing.

    Milliseconds, 50th and 95th of a hundred: `work` until the answer is known, `waited` with the time that every answer
    takes. The work must stay within 50 ms at 1,000,000 customers.
    """
    planners = Staff.objects.filter(is_active=True, branch__isnull=False)
    by = (
        planners.filter(Q(groups__name="FP") | Q(groups=None))
        .order_by(F("groups__name").asc(nulls_last=True), "pk")
        .first()
    )
    if by is None:
        return {"requests": 0}
    asked = _asked(requests + WARMING, seed)
    if len(asked) <= WARMING:
        return {"requests": 0}
    work = _timed(asked, lambda cells: look(cells, by, timezone.now(), is_timed=False))
    waited = _timed(asked[: WARMING + 20], lambda cells: look(cells, by, timezone.now(), is_timed=True))
    return {
        "customers": Customer.objects.filter(state=Customer.State.ACTIVE).count(),
        "requests": len(work),
        "work_p50_ms": percentile(work, 50),
        "work_p95_ms": percentile(work, 95),
        "waited_p95_ms": percentile(waited, 95),
        "within_budget": percentile(work, 95) <= BUDGET_MS,
    }


def _asked(count: int, seed: int) -> list[dict[str, str]]:
    """What is typed, in turn: somebody as they are, misspelt, and nobody."""
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    ends = Customer.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    wanted = [draw.randint(ends["first"], ends["last"]) for _place in range(6 * count)]
    people = Customer.objects.filter(pk__in=wanted, kind="PERSON", state="ACTIVE").exclude(mobile="")
    held = list(people.order_by("pk").values("name", "birth_date", "mobile"))
    draw.shuffle(held)
    held = held[:count]
    return [_typed(cells, place, draw) for place, cells in enumerate(held)]


def _typed(held: Mapping[str, object], place: int, draw: random.Random) -> dict[str, str]:
    cells = {"name": str(held["name"]), "birth_date": str(held["birth_date"] or ""), "mobile": str(held["mobile"])}
    if place % 3 == 1:
        return cells | {"name": " ".join(cells["name"]), "birth_date": ""}
    if place % 3 == 2:
        return cells | {"mobile": f"010{draw.randrange(10**8):08}", "birth_date": "1901-01-01"}
    return cells


def _timed(asked: list[dict[str, str]], ask: Callable[[Mapping[str, str]], object]) -> list[float]:
    seconds = []
    for place, cells in enumerate(asked):
        with transaction.atomic():
            began = time.perf_counter()
            ask(cells)
            if place >= WARMING:
                seconds.append(time.perf_counter() - began)
    return seconds
