"""How long a handover of many customers takes: planning, offering, answering, and the change itself in one transaction.

Everything is done on the loaded stock and taken back at the end, after the database has checked all it would check at a
commit.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from psycopg import sql

from accounts.models import Staff
from customers.models import Customer
from relations.models import Handover, HandoverItem, KeeperTerms, StaffMove
from relations.rules.distribution import region_of
from relations.services import handovers, handovers_answers, handovers_carry, handovers_planning
from relations.services.handovers import PlannedMove
from relations.services.keepers import planners
from relations.services.keepers_rows import adopt_keepers

CUSTOMERS = 50_000
LIMIT_SECONDS = 60


class _TakenBack(Exception):
    """Ends the transaction of a measurement."""


def measure(customers: int = CUSTOMERS) -> dict[str, float | int]:
    """Hand the customers of so many planners over that they have this many, or all that planners keep if that is less.

    Seconds: adopt, plan, answer, carry (the job that must be done within 60), and left_out, who must be 0.
    """
    figures: dict[str, float | int] = {}
    try:
        with transaction.atomic():
            figures = _measured(customers)
            raise _TakenBack
    except _TakenBack:
        return figures


def _measured(customers: int) -> dict[str, float | int]:
    at, figures = timezone.now(), {}
    began = time.perf_counter()
    adopt_keepers(at=at)
    _check()
    figures["adopt_seconds"] = round(time.perf_counter() - began, 2)
    _look("relations_keeper")
    leavers = _leavers(customers)
    _open_rooms(at, leavers)
    began = time.perf_counter()
    drafted = handovers.draft_handover(
        title="bench",
        takes_effect_on=timezone.localdate(at),
        moves=[PlannedMove(staff, StaffMove.Kind.LEAVES) for staff in leavers],
        branch=None,
        by=None,
        at=at,
        is_queued=False,
    )
    handover = handovers_planning.plan_handover(handover=drafted, at=at)
    _check()
    figures["plan_seconds"] = round(time.perf_counter() - began, 2)
    began = time.perf_counter()
    _look("relations_handoveritem")
    _answer(handover, at)
    _check()
    figures["answer_seconds"] = round(time.perf_counter() - began, 2)
    began = time.perf_counter()
    done = handovers_carry.carry_out_handover(handover=handover, by=None, at=at)
    _check()
    figures["carry_seconds"] = round(time.perf_counter() - began, 2)
    figures |= {"leavers": len(leavers), "customers": done.done, "left_out": done.counts["left_out"]}
    return figures


def _check() -> None:
    """Check what a commit would check, so that no step pays for the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _look(table: str) -> None:
    """What the database does by itself between these steps, which are days apart: look at the size of a table."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


def _leavers(customers: int) -> list[Staff]:
    """Planners with the most customers, as many as it takes; somebody of every region stays, so that others receive."""
    active = Customer.objects.filter(state=Customer.State.ACTIVE, keeper__isnull=False)
    counts = dict(active.order_by().values_list("keeper").annotate(count=Count("pk")))
    staff = planners().exclude(branch=None).select_related("branch")
    ordered = sorted(staff, key=lambda one: (-counts.get(one.employee_number, 0), one.pk))
    staying = Counter(region_of(one.branch.path) for one in ordered)
    chosen: list[Staff] = []
    for one in ordered:
        region = region_of(one.branch.path)
        if customers > 0 and staying[region] > 1:
            chosen.append(one)
            staying[region] -= 1
            customers -= counts.get(one.employee_number, 0)
    return chosen


def _open_rooms(at: datetime, leavers: list[Staff]) -> None:
    """Room enough for everybody, since what is measured is the work and not the company."""
    staying = planners().exclude(pk__in=[one.pk for one in leavers])
    KeeperTerms.objects.filter(staff__in=staying).delete()
    capacity = Customer.objects.count()
    KeeperTerms.objects.bulk_create([KeeperTerms(staff=one, capacity=capacity, changed_at=at) for one in staying])


def _answer(handover: Handover, at: datetime) -> None:
    """Every receiver accepts everything."""
    handovers.offer_handover(handover=handover, at=at)
    offered = HandoverItem.objects.filter(handover=handover, state=HandoverItem.State.OFFERED).values("to_staff")
    for staff in Staff.objects.filter(pk__in=offered):
        handovers_answers.accept_items(handover=handover, staff=staff, at=at)
