"""What is proposed in the night: customers whose period is over, those whom the clean-up lets go, and erasures that a
hold suspended. Repeatable: whoever waits in a batch already is left alone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.services.notices import notify_role
from consent import tasks
from consent.holds import Why, obstacles
from consent.models import DestructionBatch, DestructionItem
from consent.numbers import numbers_on
from consent.reports.gate import customers_to_let_go
from consent.reports.retention_lives import lives_on
from consent.rules.chunks import chunked
from consent.rules.retention import Action, Due, Life, Rules, due_on
from consent.services.retention_batches import APPROVER, MOST, url_of, write_batch
from consent.services.retention_rules import live_rules
from customers.models import Customer

CHUNK = 5_000
Origin, State = DestructionBatch.Origin, DestructionItem.State
BASIS: Mapping[str, str] = {
    Origin.RETENTION: "보유 기간이 지난 고객 정보 (보유 규칙 v%d)",
    Origin.GATE: "기한 안에 실명 확인 또는 동의가 갖추어지지 않은 고객 정보 (보유 규칙 v%d)",
}
SUSPENDED = "보류가 풀린 항목을 이어서 처리합니다: %s"


class Wanted(NamedTuple):
    """Somebody who is due. life: the days of the customer, None where they are not known."""

    customer: int
    action: str
    due: Due
    life: Life | None


def propose_due(*, day: date, at: datetime) -> list[DestructionBatch]:
    """Propose all that is due on a day, in batches of 10,000 at most; returns them, suspended erasures first.

    Nobody is proposed who is on hold, has a live role or a request that waits, waits in a batch already, or whose
    proposal somebody rejected within the days that the law's numbers say.
    """
    rules, numbers, let_go = live_rules(), numbers_on(day), customers_to_let_go(day)
    batches, lives = continue_suspended(at=at), {}
    by_period = _by_period(day, rules, numbers["claim_years"], let_go, lives)
    rests_from = at - timedelta(days=numbers["rejected_rest_days"])
    batches += _write(Origin.RETENTION, _free(by_period, rests_from), rules.version, at)
    batches += _write(Origin.GATE, _free(_by_gate(let_go, lives), rests_from), rules.version, at)
    return batches


def _by_period(
    day: date, rules: Rules, claim_years: int, let_go: Container[int], lives: dict[int, Life]
) -> Iterator[Wanted]:
    """Those whose period is over. lives: gets the lives of those whom the clean-up lets go."""
    for lived in lives_on(day, [rules], claim_years=claim_years):
        if lived.customer in let_go:
            lives[lived.customer] = lived.life
        if due := due_on(day, lived.life, rules, is_apart=lived.is_apart):
            yield Wanted(lived.customer, str(due[0]), due[1], lived.life)


@transaction.atomic
def continue_suspended(*, at: datetime) -> list[DestructionBatch]:
    """Carry out what had been approved when a hold, a request or a live role stood in its way that is gone by now: in a
    batch of its own, which the same person's approval covers."""
    waits = (Why.HOLD, Why.RIGHTS_REQUEST)
    skipped = DestructionItem.objects.filter(state=State.SKIPPED, refusal__in=waits, batch__closed_at__isnull=False)
    newest = skipped.exclude(customer__state="DESTROYED").order_by("customer", "-pk").distinct("customer")
    by_batch: dict[int, list[DestructionItem]] = {}
    for item in newest.select_related("batch"):
        by_batch.setdefault(item.batch_id, []).append(item)
    made = [_continued(items, at) for items in by_batch.values()]
    return [batch for batch in made if batch]


def _continued(items: list[DestructionItem], at: datetime) -> DestructionBatch | None:
    batch, by_customer = items[0].batch, {item.customer_id: item for item in items}
    free = set(by_customer) - _taken(by_customer, None)
    free -= set(obstacles(sorted(free), action=batch.action, by_request=batch.origin == Origin.RIGHT))
    if not free:
        return None
    dues = {pk: Due(one.data_class, one.clause, one.ended_on, one.due_on) for pk, one in by_customer.items()}
    made = write_batch(
        customers={pk: dues[pk] for pk in free}, lives={}, proposed_at=at, action=batch.action, origin=batch.origin,
        basis=SUSPENDED % batch.number, rules_version=batch.rules_version, proposed_by=None,
        decided_by=batch.decided_by, decided_at=at, state=DestructionBatch.State.APPROVED,
        decision_reason=batch.decision_reason,
    )  # fmt: skip
    tasks.run_destruction.delay_on_commit(batch_id=made.pk)
    return made


def _by_gate(found: Mapping[int, Due], lives: Mapping[int, Life]) -> Iterator[Wanted]:
    """Those whom the clean-up lets go: apart first, destroyed when they have been apart for long enough."""
    for ids in chunked(sorted(found), CHUNK):
        states = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "state"))
        for customer in ids:
            is_apart = states.get(customer) == Customer.State.SEPARATED
            action = Action.DESTROY if is_apart else Action.SEPARATE
            yield Wanted(customer, str(action), found[customer], lives.get(customer))


def _free(wanted: Iterable[Wanted], rests_from: datetime) -> Iterator[Wanted]:
    for chunk in chunked(wanted, CHUNK):
        left = {one.customer for one in chunk} - _taken([one.customer for one in chunk], rests_from)
        for action in Action:
            asked = sorted(one.customer for one in chunk if one.action == action and one.customer in left)
            left -= set(obstacles(asked, action=str(action)))
        yield from (one for one in chunk if one.customer in left)


def _taken(customers: Iterable[int], rests_from: datetime | None) -> set[int]:
    """Those who wait in a batch, or whose proposal was rejected since."""
    items = DestructionItem.objects.filter(customer__in=list(customers))
    taken = set(items.filter(state=State.WAITING).values_list("customer", flat=True))
    if rests_from is not None:
        rejected = items.filter(refusal=Why.REJECTED, done_at__gte=rests_from)
        taken |= set(rejected.values_list("customer", flat=True))
    return taken


def _write(origin: str, wanted: Iterable[Wanted], version: int, at: datetime) -> list[DestructionBatch]:
    """The batches of one origin, and a word to the privacy officer about each."""
    by_action: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_action.setdefault(one.action, []).append(one)
    return [
        _propose(origin, action, part, version, at)
        for action, found in sorted(by_action.items())
        for part in chunked(found, MOST)
    ]


@transaction.atomic
def _propose(origin: str, action: str, wanted: Iterable[Wanted], version: int, at: datetime) -> DestructionBatch:
    dues = {one.customer: one.due for one in wanted}
    batch = write_batch(
        customers=dues, lives={one.customer: one.life for one in wanted if one.life}, proposed_at=at, action=action,
        origin=origin, basis=BASIS[origin] % version, rules_version=version, proposed_by=None,
    )  # fmt: skip
    notify_role(role=APPROVER, kind="DESTRUCTION_PROPOSED", at=at, what={"count": len(dues)}, url=url_of(batch))
    return batch


def propose_nightly(*, at: datetime) -> list[DestructionBatch]:
    """What is due on the day of `at` in Korea."""
    return propose_due(day=timezone.localdate(at), at=at)
