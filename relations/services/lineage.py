"""The direct line of a customer, as far as it is written down; and the lock under which it grows."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from relations.rules.relationships import GENERATIONS, Kin

LINE_LOCK = 4_207_901  # one writer of parents and grandparents at a time, so that two cannot close a circle together
MOST_GENERATIONS = 12
# A parent who died or a line that ended goes on being one; only what was never so, or was taken back, is none.
LINE = """
WITH RECURSIVE line(customer_id, generations) AS (
  SELECT %(customer)s::bigint, 0
  UNION
  SELECT written.{there}_id, line.generations + CASE written.kind WHEN 'PARENT' THEN 1 ELSE 2 END
  FROM line JOIN relations_relationship written ON written.{here}_id = line.customer_id
    AND written.kind = ANY(%(kinds)s) AND written.ended_because NOT IN ('NOT_TRUE', 'WITHDRAWN')
  WHERE line.generations < %(most)s
)
SELECT line.customer_id, max(line.generations), customer.birth_date
FROM line JOIN customers_customer customer ON customer.id = line.customer_id
GROUP BY line.customer_id, customer.birth_date ORDER BY 1
"""
ELDERS, YOUNGERS = LINE.format(here="second", there="first"), LINE.format(here="first", there="second")


def hold_lines() -> None:
    """Wait until nobody else writes parents and grandparents, and be the one who does until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINE_LOCK])


def elders_of(customer: int) -> Sequence[Kin]:
    """Everybody known above the customer, and itself at 0 generations."""
    return _line(ELDERS, customer)


def youngers_of(customer: int) -> Sequence[Kin]:
    """Everybody known below the customer, and itself at 0 generations."""
    return _line(YOUNGERS, customer)


def _line(statement: str, customer: int) -> Sequence[Kin]:
    parameters = {"customer": customer, "kinds": list(GENERATIONS), "most": MOST_GENERATIONS}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Kin(*row) for row in cursor.fetchall()]
