"""How the clean-up goes: what is open by source and by branch, how it shrinks, when it is done, what a branch owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from accounts.models import Branch, Staff
from consent.rules.cleanup import RATE_DAYS, WEEK, Forecast, forecast, weekly_quota
from consent.words.cleanup import NEVER, NO_BRANCH, NO_SOURCE
from customers.charts import Axes, Chart
from customers.formats import amount
from customers.formats import day as written_day
from customers.models import SourceSystem
from customers.querysets import branches_of

WEEKS = 12
MOST_BRANCHES = 100
KINDS = ("VERIFY_NAME", "ASK_CONSENT", "GUARDIAN")
AHEAD = 4  # weeks that the drawing goes on
# What was unsolved at the end of each of these days. What was refused, or not reached in time, is not solved by that.
SERIES = """
SELECT {group}, {columns}
FROM consent_cleanupask ask
WHERE ask.kind = ANY(%(kinds)s) AND ({scope})
GROUP BY 1
"""
OPEN_AT = (
    "count(*) FILTER (WHERE ask.opened_on <= {day} "
    "AND (ask.closed_on IS NULL OR ask.closed_on > {day} OR ask.state IN ('UNREACHED', 'REFUSED')))"
)

DUE = """
SELECT ask.branch_code, ask.due_on, count(*) FROM consent_cleanupask ask
WHERE ask.state = 'OPEN' AND ask.kind = ANY(%(kinds)s) AND ({scope})
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class StockLine:
    """A source or a branch: what is open, how it shrinks, until when. quota: a week, '' for sources."""

    name: str
    open: str
    per_week: str
    done: str
    is_never: bool
    quota: str = ""


@dataclass(frozen=True)
class WeekLine:
    """What was open at the end of a day."""

    day: str
    open: str


@dataclass(frozen=True)
class Progress:
    """The whole of it. chart: the stock week by week, as `weeks` say in figures."""

    chart: Chart | None
    weeks: tuple[WeekLine, ...]
    whole: StockLine
    sources: tuple[StockLine, ...]
    branches: tuple[StockLine, ...]
    hidden_count: int


def progress(viewer: Staff, day: date, *, kind: str = "", source: int | None = None) -> Progress:
    """The clean-up of the branches that this person sees, the whole company for those who see all; in five queries.

    Whoever sees no branch sees the customers whom they keep. kind: '' for all that the gate asks for.
    """
    scope, words = _scope(viewer)
    if source is not None:
        scope, words = f"{scope} AND ask.source_id = %(source)s", words | {"source": source}
    words |= {"kinds": [kind] if kind in KINDS else list(KINDS)}
    days = [day - timedelta(days=WEEK * week) for week in range(WEEKS, -1, -1)]
    by_source = _series("coalesce(ask.source_id::text, '')", days, scope, words)
    by_branch = _series("ask.branch_code", days, scope, words)
    whole = [sum(column) for column in zip(*by_source.values(), strict=True)] or [0] * len(days)
    due = _due(scope, words)
    names = {str(pk): name for pk, name in SourceSystem.objects.values_list("pk", "name")}
    places = dict(Branch.objects.filter(code__in=by_branch).values_list("code", "name"))
    branches = _largest(by_branch)
    return Progress(
        chart=_chart(days, whole) if any(whole) else None,
        weeks=tuple(WeekLine(written_day(at), amount(count)) for at, count in zip(days, whole, strict=True)),
        whole=_stock("", whole, day, sum(weekly_quota(of_branch, day) for of_branch in due.values())),
        sources=tuple(_stock(names.get(code) or str(NO_SOURCE), series, day) for code, series in _largest(by_source)),
        branches=tuple(
            _stock(places.get(code, code) or str(NO_BRANCH), series, day, weekly_quota(due.get(code, {}), day))
            for code, series in branches[:MOST_BRANCHES]
        ),
        hidden_count=max(0, len(branches) - MOST_BRANCHES),
    )


def _scope(viewer: Staff) -> tuple[str, dict[str, object]]:
    """A condition on the row `ask`, and its placeholders."""
    if viewer.has_perm("customers.view_every_customer"):
        return "true", {}
    if branches_of(viewer):
        return "ask.branch_code = ANY(%(branches)s)", {"branches": sorted(branches_of(viewer))}
    kept = "SELECT id FROM customers_customer WHERE keeper_id = %(keeper)s"
    return f"ask.customer_id IN ({kept})", {"keeper": viewer.employee_number}


def _series(group: str, days: Sequence[date], scope: str, words: Mapping[str, object]) -> dict[str, list[int]]:
    """{group: what was open at the end of each day}."""
    columns = ", ".join(OPEN_AT.format(day=f"%(day{place})s") for place in range(len(days)))
    placed = {f"day{place}": at for place, at in enumerate(days)}
    with connection.cursor() as cursor:
        cursor.execute(SERIES.format(group=group, columns=columns, scope=scope), {**words, **placed})
        return {name: list(counts) for name, *counts in cursor.fetchall()}


def _due(scope: str, words: Mapping[str, object]) -> dict[str, dict[date, int]]:
    """{branch: {last day: how many questions are open until then}}."""
    due: dict[str, dict[date, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(DUE.format(scope=scope), dict(words))
        for branch, until, count in cursor.fetchall():
            due.setdefault(branch, {})[until] = count
    return due


def _largest(series: Mapping[str, list[int]]) -> list[tuple[str, list[int]]]:
    """Those of which something was open lately, the largest stock first."""
    return sorted(
        ((name, counts) for name, counts in series.items() if any(counts)), key=lambda one: (-one[1][-1], one[0])
    )


def _stock(name: str, series: Sequence[int], day: date, quota: int | None = None) -> StockLine:
    found = forecast(series[-1], series[-1 - RATE_DAYS // WEEK], day)
    return StockLine(
        name=name,
        open=amount(found.open),
        per_week=f"{-found.per_week:+.1f}",
        done=_done(found),
        is_never=bool(found.open) and found.done_on is None,
        quota="" if quota is None else amount(quota),
    )


def _done(found: Forecast) -> str:
    if not found.open:
        return "–"
    return written_day(found.done_on) if found.done_on else str(NEVER)


def _chart(days: Sequence[date], series: Sequence[int]) -> Chart:
    """The stock over the weeks, and on as it shrinks now, until the end of the drawing."""
    last, most = len(days) - 1, max(series)
    axes = Axes((0, last + AHEAD), (0, most))
    weekly = forecast(series[-1], series[-1 - RATE_DAYS // WEEK], days[-1]).per_week
    ahead = [(last + week, max(0.0, series[-1] - weekly * week)) for week in range(AHEAD + 1)]
    lines = axes.lines("stock", list(enumerate(map(float, series))))
    marks = [(float(place), f"{days[place]:%m-%d}") for place in range(0, last + 1, 4)]
    return Chart(
        across=axes.across(marks),
        up=axes.up((value, amount(round(value))) for value in (0, most / 2, most)),
        rules=(),
        lines=(*lines, *axes.lines("ahead", ahead)),
    )
