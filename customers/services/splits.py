"""Splitting one source record off its customer, and moving one from customer to customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from customers.merging import Links, Moved, absorb, give_back, move_links, name_customers, note_moves
from customers.models import Act, Customer, Link, MovedChild, Ruling, SourceRecord
from customers.seeds import STEWARD
from customers.services import locks, projection
from customers.services.acting import begin_act
from customers.services.keeping_apart import followers_of, part_from, rule, rulings_across, withdraw_within
from customers.services.links import new_customer_ids
from customers.services.merges import KindsDiffer, NotActive
from customers.services.newcomers import records_of
from customers.services.unmerges import basis_of, keep_records_apart, ruled_by


class OnlyRecord(Exception):
    """The record is all that its customer has: merge the customer instead."""


class AlreadyThere(Exception):
    """The record belongs to that customer already."""


class BelongsToNobody(Exception):
    """The record is no part of any customer: it was withdrawn."""


class IsCorrection(Exception):
    """The record is what a person corrected: it goes with the record that it is bound to, or is taken back."""


@dataclass(frozen=True)
class SplitPreview:
    """A split or a move that was done and rolled back.

    before: the customers as they are, the one that loses the record first; after: the same as they would be; of a split
    the second is the new one, which has nothing before. followers: how many corrections go with the record.
    """

    before: tuple[Customer, ...]
    after: tuple[Customer, Customer]
    followers: int


def preview_split(*, record: SourceRecord, by: Staff, at: datetime) -> SplitPreview:
    """The split itself, rolled back. Raises as `split_record` does. The number that it gave out is never used."""
    with transaction.atomic():
        locks.hold_golden_soon()
        left = _customer_of(record)
        act, new = split_record(record=record, by=by, at=at)
        preview = _previewed(act, [left], [left.pk, new.pk])
        transaction.set_rollback(True)
    return preview


def preview_move(*, record: SourceRecord, into: Customer, by: Staff, at: datetime) -> SplitPreview:
    """The move itself, rolled back. Raises as `move_record` does."""
    with transaction.atomic():
        locks.hold_golden_soon()
        left = _customer_of(record)
        before = [left, Customer.objects.with_holders().get(pk=into.pk)]
        act = move_record(record=record, into=into, by=by, at=at)
        preview = _previewed(act, before, [left.pk, into.pk])
        transaction.set_rollback(True)
    return preview


def _customer_of(record: SourceRecord) -> Customer:
    customer = Customer.objects.with_holders().filter(links__record=record).first()
    if customer is None:
        raise BelongsToNobody
    return customer


def _previewed(act: Act, before: Sequence[Customer], ids: Sequence[int]) -> SplitPreview:
    held = Customer.objects.with_holders().in_bulk(ids)
    moved = MovedChild.objects.filter(act=act, kind=Links.model).count()
    return SplitPreview(tuple(before), (held[ids[0]], held[ids[1]]), moved - 1)


@transaction.atomic
def split_record(
    *, record: SourceRecord, by: Staff, at: datetime, reason_code: str = "", comment: str = ""
) -> tuple[Act, Customer]:
    """Make a record a customer of its own, and rule that it is none of those it was linked with.

    Corrections of it go with it. Returns the act and the new customer. Raises BelongsToNobody, IsCorrection,
    OnlyRecord, locks.StockBusy.
    """
    locks.hold_golden_soon()
    link, followers, others = _held(record)
    act = begin_act(
        kind=Act.Kind.SPLIT,
        by=by,
        at=at,
        customers=[link.customer_id],
        reason_code=reason_code,
        comment=comment,
    )
    into = int(new_customer_ids(1)[0])
    part_from([record.pk, *followers], others, act, by=by, at=at)
    _move(link, followers, into, act, by, at)
    keep_records_apart([record.pk, *followers], others, act=act, by=by, at=at, reason=comment)
    act.save(update_fields=["details"])
    projection.project_again(customer_ids=[link.customer_id, into], at=at, by=by)
    name_customers(act, [into])
    return act, Customer.objects.get(pk=into)


@transaction.atomic
def move_record(
    *, record: SourceRecord, into: Customer, by: Staff, at: datetime, reason_code: str = "", comment: str = ""
) -> Act:
    """Move a record to another customer, and rule so for every later run. Corrections of it go with it.

    Raises BelongsToNobody, IsCorrection, OnlyRecord, AlreadyThere, NotActive, KindsDiffer, locks.StockBusy.
    """
    locks.hold_golden_soon()
    link, followers, others = _held(record)
    into = Customer.objects.select_for_update().get(pk=into.pk)
    if into.pk == link.customer_id:
        raise AlreadyThere
    if into.state != Customer.State.ACTIVE:
        raise NotActive([into.number])
    if into.kind != record.kind:
        raise KindsDiffer
    act = begin_act(
        kind=Act.Kind.MOVE,
        by=by,
        at=at,
        customers=[link.customer_id, into.pk],
        reason_code=reason_code,
        comment=comment,
    )
    part_from([record.pk, *followers], others, act, by=by, at=at)
    _join([record.pk, *followers], into.pk, act, by, at)
    _move(link, followers, into.pk, act, by, at)
    keep_records_apart([record.pk, *followers], others, act=act, by=by, at=at, reason=comment)
    act.save(update_fields=["details"])
    projection.project_again(customer_ids=[link.customer_id, into.pk], at=at, by=by)
    return act


def _held(record: SourceRecord) -> tuple[Link, list[int], list[int]]:
    """The link of a record, the corrections that follow it, and the other records of its customer. Raises
    BelongsToNobody, IsCorrection, OnlyRecord."""
    link = Link.objects.select_for_update(of=("self",)).select_related("record__source").filter(record=record).first()
    if link is None:
        raise BelongsToNobody
    if link.record.source.code == STEWARD:
        raise IsCorrection
    of_customer = set(records_of(link.customer_id))
    followers = sorted(of_customer & set(followers_of([record.pk])))
    others = sorted(of_customer - {record.pk, *followers})
    if not others:
        raise OnlyRecord
    return link, followers, others


def _move(link: Link, followers: Sequence[int], into: int, act: Act, by: Staff, at: datetime) -> None:
    """Point the link elsewhere, as a person decided; what it rested on before is noted."""
    note_moves(act, [Moved(Links.model, link.record_id, link.customer_id, into, basis_of(link))])
    Link.objects.filter(pk=link.pk).update(customer=into, **ruled_by(by, at))
    move_links(records=followers, into=into, at=at, act=act)


def _join(records: Sequence[int], into: int, act: Act, by: Staff, at: datetime) -> None:
    """Rule that a record, the first of these, is one with a customer, and withdraw what kept the two apart."""
    own = records_of(into)
    group_of = dict.fromkeys(own, 0) | dict.fromkeys(records, 1)
    withdraw_within(act, rulings_across(group_of), group_of.keys(), by=by, at=at)
    rule(left=records[0], right=own[0], answer=Ruling.Answer.SAME, act=act, by=by, at=at)


def give_record_back(*, act: Act, taking: Act, by: Staff, at: datetime) -> None:
    """Undo the move of a split or a move, with the corrections of the record; a customer that is left without a record
    is merged into where it went. What a later act has moved on stays there.

    taking: the act that takes it back.
    """
    rows = list(MovedChild.objects.filter(act=act, kind=Links.model).order_by("pk"))
    left, gone_to = Customer.objects.get(pk=rows[0].from_id), rows[0].into_id
    into = left.merged_into_id or left.pk
    given = give_back([Moved(row.kind, row.object_id, into, row.into_id) for row in rows], at)
    note_moves(taking, [Moved(one.kind, one.object_id, gone_to, into) for one in given])
    for row in rows:
        if row.note and any(one.object_id == row.object_id for one in given):
            Link.objects.filter(record=row.object_id).update(**row.note)
    bound = set(followers_of(one.object_id for one in given)) & set(records_of(gone_to))
    move_links(records=sorted(bound), into=into, at=at, act=taking)
    touched = [into, gone_to]
    if given and not Link.objects.filter(customer=gone_to).exists():
        absorb(merges=[(gone_to, into)], at=at, act=taking)
        touched = [into]
    projection.project_again(customer_ids=touched, at=at, by=by)
