"""Prospects (유망고객): registered once in the whole company, by consent, for a time, with a fair way to object."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff
from relations.querysets import DisputeQuerySet, ProspectQuerySet


class Prospect(models.Model):
    """Somebody whom a planner wants to win, registered with the check over all customers.

    Without acquisition path, consent and expiry there is no prospect; a resident number is never kept. While ACTIVE or
    CONVERTED the values below are also a record of the source PROSPECT, which the engine links like any other:
    `record`, and `customer` as it is linked. answer: what the check said at registration. protected_until: until then
    nobody else may register the same person.
    """

    class State(models.TextChoices):
        REVIEW = "REVIEW", _("Waiting for review")
        ACTIVE = "ACTIVE", _("Active")
        CONVERTED = "CONVERTED", _("Became a customer")
        EXPIRED = "EXPIRED", _("Expired")
        RELEASED = "RELEASED", _("Released")
        REFUSED = "REFUSED", _("Refused")

    class Path(models.TextChoices):
        REFERRAL = "REFERRAL", _("Referral")
        ACQUAINTANCE = "ACQUAINTANCE", _("Acquaintance")
        EVENT = "EVENT", _("Event or seminar")
        WEB = "WEB", _("Website or app")
        CALL = "CALL", _("Called us")
        VISIT = "VISIT", _("Visited us")
        AFFILIATE = "AFFILIATE", _("Affiliated company")

    class ConsentMethod(models.TextChoices):
        PAPER = "PAPER", _("Signed paper")
        PHONE = "PHONE", _("Recorded call")
        WEB = "WEB", _("Website or app")
        MESSAGE = "MESSAGE", _("Text message")

    class Answer(models.TextChoices):
        NONE = "NONE", _("Not a customer")
        SIMILAR = "SIMILAR", _("Somebody similar")
        EXISTS = "EXISTS", _("Already a customer")

    number = models.CharField(_("receipt number"), max_length=12, editable=False)
    fp = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="prospects", verbose_name=_("planner")
    )
    branch = models.ForeignKey(
        "accounts.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    name = models.TextField(_("name"), blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    mobile = models.TextField(_("mobile"), blank=True)
    email = models.TextField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State)
    answer = models.CharField(_("answer of the check"), max_length=7, choices=Answer)
    ask_branch = models.ForeignKey(
        "accounts.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch to ask")
    )
    path = models.CharField(_("acquired by"), max_length=12, choices=Path)
    path_note = models.TextField(_("how exactly"), blank=True)
    acquired_on = models.DateField(_("acquired on"))
    consented_on = models.DateField(_("consent given on"))
    consent_method = models.CharField(_("consent given by"), max_length=7, choices=ConsentMethod)
    consent_evidence = models.TextField(_("evidence of the consent"))
    consent_items = ArrayField(models.CharField(max_length=40), verbose_name=_("items consented to"))
    expires_on = models.DateField(_("expires on"))
    protected_until = models.DateField(_("protected until"), null=True, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="prospects",
        verbose_name=_("customer"),
    )  # fmt: skip
    record = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("record"),
    )  # fmt: skip
    registered_at = models.DateTimeField(_("registered at"))
    ended_by = by_staff(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        permissions = [
            ("register_prospect", gettext_noop("Can register prospects")),
            ("judge_prospect", gettext_noop("Can decide reviews and disputes of prospects")),
            ("view_fairness", gettext_noop("Can see how prospects were divided")),
        ]
        constraints = [
            models.UniqueConstraint(name="prospect_number_once", fields=["number"]),
            models.UniqueConstraint(
                name="prospect_active_once_per_customer", fields=["customer"], condition=Q(state="ACTIVE")
            ),
            models.CheckConstraint(
                name="prospect_end_is_recorded",
                condition=Q(state__in=("REVIEW", "ACTIVE"), ended_at__isnull=True)
                | Q(state__in=("CONVERTED", "EXPIRED", "RELEASED", "REFUSED"), ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="prospect_of_planner", fields=["fp", "state", "-registered_at", "id"]),
            models.Index(name="prospect_expiring", fields=["expires_on"], condition=Q(state__in=("REVIEW", "ACTIVE"))),
        ]

    def __str__(self) -> str:
        return self.number


class ProspectEvent(models.Model):
    """One thing that happened to a prospect; append-only. details: codes and ids alone."""

    class Kind(models.TextChoices):
        REGISTERED = "REGISTERED", _("Registered")
        ACCEPTED = "ACCEPTED", _("Accepted after review")
        REFUSED = "REFUSED", _("Refused")
        CONTACTED = "CONTACTED", _("Contacted")
        EXTENDED = "EXTENDED", _("Extended by a new consent")
        DISPUTED = "DISPUTED", _("Disputed")
        MOVED = "MOVED", _("Given to another planner")
        CONVERTED = "CONVERTED", _("Became a customer")
        EXPIRED = "EXPIRED", _("Expired")
        RELEASED = "RELEASED", _("Released")

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="events", verbose_name=_("prospect"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("on"), null=True)
    by = by_staff(_("by"))
    at = models.DateTimeField(_("at"))
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event of a prospect")
        verbose_name_plural = _("events of prospects")

    def __str__(self) -> str:
        return f"{self.prospect_id} {self.kind}"


class ProspectDispute(models.Model):
    """A question for the desk: is the similar one somebody else (REVIEW), or whose prospect is it (CLAIM)?

    prospect: of the one who asks. against: the prospect that stands in the way, where there is one; `customer` where a
    customer does. facts: what both sides may see, `{code: value}`. due_at: when it must be answered.
    """

    class Kind(models.TextChoices):
        REVIEW = "REVIEW", _("Review of somebody similar")
        CLAIM = "CLAIM", _("Claim to a prospect")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Waiting for an answer")
        UPHELD = "UPHELD", _("Decided for the one who asked")
        REJECTED = "REJECTED", _("Decided against the one who asked")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("dispute", "Withdrawn")

    class Reason(models.TextChoices):
        SOMEBODY_ELSE = "SOMEBODY_ELSE", _("It is somebody else")
        SAME_PERSON = "SAME_PERSON", _("It is the same person")
        EARLIER_CONTACT = "EARLIER_CONTACT", _("Earlier valid contact")
        NO_CONTACT = "NO_CONTACT", _("No contact in the protected time")
        NO_EVIDENCE = "NO_EVIDENCE", _("Consent or contact is not proven")
        CUSTOMERS_WISH = "CUSTOMERS_WISH", _("The person wishes so")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="disputes", verbose_name=_("prospect"))
    against = models.ForeignKey(
        Prospect, models.PROTECT, null=True, blank=True, related_name="disputed", verbose_name=_("against")
    )
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    statement = models.TextField(_("statement"))
    answer_statement = models.TextField(_("statement of the other side"), blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    raised_by = by_staff(_("raised by"))
    raised_at = models.DateTimeField(_("raised at"))
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason, blank=True)
    finding = models.TextField(_("finding"), blank=True)
    decided_by = by_staff(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(name="dispute_open_once", fields=["prospect"], condition=Q(state="OPEN")),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
