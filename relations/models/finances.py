"""Finances (재무): what is known of income, assets, debts and policies elsewhere; from whom, and by what consent."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models.authors import by_staff
from customers.models.contract import ContractRow
from relations.querysets import FinancialQuerySet


class ConsentMethod(models.TextChoices):
    """How the consent to keep a financial fact was given."""

    PAPER = "PAPER", _("Signed paper")
    PHONE = "PHONE", _("Recorded call")
    WEB = "WEB", _("Website or app")
    FACE = "FACE", _("Face to face")


class Sourced(models.Model):
    """What every financial fact says of itself: of whom, as of when, by whom told, and by which consent.

    Facts are never changed: a newer one is written beside the older, a wrong one is withdrawn.
    """

    class ToldBy(models.TextChoices):
        CUSTOMER = "CUSTOMER", _("Told by the customer")
        DOCUMENT = "DOCUMENT", _("Seen in a document")
        BUREAU = "BUREAU", _("Credit bureau")
        PLANNER = "PLANNER", _("Estimated by the planner")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="%(class)ss", verbose_name=_("customer")
    )
    as_of = models.DateField(_("as of"))
    told_by = models.CharField(_("told by"), max_length=8, choices=ToldBy)
    consented_on = models.DateField(_("consent given on"))
    consent_method = models.CharField(_("consent given by"), max_length=5, choices=ConsentMethod)
    evidence = models.TextField(_("evidence"), blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_by = by_staff(_("withdrawn by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_because = models.TextField(_("withdrawn because"), blank=True)

    objects = FinancialQuerySet.as_manager()

    class Meta:
        abstract = True


class FinancialFact(Sourced):
    """A sum of money in the life of a customer, as a range. low, high: won; `high` is empty where there is no bound."""

    class Kind(models.TextChoices):
        INCOME = "INCOME", _("Income a year")
        ASSETS = "ASSETS", _("Assets")
        DEBTS = "DEBTS", _("Debts")
        CAPACITY = "CAPACITY", _("Premium capacity a month")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    low = models.BigIntegerField(_("from"))
    high = models.BigIntegerField(_("up to"), null=True, blank=True)

    class Meta:
        verbose_name = _("financial fact")
        verbose_name_plural = _("financial facts")
        permissions = [("record_finance", gettext_noop("Can record and withdraw financial facts"))]
        constraints = [
            models.CheckConstraint(
                name="financial_fact_is_a_range",
                condition=Q(low__gte=0) & (Q(high__isnull=True) | Q(high__gte=F("low"))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"


class PolicyElsewhere(Sourced):
    """A policy with another insurer. monthly_premium: won."""

    insurer = models.TextField(_("insurer"))
    product_group = models.CharField(_("product group"), max_length=12, choices=ContractRow.ProductGroup)
    monthly_premium = models.BigIntegerField(_("monthly premium"), null=True, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy elsewhere")
        verbose_name_plural = _("policies elsewhere")
        constraints = [
            models.CheckConstraint(
                name="policy_elsewhere_premium_not_negative",
                condition=Q(monthly_premium__isnull=True) | Q(monthly_premium__gte=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.product_group}"


class RiskProfile(Sourced):
    """The investment propensity (투자성향) of a customer, in five levels, valid for a time.

    answers: `{question: answer}` of the questionnaire, where it was filled in here.
    """

    class Level(models.IntegerChoices):
        STABLE = 1, _("Stable")
        STABILITY_SEEKING = 2, _("Seeking stability")
        NEUTRAL = 3, _("Risk neutral")
        ACTIVE = 4, _("Active investor")
        AGGRESSIVE = 5, _("Aggressive investor")

    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    valid_until = models.DateField(_("valid until"))
    answers = models.JSONField(_("answers"), default=dict)

    class Meta:
        verbose_name = _("risk profile")
        verbose_name_plural = _("risk profiles")
        constraints = [
            models.CheckConstraint(name="risk_profile_level_is_one_to_five", condition=Q(level__gte=1, level__lte=5)),
            models.CheckConstraint(name="risk_profile_valid_for_a_time", condition=Q(valid_until__gte=F("as_of"))),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.level}"
