"""What changed, in one gap-free sequence that other systems follow."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventCounter(models.Model):
    """The last sequence number given out. Its row is locked until the writer commits, so no number is ever skipped."""

    last = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("event counter")
        verbose_name_plural = _("event counters")

    def __str__(self) -> str:
        return str(self.last)


class ChangeEvent(models.Model):
    """One change of one golden customer: which items, never their values."""

    class Kind(models.TextChoices):
        CREATED = "CREATED", _("Created")
        CHANGED = "CHANGED", _("Changed")
        ASSIGNED = "ASSIGNED", _("Branch, keeper or grade changed")
        LINKED = "LINKED", _("Source record linked")
        MERGED = "MERGED", _("Merged into another customer")
        UNMERGED = "UNMERGED", _("Came back out of another customer")
        GATE = "GATE", _("Gate changed")
        APART = "APART", _("Kept apart, or back from it")
        DESTROYED = "DESTROYED", _("Destroyed")

    sequence = models.BigIntegerField(_("sequence number"), primary_key=True)
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="events",
        verbose_name=_("customer"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("items"), default=list)
    feed_run = models.ForeignKey(
        "customers.FeedRun",
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("feed run"),
    )
    occurred_at = models.DateTimeField(_("occurred at"))

    class Meta:
        verbose_name = _("change event")
        verbose_name_plural = _("change events")
        indexes = [models.Index(name="change_event_of_customer", fields=["customer", "sequence"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"
