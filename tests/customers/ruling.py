"""Rulings on records as they stand, whichever pair they belong to, for tests of what rulings do."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Staff
from customers.models import Pair, Ruling, SourceRecord
from customers.services import locks
from customers.services.relinking import link_anew

STATES = {"SAME": Pair.State.SAME, "DIFFERENT": Pair.State.DIFFERENT, "LEGITIMATE": Pair.State.DIFFERENT}


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
    """Rule two records to be one customer, or two, and let the engine link them accordingly."""
    locks.hold_golden()
    left, right = sorted((one.pk, other.pk))
    Ruling.objects.filter(left_id=left, right_id=right, withdrawn_at=None).update(withdrawn_at=at)
    words = {"answer": answer, "kind": kind, "reason": reason, "ends_on": ends_on, "ruled_by": by, "ruled_at": at}
    ruling = Ruling.objects.create(left_id=left, right_id=right, **words)
    Pair.objects.filter(left_id=left, right_id=right).update(state=STATES[answer], closed_at=at)
    link_again(ruling, at)
    return ruling


@transaction.atomic
def withdraw_ruling(ruling: Ruling, at: datetime) -> None:
    """Let the rules decide again about the two."""
    locks.hold_golden()
    Ruling.objects.filter(pk=ruling.pk).update(withdrawn_at=at)
    link_again(ruling, at)


def link_again(ruling: Ruling, at: datetime) -> None:
    """Let the engine look at the records of a ruling."""
    link_anew(record_ids=[ruling.left_id, ruling.right_id], at=at)
