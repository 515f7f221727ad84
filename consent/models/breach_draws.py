"""How the affected of a breach are found: the trail read by conditions, day by day, resumable."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.authors import by_staff
from consent.models.outflows import Breach


class BreachDraw(models.Model):
    """Somebody puts everyone on the list of a breach whose data the trail says were shown under some conditions.

    conditions: `consent.rules.breaches.Conditions` as words. done_count: days that were read, of day_count.
    entry_count: how often data of one of them were shown, as far as no earlier draw had counted it; found_count:
    customers new on the list.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        STOPPED = "STOPPED", _("Stopped")
        TAKEN_BACK = "TAKEN_BACK", _("Taken back")

    breach = models.ForeignKey(Breach, models.CASCADE, related_name="draws", verbose_name=_("breach"))
    conditions = models.JSONField(_("conditions"), default=dict)
    reason = models.TextField(_("why these"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    day_count = models.PositiveIntegerField(_("days to read"))
    done_count = models.PositiveIntegerField(_("days read"), default=0)
    entry_count = models.PositiveIntegerField(_("entries of the trail"), default=0)
    found_count = models.PositiveIntegerField(_("customers found"), default=0)
    asked_by = by_staff(_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("draw of the affected")
        verbose_name_plural = _("draws of the affected")

    def __str__(self) -> str:
        return f"{self.breach_id} {self.state}"
