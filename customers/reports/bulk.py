"""What the pages of bulk actions tell: what the dry run expects, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from customers.filters import ActiveFilter
from customers.models import BulkAct, Ruling
from customers.pair_filters import STATES, PairFilter
from customers.services.bulk import DRY_RUN_HOLDS, ENDED, STARTABLE, take_back_until
from customers.services.bulk_forecasts import Outcome
from customers.services.bulk_runs import AT_WORK, is_left

DONE: Mapping[str, Promise] = {
    Outcome.MERGED: _("Merged"),
    Outcome.RULED_TWO: _("Ruled to be two customers"),
}
SKIPPED: Mapping[str, Promise] = {
    Outcome.SECOND_PERSON: _("A second person must agree: customers of high value, differing numbers, earlier rulings"),
    Outcome.DECIDED_BEFORE: _("They contradict an earlier decision, so each is looked at by itself"),
    Outcome.KINDS_DIFFER: _("One person and one organisation are never one customer"),
    Outcome.ON_HOLD: _("A hold keeps one of them as it is"),
    Outcome.OVERTAKEN: _("Decided already, or one customer by now"),
    Outcome.CHANGED: _("A record has changed since the dry run"),
    Outcome.FAILED: _("Failed without leaving a trace; the log of the worker tells the place"),
}
"""Outcomes of pairs in words, in the order in which they are told: what is done, and what is left alone and why."""
KEPT: Mapping[str, Promise] = {
    "LATER_ACTS": _("Later decisions rest on it; take those back first"),
    "NEWCOMERS": _("Records came since, and a person must say where each belongs"),
    "NOTHING_LEFT": _("No record is left that could go back"),
    "FAILED": _("Failed without leaving a trace; the log of the worker tells the place"),
}
"""Why a decision was not taken back with the others."""
PRICE: Mapping[str, Promise] = {
    "merged": _("Customers that would be merged away"),
    "customers": _("Customers concerned"),
    "records": _("Their source records"),
    "contracts": _("Their contracts"),
    "vips": _("VIPs among them"),
}
ANSWERS = dict(Ruling.Answer.choices)
Counted = tuple[tuple[Promise, int], ...]


@dataclass(frozen=True)
class Outcomes:
    """Pairs by what becomes of them. done, skipped: (label, count), without those that are none."""

    done: Counted
    skipped: Counted
    done_count: int
    skipped_count: int


@dataclass(frozen=True)
class KeptLine:
    """A decision that was not taken back."""

    act_id: int
    why: Promise


@dataclass(frozen=True)
class BulkLine:
    """A bulk action in the list. decided: pairs that it decided; back_until: None where it cannot be taken back."""

    bulk: BulkAct
    answer: Promise
    pairs: int
    decided: int
    back_until: datetime | None


@dataclass(frozen=True)
class BulkReport:
    """All that the page of a bulk action shows.

    filters, where: the filter in words; left_out: pairs that fit it beyond those taken; percent, reached, of: how far
    it is; starting: READY, OUTDATED or NOT_YOURS where it waits to be begun, else ''; kept: why decisions were not
    taken back, kept_acts the first of them; is_left: nobody is at it now.
    """

    bulk: BulkAct
    answer: Promise
    where: Promise
    filters: tuple[ActiveFilter, ...]
    pairs: int
    left_out: int
    forecast: Outcomes
    price: Counted
    outcomes: Outcomes
    percent: int
    reached: int
    of: int
    taken_back: int
    kept: Counted
    kept_acts: tuple[KeptLine, ...]
    is_at_work: bool
    is_left: bool
    starting: str
    can_take_back: bool
    back_until: datetime | None


def bulk_line(bulk: BulkAct, at: datetime) -> BulkLine:
    """A bulk action in a line; bulk: with `pair_count`."""
    decided = _outcomes(bulk.counts.get("outcomes", {})).done_count
    return BulkLine(bulk, ANSWERS[bulk.answer], bulk.pair_count, decided, _back_until(bulk, at))


def bulk_report(bulk: BulkAct, viewer: Staff, at: datetime) -> BulkReport:
    """A bulk action as `viewer` sees it; bulk: with requested_by."""
    counts, words = bulk.counts, PairFilter(bulk.condition, viewer=viewer)
    reached, of = _progress(bulk)
    back_until = _back_until(bulk, at)
    return BulkReport(
        bulk=bulk,
        answer=ANSWERS[bulk.answer],
        where=dict(STATES)[words.chosen_state],
        filters=tuple(words.active),
        pairs=len(bulk.pair_ids),
        left_out=counts.get("left_out", 0),
        forecast=_outcomes(counts.get("forecast", {})),
        price=tuple((label, counts.get("price", {}).get(name, 0)) for name, label in PRICE.items()),
        outcomes=_outcomes(counts.get("outcomes", {})),
        percent=100 * reached // of if of else 0,
        reached=reached,
        of=of,
        taken_back=counts.get("taken_back", 0),
        kept=_counted(KEPT, counts.get("kept", {})),
        kept_acts=tuple(KeptLine(act, KEPT[why]) for act, why in counts.get("kept_acts", ())),
        is_at_work=bulk.state in AT_WORK,
        is_left=is_left(bulk),
        starting=_starting(bulk, viewer, at),
        can_take_back=back_until is not None and bulk.acts.in_force().exists(),
        back_until=back_until,
    )


def _progress(bulk: BulkAct) -> tuple[int, int]:
    """How many are done, of how many: pairs, or decisions to be taken back."""
    if bulk.state == BulkAct.State.TAKING_BACK:
        return bulk.counts["taken_back"] + sum(bulk.counts["kept"].values()), bulk.counts["back_of"]
    return bulk.done_upto, len(bulk.pair_ids)


def _starting(bulk: BulkAct, viewer: Staff, at: datetime) -> str:
    if bulk.state not in STARTABLE or "taken_back" in bulk.counts:
        return ""
    if bulk.requested_by_id != viewer.pk:
        return "NOT_YOURS"
    return "OUTDATED" if at - bulk.requested_at > DRY_RUN_HOLDS else "READY"


def _back_until(bulk: BulkAct, at: datetime) -> datetime | None:
    if bulk.state not in ENDED:
        return None
    until = take_back_until(bulk)
    return until if at <= until else None


def _outcomes(counts: Mapping[str, int]) -> Outcomes:
    done, skipped = _counted(DONE, counts), _counted(SKIPPED, counts)
    return Outcomes(done, skipped, sum(count for _label, count in done), sum(count for _label, count in skipped))


def _counted(labels: Mapping[str, Promise], counts: Mapping[str, int]) -> Counted:
    return tuple((label, counts[name]) for name, label in labels.items() if counts.get(name))
