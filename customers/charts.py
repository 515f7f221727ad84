"""Where the bars, lines and dots of a chart lie inside its drawing. Pure.

Lengths are in the units of the drawing's view box. They leave here as text with a point before the decimals, since a
template would write a number as the language of the page does, which no browser understands inside a drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

BAR_WIDTH = 100.0
WIDTH, HEIGHT = 420.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 408.0, 12.0, 196.0  # of the area inside the axes
SMALLEST_DOT, LARGEST_DOT = 2.5, 9.0


def written(length: float) -> str:
    """A length as a drawing has it: 12.3."""
    return f"{length:.1f}"


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high`, laid out from `start` to `end`; values beyond them lie on the nearer end."""

    low: float
    high: float
    start: float = 0.0
    end: float = BAR_WIDTH

    def at(self, value: float) -> float:
        """Where a value lies."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class Bar:
    """A bar on a scale of BAR_WIDTH. x: of its left end; zero: of the value 0; is_negative: it goes to the left."""

    x: str
    width: str
    zero: str
    is_negative: bool


def bar(value: float, scale: Scale, since: float = 0.0) -> Bar:
    """The bar of what `value` adds to the sum `since`."""
    start, end = scale.at(since), scale.at(since + value)
    return Bar(written(min(start, end)), written(abs(end - start)), written(scale.at(0.0)), value < 0)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, with what it says."""

    at: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line through points. kind: how it is drawn, a class of the style sheet; points: "x,y x,y …"."""

    kind: str
    points: str


@dataclass(frozen=True)
class Dot:
    """A dot with what it says when pointed at."""

    x: str
    y: str
    radius: str
    text: str


@dataclass(frozen=True)
class Chart:
    """A drawing of WIDTH × HEIGHT with two axes. rules: lines across it at a value of x, such as a limit."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    rules: tuple[Tick, ...]
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()


class Axes:
    """The two scales of a chart, x from left to right and y upwards."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self._x = Scale(*x, LEFT, RIGHT)
        self._y = Scale(*y, BOTTOM, TOP)

    def across(self, ticks: Iterable[tuple[float, str]]) -> tuple[Tick, ...]:
        """Marks on the x axis: value and text."""
        return tuple(Tick(written(self._x.at(value)), text) for value, text in ticks)

    def up(self, ticks: Iterable[tuple[float, str]]) -> tuple[Tick, ...]:
        """Marks on the y axis: value and text."""
        return tuple(Tick(written(self._y.at(value)), text) for value, text in ticks)

    def lines(self, kind: str, points: Sequence[tuple[float, float | None]]) -> tuple[Line, ...]:
        """Lines through the points; where y is None the line is broken."""
        runs: list[list[str]] = [[]]
        for x, y in points:
            if y is None:
                runs.append([])
            else:
                runs[-1].append(f"{written(self._x.at(x))},{written(self._y.at(y))}")
        return tuple(Line(kind, " ".join(run)) for run in runs if len(run) > 1)

    def dot(self, x: float, y: float, share: float, text: str) -> Dot:
        """A dot. share: 0–1, how large its area is among all."""
        radius = max(SMALLEST_DOT, LARGEST_DOT * share**0.5)
        return Dot(written(self._x.at(x)), written(self._y.at(y)), written(radius), text)


def steps(low: float, high: float, step: float) -> list[float]:
    """low, low + step … up to high."""
    return [low + number * step for number in range(int((high - low) / step + 1e-9) + 1)]


def cumulated(parts: Sequence[float]) -> list[tuple[float, float]]:
    """(sum before, sum after) of each part."""
    sums = [0.0]
    for part in parts:
        sums.append(sums[-1] + part)
    return list(pairwise(sums))
