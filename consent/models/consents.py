"""Consents: what somebody answered, to which words, how it is proven. Rows are never changed (trigger)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff
from consent.models.purposes import Channel, Purpose, Recipient, Text
from consent.querysets import ConsentQuerySet


class Receipt(models.Model):
    """One occasion on which somebody answered: by what means, proven how well, taken by whom and where.

    proof: 1 (best: signed with identity checked) … 4 (only told). evidence: where the proof lies; evidence_digest: its
    SHA-256. representative: who answered for a child or ward. key: of the sender, so that a repeated message is one.
    """

    class Method(models.TextChoices):
        PAPER = "PAPER", pgettext_lazy("consent", "Signed paper")
        TABLET = "TABLET", pgettext_lazy("consent", "Signed on a tablet")
        PHONE = "PHONE", pgettext_lazy("consent", "Recorded call")
        PHONE_WEB = "PHONE_WEB", pgettext_lazy("consent", "Call with the text on the web")
        WEB = "WEB", pgettext_lazy("consent", "Website or app")
        EMAIL = "EMAIL", pgettext_lazy("consent", "E-mail")
        SOURCE = "SOURCE", pgettext_lazy("consent", "Sent by a source")
        ORAL = "ORAL", pgettext_lazy("consent", "Told")

    class Role(models.TextChoices):
        SELF = "SELF", _("The person")
        LEGAL_REP = "LEGAL_REP", _("Legal representative")
        PROXY = "PROXY", _("Proxy")

    number = models.CharField(_("receipt number"), max_length=12, unique=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="consent_receipts", verbose_name=_("customer")
    )
    method = models.CharField(_("method"), max_length=9, choices=Method)
    proof = models.PositiveSmallIntegerField(_("grade of proof"))
    evidence = models.TextField(_("evidence"), blank=True)
    evidence_digest = models.CharField(_("fingerprint of the evidence"), max_length=64, blank=True)
    by_role = models.CharField(_("answered by"), max_length=9, choices=Role, default=Role.SELF)
    representative = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("representative"),
    )  # fmt: skip
    source = models.ForeignKey(
        "customers.SourceSystem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    key = models.CharField(_("key of the sender"), max_length=80, blank=True)
    branch = models.ForeignKey(
        "accounts.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("where")
    )
    answered_at = models.DateTimeField(_("answered at"))
    taken_by = by_staff(_("taken by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(name="receipt_once_per_sender", fields=["source", "key"], condition=~Q(key="")),
            models.CheckConstraint(name="receipt_proof_is_one_to_four", condition=Q(proof__gte=1, proof__lte=4)),
            models.CheckConstraint(
                name="receipt_representative_is_named",
                condition=Q(by_role="SELF", representative__isnull=True) | ~Q(by_role="SELF"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Consent(models.Model):
    """One answer of a receipt: to one purpose, for one channel and one recipient, from an instant on.

    What holds at an instant is the newest answer before it; of a customer who was merged the strictest of all numbers
    that became one (README, decision). expires_on: the first day on which a GIVEN holds no more.
    """

    class Answer(models.TextChoices):
        GIVEN = "GIVEN", pgettext_lazy("consent", "Given")
        REFUSED = "REFUSED", pgettext_lazy("consent", "Refused")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("consent", "Withdrawn")
        LAPSED = "LAPSED", pgettext_lazy("consent", "Lapsed")

    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="consents", verbose_name=_("receipt"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, db_index=False, related_name="consents", verbose_name=_("customer")
    )
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, db_index=False, related_name="consents", verbose_name=_("purpose")
    )
    text = models.ForeignKey(Text, models.PROTECT, null=True, related_name="consents", verbose_name=_("text"))
    channel = models.CharField(_("channel"), max_length=9, choices=Channel, default=Channel.ANY)
    recipient = models.ForeignKey(
        Recipient, models.PROTECT, null=True, blank=True, related_name="consents", verbose_name=_("recipient")
    )
    answer = models.CharField(_("answer"), max_length=9, choices=Answer)
    at = models.DateTimeField(pgettext_lazy("since", "from"))
    expires_on = models.DateField(_("holds until"), null=True, blank=True)
    because = models.CharField(_("because"), max_length=30, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        permissions = [
            ("record_consent", gettext_noop("Can record consents and refusals")),
            ("withdraw_consent", gettext_noop("Can withdraw consents for a customer")),
        ]
        indexes = [
            models.Index(name="consent_state", fields=["customer", "purpose", "channel", "recipient", "-at", "-id"]),
            models.Index(name="consent_expiring", fields=["expires_on"], condition=Q(expires_on__isnull=False)),
            models.Index(name="consent_withdrawn", fields=["recorded_at"], condition=Q(answer="WITHDRAWN")),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose_id} {self.answer}"


class ConsentConflict(models.Model):
    """Two numbers that became one customer had answered differently; the stricter answer holds until somebody asks.

    customer: the survivor. other: the retired number whose answer differs. outcome: what the customer said.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="consent_conflicts", verbose_name=_("customer")
    )
    other = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", verbose_name=_("merged customer"))
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+", verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=9, choices=Channel, default=Channel.ANY)
    recipient = models.ForeignKey(
        Recipient, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recipient")
    )
    opened_at = models.DateTimeField(_("opened at"))
    outcome = models.CharField(_("outcome"), max_length=30, blank=True)
    closed_by = by_staff(_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("conflict of consents")
        verbose_name_plural = _("conflicts of consents")
        permissions = [("settle_consentconflict", gettext_noop("Can settle conflicts of consents"))]
        constraints = [
            models.UniqueConstraint(
                name="consent_conflict_open_once",
                fields=["customer", "other", "purpose", "channel", "recipient"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose_id} {self.channel}"
