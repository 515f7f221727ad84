"""What a steward decides about a pair: one customer, two, legitimately two, or later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import Staff
from customers.models import Act, BulkAct, Customer, Pair, Proposal, Ruling
from customers.services import locks, merges, proposals, second_looks
from customers.services.acting import begin_act
from customers.services.relinking import link_anew
from customers.services.weighing import strongest_pattern

STATES = {
    Ruling.Answer.SAME: Pair.State.SAME,
    Ruling.Answer.DIFFERENT: Pair.State.DIFFERENT,
    Ruling.Answer.LEGITIMATE: Pair.State.DIFFERENT,
}


class Stale(Exception):
    """Somebody decided the pair meanwhile, or one of its records changed: nothing was done. pair: as it is now."""

    def __init__(self, pair: Pair) -> None:
        super().__init__(pair.pk)
        self.pair = pair


class KindMissing(Exception):
    """Two that are legitimately two are so for a reason of `Ruling.Kind`."""


class DateMissing(Exception):
    """What is put off is put off until a day to come."""


@dataclass(frozen=True)
class Answer:
    """What a steward answers. answer: of `Ruling.Answer`; kind: of `Ruling.Kind`, for LEGITIMATE alone, as are the
    switches, which say what the two are still combined for; survivor: of a merge, the customer that stays."""

    answer: str
    reason_code: str = ""
    comment: str = ""
    kind: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    is_one_for_service: bool = False
    is_one_for_marketing: bool = False
    is_one_for_statistics: bool = False
    survivor: Customer | None = None


def mark_of(pair: Pair) -> str:
    """What a form carries of the pair that it shows: it changes with the answer, the records and their customers.

    pair: with both records and their links.
    """
    sides = (f"{side.version}.{side.link.customer_id}" for side in (pair.left, pair.right) if hasattr(side, "link"))
    return "-".join((pair.state, str(pair.pattern), *sides))


@transaction.atomic
def decide_pair(
    *, pair: Pair, answer: Answer, seen: str, by: Staff, at: datetime, bulk: BulkAct | None = None
) -> Act | Proposal:
    """Decide a pair. One customer means a merge, or its proposal where that takes a second person; two means a ruling
    that every later run obeys.

    seen: `mark_of` the pair that the steward looked at. Returns the act, or the proposal. Raises Stale, KindMissing,
    proposals.AlreadyProposed, locks.StockBusy, and what `merges.merge_customers` raises but SecondPersonNeeded.
    """
    locks.hold_golden_soon()
    pair = _current(pair, seen)
    if (answer.answer == Ruling.Answer.LEGITIMATE) != bool(answer.kind):
        raise KindMissing
    decided = (_same if answer.answer == Ruling.Answer.SAME else _two)(pair, answer, by, at, bulk)
    second_looks.draw_second_look(act=decided, at=at)
    return decided


@transaction.atomic
def put_pair_off(*, pair: Pair, until: date, seen: str, by: Staff, at: datetime, comment: str = "") -> Act:
    """Take a pair out of the queue until a day. Raises Stale, DateMissing, proposals.AlreadyProposed."""
    pair = _current(pair, seen)
    if until <= at.date():
        raise DateMissing
    act = begin_act(kind=Act.Kind.LATER, by=by, at=at, customers=_customers(pair), comment=comment, pair=pair)
    Pair.objects.filter(pk=pair.pk).update(hold_until=until, assigned_to=None, assigned_at=None)
    return act


def _current(pair: Pair, seen: str) -> Pair:
    """The pair as it is now, locked. Raises Stale when it is not the one that was looked at, or no more open, and
    proposals.AlreadyProposed while its merge is before a second person."""
    current = Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    current = Pair.objects.select_related("left__source", "right__source", "left__link", "right__link").get(
        pk=current.pk
    )
    if current.state != Pair.State.OPEN or mark_of(current) != seen:
        raise Stale(current)
    waiting = Proposal.objects.waiting().filter(pair=current).first()
    if waiting:
        raise proposals.AlreadyProposed(waiting)
    return current


def _customers(pair: Pair) -> list[int]:
    sides = (pair.left, pair.right)
    return list(dict.fromkeys(side.link.customer_id for side in sides if hasattr(side, "link")))


def _same(pair: Pair, answer: Answer, by: Staff, at: datetime, bulk: BulkAct | None) -> Act | Proposal:
    customers = list(Customer.objects.filter(pk__in=_customers(pair)).order_by("pk"))
    if len(customers) < 2:
        return _confirmed(pair, answer, by, at, bulk)
    survivor = answer.survivor or customers[0]
    retired = [one for one in customers if one.pk != survivor.pk]
    words = {"reason_code": answer.reason_code, "comment": answer.comment}
    try:
        with transaction.atomic():
            act = merges.merge_customers(
                survivor=survivor, retired=retired, by=by, at=at, pair=pair, bulk=bulk, **words
            )
    except merges.SecondPersonNeeded as needed:
        return proposals.propose_merge(
            survivor=survivor, retired=retired, why=needed.why, pair=pair, by=by, at=at, **words
        )
    _close(pair, answer, at)
    return act


def _confirmed(pair: Pair, answer: Answer, by: Staff, at: datetime, bulk: BulkAct | None) -> Act:
    """New evidence spoke against one customer, and a person says that it is one all the same."""
    act = _begun(Act.Kind.SAME, pair, answer, by, at, bulk)
    _rule(pair, answer, act, by, at)
    _close(pair, answer, at)
    return act


def _two(pair: Pair, answer: Answer, by: Staff, at: datetime, bulk: BulkAct | None) -> Act:
    act = _begun(answer.answer, pair, answer, by, at, bulk)
    _rule(pair, answer, act, by, at)
    _close(pair, answer, at)
    if len(_customers(pair)) == 1:  # they were one until now: the engine parts their records anew
        link_anew(record_ids=[pair.left_id, pair.right_id], at=at, by=by)
    return act


def _begun(kind: str, pair: Pair, answer: Answer, by: Staff, at: datetime, bulk: BulkAct | None) -> Act:
    return begin_act(
        kind=kind,
        by=by,
        at=at,
        customers=_customers(pair),
        reason_code=answer.reason_code,
        comment=answer.comment,
        pair=pair,
        bulk=bulk,
    )


def _rule(pair: Pair, answer: Answer, act: Act, by: Staff, at: datetime) -> None:
    merges.rule(
        left=pair.left_id,
        right=pair.right_id,
        answer=answer.answer,
        kind=answer.kind,
        reason=answer.comment,
        pattern=strongest_pattern([pair.left_id], [pair.right_id]) if pair.pattern is None else pair.pattern,
        starts_on=answer.starts_on,
        ends_on=answer.ends_on,
        is_one_for_service=answer.is_one_for_service,
        is_one_for_marketing=answer.is_one_for_marketing,
        is_one_for_statistics=answer.is_one_for_statistics,
        act=act,
        by=by,
        at=at,
    )
    act.save(update_fields=["details"])


def _close(pair: Pair, answer: Answer, at: datetime) -> None:
    Pair.objects.filter(pk=pair.pk).update(
        state=STATES[Ruling.Answer(answer.answer)],
        closed_at=at,
        overtaken_by="",
        assigned_to=None,
        assigned_at=None,
        hold_until=None,
    )
