"""Feeds: receiving a file, and taking it into the master in one transaction that either holds whole or not at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone, translation

from accounts.models import Staff
from customers import tasks
from customers.feeds import mapping as mappings
from customers.feeds.contract_rows import ContractRows, PartyRows
from customers.feeds.customer_rows import CustomerRows, Outcome, RunContext
from customers.feeds.layouts import LAYOUTS
from customers.feeds.loading import Loader
from customers.feeds.parsing import parse
from customers.feeds.pipeline import ordered_map
from customers.feeds.reading import Chunk, Dialect, Opened, UnreadableFile, open_feed
from customers.feeds.reasons import definition_problem, file_reason
from customers.feeds.rejects import RejectFile, is_reject_file
from customers.models import FeedRun, Mapping, SourceSystem
from customers.sealing import Sealer, SealingKeys
from customers.services import linking, projection
from customers.services.events import record_events

log = logging.getLogger(__name__)
KST = ZoneInfo("Asia/Seoul")
ONE_PROCESS_UP_TO = 4_000_000  # bytes; below it starting processes costs more than it saves
ROW_KINDS = {"customers": CustomerRows, "contracts": ContractRows, "parties": PartyRows}
PROGRESS_SECONDS = 24 * 60 * 60
RESUMABLE = (FeedRun.State.WAITING, FeedRun.State.RUNNING, FeedRun.State.INTERRUPTED)


class FeedRefused(Exception):
    """The file as a whole cannot be loaded; the message says why, in the language that is active."""


class FeedBusy(Exception):
    """Another process is at work on this run."""


class _DryRun(Exception):
    """Raised to roll back at the end of a dry run."""


@dataclass(frozen=True)
class FeedFile:
    """A file to be loaded. is_ours: a copy that the master keeps and removes once it is loaded."""

    path: Path
    name: str
    is_ours: bool = False


def receive_upload(
    *,
    source: SourceSystem,
    layout: str,
    mapping: Mapping | None,
    upload: UploadedFile,
    is_dry_run: bool,
    by: Staff,
    at: datetime,
) -> FeedRun:
    """Keep an uploaded file and queue its run."""
    folder = settings.FEED_DIR / "received"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{at:%Y%m%d-%H%M%S-%f}{Path(upload.name).suffix.lower()}"
    with path.open("xb") as file:
        path.chmod(0o600)
        for piece in upload.chunks():
            file.write(piece)
    return request_feed(
        source=source,
        layout=layout,
        mapping=mapping,
        file=FeedFile(path, Path(upload.name).name, is_ours=True),
        is_dry_run=is_dry_run,
        by=by,
        at=at,
    )


def pick_up(
    *, source: SourceSystem, layout: str, mapping: Mapping | None, name: str, is_dry_run: bool, by: Staff, at: datetime
) -> FeedRun:
    """Queue a run of a file that lies in the inbox folder. Raises FeedRefused when it is not there."""
    path = settings.FEED_INBOX / name
    if name not in {waiting.name for waiting in inbox()}:
        raise FeedRefused(file_reason("NO_FILE", {"file": name}))
    return request_feed(
        source=source,
        layout=layout,
        mapping=mapping,
        file=FeedFile(path, name),
        is_dry_run=is_dry_run,
        by=by,
        at=at,
    )


def inbox() -> list[Path]:
    """The files that wait in the inbox folder, by name."""
    if not settings.FEED_INBOX.is_dir():
        return []
    return sorted(path for path in settings.FEED_INBOX.iterdir() if path.is_file() and not path.name.startswith("."))


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
    run = FeedRun.objects.create(
        source=source,
        layout=layout,
        mapping=mapping,
        file_name=file.name[:200],
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

    Raises FeedBusy when another process is at it, and DatabaseError when the database fails (the run is then
    INTERRUPTED or still RUNNING, and nothing of the file is held).
    """
    with _exclusive(run):
        run.refresh_from_db()
        if run.is_over:
            return run
        _start(run)
        try:
            _run_whole(run, on_progress)
        except (UnreadableFile, mappings.MappingProblem) as problem:
            _fail(run, file_reason(problem.code, problem.details))
        except FeedRefused as problem:
            _fail(run, str(problem))
        except OperationalError:
            connection.close()
            raise
        except (DatabaseError, OSError) as problem:
            _fail(run, f"{type(problem).__name__}")
            raise
    _forget_progress(run)
    return run


class _exclusive:
    """Holds the run's advisory lock on this connection, which the database frees when the process dies."""

    def __init__(self, run: FeedRun) -> None:
        self._key = run.pk

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [linking.GOLDEN_LOCK, self._key])
            if not cursor.fetchone()[0]:
                raise FeedBusy

    def __exit__(self, *_problem: object) -> None:
        if connection.connection is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [linking.GOLDEN_LOCK, self._key])


def _start(run: FeedRun) -> None:
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
    path = settings.FEED_DIR / "rejects" / f"{run.pk}-rejects.csv"
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [-linking.GOLDEN_LOCK, run.source_id])
    loader = Loader(run.layout, run.source_id)
    for outcome in _outcomes(run, opened, definition):
        loader.load(outcome)
        rejects.write(outcome.rejects)
        for code, count in outcome.problems.items():
            run.problem_counts[code] = run.problem_counts.get(code, 0) + count
        _count(run, loader, outcome.position)
        _tell(run, on_progress)
    _connect(run, loader, on_progress)


def _outcomes(run: FeedRun, opened: Opened, definition: dict[str, object]) -> Iterator[Outcome]:
    context = RunContext(
        source_id=run.source_id,
        source_code=run.source.code,
        run_id=run.pk,
        received_at=run.requested_at.astimezone(KST).isoformat(" "),
        today=run.requested_at.astimezone(KST).date(),
    )
    workers = settings.FEED_WORKERS if opened.size > ONE_PROCESS_UP_TO else 1
    arguments = (run.layout, definition, opened.header, opened.dialect, context, settings.KEYS)
    with ordered_map(row_worker, arguments, workers) as process:
        yield from process(opened.chunks)


def row_worker(
    layout: str,
    definition: dict[str, object],
    header: list[str],
    dialect: Dialect,
    context: RunContext,
    keys: SealingKeys,
) -> Callable[[Chunk], Outcome]:
    """The work of one process: chunks of the file become COPY lines and rejects."""
    compiled = mappings.compile_mapping(layout, definition, header)
    rows = ROW_KINDS[layout](context, compiled, Sealer(keys))

    def work(chunk: Chunk) -> Outcome:
        outcome = rows.process(parse(chunk, dialect, compiled))
        outcome.position = chunk.position
        return outcome

    return work


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
    if path.suffix.lower() == ".csv":
        opened = open_feed(path)
        if is_reject_file(opened.header):
            return opened
    return open_feed(
        path,
        encoding=str(definition.get("encoding", "auto")).lower(),
        delimiter=str(definition.get("delimiter", "auto")),
        sheet=definition.get("sheet"),
    )


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
    run.customers_created, run.customers_changed = projected.customers_new, projected.customers_changed
    record_events(events=events, at=at, feed_run_id=run.pk)


def _finish(run: FeedRun, rejects: RejectFile) -> None:
    run.reject_reasons = dict(rejects.reasons)
    run.reject_path = str(rejects.path) if rejects.reasons else ""
    run.state, run.step, run.finished_at = FeedRun.State.DONE, FeedRun.Step.FINISHED, timezone.now()
    run.bytes_done = run.file_size
    run.save()


def _tidy(run: FeedRun) -> None:
    """Remove our own copy of a file that is loaded: it holds resident numbers in the clear."""
    path = Path(run.file_path)
    if path.parent == settings.FEED_DIR / "received":
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
