"""Lunar dates of the years in which people still keep a lunar birthday."""

from functools import cache

import numpy as np

from .text import digits, joined, words

# One entry a year from 1926: the long months as bits in four hexadecimal digits (the first month leftmost, thirteen
# bits in a leap year), then the month after which the leap month stands. Source: the Korean calendar, KST.
_FIRST_YEAR, _FIRST_DAY = 1926, 9539  # 1926-02-13 in days since 1900-01-01
_YEARS = words(
    """
    02b60 095b0 09372 04970 0c966 0e4a0 0ea50 0da95 05b50 02b60 12ae3 092e0 192d7 0c950 0d4a0 1b4a6 0b690 056d0
    055b4 025d0 092d0 192b2 0a950 1a957 0b4a0 0b550 0ad55 04db0 025b0 12573 052b0 152b8 06950 06aa0 15aa6 0ab50
    04b60 14ae4 0a570 05270 0d263 0d950 0d557 056a0 09ad0 095d5 04ae0 0a4e0 1a4d4 0d250 1aa98 0b540 0d6a0 12da6
    095b0 049b0
    """
)


@cache
def _months() -> tuple[np.ndarray, np.ndarray]:
    """First day and year * 100 + month of every lunar month; leap months count as the month before; an end mark."""
    starts, names, day = [], [], _FIRST_DAY
    for offset, entry in enumerate(_YEARS):
        bits, leap = int(entry[:4], 16), int(entry[4], 16)
        months = [month for month in range(1, 13) for _ in range(2 if month == leap else 1)]
        for place, month in enumerate(months):
            starts.append(day)
            names.append((_FIRST_YEAR + offset) * 100 + month)
            day += 29 + (bits >> (len(months) - 1 - place) & 1)
    return np.array([*starts, day]), np.array(names)


def has_lunar(days: np.ndarray) -> np.ndarray:
    """Whether the table covers these days (days since 1900-01-01)."""
    starts, _ = _months()
    return (days >= starts[0]) & (days < starts[-1])


def lunar(days: np.ndarray) -> np.ndarray:
    """Lunar dates as YYYY-MM-DD of days that `has_lunar`; day 30 of a second month is possible."""
    starts, names = _months()
    place = np.searchsorted(starts, days, side="right") - 1
    name, day = names[place], days - starts[place] + 1
    return joined(digits(name // 100, 4), "-", digits(name % 100, 2), "-", digits(day, 2))
