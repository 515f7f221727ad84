"""Runs of the matching engine and the pairs it leaves to a person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MatchRun(models.Model):
    """One run of linking over a feed or over the whole stock."""

    class Scope(models.TextChoices):
        FEED = "FEED", _("One feed")
        STOCK = "STOCK", _("Whole stock")

    class State(models.TextChoices):
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    scope = models.CharField(_("scope"), max_length=5, choices=Scope)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    rule_version = models.PositiveSmallIntegerField(_("rule version"), default=1)
    counts = models.JSONField(_("counts"), default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("match run")
        verbose_name_plural = _("match runs")

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"


class Pair(models.Model):
    """Two source records that may be one customer: too alike to ignore, too little to link without a person."""

    class Reason(models.TextChoices):
        NAME_BIRTH = "NAME_BIRTH", _("Same name and birth date, nothing else in common")
        NAME_MOBILE = "NAME_MOBILE", _("Same name and mobile, birth date unknown")
        NUMBERS_DIFFER = "NUMBERS_DIFFER", _("Same name, birth date and contact, but different identifiers")
        SAME_NUMBER = "SAME_NUMBER", _("Same identifier, but name and birth date differ")
        TWO_CUSTOMERS = "TWO_CUSTOMERS", _("One record fits two customers")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        SAME = "SAME", _("Same")
        DIFFERENT = "DIFFERENT", _("Different")
        OVERTAKEN = "OVERTAKEN", _("Overtaken")

    left = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("left record")
    )
    right = models.ForeignKey(
        "customers.SourceRecord", models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("right record")
    )
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    weight = models.FloatField(_("match weight"), null=True)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("pair for review")
        verbose_name_plural = _("pairs for review")
        constraints = [
            models.UniqueConstraint(name="pair_once", fields=["left", "right"]),
            models.CheckConstraint(name="pair_left_before_right", condition=Q(left__lt=F("right"))),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} ~ {self.right_id}"
