"""How long it takes to see who is around a customer, and to walk a network; in milliseconds."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter

from django.conf import settings
from django.db import connection

from accounts.models import Staff
from customers.models import Customer
from relations.circle import RELATION_LIMIT
from relations.reports.network import MOST_HOPS, network_of
from relations.ties import ties_of

SAMPLE = 200
# Those with the most parties beside them: what the worst page costs.
BUSIEST = """
SELECT link.customer_id FROM customers_contractparty party
JOIN customers_sourcerecord record
  ON record.source_id = party.source_id AND record.source_key = party.party_source_key
JOIN customers_link link ON link.record_id = record.id
WHERE party.role = 'POLICYHOLDER' GROUP BY link.customer_id ORDER BY count(*) DESC, link.customer_id LIMIT 5
"""


def measure(*, viewer: Staff, sample: int = SAMPLE) -> dict[str, object]:
    """Medians and 95th percentiles over a sample of customers, and the worst of the busiest policyholders.

    viewer: somebody who sees all customers.
    """
    draw = random.Random("relations")  # noqa: S311 - no secret
    keys = list(Customer.objects.filter(state=Customer.State.ACTIVE).order_by("pk").values_list("pk", flat=True))
    chosen = draw.sample(keys, min(sample, len(keys)))
    with connection.cursor() as cursor:
        cursor.execute(BUSIEST)
        busiest = [row[0] for row in cursor.fetchall()]
    return {
        "customers": len(keys),
        "relations_ms": _figures(_timed(_relations, chosen)),
        "relations_of_busiest_ms": max(_timed(_relations, busiest), default=0.0),
        "network_ms": _figures(_timed(_network(viewer), chosen[: max(1, sample // 10)])),
    }


def _relations(customer: int) -> None:
    ties_of([customer], most=RELATION_LIMIT)


def _network(viewer: Staff) -> Callable[[int], None]:
    def walk(customer: int) -> None:
        seen = Customer.objects.with_holders().get(pk=customer)
        network_of(seen, Staff.objects.get(pk=viewer.pk), hops=MOST_HOPS, most=settings.NETWORK_MOST)

    return walk


def _timed(act: Callable[[int], None], customers: Sequence[int]) -> list[float]:
    taken = []
    for customer in customers:
        began = perf_counter()
        act(customer)
        taken.append((perf_counter() - began) * 1000)
    return taken


def _figures(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 2),
        "worst": round(ordered[-1], 2),
    }
