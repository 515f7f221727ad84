"""What leaves the house: to whom, for what, how much and when last (PO7); and breaches, with their clock."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff
from consent.models.purposes import Purpose, Recipient


class Outflow(models.Model):
    """Data of customers go to a recipient for a purpose: which items, on which basis, how, from when to when."""

    class Fate(models.TextChoices):
        RUNNING = "RUNNING", _("Runs")
        RETURN_ASKED = "RETURN_ASKED", _("Return or destruction asked")
        RETURNED = "RETURNED", _("Returned")
        DESTROYED = "DESTROYED", _("Destroyed")

    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="outflows", verbose_name=_("recipient"))
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="outflows", verbose_name=_("purpose"))
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("items"), default=list)
    clause = models.CharField(_("clause"), max_length=100)
    way = models.CharField(_("way"), max_length=100)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    fate = models.CharField(_("what became of the data"), max_length=12, choices=Fate, default=Fate.RUNNING)
    fate_on = models.DateField(_("on"), null=True, blank=True)
    fate_proof = models.TextField(_("proof"), blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("outflow")
        verbose_name_plural = _("outflows")
        permissions = [("record_outflow", gettext_noop("Can record outflows and transfers"))]
        constraints = [
            models.UniqueConstraint(
                name="outflow_once_open", fields=["recipient", "purpose"], condition=Q(ended_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.purpose_id}"


class Transfer(models.Model):
    """Data went out once: when, of how many customers, under which reference. Rows are never changed."""

    outflow = models.ForeignKey(Outflow, models.PROTECT, related_name="transfers", verbose_name=_("outflow"))
    sent_at = models.DateTimeField(_("sent at"))
    customer_count = models.PositiveIntegerField(_("customers"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True)
    recorded_by = by_staff(_("recorded by"))

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        indexes = [models.Index(name="transfer_newest", fields=["outflow", "-sent_at"])]
        constraints = [
            models.UniqueConstraint(
                name="transfer_once_per_reference", fields=["outflow", "reference"], condition=~Q(reference="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.outflow_id} {self.sent_at:%Y-%m-%d}"


class Breach(models.Model):
    """Data were lost, stolen, leaked, forged, altered or damaged, or may have been. The clock runs from `known_at`."""

    class Kind(models.TextChoices):
        LOSS = "LOSS", _("Lost")
        THEFT = "THEFT", _("Stolen")
        LEAK = "LEAK", _("Leaked")
        ALTERATION = "ALTERATION", _("Forged or altered")
        DAMAGE = "DAMAGE", _("Damaged")
        POSSIBLE = "POSSIBLE", _("Possible, not confirmed")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        CLEARED = "CLEARED", _("Cleared: nothing leaked")
        CLOSED = "CLOSED", _("Closed")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    known_at = models.DateTimeField(_("known at"))
    due_at = models.DateTimeField(_("to be told and reported by"))
    circumstances = models.TextField(_("when and how"))
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("items"), default=list)
    protection = models.TextField(_("what people can do to protect themselves"))
    response = models.TextField(_("what is done about it"))
    contact = models.TextField(_("whom to ask"))
    by_hacking = models.BooleanField(_("from outside"), default=False)
    has_credit_data = models.BooleanField(_("credit information among them"), default=True)
    affected_count = models.PositiveIntegerField(_("affected"), default=0)
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    report_reference = models.CharField(_("reference of the report"), max_length=80, blank=True)
    posted_on = models.DateField(_("posted on the website on"), null=True, blank=True)
    closing = models.TextField(_("closing note"), blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    closed_by = by_staff(_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        permissions = [("handle_breach", gettext_noop("Can record and handle breaches"))]

    def __str__(self) -> str:
        return self.number


class BreachNotice(models.Model):
    """A customer whose data a breach touched: how they come to be on the list, and when they were told, how proven."""

    breach = models.ForeignKey(Breach, models.CASCADE, related_name="notices", verbose_name=_("breach"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="breach_notices", verbose_name=_("customer")
    )
    entry_count = models.PositiveIntegerField(_("entries of the trail"), default=0)
    channel = models.CharField(pgettext_lazy("notice", "told by"), max_length=9, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    proof = models.CharField(_("proof of sending"), max_length=80, blank=True)
    failed_because = models.CharField(_("not reached because"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("notice of a breach")
        verbose_name_plural = _("notices of a breach")
        constraints = [models.UniqueConstraint(name="breach_notice_once", fields=["breach", "customer"])]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.customer_id}"
