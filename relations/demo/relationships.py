"""Relationships of the demonstration: spouses, parents and legal representatives of people who share contracts, and
customers who brought others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from relations.models import Relationship
from relations.rules.relationships import is_minor, years_between
from relations.services.relationships import NotAccepted, Refused, register_relationship
from relations.ties import ties_of

LOOKED_AT = 3_000  # customers whose contracts are looked through
MOST = 120  # of each kind
ADULT = 19
SPOUSES_APART, PARENT_APART = 12, range(18, 46)
REFERRED_SHARE = 0.04
# What the contracts name is told by the person in most cases, and shown by a paper in some.
BASES = (("PERSON", "상담 중 확인"), ("PERSON", "전화 상담"), ("DOCUMENT", "가족관계증명서"))
DOCUMENT = ("DOCUMENT", "기본증명서와 가족관계증명서")
OLDEST_DAYS = 900


def seed(at: datetime) -> dict[str, int]:
    """Relationships of a share of the customers, the same for the same stock; none where anybody has told any."""
    kinds = ("SPOUSE", "PARENT", "LEGAL_REP", "REFERRER")
    if Relationship.objects.exclude(basis=Relationship.Basis.INFERRED).exists():
        return dict.fromkeys(kinds, 0)
    steward = Staff.objects.filter(groups__name="DATA_STEWARD").order_by("pk").first()
    counts = Counter(dict.fromkeys(kinds, 0))
    for first, second, kind, told in _claims(at):
        basis, evidence, said_at = told
        if counts[kind] < MOST:
            counts[kind] += _registered(
                first=first, second=second, kind=kind, basis=basis, evidence=evidence, by=steward, at=said_at
            )
    return dict(counts)


def _registered(**claim: object) -> bool:
    """Whether it could be written down; draws of a demonstration may be impossible or unlikely."""
    try:
        register_relationship(**claim)
    except (Refused, NotAccepted):
        return False
    return True


def _claims(at: datetime) -> Iterator[tuple[Customer, Customer, str, tuple[str, str, datetime]]]:
    """(first, second, kind, (basis, evidence, when it was told)) of those whom contracts name together, and of those
    whom one planner keeps."""
    draw, today = random.Random("relationships"), timezone.localdate(at)  # noqa: S311 - no secret
    persons = Customer.objects.filter(state=Customer.State.ACTIVE, kind="PERSON", birth_date__isnull=False)
    looked_at = list(persons.order_by("pk").values_list("pk", flat=True)[:LOOKED_AT])
    ties = ties_of(looked_at, most=5, only_open=True).relations
    pairs = [(tie.customer_id, tie.other_id) for tie in ties if tie.kind == "POLICYHOLDER" and not tie.is_first]
    known = persons.in_bulk({customer for pair in pairs for customer in pair})
    for holder, insured in pairs:
        if holder in known and insured in known:
            yield from _of_pair(draw, known[holder], known[insured], at, today)
    kept = persons.filter(keeper__isnull=False).order_by("keeper", "pk")[:LOOKED_AT]
    before = None
    for customer in kept:
        if before and before.keeper_id == customer.keeper_id and draw.random() < REFERRED_SHARE:
            yield before, customer, "REFERRER", _told(draw, ("PERSON", "소개 접수"), at)
        before = customer


def _of_pair(
    draw: random.Random, holder: Customer, insured: Customer, at: datetime, today: date
) -> Iterator[tuple[Customer, Customer, str, tuple[str, str, datetime]]]:
    """What a policyholder may be to the insured, by their ages and sexes; of some pairs nobody told anything."""
    years = years_between(holder.birth_date, insured.birth_date)
    if draw.random() < 0.5:
        return
    if years in PARENT_APART:
        yield holder, insured, "PARENT", _told(draw, draw.choice(BASES), at)
        if is_minor(insured.birth_date, today, ADULT):
            yield holder, insured, "LEGAL_REP", _told(draw, DOCUMENT, at)
    elif abs(years) <= SPOUSES_APART and {holder.sex, insured.sex} == {"M", "F"}:
        yield holder, insured, "SPOUSE", _told(draw, draw.choice(BASES), at)


def _told(draw: random.Random, said: tuple[str, str], at: datetime) -> tuple[str, str, datetime]:
    """Who said it, in what words, and when: mostly lately, sometimes so long ago that it has to be asked again."""
    return *said, at - timedelta(days=min(int(draw.expovariate(1 / 250)), OLDEST_DAYS))
