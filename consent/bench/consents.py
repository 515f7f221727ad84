"""How long it takes to tell what customers consent to, and to write down what ran out; nothing of it stays."""

from __future__ import annotations

import statistics
from datetime import date, datetime, timedelta
from time import perf_counter

from django.db import connection, transaction
from django.utils import timezone

from consent.models import Purpose
from consent.services.consents import adopt_consents, lapse_consents
from consent.state import HELD, held, held_words
from customers.models import Customer

CHANNELS = ("PHONE", "SMS", "EMAIL", "MAIL", "VISIT")  # five consents of each customer
SAMPLE = 200
# Consents of which a share runs out today; numbers beside each other, so that it is the same on every stock.
PLANT = """
INSERT INTO consent_consent (customer_id, purpose_id, channel, answer, at, expires_on, because, recorded_at)
SELECT customer.id, %(purpose)s, asked.channel, 'GIVEN', %(at)s - interval '700 days',
    CASE WHEN customer.id %% 20 = 0 THEN %(day)s ELSE %(day)s + 300 END, 'BENCH', %(at)s
FROM (SELECT id FROM customers_customer WHERE state = 'ACTIVE' ORDER BY id LIMIT %(customers)s) customer
CROSS JOIN unnest(%(channels)s::text[]) asked(channel)
"""


def measure(*, customers: int = 1_000_000, on: date | None = None) -> dict[str, object]:
    """Seconds of the nightly jobs over so many customers with five consents each, and milliseconds of one state.

    customers: at most; where the stock has fewer, all of them. All of it is rolled back.
    """
    now = timezone.now()
    day = on or timezone.localdate(now)
    purpose = _purpose()
    with transaction.atomic():
        planted = plant(at=now, day=day, customers=customers)
        figures: dict[str, object] = {"customers": planted // len(CHANNELS), "consents": planted}
        figures |= {"state_of_all_s": _state_of_all(purpose), "lapse_s": 0.0}
        began = perf_counter()
        figures["lapsed"] = lapse_consents(day=day, at=now)
        figures["lapse_s"] = since(began)
        began = perf_counter()
        lapse_consents(day=day, at=now)
        figures["lapse_again_s"] = since(began)
        began = perf_counter()
        figures["adopted"] = adopt_consents(at=now)
        figures["adopt_s"] = since(began)
        figures["state_of_one_ms"] = _states_of_one()
        transaction.set_rollback(True)
    return figures


def plant(*, at: datetime, day: date, customers: int = 1_000_000) -> int:
    """Five consents of each customer, one in twenty of which runs out on that day; returns how many were made."""
    words = {"purpose": _purpose().pk, "at": at, "day": day, "customers": customers, "channels": list(CHANNELS)}
    with connection.cursor() as cursor:
        cursor.execute(PLANT, words)
        planted = cursor.rowcount
        cursor.execute("ANALYZE consent_consent")
    return planted


def check_keys() -> None:
    """Have the database check now what it would check at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _purpose() -> Purpose:
    return Purpose.objects.get(code="MARKETING")


def since(began: float) -> float:
    """Seconds, to hundredths."""
    return round(perf_counter() - began, 2)


def _state_of_all(purpose: Purpose) -> float:
    """Seconds to tell who holds one purpose and channel."""
    began = perf_counter()
    with connection.cursor() as cursor:
        words = held_words(at=timezone.now(), purpose_id=purpose.pk, channel="SMS")
        cursor.execute(f"SELECT answer, count(*) FROM ({HELD}) held GROUP BY answer", words)  # noqa: S608 - constants
        cursor.fetchall()
    return since(began)


def _states_of_one() -> dict[str, float]:
    ids = list(Customer.objects.filter(state="ACTIVE").order_by("pk").values_list("pk", flat=True)[: SAMPLE * 7 : 7])
    taken = []
    for customer in ids:
        began = perf_counter()
        held([customer], timezone.now() + timedelta(seconds=1))
        taken.append((perf_counter() - began) * 1000)
    ordered = sorted(taken) or [0.0]
    return {"median": round(statistics.median(ordered), 2), "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 2)}
