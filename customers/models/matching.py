"""The matching engine's models and runs, the pairs it leaves to a person, and what people ruled."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.querysets import MatchModelQuerySet, MatchPartQuerySet, MatchRunQuerySet


class MatchModel(models.Model):
    """A version of what agreements weigh. Its weights never change, so an explanation reads the same for ever.

    definition: `customers.dedup.storing.to_json`; quality: `customers.dedup.quality.report`; training: what taught it.
    """

    class State(models.TextChoices):
        LEARNING = "LEARNING", _("Learning")
        FAILED = "FAILED", _("Failed")
        DRAFT = "DRAFT", _("Draft")
        LIVE = "LIVE", _("Live")
        RETIRED = "RETIRED", _("Retired")

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    definition = models.JSONField(_("definition"), default=dict)
    training = models.JSONField(_("training"), default=dict)
    quality = models.JSONField(_("quality"), default=dict)
    error = models.CharField(_("error"), max_length=60, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("created at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = MatchModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching model")
        verbose_name_plural = _("matching models")
        constraints = [
            models.UniqueConstraint(name="match_model_one_is_live", fields=["state"], condition=Q(state="LIVE")),
        ]
        permissions = [("publish_matchmodel", gettext_noop("Can put a matching model to use"))]

    def __str__(self) -> str:
        return f"v{self.version}"


class MatchRun(models.Model):
    """One run of the engine over the whole stock: what it does now, and what it did.

    hubs: `{field: [[record id, names, records], …]}`, the values under the most names, each told by one of its records.
    """

    class State(models.TextChoices):
        RUNNING = "RUNNING", _("Running")
        STOPPED = "STOPPED", _("Stopped")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    class Step(models.TextChoices):
        WAITING = "WAITING", _("Waiting for its turn")
        READING = "READING", _("Reading the stock")
        WEIGHING = "WEIGHING", _("Comparing records")
        DECIDING = "DECIDING", _("Deciding who is one customer")
        WRITING = "WRITING", _("Writing links")
        PROJECTING = "PROJECTING", _("Choosing golden values")
        FINISHED = "FINISHED", _("Finished")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    step = models.CharField(_("step"), max_length=10, choices=Step, default=Step.WAITING)
    model_version = models.PositiveIntegerField(_("model version"), default=0)
    records = models.BigIntegerField(_("records"), default=0)
    watermark = models.TextField(_("state of the stock"), blank=True)
    is_stop_wanted = models.BooleanField(_("is to stop"), default=False)
    counts = models.JSONField(_("counts"), default=dict)
    seconds = models.JSONField(_("seconds by step"), default=dict)
    hubs = models.JSONField(_("values on many people"), default=dict)
    error = models.TextField(_("error"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("match run")
        verbose_name_plural = _("match runs")
        permissions = [("run_matching", gettext_noop("Can start and stop matching of the stock"))]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class MatchPart(models.Model):
    """A part of the key space of one run: the unit that a worker takes, and that is done whole or not at all."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="parts", verbose_name=_("run"))
    number = models.PositiveIntegerField(_("number"))
    is_done = models.BooleanField(_("done"), default=False)
    pairs = models.BigIntegerField(_("pairs found"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)
    worker = models.CharField(_("worker"), max_length=80, blank=True)

    objects = MatchPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a match run")
        verbose_name_plural = _("parts of match runs")
        constraints = [models.UniqueConstraint(name="match_part_once_per_run", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class MatchFinding(models.Model):
    """The pairs that a part of a run found worth keeping; gone when the run is over. content: an array as
    `customers.services.matching.FOUND` describes it, for rows by the million would each be written and read as one."""

    part = models.OneToOneField(
        MatchPart, models.CASCADE, primary_key=True, related_name="finding", verbose_name=_("part")
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("finding of a match run")
        verbose_name_plural = _("findings of match runs")

    def __str__(self) -> str:
        return str(self.part_id)


class Pair(models.Model):
    """Two source records that may be one customer: too alike to ignore, too little to link without a person.

    worth: what a decision is worth, uncertainty × consequences, by `customers.stewardship.worth`; None until it was
    reckoned. assigned_to: the steward who has it before them since `assigned_at`. overtaken_by: what closed it, a code
    of `Pair.Overtaken`. contradicts: the earlier decision that new evidence speaks against.
    """

    class Reason(models.TextChoices):
        ALIKE = "ALIKE", _("Much in common, but not enough")
        NAME_BIRTH = "NAME_BIRTH", _("Same name and birth date, nothing else in common")
        NAME_MOBILE = "NAME_MOBILE", _("Same name and mobile, birth date unknown")
        NUMBERS_DIFFER = "NUMBERS_DIFFER", _("Same name, birth date and contact, but different identifiers")
        SAME_NUMBER = "SAME_NUMBER", _("Same identifier, but name and birth date differ")
        TWO_CUSTOMERS = "TWO_CUSTOMERS", _("One record fits two customers")
        CONTRADICTED = "CONTRADICTED", _("New evidence contradicts an earlier decision")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        SAME = "SAME", _("Same")
        DIFFERENT = "DIFFERENT", _("Different")
        OVERTAKEN = "OVERTAKEN", _("Overtaken")

    class Overtaken(models.TextChoices):
        JOINED = "JOINED", _("The two records have become one customer")
        CHANGED = "CHANGED", _("A record changed, and the two have too little in common now")
        GONE = "GONE", _("A record was withdrawn")

    left = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("left record")
    )
    right = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("right record")
    )
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    weight = models.FloatField(_("match weight"), null=True)
    pattern = models.BigIntegerField(_("pattern of agreement"), null=True)
    model_version = models.PositiveIntegerField(_("model version"), default=0)
    found_at = models.DateTimeField(_("found at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    overtaken_by = models.CharField(_("overtaken by"), max_length=8, choices=Overtaken, blank=True)
    worth = models.FloatField(_("worth of a decision"), null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    hold_until = models.DateField(_("put off until"), null=True, blank=True)
    contradicts = models.ForeignKey(
        "customers.Ruling",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contradicted decision"),
    )

    class Meta:
        verbose_name = _("pair for review")
        verbose_name_plural = _("pairs for review")
        constraints = [
            models.UniqueConstraint(name="pair_once", fields=["left", "right"]),
            models.CheckConstraint(name="pair_left_before_right", condition=Q(left__lt=F("right"))),
        ]
        indexes = [
            models.Index("state", F("weight").desc(nulls_last=True), "id", name="pair_heaviest_first"),
            models.Index("state", F("worth").desc(nulls_last=True), "id", name="pair_worthiest_first"),
            models.Index(name="pair_of_right_record", fields=["right"]),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} ~ {self.right_id}"


class Ruling(models.Model):
    """What a person decided about two records; it outranks every rule until it is withdrawn or ends.

    left_also, right_also: further records on either side, for whom it holds as well: of two customers that were kept
    apart. pattern: how the two agreed then; what agrees since then may contradict the decision. is_one_for_service,
    for_marketing, for_statistics: what two that are legitimately two are still combined for.
    """

    class Answer(models.TextChoices):
        SAME = "SAME", _("One customer")
        DIFFERENT = "DIFFERENT", _("Two customers")
        LEGITIMATE = "LEGITIMATE", _("Legitimately two")

    class Kind(models.TextChoices):
        NAMESAKES = "NAMESAKES", _("Namesakes")
        TWINS = "TWINS", _("Twins")
        SOLE_TRADER = "SOLE_TRADER", _("Sole trader and person")
        FOREIGN_NUMBER = "FOREIGN_NUMBER", _("Changed number of a foreigner")
        LEGAL_SEPARATION = "LEGAL_SEPARATION", _("Legal separation")
        STAFF_ACCOUNT = "STAFF_ACCOUNT", _("Staff account")

    left = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("left record")
    )
    right = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("right record")
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    act = models.ForeignKey(
        "customers.Act", models.PROTECT, null=True, blank=True, related_name="rulings", verbose_name=_("act")
    )
    left_also = ArrayField(models.BigIntegerField(), verbose_name=_("further records on the left"), default=list)
    right_also = ArrayField(models.BigIntegerField(), verbose_name=_("further records on the right"), default=list)
    pattern = models.BigIntegerField(_("pattern of agreement"), null=True)
    is_one_for_service = models.BooleanField(_("combined for service"), default=False)
    is_one_for_marketing = models.BooleanField(_("combined for marketing"), default=False)
    is_one_for_statistics = models.BooleanField(_("combined for statistics"), default=False)
    starts_on = models.DateField(_("holds from"), null=True, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ruled by"))
    ruled_at = models.DateTimeField(_("ruled at"))
    ends_on = models.DateField(_("holds until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        constraints = [
            models.UniqueConstraint(
                name="ruling_one_in_force", fields=["left", "right"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(name="ruling_left_before_right", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="ruling_kind_only_for_legitimate", condition=Q(answer="LEGITIMATE") ^ Q(kind="")
            ),
            models.CheckConstraint(
                name="ruling_ends_after_it_starts",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(name="ruling_of_right_record", fields=["right"])]

    def __str__(self) -> str:
        return f"{self.left_id} {self.answer} {self.right_id}"


class TruthCheck(models.Model):
    """How well the engine did on a set whose truth is known: over pairs of records, at the cut in use."""

    name = models.CharField(_("set"), max_length=40)
    records = models.PositiveIntegerField(_("records"))
    precision = models.FloatField(_("precision"))
    recall = models.FloatField(_("recall"))
    f1 = models.FloatField("F1")
    cut = models.FloatField(_("cut"))
    model_version = models.PositiveIntegerField(_("model version"), default=0)
    seconds = models.FloatField(_("seconds"))
    measured_at = models.DateTimeField(_("measured at"))

    class Meta:
        verbose_name = _("truth check")
        verbose_name_plural = _("truth checks")

    def __str__(self) -> str:
        return f"{self.name} {self.measured_at:%Y-%m-%d}"
