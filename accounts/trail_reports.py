"""Entries of the trail as people read them, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from accounts.models import AccessEntry, Branch, Staff
from accounts.querysets import AccessEntryQuerySet
from accounts.reviews.detecting import Reference, references
from accounts.trail_words import condition_words, kind_words, page_words, purpose_words, result_words

PAGE_SIZE = 30
MOST_CUSTOMERS = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TrailPage:
    """Entries from the newest down. older_than, newer_than: places by which the neighbouring pages are asked for."""

    entries: tuple[AccessEntry, ...]
    older_than: str | None
    newer_than: str | None


@dataclass(frozen=True)
class TrailLine:
    """An entry in words. who: name and number; customers: the first of `count`, by number."""

    entry: AccessEntry
    key: str
    who: str
    branch: str
    kind: str
    page: str
    purpose: str
    result: str
    is_refused: bool
    customers: tuple[Reference, ...]
    conditions: tuple[tuple[str, str], ...]

    @property
    def more_count(self) -> int:
        """How many customers the entry holds beyond those that are named."""
        return max(0, len(self.entry.customers) - len(self.customers))


def entries_of(
    *, first: datetime, last: datetime, staff: str = "", customers: Collection[int] = (), kind: str = ""
) -> AccessEntryQuerySet:
    """The entries of these days that are asked for. staff: an employee number; customers: ids, any of them."""
    entries = AccessEntry.objects.between(first, last)
    if staff:
        entries = entries.filter(employee_number=staff)
    if customers:
        entries = entries.of_customers(customers)
    return entries.filter(kind=kind) if kind else entries


def trail_page(entries: AccessEntryQuerySet, *, older_than: str = "", newer_than: str = "") -> TrailPage:
    """The page below the place `older_than`, or just above `newer_than`; the newest where neither is a place."""
    below, above = _place(older_than), _place(newer_than)
    if is_upwards := bool(above and not below):
        entries = entries.filter(_beyond(above, "gt")).order_by("at", "lane", "number")
    else:
        entries = (entries.filter(_beyond(below, "lt")) if below else entries).newest_first()
    found = list(entries[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_upwards:
        found.reverse()
    if not found:
        return TrailPage((), None, None)
    has_older, has_newer = is_upwards or has_further, has_further if is_upwards else bool(below)
    return TrailPage(
        tuple(found),
        _written(found[-1]) if has_older else None,
        _written(found[0]) if has_newer else None,
    )


def trail_lines(entries: Iterable[AccessEntry], viewer: Staff, *, most: int = 1) -> list[TrailLine]:
    """Entries in words for `viewer`. most: how many customers of each are named."""
    entries = list(entries)
    names = dict(Staff.objects.filter(pk__in={entry.staff_id for entry in entries} - {None}).values_list("pk", "name"))
    branches = branch_names({entry.branch_code for entry in entries})
    named = references({customer for entry in entries for customer in entry.customers[:most]}, viewer)
    return [_line(entry, names, branches, named, most) for entry in entries]


def branch_names(codes: Collection[str]) -> dict[str, str]:
    """{code: name} of branches."""
    return dict(Branch.objects.filter(code__in=codes).values_list("code", "name"))


def _line(
    entry: AccessEntry,
    names: Mapping[int, str],
    branches: Mapping[str, str],
    named: Mapping[int, Reference],
    most: int,
) -> TrailLine:
    name = names.get(entry.staff_id)
    return TrailLine(
        entry=entry,
        key=f"{entry.month:%Y-%m}",
        who=f"{name} ({entry.employee_number})" if name else entry.employee_number,
        branch=branches.get(entry.branch_code, entry.branch_code),
        kind=kind_words(entry.kind),
        page=page_words(entry.page),
        purpose=purpose_words(entry.purpose),
        result=result_words(entry.result),
        is_refused=entry.result >= 400,
        customers=tuple(named[customer] for customer in entry.customers[:most] if customer in named),
        conditions=tuple(condition_words(entry.conditions)),
    )


def _beyond(place: tuple[datetime, int, int], beyond: str) -> Q:
    """Entries behind a place: a range of the index by the instant, lane and number parting those of one instant."""
    at, lane, number = place
    return Q(**{f"at__{beyond}e": at}) & (
        Q(**{f"at__{beyond}": at}) | Q(**{f"lane__{beyond}": lane}) | Q(**{"lane": lane, f"number__{beyond}": number})
    )


def _written(entry: AccessEntry) -> str:
    """The place of an entry as a word of an address."""
    return f"{(entry.at - EPOCH) // timedelta(microseconds=1)}-{entry.lane}-{entry.number}"


def _place(word: str) -> tuple[datetime, int, int] | None:
    """Instant, lane and number of a word of an address; None where it is none."""
    parts = word.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in parts):
        return None
    try:
        return EPOCH + timedelta(microseconds=int(parts[0])), min(int(parts[1]), 32_767), int(parts[2])
    except OverflowError:
        return None
