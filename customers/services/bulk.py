"""One decision on all pairs of a filter: tried first, then done pair by pair by a worker, and taken back as a whole."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Staff
from customers import tasks
from customers.models import Act, BulkAct, Customer, Pair, Ruling
from customers.pair_filters import PairFilter
from customers.querysets import sees_everyone
from customers.services.bulk_forecasts import forecast

log = logging.getLogger(__name__)
MOST_PAIRS = 10_000
DRY_RUN_HOLDS = timedelta(hours=24)
ANSWERS = (Ruling.Answer.SAME, Ruling.Answer.DIFFERENT)
STARTABLE = (BulkAct.State.DRY, BulkAct.State.STOPPED)
ENDED = (BulkAct.State.DONE, BulkAct.State.STOPPED, BulkAct.State.TAKEN_BACK)


class NoPairs(Exception):
    """No open pair fits the filter, so there is nothing to decide."""


class UnfitAnswer(Exception):
    """Many pairs are decided as one customer or as two; what is legitimately two is so for a reason of its own."""


class NotYours(Exception):
    """A bulk action is begun by whoever saw its dry run."""


class Outdated(Exception):
    """The dry run is older than `DRY_RUN_HOLDS`; what it told may not hold any more."""


class NotNow(Exception):
    """The state of the bulk action does not allow this: somebody began, stopped or took it back meanwhile."""


class TooLate(Exception):
    """The action ended more than `settings.BULK_TAKE_BACK_DAYS` days ago."""


class NothingInForce(Exception):
    """None of its decisions holds any more."""


def pairs_of(condition: Mapping[str, str], viewer: Staff) -> QuerySet[Pair]:
    """The open pairs that fit the words of a `PairFilter`, of customers that `viewer` may see on both sides."""
    pairs = PairFilter(condition, viewer=viewer).qs.filter(state=Pair.State.OPEN)
    if sees_everyone(viewer):
        return pairs
    visible = Customer.objects.visible_to(viewer)
    return pairs.filter(left__link__customer__in=visible, right__link__customer__in=visible)


@transaction.atomic
def prepare_bulk(
    *, condition: Mapping[str, str], answer: str, reason_code: str, comment: str, by: Staff, at: datetime
) -> BulkAct:
    """Freeze the pairs of a filter and reckon what deciding them would do; nothing is decided yet.

    condition: the words of the pair filter; of more than `MOST_PAIRS` pairs the oldest are taken, and the rest counted.
    answer: of `ANSWERS`. Raises UnfitAnswer, NoPairs.
    """
    if answer not in ANSWERS:
        raise UnfitAnswer
    pairs = pairs_of(condition, by)
    ids = list(pairs.order_by("pk").values_list("pk", flat=True)[:MOST_PAIRS])
    if not ids:
        raise NoPairs
    expected = forecast(pair_ids=ids, answer=answer)
    counts = {
        "forecast": expected.outcomes,
        "price": expected.price,
        "left_out": pairs.order_by().count() - len(ids) if len(ids) == MOST_PAIRS else 0,
    }
    return BulkAct.objects.create(
        condition=dict(condition),
        answer=answer,
        reason_code=reason_code,
        comment=comment,
        pair_ids=ids,
        counts=counts,
        requested_by=by,
        requested_at=at,
    )


@transaction.atomic
def start_bulk(*, bulk: BulkAct, by: Staff, at: datetime) -> BulkAct:
    """Let a worker do what the dry run told, or go on with what was stopped. Raises NotYours, NotNow, Outdated."""
    bulk = _locked(bulk)
    if bulk.requested_by_id != by.pk:
        raise NotYours
    if bulk.state not in STARTABLE or "taken_back" in bulk.counts:
        raise NotNow
    if at - bulk.requested_at > DRY_RUN_HOLDS:
        raise Outdated
    bulk.state, bulk.finished_at = BulkAct.State.RUNNING, None
    bulk.save(update_fields=["state", "finished_at"])
    log.info("Bulk action %s is begun by staff %s", bulk.pk, by.pk)
    tasks.run_bulk.delay_on_commit(bulk_id=bulk.pk)
    return bulk


@transaction.atomic
def stop_bulk(*, bulk: BulkAct, by: Staff, at: datetime) -> BulkAct:
    """Stop a run after the pair in hand; what is decided holds. Raises NotNow."""
    bulk = _locked(bulk)
    if bulk.state != BulkAct.State.RUNNING:
        raise NotNow
    bulk.state, bulk.finished_at = BulkAct.State.STOPPED, at
    bulk.save(update_fields=["state", "finished_at"])
    log.info("Bulk action %s is stopped by staff %s", bulk.pk, by.pk)
    return bulk


@transaction.atomic
def take_back_bulk(*, bulk: BulkAct, by: Staff, at: datetime) -> BulkAct:
    """Let a worker take back every decision of the action that still holds, the newest first. What could not be taken
    back before may be tried again. Raises NotNow, TooLate, NothingInForce."""
    bulk = _locked(bulk)
    if bulk.state not in ENDED:
        raise NotNow
    if at > take_back_until(bulk):
        raise TooLate
    count = bulk.acts.in_force().count()
    if not count:
        raise NothingInForce
    bulk.state = BulkAct.State.TAKING_BACK
    bulk.counts |= {
        "back_by": by.pk,
        "back_of": count,
        "back_upto": Act.objects.order_by("-pk").values_list("pk", flat=True).first() + 1,
        "taken_back": 0,
        "kept": {},
        "kept_acts": [],
    }
    bulk.save(update_fields=["state", "counts"])
    log.info("Bulk action %s is taken back by staff %s", bulk.pk, by.pk)
    tasks.run_bulk.delay_on_commit(bulk_id=bulk.pk)
    return bulk


def take_back_until(bulk: BulkAct) -> datetime:
    """Until when an action that has ended can be taken back."""
    return bulk.finished_at + timedelta(days=settings.BULK_TAKE_BACK_DAYS)


def _locked(bulk: BulkAct) -> BulkAct:
    return BulkAct.objects.select_for_update(of=("self",)).get(pk=bulk.pk)
