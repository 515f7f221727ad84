"""Keepers (담당): who looks after whom, since when and why; handovers (인사이동), and customers whom nobody keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff
from relations.querysets import DatedQuerySet, HandoverItemQuerySet


class Keeper(models.Model):
    """A dated assignment: one planner (FP) or dedicated manager looks after a customer. The company owns, they keep.

    A customer has one keeper of each kind at a time. why SOURCE: as the sources say, and it follows them; every other
    assignment was made here and outranks them. ended_on: the first day without it.
    """

    class Kind(models.TextChoices):
        FP = "FP", _("Planner")
        MANAGER = "MANAGER", _("Dedicated manager")

    class Why(models.TextChoices):
        SOURCE = "SOURCE", _("Named by a source")
        REGISTERED = "REGISTERED", _("Registered as a managed customer")
        PROSPECT = "PROSPECT", _("Registered as a prospect")
        HANDOVER = "HANDOVER", _("Handed over")
        ORPHAN = "ORPHAN", _("Taken from those whom nobody kept")
        GRADE = "GRADE", _("Top grade")
        BY_HAND = "BY_HAND", _("Assigned by hand")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="keepers", verbose_name=_("customer")
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="kept", verbose_name=_("keeper"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.FP)
    branch = models.ForeignKey(
        "accounts.Branch", models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("branch"),
    )  # fmt: skip
    why = models.CharField(_("why"), max_length=10, choices=Why)
    note = models.TextField(_("note"), blank=True)
    next_contact_on = models.DateField(_("next contact planned on"), null=True, blank=True)
    next_contact_for = models.TextField(_("purpose of the next contact"), blank=True)
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    ended_by = by_staff(_("ended by"))
    ended_at = models.DateTimeField(_("end recorded at"), null=True, blank=True)
    handover = models.ForeignKey(
        "Handover", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("handover")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("keeper")
        verbose_name_plural = _("keepers")
        permissions = [
            ("assign_keeper", gettext_noop("Can assign keepers")),
            ("keep_customer", gettext_noop("Can register customers to look after, and take over customers")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="keeper_one_of_a_kind", fields=["customer", "kind"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="keeper_end_is_recorded",
                condition=Q(ended_on__isnull=True, ended_at__isnull=True)
                | Q(ended_on__isnull=False, ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="keeper_of_staff", fields=["staff", "customer"], condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.staff_id}"


class KeeperTerms(models.Model):
    """How many customers a member of staff may keep, and what the rules of distribution ask of them.

    persistency_percent: share of the own contracts still in force in the 13th month; complaint_count: upheld in the
    last year. Empty where unknown, which counts as average.
    """

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="keeper_terms", verbose_name=_("member of staff")
    )
    capacity = models.PositiveIntegerField(_("capacity"))
    persistency_percent = models.DecimalField(_("persistency"), max_digits=5, decimal_places=2, null=True, blank=True)
    complaint_count = models.PositiveSmallIntegerField(_("complaints"), null=True, blank=True)
    is_closed = models.BooleanField(_("takes nobody new"), default=False)
    changed_by = by_staff(_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("terms of a keeper")
        verbose_name_plural = _("terms of keepers")

    def __str__(self) -> str:
        return f"{self.staff_id} {self.capacity}"


class Handover(models.Model):
    """A plan by which customers change keepers on a day (인사이동). On that day nobody is left without one, or nothing
    changes and the refusal says who would be.

    rules: the weights that chose the receivers. left_out: `[[customer id, code], …]`, of the last attempt.
    planning: how far a worker is who plans it; empty when the plan is there.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        OFFERED = "OFFERED", _("Offered to the receivers")
        REFUSED = "REFUSED", _("Refused: somebody would be without a keeper")
        RUNNING = "RUNNING", _("Being carried out")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")

    class Planning(models.TextChoices):
        WAITING = "WAITING", _("Waits to be planned")
        RUNNING = "RUNNING", _("Is being planned")
        FAILED = "FAILED", _("Planning failed")

    title = models.TextField(_("title"))
    takes_effect_on = models.DateField(_("takes effect on"))
    branch = models.ForeignKey(
        "accounts.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    planning = models.CharField(_("planning"), max_length=7, choices=Planning, blank=True, default="")
    rules = models.JSONField(_("rules of distribution"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    left_out = models.JSONField(_("left out"), default=list)
    file_name = models.TextField(_("file"), blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    drafted_by = by_staff(_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        permissions = [
            ("plan_handover", gettext_noop("Can plan and carry out handovers")),
            ("view_orphans", gettext_noop("Can see customers whom nobody keeps")),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_being_planned(self) -> bool:
        """Whether a worker counts and chooses receivers, or is about to."""
        return self.planning in (self.Planning.WAITING, self.Planning.RUNNING)


class StaffMove(models.Model):
    """A line of a handover: somebody leaves, or goes to another branch with or without the customers."""

    class Kind(models.TextChoices):
        LEAVES = "LEAVES", _("Leaves the company")
        MOVES = "MOVES", _("Moves, customers stay with the branch")
        TAKES_ALONG = "TAKES_ALONG", _("Moves and takes the customers along")

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="moves", verbose_name=_("handover"))
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("member of staff")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    to_branch = models.ForeignKey(
        "accounts.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to branch")
    )
    counts = models.JSONField(_("what the member of staff holds"), default=dict)

    class Meta:
        verbose_name = _("move of staff")
        verbose_name_plural = _("moves of staff")
        constraints = [models.UniqueConstraint(name="staff_move_once", fields=["handover", "staff"])]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.staff_id}"


class HandoverItem(models.Model):
    """One customer of a handover: from whom, to whom, and why that one.

    why: `[[code, points], …]`. held: what comes along, `{"contracts": 3, …}`.
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Planned")
        OFFERED = "OFFERED", _("Offered")
        ACCEPTED = "ACCEPTED", pgettext_lazy("handover", "Accepted")
        RETURNED = "RETURNED", _("Returned")
        DONE = "DONE", _("Done")

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items", verbose_name=_("handover"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="handover_items", verbose_name=_("customer")
    )
    from_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("from")
    )
    to_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("to")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED)
    why = models.JSONField(_("why"), default=list)
    held = models.JSONField(_("what comes along"), default=dict)
    note = models.TextField(_("note of the one who leaves"), blank=True)
    proposed_staff = by_staff(_("proposed by the one who leaves"))
    joint_visit_on = models.DateField(_("joint visit on"), null=True, blank=True)
    notice_sent_on = models.DateField(_("customer told on"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    return_reason = models.TextField(_("returned because"), blank=True)

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer of a handover")
        verbose_name_plural = _("customers of handovers")
        constraints = [models.UniqueConstraint(name="handover_item_once", fields=["handover", "customer"])]
        indexes = [
            models.Index(name="handover_item_for_receiver", fields=["to_staff", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.customer_id}"


class OrphanNote(models.Model):
    """Why a customer has no keeper, as a person explained it, until when that may stay so."""

    class Why(models.TextChoices):
        DIGITAL = "DIGITAL", _("Wants no planner, deals online")
        HEAD_OFFICE = "HEAD_OFFICE", _("Looked after by head office")
        CLOSING = "CLOSING", _("The relationship is ending")
        BEING_ASSIGNED = "BEING_ASSIGNED", _("About to be assigned")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="orphan_notes", verbose_name=_("customer")
    )
    why = models.CharField(_("why"), max_length=14, choices=Why)
    until = models.DateField(_("until"))
    note = models.TextField(_("note"), blank=True)
    by = by_staff(_("by"))
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("explanation of a missing keeper")
        verbose_name_plural = _("explanations of missing keepers")
        constraints = [
            models.UniqueConstraint(name="orphan_note_one_at_a_time", fields=["customer"], condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.why}"
