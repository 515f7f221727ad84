"""Group contracts and their members (단체·종업원): rosters of employers, cover that ends, and the purpose wall."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models.authors import by_staff
from relations.querysets import GroupMemberQuerySet


class Roster(models.Model):
    """A list of members that a company's HR sent for a group contract. Nothing of it holds until it is applied whole.

    on: the day that the list tells of. is_full: whoever is not on it has left; otherwise it holds changes alone.
    counts: rows by what they would do. The file itself is removed as that of a feed is.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        CHECKING = "CHECKING", _("Being checked")
        CHECKED = "CHECKED", _("Checked")
        APPLYING = "APPLYING", _("Being applied")
        APPLIED = "APPLIED", _("Applied")
        CANCELLED = "CANCELLED", _("Cancelled")
        FAILED = "FAILED", _("Failed")

    organisation = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="rosters", verbose_name=_("organisation")
    )
    contract = models.ForeignKey(
        "customers.Contract", models.PROTECT, related_name="rosters", verbose_name=_("contract")
    )
    file_name = models.TextField(_("file"))
    file_path = models.TextField(_("kept at"), blank=True)
    file_digest = models.CharField(_("fingerprint"), max_length=64, blank=True)
    on = models.DateField(_("as of"))
    is_full = models.BooleanField(_("whole list"), default=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    problem = models.TextField(_("problem"), blank=True)
    uploaded_by = by_staff(_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    applied_by = by_staff(_("applied by"))
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        permissions = [("load_roster", gettext_noop("Can load and apply rosters"))]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class GroupMember(models.Model):
    """Somebody whom an employer insures under a group contract: an employee, or a dependant of one.

    What stands here was given by the employer for that contract and for nothing else (purpose wall): it is never copied
    to the golden customer and never read for sales or campaigns. customer: the same person as a customer, as the
    engine found; match_weight in bits. cover_until: the first day without cover.
    """

    class Relation(models.TextChoices):
        SELF = "SELF", _("Employee")
        SPOUSE = "SPOUSE", _("Spouse")
        CHILD = "CHILD", _("Son or daughter")
        PARENT = "PARENT", _("Parent")
        OTHER = "OTHER", _("Other dependant")

    contract = models.ForeignKey(
        "customers.Contract", models.PROTECT, related_name="group_members", verbose_name=_("contract")
    )
    organisation = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="group_members", verbose_name=_("organisation")
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="group_covers",
        verbose_name=_("as a customer"),
    )
    principal = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="dependants", verbose_name=_("employee")
    )
    relation = models.CharField(_("relation"), max_length=6, choices=Relation)
    employee_no = models.TextField(_("employee number"))
    name = models.TextField(_("name"))
    birth_date = models.DateField(_("birth date"), null=True)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    rrn_mask = models.CharField(_("resident number"), max_length=14, blank=True)
    rrn_sealed = models.BinaryField(_("resident number, sealed"), null=True)
    rrn_index = models.BinaryField(_("resident number, blind index"), null=True)
    mobile = models.TextField(_("mobile"), blank=True)
    email = models.TextField(_("e-mail"), blank=True)
    match_weight = models.FloatField(_("match weight"), null=True)
    matched_at = models.DateTimeField(_("matched at"), null=True)
    joined_on = models.DateField(_("joined on"), null=True)
    left_on = models.DateField(_("left on"), null=True)
    cover_from = models.DateField(_("covered from"))
    cover_until = models.DateField(_("covered until"), null=True)
    first_roster = models.ForeignKey(
        Roster, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("first roster")
    )
    last_roster = models.ForeignKey(
        Roster, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("last roster")
    )

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        constraints = [
            models.UniqueConstraint(
                name="group_member_open_once",
                fields=["contract", "employee_no", "relation", "name", "birth_date"],
                condition=Q(cover_until__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="group_member_dependants_have_an_employee",
                condition=Q(relation="SELF", principal__isnull=True) | ~Q(relation="SELF") & Q(principal__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.pk}"


class RosterRow(models.Model):
    """A row of a roster and what it would do. content_sealed: the cells as read, sealed; problems: codes."""

    class Action(models.TextChoices):
        JOIN = "JOIN", _("Joins")
        CHANGE = "CHANGE", _("Changes")
        SAME = "SAME", _("Stays as it is")
        LEAVE = "LEAVE", _("Leaves")
        REJECT = "REJECT", _("Cannot be taken")

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rows", verbose_name=_("roster"))
    line = models.PositiveIntegerField(_("line"))
    action = models.CharField(_("action"), max_length=6, choices=Action)
    relation = models.CharField(_("relation"), max_length=6, choices=GroupMember.Relation, blank=True)
    member = models.ForeignKey(
        GroupMember, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("member")
    )
    changed = models.JSONField(_("changed items"), default=list)
    problems = models.JSONField(_("problems"), default=list)
    content_sealed = models.BinaryField(_("cells, sealed"), null=True)

    class Meta:
        verbose_name = _("row of a roster")
        verbose_name_plural = _("rows of rosters")
        constraints = [models.UniqueConstraint(name="roster_row_once", fields=["roster", "line"])]

    def __str__(self) -> str:
        return f"{self.roster_id} {self.line}"


class CoverEnd(models.Model):
    """Group cover of a person that ended or will end, for the FP who may say so to them.

    why_not: the code of why nobody may, empty where somebody may. fp: the keeper of the person on that day.
    """

    class Because(models.TextChoices):
        LEFT = "LEFT", _("Left the company")
        CONTRACT = "CONTRACT", _("The group contract ended")
        DEPENDANT = "DEPENDANT", _("No dependant any more")

    member = models.ForeignKey(GroupMember, models.PROTECT, related_name="cover_ends", verbose_name=_("member"))
    on = models.DateField(_("on"))
    because = models.CharField(_("because"), max_length=9, choices=Because)
    fp = by_staff(_("planner"))
    why_not = models.CharField(_("why nobody may say so"), max_length=20, blank=True)
    made_at = models.DateTimeField(_("made at"))
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("end of group cover")
        verbose_name_plural = _("ends of group cover")
        constraints = [models.UniqueConstraint(name="cover_end_once", fields=["member", "on"])]
        indexes = [models.Index(name="cover_end_for_planner", fields=["fp", "on"])]

    def __str__(self) -> str:
        return f"{self.member_id} {self.on}"


class WallHit(models.Model):
    """A query for employers' data that the purpose wall refused, with the clause it rests on; append-only."""

    by = by_staff(_("by"))
    at = models.DateTimeField(_("at"))
    purpose = models.CharField(_("purpose"), max_length=20)
    asked = models.CharField(_("asked for"), max_length=60)
    clause = models.TextField(_("clause"))

    class Meta:
        verbose_name = _("refusal at the purpose wall")
        verbose_name_plural = _("refusals at the purpose wall")

    def __str__(self) -> str:
        return f"{self.purpose} {self.asked}"
