"""Assignments in sets: ending those that stand and beginning others, and following what the sources say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Staff

# A keeper that a source named and names no more, or of a customer whom nobody is told to keep any longer.
END_ADOPTED = """
UPDATE relations_keeper keeper SET ended_on = greatest(%(today)s, keeper.started_on), ended_at = %(at)s
FROM customers_customer customer
LEFT JOIN accounts_staff staff ON staff.employee_number = customer.keeper_id
WHERE customer.id = keeper.customer_id AND customer.state = 'ACTIVE'
    AND keeper.kind = 'FP' AND keeper.why = 'SOURCE' AND keeper.ended_at IS NULL
    AND staff.id IS DISTINCT FROM keeper.staff_id
    AND (%(ids)s::bigint[] IS NULL OR customer.id = ANY(%(ids)s::bigint[]))
"""
# In the order of customers, as the index that keeps two from standing at once grows without order with its square.
ADOPT = """
INSERT INTO relations_keeper
    (customer_id, staff_id, kind, branch_id, why, note, next_contact_for, started_on, recorded_at)
SELECT customer.id, staff.id, 'FP', branch.id, 'SOURCE', '', '', %(today)s, %(at)s
FROM customers_customer customer
JOIN accounts_staff staff ON staff.employee_number = customer.keeper_id
LEFT JOIN accounts_branch branch ON branch.code = customer.main_branch_id
WHERE customer.state = 'ACTIVE' AND (%(ids)s::bigint[] IS NULL OR customer.id = ANY(%(ids)s::bigint[]))
    AND NOT EXISTS (
        SELECT FROM relations_keeper held
        WHERE held.customer_id = customer.id AND held.kind = 'FP' AND held.ended_at IS NULL
    )
ORDER BY customer.id
ON CONFLICT DO NOTHING
"""
END = """
UPDATE relations_keeper keeper
SET ended_on = greatest(%(day)s, keeper.started_on), ended_at = %(at)s, ended_by_id = %(by)s
FROM unnest(%(customers)s::bigint[], %(kinds)s::text[]) AS wanted(customer_id, kind)
WHERE keeper.customer_id = wanted.customer_id AND keeper.kind = wanted.kind AND keeper.ended_at IS NULL
"""
START = """
INSERT INTO relations_keeper
    (customer_id, staff_id, kind, branch_id, why, note, next_contact_on, next_contact_for, started_on,
     recorded_by_id, recorded_at, handover_id)
SELECT wanted.customer_id, wanted.staff_id, wanted.kind, staff.branch_id, %(why)s,
    coalesce(nullif(wanted.note, ''), %(note)s), %(next_on)s, %(next_for)s, %(day)s, %(by)s, %(at)s, %(handover)s
FROM unnest(%(customers)s::bigint[], %(staff)s::bigint[], %(kinds)s::text[], %(notes)s::text[])
    AS wanted(customer_id, staff_id, kind, note)
JOIN accounts_staff staff ON staff.id = wanted.staff_id
ORDER BY wanted.customer_id
"""


class Row(NamedTuple):
    """Who is to keep a customer; kind: `Keeper.Kind`; note: '' for the one that all have in common."""

    customer_id: int
    staff_id: int
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Basis:
    """What rows that begin together have in common."""

    why: str
    at: datetime
    by: Staff | None
    note: str = ""
    next_contact_on: date | None = None
    next_contact_for: str = ""
    handover_id: int | None = None


@dataclass(frozen=True)
class Adopted:
    """How many assignments began and ended because the sources say so."""

    begun: int
    ended: int


@transaction.atomic
def adopt_keepers(*, at: datetime, customer_ids: Iterable[int] | None = None) -> Adopted:
    """Let the assignments that rest on sources follow whom the golden customers name; running it twice changes nothing
    more. customer_ids: None for the whole stock. What was assigned here is left alone: it outranks the sources.
    """
    ids = None if customer_ids is None else sorted(set(customer_ids))
    words = {"at": at, "today": timezone.localdate(at), "ids": ids}
    with connection.cursor() as cursor:
        cursor.execute(END_ADOPTED, words)
        ended = cursor.rowcount
        cursor.execute(ADOPT, words)
        return Adopted(begun=cursor.rowcount, ended=ended)


def end_rows(customers: Sequence[int], kinds: Sequence[str], *, at: datetime, by: Staff | None) -> int:
    """End the assignments of these kinds that stand; returns how many."""
    words = {"customers": list(customers), "kinds": list(kinds), "at": at, "day": timezone.localdate(at)}
    with connection.cursor() as cursor:
        cursor.execute(END, words | {"by": by.pk if by else None})
        return cursor.rowcount


def replace_rows(rows: Sequence[Row], basis: Basis) -> None:
    """End what stands of the same kinds, and let these assignments begin on the same day."""
    customers, staff, kinds, notes = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    end_rows(customers, kinds, at=basis.at, by=basis.by)
    words = {
        "customers": customers,
        "staff": staff,
        "kinds": kinds,
        "notes": notes,
        "why": basis.why,
        "note": basis.note,
        "next_on": basis.next_contact_on,
        "next_for": basis.next_contact_for,
        "day": timezone.localdate(basis.at),
        "by": basis.by.pk if basis.by else None,
        "at": basis.at,
        "handover": basis.handover_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(START, words)
