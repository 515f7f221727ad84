"""The relations of a customer as systems read them: by numbers and codes, without a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from accounts.trail import saw
from customers.models import Customer, Protection
from relations.people import has_basis
from relations.reports.relationships import is_fresh
from relations.ties import Relation, ties_of

MOST = 200


def readable_by_systems() -> QuerySet[Customer]:
    """The customers whom a service client reaches: all but the protected, whom named people alone see, and those who
    are kept apart or destroyed.

    A client is a system, not a person with a branch or customers of its own: what it may ask for is said by the scopes
    of its key, and whom it asked for by the trail.
    """
    return Customer.objects.standing().exclude(pk__in=Protection.objects.values("customer"))


def survivor_of(customer: Customer) -> Customer | None:
    """The customer itself, or whom it was merged into; None where that one is out of a system's reach."""
    if customer.is_active_customer:
        return customer
    return readable_by_systems().filter(pk=customer.merged_into_id).first()


def relations_of(customer: Customer, on: date, *, only_open: bool) -> dict[str, object]:
    """What others are to an active customer, as JSON has it; at most 200 of `count`.

    Somebody who is protected, or neither consented nor is party to a contract, is a silhouette: `other` is null.
    """
    ties = ties_of([customer.pk], most=MOST, only_open=only_open)
    told = _told(relation.other_id for relation in ties.relations)
    saw([customer.pk, *told])
    return {
        "customer": customer.number,
        "count": ties.counts.get(customer.pk, 0),
        "relations": [_relation(relation, told.get(relation.other_id), on) for relation in ties.relations],
    }


def _told(others: Iterable[int]) -> dict[int, str]:
    """{customer id: number} of those whom systems may be told of."""
    shown = readable_by_systems().filter(has_basis(), pk__in=set(others))
    return dict(shown.values_list("pk", "number"))


def _relation(relation: Relation, other: str | None, on: date) -> dict[str, object]:
    return {
        "id": relation.pk,
        "other": other,
        "is_silhouette": other is None,
        "kind": relation.seen_as,
        "origin": relation.origin,
        "is_open": relation.is_open,
        "is_fresh": relation.is_open and is_fresh(relation, on),
        "since": _day(relation.since),
        "until": _day(relation.until),
        "valid_until": _day(relation.valid_until),
        "contracts": relation.contract_count,
        "contracts_in_force": relation.live_count,
        "roles": list(relation.roles),
        "as_of": relation.as_of.isoformat() if relation.as_of else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
