"""The queue of pairs: what a decision on each is worth, and who has which before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from accounts.models import Staff
from customers.dedup.storing import shipped_model
from customers.models import Act, Pair, Proposal
from customers.pair_filters import WAITING, PairFilter, assigned_since
from customers.services.linking import know_sizes
from customers.stewardship import WORTH

# The cuts come first and once: the definition of a model is large, and there are few of them.
RECKON = """
WITH cut AS MATERIALIZED (
    SELECT version, (definition -> 'cuts' -> '*~*' ->> 0)::float8 AS auto FROM customers_matchmodel
)
UPDATE customers_pair pair SET worth = reckoned.worth
FROM (
    SELECT held.id, {worth} AS worth
    FROM customers_pair held
    LEFT JOIN cut ON cut.version = held.model_version
    JOIN customers_link one_link ON one_link.record_id = held.left_id
    JOIN customers_customer one ON one.id = one_link.customer_id
    JOIN customers_link other_link ON other_link.record_id = held.right_id
    JOIN customers_customer other ON other.id = other_link.customer_id
    WHERE held.state = 'OPEN' AND {which}
) reckoned
WHERE pair.id = reckoned.id AND pair.worth IS DISTINCT FROM reckoned.worth
"""
BITS = "coalesce(held.weight - coalesce(cut.auto, %(shipped)s), 0)"
OF_TOUCHED = """
held.id IN (
    SELECT own.id FROM touched_customer touched
    JOIN customers_link link ON link.customer_id = touched.id
    JOIN customers_pair own ON own.left_id = link.record_id
    UNION ALL
    SELECT own.id FROM touched_customer touched
    JOIN customers_link link ON link.customer_id = touched.id
    JOIN customers_pair own ON own.right_id = link.record_id
)
"""
NEW = """
held.id IN (
    SELECT id FROM customers_pair WHERE state = 'OPEN' AND worth IS NULL ORDER BY id LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)
"""
MOST_AT_ONCE = 2_000  # pairs without a worth that whoever takes the next one gives theirs
DECISIONS = (Act.Kind.MERGE, Act.Kind.SAME, Act.Kind.DIFFERENT, Act.Kind.LEGITIMATE, Act.Kind.LATER)
WORTHIEST_FIRST = (F("worth").desc(nulls_last=True), "pk")


class NotYours(Exception):
    """The pair is not before this steward, or no more."""


@transaction.atomic
def reckon_worth(*, pair_ids: Sequence[int] | None = None) -> int:
    """Reckon what a decision on each open pair is worth, of all of them when no ids are given; returns how many are
    worth something else now.

    To be called by the writer of golden customers, when pairs were written and customers projected. A pair of an
    unlinked record has no worth.
    """
    know_sizes()
    return _reckon("held.id = ANY(%(ids)s)" if pair_ids is not None else "true", ids=list(pair_ids or ()))


@transaction.atomic
def reckon_worth_of_touched() -> int:
    """`reckon_worth` for the pairs of the customers in the temporary table `touched_customer`, in its transaction."""
    know_sizes()
    return _reckon(OF_TOUCHED)


def _reckon(which: str, **parameters: object) -> int:
    shipped = shipped_model().cuts["*", "*"].auto
    with connection.cursor() as cursor:
        cursor.execute(RECKON.format(worth=WORTH.format(bits=BITS), which=which), {"shipped": shipped, **parameters})
        return cursor.rowcount


def take_next(*, by: Staff, at: datetime, condition: Mapping[str, str]) -> Pair | None:
    """Put the worthiest free pair of a filter before a steward, and nobody else; None when there is none.

    condition: words of `PairFilter`, whose state is not asked. The pair that the steward has already comes first; what
    another one has had for longer than `settings.PAIR_ASSIGNED_MINUTES` is free.
    """
    _reckon_what_is_new()
    waiting = PairFilter({**condition, "state": WAITING}, viewer=by).qs.order_by(*WORTHIEST_FIRST)
    since = assigned_since(at)
    own = waiting.filter(assigned_to=by, assigned_at__gt=since).first()
    return own or _assigned(waiting.filter(Q(assigned_at=None) | Q(assigned_at__lte=since)), by, at)


@transaction.atomic
def _assigned(free: QuerySet[Pair], by: Staff, at: datetime) -> Pair | None:
    """The first of these pairs that nobody is taking or deciding this very moment, which is the steward's now."""
    pair = free.select_for_update(skip_locked=True, of=("self",)).first()
    if pair:
        pair.assigned_to, pair.assigned_at = by, at
        pair.save(update_fields=["assigned_to", "assigned_at"])
    return pair


@transaction.atomic
def release_pair(*, pair: Pair, by: Staff) -> Pair:
    """Give a pair back to the queue undecided. Raises NotYours."""
    pair = Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if pair.assigned_to_id != by.pk:
        raise NotYours
    pair.assigned_to = pair.assigned_at = None
    pair.save(update_fields=["assigned_to", "assigned_at"])
    return pair


def last_decision(*, by: Staff) -> Act | Proposal | None:
    """What this steward decided last about a pair and nobody took back or answered yet, bulk actions aside."""
    acts = Act.objects.in_force().filter(by=by, pair__isnull=False, bulk=None, kind__in=DECISIONS)
    act = acts.order_by("-at", "-pk").first()
    own = Proposal.objects.filter(proposed_by=by, pair__isnull=False, state=Proposal.State.OPEN)
    proposal = own.order_by("-proposed_at", "-pk").first()
    if act is None or proposal is None:
        return act or proposal
    return proposal if proposal.proposed_at > act.at else act


def _reckon_what_is_new() -> None:
    """Give open pairs without a worth theirs, some at a time. Pairs that others are at are left out: waiting for them
    while holding many might be waiting for each other."""
    if Pair.objects.filter(state=Pair.State.OPEN, worth=None).exists():
        with transaction.atomic():
            _reckon(NEW, most=MOST_AT_ONCE)
