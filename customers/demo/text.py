"""Columns of text: numbers, dates and parts joined into object arrays of shared strings."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import numpy as np

EPOCH = date(1900, 1, 1)
_DAYS = 60_000  # to 2064


def words(text: str) -> list[str]:
    """The words of a written list."""
    return text.split()


def table(values: Iterable[str]) -> np.ndarray:
    """An object array, to be indexed by codes."""
    values = list(values)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def blank(size: int) -> np.ndarray:
    """A column of empty texts."""
    return np.full(size, "", dtype=object)


@cache
def _padded(width: int) -> np.ndarray:
    return table(f"{number:0{width}d}" for number in range(10**width))


def digits(numbers: np.ndarray, width: int) -> np.ndarray:
    """Zero-padded decimals of `width` digits."""
    numbers = np.asarray(numbers, dtype=np.int64)
    head = width % 4
    parts = [_padded(head)[numbers // 10 ** (width - head)]] if head else []
    for low in range(width - head - 4, -1, -4):
        parts.append(_padded(4)[numbers // 10**low % 10_000])
    return joined(*parts)


def joined(*parts: str | np.ndarray) -> np.ndarray:
    """The parts of every row, one after the other."""
    column = parts[0]
    for part in parts[1:]:
        column = column + part
    return column


def day_number(day: date) -> int:
    """Days since 1900-01-01."""
    return (day - EPOCH).days


@cache
def _iso_days() -> np.ndarray:
    return table((EPOCH + timedelta(days=day)).isoformat() for day in range(_DAYS))


def iso(days: np.ndarray) -> np.ndarray:
    """Dates as YYYY-MM-DD."""
    return _iso_days()[days]


@cache
def _calendar() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    days = np.datetime64(EPOCH) + np.arange(_DAYS)
    months = days.astype("M8[M]")
    years = months.astype("M8[Y]")
    return (
        years.astype(np.int64) + 1970,
        (months - years).astype(np.int64) + 1,
        (days - months).astype(np.int64) + 1,
    )


def years(days: np.ndarray) -> np.ndarray:
    """Calendar years of day numbers."""
    return _calendar()[0][days]


def yymmdd(days: np.ndarray) -> np.ndarray:
    """Dates as the first six digits of a resident registration number, as integers."""
    year, month, day = (part[days] for part in _calendar())
    return year % 100 * 10_000 + month * 100 + day
