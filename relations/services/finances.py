"""Recording and withdrawing what is known of a customer's finances. Nothing is recorded without the customer's consent,
nothing is ever changed: a newer fact stands beside the older, a wrong one is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from accounts.trail import saw
from customers.masking import without_resident_numbers
from customers.models import Customer
from relations.models import FinancialFact, PolicyElsewhere, RiskProfile
from relations.models.finances import Sourced
from relations.rules import risk
from relations.rules.finances import MOST, Range, is_silly, months_after

TABLES: tuple[type[Sourced], ...] = (FinancialFact, PolicyElsewhere, RiskProfile)
Row = TypeVar("Row", bound=Sourced)
SAME = {"customer", "as_of", "told_by", "consented_on", "consent_method"}
SAME |= {"kind", "low", "high", "insurer", "product_group", "monthly_premium", "started_on", "ends_on", "level"}
"""The fields by which a fact is the same as another, over all tables."""


class NotActive(Exception):
    """The customer was merged into another one; nothing can be recorded of it any more."""


class NotAPerson(Exception):
    """Finances are those of persons; an organisation has none here."""


class NoConsent(Exception):
    """It is not said when and how the customer consented that this is kept."""


class ConsentInFuture(Exception):
    """The consent is said to be given on a day that has not come."""


class ConsentTooOld(Exception):
    """The consent was given longer ago than settings.FINANCE_CONSENT_MONTHS; the customer has to be asked again."""


class ToldInFuture(Exception):
    """The fact is said to be of a day that has not come."""


class SillyRange(Exception):
    """The range says nothing, is the wrong way round, or is beyond what anybody has."""


class EndsBeforeStart(Exception):
    """The policy is said to end before it began."""


class AlreadyRecorded(Exception):
    """The very same fact stands already."""


class AlreadyWithdrawn(Exception):
    """The fact was withdrawn before, and that must stand."""


class NothingToWithdraw(Exception):
    """Nothing that stands is recorded of the customer."""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What every fact says of itself. as_of: the day it is true of; consented_on, consent_method: when and how the
    customer consented that it is kept, None and '' where nobody says; evidence: what was seen, in free words."""

    as_of: date
    told_by: str
    consented_on: date | None
    consent_method: str
    evidence: str = ""


@transaction.atomic
def record_fact(
    *, customer: Customer, kind: str, told: Range, provenance: Provenance, by: Staff | None, at: datetime
) -> FinancialFact:
    """Record a sum of money of a customer as a range.

    Raises NotActive, NotAPerson, NoConsent, ConsentInFuture, ConsentTooOld, ToldInFuture, SillyRange, AlreadyRecorded.
    """
    return _recorded(FinancialFact(kind=kind, low=told.low, high=told.high), customer, provenance, by, at)


@transaction.atomic
def record_policy_elsewhere(
    *,
    customer: Customer,
    insurer: str,
    product_group: str,
    provenance: Provenance,
    by: Staff | None,
    at: datetime,
    monthly_premium: int | None = None,
    started_on: date | None = None,
    ends_on: date | None = None,
) -> PolicyElsewhere:
    """Record a policy with another insurer. monthly_premium: won.

    Raises what `record_fact` raises, and EndsBeforeStart.
    """
    policy = PolicyElsewhere(
        insurer=without_resident_numbers(insurer),
        product_group=product_group,
        monthly_premium=monthly_premium,
        started_on=started_on,
        ends_on=ends_on,
    )
    return _recorded(policy, customer, provenance, by, at)


@transaction.atomic
def record_risk_profile(
    *, customer: Customer, answers: Mapping[str, str], provenance: Provenance, by: Staff | None, at: datetime
) -> RiskProfile:
    """Record the level that these answers give, valid for settings.RISK_PROFILE_MONTHS. answers: `{question: answer}`
    of the newest questionnaire.

    Raises what `record_fact` raises, and risk.Incomplete.
    """
    if provenance.as_of > timezone.localdate(at):  # before anything is counted from a day beyond the calendar
        raise ToldInFuture
    return _recorded(profile_of(answers, provenance.as_of), customer, provenance, by, at)


def profile_of(answers: Mapping[str, str], as_of: date) -> RiskProfile:
    """The profile of these answers, of nobody and not saved. Raises risk.Incomplete."""
    asked = risk.QUESTIONNAIRES[risk.LATEST].questions
    return RiskProfile(
        level=risk.level_of(risk.LATEST, answers),
        valid_until=months_after(as_of, settings.RISK_PROFILE_MONTHS),
        answers={"questionnaire": risk.LATEST, **{question.code: answers[question.code] for question in asked}},
    )


@transaction.atomic
def withdraw_fact(*, fact: Sourced, reason: str, by: Staff, at: datetime) -> Sourced:
    """Withdraw a fact, a policy elsewhere or a risk profile: it counts no more, and stays in the history.

    Raises AlreadyWithdrawn.
    """
    fact = type(fact).objects.select_for_update().get(pk=fact.pk)
    if fact.withdrawn_at is not None:
        raise AlreadyWithdrawn
    fact.withdrawn_at, fact.withdrawn_by = at, by
    fact.withdrawn_because = without_resident_numbers(reason)
    fact.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    saw(fact.customer_id)
    return fact


@transaction.atomic
def withdraw_finances(*, customer: Customer, reason: str, by: Staff, at: datetime) -> int:
    """Withdraw all that stands of a customer, as when the consent to keep it is taken back; returns how many.

    Raises NothingToWithdraw.
    """
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    ended = {"withdrawn_at": at, "withdrawn_by": by, "withdrawn_because": without_resident_numbers(reason)}
    count = sum(table.objects.filter(customer=customer, withdrawn_at=None).update(**ended) for table in TABLES)
    if not count:
        raise NothingToWithdraw
    saw(customer.pk)
    return count


@transaction.atomic
def record_many(*, rows: Sequence[Sourced], at: datetime) -> dict[str, int]:
    """Record many facts at once, each under the same rules as one; returns how many of each model. The rows are not
    saved yet, and carry customer, provenance and author.

    Raises what `record_fact` raises but for AlreadyRecorded: it is for a source that sends each fact once.
    """
    wanted = {row.customer_id for row in rows}
    held = Customer.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    customers = {customer.pk: customer for customer in held.only("pk", "kind", "state")}
    for row in rows:
        check(row, customers[row.customer_id], timezone.localdate(at))
        row.recorded_at = at
    counts = {}
    for table in TABLES:
        own = [row for row in rows if type(row) is table]
        counts[table._meta.label] = len(table.objects.bulk_create(own, batch_size=5_000))
    return counts


def _recorded(row: Row, customer: Customer, provenance: Provenance, by: Staff | None, at: datetime) -> Row:
    """The row, checked and saved."""
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    for name, value in asdict(provenance).items():
        setattr(row, name, value)
    row.customer, row.recorded_by, row.recorded_at = customer, by, at
    row.evidence = without_resident_numbers(row.evidence)
    check(row, customer, timezone.localdate(at))
    if _stands_already(row):
        raise AlreadyRecorded
    row.save()
    saw(customer.pk)
    return row


def check(row: Sourced, customer: Customer, today: date) -> None:
    """Whether this may be recorded of the customer today. Raises what `record_fact` raises but for AlreadyRecorded."""
    if not customer.is_active_customer:
        raise NotActive
    if customer.kind != "PERSON":
        raise NotAPerson
    if row.consented_on is None or not row.consent_method:
        raise NoConsent
    if row.consented_on > today:
        raise ConsentInFuture
    if months_after(row.consented_on, settings.FINANCE_CONSENT_MONTHS) < today:
        raise ConsentTooOld
    if row.as_of > today:
        raise ToldInFuture
    if isinstance(row, FinancialFact) and is_silly(row.kind, Range(row.low, row.high)):
        raise SillyRange
    if isinstance(row, PolicyElsewhere):
        _check_policy(row)


def _check_policy(policy: PolicyElsewhere) -> None:
    premium = policy.monthly_premium
    if premium is not None and not 0 <= premium <= MOST["CAPACITY"]:
        raise SillyRange
    if policy.started_on and policy.ends_on and policy.ends_on < policy.started_on:
        raise EndsBeforeStart


def _stands_already(row: Sourced) -> bool:
    """Whether all but the evidence and the author is as in a row that nobody withdrew, as after a second click."""
    same = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name in SAME}
    return type(row).objects.filter(withdrawn_at=None, **same).exists()
