"""Retention: how long each class of data is kept, what is to be destroyed, who approved it, what is left."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models.authors import by_staff
from consent.models.purposes import Recipient
from customers.models.versions import RulesVersion


class RetentionRules(RulesVersion):
    """A version of the rules of retention: `definition["classes"]` as `consent.rules.retention` reads it.

    rehearsal: how many customers would be due by it, {action: [by this version, by the one in use]}, and when that was
    counted; empty before.
    """

    rehearsal = models.JSONField(_("rehearsal"), default=dict)

    class Meta(RulesVersion.Meta):
        abstract = False
        verbose_name = _("rules of retention")
        verbose_name_plural = _("rules of retention")
        permissions = [
            ("draft_retentionrules", gettext_noop("Can draft rules of retention")),
            ("publish_retentionrules", gettext_noop("Can publish rules of retention that somebody else drafted")),
        ]
        constraints = [
            models.UniqueConstraint(name="retention_rules_one_live", fields=["state"], condition=Q(state="LIVE"))
        ]


class Hold(models.Model):
    """A customer must not be destroyed for now: why, until when it is looked at again (PO4).

    scope: EVERYTHING keeps the customer where it is; DESTRUCTION lets it be kept apart, but not destroyed.
    """

    class Scope(models.TextChoices):
        EVERYTHING = "EVERYTHING", _("Neither kept apart nor destroyed")
        DESTRUCTION = "DESTRUCTION", _("Not destroyed")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="holds", verbose_name=_("customer"))
    reason = models.TextField(_("reason"))
    clause = models.CharField(_("clause"), max_length=100)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    scope = models.CharField(_("scope"), max_length=11, choices=Scope, default=Scope.EVERYTHING)
    review_on = models.DateField(_("looked at again on"))
    placed_by = by_staff(_("placed by"))
    placed_at = models.DateTimeField(_("placed at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = by_staff(_("released by"))
    released_because = models.TextField(_("released because"), blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        permissions = [("place_hold", gettext_noop("Can place and release holds"))]
        indexes = [
            models.Index(name="hold_open", fields=["review_on"], condition=Q(released_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.review_on}"


class DestructionBatch(models.Model):
    """Customers who are separated or destroyed together, from proposal to certificate.

    DONE: everything here is carried out, copies may be unanswered. CLOSED: every copy answered; the certificate exists.
    counts: rows by kind before and after, {kind: [before, after]}. digest: SHA-256 of the certificate.
    """

    class Action(models.TextChoices):
        SEPARATE = "SEPARATE", _("Separate")
        DESTROY = "DESTROY", _("Destroy")

    class Origin(models.TextChoices):
        RETENTION = "RETENTION", _("Period over")
        GATE = "GATE", _("Clean-up failed")
        RIGHT = "RIGHT", _("Asked by the customer")
        SERVICE = "SERVICE", _("Asked by a system")

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        APPROVED = "APPROVED", _("Approved")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Waits for copies")
        CLOSED = "CLOSED", _("Certified")
        REJECTED = "REJECTED", _("Turned down")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    action = models.CharField(_("action"), max_length=8, choices=Action)
    origin = models.CharField(_("origin"), max_length=9, choices=Origin)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    rules_version = models.PositiveIntegerField(_("version of the rules"), default=0)
    basis = models.TextField(_("basis"))
    item_count = models.PositiveIntegerField(_("customers"), default=0)
    done_count = models.PositiveIntegerField(_("carried out"), default=0)
    skipped_count = models.PositiveIntegerField(_("left out"), default=0)
    counts = models.JSONField(_("rows before and after"), default=dict)
    proposed_by = by_staff(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = by_staff(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    finished_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    certificate = models.JSONField(_("certificate"), default=dict)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True)
    closed_at = models.DateTimeField(_("certified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of destruction")
        verbose_name_plural = _("batches of destruction")
        permissions = [
            ("propose_destruction", gettext_noop("Can propose destruction")),
            ("approve_destruction", gettext_noop("Can approve and reject destruction")),
            ("answer_copy", gettext_noop("Can note what became of copies elsewhere")),
        ]
        constraints = [
            models.CheckConstraint(
                name="destruction_approved_by_a_second_person",
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            )
        ]

    def __str__(self) -> str:
        return self.number


class DestructionItem(models.Model):
    """One customer of a batch: why proposed, what it is waiting for, what was counted.

    data_class: of the rules, or of whoever proposed it. refusal: why it was left out, a code of `consent.obstacles`.
    counts: rows by kind before. life: the dates that the period rests on, as `consent.rules.retention.Life`, for a
    customer who is kept apart has no contracts to read them from; emptied when the customer is destroyed.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        DONE = "DONE", _("Carried out")
        SKIPPED = "SKIPPED", _("Left out")

    batch = models.ForeignKey(DestructionBatch, models.CASCADE, related_name="items", verbose_name=_("batch"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="destruction_items", verbose_name=_("customer")
    )
    data_class = models.CharField(_("class of data"), max_length=30)
    clause = models.CharField(_("clause"), max_length=100)
    ended_on = models.DateField(_("period began on"), null=True, blank=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    refusal = models.CharField(_("left out because"), max_length=100, blank=True)
    counts = models.JSONField(_("rows before"), default=dict)
    life = models.JSONField(_("dates"), default=dict)
    done_at = models.DateTimeField(_("carried out at"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer of a batch")
        verbose_name_plural = _("customers of batches")
        constraints = [
            models.UniqueConstraint(name="destruction_item_once", fields=["batch", "customer"]),
            models.UniqueConstraint(
                name="destruction_item_waits_once", fields=["customer"], condition=Q(state="WAITING")
            ),
        ]
        indexes = [models.Index(name="destruction_item_waiting", fields=["batch", "state", "id"])]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.customer_id}"


class CopyAnswer(models.Model):
    """Somebody who keeps copies of customers of a batch: a source, a recipient, a file that was exported.

    A silent one keeps the batch open. customers: the ids of those it is asked about. count_told: how many of them it
    says it destroyed; kept: the others, {customer id: [reason, day until which or '']}.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        DESTROYED = "DESTROYED", _("Destroyed")
        KEPT = "KEPT", _("Kept, with a reason")

    batch = models.ForeignKey(DestructionBatch, models.CASCADE, related_name="copies", verbose_name=_("batch"))
    source = models.ForeignKey(
        "customers.SourceSystem", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    recipient = models.ForeignKey(
        Recipient, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recipient")
    )
    export = models.ForeignKey(
        "accounts.Export", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("exported file")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    customers = ArrayField(models.BigIntegerField(), verbose_name=_("customers asked about"), default=list)
    count_asked = models.PositiveIntegerField(_("customers asked about"))
    count_told = models.PositiveIntegerField(_("customers answered for"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    until = models.DateField(_("kept until"), null=True, blank=True)
    kept = models.JSONField(_("kept, by customer"), default=dict)
    asked_at = models.DateTimeField(_("asked at"))
    due_on = models.DateField(_("due on"))
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = by_staff(_("answered by"))

    class Meta:
        verbose_name = _("answer about a copy")
        verbose_name_plural = _("answers about copies")
        constraints = [
            models.UniqueConstraint(
                name="copy_answer_once", fields=["batch", "source", "recipient", "export"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.state}"


class SeparatedUse(models.Model):
    """Somebody looked at data that are kept apart: who, why; the customer is told (신용정보법 §20의2④)."""

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="separated_uses", verbose_name=_("customer")
    )
    reason = models.TextField(_("reason"))
    clause = models.CharField(_("clause"), max_length=100)
    used_by = by_staff(_("used by"))
    used_at = models.DateTimeField(_("used at"))
    told_at = models.DateTimeField(_("customer told at"), null=True, blank=True)
    told_how = models.CharField(_("how the customer was told"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("use of separated data")
        verbose_name_plural = _("uses of separated data")
        permissions = [("use_separated", gettext_noop("Can look at data that are kept apart"))]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.used_at:%Y-%m-%d}"
