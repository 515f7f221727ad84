"""What a person sets for the values of one customer: the record whose value wins, or the source that does."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Staff
from customers.golden.explain import certainty_of, value_of
from customers.golden.survivorship import ITEMS, USABLE
from customers.golden.wishing import Wanted
from customers.models import Act, Customer, SourceRecord, SourceSystem, Wish
from customers.services.acting import begin_act, untaken
from customers.services.locks import hold_golden, hold_golden_soon
from customers.services.projection import project_again

ITEM_OF_CODE = {item.code: item for item in ITEMS}


class NotActive(Exception):
    """The customer was merged into another one; nothing can be set for it any more."""


class NotLinked(Exception):
    """The record, or every record of the source, belongs to another customer."""


class NotHeld(Exception):
    """The record, or every record of the source, holds no usable value of the item."""


class EndsInThePast(Exception):
    """The last day on which it is to hold is over."""


class NoWish(Exception):
    """The act is neither a pin nor a preference of one customer: a correction is taken back as a whole, and what was
    wished for many at once where it was wished."""


@transaction.atomic
def pin_value(
    *,
    customer: Customer,
    item: str,
    record: SourceRecord,
    by: Staff,
    at: datetime,
    reason_code: str,
    comment: str = "",
    ends_on: date | None = None,
) -> Act:
    """Let the value of this record win for one item of the customer, whatever the rules say, to the end of `ends_on`.

    Raises NotActive, NotLinked, NotHeld, EndsInThePast, locks.StockBusy.
    """
    customer = hold_customer(customer)
    _check_end(ends_on, at)
    linked = SourceRecord.objects.filter(pk=record.pk, link__customer=customer).first()
    if linked is None:
        raise NotLinked
    if not holds(linked, item):
        raise NotHeld
    details = {"item": item, "record": linked.pk}
    act = begin_act(
        kind=Act.Kind.PIN,
        by=by,
        at=at,
        customers=[customer.pk],
        reason_code=reason_code,
        comment=comment,
        details=details,
    )
    Wish.objects.create(customer=customer, act=act, item=item, record=linked, ends_on=ends_on)
    project_again(customer_ids=[customer.pk], at=at, by=by)
    return act


@transaction.atomic
def prefer_source(
    *,
    customer: Customer,
    source: SourceSystem,
    item: str = "",
    by: Staff,
    at: datetime,
    reason_code: str,
    comment: str = "",
    ends_on: date | None = None,
) -> Act:
    """Let the records of this source outrank all others for one item of the customer, or for every item ('').

    Raises NotActive, NotLinked, NotHeld, EndsInThePast, locks.StockBusy.
    """
    customer = hold_customer(customer)
    _check_end(ends_on, at)
    records = list(SourceRecord.objects.filter(source=source, link__customer=customer))
    if not records:
        raise NotLinked
    if item and not any(holds(record, item) for record in records):
        raise NotHeld
    details = {"item": item, "source": source.code}
    act = begin_act(
        kind=Act.Kind.PREFER,
        by=by,
        at=at,
        customers=[customer.pk],
        reason_code=reason_code,
        comment=comment,
        details=details,
    )
    Wish.objects.create(customer=customer, act=act, item=item, source=source, ends_on=ends_on)
    project_again(customer_ids=[customer.pk], at=at, by=by)
    return act


@transaction.atomic
def withdraw_wish(*, wish: Wish, by: Staff, at: datetime, reason_code: str = "", comment: str = "") -> Act:
    """End a pin or a preference now. Raises AlreadyTakenBack, NoWish, locks.StockBusy."""
    return take_back_wish(act=wish.act, by=by, at=at, reason_code=reason_code, comment=comment)


@transaction.atomic
def take_back_wish(*, act: Act, by: Staff, at: datetime, reason_code: str = "", comment: str = "") -> Act:
    """Take a pin or a preference back, also one that has ended: the rules choose again, or an older wish that still
    holds. Raises AlreadyTakenBack, NoWish, locks.StockBusy."""
    hold_golden_soon()
    act = untaken(act)
    if act.kind not in (Act.Kind.PIN, Act.Kind.PREFER):
        raise NoWish
    wishes = Wish.objects.filter(act=act)
    customers = list(Customer.objects.filter(wishes__act=act).distinct()[:2])
    if len(customers) > 1:
        raise NoWish
    wishes.filter(withdrawn_at=None).update(withdrawn_at=at)
    undone = begin_act(
        kind=Act.Kind.TAKE_BACK,
        by=by,
        at=at,
        customers=[customer.pk for customer in customers],
        reason_code=reason_code,
        comment=comment,
        details={"act": act.pk},
    )
    mark_taken_back(act, undone)
    project_again(customer_ids=[customer.pk for customer in customers], at=at, by=by)
    return undone


@transaction.atomic
def end_wishes(*, at: datetime) -> int:
    """Close the wishes whose last day is over, and choose the values of their customers again; returns how many wishes
    ended. To be called daily; a day that was missed is made up for."""
    hold_golden()
    ended = Wish.objects.filter(withdrawn_at=None, ends_on__lt=timezone.localdate(at))
    customers = list(ended.values_list("customer_id", flat=True))
    if customers:
        ended.update(withdrawn_at=at)
        project_again(customer_ids=customers, at=at)
    return len(customers)


def wishes_in_force(customer: Customer, *, on: date) -> QuerySet[Wish]:
    """The wishes that hold for a customer on a day, oldest first; corrections are found by their records."""
    of_customer = Q(customer=customer) & ~Q(act__kind=Act.Kind.CORRECT)
    corrected = Q(record__link__customer=customer, act__kind=Act.Kind.CORRECT)
    held = Wish.objects.filter(of_customer | corrected, Q(ends_on=None) | Q(ends_on__gte=on), withdrawn_at=None)
    return held.select_related("act", "act__by").order_by("act__at", "pk")


def wanted(wish: Wish) -> Wanted:
    """A wish as the choice of values reads it."""
    return Wanted(wish.item, wish.record_id or 0, wish.source_id or 0)


def holds(record: SourceRecord, item: str) -> bool:
    """Whether a record holds a value of the item that can be golden."""
    golden_item = ITEM_OF_CODE[item]
    return bool(value_of(record, golden_item)) and certainty_of(record, golden_item) >= USABLE


def hold_customer(customer: Customer) -> Customer:
    """The customer as it is now, kept from others until the transaction ends. Raises NotActive, locks.StockBusy."""
    hold_golden_soon()
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    if not held.is_active_customer:
        raise NotActive
    return held


def mark_taken_back(act: Act, undone: Act) -> None:
    """Note by which act another one was taken back."""
    act.taken_back_by = undone
    act.save(update_fields=["taken_back_by"])


def _check_end(ends_on: date | None, at: datetime) -> None:
    if ends_on is not None and ends_on < timezone.localdate(at):
        raise EndsInThePast
