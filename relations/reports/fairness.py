"""How prospects were divided among branches in a time: who registered, who was refused, who won and lost, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import AccessEntry, Branch, Staff
from customers import wording
from customers.formats import amount
from relations.models import ProspectDispute, ProspectEvent
from relations.reports.prospects import branches_of, within
from relations.services.prospects_checks import PAGE, TOLD
from relations.words.fairness import HEADS

Event, State = ProspectEvent.Kind, ProspectDispute.State
OF_EVENTS = {"registered": Event.REGISTERED, "expired": Event.EXPIRED, "converted": Event.CONVERTED}
OF_ANSWERS = {"free": "NONE", "similar": "SIMILAR", "exists": "EXISTS"}
OF_DISPUTES = {
    "won": ("asker", State.UPHELD),
    "lost": ("asker", State.REJECTED),
    "kept": ("holder", State.REJECTED),
    "gave": ("holder", State.UPHELD),
}
"""{column: (side of the branch, how it was decided)}: as asker won or lost, as holder kept the prospect or gave it."""
COLUMNS = (*OF_ANSWERS, *OF_EVENTS, *OF_DISPUTES)


@dataclass(frozen=True)
class Figure:
    """A number, and the address of the list of what it counts; '' for answers, of which nothing is kept to list."""

    count: int
    url: str

    @property
    def text(self) -> str:
        return amount(self.count)


@dataclass(frozen=True)
class BranchLine:
    """One branch. figures: in the order of COLUMNS; why: reasons of its decided questions with their counts."""

    code: str
    name: str
    figures: tuple[Figure, ...]
    why: str

    @property
    def headed(self) -> list[tuple[str, Figure]]:
        """Each figure with the head of its column."""
        return [(str(HEADS[column]), figure) for column, figure in zip(COLUMNS, self.figures, strict=True)]


@dataclass(frozen=True)
class FairnessReport:
    """branches: those of the reader that had anything; company: [(head of the column, sum over all branches)],
    to compare with."""

    branches: tuple[BranchLine, ...]
    company: tuple[tuple[str, str], ...]


def fairness_report(viewer: Staff, first: date, last: date) -> FairnessReport:
    """The branches of this reader on these days, both included; in four queries."""
    counts, reasons = _counted(first, last)
    branches = [branch for branch in branches_of(viewer) if any(counts[branch.code].values())]
    lines = tuple(_line(branch, counts[branch.code], reasons[branch.code], first, last) for branch in branches)
    whole: Counter[str] = sum(counts.values(), Counter())
    return FairnessReport(lines, tuple((str(HEADS[column]), amount(whole[column])) for column in COLUMNS))


def _counted(first: date, last: date) -> tuple[Mapping[str, Counter[str]], Mapping[str, Counter[str]]]:
    """{branch: {column: count}} and {branch: {reason: count}}."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    names = {kind: column for column, kind in OF_EVENTS.items()}
    for branch, kind, count in _events(first, last):
        counts[branch or ""][names[kind]] += count
    asked = {word: column for column, word in OF_ANSWERS.items()}
    for branch, target, count in _answers(first, last):
        counts[branch][asked[target.removeprefix(TOLD)]] += count
    sides = {where: column for column, where in OF_DISPUTES.items()}
    for asker, holder, kind, state, reason, count in _disputes(first, last):
        counts[asker or ""][sides["asker", state]] += count
        reasons[asker or ""][reason] += count
        if holder and kind == ProspectDispute.Kind.CLAIM:
            counts[holder][sides["holder", state]] += count
            reasons[holder][reason] += count
    return counts, reasons


def _events(first: date, last: date) -> Iterable[tuple[str, str, int]]:
    rows = within(ProspectEvent.objects.filter(kind__in=OF_EVENTS.values()), "at", first, last)
    return rows.values_list("prospect__branch__code", "kind").annotate(count=Count("pk")).order_by()


def _answers(first: date, last: date) -> Iterable[tuple[str, str, int]]:
    told = [f"{TOLD}{word}" for word in OF_ANSWERS.values()]
    rows = AccessEntry.objects.between(first, last).filter(kind=AccessEntry.Kind.SEARCH, page=PAGE, target__in=told)
    return rows.values_list("branch_code", "target").annotate(answers=Count("number")).order_by()


def _disputes(first: date, last: date) -> QuerySet:
    decided = ProspectDispute.objects.filter(state__in=(State.UPHELD, State.REJECTED))
    rows = within(decided, "decided_at", first, last)
    columns = ("prospect__branch__code", "against__branch__code", "kind", "state", "reason")
    return rows.values_list(*columns).annotate(count=Count("pk")).order_by()


def _line(branch: Branch, counts: Mapping[str, int], reasons: Counter[str], first: date, last: date) -> BranchLine:
    words = dict(ProspectDispute.Reason.choices)
    why = [f"{words[reason]} {amount(count)}" for reason, count in sorted(reasons.items(), key=lambda one: -one[1])]
    figures = tuple(Figure(counts[column], _url(column, branch, first, last)) for column in COLUMNS)
    return BranchLine(branch.code, branch.name, figures, wording.listed(why))


def _url(column: str, branch: Branch, first: date, last: date) -> str:
    days = {"branch": branch.code, "first": first.isoformat(), "last": last.isoformat()}
    if column in OF_EVENTS:
        wanted = {"state": "ALL", "happened": str(OF_EVENTS[column])}
        return f"{reverse('relations:prospect-list')}?{urlencode(wanted | days)}"
    if column in OF_DISPUTES:
        side, state = OF_DISPUTES[column]
        return f"{reverse('relations:dispute-list')}?{urlencode({'state': str(state), 'side': side} | days)}"
    return ""
