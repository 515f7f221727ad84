"""Households (세대): who lives, is registered or pays together, since when, and what was suggested."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models.authors import by_staff
from relations.models.dated import Dated, Period, end_is_recorded, ends_after_start
from relations.querysets import HouseholdQuerySet, MembershipQuerySet, SuggestionQuerySet


class LifeEvent(models.TextChoices):
    """Why somebody came to or left a household, or why it closed."""

    MARRIAGE = "MARRIAGE", _("Marriage")
    BIRTH = "BIRTH", _("Birth or adoption")
    MOVED_IN = "MOVED_IN", _("Moved in")
    MOVED_OUT = "MOVED_OUT", _("Moved out")
    DIVORCE = "DIVORCE", _("Divorce")
    DEATH = "DEATH", _("Death")
    JOINED = "JOINED", _("Households joined")
    SPLIT = "SPLIT", _("Household split")
    MISTAKE = "MISTAKE", _("Recorded by mistake")
    OTHER = "OTHER", _("Another reason")


class Household(models.Model):
    """A group of customers who belong together at home. It is never deleted: it closes, or is joined into another."""

    class Kind(models.TextChoices):
        REGISTERED = "REGISTERED", _("Registered household")
        LIVING = "LIVING", _("Living together")
        PAYER = "PAYER", _("One pays for the others")

    number = models.CharField(_("household number"), max_length=10, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    opened_on = models.DateField(_("since"), null=True, blank=True)
    opened_by = by_staff(_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_because = models.CharField(_("closed because"), max_length=9, choices=LifeEvent, blank=True)
    closed_by = by_staff(_("closed by"))
    closed_at = models.DateTimeField(_("closing recorded at"), null=True, blank=True)
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", verbose_name=_("joined into")
    )

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        permissions = [
            ("suggest_household", gettext_noop("Can have households suggested over the whole stock")),
            ("decide_household", gettext_noop("Can confirm, refuse and change households")),
        ]
        constraints = [
            models.UniqueConstraint(name="household_number_once", fields=["number"]),
            models.CheckConstraint(name="household_not_joined_into_itself", condition=~Q(joined_into=F("pk"))),
            models.CheckConstraint(
                name="household_closing_is_recorded",
                condition=Q(closed_on__isnull=True, closed_at__isnull=True, closed_because="", joined_into__isnull=True)
                | Q(closed_on__isnull=False, closed_at__isnull=False) & ~Q(closed_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Membership(Dated):
    """A customer's place in a household. Of the households that somebody is in, one is primary: it counts in roll-ups.

    Nobody is in one household twice on the same day, nor has two primary ones.
    """

    class Role(models.TextChoices):
        HEAD = "HEAD", _("Head of the household")
        SPOUSE = "SPOUSE", _("Spouse")
        CHILD = "CHILD", _("Son or daughter")
        PARENT = "PARENT", _("Parent")
        GRANDPARENT = "GRANDPARENT", _("Grandparent")
        GRANDCHILD = "GRANDCHILD", _("Grandchild")
        SIBLING = "SIBLING", _("Brother or sister")
        RELATIVE = "RELATIVE", _("Other relative")
        COHABITANT = "COHABITANT", _("Lives there")

    class Basis(models.TextChoices):
        REGISTER = "REGISTER", _("Resident register")
        PERSON = "PERSON", _("Told by the person")
        SUGGESTION = "SUGGESTION", _("Suggested and confirmed")
        STEWARD = "STEWARD", _("Known to the steward")

    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships", verbose_name=_("household"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="memberships", verbose_name=_("customer")
    )
    role = models.CharField(_("role"), max_length=11, choices=Role)
    is_primary = models.BooleanField(_("primary household"), default=True)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    ended_because = models.CharField(_("ended because"), max_length=9, choices=LifeEvent, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a household")
        verbose_name_plural = _("places in households")
        constraints = [
            ends_after_start("membership"),
            end_is_recorded("membership"),
            ExclusionConstraint(
                name="membership_one_primary_at_a_time",
                expressions=[("customer", RangeOperators.EQUAL), (Period(), RangeOperators.OVERLAPS)],
                condition=Q(is_primary=True),
            ),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    (Period(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.customer_id} {self.role}"


class HouseholdEvent(models.Model):
    """One thing that happened to a household; append-only. details: codes and ids alone."""

    class Kind(models.TextChoices):
        OPENED = "OPENED", _("Opened")
        ENTERED = "ENTERED", _("Entered")
        LEFT = "LEFT", _("Left")
        ROLE = "ROLE", _("Role changed")
        PRIMARY = "PRIMARY", _("Made primary")
        SPLIT = "SPLIT", _("Split")
        JOINED = "JOINED", _("Joined with another")
        CLOSED = "CLOSED", _("Closed")

    household = models.ForeignKey(Household, models.PROTECT, related_name="events", verbose_name=_("household"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, related_name="+", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    because = models.CharField(_("because"), max_length=9, choices=LifeEvent, blank=True)
    on = models.DateField(_("on"), null=True)
    by = by_staff(_("by"))
    at = models.DateTimeField(_("at"))
    comment = models.TextField(_("comment"), blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event of a household")
        verbose_name_plural = _("events of households")

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"


class HouseholdRun(models.Model):
    """A search of the whole stock for households. counts: what was found, by step; seconds: what each step took."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        STOPPED = "STOPPED", _("Stopped")
        FAILED = "FAILED", _("Failed")

    class Step(models.TextChoices):
        READING = "READING", _("Reading the stock")
        COMPARING = "COMPARING", _("Comparing")
        GROUPING = "GROUPING", _("Grouping")
        WRITING = "WRITING", _("Writing suggestions")

    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    step = models.CharField(_("step"), max_length=9, choices=Step, blank=True)
    done = models.BigIntegerField(_("done"), default=0)
    total = models.BigIntegerField(_("total"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    seconds = models.JSONField(_("seconds"), default=dict)
    problem = models.TextField(_("problem"), blank=True)
    requested_by = by_staff(_("requested by"))
    requested_at = models.DateTimeField(_("requested at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("search for households")
        verbose_name_plural = _("searches for households")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class HouseholdSuggestion(models.Model):
    """Customers who seem to belong together; no household until a person confirms it.

    score: 0–1, how sure the weakest needed tie is. ties: `[[position, position, score, [evidence codes]], …]` by the
    positions of the members. household: the open one that would grow, None for a new one.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Waiting for a decision")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        REFUSED = "REFUSED", _("Refused")
        OVERTAKEN = "OVERTAKEN", _("Overtaken")

    run = models.ForeignKey(
        HouseholdRun, models.PROTECT, null=True, db_index=False, related_name="suggestions", verbose_name=_("search")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Household.Kind)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="suggestions", verbose_name=_("household")
    )
    score = models.FloatField(_("score"))
    size = models.PositiveSmallIntegerField(_("members"))
    ties = models.JSONField(_("ties"), default=list)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(_("made at"))
    decided_by = by_staff(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested household")
        verbose_name_plural = _("suggested households")
        indexes = [
            models.Index(name="household_suggestion_waiting", fields=["-score", "id"], condition=Q(state="OPEN")),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class SuggestedMember(models.Model):
    """A customer in a suggestion, and the role that age and ties make likely. position: from 0, head first.

    Without database constraints, since a search writes hundreds of thousands of rows in one COPY (README, decision 6).
    """

    suggestion = models.ForeignKey(
        HouseholdSuggestion, models.PROTECT, db_constraint=False, related_name="members", verbose_name=_("suggestion")
    )
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("customer")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    role = models.CharField(_("role"), max_length=11, choices=Membership.Role)

    class Meta:
        verbose_name = _("member of a suggested household")
        verbose_name_plural = _("members of suggested households")

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.position}"


class HouseholdRefusal(models.Model):
    """Two customers of whom a person said that they are no household of this kind; no search suggests them again."""

    first = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", verbose_name=_("one"))
    second = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", verbose_name=_("other"))
    kind = models.CharField(_("kind"), max_length=10, choices=Household.Kind)
    refused_by = by_staff(_("refused by"))
    refused_at = models.DateTimeField(_("refused at"))
    comment = models.TextField(_("comment"), blank=True)
    withdrawn_by = by_staff(_("withdrawn by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("refused household")
        verbose_name_plural = _("refused households")
        constraints = [
            models.CheckConstraint(name="household_refusal_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                name="household_refused_once",
                fields=["first", "second", "kind"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.kind}"
