"""What compliance and privacy see of the whole company: what is due today, what is late, what is under way.

Every figure is counted by the same condition as the list that its link opens, and nothing beyond 10,000 is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from accounts.menu import url_of
from accounts.models import Staff
from consent.models import Breach, ContactStop, DestructionBatch, DoNotCallNumber, Law, LawTask, LegalNumber, Text
from consent.reports.batches import batches
from consent.reports.cleanup import asks_of
from consent.reports.consents_lists import conflicts
from consent.reports.contact import due_refusals
from consent.reports.holds import holds_of, uses
from consent.reports.outflows import outflows_in
from consent.reports.rights import narrowed as requests_of
from consent.words.wall import FIGURES
from customers.formats import amount
from customers.paging import bounded_count

SOON, LATE, UNDER_WAY = "SOON", "LATE", "UNDER_WAY"
LOOK = "customers.view_customer"


@dataclass(frozen=True)
class Day:
    """Who looks, and when."""

    viewer: Staff
    now: datetime
    today: date


@dataclass(frozen=True)
class Kind:
    """A figure of the wall. rows: what is counted; page, words: the list that shows it; permissions: of both."""

    code: str
    group: str
    permissions: tuple[str, ...]
    rows: Callable[[Day], QuerySet]
    page: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """A figure in words. count: 10,000 at most; url: '' where there is no page."""

    code: str
    group: str
    title: str
    count: int
    text: str
    url: str

    @property
    def is_late(self) -> bool:
        """Whether somebody failed to do it in time."""
        return self.group == LATE and self.count > 0

    @property
    def tone(self) -> str:
        """The colour of the figure as a badge."""
        return "red" if self.is_late else "yellow" if self.group == SOON else "azure"


def _requests(clock: str) -> Callable[[Day], QuerySet]:
    return lambda day: requests_of(day.viewer, {"clock": clock}, day.today)


def _asks(when: str) -> Callable[[Day], QuerySet]:
    return lambda day: asks_of(day.viewer, {"when": when}, day.today)


def _batches(state: str) -> Callable[[Day], QuerySet]:
    return lambda day: batches(state, day.today)


def _breaches(day: Day) -> QuerySet:
    return Breach.objects.filter(state=Breach.State.OPEN)


def _tasks(day: Day) -> QuerySet:
    return LawTask.objects.filter(done_at=None)


KINDS = (
    Kind("REQUESTS_LATE", LATE, ("consent.view_rightsrequest",), _requests("LATE"), "consent:rights-list",
         {"clock": "LATE"}),
    Kind("BREACHES_LATE", LATE, ("consent.view_breach",), lambda day: _breaches(day).filter(due_at__lt=day.now),
         "consent:breach-list", {"show": "late"}),
    Kind("BATCHES_LATE", LATE, ("consent.view_destructionbatch",), _batches("late"), "consent:batch-list",
         {"state": "late"}),
    Kind("HOLDS_LATE", LATE, (LOOK, "consent.view_hold"), lambda day: holds_of(day.viewer, "late", day.today),
         "consent:hold-list", {"state": "late"}),
    Kind("TASKS_LATE", LATE, ("consent.view_law",), lambda day: _tasks(day).filter(due_on__lt=day.today),
         "consent:law-task-list", {"state": "late"}),
    Kind("LAWS_LATE", LATE, ("consent.view_law",),
         lambda day: Law.objects.filter(repealed_on=None, review_by__lte=day.today), "consent:law-review-list", {}),
    Kind("OUTFLOWS_LATE", LATE, ("consent.view_outflow",), lambda day: outflows_in("late", day.today),
         "consent:outflow-list", {"show": "late"}),
    Kind("ASKS_FAILED", LATE, (LOOK, "consent.view_cleanupask"), _asks("late"), "consent:cleanup-list",
         {"when": "late"}),
    Kind("REQUESTS_SOON", SOON, ("consent.view_rightsrequest",), _requests("SOON"), "consent:rights-list",
         {"clock": "SOON"}),
    Kind("ASKS_SOON", SOON, (LOOK, "consent.view_cleanupask"), _asks("soon"), "consent:cleanup-list",
         {"when": "soon"}),
    Kind("REFUSALS_UNTOLD", SOON, (LOOK, "consent.view_contactrefusal", "consent.record_contactrefusal"),
         lambda day: due_refusals(day.viewer), "consent:refusal-due-list", {}),
    Kind("USES_UNTOLD", SOON, (LOOK, "consent.use_separated"), lambda day: uses(told="no", day=day.today),
         "consent:separated-use-list", {"told": "no"}),
    Kind("BREACHES_OPEN", UNDER_WAY, ("consent.view_breach",), _breaches, "consent:breach-list", {}),
    Kind("STOPS", UNDER_WAY, ("consent.view_contactstop",), lambda _day: ContactStop.objects.filter(ended_at=None),
         "consent:contact-board", {}),
    Kind("DO_NOT_CALL", UNDER_WAY, (LOOK, "consent.view_donotcallnumber"),
         lambda day: DoNotCallNumber.objects.filter(released_at=None, expires_on__lte=day.today),
         "consent:do-not-call-list", {}),
    Kind("CONFLICTS", UNDER_WAY, (LOOK, "consent.settle_consentconflict"),
         lambda day: conflicts(day.viewer, is_open=True), "consent:conflict-list", {}),
    Kind("BATCHES_PROPOSED", UNDER_WAY, ("consent.view_destructionbatch",),
         _batches(DestructionBatch.State.PROPOSED), "consent:batch-list", {"state": "PROPOSED"}),
    Kind("BATCHES_SILENT", UNDER_WAY, ("consent.view_destructionbatch",),
         _batches(DestructionBatch.State.DONE), "consent:batch-list", {"state": "DONE"}),
    Kind("TASKS_OPEN", UNDER_WAY, ("consent.view_law",), _tasks, "consent:law-task-list", {"state": "open"}),
    Kind("TEXTS_DRAFT", UNDER_WAY, ("consent.view_purpose",),
         lambda _day: Text.objects.filter(state=Text.State.DRAFT), "consent:purpose-list", {}),
    Kind("NUMBERS_AHEAD", UNDER_WAY, ("consent.view_legalnumber",),
         lambda day: LegalNumber.objects.filter(starts_on__gt=day.today), "consent:number-list", {}),
)  # fmt: skip
"""Every figure in the order of the page, each counted in one query or two."""


def figures(viewer: Staff, now: datetime, groups: Iterable[str] = (LATE, SOON, UNDER_WAY)) -> list[Figure]:
    """The figures that the reader may see, of some groups."""
    day, wanted = Day(viewer, now, timezone.localdate(now)), set(groups)
    return [_figure(kind, day) for kind in KINDS if kind.group in wanted and viewer.has_perms(kind.permissions)]


def _figure(kind: Kind, day: Day) -> Figure:
    count, is_exact = bounded_count(kind.rows(day))
    url = url_of(kind.page) or ""
    if url and kind.words:
        url = f"{url}?{urlencode(kind.words)}"
    text = amount(count) if is_exact else f"{amount(count)}+"
    return Figure(kind.code, kind.group, str(FIGURES[kind.code]), count, text, url)
