"""A stretch of days as the parameters that SQL over the trail asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.reviews.workdays import month_after, month_before


def parameters(first: date, last: date) -> Mapping[str, object]:
    """For the days from `first` to `last`, both included: start, end, months, zone, holidays.

    months: those of the partitions to read, with one before and after, for a clock may have been set back.
    """
    months, month, beyond = [], month_before(first), month_after(last)
    while month <= beyond:
        months.append(month)
        month = month_after(month)
    return {
        "start": _midnight(first),
        "end": _midnight(last + timedelta(days=1)),
        "months": months,
        "zone": settings.TIME_ZONE,
        "holidays": list(settings.KOREAN_HOLIDAYS),
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
