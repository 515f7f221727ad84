"""Gate and clean-up in the population of the walks: verifications, changes of the gate, questions.

Nouns of addresses: `cleanup` → CleanupAsk (`cleanup/<pk>/answer/`); all others name a customer by number.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consent.services import cleanup
from consent.services.verification import record_verification
from tests.planting import Planted, Population

KEYS = {"own": "OWN", "near": "NEAR", "far": "FAR", "vip": "VIP"}


def plant(planted: Population) -> None:
    """Of each of these customers a verification with evidence that stands nowhere else, and what to ask of them."""
    now, fp = timezone.now(), planted.viewers["FP"]
    for place, (word, key) in enumerate(KEYS.items(), 1):
        evidence = f"달빛증빙{place:02}건"
        record_verification(
            customer=planted.notable[word], method="MOBILE", is_verified=place % 2 == 0,
            mismatch="" if place % 2 == 0 else "NAME", verified_at=now, agency="평가원", reference=f"PLANTED-{place}",
            evidence=evidence, by=fp, at=now,
        )  # fmt: skip
        planted.values.append(Planted("consent", evidence, "POLICY", key))
    customers = [planted.notable[word].pk for word in KEYS]
    cleanup.open_asks(kind="RECONFIRM", customers=customers, due_on=timezone.localdate() + timedelta(days=30), at=now)
    cleanup.follow_asks(at=now)
