"""Planning a handover in the background: everything counted and receivers chosen in one transaction, so that a plan is
there whole or not at all."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from accounts.services.turns import alone
from relations import tasks
from relations.models import Handover
from relations.services.handovers import (
    OPEN_STATES,
    NotOpen,
    Planning,
    State,
    locked,
    offered_staff,
    tell_receivers,
)
from relations.services.handovers_plan import fill_items, give_out

log = logging.getLogger(__name__)
PLANNING_LOCK = 5_190_446  # the class of locks on single handovers that are planned
UNFINISHED = (Planning.WAITING, Planning.RUNNING)


class PlanningBusy(Exception):
    """Another process plans this handover."""


@transaction.atomic
def request_planning(*, handover: Handover, is_queued: bool = True) -> Handover:
    """Let whoever came since be taken in, and receivers be chosen for all who have none or returned them; when
    `is_queued`, a worker does it after commit. Raises NotOpen, and BeingPlanned where one is on the way already.
    """
    handover = locked(handover, OPEN_STATES)
    handover.planning = Planning.WAITING
    handover.save(update_fields=["planning"])
    if is_queued:
        tasks.plan_handover.delay_on_commit(handover_id=handover.pk)
    return handover


def plan_handover(*, handover: Handover, at: datetime) -> Handover:
    """Plan a handover that waits for it; returns it as it stands then. May be called again after any interruption.

    Of a handover that was offered, those for whom somebody is chosen now are offered at once. A failure writes nothing
    but that it failed. Raises PlanningBusy, and OperationalError or InterfaceError when the database is away (the
    planning is then unfinished, and `resume_plannings` takes it up).
    """
    with alone(PLANNING_LOCK, handover.pk, busy=PlanningBusy):
        if _unfinished(handover).update(planning=Planning.RUNNING):
            try:
                _plan(handover, at)
            except NotOpen:  # it was carried out before its turn came
                _unfinished(handover).update(planning="")
            except (OperationalError, InterfaceError):
                connection.close()
                raise
            except Exception as problem:  # whatever it was, a person waits for the end of it
                places = "".join(traceback.format_tb(problem.__traceback__))
                log.error("Planning of handover %s failed by %s:\n%s", handover.pk, type(problem).__name__, places)
                _unfinished(handover).update(planning=Planning.FAILED)
    handover.refresh_from_db()
    return handover


def resume_plannings(*, at: datetime) -> list[int]:
    """Do every planning that a dead process left behind; returns the ids of the handovers. Safe to call at any time."""
    done = []
    for handover in Handover.objects.filter(planning__in=UNFINISHED).order_by("pk"):
        try:
            done.append(plan_handover(handover=handover, at=at).pk)
        except PlanningBusy:
            continue
    return done


@transaction.atomic
def _plan(handover: Handover, at: datetime) -> None:
    handover = locked(handover, OPEN_STATES, is_worker=True)
    is_offered = handover.state != State.DRAFT
    before = set(offered_staff(handover)) if is_offered else set()
    fill_items(handover=handover)
    handover.counts |= dict(give_out(handover=handover, at=at, is_offered=is_offered))
    handover.planning = ""
    handover.save(update_fields=["counts", "planning"])
    if is_offered:
        tell_receivers(handover, at, [staff for staff in offered_staff(handover) if staff not in before])


def _unfinished(handover: Handover) -> QuerySet[Handover]:
    return Handover.objects.filter(pk=handover.pk, planning__in=UNFINISHED)
