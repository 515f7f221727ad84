"""Taking acts back: exactly what they did is undone, by an act of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from customers.merging import absorb
from customers.models import Act, Link, Merge, Pair, Ruling
from customers.services import corrections, linking, locks, projection, wishes
from customers.services.acting import begin_act
from customers.services.events import record_events
from customers.services.keeping_apart import undo_rulings
from customers.services.merges import close_joined_pairs
from customers.services.newcomers import Newcomer, fitted
from customers.services.splits import give_record_back
from customers.services.unmerges import NothingLeft, merge_in_force, reopen_pairs, unmerge_customer


class AlreadyTakenBack(Exception):
    """The act was taken back before."""


class NotToBeTakenBack(Exception):
    """What a person did not do, or what took something back itself, is not taken back: do it again instead."""


class LaterActsFirst(Exception):
    """A later act rests on this one. acts: those to take back first, the newest first."""

    def __init__(self, acts: list[Act]) -> None:
        super().__init__(*(act.pk for act in acts))
        self.acts = acts


@transaction.atomic
def take_back_act(
    *,
    act: Act,
    by: Staff,
    at: datetime,
    answers: Mapping[int, int] | None = None,
    reason_code: str = "",
    comment: str = "",
) -> Act:
    """Undo what a person did, exactly; returns the act that did so.

    answers: of a merge, {record that came since: the customer that it goes with}, of those that `newcomers_of_act`
    tells. Raises AlreadyTakenBack, NotToBeTakenBack, LaterActsFirst, unmerges.AnswersMissing, locks.StockBusy.
    """
    locks.hold_golden_soon()
    act = Act.objects.select_for_update().get(pk=act.pk)
    if act.taken_back_by_id:
        raise AlreadyTakenBack
    if act.by_id is None or act.kind == Act.Kind.TAKE_BACK:
        raise NotToBeTakenBack
    later = later_acts(act)
    if later:
        raise LaterActsFirst(later)
    if act.kind in OF_ONE_CUSTOMER:
        return OF_ONE_CUSTOMER[act.kind](act=act, by=by, at=at, reason_code=reason_code, comment=comment)
    taking = begin_act(
        kind=Act.Kind.TAKE_BACK,
        by=by,
        at=at,
        customers=act.customers.values_list("customer", flat=True),
        reason_code=reason_code,
        comment=comment,
        pair=act.pair,
        details={"act": act.pk},
    )
    UNDO[Act.Kind(act.kind)](act, taking, by, at, answers or {})
    taking.save(update_fields=["details"])
    Act.objects.filter(pk=act.pk).update(taken_back_by=taking)
    return taking


def later_acts(act: Act) -> list[Act]:
    """Later acts of people on the same customers that moved records, and must be taken back first, the newest first."""
    if act.kind not in MOVING:
        return []
    later = Act.objects.in_force().filter(pk__gt=act.pk, by__isnull=False, kind__in=MOVING)
    same = later.filter(customers__customer__in=act.customers.values("customer"))
    return list(same.distinct().order_by("-pk"))


def newcomers_of_act(act: Act) -> tuple[Newcomer, ...]:
    """The records that came since a merge and must be asked before it is taken back."""
    merges = _merges_of(act) if act.kind == Act.Kind.MERGE else []
    return fitted(merges) if merges else ()


def _merges_of(act: Act) -> list[Merge]:
    """The merges of an act that are in force, the newest first; one that was ended, and let hold again by taking that
    back, counts as its own."""
    found = []
    for merge in Merge.objects.filter(act=act).select_related("ended_by").order_by("-pk"):
        while merge is not None and merge.ended_by is not None:
            again = Merge.objects.filter(act=merge.ended_by.taken_back_by_id, retired=merge.retired_id)
            merge = again.select_related("ended_by").first()
        if merge is not None:
            found.append(merge_in_force(merge.retired))
    return found


def _undo_merge(act: Act, taking: Act, by: Staff, at: datetime, answers: Mapping[int, int]) -> None:
    """Where rules alone have left nothing to part since, a number stays retired, and only what was ruled is undone."""
    for merge in _merges_of(act):
        goes = {record: customer == merge.retired_id for record, customer in answers.items()}
        try:
            with transaction.atomic():
                unmerge_customer(retired=merge.retired, by=by, at=at, answers=goes, keep_apart=False, into_act=taking)
        except NothingLeft:
            taking.details.setdefault("kept", []).append(merge.pk)
    if "kept" in taking.details:
        undo_rulings(act, taking, at)
        Ruling.objects.filter(act=taking, withdrawn_at=None).update(withdrawn_at=at)
    reopen_pairs([*act.details.get("closed", ()), *([act.pair_id] if act.pair_id else ())])


def _undo_unmerge(act: Act, taking: Act, by: Staff, at: datetime, _answers: Mapping[int, int]) -> None:
    merges = [(merge.retired_id, merge.survivor) for merge in Merge.objects.filter(ended_by=act)]
    pairs = [(retired, survivor.merged_into_id or survivor.pk) for retired, survivor in merges]
    absorb(merges=pairs, at=at, act=taking)
    undo_rulings(act, taking, at)
    for record, basis in act.details.get("links", ()):
        Link.objects.filter(record=record, linked_by=act.by, linked_at=act.at).update(**basis)
    into = {into for _retired, into in pairs}
    taking.details["closed"] = [pair for customer in sorted(into) for pair in close_joined_pairs(customer, at)]
    projection.project_again(customer_ids=into, at=at, by=by)


def _undo_move(act: Act, taking: Act, by: Staff, at: datetime, _answers: Mapping[int, int]) -> None:
    give_record_back(act=act, taking=taking, by=by, at=at)
    undo_rulings(act, taking, at)


def _undo_decision(act: Act, taking: Act, by: Staff, at: datetime, _answers: Mapping[int, int]) -> None:
    """The pair waits again. Where the decision parted a customer, the rules decide again about the two."""
    undo_rulings(act, taking, at)
    pair = Pair.objects.filter(pk=act.pair_id).first()
    if pair is None:
        return
    Pair.objects.filter(pk=pair.pk).update(
        state=Pair.State.OPEN, overtaken_by="", closed_at=None, assigned_to=None, assigned_at=None, hold_until=None
    )
    if act.customers.count() == 1:
        linking.link_records(at=at, feed_run_id=None, record_ids=[pair.left_id, pair.right_id])
        _counts, events = projection.project_customers(at=at, by=by)
        record_events(events=events, at=at)


def _undo_later(act: Act, _taking: Act, _by: Staff, _at: datetime, _answers: Mapping[int, int]) -> None:
    Pair.objects.filter(pk=act.pair_id).update(hold_until=None)


MOVING = (Act.Kind.MERGE, Act.Kind.UNMERGE, Act.Kind.SPLIT, Act.Kind.MOVE)
UNDO = {
    Act.Kind.MERGE: _undo_merge,
    Act.Kind.UNMERGE: _undo_unmerge,
    Act.Kind.SPLIT: _undo_move,
    Act.Kind.MOVE: _undo_move,
    Act.Kind.SAME: _undo_decision,
    Act.Kind.DIFFERENT: _undo_decision,
    Act.Kind.LEGITIMATE: _undo_decision,
    Act.Kind.LATER: _undo_later,
}
# What was set for the values of one customer is taken back where it was set.
OF_ONE_CUSTOMER = {
    Act.Kind.PIN: wishes.take_back_wish,
    Act.Kind.PREFER: wishes.take_back_wish,
    Act.Kind.CORRECT: corrections.take_back_correction,
}
