"""Who saw a customer's data, when and what for: in words that the customer can be given (개인정보 열람 내역)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import AccessEntry, Staff
from accounts.trail_reports import branch_names, entries_of
from accounts.trail_words import kind_words, page_words, purpose_words
from customers.models import Customer
from customers.reading import catalogue, label
from customers.subjects import everyone_in

MOST_ENTRIES = 1_000
REFUSED = 400


@dataclass(frozen=True)
class AccessLine:
    """One look, by branch and job, never by name.

    kind: '' where the page says it. opened: items whose masked values were opened.
    """

    at: datetime
    branch: str
    job: str
    kind: str
    page: str
    purpose: str
    opened: str


@dataclass(frozen=True)
class AccessReport:
    """The looks of a period, the newest first. is_whole: False where there were more than are listed."""

    lines: tuple[AccessLine, ...]
    is_whole: bool


def access_report(customer: Customer, *, first: date, last: date) -> AccessReport:
    """Every answer that showed or changed data of this customer on these days; refused ones showed nothing."""
    asked = entries_of(first=first, last=last, customers=everyone_in(customer))
    found = list(asked.filter(result__lt=REFUSED).newest_first()[: MOST_ENTRIES + 1])
    entries = found[:MOST_ENTRIES]
    jobs = dict(Staff.objects.filter(pk__in={entry.staff_id for entry in entries} - {None}).values_list("pk", "job"))
    branches = branch_names({entry.branch_code for entry in entries})
    return AccessReport(tuple(_lines(entries, jobs, branches)), is_whole=len(found) <= MOST_ENTRIES)


def _lines(
    entries: Iterable[AccessEntry], jobs: Mapping[int, str], branches: Mapping[str, str]
) -> Iterable[AccessLine]:
    items = catalogue()
    for entry in entries:
        page, kind = page_words(entry.page), kind_words(entry.kind)
        yield AccessLine(
            at=entry.at,
            branch=branches.get(entry.branch_code, ""),
            job=jobs.get(entry.staff_id, ""),
            kind="" if entry.kind == AccessEntry.Kind.VIEW or kind == page else kind,
            page=page,
            purpose=purpose_words(entry.purpose),
            opened=", ".join(label(code, items) for code in entry.items),
        )
