"""Carrying a batch out: up to 500 customers in one transaction, each counted before and after, so that a run that was
cut off goes on where it stopped and the certificate is exact all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.services.notices import notify_role
from accounts.services.turns import alone
from consent.holds import obstacles
from consent.models import DestructionBatch, DestructionItem
from consent.services.batches_closing import certify
from consent.services.batches_copies import ask_for_copies, note_copies, numbers_of, sources_of
from consent.services.retention_batches import APPROVER, url_of
from customers import holding
from customers.services import destroying

log = logging.getLogger(__name__)
CHUNK = 500
RUN_LOCK = 5_190_471  # the class of advisory locks on single batches
Action, State = DestructionBatch.Action, DestructionBatch.State
OPEN = (State.APPROVED, State.RUNNING)
CANNOT = (
    destroying.AlreadyApart,
    destroying.AlreadyDestroyed,
    destroying.SomethingIsLeft,
    destroying.UnknownCustomers,
)
FAILED = "FAILED"


class BatchBusy(Exception):
    """Another process carries the batch out."""


def run_batch(*, batch: DestructionBatch) -> DestructionBatch:
    """Carry an approved batch out to its end; returns it. May be called again after any interruption.

    What stands in somebody's way by now leaves that customer out, with the reason. Raises BatchBusy.
    """
    with alone(RUN_LOCK, batch.pk, busy=BatchBusy):
        while _step(batch.pk, timezone.now()):
            pass
        batch = _finish(batch.pk, timezone.now())
    return batch


def resume_batches() -> list[int]:
    """Carry out what a dead process left behind; returns the ids. Safe to call at any time."""
    resumed = []
    for batch in DestructionBatch.objects.filter(state__in=OPEN).order_by("pk"):
        try:
            run_batch(batch=batch)
        except BatchBusy:
            continue
        resumed.append(batch.pk)
    return resumed


@transaction.atomic
def _step(batch_id: int, at: datetime) -> bool:
    """The next customers of a batch, all or none of them; whether there may be more."""
    batch = DestructionBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in OPEN:
        return False
    items = list(batch.items.filter(state=DestructionItem.State.WAITING).order_by("pk")[:CHUNK])
    if not items:
        return False
    by_request = batch.origin == DestructionBatch.Origin.RIGHT
    # What stands in the way is asked when nobody can put anything there any more, such as a hold.
    destroying.hold_customers([item.customer_id for item in items])
    found = obstacles([item.customer_id for item in items], action=batch.action, by_request=by_request)
    for item in items:
        if obstacle := found.get(item.customer_id):
            item.state, item.refusal, item.done_at = DestructionItem.State.SKIPPED, str(obstacle.why), at
    _carry_out(batch, [item for item in items if item.customer_id not in found], at)
    DestructionItem.objects.bulk_update(items, ["state", "refusal", "counts", "life", "done_at"], batch_size=CHUNK)
    batch.state = State.RUNNING
    batch.done_count += sum(item.state == DestructionItem.State.DONE for item in items)
    batch.skipped_count += sum(item.state == DestructionItem.State.SKIPPED for item in items)
    batch.save(update_fields=["state", "done_count", "skipped_count", "counts"])
    return True


def _carry_out(batch: DestructionBatch, items: Sequence[DestructionItem], at: datetime) -> None:
    """All at once; where one of them cannot go, one by one, so that nobody waits for that one."""
    if not items:
        return
    try:
        with transaction.atomic():
            _go(batch, items, at)
    except CANNOT as problem:
        if len(items) == 1:
            log.error("Customer %s of batch %s stays: %s", items[0].customer_id, batch.number, type(problem).__name__)
            items[0].state, items[0].refusal, items[0].done_at = DestructionItem.State.SKIPPED, FAILED, at
            return
        for item in items:
            _carry_out(batch, [item], at)


def _go(batch: DestructionBatch, items: Sequence[DestructionItem], at: datetime) -> None:
    ids = [item.customer_id for item in items]
    sources = sources_of(ids)
    if batch.action == Action.SEPARATE:
        numbers = numbers_of(ids)
        before = _counted(numbers)
        destroying.separate_customers(customers=ids, at=at)
        after: Mapping[str, Mapping[int, int]] = _counted(numbers)
    else:
        note_copies(batch=batch, customers=ids, sources=sources, at=at)
        gone = destroying.destroy_customers(customers=ids, at=at)
        before, after = gone.before, gone.after
        DestructionItem.objects.filter(customer__in=ids).update(life={})
    _count(batch, before, after)
    for item in items:
        item.counts = {kind: rows[item.customer_id] for kind, rows in before.items() if rows.get(item.customer_id)}
        kept = {"sources": sorted(sources.get(item.customer_id, ()))}
        item.life = item.life | kept if batch.action == Action.SEPARATE else {}
        item.state, item.done_at = DestructionItem.State.DONE, at


def _counted(numbers: Mapping[int, int]) -> dict[str, dict[int, int]]:
    """{kind: {customer id: rows}}; what was merged into a customer counts with that customer."""
    counted: dict[str, dict[int, int]] = {}
    for kind, found in holding.counts(list(numbers)).items():
        of_kind = counted.setdefault(kind, {})
        for number, count in found.items():
            if number in numbers:
                of_kind[numbers[number]] = of_kind.get(numbers[number], 0) + count
    return counted


def _count(
    batch: DestructionBatch, before: Mapping[str, Mapping[int, int]], after: Mapping[str, Mapping[int, int]]
) -> None:
    for kind in sorted({*before, *after}):
        had, has = sum(before.get(kind, {}).values()), sum(after.get(kind, {}).values())
        first, last = batch.counts.get(kind, (0, 0))
        if had or has or kind in batch.counts:
            batch.counts[kind] = [first + had, last + has]


@transaction.atomic
def _finish(batch_id: int, at: datetime) -> DestructionBatch:
    """Ask whoever keeps copies; where nobody does, the batch is certified at once."""
    batch = DestructionBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in OPEN or batch.items.filter(state=DestructionItem.State.WAITING).exists():
        return batch
    batch.state, batch.finished_at = State.DONE, at
    batch.save(update_fields=["state", "finished_at"])
    if ask_for_copies(batch=batch, at=at):
        notify_role(role=APPROVER, kind="COPIES_ASKED", at=at, what={"number": batch.number}, url=url_of(batch))
        return batch
    return certify(batch, at)
