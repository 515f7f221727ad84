"""Plain builders of retention: people whose contracts ended, batches, holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count
from zlib import crc32

from django.utils import timezone

from accounts.models import Staff
from consent.models import DestructionBatch, Hold
from consent.rules.retention import Due
from consent.services import retention_batches
from consent.services.holds import place_hold
from customers.models import Customer
from tests.customers.builders import NOW, contract, feed, party, person

TODAY = timezone.localdate(NOW)
CONTRACTS = count(1)
LONG_AGO, LATELY = "2010-05-01", "2022-05-01"
"""Ends of contracts: over for more than ten years at NOW; apart is due, destruction is not."""


def sent(key: str, *, ended: str = "", status: str = "MATURED", at: datetime = NOW, **cells: str) -> Customer:
    """A customer as a source sends it; ended: with a contract that ended on that day, IN_FORCE where it is `live`."""
    mark = crc32(key.encode())
    own = {"name": f"김{chr(0xAC00 + mark % 11_000)}", "birth_date": f"{1910 + mark % 90}-03-02"}
    feed([person(source_key=key, **{"as_of": f"{at:%Y-%m-%d}"} | own | cells)], at=at)
    if ended:
        number = f"P-{next(CONTRACTS):05}"
        days = {"ends_on": "2040-05-01"} if ended == "live" else {"ends_on": ended}
        status = "IN_FORCE" if ended == "live" else status
        feed([contract(contract_no=number, status=status, started_on="2000-05-01", **days)], layout="contracts", at=at)
        feed([party(contract_no=number, party_source_key=key)], layout="parties", at=at)
    return Customer.objects.get(links__record__source_key=key)


def due(day: date = TODAY, **fields: object) -> Due:
    """Why somebody is due, on request."""
    return Due(**{"data_class": "REQUEST", "clause": "신용정보법 제20조의2", "ended_on": None, "due_on": day} | fields)


def propose(
    customers: Iterable[Customer], *, by: Staff | None = None, action: str = "DESTROY", **fields: object
) -> DestructionBatch:
    """A proposal, of Hannun itself unless `by` says otherwise."""
    usual = {"origin": "RETENTION", "at": NOW, "basis": "보유 기간 경과"}
    dues = {customer.pk: due() for customer in customers}
    return retention_batches.propose_batch(action=action, customers=dues, by=by, **usual | fields)


def hold(customer: Customer, *, days: int = 30, by: Staff | None = None, at: datetime = NOW, **fields: object) -> Hold:
    """A hold that is looked at again in so many days."""
    usual = {"reason": "소송 계속 중", "clause": "민사소송법 제344조"}
    review_on = timezone.localdate(at) + timedelta(days=days)
    return place_hold(customer=customer, review_on=review_on, by=by, at=at, **usual | fields)
