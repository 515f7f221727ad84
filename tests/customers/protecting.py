"""Plain builders of protections and grants as their services leave them."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Staff
from customers.models import Customer, CustomerStaffGrant, Protection
from customers.services import grants, protections
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW


def protect(customer: Customer, *, by: Staff | None = None, **fields: object) -> Protection:
    """Protect a customer, as a VIP unless `fields` say otherwise."""
    given = {"kind": "VIP", "reason": "유명인", "at": NOW} | fields
    return protections.protect_customer(customer=customer, by=by or make_staff("PRIVACY_OFFICER"), **given)


def open_to(
    staff: Staff, customer: Customer, *, by: Staff | None = None, at: datetime = NOW, **fields: object
) -> CustomerStaffGrant:
    """Open a customer to somebody for ten days, for a case unless `fields` say otherwise."""
    given = {"kind": "CASE", "reason": "민원 2026-11", "ends_at": at + timedelta(days=10)} | fields
    return grants.grant_customer(customer=customer, staff=staff, by=by or make_staff("PRIVACY_OFFICER"), at=at, **given)
