"""The standing clean-up (A59): what comes first, when it is done at this pace, how much a branch owes a week. Pure.

The source document asks for clean-up that never stops; the numbers are the company's (README, decision).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

RATE_DAYS = 28
WEEK = 7
FURTHEST = 3_650  # days ahead; a forecast beyond that is none
# The one thing to ask: without the representative a child's answer counts for nothing, and without a name nobody
# knows whose answer it was.
ORDER = ("GUARDIAN", "VERIFY_NAME", "ASK_CONSENT", "OF_AGE", "RECONFIRM")


class Forecast(NamedTuple):
    """How a stock shrinks. per_week: by how many, below 0 where it grows; done_on: None where it never is at this
    pace, or not within ten years; the day itself where nothing is open."""

    open: int
    per_week: float
    done_on: date | None


def forecast(open_now: int, open_before: int, day: date) -> Forecast:
    """When the stock is gone, if it goes on as in the last 28 days. open_before: how much was open 28 days ago."""
    shrunk = open_before - open_now
    per_week = shrunk * WEEK / RATE_DAYS
    if not open_now:
        return Forecast(0, per_week, day)
    if shrunk <= 0:
        return Forecast(open_now, per_week, None)
    days = ceil(open_now * RATE_DAYS / shrunk)
    return Forecast(open_now, per_week, day + timedelta(days=days) if days <= FURTHEST else None)


def weekly_quota(due: Mapping[date, int], day: date) -> int:
    """How many questions a week settle all in time: the most that any deadline asks for of those due up to it.

    due: {last day: how many}. What is late is owed this week.
    """
    owed = so_far = 0
    for until in sorted(due):
        so_far += due[until]
        weeks = max(1, ((until - day).days + 1) / WEEK)
        owed = max(owed, ceil(so_far / weeks))
    return owed


def first_of(kinds: Iterable[str]) -> str | None:
    """The one thing to ask of several; None where there is none."""
    return min(kinds, key=ORDER.index, default=None)
