"""What people decide about customers: acts that can be taken back exactly, what they moved, and who looks again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.querysets import ActQuerySet, ProposalQuerySet


class ReasonCode(models.TextChoices):
    """Why a person decided as they did; a decision can be cited by it."""

    DOCUMENT = "DOCUMENT", _("Seen in a document")
    CUSTOMER_SAID = "CUSTOMER_SAID", _("Confirmed by the customer")
    SOURCE_SAID = "SOURCE_SAID", _("Confirmed by the source system")
    EVIDENCE = "EVIDENCE", _("Evident from the records")
    MISTAKE = "MISTAKE", _("An earlier decision was a mistake")
    OTHER = "OTHER", _("Another reason, told in the comment")


class Act(models.Model):
    """One thing that a person, or a rule, did to customers: whole or not at all, and taken back by another act.

    by: None for the engine. model_version: of the matching model in use then. details: what its kind needs, codes and
    ids alone. taken_back_by: the act that took it back.
    """

    class Kind(models.TextChoices):
        SAME = "SAME", _("Ruled one customer")
        DIFFERENT = "DIFFERENT", _("Ruled two customers")
        LEGITIMATE = "LEGITIMATE", _("Ruled legitimately two")
        LATER = "LATER", _("Put off")
        MERGE = "MERGE", _("Merged")
        UNMERGE = "UNMERGE", _("Unmerged")
        SPLIT = "SPLIT", _("Record split off")
        MOVE = "MOVE", _("Record moved")
        PIN = "PIN", _("Value pinned")
        PREFER = "PREFER", _("Source preferred")
        CORRECT = "CORRECT", _("Value corrected")
        TAKE_BACK = "TAKE_BACK", _("Taken back")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    reason_code = models.CharField(_("reason"), max_length=14, choices=ReasonCode, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    pair = models.ForeignKey(
        "customers.Pair", models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("pair")
    )
    bulk = models.ForeignKey(
        "customers.BulkAct", models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("bulk action")
    )
    model_version = models.PositiveIntegerField(_("model version"), default=0)
    details = models.JSONField(_("details"), default=dict)
    taken_back_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="takes_back", verbose_name=_("taken back by")
    )

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        permissions = [
            ("decide_pair", gettext_noop("Can decide whether two records are one customer")),
            ("merge_customer", gettext_noop("Can merge, unmerge and split customers")),
            ("approve_merge", gettext_noop("Can approve merges as the second person")),
            ("correct_customer", gettext_noop("Can correct, pin and prefer values of a customer")),
            ("decide_in_bulk", gettext_noop("Can decide many pairs at once")),
            ("view_team_quality", gettext_noop("Can see the second looks of the whole team")),
        ]
        indexes = [
            models.Index(name="act_of_person", fields=["by", "-at"]),
            models.Index(name="act_newest_first", fields=["-at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class ActCustomer(models.Model):
    """A customer that an act was about; the acts of a customer are found by it."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="customers", verbose_name=_("act"))
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="acts", verbose_name=_("customer"))

    class Meta:
        verbose_name = _("customer of an act")
        verbose_name_plural = _("customers of acts")
        constraints = [models.UniqueConstraint(name="act_names_a_customer_once", fields=["customer", "act"])]

    def __str__(self) -> str:
        return f"{self.act_id} {self.customer_id}"


class Merge(models.Model):
    """One customer that became part of another: by which act, and by which it came back, if it did."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="merges", verbose_name=_("act"))
    retired = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="merges_away", verbose_name=_("retired customer")
    )
    survivor = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="merges_in", verbose_name=_("surviving customer")
    )
    ended_by = models.ForeignKey(
        Act, models.PROTECT, null=True, blank=True, related_name="merges_ended", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(
                name="merge_retires_a_customer_once", fields=["retired"], condition=Q(ended_by__isnull=True)
            ),
            models.CheckConstraint(name="merge_of_two_customers", condition=~Q(retired=F("survivor"))),
        ]

    def __str__(self) -> str:
        return f"{self.retired_id} → {self.survivor_id}"


class MovedChild(models.Model):
    """What an act moved from one customer to another, so that exactly that can go back.

    kind: `app.Model` of the child; note: what the participant needs to give it back, such as a row that was dropped.
    """

    act = models.ForeignKey(Act, models.PROTECT, related_name="moved", verbose_name=_("act"))
    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("object"))
    from_id = models.BigIntegerField(_("from customer"))
    into_id = models.BigIntegerField(_("into customer"))
    note = models.JSONField(_("note"), default=dict)

    class Meta:
        verbose_name = _("moved child")
        verbose_name_plural = _("moved children")
        indexes = [
            models.Index(name="moved_child_of_act", fields=["act", "from_id"]),
            models.Index(name="moved_child_of_object", fields=["kind", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.from_id} → {self.into_id}"


class Proposal(models.Model):
    """A merge that a second person must approve: its value is high, or something contradicts it.

    why: codes of `customers.stewardship.Why`.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        OVERTAKEN = "OVERTAKEN", _("Overtaken")

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    survivor = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="proposals", verbose_name=_("surviving customer")
    )
    retired_ids = ArrayField(models.BigIntegerField(), verbose_name=_("customers to retire"))
    pair = models.ForeignKey(
        "customers.Pair", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pair")
    )
    why = ArrayField(models.CharField(max_length=20), verbose_name=_("why a second person is asked"))
    reason_code = models.CharField(_("reason"), max_length=14, choices=ReasonCode)
    comment = models.TextField(_("comment"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    act = models.OneToOneField(
        Act, models.PROTECT, null=True, blank=True, related_name="proposal", verbose_name=_("act")
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge proposal")
        verbose_name_plural = _("merge proposals")
        constraints = [
            models.CheckConstraint(
                name="proposal_is_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(state="OVERTAKEN") | ~Q(decided_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Duty(models.Model):
    """Something that a member of staff is to look at because of an act: what was seen before has changed.

    text_code: of `customers.stewardship_words.DUTIES`; since: from when on what they did rested on the old view.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="duties", verbose_name=_("member of staff")
    )
    act = models.ForeignKey(Act, models.PROTECT, related_name="duties", verbose_name=_("act"))
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="duties", verbose_name=_("customer")
    )
    text_code = models.CharField(_("what"), max_length=20)
    since = models.DateTimeField(_("since"))
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [models.UniqueConstraint(name="duty_once", fields=["staff", "act", "customer", "text_code"])]
        indexes = [
            models.Index(name="duty_open_of_staff", fields=["staff", "created_at"], condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.text_code}"


class SecondLook(models.Model):
    """A decision that a second steward judges without seeing the first answer. answer: of `Ruling.Answer`."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="second_look", verbose_name=_("act"))
    drawn_at = models.DateTimeField(_("drawn at"))
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("looked by")
    )
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        indexes = [models.Index(name="second_look_open", fields=["drawn_at"], condition=Q(looked_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.act_id} {self.answer}"


class BulkAct(models.Model):
    """One decision on all pairs of a filter: dry run first, then done pair by pair, taken back as a whole.

    condition: the words of the filter; counts: {forecast, outcomes: {outcome: pairs}, price, left_out}, and while it is
    taken back {back_by, back_of, back_upto, taken_back, kept, kept_acts}; done_upto: the pairs that are finished.
    """

    class State(models.TextChoices):
        DRY = "DRY", _("Dry run")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        STOPPED = "STOPPED", _("Stopped")
        TAKING_BACK = "TAKING_BACK", _("Being taken back")
        TAKEN_BACK = "TAKEN_BACK", _("Taken back")

    state = models.CharField(_("state"), max_length=11, choices=State, default=State.DRY)
    condition = models.JSONField(_("filter"), default=dict)
    answer = models.CharField(_("answer"), max_length=10)
    reason_code = models.CharField(_("reason"), max_length=14, choices=ReasonCode)
    comment = models.TextField(_("comment"), blank=True)
    pair_ids = ArrayField(models.BigIntegerField(), verbose_name=_("pairs"), default=list)
    done_upto = models.PositiveIntegerField(_("pairs done"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    requested_at = models.DateTimeField(_("requested at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
