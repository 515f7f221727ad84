"""How far a number stands out from others, measured so that the others' own outliers do not hide it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# Of a normal distribution the standard deviation is so many median deviations (Iglewicz and Hoaglin, 1993).
DEVIATIONS = 1.4826
LEAST_SHARE = 0.25


@dataclass(frozen=True)
class Crowd:
    """What is usual. middle: the median; spread: a robust standard deviation; size: of how many numbers."""

    middle: float
    spread: float
    size: int

    def distance(self, number: float) -> float:
        """How many spreads `number` lies above what is usual; negative below it."""
        return (number - self.middle) / self.spread


def crowd_of(numbers: Sequence[float]) -> Crowd:
    """What is usual among these; one or more.

    Where most are equal, a quarter of the median, and 1 at least, stands for the spread, or else the first that
    differs at all would stand out without limit.
    """
    middle = median(numbers)
    deviation = median(abs(number - middle) for number in numbers)
    return Crowd(middle, max(deviation * DEVIATIONS, middle * LEAST_SHARE, 1.0), len(numbers))
