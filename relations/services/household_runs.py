"""The search for households over the whole stock: asked for, stopped, taken up again; its suggestions written as a set.

A run reads, compares and groups without a lock, and writes in one transaction; one that was cut short begins anew. The
same stock gives the same suggestions: those that wait already stay as they are, those no longer true are overtaken.
"""

from __future__ import annotations

import logging
import time
import traceback
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Staff
from accounts.services.turns import alone
from customers.services import locks
from relations import tasks
from relations.models import HouseholdRun
from relations.rules.household_search import Suggested, search
from relations.rules.household_ties import Stock, ties_of
from relations.services.household_stock import read_decided, read_stock
from relations.services.household_writing import Written, write_suggestions

log = logging.getLogger(__name__)
SEARCH_LOCK = 5_190_442  # one search at a time


class SearchBusy(Exception):
    """Another process is searching already."""


class NotStopped(Exception):
    """Only a run that was stopped or failed can go on."""


class AlreadyOver(Exception):
    """The run had ended before it could be stopped."""


class _Stopped(Exception):
    """A person wants the run to stop."""


@transaction.atomic
def request_search(*, by: Staff | None, at: datetime, is_queued: bool = True) -> HouseholdRun:
    """Note a search of the whole stock; when `is_queued`, a worker does it after commit. One that waits or is at work
    already is returned instead."""
    with connection.cursor() as cursor:  # two who ask in the same moment get one run
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SEARCH_LOCK])
    waiting = _unfinished().first()
    run = waiting or HouseholdRun.objects.create(requested_by=by, requested_at=at)
    if is_queued and not waiting:
        tasks.search_households.delay_on_commit(run_id=run.pk)
    return run


@transaction.atomic
def stop_search(*, run: HouseholdRun, by: Staff, at: datetime) -> HouseholdRun:
    """Stop a run; it writes nothing. Raises AlreadyOver."""
    run = HouseholdRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in (HouseholdRun.State.WAITING, HouseholdRun.State.RUNNING):
        raise AlreadyOver
    run.state, run.finished_at = HouseholdRun.State.STOPPED, at
    run.save(update_fields=["state", "finished_at"])
    log.info("Search for households %s is stopped by staff %s", run.pk, by.pk)
    return run


@transaction.atomic
def resume_search(*, run: HouseholdRun, by: Staff, is_queued: bool = True) -> HouseholdRun:
    """Let a run that was stopped or failed begin anew. Raises NotStopped, also while another one is unfinished."""
    run = HouseholdRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in (HouseholdRun.State.STOPPED, HouseholdRun.State.FAILED) or _unfinished().exists():
        raise NotStopped
    run.state, run.finished_at, run.problem = HouseholdRun.State.WAITING, None, ""
    run.save(update_fields=["state", "finished_at", "problem"])
    log.info("Search for households %s is resumed by staff %s", run.pk, by.pk)
    if is_queued:
        tasks.search_households.delay_on_commit(run_id=run.pk)
    return run


def do_search(*, run: HouseholdRun) -> HouseholdRun:
    """Search the stock to the end; returns the run. May be called again after any interruption.

    Raises SearchBusy while another process searches, OperationalError or InterfaceError when the database is away (the
    run is then still RUNNING, and `resume_searches` takes it up).
    """
    with alone(SEARCH_LOCK, busy=SearchBusy):
        run.refresh_from_db()
        if run.state not in (HouseholdRun.State.WAITING, HouseholdRun.State.RUNNING):
            return run
        try:
            _search(run)
        except _Stopped:
            run.refresh_from_db()
        except (OperationalError, InterfaceError):
            connection.close()
            raise
        except Exception as problem:  # whatever it was, a person waits for the end of this run
            places = "".join(traceback.format_tb(problem.__traceback__))
            log.error("Search for households %s failed by %s:\n%s", run.pk, type(problem).__name__, places)
            run.problem = type(problem).__name__
            _end(run, HouseholdRun.State.FAILED)
    return run


def resume_searches() -> list[int]:
    """Do every search that a dead process left behind; returns their ids. Safe to call at any time."""
    done = []
    for run in _unfinished():
        try:
            do_search(run=run)
        except SearchBusy:
            break
        done.append(run.pk)
    return done


def _unfinished() -> object:
    states = (HouseholdRun.State.WAITING, HouseholdRun.State.RUNNING)
    return HouseholdRun.objects.filter(state__in=states).order_by("pk")


def _search(run: HouseholdRun) -> None:
    clock = _Clock(run)
    run.started_at, run.seconds, run.counts, run.done = timezone.now(), {}, {}, 0
    run.state = HouseholdRun.State.RUNNING
    if not _still(run, (HouseholdRun.State.WAITING, HouseholdRun.State.RUNNING)).update(
        state=run.state, started_at=run.started_at
    ):
        raise _Stopped
    clock.step(HouseholdRun.Step.READING)
    stock = read_stock(today=timezone.localdate())
    run.total = len(stock)
    clock.step(HouseholdRun.Step.COMPARING)
    ties = ties_of(stock)
    run.done = len(stock) // 2
    clock.step(HouseholdRun.Step.GROUPING)
    found = search(stock, ties, read_decided(stock))
    run.done = len(stock)
    clock.step(HouseholdRun.Step.WRITING)
    _write(run, stock, found, clock, len(ties))


def _write(run: HouseholdRun, stock: Stock, found: list[Suggested], clock: _Clock, ties: int) -> None:
    """Write what was found, and end the run. Merges wait meanwhile, so that no suggestion names a retired number."""
    with transaction.atomic():
        locks.hold_golden()
        if not _still(run, (HouseholdRun.State.RUNNING,)).select_for_update().exists():
            raise _Stopped
        written = write_suggestions(run=run, ids=stock.ids, found=found, at=timezone.now())
        run.counts = _counts(len(stock), ties, written)
        clock.stop()
        _end(run, HouseholdRun.State.DONE)


def _counts(persons: int, ties: int, written: Written) -> dict[str, int]:
    return {
        "persons": persons,
        "ties": ties,
        "living": written.by_kind.get("LIVING", 0),
        "payer": written.by_kind.get("PAYER", 0),
        "written": written.new,
        "kept": written.kept,
        "overtaken": written.overtaken,
    }


def _still(run: HouseholdRun, states: tuple[str, ...]) -> object:
    return HouseholdRun.objects.filter(pk=run.pk, state__in=states)


def _end(run: HouseholdRun, state: str) -> None:
    run.state, run.finished_at, run.step = state, timezone.now(), ""
    run.save(update_fields=["state", "step", "done", "total", "counts", "seconds", "problem", "finished_at"])


class _Clock:
    """Which step a run is at, and how many seconds each step took."""

    def __init__(self, run: HouseholdRun) -> None:
        self._run, self._since, self._step = run, time.monotonic(), ""

    def step(self, step: str) -> None:
        """Go on to a step. Raises _Stopped where a person stopped the run."""
        self.stop()
        self._step = self._run.step = str(step)
        now = {name: getattr(self._run, name) for name in ("step", "done", "total", "seconds")}
        if not _still(self._run, (HouseholdRun.State.RUNNING,)).update(**now):
            raise _Stopped

    def stop(self) -> None:
        """Note how long the step in hand took."""
        now = time.monotonic()
        if self._step:
            self._run.seconds[self._step] = round(now - self._since, 3)
        self._since = now
