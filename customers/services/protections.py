"""Protecting customers: from now on only named people see them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from accounts.services.rights import record_change
from accounts.trail import saw
from customers.masking import without_resident_numbers
from customers.models import Customer, Protection


class NotActive(Exception):
    """The customer was merged into another one meanwhile."""


class AlreadyProtected(Exception):
    """The customer is protected for the same cause already."""


class NotProtected(Exception):
    """This protection was lifted before."""


@transaction.atomic
def protect_customer(*, customer: Customer, kind: str, reason: str, by: Staff, at: datetime) -> Protection:
    """Hide the customer from everybody but the keeper, holders of a grant of their own, and who may see all protected.

    kind: of `Protection.Kind`. Raises NotActive, AlreadyProtected.
    """
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    if not customer.is_active_customer:
        raise NotActive
    if customer.protections.filter(kind=kind).exists():
        raise AlreadyProtected
    reason = without_resident_numbers(reason)
    made = Protection.objects.create(customer=customer, kind=kind, reason=reason, protected_by=by, protected_at=at)
    saw(customer.pk)
    what = {"customer": customer.number, "kind": kind}
    record_change(staff=None, by=by, at=at, kind="CUSTOMER_PROTECTED", what=what, reason=reason)
    return made


@transaction.atomic
def lift_protection(*, protection: Protection, reason: str, by: Staff, at: datetime) -> None:
    """End one protection; another one of the same customer goes on. What it was stays in the record of rights.

    Raises NotProtected.
    """
    held = Protection.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=protection.pk)
    standing = held.first()
    if standing is None:
        raise NotProtected
    standing.delete()
    saw(standing.customer_id)
    what = {"customer": standing.customer.number, "kind": standing.kind}
    record_change(staff=None, by=by, at=at, kind="PROTECTION_ENDED", what=what, reason=without_resident_numbers(reason))
