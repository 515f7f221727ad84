"""Finances of planted customers: insurers and evidence that stand nowhere else, of customers near and far."""

from __future__ import annotations

from django.utils import timezone

from relations.services import finances
from tests.planting import Planted, Population
from tests.relations.finances import BOLD, days_ago, record, record_policy, record_profile

KEYS = {"own": "OWN", "near": "NEAR", "far": "FAR", "granted": "GRANTED", "vip": "VIP", "set": "SET", "agent": "AGENT"}


def plant(planted: Population) -> None:
    """Of each of these customers a fact, one that is too old, one that was withdrawn, a policy and a profile."""
    fp = planted.viewers["FP"]
    for place, (word, key) in enumerate(KEYS.items(), 1):
        customer = planted.notable[word]
        seen, told, insurer = f"샛별증빙{place:02}건", f"샛별설문{place:02}건", f"샛별생명{place:02}호"
        record(customer, "INCOME", 30_000_000 + place, 40_000_000, by=fp, evidence=seen)
        record(customer, "ASSETS", 1, 2, by=fp, as_of=days_ago(3000))
        wrong = record(customer, "DEBTS", 1, 2, by=fp, evidence=f"샛별오류{place:02}건")
        finances.withdraw_fact(fact=wrong, reason="잘못 들음", by=fp, at=timezone.now())
        record_policy(customer, insurer=insurer, by=fp)
        record_profile(customer, BOLD, by=fp, evidence=told)
        planted.values += [
            Planted("income", seen, "POLICY", key),
            Planted("policy_elsewhere", insurer, "POLICY", key),
            Planted("risk_profile", told, "POLICY", key),
        ]
