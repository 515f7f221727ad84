"""What a sum of money that was once told is still worth: ranges in bands that widen with age, until only that something
was known is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

DAYS_A_MONTH = 30.4375
MAN, EOK = 10_000, 100_000_000
WEALTH = (10_000_000, 30_000_000, 50_000_000, EOK, 2 * EOK, 3 * EOK, 5 * EOK, 10 * EOK, 20 * EOK, 50 * EOK)
MONTHLY = tuple(amount * MAN for amount in (5, 10, 20, 30, 50, 70, 100, 200, 300, 500))
BANDS: Mapping[str, tuple[int, ...]] = {
    "INCOME": tuple(amount * MAN for amount in (1000, 2000, 3000, 5000, 7000, 10000, 15000, 20000, 30000, 50000)),
    "ASSETS": WEALTH,
    "DEBTS": WEALTH,
    "CAPACITY": MONTHLY,
}
"""The edges of the bands in won, per kind; below the first is a band, and above the last."""
MOST: Mapping[str, int] = {"INCOME": 1_000 * EOK, "ASSETS": 10_000 * EOK, "DEBTS": 10_000 * EOK, "CAPACITY": 5 * EOK}
"""The largest sum that is no slip of the hand."""
SPREAD = 1.0
"""By how much a range is stretched when nothing of its freshness is left: to half its foot and twice its head."""
FRESH_FROM, AGEING_FROM = 0.75, 0.5
"""How much of its freshness a fact has at least; at a half is one half-life."""
ESTIMATE = "PLANNER"


class Stage(StrEnum):
    """How old a fact is, measured by the half-life of its kind."""

    FRESH = "FRESH"
    AGEING = "AGEING"
    OLD = "OLD"
    FORGOTTEN = "FORGOTTEN"


class Range(NamedTuple):
    """From low up to high, in won; `high` is None where there is no bound."""

    low: int
    high: int | None


@dataclass(frozen=True)
class Fading:
    """How fast facts fade. half_lives: months by kind; weights: 0–1 by who told, by which the half-life is shortened as
    well; forgotten_below: the strength under which no value is told any more."""

    half_lives: Mapping[str, float]
    weights: Mapping[str, float]
    forgotten_below: float


@dataclass(frozen=True, slots=True)
class Faded:
    """What is left of a fact. freshness: 0–1, by its age; strength: 0–1, the same by the weight of who told it."""

    freshness: float
    strength: float
    stage: Stage


def faded(fading: Fading, *, kind: str, told_by: str, as_of: date, on: date) -> Faded:
    """What is left on this day of a fact of that kind: after each half-life half of its strength.

    Source: README, finances: old figures fade (R4).
    """
    months = max((on - as_of).days, 0) / DAYS_A_MONTH
    weight = fading.weights[told_by]
    freshness = 0.5 ** (months / (fading.half_lives[kind] * weight))
    is_forgotten = freshness * weight < fading.forgotten_below
    return Faded(freshness, freshness * weight, Stage.FORGOTTEN if is_forgotten else _stage(freshness))


def _stage(freshness: float) -> Stage:
    if freshness >= FRESH_FROM:
        return Stage.FRESH
    return Stage.AGEING if freshness >= AGEING_FROM else Stage.OLD


def shown_range(kind: str, told: Range, freshness: float) -> Range:
    """The range that is shown: as it was told while it is fresh, then stretched the more the older it is; always out to
    the edges of the bands, so that no single sum can be read from it."""
    stretch = 1 + SPREAD * max(0.0, 1 - freshness / FRESH_FROM)
    high = None if told.high is None else told.high * stretch
    return in_bands(BANDS[kind], told.low / stretch, high)


def in_bands(edges: Sequence[int], low: float, high: float | None) -> Range:
    """The least run of whole bands that holds everything from low to high."""
    beyond = [edge for edge in edges if high is not None and edge >= high]
    ceiling = beyond[0] if beyond else None
    floors = [edge for edge in (0, *edges) if edge <= low and (ceiling is None or edge < ceiling)]
    return Range(floors[-1], ceiling)


def bands(kind: str) -> tuple[Range, ...]:
    """The bands of a kind, from the lowest to the open one."""
    edges = BANDS[kind]
    return tuple(Range(low, high) for low, high in zip((0, *edges), (*edges, None), strict=True))


def is_silly(kind: str, told: Range) -> bool:
    """Whether this can be no range of that kind: it says nothing, it is the wrong way round, or nobody has as much."""
    says_nothing = told.low == 0 and told.high is None
    backwards = told.low < 0 or (told.high is not None and told.high < told.low)
    return says_nothing or backwards or max(told.low, told.high or 0) > MOST[kind]


class Told(Protocol):
    """A fact with who told it, as of when."""

    pk: int
    told_by: str
    as_of: date


Fact = TypeVar("Fact", bound=Told)


def current(facts: Iterable[tuple[Fact, Faded]]) -> tuple[Fact, Faded] | None:
    """The one fact of a kind that counts: the newest. An estimate of the planner's own gives way to what the customer,
    a document or a bureau said, as long as that is not old."""
    held = list(facts)
    said = [(fact, left) for fact, left in held if fact.told_by != ESTIMATE and is_good(left.stage)]
    return max(said or held, key=lambda one: (one[0].as_of, one[0].pk), default=None)


def is_good(stage: Stage) -> bool:
    """Whether a fact may be used without asking again."""
    return stage in (Stage.FRESH, Stage.AGEING)


def added(ranges: Iterable[Range]) -> Range:
    """The sum of ranges; without a bound where one of them has none."""
    each = list(ranges)
    highs = [one.high for one in each]
    return Range(sum(one.low for one in each), None if None in highs else sum(highs))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that is shorter."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, last))


def age_on(born: date, on: date) -> int:
    """Full years of life on this day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
