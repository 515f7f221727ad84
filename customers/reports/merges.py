"""What the pages of merging, unmerging, splitting and moving tell before anything happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import UNREAD
from customers.golden.explain import Explanation, explain
from customers.merging import cautions
from customers.models import Customer, SourceRecord, SourceSystem
from customers.numbering import written_number
from customers.panels.golden import items_of
from customers.reading import Place, Shown, read
from customers.reports.newcomers import Question, questions_of
from customers.services.golden_rules import live_rules
from customers.services.merges import MergePreview, mark_of
from customers.services.splits import SplitPreview
from customers.services.unmerges import UnmergePreview
from customers.services.wishes import wanted, wishes_in_force
from customers.stewardship_words import WHY, WITNESSES, child

FACTS: Mapping[str, tuple[Promise, Callable[[Customer], str]]] = {
    "gate": (gettext_lazy("Gate"), lambda customer: str(customer.get_gate_display())),
    "grade": (gettext_lazy("Grade"), lambda customer: str(customer.get_grade_display())),
    "main_branch": (gettext_lazy("Main branch"), lambda customer: str(customer.main_branch or "")),
    "keeper": (gettext_lazy("Keeper"), lambda customer: str(customer.keeper or "")),
    "records": (gettext_lazy("Source records"), lambda customer: formats.amount(customer.record_count)),
}
"""What is told of a customer before its items: what it may be used for, and whose it is."""
FACTS_FIRST = ("real_name_verified_on", "marketing_consent_on")


@dataclass(frozen=True)
class Row:
    """One item of several customers, side by side. is_changed: the first customer's value would change; why: why the
    value then is what it is, '' where that is not told."""

    label: str
    cells: tuple[str, ...]
    is_changed: bool
    why: str = ""


@dataclass(frozen=True)
class Table:
    """Rows that differ anywhere, under the heads of their columns. then: the place of the column that tells what the
    first one would become."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    then: int

    @property
    def has_why(self) -> bool:
        """Whether any row says why."""
        return any(row.why for row in self.rows)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, str, bool]]]]:
        """Each row with its cells as (head, value, whether it tells what the first would become)."""
        return [
            (row, [(*cell, place == self.then) for place, cell in enumerate(zip(self.heads, row.cells, strict=True))])
            for row in self.rows
        ]


@dataclass(frozen=True)
class Named:
    """A customer as a page names it."""

    number: str
    url: str
    name: Shown
    birth_date: Shown
    phone: Shown
    digits: str


@dataclass(frozen=True)
class ChildLine:
    """A kind of children: (customer, how many it has), how many the survivor will. shared: how many of them several had
    alike, stayed: how many stay with the retired numbers, '' for none; is_kept: none is lost, none doubled."""

    label: str
    cells: tuple[tuple[str, str], ...]
    after: str
    shared: str
    stayed: str
    is_kept: bool


@dataclass(frozen=True)
class MergeReport:
    """A merge before it happens. customers: the survivor first; cautions: what to look at first; facts, values: rows
    that differ anywhere; mark: what the form carries of what was seen; why: sentences, none where nobody else is
    asked."""

    customers: tuple[Named, ...]
    cautions: Table
    facts: Table
    values: Table
    children: tuple[ChildLine, ...]
    why: tuple[str, ...]
    mark: str
    is_whole: bool

    @property
    def numbers(self) -> str:
        """The numbers as a form carries them."""
        return " ".join(customer.digits for customer in self.customers)


@dataclass(frozen=True)
class UnmergeReport:
    """An unmerge before it happens. values: holder now, holder then, the one that comes back; told: (name, what they
    did, since when) of everybody who acted on the merged view."""

    retired: Named
    holder: Named
    merged_at: str
    merged_by: str
    values: Table
    children: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    told: tuple[tuple[str, str, str], ...]
    mark: str


@dataclass(frozen=True)
class SplitReport:
    """A split or a move before it happens. values: who loses the record now and then, who gets it; followers:
    corrections that go along."""

    values: Table
    followers: int
    left: Named
    into: Named | None = None


def named(customer: Customer, viewer: Staff) -> Named:
    """A customer as `viewer` may see it."""
    reading = read(customer, viewer, Place.LIST)
    return Named(
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        name=reading["name"],
        birth_date=reading["birth_date"] if customer.kind == "PERSON" else reading["company"],
        phone=reading["mobile"] if customer.mobile else reading["phone_home"],
        digits=customer.number,
    )


def merge_report(preview: MergePreview, viewer: Staff, on: date) -> MergeReport:
    """What a merge would do, as `viewer` may see it. on: the day by which wishes hold."""
    both = [*preview.before, preview.after]
    heads = (*(written_number(each.number) for each in preview.before), _("After the merge"))
    explained, then = _explained(preview.before, on), len(preview.before)
    return MergeReport(
        customers=tuple(named(customer, viewer) for customer in preview.before),
        cautions=Table(heads, tuple(_cautions(preview.before, viewer)), then),
        facts=Table(heads, tuple(_facts(both, viewer, then, explained)), then),
        values=Table(heads, tuple(_values(both, viewer, then, explained)), then),
        children=tuple(_children(preview)),
        why=tuple(str(WHY[each]) for each in preview.why),
        mark=mark_of(preview.before),
        is_whole=preview.is_whole,
    )


def _cautions(customers: Sequence[Customer], viewer: Staff) -> Iterator[Row]:
    for caution in cautions(customers, viewer):
        yield Row(caution.label, (*caution.cells, caution.then), caution.cells[0] != caution.then)


class _Explained:
    """Why the values of a merged customer would be what they are."""

    def __init__(self, explanations: Mapping[str, Explanation], sources: Mapping[int, SourceSystem]) -> None:
        self._explanations, self._sources = explanations, dict(sources)

    def why(self, code: str) -> str:
        """The reason of an item in a sentence; '' where no record explains it."""
        return wording.won(self._explanations[code], self._sources) if code in self._explanations else ""


def _explained(customers: Sequence[Customer], on: date) -> _Explained:
    sources = SourceSystem.objects.in_bulk()
    records = SourceRecord.objects.filter(link__customer__in=customers).defer(*UNREAD).order_by("pk")
    wishes = [wish for customer in customers for wish in wishes_in_force(customer, on=on)]
    held = [wanted(wish) for wish in sorted(wishes, key=lambda wish: (wish.act.at, wish.pk))]
    trusts = {pk: source.trust for pk, source in sources.items()}
    return _Explained(explain(list(records), trusts, live_rules(), held), sources)


def _facts(
    customers: Sequence[Customer], viewer: Staff, then: int, explained: _Explained | None = None
) -> Iterator[Row]:
    """What a customer may be used for and whose it is, where that differs between any two of these. then: which of them
    the first one would become."""
    for label, write in FACTS.values():
        yield from _row(str(label), [write(customer) for customer in customers], then)
    yield from _items(FACTS_FIRST, customers, viewer, then, explained)


def _values(
    customers: Sequence[Customer], viewer: Staff, then: int, explained: _Explained | None = None
) -> Iterator[Row]:
    """The items that differ between any two of these customers."""
    codes = [code for code in items_of(customers[0]) if code not in FACTS_FIRST]
    yield from _items(codes, customers, viewer, then, explained)


def _items(
    codes: Sequence[str], customers: Sequence[Customer], viewer: Staff, then: int, explained: _Explained | None
) -> Iterator[Row]:
    readings = [read(customer, viewer, Place.LIST) for customer in customers]
    for code in codes:
        cells = [reading[code].text for reading in readings]
        yield from _row(readings[0].label(code), cells, then, explained.why(code) if explained else "")


def _row(label: str, cells: Sequence[str], then: int, why: str = "") -> Iterator[Row]:
    if len(set(cells)) > 1:
        yield Row(label, tuple(cells), cells[0] != cells[then], why)


def _all_of(heads: Sequence[str], customers: Sequence[Customer], viewer: Staff) -> Table:
    """What differs between customers who come apart: the first one now, then, and the others."""
    return Table(tuple(heads), (*_facts(customers, viewer, 1), *_values(customers, viewer, 1)), 1)


def _now(customer: Customer) -> str:
    return _("%(number)s now") % {"number": written_number(customer.number)}


def _then(customer: Customer) -> str:
    return _("%(number)s then") % {"number": written_number(customer.number)}


def _children(preview: MergePreview) -> Iterator[ChildLine]:
    """The kinds of which there are any."""
    for kind, counts in preview.counts.items():
        if any(counts.values()):
            shared, stayed = preview.shared.get(kind, 0), preview.stayed[kind]
            yield ChildLine(
                label=child(kind),
                cells=tuple(
                    (written_number(one.number), formats.amount(counts.get(one.pk, 0))) for one in preview.before
                ),
                after=formats.amount(preview.counts_after[kind]),
                shared=formats.amount(shared) if shared else "",
                stayed=formats.amount(stayed) if stayed else "",
                is_kept=preview.keeps(kind),
            )


def unmerge_report(preview: UnmergePreview, viewer: Staff) -> UnmergeReport:
    """What an unmerge would do, as `viewer` may see it."""
    held, back = preview.after
    heads = (_now(held), _then(held), _then(back))
    staff = Staff.objects.in_bulk(preview.witnesses)
    return UnmergeReport(
        retired=named(back, viewer),
        holder=named(preview.holder, viewer),
        merged_at=formats.moment(preview.merge.act.at),
        merged_by=str(preview.merge.act.by or _("automatic, by rule")),
        values=_all_of(heads, [preview.holder, held, back], viewer),
        children=tuple((child(kind), formats.amount(count)) for kind, count in preview.counts.items() if count),
        questions=questions_of(preview.newcomers, preview.holder, {held.pk: held, back.pk: back}, viewer),
        told=tuple(
            (str(staff[pk]), str(WITNESSES.get(code, code)), formats.moment(since))
            for pk, (code, since) in preview.witnesses.items()
        ),
        mark=mark_of_merge(preview.merge.pk, preview.holder),
    )


def mark_of_merge(merge: int, holder: Customer) -> str:
    """What a form carries of a merge that it asks to take back."""
    return f"{merge}-{holder.pk}-{holder.record_count}"


def split_report(preview: SplitPreview, viewer: Staff) -> SplitReport:
    """What a split, or a move, would do, as `viewer` may see it."""
    left_after, other_after = preview.after
    left, into = preview.before[0], preview.before[1] if len(preview.before) > 1 else None
    heads = (_now(left), _then(left), *((_now(into), _then(into)) if into else (_("New customer"),)))
    customers = [left, left_after, *([into] if into else []), other_after]
    return SplitReport(
        values=_all_of(heads, customers, viewer),
        followers=preview.followers,
        left=named(left, viewer),
        into=named(into, viewer) if into else None,
    )
