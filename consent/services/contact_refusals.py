"""Customers who want no contact: refusing takes effect at once, and only the customer's own word takes it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent.models import Channel, ContactRefusal
from customers.models import Customer


class NotHere(Exception):
    """The number is not a customer any more. survivor: number of whom it was merged into, '' where it is gone."""

    def __init__(self, survivor: str = "") -> None:
        super().__init__(survivor)
        self.survivor = survivor


class AlreadyRefused(Exception):
    """The customer refused the same before, and that stands."""


class SaidLater(Exception):
    """What was said is said to have been said in the future."""


class NotRefused(Exception):
    """No such refusal stands."""


class AlreadyTold(Exception):
    """The customer was told the result before."""


def hold_customer(customer: Customer) -> Customer:
    """The customer, locked so that nobody else writes about the same one meanwhile. Raises NotHere."""
    held = Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk)
    if not held.is_active_customer:
        survivor = Customer.objects.filter(pk=held.merged_into_id).values_list("number", flat=True).first()
        raise NotHere(survivor if held.state == Customer.State.MERGED else "")
    return held


@transaction.atomic
def refuse_contact(
    *,
    customer: Customer,
    kind: str,
    channel: str = Channel.ANY,
    said_at: datetime,
    via: str = "",
    by: Staff | None,
    at: datetime,
) -> ContactRefusal:
    """Record that a customer wants no contact: none at all, no advertisements, or no solicitation, by one channel or by
    `ANY`. It holds from the next question on.

    It is recorded under every number merged into the customer too, so that none of them becomes reachable by coming
    apart. Raises NotHere, AlreadyRefused, SaidLater, ValueError.
    """
    kind, channel = ContactRefusal.Kind(kind), Channel(channel)
    customer = hold_customer(customer)
    if said_at > at:
        raise SaidLater
    numbers = [customer.pk, *customer.absorbed.order_by("pk").values_list("pk", flat=True)]
    standing = ContactRefusal.objects.filter(customer__in=numbers, kind=kind, channel=channel, lifted_at=None)
    refused = set(standing.values_list("customer", flat=True))
    if customer.pk in refused:
        raise AlreadyRefused
    words = {"kind": kind, "channel": channel, "said_at": said_at, "said_via": without_resident_numbers(via.strip())}
    rows = [
        ContactRefusal(customer_id=pk, recorded_by=by, recorded_at=at, **words) for pk in numbers if pk not in refused
    ]
    return ContactRefusal.objects.bulk_create(rows)[0]


@transaction.atomic
def lift_refusal(
    *, customer: Customer, kind: str, channel: str = Channel.ANY, because: str, by: Staff | None, at: datetime
) -> ContactRefusal:
    """Record that the customer took a refusal back. because: what the customer said, when and how.

    What stands under a number that was merged into the customer is left there and counts no more for the customer; it
    counts again if the two come apart. Raises NotHere, NotRefused, ValueError.
    """
    kind, channel = ContactRefusal.Kind(kind), Channel(channel)
    customer = hold_customer(customer)
    numbers = [customer.pk, *customer.absorbed.order_by("pk").values_list("pk", flat=True)]
    open_rows = ContactRefusal.objects.filter(kind=kind, channel=channel, lifted_at=None)
    found = list(open_rows.filter(customer__in=numbers).order_by("-said_at", "-pk"))
    if not found:
        raise NotRefused
    own = next((row for row in found if row.customer_id == customer.pk), None)
    if own is None:
        # Said under a merged number: the customer's word is kept under the number that the customer has now.
        words = {name: getattr(found[0], name) for name in ("kind", "channel", "said_at", "said_via", "answered_at")}
        own = ContactRefusal(customer=customer, recorded_by=by, recorded_at=at, **words)
    own.lifted_at, own.lifted_by = at, by
    own.lifted_because = without_resident_numbers(because.strip())
    own.save()
    return own


@transaction.atomic
def tell_result(*, refusal: ContactRefusal, at: datetime) -> ContactRefusal:
    """Note that the customer was told what was done about a refusal, which counts under all numbers it stands under.

    Raises AlreadyTold. Source: 정보통신망법 제50조 제7항.
    """
    refusal = ContactRefusal.objects.select_for_update().get(pk=refusal.pk)
    if refusal.answered_at is not None:
        raise AlreadyTold
    same = ContactRefusal.objects.filter(kind=refusal.kind, channel=refusal.channel, said_at=refusal.said_at)
    numbers = [refusal.customer_id, *refusal.customer.absorbed.values_list("pk", flat=True)]
    same.filter(customer__in=numbers, answered_at=None).update(answered_at=at)
    refusal.answered_at = at
    return refusal
