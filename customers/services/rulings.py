"""What people decide about two records: it holds from now on, against every rule, until it is withdrawn or ends."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import Staff
from customers.models import Pair, Ruling, SourceRecord
from customers.services import linking, locks, projection
from customers.services.events import record_events

STATES = {
    Ruling.Answer.SAME: Pair.State.SAME,
    Ruling.Answer.DIFFERENT: Pair.State.DIFFERENT,
    Ruling.Answer.LEGITIMATE: Pair.State.DIFFERENT,
}


class OneRecord(Exception):
    """A ruling is about two records."""


@transaction.atomic
def rule_pair(
    *,
    one: SourceRecord,
    other: SourceRecord,
    answer: str,
    by: Staff,
    at: datetime,
    kind: str = "",
    reason: str = "",
    ends_on: date | None = None,
) -> Ruling:
    """Decide that two records are one customer, or are not, and link them accordingly at once.

    An earlier ruling on the two is withdrawn, and stays on record. kind: of `Ruling.Kind`, for LEGITIMATE alone.
    Raises OneRecord.
    """
    if one.pk == other.pk:
        raise OneRecord
    locks.hold_golden()
    left, right = sorted((one.pk, other.pk))
    _withdraw(left, right, at)
    ruling = Ruling.objects.create(
        left_id=left,
        right_id=right,
        answer=answer,
        kind=kind,
        reason=reason,
        ends_on=ends_on,
        ruled_by=by,
        ruled_at=at,
    )
    _mark_pair(left, right, STATES[Ruling.Answer(answer)], at)
    _link_again(ruling, at)
    return ruling


@transaction.atomic
def withdraw_ruling(*, ruling: Ruling, at: datetime) -> Ruling:
    """Take a ruling back: from now on the rules decide again. One that was withdrawn already stays as it is."""
    locks.hold_golden()
    if _withdraw(ruling.left_id, ruling.right_id, at):
        _mark_pair(ruling.left_id, ruling.right_id, Pair.State.OVERTAKEN, at)
        _link_again(ruling, at)
    ruling.refresh_from_db()
    return ruling


def _withdraw(left: int, right: int, at: datetime) -> int:
    return Ruling.objects.filter(left_id=left, right_id=right, withdrawn_at=None).update(withdrawn_at=at)


def _mark_pair(left: int, right: int, state: str, at: datetime) -> None:
    Pair.objects.filter(left_id=left, right_id=right).update(state=state, closed_at=at)


def _link_again(ruling: Ruling, at: datetime) -> None:
    linking.link_records(at=at, feed_run_id=None, record_ids=[ruling.left_id, ruling.right_id])
    _counts, events = projection.project_customers(at=at)
    record_events(events=events, at=at)
