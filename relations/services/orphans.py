"""Customers whom nobody keeps: giving them out by the rules, or saying why that may stay so for a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from customers.services.keeping import assign_keepers as keep_in_master
from customers.services.locks import hold_golden_soon
from relations.models import Keeper, OrphanNote
from relations.reports.orphans import orphans_among
from relations.rules.distribution import Chosen, Receiver, Seeker, distribute
from relations.services.handovers_plan import conflicts_of, receivers_of
from relations.services.keepers import planners, within_reach
from relations.services.keepers_rows import Basis, Row, adopt_keepers, replace_rows

MOST = 50_000
SEEKERS = """
SELECT customer.id, coalesce(branch.path, ''), coalesce(home.household_id, 0), kin.staff
FROM customers_customer customer
LEFT JOIN accounts_branch branch ON branch.code = customer.main_branch_id
LEFT JOIN LATERAL (
    SELECT membership.household_id FROM relations_membership membership
    WHERE membership.customer_id = customer.id AND membership.is_primary AND membership.ended_at IS NULL LIMIT 1
) home ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT keeper.id) AS staff FROM relations_membership housemate
    JOIN customers_customer kept ON kept.id = housemate.customer_id AND kept.state = 'ACTIVE'
    JOIN accounts_staff keeper ON keeper.employee_number = kept.keeper_id
    WHERE housemate.household_id = home.household_id AND housemate.ended_at IS NULL
) kin ON true
WHERE customer.id = ANY(%s)
"""


class NoOrphans(Exception):
    """None of these customers is without a keeper, as far as the person sees them."""


class UntilRefused(Exception):
    """The explanation would be over already, or hold longer than the settings allow."""


@dataclass(frozen=True)
class GivenOut:
    """How many customers found a keeper by the rules, and how many did not."""

    assigned: int
    left: int


@transaction.atomic
def assign_orphans(*, customer_ids: Iterable[int] | None, by: Staff, at: datetime) -> GivenOut:
    """Give customers whom nobody keeps to planners within the reach of `by`, by the rules of distribution.

    customer_ids: None for all whom `by` sees and nobody explained, 50,000 at most. Raises NoOrphans, and
    customers.services.locks.StockBusy while the stock is being written.
    """
    hold_golden_soon()
    ids = _orphans(customer_ids, by, timezone.localdate(at))
    receivers = receivers_of(_in_reach(by), timezone.localdate(at))
    chosen = distribute(_seekers(ids, receivers), receivers)
    given = [one for one in chosen if one.staff_id is not None]
    _assign(given, by, at)
    return GivenOut(len(given), len(chosen) - len(given))


def _orphans(customer_ids: Iterable[int] | None, by: Staff, today: date) -> list[int]:
    orphans = orphans_among(within_reach(by), on=today)
    orphans = orphans.filter(is_explained=False) if customer_ids is None else orphans.filter(pk__in=list(customer_ids))
    ids = list(orphans.order_by("pk").values_list("pk", flat=True)[:MOST])
    if not ids:
        raise NoOrphans
    return ids


def _in_reach(by: Staff) -> list[int]:
    """Planners below the branch of `by`; of the whole company for those who see every customer."""
    near = planners().exclude(branch=None)
    if not by.has_perm("customers.view_every_customer"):
        if by.branch is None:
            return []
        near = near.filter(branch__path__startswith=by.branch.path)
    return sorted(near.values_list("pk", flat=True))


def _seekers(ids: Sequence[int], receivers: Sequence[Receiver]) -> list[Seeker]:
    conflicts = conflicts_of([one.staff_id for one in receivers])
    with connection.cursor() as cursor:
        cursor.execute(SEEKERS, [list(ids)])
        rows = cursor.fetchall()
    return [
        Seeker(pk, path, household, conflicts.get(pk, frozenset()), keeps_kin=frozenset(kin or ()))
        for pk, path, household, kin in rows
    ]


def _assign(chosen: Sequence[Chosen], by: Staff, at: datetime) -> None:
    """chosen: those for whom somebody was found; the points are kept with the assignment."""
    ids = [one.customer_id for one in chosen]
    adopt_keepers(at=at, customer_ids=ids)
    rows = [Row(one.customer_id, one.staff_id, Keeper.Kind.FP, json.dumps(one.why)) for one in chosen]
    replace_rows(rows, Basis(Keeper.Why.ORPHAN, at, by))
    OrphanNote.objects.filter(customer__in=ids, ended_at=None).update(ended_at=at)
    saw(ids)
    staff = {one.staff_id for one in chosen}
    places = {
        pk: (number, branch or "")
        for pk, number, branch in Staff.objects.filter(pk__in=staff).values_list(
            "pk", "employee_number", "branch__code"
        )
    }
    keep_in_master(rows=[(one.customer_id, *places[one.staff_id]) for one in chosen], at=at, by=by)


@transaction.atomic
def explain_orphans(
    *, customer_ids: Iterable[int], why: str, until: date, note: str = "", by: Staff, at: datetime
) -> int:
    """Say why these customers have no keeper, and until when that may stay so; afterwards they count again.

    why: `OrphanNote.Why`. An earlier explanation ends. Returns how many. Raises UntilRefused, NoOrphans, ValueError.
    """
    today = timezone.localdate(at)
    if not today <= until <= today + timedelta(days=settings.ORPHAN_NOTE_DAYS):
        raise UntilRefused
    why = OrphanNote.Why(why)
    list(Customer.objects.select_for_update().filter(pk__in=list(customer_ids)).order_by("pk").values_list("pk"))
    ids = _orphans(customer_ids, by, today)
    OrphanNote.objects.filter(customer__in=ids, ended_at=None).update(ended_at=at)
    words = {"why": why, "until": until, "note": without_resident_numbers(note.strip()), "by": by, "at": at}
    OrphanNote.objects.bulk_create([OrphanNote(customer_id=pk, **words) for pk in ids], batch_size=5_000)
    saw(ids)
    return len(ids)
