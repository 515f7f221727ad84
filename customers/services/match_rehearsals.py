"""Rehearsing a version of the matching model: what it would do to the links that stand, without touching them.

A rehearsal looks at one snapshot of the stock and holds nobody up: feeds, stewards and match runs go on meanwhile.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Staff
from customers import tasks
from customers.dedup.engine import Cuts, Scored, decide, together, weigh_part
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Model
from customers.dedup.plan import plan_of
from customers.dedup.records import Records, Rulings
from customers.dedup.rehearsing import KnownPairs, Tried, counts_of, samples_of
from customers.models import MatchModel, Rehearsal
from customers.services import locks
from customers.services.copying import read_arrays
from customers.services.match_models import cuts_of, model_of
from customers.services.matching import MOST_PARTS, RECORDS_PER_PART
from customers.services.rule_versions import NotADraft
from customers.services.shared_stock import watermark
from customers.services.snapshot import read_stock, rulings_within

log = logging.getLogger(__name__)
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
PAIRS = "SELECT left_id, right_id, state = 'OPEN', state = 'OVERTAKEN' FROM customers_pair"
PAIR = {"left": ">i8", "right": ">i8", "is_open": "u1", "is_overtaken": "u1"}
LEAST_PARTS = 4  # so that there is progress to be seen
WHEN_READ, WHEN_WEIGHED, WHEN_DECIDED = 0.2, 0.8, 0.9  # shares of the work that are done by then
UNFINISHED = (Rehearsal.State.WAITING, Rehearsal.State.RUNNING)

Progress = Callable[[Rehearsal], None]


class RehearsalBusy(Exception):
    """Another process is at this rehearsal."""


@transaction.atomic
def request_rehearsal(*, model: MatchModel, by: Staff | None, at: datetime, is_queued: bool = True) -> Rehearsal:
    """Note a rehearsal of a draft; when `is_queued`, a worker does it after commit. One that waits or is at work is
    returned instead; one that its process left behind is given up.

    Raises NotADraft.
    """
    model = MatchModel.objects.select_for_update().get(pk=model.pk)
    if model.state != MatchModel.State.DRAFT:
        raise NotADraft
    rehearsal = model.rehearsals.filter(state__in=UNFINISHED).order_by("-pk").first()
    if rehearsal and is_left(rehearsal):
        _fail(rehearsal, "Interrupted")
        rehearsal = None
    if rehearsal is None:
        rehearsal = Rehearsal.objects.create(
            kind=Rehearsal.Kind.MATCHING, match_model=model, requested_by=by, requested_at=at
        )
    if is_queued and rehearsal.state == Rehearsal.State.WAITING:
        # Asked for again it is sent again, for the first call may be lost; who comes second finds nothing to do.
        tasks.rehearse_matching.delay_on_commit(rehearsal_id=rehearsal.pk)
    return rehearsal


def is_left(rehearsal: Rehearsal) -> bool:
    """Whether a rehearsal was begun and nobody is at it any more; asked in this order, since it may end between."""
    if rehearsal.state != Rehearsal.State.RUNNING or locks.is_rehearsal_taken(rehearsal.pk):
        return False
    return Rehearsal.objects.filter(pk=rehearsal.pk, state=Rehearsal.State.RUNNING).exists()


def rehearse(*, rehearsal: Rehearsal, on_progress: Progress = lambda rehearsal: None) -> Rehearsal:
    """Do a rehearsal to its end; it is then DONE, or FAILED with the reason. One that has ended is returned as it is.

    Raises RehearsalBusy when another process is at it, and OperationalError or InterfaceError when the database is
    away; it may then be called again.
    """
    with _only_one(rehearsal):
        rehearsal.refresh_from_db()
        if rehearsal.state not in UNFINISHED:
            return rehearsal
        try:
            _rehearse(rehearsal, on_progress)
        except (OperationalError, InterfaceError):
            connection.close()
            raise
        except Exception as problem:  # whatever it was, a person waits for the end of it
            places = "".join(traceback.format_tb(problem.__traceback__))
            log.error("Rehearsal %s was stopped by %s:\n%s", rehearsal.pk, type(problem).__name__, places)
            _fail(rehearsal, type(problem).__name__)
    return rehearsal


@contextmanager
def _only_one(rehearsal: Rehearsal) -> Iterator[None]:
    if not locks.take_rehearsal(rehearsal.pk):
        raise RehearsalBusy
    try:
        yield
    finally:
        locks.leave_rehearsal(rehearsal.pk)


def _rehearse(rehearsal: Rehearsal, on_progress: Progress) -> None:
    began = time.monotonic()

    def tell(share: float) -> None:
        rehearsal.done_share = round(share, 3)
        rehearsal.save(update_fields=["state", "watermark", "done_share"])
        on_progress(rehearsal)

    rehearsal.state = Rehearsal.State.RUNNING
    tell(0.0)
    with _one_snapshot():
        rehearsal.watermark = watermark()
        records = read_stock()
        rulings, known = rulings_within(records.ids), _known_pairs(records.ids)
        model = model_of(rehearsal.match_model.version)
        cuts = cuts_of(model)
    tell(WHEN_READ)
    tried = _tried(records, rulings, model, cuts, tell)
    rehearsal.counts = {"records": len(records), **counts_of(tried, known)}
    rehearsal.samples = samples_of(tried, known)
    rehearsal.state, rehearsal.done_share, rehearsal.finished_at = Rehearsal.State.DONE, 1.0, timezone.now()
    rehearsal.seconds = round(time.monotonic() - began, 3)
    rehearsal.save(update_fields=["state", "done_share", "counts", "samples", "seconds", "finished_at"])
    on_progress(rehearsal)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Let all that is read within be of one moment. In a transaction of the caller that is the caller's concern."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute(SNAPSHOT)
        yield


def _known_pairs(ids: np.ndarray) -> KnownPairs:
    """Every pair for review as row numbers. ids: of all records, ascending."""
    found = read_arrays(PAIRS, PAIR)
    left, right = (_rows_of(found[side].astype(np.int64), ids) for side in ("left", "right"))
    return KnownPairs(left, right, found["is_open"].astype(bool), found["is_overtaken"].astype(bool))


def _rows_of(record_ids: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The row of each record, −1 where there is none."""
    if not len(ids):
        return np.full(len(record_ids), -1)
    place = np.minimum(np.searchsorted(ids, record_ids), len(ids) - 1)
    return np.where(ids[place] == record_ids, place, -1)


def _tried(records: Records, rulings: Rulings, model: Model, cuts: Cuts, tell: Callable[[float], None]) -> Tried:
    """What the model finds and decides, as in a match run: part by part, so that no more is in memory than there."""
    circumstances = circumstances_of(records.rows, model)
    parts = min(max(LEAST_PARTS, settings.FEED_WORKERS, len(records) // RECORDS_PER_PART), MOST_PARTS)
    found: list[Scored] = []
    for part in range(parts):
        found.append(weigh_part(records.rows, circumstances, model, cuts.lowest, part, parts))
        tell(WHEN_READ + (WHEN_WEIGHED - WHEN_READ) * (part + 1) / parts)
    scored = together(found)
    linking = decide(records, circumstances, model, scored, rulings, cuts)
    tell(WHEN_DECIDED)
    return Tried(records, circumstances, model, scored, linking, plan_of(records, linking.group))


def _fail(rehearsal: Rehearsal, error: str) -> None:
    rehearsal.state, rehearsal.error, rehearsal.finished_at = Rehearsal.State.FAILED, error, timezone.now()
    rehearsal.save(update_fields=["state", "error", "finished_at"])
