"""Whose value becomes golden: the rules as versions, and what a person set for one customer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models.versions import RulesVersion


class GoldenRules(RulesVersion):
    """A version of the rules of survivorship.

    definition: `{item: rule}` with the rules of `customers.golden.survivorship.RULES`, or lists of their components.
    """

    class Meta:
        verbose_name = _("rules of survivorship")
        verbose_name_plural = _("rules of survivorship")
        constraints = [
            models.UniqueConstraint(name="golden_rules_one_is_live", fields=["state"], condition=Q(state="LIVE")),
        ]
        permissions = [("publish_goldenrules", gettext_noop("Can put rules of survivorship to use"))]


class Wish(models.Model):
    """What a person set for one item of one customer: the record whose value wins (a pin), or the source that does.

    item: code of a golden item, '' for all of them, which only a preferred source may say. Of several in force on one
    item the newest holds.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="wishes", verbose_name=_("customer")
    )
    act = models.ForeignKey("customers.Act", models.PROTECT, related_name="wishes", verbose_name=_("act"))
    item = models.CharField(_("item"), max_length=40, blank=True)
    record = models.ForeignKey(
        "customers.SourceRecord",
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("pinned record"),
    )
    source = models.ForeignKey(
        "customers.SourceSystem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("preferred source"),
    )
    ends_on = models.DateField(_("holds until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.CheckConstraint(
                name="wish_pins_a_record_or_prefers_a_source",
                condition=(Q(record__isnull=False, source__isnull=True) & ~Q(item=""))
                | Q(record__isnull=True, source__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="wish_in_force_of_customer", fields=["customer"], condition=Q(withdrawn_at__isnull=True)),
            models.Index(
                name="wish_ending", fields=["ends_on"], condition=Q(withdrawn_at__isnull=True, ends_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.item}"


class Rehearsal(models.Model):
    """A draft of rules tried on today's stock, which it leaves as it is.

    counts, samples: what would change, by kind; samples hold ids, never values. watermark: the state of the stock that
    was looked at.
    """

    class Kind(models.TextChoices):
        MATCHING = "MATCHING", _("Matching")
        GOLDEN = "GOLDEN", _("Survivorship")

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    match_model = models.ForeignKey(
        "customers.MatchModel",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rehearsals",
        verbose_name=_("matching model"),
    )
    golden_rules = models.ForeignKey(
        GoldenRules, models.CASCADE, null=True, blank=True, related_name="rehearsals", verbose_name=_("rules")
    )
    watermark = models.TextField(_("state of the stock"), blank=True)
    done_share = models.FloatField(_("share done"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    samples = models.JSONField(_("samples"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0)
    error = models.CharField(_("error"), max_length=60, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        constraints = [
            models.CheckConstraint(
                name="rehearsal_of_one_draft",
                condition=Q(kind="MATCHING", match_model__isnull=False, golden_rules__isnull=True)
                | Q(kind="GOLDEN", match_model__isnull=True, golden_rules__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
