"""Batches of destruction from proposal to decision: who proposes does not approve, and nobody waits in two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Staff
from accounts.services.notices import notify_role
from consent import tasks
from consent.holds import Why, obstacles
from consent.models import DestructionBatch, DestructionItem
from consent.rules.retention import Due, Life, written_life
from customers.models import Customer

MOST = 10_000
APPROVER = "PRIVACY_OFFICER"
NEXT_ID = "SELECT nextval(pg_get_serial_sequence('consent_destructionbatch', 'id'))"


class NobodyToGo(Exception):
    """There is no customer in the batch."""


class TooMany(Exception):
    """A batch has 10,000 customers at most."""


class InTheWay(Exception):
    """Something keeps customers from it. args[0]: {customer id: obstacle}."""


class AlreadyProposed(Exception):
    """Some of the customers wait in another batch. args[0]: their ids."""


class NotProposed(Exception):
    """The batch was decided before."""


class OwnProposal(Exception):
    """Whoever proposed a batch does not decide about it; a second person does."""


@transaction.atomic
def propose_batch(
    *,
    action: str,
    origin: str,
    customers: Mapping[int, Due],
    by: Staff | None,
    at: datetime,
    basis: str,
    rules_version: int = 0,
    lives: Mapping[int, Life] = {},
) -> DestructionBatch:
    """Propose to separate or destroy these customers, {customer id: why it is due}. by: None for Hannun itself.

    lives: the days that it rests on, where they are known. Raises NobodyToGo, TooMany, AlreadyProposed, InTheWay.
    """
    if not customers:
        raise NobodyToGo
    if len(customers) > MOST:
        raise TooMany
    by_request = origin == DestructionBatch.Origin.RIGHT
    _hold_customers(customers)
    if found := obstacles(list(customers), action=action, by_request=by_request):
        raise InTheWay(found)
    _nobody_waits(customers)
    batch = write_batch(
        action=action, origin=origin, customers=customers, basis=basis, rules_version=rules_version, lives=lives,
        proposed_by=by, proposed_at=at,
    )  # fmt: skip
    notify_role(role=APPROVER, kind="DESTRUCTION_PROPOSED", at=at, what={"count": len(customers)}, url=url_of(batch))
    return batch


@transaction.atomic
def approve_batch(*, batch: DestructionBatch, by: Staff, at: datetime, reason: str = "") -> DestructionBatch:
    """Let a proposal be carried out; a worker does it after commit. Raises NotProposed, OwnProposal."""
    batch = _proposal(batch, by)
    _decide(batch, DestructionBatch.State.APPROVED, by, at, reason)
    tasks.run_destruction.delay_on_commit(batch_id=batch.pk)
    return batch


@transaction.atomic
def reject_batch(*, batch: DestructionBatch, by: Staff, at: datetime, reason: str) -> DestructionBatch:
    """Let nothing come of a proposal; its customers are left alone for a while. Raises NotProposed, OwnProposal."""
    batch = _proposal(batch, by)
    waiting = batch.items.filter(state=DestructionItem.State.WAITING)
    batch.skipped_count = waiting.update(state=DestructionItem.State.SKIPPED, refusal=Why.REJECTED, done_at=at)
    batch.save(update_fields=["skipped_count"])
    return _decide(batch, DestructionBatch.State.REJECTED, by, at, reason)


def write_batch(
    *,
    customers: Mapping[int, Due],
    lives: Mapping[int, Life],
    proposed_at: datetime,
    **fields: object,
) -> DestructionBatch:
    """Keep a batch with its items, in sets; whoever calls has checked it. fields: of the batch."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_ID)
        (key,) = cursor.fetchone()
    batch = DestructionBatch.objects.create(
        pk=key,
        number=f"D{timezone.localdate(proposed_at).year}-{key:06}",
        item_count=len(customers),
        proposed_at=proposed_at,
        **fields,
    )
    items = (_item(batch, customer, due, lives.get(customer)) for customer, due in sorted(customers.items()))
    DestructionItem.objects.bulk_create(items, batch_size=2_000)
    return batch


def url_of(batch: DestructionBatch) -> str:
    """Where the batch is looked at."""
    return f"/consent/destruction/{batch.pk}/"


def _item(batch: DestructionBatch, customer: int, due: Due, life: Life | None) -> DestructionItem:
    return DestructionItem(
        batch=batch, customer_id=customer, data_class=due.data_class, clause=due.clause, ended_on=due.ended_on,
        due_on=due.due_on, life=written_life(life),
    )  # fmt: skip


def _hold_customers(customers: Mapping[int, Due]) -> None:
    """Let two who propose the same customers follow each other, so that the second is told of the first."""
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=list(customers)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _nobody_waits(customers: Mapping[int, Due]) -> None:
    waiting = DestructionItem.objects.filter(customer__in=list(customers), state=DestructionItem.State.WAITING)
    if ids := sorted(waiting.values_list("customer", flat=True)):
        raise AlreadyProposed(ids)


def _proposal(batch: DestructionBatch, by: Staff) -> DestructionBatch:
    batch = DestructionBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != DestructionBatch.State.PROPOSED:
        raise NotProposed
    if batch.proposed_by_id == by.pk:
        raise OwnProposal
    return batch


def _decide(batch: DestructionBatch, state: str, by: Staff, at: datetime, reason: str) -> DestructionBatch:
    batch.state, batch.decided_by, batch.decided_at, batch.decision_reason = state, by, at, reason
    batch.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    return batch
