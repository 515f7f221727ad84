"""How long a question about one contact takes, and about everybody at once; nothing of it stays."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Staff
from consent.bench.consents import check_keys
from consent.models import Channel, Purpose
from consent.reports.contact_facts import digests_of
from consent.services.contacting import may_contact
from consent.services.contacting_many import may_contact_many
from customers.models import Customer

SAMPLE = 300
CHANNEL = Channel.SMS
# Of each hundred customers so many said each, so that every table that a question reads holds something.
FILL = """
INSERT INTO consent_consent (customer_id, purpose_id, channel, answer, at, because, recorded_at)
SELECT customer.id, %(purpose)s, channel.name,
    CASE customer.id %% 10 WHEN 0 THEN 'REFUSED' WHEN 1 THEN 'WITHDRAWN' ELSE 'GIVEN' END,
    %(at)s - make_interval(days => 1 + (customer.id %% 400)::integer), '', %(at)s
FROM customers_customer customer CROSS JOIN unnest(%(channels)s::text[]) AS channel(name)
WHERE customer.state = 'ACTIVE'
  AND NOT EXISTS (SELECT FROM consent_consent held WHERE held.customer_id = customer.id);
INSERT INTO consent_contactrefusal
    (customer_id, kind, channel, said_at, said_via, recorded_at, lifted_because)
SELECT customer.id, 'OPT_OUT', %(channel)s, %(at)s, '', %(at)s, '' FROM customers_customer customer
WHERE customer.state = 'ACTIVE' AND customer.id %% 100 < 5
ON CONFLICT DO NOTHING;
INSERT INTO consent_circumstance (customer_id, kind, channel, reference, started_on, recorded_at)
SELECT customer.id, 'COMPLAINT', 'ANY', '', %(day)s, %(at)s FROM customers_customer customer
WHERE customer.state = 'ACTIVE' AND customer.id %% 100 = 7
ON CONFLICT DO NOTHING;
"""
REGISTER = """
INSERT INTO consent_donotcallnumber (phone_digest, registered_on, expires_on, release_reason)
SELECT digest, %s, %s, '' FROM unnest(%s::bytea[]) AS row(digest) ON CONFLICT DO NOTHING
"""
CHANNELS = ("PHONE", "SMS", "MESSENGER", "EMAIL", "MAIL")


def measure(staff: Staff, sample: int = SAMPLE) -> dict[str, object]:
    """Milliseconds of one question, and seconds of the question about every active customer by text message, with five
    consents each. Everything is taken back at the end."""
    purpose = Purpose.objects.filter(code="MARKETING").first()
    ids = list(Customer.objects.filter(state=Customer.State.ACTIVE).order_by("pk").values_list("pk", flat=True))
    if purpose is None or not ids:
        return {}
    with transaction.atomic():
        _fill(purpose)
        chosen = random.Random("contact").sample(ids, min(sample, len(ids)))  # noqa: S311 - no secret
        single = _single(chosen, purpose, staff)
        began = perf_counter()
        ask = may_contact_many(
            customers=None, channel=CHANNEL, purpose=purpose, at=timezone.now(), by=staff, asked_for="bench"
        )
        check_keys()
        seconds = perf_counter() - began
        transaction.set_rollback(True)
    return {
        "customers": len(ids),
        "one_ms": {"median": round(statistics.median(single), 2), "p95": round(_p95(single), 2)},
        "all_seconds": round(seconds, 2),
        "reasons": len(ask.counts),
    }


def _fill(purpose: Purpose) -> None:
    now = timezone.now()
    words = {
        "purpose": purpose.pk,
        "at": now,
        "day": timezone.localdate(now),
        "channels": list(CHANNELS),
        "channel": str(CHANNEL),
    }
    phones = Customer.objects.filter(state=Customer.State.ACTIVE).exclude(mobile="").order_by("pk")
    listed = digests_of(phones.values_list("mobile", flat=True)[: max(1, phones.count() // 20)])
    with connection.cursor() as cursor:
        cursor.execute(FILL, words)
        cursor.execute(REGISTER, [words["day"], words["day"] + timedelta(days=700), listed])
        cursor.execute("ANALYZE consent_consent, consent_contactrefusal, consent_circumstance, consent_donotcallnumber")
    check_keys()


def _single(ids: Sequence[int], purpose: Purpose, staff: Staff) -> list[float]:
    """Milliseconds of each question, the customer fetched before, as pages and services do."""
    taken = []
    for customer in Customer.objects.filter(pk__in=ids).order_by("pk"):
        began = perf_counter()
        may_contact(customer=customer, channel=CHANNEL, purpose=purpose, at=timezone.now(), by=staff)
        taken.append((perf_counter() - began) * 1000)
    return taken[1:] or taken


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, int(0.95 * len(taken)))]
