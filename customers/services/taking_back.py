"""Taking acts back: exactly what they did is undone, by an act of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Staff
from customers.merging import absorb
from customers.models import Act, Customer, Link, Merge, Pair, Ruling
from customers.services import corrections, locks, projection, wishes
from customers.services.acting import begin_act, untaken
from customers.services.keeping_apart import undo_rulings
from customers.services.merges import close_joined_pairs
from customers.services.newcomers import Newcomer, fitted
from customers.services.relinking import link_anew
from customers.services.splits import give_record_back
from customers.services.unmerges import NothingLeft, merge_in_force, reopen_pairs, unmerge_customer


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
    act = untaken(act)
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
    """Later acts on the same customers that rest on this one, and must be taken back first, the newest first: those of
    people that moved records, where this one did; those that overruled it, where it is a decision on a pair; and the
    merge by rule of a customer that this one brought back."""
    if act.kind not in (*MOVING, *DECIDING):
        return []
    later = Act.objects.in_force().filter(pk__gt=act.pk)
    rests = _overruling(act) if act.kind in DECIDING else Q(kind__in=MOVING, by__isnull=False)
    same = later.filter(rests, customers__customer__in=act.customers.values("customer"))
    found = list(same.distinct().order_by("-pk"))
    return found or (_gone_elsewhere(act) if act.kind == Act.Kind.UNMERGE else [])


def _overruling(act: Act) -> Q:
    """Acts that withdrew what this one ruled, as far as that does not hold again."""
    withdrew = Q(pk__in=())
    for ruling in act.rulings.exclude(withdrawn_at=None).values_list("pk", flat=True):
        withdrew |= Q(details__withdrew__contains=[ruling])
    return withdrew & ~Q(kind=Act.Kind.TAKE_BACK)


def _gone_elsewhere(act: Act) -> list[Act]:
    """What merged a customer that an unmerge brought back into another one than it came from, by rule."""
    found = []
    for ended in Merge.objects.filter(ended_by=act).select_related("retired", "survivor"):
        holder = _holder(ended.retired)
        if holder not in (ended.retired_id, _holder(ended.survivor)):
            found.append(merge_in_force(ended.retired).act)
    return found


def _holder(customer: Customer) -> int:
    """Who has what was this customer's."""
    return customer.merged_into_id or customer.pk


def newcomers_of_act(act: Act) -> tuple[Newcomer, ...]:
    """The records that came since a merge and must be asked before it is taken back."""
    merges = _merges_of(act) if act.kind == Act.Kind.MERGE else []
    return fitted(merges) if merges else ()


def _merges_of(act: Act) -> list[Merge]:
    """The merges of an act that are in force, the newest first; one that was ended, and let hold again by taking that
    back, counts as its own."""
    return [merge_in_force(merge.retired) for merge in _last_made(act) if merge.ended_by is None]


def _last_made(act: Act) -> list[Merge]:
    """The merges of an act, the newest first, each as it was made last: taking back what ended one makes it again,
    unless rules had done so before."""
    return [_made_again(merge) for merge in Merge.objects.filter(act=act).select_related("ended_by").order_by("-pk")]


def _made_again(merge: Merge) -> Merge:
    while merge.ended_by is not None:
        made = Merge.objects.filter(act=merge.ended_by.taken_back_by_id, retired=merge.retired_id)
        again = made.select_related("ended_by").first()
        if again is None:
            break
        merge = again
    return merge


def _undo_merge(act: Act, taking: Act, by: Staff, at: datetime, answers: Mapping[int, int]) -> None:
    """Where rules alone have left nothing to part since, or have merged the two themselves, a number stays retired, and
    only what was ruled is undone."""
    by_rule = [each.pk for each in _last_made(act) if each.ended_by and each.ended_by.taken_back_by_id]
    if by_rule:
        taking.details["kept"] = by_rule
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
    ended = list(Merge.objects.filter(ended_by=act).select_related("retired", "survivor"))
    pairs = [(each.retired_id, _holder(each.survivor)) for each in ended]
    # What rules have made one again since is one already, whichever number they kept.
    apart = [pair for pair, each in zip(pairs, ended, strict=True) if _holder(each.retired) != pair[1]]
    absorb(merges=apart, at=at, act=taking)
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
        link_anew(record_ids=[pair.left_id, pair.right_id], at=at, by=by)


def _undo_later(act: Act, _taking: Act, _by: Staff, _at: datetime, _answers: Mapping[int, int]) -> None:
    """A pair that was put off again since stays so."""
    if not Act.objects.in_force().filter(pair=act.pair_id, kind=Act.Kind.LATER, pk__gt=act.pk).exists():
        Pair.objects.filter(pk=act.pair_id).update(hold_until=None)


MOVING = (Act.Kind.MERGE, Act.Kind.UNMERGE, Act.Kind.SPLIT, Act.Kind.MOVE)
DECIDING = (Act.Kind.SAME, Act.Kind.DIFFERENT, Act.Kind.LEGITIMATE)
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
