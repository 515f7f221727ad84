"""Trying a draft of the rules of survivorship on today's stock, which stays as it is."""

from __future__ import annotations

import logging
import pickle
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Staff
from customers import tasks
from customers.feeds.pipeline import ordered_map
from customers.golden.rehearsal import Rehearsed, rehearser
from customers.models import GoldenRules, Rehearsal
from customers.services import locks
from customers.services.golden_rules import version_of
from customers.services.golden_stock import customers_in_all, touch_block
from customers.services.projection import ONE_PROCESS_UP_TO, PIECE_CUSTOMERS, basis, piece_reader
from customers.services.rule_versions import NotADraft
from customers.services.shared_stock import watermark

log = logging.getLogger(__name__)
UNFINISHED = (Rehearsal.State.WAITING, Rehearsal.State.RUNNING)


class RehearsalBusy(Exception):
    """Another process is at this rehearsal."""


@transaction.atomic
def request_golden_rehearsal(*, rules: GoldenRules, by: Staff, at: datetime) -> Rehearsal:
    """Note that a draft is to be tried on the stock; a worker does it after commit. One that waits or is at work is
    returned instead; one that its process left behind is given up. Raises NotADraft."""
    rules = GoldenRules.objects.select_for_update().get(pk=rules.pk)
    if rules.state != GoldenRules.State.DRAFT:
        raise NotADraft
    rehearsal = rules.rehearsals.filter(state__in=UNFINISHED).order_by("-pk").first()
    if rehearsal and is_left(rehearsal):
        _fail(rehearsal, "Interrupted")
        rehearsal = None
    if rehearsal is None:
        rehearsal = Rehearsal.objects.create(
            kind=Rehearsal.Kind.GOLDEN, golden_rules=rules, requested_by=by, requested_at=at
        )
    if rehearsal.state == Rehearsal.State.WAITING:
        # Asked for again it is sent again, for the first call may be lost; who comes second finds nothing to do.
        tasks.rehearse_golden.delay_on_commit(rehearsal_id=rehearsal.pk)
    return rehearsal


def is_left(rehearsal: Rehearsal) -> bool:
    """Whether a rehearsal was begun and nobody is at it any more; asked in this order, since it may end between."""
    if rehearsal.state != Rehearsal.State.RUNNING or locks.is_rehearsal_taken(rehearsal.pk):
        return False
    return Rehearsal.objects.filter(pk=rehearsal.pk, state=Rehearsal.State.RUNNING).exists()


def rehearse_golden(*, rehearsal: Rehearsal) -> Rehearsal:
    """Count what the draft would change, and keep samples; the rehearsal ends DONE, or FAILED with the reason. One that
    has ended is returned as it is.

    Raises RehearsalBusy when another process is at it, and OperationalError or InterfaceError when the database is
    away; it may then be called again.
    """
    with _only_one(rehearsal):
        rehearsal.refresh_from_db()
        if rehearsal.state not in UNFINISHED:
            return rehearsal
        try:
            _rehearse(rehearsal)
        except (OperationalError, InterfaceError):
            connection.close()
            raise
        except Exception as problem:  # whatever it was, a person waits for the end of this rehearsal
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


def _fail(rehearsal: Rehearsal, error: str) -> None:
    rehearsal.state, rehearsal.error, rehearsal.finished_at = Rehearsal.State.FAILED, error, timezone.now()
    rehearsal.save(update_fields=["state", "error", "finished_at"])


def _rehearse(rehearsal: Rehearsal) -> None:
    began = time.monotonic()
    rehearsal.state, rehearsal.done_share, rehearsal.watermark = Rehearsal.State.RUNNING, 0, watermark()
    rehearsal.save(update_fields=["state", "done_share", "watermark"])
    found, customers = _try(rehearsal)
    rehearsal.counts = {"of": customers, "customers": found.customers, "items": dict(found.items)}
    rehearsal.samples = found.samples
    rehearsal.state, rehearsal.done_share, rehearsal.finished_at = Rehearsal.State.DONE, 1, timezone.now()
    rehearsal.seconds = round(time.monotonic() - began, 3)
    rehearsal.save(update_fields=["state", "done_share", "counts", "samples", "seconds", "finished_at"])


def _try(rehearsal: Rehearsal) -> tuple[Rehearsed, int]:
    """What the draft would change in the whole stock, and how many customers were looked at."""
    total, done, found = customers_in_all(), 0, Rehearsed()
    rules = version_of(rehearsal.golden_rules.version)
    sizes: list[int] = []
    workers = settings.FEED_WORKERS if total > ONE_PROCESS_UP_TO else 1
    with ordered_map(rehearser, (*basis(), rules), workers) as rehearse:
        for number, rehearsed in enumerate(rehearse(_pieces(sizes))):
            found.add(rehearsed)
            done += sizes[number]
            rehearsal.done_share = min(done / max(total, 1), 1)
            rehearsal.save(update_fields=["done_share"])
    return found, done


def _pieces(sizes: list[int]) -> Iterator[bytes]:
    """The stock piece by piece, each as it was at one instant; notes their sizes in customers."""
    read, after = piece_reader(timezone.localdate()), 0
    while True:
        with _one_view():
            upto, size = touch_block(after, PIECE_CUSTOMERS)
            piece = pickle.dumps(read(after, upto)) if size else b""
        if not size:
            return
        sizes.append(size)
        yield piece
        after = upto


@contextmanager
def _one_view() -> Iterator[None]:
    """A transaction in which every query sees the stock of the same instant."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
