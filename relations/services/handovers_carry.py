"""Carrying a handover out: everybody changes keepers in one transaction, or nobody does and it is said who would be
left without one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from accounts.services import staff as staff_services
from accounts.services.notices import notify
from customers.services.keeping import assign_keepers as keep_in_master
from customers.services.locks import hold_golden
from relations import tasks
from relations.models import Handover, HandoverItem, Keeper, StaffMove
from relations.services.handovers import State, locked
from relations.services.keepers_rows import Basis, Row, adopt_keepers, replace_rows

log = logging.getLogger(__name__)
DUE = (State.OFFERED, State.REFUSED)
MOST_TOLD = 10_000  # of those left out; the count is of all
LEFT_OUT = """
SELECT held.customer_id, CASE
        WHEN item.id IS NULL THEN 'CAME_SINCE'
        WHEN item.to_staff_id IS NULL THEN 'NO_RECEIVER'
        WHEN NOT receiver.is_active THEN 'RECEIVER_LEFT'
        WHEN item.state = 'RETURNED' THEN 'RETURNED'
        ELSE 'NOT_ANSWERED'
    END AS code
FROM (
    SELECT customer.id AS customer_id FROM relations_staffmove move
    JOIN accounts_staff staff ON staff.id = move.staff_id
    JOIN customers_customer customer ON customer.keeper_id = staff.employee_number AND customer.state = 'ACTIVE'
    WHERE move.handover_id = %(handover)s
    UNION
    SELECT customer.id FROM relations_staffmove move
    JOIN relations_keeper keeper
        ON keeper.staff_id = move.staff_id AND keeper.kind = 'MANAGER' AND keeper.ended_at IS NULL
    JOIN customers_customer customer ON customer.id = keeper.customer_id AND customer.state = 'ACTIVE'
    WHERE move.handover_id = %(handover)s AND move.kind <> 'TAKES_ALONG'
) held
LEFT JOIN relations_handoveritem item ON item.handover_id = %(handover)s AND item.customer_id = held.customer_id
LEFT JOIN accounts_staff receiver ON receiver.id = item.to_staff_id
WHERE item.id IS NULL OR item.to_staff_id IS NULL OR item.state <> 'ACCEPTED' OR NOT receiver.is_active
ORDER BY held.customer_id
"""
# What still stands as it was planned: an item whose customer was given to somebody else meanwhile changes nothing.
CHANGES = """
SELECT item.id, item.customer_id, item.to_staff_id, receiver.employee_number, 'FP' AS kind
FROM relations_handoveritem item
JOIN customers_customer customer ON customer.id = item.customer_id AND customer.state = 'ACTIVE'
JOIN accounts_staff holder ON holder.employee_number = customer.keeper_id
JOIN relations_staffmove move ON move.handover_id = item.handover_id AND move.staff_id = holder.id
JOIN accounts_staff receiver ON receiver.id = item.to_staff_id
WHERE item.handover_id = %(handover)s AND item.state = 'ACCEPTED' AND item.held @> '{"kinds": ["FP"]}'::jsonb
UNION ALL
SELECT item.id, item.customer_id, item.to_staff_id, receiver.employee_number, 'MANAGER'
FROM relations_handoveritem item
JOIN customers_customer customer ON customer.id = item.customer_id AND customer.state = 'ACTIVE'
JOIN relations_keeper keeper
    ON keeper.customer_id = item.customer_id AND keeper.kind = 'MANAGER' AND keeper.ended_at IS NULL
JOIN relations_staffmove move ON move.handover_id = item.handover_id AND move.staff_id = keeper.staff_id
JOIN accounts_staff receiver ON receiver.id = item.to_staff_id
WHERE item.handover_id = %(handover)s AND item.state = 'ACCEPTED' AND item.held @> '{"kinds": ["MANAGER"]}'::jsonb
ORDER BY 2
"""
DONE = """
UPDATE relations_handoveritem SET state = 'DONE' WHERE handover_id = %(handover)s AND id = ANY(%(items)s)
"""
FOLLOW_PROSPECTS = """
UPDATE relations_prospect prospect SET fp_id = item.to_staff_id, branch_id = receiver.branch_id
FROM relations_handoveritem item
JOIN relations_staffmove move ON move.handover_id = item.handover_id
JOIN accounts_staff receiver ON receiver.id = item.to_staff_id
WHERE item.id = ANY(%(items)s) AND prospect.customer_id = item.customer_id AND prospect.fp_id = move.staff_id
    AND prospect.state = 'ACTIVE'
"""

# Who was kept because of a prospect is kept so by the receiver too, until the prospect ends.
KEEP_AS_PROSPECTS = """
UPDATE relations_keeper keeper SET why = 'PROSPECT'
FROM relations_keeper before, relations_prospect prospect
WHERE keeper.handover_id = %(handover)s AND keeper.kind = 'FP' AND keeper.ended_at IS NULL
    AND before.customer_id = keeper.customer_id AND before.kind = 'FP' AND before.why = 'PROSPECT'
    AND before.ended_at = %(at)s
    AND prospect.customer_id = keeper.customer_id AND prospect.fp_id = keeper.staff_id AND prospect.state = 'ACTIVE'
"""


class TooEarly(Exception):
    """The day of the handover has not come."""


class _Change(NamedTuple):
    item_id: int
    customer_id: int
    staff_id: int
    number: str
    kind: str


@transaction.atomic
def request_carrying_out(*, handover: Handover, by: Staff | None, at: datetime) -> Handover:
    """Let a worker carry the handover out. Raises handovers.NotOpen, handovers.BeingPlanned, TooEarly."""
    handover = locked(handover, DUE)
    if handover.takes_effect_on > timezone.localdate(at):
        raise TooEarly
    handover.state = State.RUNNING
    handover.save(update_fields=["state"])
    tasks.carry_out_handover.delay_on_commit(handover_id=handover.pk, by_id=by.pk if by else None)
    return handover


def carry_out_due(*, at: datetime) -> list[int]:
    """Carry out what is due by its day, and whatever a dead process left behind; returns the ids. Safe at any time."""
    today = timezone.localdate(at)
    due = Handover.objects.filter(state__in=(*DUE, State.RUNNING), takes_effect_on__lte=today).order_by("pk")
    return [carry_out_handover(handover=handover, by=None, at=at).pk for handover in due]


@transaction.atomic
def carry_out_handover(*, handover: Handover, by: Staff | None, at: datetime) -> Handover:
    """Let every customer of the handover change keepers now, in one transaction; returns it DONE, or REFUSED.

    REFUSED: somebody would be without a keeper, so nothing changed, and `left_out` names them. Those who leave lose
    their account, those who move go to their branch, and what each saw of the customers ends with it. Waits for other
    writers of golden customers, and for a planning that is at work. Raises handovers.NotOpen, TooEarly.
    """
    hold_golden()
    handover = locked(handover, (*DUE, State.RUNNING), is_worker=True)
    if handover.takes_effect_on > timezone.localdate(at):
        raise TooEarly
    left_out = _left_out(handover)
    if left_out:
        return _refuse(handover, left_out, at)
    changes = _changes(handover)
    adopt_keepers(at=at, customer_ids=[change.customer_id for change in changes])
    _move_staff(handover, by, at)
    replace_rows(
        [Row(change.customer_id, change.staff_id, change.kind) for change in changes],
        Basis(Keeper.Why.HANDOVER, at, by, handover_id=handover.pk),
    )
    items = sorted({change.item_id for change in changes})
    with connection.cursor() as cursor:
        cursor.execute(DONE, {"handover": handover.pk, "items": items})
        cursor.execute(FOLLOW_PROSPECTS, {"items": items})
        cursor.execute(KEEP_AS_PROSPECTS, {"handover": handover.pk, "at": at})
    handover.state, handover.left_out, handover.finished_at, handover.done = State.DONE, [], at, len(items)
    handover.counts = handover.counts | {"left_out": 0}
    handover.save(update_fields=["state", "left_out", "finished_at", "done", "counts"])
    _tell_receivers(handover, at)
    _keep(changes, by, at)
    log.info("handover %s: %s customers changed keepers", handover.pk, len(items))
    return handover


def _left_out(handover: Handover) -> list[list[object]]:
    """Those who would be without a keeper: `[[customer id, code], …]`."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OUT, {"handover": handover.pk})
        return [list(row) for row in cursor.fetchall()]


def _refuse(handover: Handover, left_out: list[list[object]], at: datetime) -> Handover:
    is_news = handover.left_out != left_out[:MOST_TOLD]
    handover.state, handover.left_out = State.REFUSED, left_out[:MOST_TOLD]
    handover.counts = handover.counts | {"left_out": len(left_out)}
    handover.save(update_fields=["state", "left_out", "counts"])
    if is_news and handover.drafted_by is not None:
        url = reverse("relations:handover-detail", args=[handover.pk])
        notify(staff=[handover.drafted_by], kind="HANDOVER_REFUSED", at=at, what={"count": len(left_out)}, url=url)
    return handover


def _changes(handover: Handover) -> list[_Change]:
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, {"handover": handover.pk})
        return [_Change(*row) for row in cursor.fetchall()]


def _move_staff(handover: Handover, by: Staff | None, at: datetime) -> None:
    """Close the accounts of those who leave, and place those who move; nobody does that to themselves."""
    moves = StaffMove.objects.filter(handover=handover).select_related("staff", "to_branch").order_by("pk")
    for move in moves:
        actor = None if by is not None and by.pk == move.staff_id else by
        if move.kind == StaffMove.Kind.LEAVES:
            if move.staff.is_active:
                staff_services.deactivate_staff(staff=move.staff, at=at, by=actor)
        elif move.to_branch is not None:
            staff_services.move_staff(staff=move.staff, branch=move.to_branch, by=actor, at=at)


def _keep(changes: Sequence[_Change], by: Staff | None, at: datetime) -> None:
    """Tell the master, last of all: the golden customers follow, and with them what each may see."""
    numbers = {change.number for change in changes}
    branches = dict(Staff.objects.filter(employee_number__in=numbers).values_list("employee_number", "branch__code"))
    rows = [
        (change.customer_id, change.number, branches[change.number] or "")
        for change in changes
        if change.kind == Keeper.Kind.FP
    ]
    keep_in_master(rows=rows, at=at, by=by)


def _tell_receivers(handover: Handover, at: datetime) -> None:
    done = HandoverItem.objects.filter(handover=handover, state=HandoverItem.State.DONE)
    counted = dict(done.values_list("to_staff").annotate(count=Count("pk")).order_by())
    url = reverse("relations:handover-offered")
    for receiver in Staff.objects.filter(pk__in=counted, is_active=True).order_by("pk"):
        notify(staff=[receiver], kind="HANDOVER_DONE", at=at, what={"count": counted[receiver.pk]}, url=url)
