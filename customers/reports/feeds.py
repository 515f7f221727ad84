"""What the page of a feed run tells."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.feeds.labels import counted_findings, delimiter_label
from customers.feeds.reasons import row_reason
from customers.models import FeedRun
from customers.services import feeds, locks, receiving

STEPS = (FeedRun.Step.READING, FeedRun.Step.LINKING, FeedRun.Step.PROJECTING)
WAITS_LONG = timedelta(minutes=1)


@dataclass(frozen=True)
class Figure:
    """A count of the outcome. tone: a colour of a badge where it asks for attention."""

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
