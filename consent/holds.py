"""What stands in the way of keeping a customer apart or destroying it: one answer for proposals, runs, rights, screens.

`settings.CUSTOMER_LIVE_ROLES` lists what other apps know of roles that are still live: `(customer ids) -> ids`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from consent.models import Hold, RightsRequest
from consent.rules.roles_end import LIVE
from customers.models import Customer

ON_LIVE_CONTRACTS = """
SELECT DISTINCT link.customer_id FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
  ON party.source_id = record.source_id AND party.party_source_key = record.source_key
JOIN customers_contract contract
  ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
WHERE link.customer_id = ANY(%s) AND contract.status = ANY(%s)
"""
SEPARATE, DESTROY = "SEPARATE", "DESTROY"


class Why(StrEnum):
    """Why a customer is left out."""

    HOLD = "HOLD"
    LIVE_ROLE = "LIVE_ROLE"
    RIGHTS_REQUEST = "RIGHTS_REQUEST"
    MERGED = "MERGED"
    APART_ALREADY = "APART_ALREADY"
    GONE_ALREADY = "GONE_ALREADY"
    REJECTED = "REJECTED"


class HoldReason(NamedTuple):
    """The hold of a customer that is looked at last. The reason is for those who may see holds alone."""

    hold_id: int
    reason: str
    clause: str
    scope: str
    review_on: date


class Obstacle(NamedTuple):
    """Why a customer stays for now; clause and until where they are known."""

    why: Why
    clause: str = ""
    until: date | None = None


def held_back(customer_ids: Sequence[int], *, action: str = DESTROY) -> dict[int, HoldReason]:
    """{customer id: hold} of those that a hold keeps from `action`, SEPARATE or DESTROY; one query."""
    found = Hold.objects.filter(customer__in=customer_ids, released_at=None).order_by("review_on", "pk")
    if action == SEPARATE:
        found = found.filter(scope=Hold.Scope.EVERYTHING)
    rows = found.values_list("customer", "pk", "reason", "clause", "scope", "review_on")
    return {customer: HoldReason(*hold) for customer, *hold in rows}


def live_roles(customer_ids: Sequence[int]) -> set[int]:
    """Those of these customers who are party to a live contract, or have another live role that an app above knows."""
    with connection.cursor() as cursor:
        cursor.execute(ON_LIVE_CONTRACTS, [list(customer_ids), sorted(LIVE)])
        live = {customer for (customer,) in cursor.fetchall()}
    for path in settings.CUSTOMER_LIVE_ROLES:
        live |= set(import_string(path)(customer_ids))
    return live


def obstacles(customer_ids: Sequence[int], *, action: str, by_request: bool = False) -> dict[int, Obstacle]:
    """{customer id: why it stays} of those that cannot be separated or destroyed now; a fixed number of queries.

    A hold is told before a live role, and this before a request that waits. by_request: it is the customer who asks
    for it, so a request does not stand in its way.
    """
    ids, found = list(customer_ids), {}
    if not by_request:
        waiting = RightsRequest.objects.filter(customer__in=ids, state__in=("RECEIVED", "ACCEPTED"))
        for customer, due_on in waiting.values_list("customer", "due_on"):
            found[customer] = Obstacle(Why.RIGHTS_REQUEST, until=due_on)
    found |= {customer: Obstacle(Why.LIVE_ROLE) for customer in live_roles(ids)}
    for customer, hold in held_back(ids, action=action).items():
        found[customer] = Obstacle(Why.HOLD, hold.clause, hold.review_on)
    found |= _gone(ids, action)
    return found


def _gone(ids: Sequence[int], action: str) -> dict[int, Obstacle]:
    state = Customer.State
    why = {state.MERGED: Why.MERGED, state.DESTROYED: Why.GONE_ALREADY}
    if action == SEPARATE:
        why[state.SEPARATED] = Why.APART_ALREADY
    rows = Customer.objects.filter(pk__in=ids, state__in=why).values_list("pk", "state")
    return {customer: Obstacle(why[state]) for customer, state in rows}
