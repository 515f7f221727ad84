"""What is recorded of the finances of customers, from all three tables in one query, and what age has left of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from accounts.models import Staff
from accounts.purposes import Purpose, purpose_of
from relations.rules.finances import Faded, Fading, Range, Stage, current, faded, shown_range

# Three tables in one query, since the page of a customer affords one; what a table lacks is empty.
KNOWN = """
SELECT known.*, recorder.name AS recorder, withdrawer.name AS withdrawer
FROM (
  SELECT 'FACT' AS noun, id, customer_id, kind, low, high, '' AS insurer, '' AS product_group,
         NULL::date AS ends_on, NULL::int AS level, NULL::date AS valid_until,
         as_of, told_by, consented_on, consent_method, evidence, recorded_by_id, recorded_at, withdrawn_by_id,
         withdrawn_at, withdrawn_because
  FROM relations_financialfact WHERE customer_id = ANY(%(customers)s)
  UNION ALL
  SELECT 'POLICY', id, customer_id, 'POLICY', monthly_premium, monthly_premium, insurer, product_group,
         ends_on, NULL, NULL,
         as_of, told_by, consented_on, consent_method, evidence, recorded_by_id, recorded_at, withdrawn_by_id,
         withdrawn_at, withdrawn_because
  FROM relations_policyelsewhere WHERE customer_id = ANY(%(customers)s)
  UNION ALL
  SELECT 'RISK', id, customer_id, 'RISK', NULL, NULL, '', '',
         NULL, level, valid_until,
         as_of, told_by, consented_on, consent_method, evidence, recorded_by_id, recorded_at, withdrawn_by_id,
         withdrawn_at, withdrawn_because
  FROM relations_riskprofile WHERE customer_id = ANY(%(customers)s)
) known
LEFT JOIN accounts_staff recorder ON recorder.id = known.recorded_by_id
LEFT JOIN accounts_staff withdrawer ON withdrawer.id = known.withdrawn_by_id
ORDER BY known.as_of DESC, known.recorded_at DESC, known.id DESC
"""


class Known(NamedTuple):
    """A row of one of the tables. noun: FACT, POLICY or RISK; kind: that of a fact, or the noun again."""

    noun: str
    pk: int
    customer_id: int
    kind: str
    low: int | None
    high: int | None
    insurer: str
    product_group: str
    ends_on: date | None
    level: int | None
    valid_until: date | None
    as_of: date
    told_by: str
    consented_on: date
    consent_method: str
    evidence: str
    recorded_by_id: int | None
    recorded_at: datetime
    withdrawn_by_id: int | None
    withdrawn_at: datetime | None
    withdrawn_because: str
    recorder: str | None
    withdrawer: str | None


class Finances:
    """What is recorded of one customer, as it is worth on a day. rows: the newest first."""

    def __init__(self, rows: Iterable[Known], on: date) -> None:
        self.rows, self.on = tuple(rows), on

    @cached_property
    def standing(self) -> tuple[Known, ...]:
        """What nobody withdrew."""
        return tuple(row for row in self.rows if row.withdrawn_at is None)

    @cached_property
    def withdrawn(self) -> tuple[Known, ...]:
        return tuple(row for row in self.rows if row.withdrawn_at is not None)

    @cached_property
    def policies(self) -> tuple[Known, ...]:
        """The policies elsewhere that have not ended."""
        running = (row for row in self.standing if row.noun == "POLICY")
        return tuple(row for row in running if row.ends_on is None or row.ends_on >= self.on)

    @cached_property
    def profile(self) -> Known | None:
        """The newest risk profile, whether or not it is valid still."""
        return next((row for row in self.standing if row.noun == "RISK"), None)

    def of_kind(self, kind: str) -> tuple[Known, Faded] | None:
        """The fact of this kind that counts."""
        return current((row, self.left_of(row)) for row in self.standing if row.kind == kind)

    def left_of(self, row: Known) -> Faded:
        """What is left of a fact or a policy elsewhere."""
        return faded(FADING, kind=row.kind, told_by=row.told_by, as_of=row.as_of, on=self.on)

    def range_of(self, row: Known) -> Range | None:
        """The range that a fact or the premium of a policy elsewhere is shown as; None where it is too old to be told,
        or no premium is known."""
        left = self.left_of(row)
        if left.stage is Stage.FORGOTTEN or row.low is None:
            return None
        bands = "CAPACITY" if row.noun == "POLICY" else row.kind
        return shown_range(bands, Range(row.low, row.high), left.freshness)

    def is_expired(self, profile: Known) -> bool:
        """Whether a risk profile is valid no more."""
        return profile.valid_until < self.on


FADING = Fading(
    half_lives=settings.FINANCE_HALF_LIFE_MONTHS,
    weights=settings.FINANCE_TOLD_BY_WEIGHTS,
    forgotten_below=settings.FINANCE_FORGOTTEN_BELOW,
)


def finances_of(customers: Sequence[int], on: date) -> dict[int, Finances]:
    """{customer id: finances} of these customers, in one query; empty ones of whom nothing is recorded."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"customers": list(customers)})
        rows = [Known(*row) for row in cursor.fetchall()]
    held: dict[int, list[Known]] = {customer: [] for customer in customers}
    for row in rows:
        held[row.customer_id].append(row)
    return {customer: Finances(own, on) for customer, own in held.items()}


def sees_finances(viewer: Staff) -> bool:
    """Whether the viewer may see finances at all: by permission, and never for campaigns, whatever else they are."""
    return viewer.has_perm("relations.view_financialfact") and purpose_of(viewer) != Purpose.CAMPAIGN
