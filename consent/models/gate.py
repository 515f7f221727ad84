"""The gate (A58, A59): whose real name is verified and who consented, how the rest is cleaned up, what changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff


class Verification(models.Model):
    """The real name of a customer was compared with a document or an agency's answer, with success or without.

    reference: the agency's transaction. evidence, evidence_digest: where the proof lies, and its SHA-256. ci_digest:
    keyed hash of the connecting information that came back; it stands here and never beside a resident number
    (정보통신망법 §23의6).
    """

    class Method(models.TextChoices):
        ID_CARD = "ID_CARD", _("Identity card seen")
        MOBILE = "MOBILE", _("Mobile identity check")
        CERTIFICATE = "CERTIFICATE", _("Certificate")
        VIDEO = "VIDEO", _("Video call")
        CARD = "CARD", _("Credit card")
        ACCOUNT = "ACCOUNT", _("One won to the own account")
        SOURCE = "SOURCE", _("Reported by a source")
        REGISTRY = "REGISTRY", _("Business registration")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="verifications", verbose_name=_("customer")
    )
    method = models.CharField(_("method"), max_length=11, choices=Method)
    agency = models.CharField(_("agency"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    is_verified = models.BooleanField(_("the name was verified"))
    mismatch = models.CharField(_("what did not agree"), max_length=40, blank=True)
    verified_at = models.DateTimeField(_("verified at"))
    expires_on = models.DateField(_("holds until"), null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    evidence_digest = models.CharField(_("fingerprint of the evidence"), max_length=64, blank=True)
    ci_digest = models.BinaryField(_("hash of the connecting information"), max_length=32, null=True, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("verification of the real name")
        verbose_name_plural = _("verifications of the real name")
        permissions = [("record_verification", gettext_noop("Can record verifications of the real name"))]
        constraints = [
            models.UniqueConstraint(
                name="verification_once_per_reference", fields=["agency", "reference"], condition=~Q(reference="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.method}"


class GateChange(models.Model):
    """A customer came in scope or left it: from which state to which, why, under which rules."""

    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        db_constraint=False,
        related_name="gate_changes",
        verbose_name=_("customer"),
    )
    before = models.CharField(_("before"), max_length=10)
    after = models.CharField(_("after"), max_length=10)
    because = models.CharField(_("because"), max_length=30)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change of the gate")
        verbose_name_plural = _("changes of the gate")
        indexes = [models.Index(name="gate_change_by_time", fields=["-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.after}"


class CleanupAsk(models.Model):
    """The one thing that somebody asks a customer at the next contact, until when, and what came of it (A59, M9)."""

    class Kind(models.TextChoices):
        VERIFY_NAME = "VERIFY_NAME", _("Verify the real name")
        ASK_CONSENT = "ASK_CONSENT", _("Ask for consent")
        RECONFIRM = "RECONFIRM", _("Have the consent confirmed")
        GUARDIAN = "GUARDIAN", _("Ask the legal representative")
        OF_AGE = "OF_AGE", _("Ask again, now of age")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        REFUSED = "REFUSED", pgettext_lazy("clean-up", "Refused")
        UNREACHED = "UNREACHED", _("Not reached in time")
        GONE = "GONE", _("No longer needed")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="cleanup_asks", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    source = models.ForeignKey(
        "customers.SourceSystem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    branch_code = models.CharField(_("branch"), max_length=20, blank=True)
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("due on"))
    tries = models.PositiveSmallIntegerField(_("times asked"), default=0)
    asked_at = models.DateTimeField(_("last asked at"), null=True, blank=True)
    asked_by = by_staff(_("asked by"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("question of the clean-up")
        verbose_name_plural = _("questions of the clean-up")
        permissions = [("answer_cleanupask", gettext_noop("Can note what a customer answered to the clean-up"))]
        constraints = [
            models.UniqueConstraint(
                name="cleanup_ask_open_once", fields=["customer", "kind"], condition=Q(state="OPEN")
            )
        ]
        indexes = [models.Index(name="cleanup_ask_due", fields=["state", "due_on", "id"])]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"
