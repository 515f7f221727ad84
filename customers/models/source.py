"""What the sources send: systems, mappings, feed runs, records and their links to golden customers."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BTreeIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from customers.querysets import MappingQuerySet


class SourceSystem(models.Model):
    """A business system that sends customers or contracts, with what may be expected of it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    english_name = models.CharField(_("English name"), max_length=60)
    channel = models.ForeignKey("accounts.Channel", models.PROTECT, verbose_name=_("channel"))
    owner_department = models.CharField(_("owner department"), max_length=60)
    trust = models.PositiveSmallIntegerField(
        _("trust"),
        validators=[MaxValueValidator(100)],
        help_text=_("0 to 100: how far a value of this source outranks the same value elsewhere."),
    )
    expected_link_rate = models.DecimalField(
        _("expected link rate"),
        max_digits=4,
        decimal_places=3,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Share of records that should reach a golden customer, 0 to 1."),
    )
    expected_lag_hours = models.PositiveIntegerField(
        _("expected lag in hours"), default=24, help_text=_("A feed older than this is late.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("source system")
        verbose_name_plural = _("source systems")
        constraints = [
            models.CheckConstraint(name="source_trust_within_100", condition=Q(trust__lte=100)),
        ]

    def __str__(self) -> str:
        return self.english_name if get_language() == "en" else self.name


class Layout(models.TextChoices):
    """What one row of a file is."""

    CUSTOMERS = "customers", _("Customers")
    CONTRACTS = "contracts", _("Contracts")
    PARTIES = "parties", _("Contract parties")


class Mapping(models.Model):
    """How a source's own columns become the canonical layout. A draft is tested on a sample before it is used."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        LIVE = "LIVE", _("Live")
        RETIRED = "RETIRED", _("Retired")

    name = models.CharField(_("name"), max_length=60, unique=True)
    source = models.ForeignKey(SourceSystem, models.PROTECT, related_name="mappings", verbose_name=_("source"))
    layout = models.CharField(_("layout"), max_length=10, choices=Layout)
    definition = models.JSONField(_("definition"), help_text=_("Encoding, delimiter, sheet and columns."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    tested_at = models.DateTimeField(_("tested at"), null=True, blank=True, editable=False)
    tested_rows = models.PositiveIntegerField(_("rows read in the test"), default=0, editable=False)
    tested_rejects = models.PositiveIntegerField(_("rows rejected in the test"), default=0, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = MappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        permissions = [("publish_mapping", gettext_noop("Can put a mapping to use"))]

    def __str__(self) -> str:
        return self.name


class FeedRun(models.Model):
    """One file on its way into the master: its state, progress and counts. The unit that resumes or rolls back."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    class Step(models.TextChoices):
        READING = "READING", _("Reading and standardising")
        LINKING = "LINKING", _("Linking")
        PROJECTING = "PROJECTING", _("Choosing golden values")
        FINISHED = "FINISHED", _("Finished")

    source = models.ForeignKey(SourceSystem, models.PROTECT, related_name="feed_runs", verbose_name=_("source"))
    layout = models.CharField(_("layout"), max_length=10, choices=Layout)
    mapping = models.ForeignKey(
        Mapping, models.PROTECT, null=True, blank=True, related_name="feed_runs", verbose_name=_("mapping")
    )
    file_name = models.CharField(_("file"), max_length=200)
    file_path = models.CharField(_("stored file"), max_length=400)
    file_size = models.BigIntegerField(_("size in bytes"), default=0)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    step = models.CharField(_("step"), max_length=12, choices=Step, default=Step.READING)
    encoding = models.CharField(_("encoding"), max_length=12, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=3, blank=True)
    columns = ArrayField(models.TextField(), verbose_name=_("columns"), default=list)
    bytes_done = models.BigIntegerField(_("bytes read"), default=0)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_new = models.BigIntegerField(_("new"), default=0)
    rows_changed = models.BigIntegerField(_("changed"), default=0)
    rows_same = models.BigIntegerField(_("unchanged"), default=0)
    rows_stale = models.BigIntegerField(_("older than what is held"), default=0)
    rows_rejected = models.BigIntegerField(_("rejected"), default=0)
    problem_counts = models.JSONField(_("findings by kind"), default=dict)
    reject_reasons = models.JSONField(_("rejects by reason"), default=dict)
    reject_path = models.CharField(_("reject file"), max_length=400, blank=True)
    customers_created = models.BigIntegerField(_("customers created"), default=0)
    customers_changed = models.BigIntegerField(_("customers changed"), default=0)
    customers_merged = models.BigIntegerField(_("customers merged"), default=0)
    pairs_found = models.BigIntegerField(_("pairs for review"), default=0)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("feed run")
        verbose_name_plural = _("feed runs")
        permissions = [
            ("load_feed", gettext_noop("Can load feeds")),
            ("download_rejects", gettext_noop("Can download reject files")),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.file_name}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int:
        """How much of the file has been read, 0–100."""
        return min(100, round(100 * self.bytes_done / self.file_size)) if self.file_size else 0


class SourceRow(models.Model):
    """What a record of a source and its older versions have in common: the row as sent, and its standard form.

    `raw` is the row's cells as a JSON array in the order of the run's columns; a cell with an identifier holds its
    mask, the ciphertext is beside it. `certainties` has one digit (0–4) per item, in the order of
    `customers.standard.record.CERTAINTY_ORDER`; `problems` is `item:CODE` pairs separated by spaces.
    """

    class Kind(models.TextChoices):
        PERSON = "PERSON", _("Person")
        ORG = "ORG", _("Organisation")

    source = models.ForeignKey(
        SourceSystem, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name=_("source")
    )
    source_key = models.TextField(_("source key"))
    version = models.PositiveIntegerField(_("version"), default=1)
    feed_run = models.ForeignKey(
        FeedRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name=_("feed run")
    )
    as_of = models.DateTimeField(_("as of"))
    loaded_at = models.DateTimeField(_("loaded at"))
    digest = models.BinaryField(_("digest"))
    raw = models.TextField(_("row as sent"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    certainties = models.CharField(_("certainties"), max_length=30)
    problems = models.TextField(_("findings"), blank=True)
    name = models.TextField(_("name"))
    birth_date = models.DateField(_("birth date"), null=True)
    birth_year = models.SmallIntegerField(_("birth year"), null=True)
    is_lunar = models.BooleanField(_("lunar calendar"), default=False)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    rrn_mask = models.CharField(_("resident number"), max_length=14, blank=True)
    rrn_sealed = models.BinaryField(_("resident number, sealed"), null=True)
    rrn_index = models.BinaryField(_("resident number, blind index"), null=True)
    ci_sealed = models.BinaryField(_("connecting information, sealed"), null=True)
    ci_index = models.BinaryField(_("connecting information, blind index"), null=True)
    passport_mask = models.CharField(_("passport number"), max_length=20, blank=True)
    passport_sealed = models.BinaryField(_("passport number, sealed"), null=True)
    passport_index = models.BinaryField(_("passport number, blind index"), null=True)
    account_mask = models.CharField(_("account number"), max_length=40, blank=True)
    account_sealed = models.BinaryField(_("account number, sealed"), null=True)
    account_index = models.BinaryField(_("account number, blind index"), null=True)
    mobile = models.TextField(_("mobile"), blank=True)
    phone_home = models.TextField(_("home phone"), blank=True)
    email = models.TextField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), blank=True)
    region = models.TextField(_("region"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    company_name = models.TextField(_("company"), blank=True)
    company_no = models.CharField(_("business number"), max_length=10, blank=True)
    crn = models.CharField(_("corporate number"), max_length=13, blank=True)
    employee_no = models.TextField(_("employee number"), blank=True)
    branch_code = models.TextField(_("branch code"), blank=True)
    fp_code = models.TextField(_("FP code"), blank=True)
    real_name_verified_on = models.DateField(_("real name verified on"), null=True)
    marketing_consent_on = models.DateField(_("marketing consent on"), null=True)
    match_keys = models.BinaryField(_("match keys"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source_id}:{self.pk} v{self.version}"


class SourceRecord(SourceRow):
    """A record of a source as it was last sent. Kept whole; the master never changes it.

    References are without database constraints: the loader writes a million rows in one COPY and checks each
    reference once per file instead of once per row (README, decision 6).
    """

    # A correction that was taken back: kept, but no part of any customer.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # By these an arriving record finds its neighbours: `customers.dedup.blocking.INDEXED_KEYS`, as signed integers.
    name_birth_key = models.BigIntegerField(_("key of name and birth date"), null=True)
    birth_mobile_key = models.BigIntegerField(_("key of birth date and mobile"), null=True)
    name_postcode_key = models.BigIntegerField(_("key of name and postcode"), null=True)
    name_street_key = models.BigIntegerField(_("key of name and building"), null=True)
    name_phone_key = models.BigIntegerField(_("key of name and phone"), null=True)
    email_key = models.BigIntegerField(_("key of e-mail"), null=True)
    employee_key = models.BigIntegerField(_("key of employment"), null=True)

    class Meta:
        verbose_name = _("source record")
        verbose_name_plural = _("source records")
        constraints = [
            models.UniqueConstraint(name="source_record_once_per_key", fields=["source", "source_key"]),
        ]
        indexes = [
            models.Index(name="source_record_rrn", fields=["rrn_index"], condition=Q(rrn_index__isnull=False)),
            models.Index(name="source_record_ci", fields=["ci_index"], condition=Q(ci_index__isnull=False)),
            *(
                models.Index(
                    name=f"source_record_{name}", fields=[f"{name}_key"], condition=Q(**{f"{name}_key__isnull": False})
                )
                for name in (
                    "name_birth",
                    "birth_mobile",
                    "name_postcode",
                    "name_street",
                    "name_phone",
                    "email",
                    "employee",
                )
            ),
            models.Index(name="source_record_mobile", fields=["mobile"], condition=~Q(mobile="")),
            models.Index(name="source_record_brn", fields=["company_no"], condition=Q(kind="ORG") & ~Q(company_no="")),
            models.Index(name="source_record_crn", fields=["crn"], condition=~Q(crn="")),
            models.Index(name="source_record_of_run", fields=["feed_run"]),
        ]


class SourceRecordVersion(SourceRow):
    """A source record as it was before a newer row of the same key replaced it."""

    record = models.ForeignKey(SourceRecord, models.PROTECT, related_name="versions", verbose_name=_("record"))
    superseded_at = models.DateTimeField(_("superseded at"))

    class Meta:
        verbose_name = _("older version of a source record")
        verbose_name_plural = _("older versions of source records")
        constraints = [
            models.UniqueConstraint(name="source_record_version_once", fields=["record", "version"]),
        ]


class Link(models.Model):
    """The decision that a source record belongs to a golden customer: by whom or which rule, how sure, when."""

    class Rule(models.TextChoices):
        FIRST = "FIRST", _("First record of the customer")
        RRN = "RRN", _("Same resident or alien registration number")
        CI = "CI", _("Same connecting information (CI)")
        BRN = "BRN", _("Same business number")
        CRN = "CRN", _("Same corporate number")
        NAME_BIRTH_MOBILE = "NBM", _("Same name, birth date and mobile")
        NAME_BIRTH_PHONE = "NBP", _("Same name, birth date and home phone")
        NAME_BIRTH_EMAIL = "NBE", _("Same name, birth date and e-mail")
        NAME_BIRTH_ADDRESS = "NBA", _("Same name, birth date and address")
        MODEL = "MODEL", _("Everything in common taken together")
        RULING = "RULED", _("A person's decision")

    record = models.OneToOneField(
        SourceRecord,
        models.PROTECT,
        primary_key=True,
        db_constraint=False,
        related_name="link",
        verbose_name=_("source record"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="links",
        verbose_name=_("customer"),
    )
    rule = models.CharField(_("rule"), max_length=5, choices=Rule)
    model_version = models.PositiveIntegerField(_("model version"), default=0)
    weight = models.FloatField(_("match weight"), null=True)
    pattern = models.BigIntegerField(_("pattern of agreement"), null=True)
    evidence_record = models.ForeignKey(
        SourceRecord,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("record it agreed with"),
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("linked by"),
    )
    linked_at = models.DateTimeField(_("linked at"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        # Of the few links of a customer there is little to put together, and to try costs a tenth of writing a link.
        indexes = [BTreeIndex(name="link_of_customer", fields=["customer"], deduplicate_items=False)]

    def __str__(self) -> str:
        return f"{self.record_id} → {self.customer_id}"

    @property
    def is_by_rule(self) -> bool:
        return self.linked_by_id is None
