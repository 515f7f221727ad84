"""Matching the whole stock, cut into parts of the key space that any number of workers take, each whole or not at all.

One process leads a run: it reads the stock, hands out the parts and takes some itself, and when all are done it
decides and writes in one transaction. While it leads nobody else writes links, so that all see the same stock. A leader
or worker that dies leaves the run to be taken up again; parts that were done stay done.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from accounts.models import Staff
from customers import tasks
from customers.dedup.engine import Scored, decide, together, weigh_part
from customers.dedup.model import Model
from customers.dedup.records import names_on
from customers.models import MatchFinding, MatchPart, MatchRun
from customers.services import links, locks, projection, queue
from customers.services.copying import copy_columns, read_bytes
from customers.services.events import record_events
from customers.services.linking import know_sizes
from customers.services.match_models import cuts_of, learn_first_model, live_model, model_of
from customers.services.shared_stock import SharedStock, StockChanged, drop_stocks, open_stock, watermark
from customers.services.snapshot import rulings_within

log = logging.getLogger(__name__)
RECORDS_PER_PART = 500_000
MOST_PARTS = 64
HUB_FIELDS = ("mobile", "phone", "email", "dwelling")
HUB_FROM, MOST_HUBS = 5, 100  # names on a value from which on it is a hub; hubs kept of each kind
PAUSE_SECONDS = 0.02
PROGRESS_SECONDS = 24 * 60 * 60
# Left and right are row numbers in the stock of the run, which all who take part read alike.
FOUND = np.dtype([("left", "<u4"), ("right", "<u4"), ("weight", "<f8"), ("pattern", "<i8")])
FINDINGS = (
    "SELECT content FROM customers_matchfinding finding "
    "JOIN customers_matchpart part ON part.id = finding.part_id WHERE part.run_id = {run} ORDER BY part.number"
)

Progress = Callable[[MatchRun], None]


class RunBusy(Exception):
    """Another process leads this run."""


class _Stopped(Exception):
    """A person wants the run to stop."""


@transaction.atomic
def request_match_run(*, by: Staff | None, at: datetime, is_queued: bool = True) -> MatchRun:
    """Note a run over the whole stock; when `is_queued`, a worker leads it after commit. A run that is waiting or
    running already is returned instead."""
    waiting = MatchRun.objects.unfinished().first()
    run = waiting or MatchRun.objects.create(requested_by=by, started_at=at)
    if is_queued and not waiting:
        tasks.match_stock.delay_on_commit(run_id=run.pk)
    return run


@transaction.atomic
def stop_match_run(*, run: MatchRun, by: Staff | None) -> MatchRun:
    """Ask a run to stop after the parts in hand; what is done is kept for `resume_match_run`."""
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.state == MatchRun.State.RUNNING:
        run.is_stop_wanted = True
        run.save(update_fields=["is_stop_wanted"])
        log.info("Match run %s is asked to stop by staff %s", run.pk, by.pk if by else None)
    return run


@transaction.atomic
def resume_match_run(*, run: MatchRun, by: Staff | None) -> MatchRun:
    """Let a stopped run go on where it was."""
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.state == MatchRun.State.STOPPED:
        run.state, run.is_stop_wanted, run.finished_at = MatchRun.State.RUNNING, False, None
        run.save(update_fields=["state", "is_stop_wanted", "finished_at"])
        log.info("Match run %s is resumed by staff %s", run.pk, by.pk if by else None)
        tasks.match_stock.delay_on_commit(run_id=run.pk)
    return run


def lead_match_run(*, run: MatchRun, parts: int | None = None, on_progress: Progress = lambda run: None) -> MatchRun:
    """Lead a run to its end. May be called again after any interruption; returns the run, which may be STOPPED.

    parts: into how many parts the key space is cut; by the size of the stock when not given. Raises RunBusy when
    another process leads it, and OperationalError or InterfaceError when the database is away (it is then still
    RUNNING, and `resume_match_runs` takes it up).
    """
    with _leading(run):
        run.refresh_from_db()
        if run.state != MatchRun.State.RUNNING:
            return run
        try:
            _lead(run, parts, on_progress)
        except _Stopped:
            _end(run, MatchRun.State.STOPPED)
        except (OperationalError, InterfaceError):
            connection.close()
            raise
        except Exception as problem:  # whatever it was, a person waits for the end of this run
            places = "".join(traceback.format_tb(problem.__traceback__))
            log.error("Match run %s was stopped by %s:\n%s", run.pk, type(problem).__name__, places)
            run.error = type(problem).__name__
            _end(run, MatchRun.State.FAILED)
    if run.is_over:
        drop_stocks()
    return run


@contextmanager
def _leading(run: MatchRun) -> Iterator[None]:
    """Be the only leader of this run, and the only writer of links. Raises RunBusy."""
    if not locks.take_match_run(run.pk):
        raise RunBusy
    try:
        while not locks.try_golden():
            time.sleep(PAUSE_SECONDS)
        try:
            yield
        finally:
            locks.leave_golden()
    finally:
        locks.leave_match_run(run.pk)


def _lead(run: MatchRun, parts: int | None, on_progress: Progress) -> None:
    clock = _Clock(run, on_progress)
    clock.step(MatchRun.Step.READING)
    stock, model = _begin(run, parts)
    clock.step(MatchRun.Step.WEIGHING)
    _call_workers(run)
    while run.parts.filter(is_done=False).exists():
        run.refresh_from_db(fields=["is_stop_wanted"])
        if run.is_stop_wanted:
            raise _Stopped
        if not _take_part(run, stock, model):
            time.sleep(PAUSE_SECONDS)
        clock.tell()
    clock.step(MatchRun.Step.DECIDING)
    scored = _findings(run)
    cuts = cuts_of(model)
    linking = decide(stock.records, stock.circumstances, model, scored, rulings_within(stock.records.ids), cuts)
    with transaction.atomic():
        locks.commit_durably()
        clock.step(MatchRun.Step.WRITING)
        know_sizes()
        at = timezone.now()
        counts = links.write_linking(stock.records, linking, model_version=model.version, at=at, is_whole_stock=True)
        clock.step(MatchRun.Step.PROJECTING)
        projected, events = projection.project_customers(at=at)
        queue.reckon_worth()
        record_events(events=events, at=at)
        run.counts = {
            "records_linked": counts.records,
            "records_moved": counts.records_moved,
            "customers_created": counts.customers_created,
            "customers_merged": counts.customers_merged,
            "customers_changed": projected.customers_changed,
            "pairs_found": counts.pairs_found,
        }
        run.hubs = hubs_of(stock)
        MatchFinding.objects.filter(part__run=run).delete()
        clock.step(MatchRun.Step.FINISHED)
        _end(run, MatchRun.State.DONE)


def _begin(run: MatchRun, parts: int | None) -> tuple[SharedStock, Model]:
    """The stock and the model of a run. A run that is taken up again over another stock starts anew."""
    mark = watermark()
    is_new = run.watermark != mark or not run.parts.exists()
    if is_new:
        learn_first_model(at=timezone.now())
        run.watermark, run.model_version = mark, live_model().version
    drop_stocks(but=run)
    model = model_of(run.model_version)
    stock = open_stock(run, model)
    if is_new:
        _cut(run, len(stock.records), parts)
    return stock, model


@transaction.atomic
def _cut(run: MatchRun, records: int, parts: int | None) -> None:
    """Cut a run into parts that nobody has done yet."""
    MatchFinding.objects.filter(part__run=run).delete()
    run.parts.all().delete()
    run.records = records
    count = parts or min(max(settings.FEED_WORKERS, records // RECORDS_PER_PART), MOST_PARTS)
    MatchPart.objects.bulk_create([MatchPart(run=run, number=number) for number in range(count)])
    run.save(update_fields=["watermark", "model_version", "records"])


def _call_workers(run: MatchRun) -> None:
    """Offer every part that is not done to the workers. Without a broker this process does all of them alone."""
    waiting = list(run.parts.filter(is_done=False).values_list("number", flat=True))
    if len(waiting) < 2:
        return
    try:
        for _number in waiting[1:]:
            tasks.weigh_parts.delay_on_commit(run_id=run.pk)
    except BrokerAway:
        log.warning("The broker is away; match run %s goes on without workers", run.pk)


def weigh_parts(*, run_id: int) -> int:
    """Take parts of a run as long as there are any; returns how many this process did. For workers."""
    run = MatchRun.objects.get(pk=run_id)
    if run.state != MatchRun.State.RUNNING or run.is_stop_wanted or not run.watermark:
        return 0
    model, done = model_of(run.model_version), 0
    try:
        stock = open_stock(run, model)
    except StockChanged:
        log.info("Match run %s is over; nothing to do here", run_id)
        return 0
    while _take_part(run, stock, model):
        done += 1
    return done


def _take_part(run: MatchRun, stock: SharedStock, model: Model) -> bool:
    """Do one part that nobody else is at; False when there is none."""
    began = time.monotonic()
    with transaction.atomic():
        part = MatchPart.objects.free(run).select_for_update(skip_locked=True, of=("self",)).first()
        if part is None:
            return False
        records = stock.records
        count = run.parts.count()
        scored = weigh_part(records.rows, stock.circumstances, model, cuts_of(model).lowest, part.number, count)
        found = np.empty(len(scored), FOUND)
        for name in FOUND.names:
            found[name] = getattr(scored, name)
        table = MatchFinding._meta.db_table
        copy_columns(table, {"part_id": np.array([part.pk], np.int64), "content": found.tobytes()})
        part.is_done, part.pairs, part.worker = True, len(scored), f"{socket.gethostname()}:{os.getpid()}"
        part.seconds = round(time.monotonic() - began, 3)
        part.save(update_fields=["is_done", "pairs", "worker", "seconds"])
    return True


def _findings(run: MatchRun) -> Scored:
    parts = [np.frombuffer(content, FOUND) for content in read_bytes(FINDINGS.format(run=int(run.pk)))]
    return together(
        [
            Scored(part["left"].astype(np.int64), part["right"].astype(np.int64), part["weight"], part["pattern"])
            for part in parts
        ]
    )


def hubs_of(stock: SharedStock) -> dict[str, list[list[int]]]:
    """The values under the most names, by kind: [id of a record that holds it, names, records], most names first."""
    rows, ids = stock.records.rows, stock.records.ids
    found = {}
    for field in HUB_FIELDS:
        names = names_on(rows, field)
        candidate = np.flatnonzero(names >= HUB_FROM)
        values, first, counts = np.unique(rows[field][candidate], return_index=True, return_counts=True)
        record = candidate[first]
        order = np.lexsort((values, -counts, -names[record]))[:MOST_HUBS]
        found[field] = [[int(ids[record[n]]), int(names[record[n]]), int(counts[n])] for n in order]
    return found


def _end(run: MatchRun, state: str) -> None:
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "step", "counts", "seconds", "hubs", "error", "finished_at"])


def live_step(run: MatchRun) -> str:
    """The step that a run is at now, even while its transaction is open."""
    return run.step if run.state != MatchRun.State.RUNNING else cache.get(_progress_key(run.pk)) or run.step


def _progress_key(run_id: int) -> str:
    return f"match-progress-{run_id}"


def resume_match_runs() -> list[int]:
    """Lead every run that a dead process left behind; returns their ids. Safe to call at any time."""
    led = []
    for run in MatchRun.objects.unfinished():
        try:
            lead_match_run(run=run)
        except RunBusy:
            continue
        led.append(run.pk)
    return led


class _Clock:
    """Which step a run is at, and how many seconds each step took."""

    def __init__(self, run: MatchRun, on_progress: Progress) -> None:
        self._run, self._on_progress = run, on_progress
        self._since = time.monotonic()

    def step(self, step: str) -> None:
        """Go on to a step."""
        run, now = self._run, time.monotonic()
        run.seconds[run.step] = round(run.seconds.get(run.step, 0) + now - self._since, 3)
        run.step, self._since = step, now
        run.save(update_fields=["step", "seconds"])
        self.tell()

    def tell(self) -> None:
        """Say where the run is."""
        cache.set(_progress_key(self._run.pk), str(self._run.step), PROGRESS_SECONDS)
        self._on_progress(self._run)
