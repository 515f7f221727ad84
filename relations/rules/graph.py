"""Where the people around a customer lie in a drawing. Pure.

Lengths are in the units of the drawing's view box, and leave here as text with a point before the decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, sin

WIDTH = 760
CENTRE_X = WIDTH / 2
FAR_X, NEAR_X = 310.0, 190.0
MOST_ON_ONE_RING = 10
RADIUS, CENTRE_RADIUS = 22.0, 30.0
NAME_BELOW, WORD_BELOW = 16.0, 30.0
NAME_ABOVE, WORD_ABOVE = 20.0, 6.0
MARGIN = 12.0


@dataclass(frozen=True, slots=True)
class Rings:
    """How high a drawing is, and how far above and below its middle people lie at most: on the ring of all, or of more
    than ten on a far and a near one."""

    height: int
    far_y: float
    near_y: float

    @property
    def centre_y(self) -> float:
        return self.height / 2


ONE_RING, TWO_RINGS = Rings(400, 135.0, 135.0), Rings(620, 245.0, 140.0)


def rings_of(count: int) -> Rings:
    """The rings for so many people."""
    return ONE_RING if count <= MOST_ON_ONE_RING else TWO_RINGS


def height_of(count: int) -> int:
    """How high the drawing of so many people need be: down to the words of the lowest, and to the middle at least."""
    centre_y = rings_of(count).centre_y
    lowest = max((float(spot.word_y) for spot in spots(count)), default=0.0)
    return round(max(lowest, centre_y + CENTRE_RADIUS) + MARGIN)


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of one person: of the middle, of the left upper corner, of the line that reaches it, and of the two
    lines of words beside it: above it in the upper half, so that no line runs through them, and below it elsewhere."""

    x: str
    y: str
    left: str
    top: str
    start_x: str
    start_y: str
    end_x: str
    end_y: str
    name_y: str
    word_y: str


def spots(count: int) -> Iterator[Spot]:
    """Places for so many people around the middle, from the top and with the clock; of more than ten every second lies
    nearer, so that their names do not meet."""
    rings = rings_of(count)
    for place in range(count):
        is_near = rings is TWO_RINGS and place % 2 == 1
        angle = 2 * pi * place / count - pi / 2
        wide, high = (NEAR_X, rings.near_y) if is_near else (FAR_X, rings.far_y)
        yield _spot(wide * cos(angle), high * sin(angle), rings.centre_y)


def _spot(away_x: float, away_y: float, centre_y: float) -> Spot:
    x, y = CENTRE_X + away_x, centre_y + away_y
    length = (away_x**2 + away_y**2) ** 0.5
    is_above = away_y < -RADIUS
    name_y = y - RADIUS - NAME_ABOVE if is_above else y + RADIUS + NAME_BELOW
    word_y = y - RADIUS - WORD_ABOVE if is_above else y + RADIUS + WORD_BELOW
    towards_x, towards_y = away_x / length, away_y / length
    lengths = (
        *(x, y),
        *(x - RADIUS, y - RADIUS),
        *(CENTRE_X + towards_x * CENTRE_RADIUS, centre_y + towards_y * CENTRE_RADIUS),
        *(x - towards_x * RADIUS, y - towards_y * RADIUS),
        *(name_y, word_y),
    )
    return Spot(*(f"{length:.1f}" for length in lengths))
