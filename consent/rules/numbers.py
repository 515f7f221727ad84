"""Which values a number of the law can have, and from which day a new one may hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

RANGES: Mapping[str, tuple[int, int]] = {
    "O_CLOCK": (0, 24),
    "YES_NO": (0, 1),
    "MINUTES": (0, 1_440),
    "HOURS": (1, 720),
    "DAYS": (0, 3_660),
    "MONTHS": (0, 1_200),
    "YEARS": (0, 100),
    "COUNT": (0, 100_000_000),
}
"""{unit: the least and the greatest value}."""


def is_possible(value: int, unit: str) -> bool:
    """Whether a number of this unit can have this value."""
    least, most = RANGES[unit]
    return least <= value <= most


def first_day(today: date) -> date:
    """The first day from which a value that is set on `today` may hold: what was decided today was decided by the
    number of today, and the night between lets a second person object (README, decision)."""
    return today + timedelta(days=1)
