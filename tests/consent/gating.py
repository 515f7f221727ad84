"""Plain builders of what the gate needs: answers of the register, verifications, customers out of scope."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from consent.models import CleanupAsk, Consent, Purpose, Receipt, Verification
from consent.services.verification import record_verification
from customers.models import Customer
from tests.customers.builders import NOW, feed, person

TODAY = timezone.localdate(NOW)


def answer(
    customer: Customer,
    said: str = "GIVEN",
    *,
    at: datetime = NOW,
    purpose: str = "INTEGRATED_USE",
    expires_on: date | None = None,
    receipt: Receipt | None = None,
) -> Consent:
    """What a customer answered to one purpose; receipt: where it has to have one."""
    return Consent.objects.create(
        customer=customer,
        purpose=Purpose.objects.get(code=purpose),
        answer=said,
        at=at,
        expires_on=expires_on,
        receipt=receipt,
        recorded_at=at,
    )


def receipt(customer: Customer, *, by_role: str = "SELF", at: datetime = NOW, **fields: object) -> Receipt:
    """An occasion on which somebody answered."""
    number = f"R{Receipt.objects.count():09}"
    usual = {"method": "PAPER", "proof": 1, "answered_at": at, "recorded_at": at}
    return Receipt.objects.create(number=number, customer=customer, by_role=by_role, **usual | fields)


def verify(customer: Customer, *, by: Staff | None = None, **fields: object) -> Verification:
    """A verification as somebody records it: at NOW, with success."""
    usual = {"method": "ID_CARD", "is_verified": True, "verified_at": NOW, "at": NOW}
    return record_verification(customer=customer, by=by, **usual | fields)


def sent(*, key: str = "K1", verified: str = "", consented: str = "", at: datetime = NOW, **cells: str) -> Customer:
    """A customer as a source sends it, with or without its proofs."""
    days = {"real_name_verified_on": verified, "marketing_consent_on": consented}
    feed([person(source_key=key, **days | cells)], at=at)
    return Customer.objects.get(links__record__source_key=key)


def make_ask(customer: Customer, kind: str = "VERIFY_NAME", **fields: object) -> CleanupAsk:
    """An open question with half a year left."""
    usual = {"opened_on": TODAY, "due_on": TODAY + timedelta(days=180), "branch_code": customer.main_branch_id or ""}
    return CleanupAsk.objects.create(customer=customer, kind=kind, **usual | fields)
