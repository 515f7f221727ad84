"""Owners of the items of organisations: which of the systems is believed, for all of them, until somebody decides
otherwise. What an owner says wins through the preferences that a steward could set one by one."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts.models import Staff
from customers.masking import without_resident_numbers
from customers.models import Act, SourceSystem
from customers.models.stewardship import ReasonCode
from customers.services.acting import begin_act
from customers.services.locks import hold_golden
from customers.services.projection import project_again
from customers.services.wishes import mark_taken_back
from relations import tasks
from relations.models import ItemOwner
from relations.rules.organisations import GOLDEN_ITEMS, ITEMS

COLUMNS = {item: item for item in GOLDEN_ITEMS} | {"company": "company_no"}
LOCK_OWNERS = "LOCK TABLE relations_itemowner IN SHARE ROW EXCLUSIVE MODE"
# Organisations of which the source says something, for whom nobody set anything by hand: a person's wish for one of
# them outranks what is decided for all.
FOLLOWING = """
SELECT DISTINCT link.customer_id
FROM customers_sourcerecord record
JOIN customers_link link ON link.record_id = record.id
JOIN customers_customer customer ON customer.id = link.customer_id
WHERE record.source_id = %(source)s AND record.kind = 'ORG' AND record.{column} <> ''
  AND customer.kind = 'ORG' AND customer.state = 'ACTIVE'
  AND NOT EXISTS (
    SELECT FROM customers_wish wish
    WHERE wish.customer_id = customer.id AND wish.withdrawn_at IS NULL AND wish.item IN ('', %(item)s))
ORDER BY link.customer_id
"""
# A person's later wish on all items would otherwise lose to what is decided of one.
YIELD = """
UPDATE customers_wish own SET withdrawn_at = %s
FROM customers_act act
WHERE act.id = own.act_id AND act.details ? 'owner' AND own.withdrawn_at IS NULL AND EXISTS (
  SELECT FROM customers_wish wish JOIN customers_act by_hand ON by_hand.id = wish.act_id
  WHERE wish.customer_id = own.customer_id AND wish.withdrawn_at IS NULL AND wish.item IN ('', own.item)
    AND NOT by_hand.details ? 'owner')
RETURNING own.customer_id
"""
PREFER = """
INSERT INTO customers_wish (customer_id, act_id, item, source_id)
SELECT customer_id, %s, %s, %s FROM unnest(%s::bigint[]) AS following(customer_id)
"""


class UnknownItem(Exception):
    """Organisations have no such item that could have an owner."""


class SameOwner(Exception):
    """This source owns the item already."""


class AlreadyEnded(Exception):
    """Somebody ended this, or gave the item another owner, meanwhile."""


@transaction.atomic
def give_owner(*, item: str, source: SourceSystem, reason: str, by: Staff, at: datetime) -> ItemOwner:
    """Let a source own an item of all organisations; the one before ends. After the commit its values are chosen.

    item: one of rules.ITEMS. Raises UnknownItem, SameOwner.
    """
    if item not in ITEMS:
        raise UnknownItem
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OWNERS)
    before = ItemOwner.objects.filter(item=item, ended_at=None).first()
    if before is not None:
        if before.source_id == source.pk:
            raise SameOwner
        _end(before, by, at)
    made = ItemOwner.objects.create(
        item=item, source=source, reason=without_resident_numbers(reason), decided_by=by, decided_at=at
    )
    tasks.follow_owners.delay_on_commit()
    return made


@transaction.atomic
def end_owner(*, owner: ItemOwner, by: Staff, at: datetime) -> ItemOwner:
    """Let nobody own the item: after the commit the rules choose its values again. Raises AlreadyEnded."""
    held = ItemOwner.objects.select_for_update().get(pk=owner.pk)
    if held.ended_at is not None:
        raise AlreadyEnded
    _end(held, by, at)
    tasks.follow_owners.delay_on_commit()
    return held


@transaction.atomic
def follow_owners(*, at: datetime) -> dict[str, int]:
    """Make the golden values of organisations follow the owners: what ended is taken back, organisations that came
    since are added. Returns {item: organisations that follow anew}. To be called after a decision, and daily.

    Waits for other writers of golden customers; a second call at once changes nothing.
    """
    hold_golden()
    owners = list(ItemOwner.objects.filter(ended_at=None, item__in=GOLDEN_ITEMS).select_related("source"))
    standing = {owner.pk for owner in owners}
    for act in Act.objects.in_force().filter(kind=Act.Kind.PREFER, details__has_key="owner").order_by("pk"):
        if act.details["owner"] not in standing:
            _let_go(act, at)
    _yield_to_people(at)
    return {owner.item: _follow(owner, at) for owner in owners}


def _follow(owner: ItemOwner, at: datetime) -> int:
    """Prefer the owner for every organisation that does not follow it yet; returns how many those were."""
    with connection.cursor() as cursor:
        query = FOLLOWING.format(column=COLUMNS[owner.item])  # a column of our own, never what somebody typed
        cursor.execute(query, {"source": owner.source_id, "item": owner.item})
        customers = [customer for (customer,) in cursor.fetchall()]
    if not customers:
        return 0
    act = begin_act(
        kind=Act.Kind.PREFER,
        by=owner.decided_by,
        at=at,
        customers=customers,
        reason_code=ReasonCode.OTHER,
        comment=owner.reason,
        details={"item": owner.item, "source": owner.source.code, "owner": owner.pk},
    )
    with connection.cursor() as cursor:
        cursor.execute(PREFER, [act.pk, owner.item, owner.source_id, customers])
    project_again(customer_ids=customers, at=at, by=owner.decided_by)
    return len(customers)


def _yield_to_people(at: datetime) -> None:
    """Withdraw what was preferred for an owner where a person has set something for that organisation since."""
    with connection.cursor() as cursor:
        cursor.execute(YIELD, [at])
        customers = [customer for (customer,) in cursor.fetchall()]
    if customers:
        project_again(customer_ids=customers, at=at)


def _let_go(act: Act, at: datetime) -> None:
    """Take back what was preferred for an owner that is one no more."""
    customers = list(act.wishes.filter(withdrawn_at=None).values_list("customer_id", flat=True))
    act.wishes.filter(withdrawn_at=None).update(withdrawn_at=at)
    details = {"act": act.pk}
    mark_taken_back(act, begin_act(kind=Act.Kind.TAKE_BACK, by=None, at=at, customers=customers, details=details))
    project_again(customer_ids=customers, at=at)


def _end(owner: ItemOwner, by: Staff, at: datetime) -> None:
    owner.ended_by, owner.ended_at = by, at
    owner.save(update_fields=["ended_by", "ended_at"])
