"""Feeds: receiving a file, and taking it into the master in one transaction that either holds whole or not at all."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation

from accounts.models import Staff
from customers import tasks
from customers.feeds import mapping as mappings
from customers.feeds.customer_rows import Outcome, RunContext
from customers.feeds.layouts import LAYOUTS
from customers.feeds.loading import Loader
from customers.feeds.pipeline import ordered_map
from customers.feeds.reading import Opened, UnreadableFile, is_excel, open_feed
from customers.feeds.reasons import definition_problem, file_reason
from customers.feeds.rejects import RejectFile, is_reject_file, without_notes
from customers.feeds.worker import row_worker
from customers.masking import without_resident_numbers
from customers.models import Code, FeedRun, Mapping, SourceSystem
from customers.services import linking, locks, projection, queue
from customers.services.events import record_events

log = logging.getLogger(__name__)
KST = ZoneInfo("Asia/Seoul")
ONE_PROCESS_UP_TO = 4_000_000  # bytes; below it starting processes costs more than it saves
PROGRESS_SECONDS = 24 * 60 * 60
MOST_ATTEMPTS = 30  # a file that brings its worker down each time must not do so for ever
# Folders below FEED_DIR: our own copies of uploaded files, and the rows that could not be loaded.
RECEIVED, REJECTS = "received", "rejects"
RESUMABLE = (FeedRun.State.WAITING, FeedRun.State.RUNNING)


class FeedRefused(Exception):
    """The file as a whole cannot be loaded; the message says why, in the language that is active."""


class FeedBusy(Exception):
    """Another process is at work on this run."""


class _DryRun(Exception):
    """Raised to roll back at the end of a dry run."""


@dataclass(frozen=True)
class FeedFile:
    """A file to be loaded. name: as its sender calls it, whatever our copy of it is called."""

    path: Path
    name: str


@transaction.atomic
def request_feed(
    *,
    source: SourceSystem,
    layout: str,
    mapping: Mapping | None,
    file: FeedFile,
    is_dry_run: bool,
    by: Staff | None,
    at: datetime,
    is_queued: bool = True,
) -> FeedRun:
    """Note a run of a file; when `is_queued`, a worker takes it up after commit."""
    locks.commit_durably()
    run = FeedRun.objects.create(
        source=source,
        layout=layout,
        mapping=mapping,
        file_name=without_resident_numbers(file.name)[:200],
        file_path=str(file.path),
        file_size=file.path.stat().st_size if file.path.is_file() else 0,
        is_dry_run=is_dry_run,
        requested_by=by,
        requested_at=at,
    )
    if is_queued:
        tasks.load_feed.delay_on_commit(run_id=run.pk)
    return run


def run_feed(*, run: FeedRun, on_progress: Callable[[FeedRun], None] = lambda run: None) -> FeedRun:
    """Take the file of `run` into the master: load, link, project, in one transaction. May be called again after any
    interruption. Returns the run; a refused file leaves it FAILED with the reason.

    Raises FeedBusy when another process is at it, and OperationalError or InterfaceError when the database is away
    (the run is then still RUNNING, and nothing of the file is held).
    """
    with _exclusive(run):
        run.refresh_from_db()
        if run.is_over:
            return run
        if run.attempts >= MOST_ATTEMPTS:
            _fail(run, file_reason("TOO_MANY_ATTEMPTS", {"attempts": run.attempts}))
        else:
            _attempt(run, on_progress)
    _forget_progress(run)
    return run


def _attempt(run: FeedRun, on_progress: Callable[[FeedRun], None]) -> None:
    """Run once. Only a database that is away leaves the run unfinished, to be taken up again."""
    _start(run)
    try:
        with connection.wrap_database_errors:  # a COPY raises errors of the driver
            _run_whole(run, on_progress)
    except (UnreadableFile, mappings.MappingProblem) as problem:
        _fail(run, file_reason(problem.code, problem.details | {"file": run.file_name}))
    except FeedRefused as problem:
        _fail(run, str(problem))
    except (OperationalError, InterfaceError):
        connection.close()
        raise
    except OSError as problem:
        _report(run, problem)
        _fail(run, file_reason("DISK", {}))
    except Exception as problem:  # whatever it was, a person waits for the end of this run
        _report(run, problem)
        _fail(run, file_reason("FAULT", {}))


def _report(run: FeedRun, problem: Exception) -> None:
    """Log where a run broke. The message of the exception is left out: it may quote a row of the file."""
    places = "".join(traceback.format_tb(problem.__traceback__))
    log.error("Feed run %s was stopped by %s:\n%s", run.pk, type(problem).__name__, places)


@contextmanager
def _exclusive(run: FeedRun) -> Iterator[None]:
    """Be the only process at this run. Raises FeedBusy."""
    if not locks.take_run(run.pk):
        raise FeedBusy
    try:
        yield
    finally:
        locks.leave_run(run.pk)


@transaction.atomic
def _start(run: FeedRun) -> None:
    locks.commit_durably()
    run.state, run.step, run.attempts = FeedRun.State.RUNNING, FeedRun.Step.READING, run.attempts + 1
    run.started_at, run.error = timezone.now(), ""
    run.save(update_fields=["state", "step", "attempts", "started_at", "error"])


def _fail(run: FeedRun, reason: str) -> None:
    run.refresh_from_db()
    run.state, run.error, run.finished_at = FeedRun.State.FAILED, reason, timezone.now()
    run.save(update_fields=["state", "error", "finished_at"])


def _run_whole(run: FeedRun, on_progress: Callable[[FeedRun], None]) -> None:
    opened, definition = open_run(run)
    compiled = mappings.compile_mapping(run.layout, definition, opened.header)
    path = settings.FEED_DIR / REJECTS / f"{run.pk}-rejects.csv"
    run.encoding, run.delimiter, run.columns = opened.dialect.encoding, opened.dialect.delimiter, opened.header
    run.file_size = opened.size
    try:
        with transaction.atomic(), translation.override("ko"), RejectFile(path, compiled.header) as rejects:
            _take(run, opened, definition, rejects, on_progress)
            _finish(run, rejects)
            if run.is_dry_run:
                raise _DryRun
    except _DryRun:
        run.save()
    _tidy(run)


def _take(
    run: FeedRun,
    opened: Opened,
    definition: dict[str, object],
    rejects: RejectFile,
    on_progress: Callable[[FeedRun], None],
) -> None:
    """Inside the transaction: everything that the file changes."""
    locks.commit_durably()
    locks.hold_source(run.source_id)
    loader = Loader(run.layout, run.source_id)
    for outcome in _outcomes(run, opened, definition):
        loader.load(outcome)
        rejects.write(outcome.rejects)
        for code, count in outcome.problems.items():
            run.problem_counts[code] = run.problem_counts.get(code, 0) + count
        _count(run, loader, outcome.position)
        _tell(run, on_progress)
    loader.settle()
    _count(run, loader, run.bytes_done)
    _connect(run, loader, on_progress)


def _outcomes(run: FeedRun, opened: Opened, definition: dict[str, object]) -> Iterator[Outcome]:
    context = RunContext(
        source_id=run.source_id,
        source_code=run.source.code,
        run_id=run.pk,
        received_at=run.requested_at.astimezone(KST).isoformat(" "),
        today=run.requested_at.astimezone(KST).date(),
        regions=Code.objects.regions(),
    )
    workers = settings.FEED_WORKERS if opened.size > ONE_PROCESS_UP_TO else 1
    arguments = (run.layout, definition, opened.header, opened.dialect, context, settings.KEYS)
    with ordered_map(row_worker, arguments, workers) as process:
        yield from process(opened.chunks)


def open_run(run: FeedRun) -> tuple[Opened, dict[str, object]]:
    """Open the file of a run as its mapping says; a reject file of ours is read in our own dialect.

    Raises UnreadableFile, MappingProblem, FeedRefused.
    """
    definition = run.mapping.definition if run.mapping else mappings.canonical_definition(run.layout)
    problems = mappings.check_definition(run.layout, definition)
    if problems:
        raise FeedRefused(
            file_reason("MAPPING_UNFIT", {"problems": " ".join(definition_problem(problem) for problem in problems)})
        )
    return open_with(Path(run.file_path), definition), definition


def open_with(path: Path, definition: dict[str, object]) -> Opened:
    """Open a file in the dialect of a mapping definition. Raises UnreadableFile."""
    opened = None if is_excel(path) else open_feed(path)
    if opened is None or not is_reject_file(opened.header):
        opened = open_feed(
            path,
            encoding=str(definition.get("encoding", "auto")).lower(),
            delimiter=str(definition.get("delimiter", "auto")),
            sheet=definition.get("sheet"),
            headers=mappings.headers_of(definition),
        )
    return without_notes(opened) if is_reject_file(opened.header) else opened


def _count(run: FeedRun, loader: Loader, position: int) -> None:
    counts = loader.counts
    run.bytes_done = position
    run.rows_read, run.rows_new, run.rows_changed = counts.read, counts.new, counts.changed
    run.rows_same, run.rows_stale, run.rows_rejected = counts.same, counts.stale, counts.rejected


def _connect(run: FeedRun, loader: Loader, on_progress: Callable[[FeedRun], None]) -> None:
    """Link the new records and project every customer that the file touched."""
    counts = loader.counts
    if not (counts.new or counts.changed or loader.refreshed):
        return
    at = timezone.now()
    run.step = FeedRun.Step.LINKING
    _tell(run, on_progress)
    if run.layout == LAYOUTS["customers"].name:
        linked = linking.link_records(at=at, feed_run_id=run.pk)
        run.customers_merged, run.pairs_found = linked.customers_merged, linked.pairs_found
        linking.note_customers_of_keys(source_id=run.source_id, keys=loader.refreshed)
    else:
        linking.note_customers_of_contracts(feed_run_id=run.pk)
    run.step = FeedRun.Step.PROJECTING
    _tell(run, on_progress)
    projected, events = projection.project_customers(at=at)
    queue.reckon_worth_of_touched()
    run.customers_created, run.customers_changed = projected.customers_new, projected.customers_changed
    record_events(events=events, at=at, feed_run_id=run.pk)


def _finish(run: FeedRun, rejects: RejectFile) -> None:
    run.reject_reasons = dict(rejects.reasons)
    run.reject_path = str(rejects.path) if rejects.reasons else ""
    run.state, run.step, run.finished_at = FeedRun.State.DONE, FeedRun.Step.FINISHED, timezone.now()
    run.bytes_done = run.file_size
    run.save()


def _tidy(run: FeedRun) -> None:
    """Remove our own copy of a file that is loaded: it holds resident numbers in the clear. After a dry run it waits
    for the real one, until `receiving.remove_old_files` finds it too old."""
    path = Path(run.file_path)
    if path.parent == settings.FEED_DIR / RECEIVED and not run.is_dry_run:
        path.unlink(missing_ok=True)


def _tell(run: FeedRun, on_progress: Callable[[FeedRun], None]) -> None:
    cache.set(_progress_key(run.pk), json.dumps(progress_of(run)), PROGRESS_SECONDS)
    on_progress(run)


def progress_of(run: FeedRun) -> dict[str, object]:
    """How far a run is, as numbers."""
    return {
        "step": str(run.step),
        "percent": run.percent,
        "read": run.rows_read,
        "rejected": run.rows_rejected,
    }


def live_progress(run: FeedRun) -> dict[str, object]:
    """How far a run is now, even while its transaction is open."""
    held = None if run.is_over else cache.get(_progress_key(run.pk))
    return json.loads(held) if held else progress_of(run)


def _forget_progress(run: FeedRun) -> None:
    cache.delete(_progress_key(run.pk))


def _progress_key(run_id: int) -> str:
    return f"feed-progress-{run_id}"


def resume_feeds() -> list[int]:
    """Take up again every run that a dead process left behind; returns their ids. Safe to call at any time."""
    resumed = []
    for run in FeedRun.objects.filter(state__in=RESUMABLE).select_related("source", "mapping").order_by("pk"):
        if run.state == FeedRun.State.WAITING and (timezone.now() - run.requested_at).total_seconds() < 60:
            continue
        try:
            run_feed(run=run)
        except FeedBusy:
            continue
        resumed.append(run.pk)
    return resumed


def counts_of(run: FeedRun) -> dict[str, object]:
    """The outcome of a run for machines."""
    return {
        "run": run.pk,
        "source": run.source.code,
        "layout": run.layout,
        "state": str(run.state),
        "dry_run": run.is_dry_run,
        "read": run.rows_read,
        "new": run.rows_new,
        "changed": run.rows_changed,
        "unchanged": run.rows_same,
        "stale": run.rows_stale,
        "rejected": run.rows_rejected,
        "reject_file": run.reject_path,
        "reject_reasons": run.reject_reasons,
        "customers_created": run.customers_created,
        "customers_changed": run.customers_changed,
        "customers_merged": run.customers_merged,
        "pairs_found": run.pairs_found,
        "error": run.error,
        "seconds": round((run.finished_at - run.started_at).total_seconds(), 3) if run.finished_at else None,
    }
