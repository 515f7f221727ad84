"""The trail (접속기록): who saw or changed whose data, when, from where, what for. Only `accounts.trail` appends to it.

The tables are partitioned or guarded in ways that Django does not know, so a migration writes them by hand.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import AccessEntryQuerySet


class AccessEntry(models.Model):
    """One answer of Hannun to one member of staff or system: a link of a chain that ends nowhere.

    month: the first day of the month of `at` in the time zone of the settings, which names the partition. lane: one
    of several chains side by side, so that writers do not wait for each other. number: 1, 2, 3 … within month and
    lane. hash: HMAC-SHA256 of the hash before it and of all that the row says. customers: ids of everyone whose data
    was shown or changed. conditions: JSON text of what a list or search was asked for; it and the reason come from
    `TrailWords` and are empty where those are gone.
    """

    class Kind(models.TextChoices):
        VIEW = "VIEW", _("Page")
        LIST = "LIST", _("List")
        SEARCH = "SEARCH", _("Search")
        REVEAL = "REVEAL", _("Reveal")
        EXPORT = "EXPORT", _("File")
        PRINT = "PRINT", _("Print")
        CHANGE = "CHANGE", _("Change")
        SERVICE = "SERVICE", _("Service")
        LOGIN = "LOGIN", _("Login")
        TRAIL = "TRAIL", _("Reading of the trail")

    pk = models.CompositePrimaryKey("month", "lane", "number")
    month = models.DateField(_("month"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    number = models.BigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    staff_id = models.BigIntegerField(_("staff"), null=True)
    employee_number = models.TextField(_("employee number"), blank=True)
    branch_code = models.TextField(_("branch"), blank=True)
    address = models.TextField(_("address"), blank=True)
    session = models.TextField(_("session"), blank=True)
    kind = models.TextField(_("kind"), choices=Kind)
    page = models.TextField(_("page"))
    target = models.TextField(_("target"), blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    items = ArrayField(models.TextField(), verbose_name=_("items"), default=list)
    customers = ArrayField(models.BigIntegerField(), verbose_name=_("customers"), default=list)
    count = models.IntegerField(_("count"), default=0)
    result = models.PositiveSmallIntegerField(_("result"))
    hash = models.BinaryField(_("hash"))

    objects = AccessEntryQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "accounts_accessentry_told"
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("entries of the trail")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}/{self.lane}/{self.number}"


class TrailWords(models.Model):
    """What somebody wrote for an entry of the trail. The entry holds no more than fingerprints of it, made with `salt`,
    so that the words can go with a customer whom they may name, and the chain stays whole.
    """

    month = models.DateField(_("month"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    number = models.BigIntegerField(_("number"))
    salt = models.BinaryField(_("salt"))
    reason = models.TextField(_("reason"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)

    class Meta:
        managed = False
        db_table = "accounts_trailwords"
        verbose_name = _("words of an entry")
        verbose_name_plural = _("words of entries")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}/{self.lane}/{self.number}"


class TrailHead(models.Model):
    """The end of one chain: the number and hash of its newest entry."""

    pk = models.CompositePrimaryKey("month", "lane")
    month = models.DateField(_("month"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    number = models.BigIntegerField(_("number"))
    hash = models.BinaryField(_("hash"))

    class Meta:
        managed = False
        db_table = "accounts_trailhead"
        verbose_name = _("end of a chain")
        verbose_name_plural = _("ends of chains")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}/{self.lane}"


class TrailAnchor(models.Model):
    """Where a chain ended when a day was closed, signed: nothing before it can be changed or taken away unnoticed.

    number: that of the newest entry then; signature: HMAC-SHA256 over day, chain, number and hash.
    """

    day = models.DateField(_("day"))
    month = models.DateField(_("month"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    number = models.BigIntegerField(_("number"))
    hash = models.BinaryField(_("hash"))
    made_at = models.DateTimeField(_("made at"))
    signature = models.BinaryField(_("signature"))

    class Meta:
        managed = False
        db_table = "accounts_trailanchor"
        verbose_name = _("anchor of the trail")
        verbose_name_plural = _("anchors of the trail")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.month:%Y-%m}/{self.lane}"


class TrailMonth(models.Model):
    """A month whose entries were dropped at the end of their retention: what is missing on purpose, signed.

    count: entries of all lanes at that time.
    """

    month = models.DateField(_("month"), primary_key=True)
    count = models.BigIntegerField(_("count"))
    dropped_at = models.DateTimeField(_("dropped at"))
    signature = models.BinaryField(_("signature"))

    class Meta:
        managed = False
        db_table = "accounts_trailmonth"
        verbose_name = _("dropped month of the trail")
        verbose_name_plural = _("dropped months of the trail")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RightsChange(models.Model):
    """A right that was given, changed or taken, or that an account was opened, moved or closed. Never altered.

    staff: whom it is about, None for what concerns everybody, such as rules. by: None for the command line.
    what: codes and ids, no personal data of customers. Kept for `settings.RIGHTS_YEARS` at least (고시 §5③).
    """

    at = models.DateTimeField(_("at"))
    staff = models.ForeignKey(
        "accounts.Staff",
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="rights_changes",
        verbose_name=_("member of staff"),
    )
    by = models.ForeignKey(
        "accounts.Staff", models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name=_("by")
    )
    kind = models.CharField(_("kind"), max_length=30)
    what = models.JSONField(_("what"), default=dict)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        managed = False
        db_table = "accounts_rightschange"
        verbose_name = _("change of rights")
        verbose_name_plural = _("changes of rights")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
