"""What one customer instead of two would mean: the merge itself, rolled back, in few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers.formats import amount
from customers.models import Customer
from customers.numbering import written_number
from customers.panels.golden import ORG_ITEMS, PERSON_ITEMS
from customers.reading import Place, read
from customers.services import locks, merges
from customers.stewardship_words import WHY, child

REFUSALS: dict[type[Exception], Promise] = {
    merges.KindsDiffer: gettext_lazy("A person and an organisation are never one customer."),
    merges.OnHold: gettext_lazy("One of the customers must stay as it is until a hold is released. Nothing was done."),
    merges.NotActive: gettext_lazy("One of the two was merged into another customer meanwhile."),
    merges.MergeOfItself: gettext_lazy("The two records belong to one customer already."),
    merges.TooManyToMerge: gettext_lazy("So many customers are not merged at once."),
    locks.StockBusy: gettext_lazy(
        "A feed or a match run is writing just now. Nothing was done; try again in a moment."
    ),
}
"""Why a merge, or its preview, is refused."""


@dataclass(frozen=True)
class ChildLine:
    """A kind of children: how many hang on each customer, the survivor first, and how many on the survivor then."""

    label: str
    before: tuple[str, ...]
    after: str


@dataclass(frozen=True)
class ValueLine:
    """A value of the survivor that changes."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class PreviewReport:
    """The consequences of a merge. refusal: why there would be none; numbers: the survivor's first; is_whole: no child
    is lost and none doubled; why: sentences that tell why a second person is asked, none where nobody is."""

    refusal: str = ""
    numbers: tuple[str, ...] = ()
    children: tuple[ChildLine, ...] = ()
    values: tuple[ValueLine, ...] = ()
    why: tuple[str, ...] = ()
    is_whole: bool = True


def preview_report(survivor: Customer, retired: Sequence[Customer], viewer: Staff, at: datetime) -> PreviewReport:
    """The merge of these customers, all of whom `viewer` may see, as it would be now."""
    try:
        preview = merges.preview_merge(survivor=survivor, retired=retired, by=viewer, at=at)
    except tuple(REFUSALS) as refused:
        return PreviewReport(refusal=str(REFUSALS[type(refused)]))
    return PreviewReport(
        numbers=tuple(written_number(one.number) for one in preview.before),
        children=tuple(_children(preview)),
        values=tuple(_values(preview.before[0], preview.after, viewer)),
        why=tuple(str(WHY[each]) for each in preview.why),
        is_whole=preview.is_whole,
    )


def _children(preview: merges.MergePreview) -> Iterator[ChildLine]:
    """The kinds of which there are any."""
    for kind, counts in preview.counts.items():
        if any(counts.values()):
            before = tuple(amount(counts.get(one.pk, 0)) for one in preview.before)
            yield ChildLine(child(kind), before, amount(preview.counts_after[kind]))


def _values(before: Customer, after: Customer, viewer: Staff) -> Iterator[ValueLine]:
    old, new = read(before, viewer, Place.LIST), read(after, viewer, Place.LIST)
    for code in ORG_ITEMS if after.kind == "ORG" else PERSON_ITEMS:
        if old[code].text != new[code].text:
            yield ValueLine(new.label(code), old[code].text or "–", new[code].text or "–")
    for label, ours, theirs in _holders(before, after):
        if ours != theirs:
            yield ValueLine(label, ours, theirs)


def _holders(before: Customer, after: Customer) -> Iterator[tuple[str, str, str]]:
    """Label, old and new of what no record holds."""
    if before.main_branch_id != after.main_branch_id:
        yield _("Main branch"), str(before.main_branch or "–"), str(after.main_branch or "–")
    if before.keeper_id != after.keeper_id:
        yield _("Keeper"), str(before.keeper or "–"), str(after.keeper or "–")
    yield _("Grade"), str(before.get_grade_display() or "–"), str(after.get_grade_display() or "–")
    yield _("Gate"), str(before.get_gate_display()), str(after.get_gate_display())
