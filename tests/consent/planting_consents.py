"""Consents in the population of the walks: answers, a weak one, a withdrawal, a conflict after a merge.

Nouns of addresses: `receipt`, `consent` and `conflict` name a customer by number, or nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consent.services.consents import Answer, record_receipt, withdraw
from consent.services.seeding import set_up_consent
from tests.planting import Planted, Population

KEYS = {"own": "OWN", "near": "NEAR", "far": "FAR", "granted": "GRANTED", "vip": "VIP"}


def plant(planted: Population) -> None:
    """Of each of these customers consents with evidence that stands nowhere else, and of some a withdrawal."""
    from tests.consent.consenting import back_date_texts, purpose

    set_up_consent()
    back_date_texts()
    fp, now = planted.viewers["FP"], timezone.now()
    for place, (word, key) in enumerate(KEYS.items(), 1):
        customer, seen = planted.notable[word], f"샛별동의{place:02}건"
        asked = purpose()
        record_receipt(
            customer=customer,
            answers=[Answer(asked, "GIVEN", "PHONE"), Answer(asked, "REFUSED", "SMS")],
            method="PHONE",
            answered_at=now - timedelta(days=place),
            by=fp,
            at=now,
            evidence=seen,
        )
        planted.values.append(Planted("consent", seen, "POLICY", key))
        if place % 2:
            withdraw(customer=customer, by=fp, at=now, via=f"샛별철회{place:02}건")
