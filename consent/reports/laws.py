"""The registry of laws as its pages show it: the map, one law with what hangs on it, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Staff
from accounts.purposes import roles_of
from accounts.roles import role_name
from consent.models import Clause, ClauseLink, Law, LawTask, Purpose
from consent.numbers import NUMBERS
from consent.rules.laws import Gap, badly_owned
from consent.rules.retention import CLASSES
from consent.services.laws_owners import owned_items, owner_clause
from consent.words.laws import GAPS, GRADES, KIND_ICONS
from consent.words.retention import CLASSES as RETENTION_CLASSES
from customers.models import Item

MOST_TASKS = 200
Thing = tuple[str, str]
"""A thing that hangs on an article: (kind, key)."""


@dataclass(frozen=True)
class LawLine:
    """A law on the map. clauses: in force; tasks: open; is_due: it is to be looked at."""

    law: Law
    clauses: int
    tasks: int
    is_due: bool


@dataclass(frozen=True)
class AreaLine:
    """A field of the map."""

    label: str
    laws: tuple[LawLine, ...]


@dataclass(frozen=True)
class LawMap:
    """All laws by area. open_tasks, late_tasks: over all; due_laws: how many are to be looked at."""

    areas: tuple[AreaLine, ...]
    open_tasks: int
    late_tasks: int
    due_laws: int


@dataclass(frozen=True)
class LinkLine:
    """A thing that hangs on an article, in words."""

    link: ClauseLink
    label: str
    icon: str
    owner: str


@dataclass(frozen=True)
class ClauseLine:
    """An article in its wording of now, the wordings before, and what hangs on it."""

    clause: Clause
    tone: str
    past: tuple[Clause, ...]
    links: tuple[LinkLine, ...]
    tasks: int
    is_ahead: bool


@dataclass(frozen=True)
class LawReport:
    """One law with its articles in the order in which they are counted."""

    law: Law
    clauses: tuple[ClauseLine, ...]
    predecessors: tuple[Law, ...]
    is_due: bool


@dataclass(frozen=True)
class TaskLine:
    """A task in words. may_finish: whether the reader answers for it."""

    task: LawTask
    label: str
    icon: str
    owner: str
    is_late: bool
    may_finish: bool


@dataclass(frozen=True)
class TaskList:
    """The tasks that are shown, at most MOST_TASKS, and how many there are."""

    lines: tuple[TaskLine, ...]
    count: int


@dataclass(frozen=True)
class GapLine:
    """An item whose owner is not clear. task: the question that was asked, with its day."""

    code: str
    label: str
    owner: str
    steward: str
    gaps: tuple[str, ...]
    task: LawTask | None
    is_late: bool


def law_map(today: date) -> LawMap:
    """The map of laws, area by area, in the order of the registry."""
    lines: dict[str, list[LawLine]] = {area: [] for area in Law.Area.values}
    for law in _counted(Law.objects.select_related("successor").order_by("pk")):
        lines[law.area].append(LawLine(law, law.clause_count, law.task_count, _is_due(law, today)))
    open_tasks = LawTask.objects.filter(done_at=None).aggregate(
        count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return LawMap(
        tuple(AreaLine(str(Law.Area(area).label), tuple(laws)) for area, laws in lines.items() if laws),
        open_tasks["count"],
        open_tasks["late"],
        sum(line.is_due for laws in lines.values() for line in laws),
    )


def laws_due(today: date) -> tuple[LawLine, ...]:
    """The laws that are to be looked at by today, the longest due first."""
    laws = _counted(Law.objects.filter(review_by__lte=today, repealed_on=None).order_by("review_by", "pk"))
    return tuple(LawLine(law, law.clause_count, law.task_count, True) for law in laws)


def law_report(law: Law, today: date) -> LawReport:
    """One law. `law` comes with its successor."""
    clauses = law.clauses.order_by("pk").annotate(open_count=Count("tasks", filter=Q(tasks__done_at=None)))
    by_article: dict[str, list[Clause]] = {}
    for clause in clauses:
        by_article.setdefault(clause.article, []).append(clause)
    links: dict[str, list[ClauseLink]] = {}
    for link in law.links.order_by("kind", "key"):
        links.setdefault(link.article, []).append(link)
    labels = labels_of((link.kind, link.key) for each in links.values() for link in each)
    lines = [_clause_line(rows, links.get(article, []), labels, today) for article, rows in by_article.items()]
    return LawReport(law, tuple(lines), tuple(law.predecessors.order_by("pk")), _is_due(law, today))


def task_list(viewer: Staff, *, whose: str, state: str, today: date) -> TaskList:
    """Tasks, the first due first. whose: "mine" or "all"; state: "open", "late" or "done".

    Who may not see the registry sees those of their own roles alone.
    """
    roles = roles_of(viewer)
    tasks = LawTask.objects.select_related("clause__law", "done_by")
    if whose == "mine" or not viewer.has_perm("consent.view_law"):
        tasks = tasks.filter(owner_role__in=roles)
    tasks = tasks.filter(done_at__isnull=state != "done")
    if state == "late":
        tasks = tasks.filter(due_on__lt=today)
    tasks = tasks.order_by("-done_at", "-pk") if state == "done" else tasks.order_by("due_on", "pk")
    shown = list(tasks[:MOST_TASKS])
    labels = labels_of((task.kind, task.key) for task in shown)
    may_edit = viewer.has_perm("consent.edit_law")
    lines = (
        TaskLine(
            task,
            labels[task.kind, task.key],
            KIND_ICONS[task.kind],
            role_name(task.owner_role),
            task.done_at is None and task.due_on < today,
            task.done_at is None and (may_edit or task.owner_role in roles),
        )
        for task in shown
    )
    return TaskList(tuple(lines), len(shown) if len(shown) < MOST_TASKS else tasks.count())


def gap_list(today: date) -> tuple[GapLine, ...]:
    """The items whose owner or steward is not clear, with who was asked and until when (CO7)."""
    items = owned_items()
    gaps: Mapping[str, tuple[Gap, ...]] = badly_owned(items)
    labels = labels_of(("ITEM", code) for code in gaps)
    asked = {task.key: task for task in _questions(list(gaps))}
    return tuple(
        GapLine(
            item.code,
            labels["ITEM", item.code],
            item.owner,
            item.steward,
            tuple(str(GAPS[gap]) for gap in gaps[item.code]),
            asked.get(item.code),
            item.code in asked and asked[item.code].done_at is None and asked[item.code].due_on < today,
        )
        for item in items
        if item.code in gaps
    )


def labels_of(things: Iterable[Thing]) -> dict[Thing, str]:
    """What things are called; the key itself where nothing of that name is there any more."""
    asked = list(things)
    keys: dict[str, list[str]] = {}
    for kind, key in asked:
        keys.setdefault(kind, []).append(key)
    names = {("ITEM", item.code): str(item) for item in Item.objects.filter(code__in=keys.get("ITEM", []))}
    names |= _purposes(Purpose.objects.filter(code__in=keys.get("PURPOSE", [])))
    return {thing: names.get(thing) or _label(*thing) for thing in asked}


def things() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that can hang on an article, by kind: [(kind in words, [("KIND:key", name)])]."""
    kinds = ClauseLink.Kind
    items = list(Item.objects.order_by("area", "position", "code"))
    purposes = _purposes(Purpose.objects.order_by("pk"))
    columns = sorted({item.warehouse_column for item in items if item.warehouse_column})
    found: Mapping[str, Sequence[tuple[str, str]]] = {
        kinds.ITEM: [(item.code, str(item)) for item in items],
        kinds.PURPOSE: [(key, name) for (_kind, key), name in purposes.items()],
        kinds.SCREEN: [(key, _label(kinds.SCREEN, key)) for key in settings.TRAIL_PAGES],
        kinds.RETENTION: [(key, _label(kinds.RETENTION, key)) for key in CLASSES],
        kinds.NUMBER: [(key, _label(kinds.NUMBER, key)) for key in NUMBERS],
        kinds.JOB: [(key, key) for key in settings.CELERY_BEAT_SCHEDULE],
        kinds.COLUMN: [(key, key) for key in columns],
    }
    return [(str(kinds(kind).label), [(f"{kind}:{key}", name) for key, name in rows]) for kind, rows in found.items()]


def _label(kind: str, key: str) -> str:
    """What a thing is called that is no row."""
    if kind == "SCREEN" and key in settings.TRAIL_PAGES:
        return _(settings.TRAIL_PAGES[key])
    if kind == "NUMBER" and key in NUMBERS:
        return str(NUMBERS[key].title)
    if kind == "RETENTION" and key in RETENTION_CLASSES:
        return str(RETENTION_CLASSES[key])
    return key


def _purposes(purposes: QuerySet[Purpose]) -> dict[Thing, str]:
    is_english = get_language() == "en"
    return {("PURPOSE", purpose.code): purpose.english_name if is_english else purpose.name for purpose in purposes}


def _counted(laws: QuerySet[Law]) -> QuerySet[Law]:
    return laws.annotate(
        clause_count=Count("clauses", filter=Q(clauses__ends_on=None), distinct=True),
        task_count=Count("clauses__tasks", filter=Q(clauses__tasks__done_at=None), distinct=True),
    )


def _is_due(law: Law, today: date) -> bool:
    return law.review_by is not None and law.review_by <= today and law.repealed_on is None


def _clause_line(
    rows: Sequence[Clause], links: Sequence[ClauseLink], labels: Mapping[Thing, str], today: date
) -> ClauseLine:
    newest = rows[-1]
    return ClauseLine(
        newest,
        GRADES[newest.grade],
        tuple(reversed(rows[:-1])),
        tuple(
            LinkLine(link, labels[link.kind, link.key], KIND_ICONS[link.kind], role_name(link.owner_role))
            for link in links
        ),
        sum(row.open_count for row in rows),
        newest.starts_on > today,
    )


def _questions(codes: Sequence[str]) -> Iterable[LawTask]:
    clause = owner_clause()
    if clause is None:
        return []
    return LawTask.objects.filter(clause=clause, kind="ITEM", key__in=codes).select_related("done_by")
