"""Days on which the company works. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

FRIDAY = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Whether people work on `day`: from Monday to Friday, unless it is a holiday."""
    return day.isoweekday() <= FRIDAY and day not in holidays


def working_days_after(day: date, count: int, holidays: Collection[date]) -> date:
    """The working day that is so many working days after `day`, which itself does not count. count: 1 or more."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def month_before(day: date) -> date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after that of `month`."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)
