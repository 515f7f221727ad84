"""The draw of a month: entries of the trail by chance, each with the chance that its risk gives it, none twice.

Each entry gets the key −ln(u)/risk and the smallest keys are drawn (Efraimidis and Spirakis, 2006). u comes from the
seed and the name of the entry, so that whoever has the seed draws the same again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from accounts.reviews.periods import parameters
from accounts.reviews.risks import IN_PERIOD, ROUTINE, Risk, all_risks, weights_of
from accounts.reviews.workdays import month_after

BITS = 52
WEIGH = """
CREATE TEMPORARY TABLE access_draw ON COMMIT DROP AS
SELECT weighed.*, -ln((
    ('x' || left(md5(concat_ws('/', %(seed)s, month, lane, number)), 13))::bit({bits})::bigint::float8 + 0.5
) / (1::bigint << {bits})::float8) / risk AS key
FROM (
    SELECT month, lane, number, at, staff_id, mask, {routine} + {points} AS risk
    FROM (
        SELECT entry.month, entry.lane, entry.number, entry.at, entry.staff_id, {mask} AS mask
        FROM accounts_accessentry entry
        WHERE {period} AND entry.staff_id IS NOT NULL AND entry.kind <> 'LOGIN'
            AND (cardinality(entry.customers) > 0 OR entry.result = 403 OR entry.kind NOT IN ('VIEW', 'LIST', 'CHANGE'))
        OFFSET 0
    ) held
) weighed
"""
# OFFSET 0 keeps the planner from asking every condition twice.
DRAW = """
WITH risky AS (
    SELECT DISTINCT ON (draw.staff_id) draw.* FROM access_draw draw
    JOIN accounts_staff staff ON staff.id = draw.staff_id AND staff.is_active
    WHERE draw.risk >= %(high)s ORDER BY draw.staff_id, draw.key, draw.month, draw.lane, draw.number
), chance AS (
    SELECT draw.* FROM access_draw draw
    WHERE NOT EXISTS (SELECT FROM risky WHERE (risky.month, risky.lane, risky.number)
        = (draw.month, draw.lane, draw.number))
    AND EXISTS (SELECT FROM accounts_staff staff WHERE staff.id = draw.staff_id)
    ORDER BY draw.key, draw.month, draw.lane, draw.number
    LIMIT greatest(%(size)s - (SELECT count(*) FROM risky), 0)
)
SELECT month, lane, number, at, staff_id, mask, risk FROM (SELECT * FROM risky UNION ALL SELECT * FROM chance) drawn
ORDER BY risk DESC, at, lane, number
"""
COUNT = "SELECT count(*), count(DISTINCT staff_id) FROM access_draw"
COUNT_BY_MASK = "SELECT mask, count(*) FROM access_draw GROUP BY mask"


@dataclass(frozen=True)
class Drawn:
    """An entry that was drawn. weights: its points by reason; risk: their sum, with the points of every entry."""

    month: date
    lane: int
    number: int
    at: datetime
    staff_id: int
    weights: Mapping[str, int]
    risk: int


@dataclass(frozen=True)
class Draw:
    """What came of a draw: the entries, the riskiest first; how many entries and people the month has; by reason."""

    drawn: Sequence[Drawn]
    entries: int
    people: int
    by_reason: Mapping[str, int]


def draw(*, month: date, seed: str, size: int, high: int) -> Draw:
    """Draw `size` entries of a month; everybody at work who has entries of `high` points or more has one among them,
    even if that makes it more. Within a transaction; the database keeps what it weighs on disk."""
    risks = all_risks()
    words = {**parameters(month, month_after(month) - timedelta(days=1)), "seed": seed, "size": size, "high": high}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS access_draw")
        cursor.execute(_weigh(risks), words)
        cursor.execute("ANALYZE access_draw")
        cursor.execute(DRAW, words)
        drawn = [Drawn(*row[:5], weights_of(row[5], risks), row[6]) for row in cursor.fetchall()]
        cursor.execute(COUNT)
        entries, people = cursor.fetchone()
        cursor.execute(COUNT_BY_MASK)
        by_reason = _by_reason(cursor.fetchall(), risks)
        cursor.execute("DROP TABLE access_draw")
    return Draw(drawn, entries, people, by_reason)


def _weigh(risks: Sequence[Risk]) -> str:
    mask = " + ".join(f"CASE WHEN {risk.condition} THEN {1 << place} ELSE 0 END" for place, risk in enumerate(risks))
    points = " + ".join(f"(mask >> {place} & 1) * {risk.points}" for place, risk in enumerate(risks))
    return WEIGH.format(
        bits=BITS, routine=ROUTINE, points=points or "0", mask=mask or "0", period=IN_PERIOD.format(alias="entry")
    )


def _by_reason(masks: Sequence[tuple[int, int]], risks: Sequence[Risk]) -> Mapping[str, int]:
    found = {risk.code: 0 for risk in risks}
    for mask, count in masks:
        for place, risk in enumerate(risks):
            found[risk.code] += count * (mask >> place & 1)
    return {code: count for code, count in found.items() if count}
