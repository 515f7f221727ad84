"""What the feed and mapping pages tell: reads over several tables and files, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.feeds.labels import column_label, counted_findings, delimiter_label
from customers.feeds.layouts import LAYOUTS
from customers.feeds.reasons import definition_problems, row_reason
from customers.feeds.sampling import ColumnUse, Sample, SampleCell, SampleReject
from customers.models import FeedRun, Mapping
from customers.services import feeds, locks, receiving
from customers.wording import problem

STEPS = (FeedRun.Step.READING, FeedRun.Step.LINKING, FeedRun.Step.PROJECTING)
WAITS_LONG = timedelta(minutes=1)


@dataclass(frozen=True)
class Figure:
    """A count of the outcome. tone: a colour of components/badge.html where it asks for attention."""

    label: str | Promise
    count: int
    tone: str = ""


@dataclass(frozen=True)
class Step:
    """A step of a run. place: done, now or next."""

    label: str | Promise
    place: str


@dataclass(frozen=True)
class RunReport:
    """All that the page of a run shows. seconds: how long it took, None while it is not over.

    waits_for: the run of the same source that goes first; is_lost: its process has ended and nobody is at it;
    waits_long: no worker has taken it up for a minute; kept_until: when our copy of the file is removed.
    """

    run: FeedRun
    percent: int
    read_count: int
    rejected_count: int
    steps: tuple[Step, ...]
    waits_for: FeedRun | None
    waits_long: bool
    is_lost: bool
    rows: tuple[Figure, ...]
    customers: tuple[Figure, ...]
    reasons: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, str, int], ...]
    has_rejects: bool
    can_repeat: bool
    kept_until: datetime | None
    seconds: float | None
    delimiter: str | Promise


def run_report(run: FeedRun) -> RunReport:
    """The state and outcome of a run; `run` with source, mapping and requested_by."""
    live = feeds.live_progress(run)
    is_running = run.state == FeedRun.State.RUNNING
    can_repeat = receiving.can_repeat(run)
    return RunReport(
        run=run,
        percent=int(live["percent"]),
        read_count=int(live["read"]),
        rejected_count=int(live["rejected"]),
        steps=_steps(str(live["step"])),
        waits_for=_earlier_run(run) if is_running else None,
        waits_long=run.state == FeedRun.State.WAITING and timezone.now() - run.requested_at > WAITS_LONG,
        is_lost=is_running and not locks.is_run_taken(run.pk),
        rows=_row_figures(run),
        customers=_customer_figures(run),
        reasons=tuple((row_reason(code), count) for code, count in _most_first(run.reject_reasons)),
        findings=tuple(counted_findings(run.problem_counts)),
        has_rejects=receiving.reject_file(run) is not None,
        can_repeat=can_repeat,
        kept_until=receiving.kept_until(run) if can_repeat else None,
        seconds=(run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else None,
        delimiter=delimiter_label(run.delimiter),
    )


def _steps(now: str) -> tuple[Step, ...]:
    """The steps with their places; of a step that is none of these all are done."""
    names = [str(step) for step in STEPS]
    place = names.index(now) if now in names else len(names)
    return tuple(
        Step(step.label, "done" if at < place else "now" if at == place else "next") for at, step in enumerate(STEPS)
    )


def _earlier_run(run: FeedRun) -> FeedRun | None:
    """The run of the same source that was started before and is at work; files of one source go one by one."""
    others = FeedRun.objects.filter(source=run.source_id, state=FeedRun.State.RUNNING, started_at__lt=run.started_at)
    return others.order_by("started_at", "pk").first()


def _row_figures(run: FeedRun) -> tuple[Figure, ...]:
    return (
        Figure(_("Rows read"), run.rows_read),
        Figure(_("New"), run.rows_new),
        Figure(_("Changed"), run.rows_changed),
        Figure(_("Unchanged"), run.rows_same),
        Figure(_("Older than held"), run.rows_stale),
        Figure(_("Rejected"), run.rows_rejected, "red" if run.rows_rejected else ""),
    )


def _customer_figures(run: FeedRun) -> tuple[Figure, ...]:
    return (
        Figure(_("Customers created"), run.customers_created),
        Figure(_("Customers changed"), run.customers_changed),
        Figure(_("Customers merged"), run.customers_merged),
        Figure(_("Pairs for review"), run.pairs_found, "yellow" if run.pairs_found else ""),
    )


def _most_first(counts: Table[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


@dataclass(frozen=True)
class Rule:
    """One canonical column of a mapping. values: as sent → canonical; on_bad: reject or keep; is_required by layout."""

    column: str
    label: str
    headers: tuple[str, ...]
    join: str
    constant: str | None
    values: tuple[tuple[str, str], ...]
    format: str
    keeps_bad: bool
    is_required: bool


@dataclass(frozen=True)
class MappingReport:
    """A mapping for its reader. problems: sentences; without: labels of the columns that no rule feeds."""

    mapping: Mapping
    problems: tuple[str, ...]
    rules: tuple[Rule, ...]
    without: tuple[str, ...]
    encoding: str
    delimiter: str | Promise
    sheet: str


def mapping_report(mapping: Mapping) -> MappingReport:
    """A mapping in words; of a faulty definition as much as can be read."""
    definition = mapping.definition if isinstance(mapping.definition, dict) else {}
    columns = definition.get("columns") if isinstance(definition.get("columns"), dict) else {}
    layout = LAYOUTS[mapping.layout]
    return MappingReport(
        mapping=mapping,
        problems=tuple(definition_problems(mapping.layout, mapping.definition)),
        rules=tuple(
            _rule(column, columns[column], column in layout.required)
            for column in layout.all_columns
            if isinstance(columns.get(column), dict)
        ),
        without=tuple(column_label(column) for column in layout.all_columns if column not in columns),
        encoding=str(definition.get("encoding", "auto")),
        delimiter=delimiter_label(str(definition.get("delimiter", "auto"))),
        sheet=str(definition.get("sheet") or ""),
    )


def _rule(column: str, spec: dict[str, object], is_required: bool) -> Rule:
    headers, values = spec.get("from", []), spec.get("values", {})
    return Rule(
        column=column,
        label=column_label(column),
        headers=tuple(map(str, headers)) if isinstance(headers, list) else (),
        join=str(spec.get("join", " ")),
        constant=str(spec["constant"]) if "constant" in spec else None,
        values=tuple((str(sent), str(meant)) for sent, meant in values.items()) if isinstance(values, dict) else (),
        format=str(spec.get("format", "")),
        keeps_bad=spec.get("on_bad") == "keep",
        is_required=is_required,
    )


@dataclass(frozen=True)
class SampleReport:
    """A test in words. columns: (label, use) per canonical column; rows: line and (label, cell, findings in words)."""

    sample: Sample
    delimiter: str | Promise
    columns: tuple[tuple[str, ColumnUse], ...]
    rows: tuple[tuple[int, tuple[tuple[str, SampleCell, tuple[str, ...]], ...]], ...]
    rejects: tuple[tuple[SampleReject, str], ...]
    findings: tuple[tuple[str, str, int], ...]
    taken_count: int


def sample_report(sample: Sample) -> SampleReport:
    """What a test found, for its reader."""
    return SampleReport(
        sample=sample,
        delimiter=delimiter_label(sample.delimiter),
        columns=tuple((column_label(use.column), use) for use in sample.uses),
        rows=tuple(
            (
                row.line,
                tuple((column_label(cell.column), cell, tuple(map(problem, cell.findings))) for cell in row.cells),
            )
            for row in sample.rows
        ),
        rejects=tuple((reject, row_reason(reject.reason)) for reject in sample.rejects),
        findings=tuple(counted_findings(sample.findings)),
        taken_count=sample.read_count - sample.reject_count,
    )
