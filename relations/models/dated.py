"""What rows that hold for a time have in common: since when, until when, who says so, who wrote it down."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.models.authors import by_staff


class Period(Func):
    """The days from `started_on` up to, and without, `ended_on`; open where that is empty."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self) -> None:
        super().__init__(F("started_on"), F("ended_on"), Value("[)"))


class Dated(models.Model):
    """A row that held from one day to another. A row is never changed: it ends, and another begins.

    ended_on: the first day on which it no longer holds.
    """

    started_on = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    ended_by = by_staff(_("ended by"))
    ended_at = models.DateTimeField(_("end recorded at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


def ends_after_start(noun: str) -> models.CheckConstraint:
    """No row of this table ends before it began."""
    return models.CheckConstraint(
        name=f"{noun}_ends_after_it_began",
        condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
    )


def end_is_recorded(noun: str) -> models.CheckConstraint:
    """A row that has ended says who wrote that down when, and no other does."""
    return models.CheckConstraint(
        name=f"{noun}_end_is_recorded",
        condition=Q(ended_on__isnull=True, ended_at__isnull=True) | Q(ended_on__isnull=False, ended_at__isnull=False),
    )
