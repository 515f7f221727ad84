"""Doing a bulk action, or taking it back: one pair a transaction, so that it goes on wherever it was cut off."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, BulkAct, Pair, Proposal
from customers.services import deciding, locks, merges, proposals, taking_back, unmerges
from customers.services.bulk_forecasts import Outcome, was_decided_before

log = logging.getLogger(__name__)
AT_WORK = (BulkAct.State.RUNNING, BulkAct.State.TAKING_BACK)
PAUSE_SECONDS = 1.0
MOST_KEPT = 200  # acts that could not be taken back and are told one by one
SKIPPED = {
    deciding.Stale: Outcome.OVERTAKEN,
    merges.NotActive: Outcome.OVERTAKEN,
    merges.KindsDiffer: Outcome.KINDS_DIFFER,
    merges.OnHold: Outcome.ON_HOLD,
    proposals.AlreadyProposed: Outcome.SECOND_PERSON,
}
KEPT = {
    taking_back.LaterActsFirst: "LATER_ACTS",
    unmerges.AnswersMissing: "NEWCOMERS",
    unmerges.NothingLeft: "NOTHING_LEFT",
}
"""Why a decision could not be taken back by itself; the words are in `customers.reports.bulk`."""
UNEXPECTED = "FAILED"


class BulkBusy(Exception):
    """Another process is at this bulk action."""


class _TakesSecondPerson(Exception):
    """The pair would be proposed to a second person, which is nothing to be done by the thousand."""


def run_bulk(*, bulk: BulkAct, on_progress: Callable[[], None] = lambda: None) -> BulkAct:
    """Do a bulk action, or its taking back, to its end, from wherever it was cut off; returns it as it is then.

    Raises BulkBusy when another process is at it, and OperationalError or InterfaceError when the database is away; it
    may then be called again.
    """
    with _only_one(bulk):
        while _goes_on(bulk):
            on_progress()
    bulk.refresh_from_db()
    return bulk


def resume_bulk_acts() -> list[int]:
    """Go on with the actions that a dead process left behind; returns their ids. Safe to call at any time."""
    resumed = []
    for bulk in BulkAct.objects.filter(state__in=AT_WORK).order_by("pk"):
        try:
            run_bulk(bulk=bulk)
        except BulkBusy:
            continue
        resumed.append(bulk.pk)
    return resumed


def is_left(bulk: BulkAct) -> bool:
    """Whether an action was begun and nobody is at it now; asked in this order, since it may end between the two."""
    return bulk.state in AT_WORK and not locks.is_bulk_taken(bulk.pk) and _is_at_work(bulk)


@contextmanager
def _only_one(bulk: BulkAct) -> Iterator[None]:
    if not locks.take_bulk(bulk.pk):
        raise BulkBusy
    try:
        yield
    finally:
        locks.leave_bulk(bulk.pk)


def _goes_on(bulk: BulkAct) -> bool:
    """Do the next pair or act. While a feed or a match run writes, wait for it."""
    try:
        return _step(bulk.pk)
    except locks.StockBusy:
        time.sleep(PAUSE_SECONDS)
        return _is_at_work(bulk)
    except (OperationalError, InterfaceError):
        connection.close()
        raise


def _is_at_work(bulk: BulkAct) -> bool:
    return BulkAct.objects.filter(pk=bulk.pk, state__in=AT_WORK).exists()


@transaction.atomic
def _step(bulk_id: int) -> bool:
    """One pair with its count, or one act with its count: both hold, or neither. False where nothing is left to do."""
    locks.hold_golden_soon()  # before the row, so that whoever wants to stop need not wait for it
    bulk = BulkAct.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=bulk_id)
    if bulk.state == BulkAct.State.RUNNING:
        return _decide_next(bulk)
    return bulk.state == BulkAct.State.TAKING_BACK and _take_back_next(bulk)


def _decide_next(bulk: BulkAct) -> bool:
    outcomes = bulk.counts.setdefault("outcomes", {})
    if bulk.done_upto < len(bulk.pair_ids):
        outcome = _decided(bulk, bulk.pair_ids[bulk.done_upto])
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        bulk.done_upto += 1
    if bulk.done_upto == len(bulk.pair_ids):
        bulk.state, bulk.finished_at = BulkAct.State.DONE, timezone.now()
    bulk.save(update_fields=["state", "counts", "done_upto", "finished_at"])
    return bulk.state == BulkAct.State.RUNNING


def _decided(bulk: BulkAct, pair_id: int) -> str:
    """Decide one pair as every steward would, and say what became of it."""
    pair = Pair.objects.select_related("left__link", "right__link").defer("left__raw", "right__raw").get(pk=pair_id)
    sides = (pair.left, pair.right)
    if was_decided_before(pair):
        return Outcome.DECIDED_BEFORE
    if pair.state != Pair.State.OPEN or len({side.link.customer_id for side in sides if hasattr(side, "link")}) < 2:
        return Outcome.OVERTAKEN
    if any(side.loaded_at > bulk.requested_at for side in sides):
        return Outcome.CHANGED
    try:
        with transaction.atomic():
            act = _decide(bulk, pair)
    except tuple(SKIPPED) as problem:
        return SKIPPED[type(problem)]
    except _TakesSecondPerson:
        return Outcome.SECOND_PERSON
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:  # whatever it was, the other pairs do not wait for it
        _log("decide", bulk, pair_id, problem)
        return Outcome.FAILED
    return Outcome.MERGED if act.kind == Act.Kind.MERGE else Outcome.RULED_TWO


def _decide(bulk: BulkAct, pair: Pair) -> Act:
    answer = deciding.Answer(answer=bulk.answer, reason_code=bulk.reason_code, comment=bulk.comment)
    act = deciding.decide_pair(
        pair=pair, answer=answer, seen=deciding.mark_of(pair), by=bulk.requested_by, at=timezone.now(), bulk=bulk
    )
    if isinstance(act, Proposal):
        raise _TakesSecondPerson
    return act


def _take_back_next(bulk: BulkAct) -> bool:
    counts = bulk.counts
    act = bulk.acts.in_force().filter(pk__lt=counts["back_upto"]).order_by("-pk").first()
    if act is None:
        bulk.state = BulkAct.State.TAKEN_BACK
    else:
        counts["back_upto"] = act.pk
        _note(counts, act, _taken_back(bulk, act))
    bulk.save(update_fields=["state", "counts"])
    return act is not None


def _note(counts: dict[str, object], act: Act, kept: str) -> None:
    """Count an act that was taken back, or why it was kept. kept: '' where it was taken back."""
    if not kept:
        counts["taken_back"] += 1
        return
    counts["kept"][kept] = counts["kept"].get(kept, 0) + 1
    if len(counts["kept_acts"]) < MOST_KEPT:
        counts["kept_acts"].append([act.pk, kept])


def _taken_back(bulk: BulkAct, act: Act) -> str:
    """Take one act back; returns why it could not be done, '' where it was."""
    by = Staff.objects.get(pk=bulk.counts["back_by"])
    try:
        with transaction.atomic():
            taking_back.take_back_act(act=act, by=by, at=timezone.now())
    except tuple(KEPT) as problem:
        return KEPT[type(problem)]
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:  # whatever it was, the other acts do not wait for it
        _log("take back", bulk, act.pk, problem)
        return UNEXPECTED
    return ""


def _log(what: str, bulk: BulkAct, number: int, problem: Exception) -> None:
    places = "".join(traceback.format_tb(problem.__traceback__))
    log.error("Bulk action %s could not %s %s: %s\n%s", bulk.pk, what, number, type(problem).__name__, places)
