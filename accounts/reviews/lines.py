"""Entries of the trail, entries under review and cases as their pages show them. Nothing here shows a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccessCase, AccessEntry, AccessReview, ReviewItem, Staff
from accounts.reviews.detecting import Reference, Work, detectors, references, work_of
from accounts.reviews.risks import names
from accounts.reviews.words import TONES
from accounts.trail_words import condition_words, kind_words, page_words, purpose_words

MOST_NAMED = 3
MOST_LISTED = 100
MOST_OF_DAY = 500
PAGE_SIZE = 50
LONGEST_ID = 18


@dataclass(frozen=True)
class EntryLine:
    """An entry of the trail. customers: the first of them; more: how many follow; conditions: name and text."""

    at: datetime
    where: str
    kind: str
    page: str
    customers: tuple[Reference, ...]
    more: int
    count: int
    purpose: str
    reason: str
    conditions: tuple[tuple[str, str], ...]
    is_refused: bool


@dataclass(frozen=True)
class ItemLine:
    """An entry under review. entry: None where the trail keeps it no more; reasons: what it was drawn for, and the
    points; is_own: whether the reader did it, and so does not review it."""

    item: ReviewItem
    entry: EntryLine | None
    reasons: tuple[tuple[str, int], ...]
    tone: str
    is_own: bool
    is_overdue: bool


@dataclass(frozen=True)
class ItemPage:
    """Entries under review, the riskiest first. before, after: ids by which the neighbouring pages are asked for."""

    lines: tuple[ItemLine, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class CaseLine:
    """A case without the name of whom it is about."""

    case: AccessCase
    kind: str
    sentence: str
    tone: str


@dataclass(frozen=True)
class CaseReport:
    """A case in full. entries: what the person did that day, the earliest first, at most 500 of `entry_count`;
    works: what they worked on; customers: whose data it is about; of these `worked` fit declared work of that day."""

    line: CaseLine
    entries: tuple[EntryLine, ...]
    entry_count: int
    works: tuple[tuple[Work, tuple[Reference, ...]], ...]
    customers: tuple[Reference, ...]
    more: int
    worked: int
    items: tuple[ReviewItem, ...]


def item_page(items: QuerySet[ReviewItem], viewer: Staff, *, after: str = "", before: str = "") -> ItemPage:
    """The page of entries behind the one with the id `after`, or in front of `before`; else the first."""
    is_upwards = _is_id(before) and not _is_id(after)
    if is_upwards:
        items = items.filter(pk__lt=int(before)).order_by("-pk")
    else:
        items = items.filter(pk__gt=int(after) if _is_id(after) else 0).order_by("pk")
    found = list(items.select_related("staff__branch")[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_upwards:
        found.reverse()
    if not found:
        return ItemPage((), None, None)
    has_before = has_further if is_upwards else _is_id(after)
    has_after = is_upwards or has_further
    lines = tuple(item_lines(found, viewer))
    return ItemPage(lines, str(found[0].pk) if has_before else None, str(found[-1].pk) if has_after else None)


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_ID


def item_lines(items: Sequence[ReviewItem], viewer: Staff, most: int = MOST_NAMED) -> Iterable[ItemLine]:
    """Entries under review with what the trail says of them. most: of how many customers the number is named."""
    keys = [(item.month, item.lane, item.number) for item in items]
    entries = {(e.month, e.lane, e.number): e for e in AccessEntry.objects.filter(pk__in=keys)} if keys else {}
    known = references((id_ for entry in entries.values() for id_ in entry.customers[:most]), viewer)
    called, today = names(), timezone.localdate()
    for item, key in zip(items, keys, strict=True):
        entry = entries.get(key)
        yield ItemLine(
            item=item,
            entry=_entry_line(entry, known, most) if entry else None,
            reasons=tuple((str(called.get(code, code)), points) for code, points in _heaviest_first(item)),
            tone=TONES[item.state],
            is_own=item.staff_id == viewer.pk,
            is_overdue=item.state == ReviewItem.State.ASKED and item.due_on < today,
        )


def _heaviest_first(item: ReviewItem) -> list[tuple[str, int]]:
    return sorted(item.weights.items(), key=lambda weight: (-weight[1], weight[0]))


def _entry_line(entry: AccessEntry, known: Mapping[int, Reference], most: int) -> EntryLine:
    return EntryLine(
        at=entry.at,
        where=" · ".join(filter(None, (entry.address, entry.branch_code))),
        kind=kind_words(entry.kind),
        page=page_words(entry.page),
        customers=_named(entry.customers[:most], known),
        more=max(0, len(entry.customers) - most),
        count=entry.count,
        purpose=purpose_words(entry.purpose),
        reason=entry.reason,
        conditions=tuple(condition_words(entry.conditions)),
        is_refused=entry.result >= 400,
    )


def _named(ids: Iterable[int], known: Mapping[int, Reference]) -> tuple[Reference, ...]:
    return tuple(known.get(id_) or Reference(_("unknown")) for id_ in ids)


@dataclass(frozen=True)
class ReviewLine:
    """A review and how far it is. of: how many entries it has."""

    review: AccessReview
    of: int
    decided: int
    waiting: int
    escalated: int
    overdue: int
    tone: str

    @property
    def left(self) -> int:
        return self.of - self.decided


def review_lines(reviews: QuerySet[AccessReview], today: date) -> list[ReviewLine]:
    """Reviews with how far they are, the newest month first."""
    state = ReviewItem.State
    overdue = Q(items__state=state.ASKED, items__due_on__lt=today)
    counted = reviews.select_related("signed_by").annotate(
        of=Count("items"),
        decided=Count("items", Q(items__state__in=[state.ACCEPTED, state.ESCALATED])),
        waiting=Count("items", Q(items__state=state.ASKED)),
        escalated=Count("items", Q(items__state=state.ESCALATED)),
        overdue=Count("items", overdue),
    )
    return [
        ReviewLine(row, row.of, row.decided, row.waiting, row.escalated, row.overdue, TONES[row.state])
        for row in counted.order_by("-month")
    ]


def case_lines(cases: Iterable[AccessCase]) -> list[CaseLine]:
    """Cases in one sentence each."""
    known = detectors()
    return [_case_line(case, known) for case in cases]


def _case_line(case: AccessCase, known: Mapping[str, object]) -> CaseLine:
    detector = known.get(case.kind)
    if detector is None:
        return CaseLine(case, case.kind, "", TONES[case.state])
    return CaseLine(case, str(detector.name), detector.explain(case.facts), TONES[case.state])


def case_report(case: AccessCase, viewer: Staff) -> CaseReport:
    """A case in full. case: with staff and branch."""
    of_day = AccessEntry.objects.between(case.day, case.day).of_staff(case.staff)
    about = of_day.exclude(kind=AccessEntry.Kind.LOGIN).order_by("at", "lane", "number")
    entries = list(about[: MOST_OF_DAY + 1])
    count = len(entries) if len(entries) <= MOST_OF_DAY else about.count()
    works = work_of(case.staff, case.day)
    ids = {id_ for entry in entries for id_ in entry.customers[:MOST_NAMED]}
    ids |= {id_ for work in works for id_ in work.customers} | set(case.customers[:MOST_LISTED])
    declared = {id_ for work in works if work.is_declared for id_ in work.customers}
    known = references(ids, viewer)
    day = {"staff": case.staff, "state": ReviewItem.State.ESCALATED, "at__date": case.day}
    items = ReviewItem.objects.filter(**day).select_related("review", "decided_by").order_by("at", "pk")
    return CaseReport(
        line=_case_line(case, detectors()),
        entries=tuple(_entry_line(entry, known, MOST_NAMED) for entry in entries[:MOST_OF_DAY]),
        entry_count=count,
        works=tuple((work, _named(work.customers, known)) for work in works),
        customers=_named(case.customers[:MOST_LISTED], known),
        more=max(0, len(case.customers) - MOST_LISTED),
        worked=len(set(case.customers) & declared),
        items=tuple(items),
    )


@dataclass(frozen=True)
class BranchFigures:
    """Cases of one branch, without names. branch: '' where the person belongs to none."""

    branch: str
    unfinished: int
    explained: int
    training: int
    misuse: int


def figures_by_branch(cases: QuerySet[AccessCase]) -> list[BranchFigures]:
    """How many cases each branch has and how they ended, most first."""
    finding = AccessCase.Finding
    rows = cases.values("staff__branch__name").annotate(
        unfinished=Count("pk", ~Q(state=AccessCase.State.CLOSED)),
        explained=Count("pk", Q(finding=finding.EXPLAINED)),
        training=Count("pk", Q(finding=finding.TRAINING)),
        misuse=Count("pk", Q(finding=finding.MISUSE)),
        all=Count("pk"),
    )
    columns = ("staff__branch__name", "unfinished", "explained", "training", "misuse")
    return [
        BranchFigures(*(value or ("" if place == 0 else 0) for place, value in enumerate(row)))
        for row in rows.order_by("-all", "staff__branch__name").values_list(*columns)[:MOST_LISTED]
    ]
