"""Finances of the demonstration: what planners wrote down of a share of the customers, some of it long ago."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from customers.models import Contract, Customer
from relations.models import FinancialFact, PolicyElsewhere
from relations.models.finances import ConsentMethod, Sourced
from relations.rules import risk
from relations.rules.finances import age_on, bands
from relations.services.finances import profile_of, record_many

SHARE = 0.3  # of the adults
LEAST_AGE, OLDEST_DAYS = 20, 1_500
MOST_CUSTOMERS = 20_000  # are looked at, so that a large stock is not slow to show
TELLERS = ("CUSTOMER", "DOCUMENT", "BUREAU", "PLANNER")
EVIDENCE = {
    "CUSTOMER": ("상담 중 확인", "전화 상담", "재무설계 설문"),
    "DOCUMENT": ("원천징수영수증", "소득금액증명", "등기사항증명서", "잔액증명서"),
    "BUREAU": ("신용정보 조회",),
    "PLANNER": ("설계사 추정",),
}
INSURERS = ("가온생명", "누리생명", "다솜화재", "라온손해보험", "미르생명", "해든화재")
PREMIUMS = (23_000, 38_000, 52_000, 71_000, 96_000, 134_000, 210_000)
SHARES = {"INCOME": 0.9, "ASSETS": 0.5, "DEBTS": 0.45, "CAPACITY": 0.6}
CENTRES = {"INCOME": 3.2, "ASSETS": 4.5, "DEBTS": 2.5, "CAPACITY": 3.5}
"""Around which band the customers of a kind lie."""


def seed(at: datetime) -> dict[str, int]:
    """Facts, policies elsewhere and risk profiles of a share of the adult customers; none where there are any."""
    if FinancialFact.objects.exists():
        return {"financial facts": 0, "policies elsewhere": 0, "risk profiles": 0}
    today = timezone.localdate(at)
    staff = dict(Staff.objects.values_list("employee_number", "pk"))
    rows = [row for customer in _adults(today) for row in _rows_of(customer, staff, today)]
    counts = record_many(rows=rows, at=at)
    return {
        "financial facts": counts["relations.FinancialFact"],
        "policies elsewhere": counts["relations.PolicyElsewhere"],
        "risk profiles": counts["relations.RiskProfile"],
    }


def _adults(today: date) -> Iterator[Customer]:
    """The active persons of age, in the order of their numbers."""
    persons = Customer.objects.filter(state=Customer.State.ACTIVE, kind="PERSON", birth_date__isnull=False)
    ordered = persons.only("pk", "number", "birth_date", "keeper").order_by("number")
    for customer in ordered[:MOST_CUSTOMERS].iterator(5_000):
        if age_on(customer.birth_date, today) >= LEAST_AGE:
            yield customer


def _rows_of(customer: Customer, staff: dict[str, int], today: date) -> Iterator[Sourced]:
    """What is known of one customer; the same for the same number, whenever it is asked."""
    draw = random.Random(f"finances {customer.number}")  # noqa: S311 - no secret
    if draw.random() >= SHARE:
        return
    recorder = staff.get(customer.keeper_id)
    for kind, share in SHARES.items():
        while draw.random() < share:
            yield _fact(draw, customer, kind, recorder, today)
            share /= 3  # a second one of the same kind is rare
    while draw.random() < 0.4:
        yield _policy(draw, customer, recorder, today)
    if draw.random() < 0.5:
        yield _profile(draw, customer, recorder, today)


def _told(draw: random.Random, customer: Customer, recorder: int | None, today: date, teller: str) -> dict[str, object]:
    """Where a fact comes from. Most were told within two years; the consent is of the last months."""
    age = min(int(draw.expovariate(1 / 330)), OLDEST_DAYS)
    consented = min(age, draw.randrange(700))
    return {
        "customer": customer,
        "as_of": today - timedelta(days=age),
        "told_by": teller,
        "consented_on": today - timedelta(days=consented),
        "consent_method": draw.choice(ConsentMethod.values),
        "evidence": draw.choice(EVIDENCE[teller]),
        "recorded_by_id": recorder,
    }


def _fact(draw: random.Random, customer: Customer, kind: str, recorder: int | None, today: date) -> FinancialFact:
    offered = bands(kind)
    place = min(max(round(draw.gauss(CENTRES[kind], 1.8)), 0), len(offered) - 1)
    low, high = offered[place]
    teller = draw.choices(TELLERS, (50, 25, 5, 20))[0]
    told = _told(draw, customer, recorder, today, teller)
    return FinancialFact(kind=kind, low=low, high=high, **told)


def _policy(draw: random.Random, customer: Customer, recorder: int | None, today: date) -> PolicyElsewhere:
    began = today - timedelta(days=draw.randrange(200, 5_000))
    groups = (Contract.ProductGroup.CANCER, Contract.ProductGroup.INDEMNITY, Contract.ProductGroup.WHOLE_LIFE)
    return PolicyElsewhere(
        insurer=draw.choice(INSURERS),
        product_group=draw.choice(groups),
        monthly_premium=draw.choice(PREMIUMS),
        started_on=began,
        ends_on=began + timedelta(days=365 * draw.choice((10, 20, 30))),
        **_told(draw, customer, recorder, today, "CUSTOMER"),
    )


def _profile(draw: random.Random, customer: Customer, recorder: int | None, today: date) -> Sourced:
    """A profile of somebody more or less bold, and so in all answers."""
    bold = draw.random()
    answers = {}
    for question in risk.QUESTIONNAIRES[risk.LATEST].questions:
        offered = list(question.points)
        place = round(draw.gauss(bold, 0.15) * (len(offered) - 1))
        answers[question.code] = offered[min(max(place, 0), len(offered) - 1)]
    told = _told(draw, customer, recorder, today, "CUSTOMER")
    profile = profile_of(answers, told["as_of"])
    for name, value in told.items():
        setattr(profile, name, value)
    return profile
