"""Plain builders of finances, for the tests of many pages."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from relations.models import FinancialFact, PolicyElsewhere, RiskProfile
from relations.rules import risk
from relations.rules.finances import Range
from relations.services import finances
from relations.services.finances import Provenance

CAREFUL = {question.code: next(iter(question.points)) for question in risk.QUESTIONNAIRES[risk.LATEST].questions}
BOLD = {question.code: list(question.points)[-1] for question in risk.QUESTIONNAIRES[risk.LATEST].questions}


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def provenance(**fields: object) -> Provenance:
    """Told by the customer today, with consent of today on paper."""
    today = timezone.localdate()
    usual = {"as_of": today, "told_by": "CUSTOMER", "consented_on": today, "consent_method": "PAPER"}
    return Provenance(**usual | fields)


def record(
    customer: Customer,
    kind: str = "INCOME",
    low: int = 30_000_000,
    high: int | None = 50_000_000,
    *,
    by: Staff | None = None,
    **told: object,
) -> FinancialFact:
    """A fact, recorded by the service now."""
    return finances.record_fact(
        customer=customer, kind=kind, told=Range(low, high), provenance=provenance(**told), by=by, at=timezone.now()
    )


def record_policy(
    customer: Customer, *, by: Staff | None = None, told: dict | None = None, **policy
) -> PolicyElsewhere:
    """A cancer policy of 60,000 won a month elsewhere."""
    usual = {"insurer": "다른생명", "product_group": "CANCER", "monthly_premium": 60_000}
    return finances.record_policy_elsewhere(
        customer=customer, provenance=provenance(**told or {}), by=by, at=timezone.now(), **usual | policy
    )


def record_profile(
    customer: Customer, answers: dict[str, str] = BOLD, *, by: Staff | None = None, **told
) -> RiskProfile:
    """A risk profile of bold answers."""
    return finances.record_risk_profile(
        customer=customer, answers=answers, provenance=provenance(**told), by=by, at=timezone.now()
    )
