"""Affiliates: which organisation stands below which, from one day to another."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from relations.models import Affiliation
from relations.services.organisations import end_row, held_row, hold_organisation

# Two who add at once would each see a tree without the other's branch and close a circle between them; reading goes on.
ONE_AT_A_TIME = "LOCK TABLE relations_affiliation IN SHARE ROW EXCLUSIVE MODE"


class Itself(Exception):
    """An organisation cannot stand below itself."""


class HasParent(Exception):
    """The organisation has a parent on some of these days; that is ended first."""


class ClosesCircle(Exception):
    """The parent stands, on some of these days, below the one that is to stand below it."""


@transaction.atomic
def add_affiliation(
    *,
    parent: Customer,
    child: Customer,
    kind: str,
    basis: str,
    on: date | None,
    by: Staff | None,
    at: datetime,
    share_percent: Decimal | None = None,
) -> Affiliation:
    """Let `child` stand below `parent` from the day `on`, or since nobody knows when. share_percent: 0–100, of the
    parent in the child.

    Raises Itself, HasParent, ClosesCircle, organisations.NotActive, organisations.NotAnOrganisation.
    """
    if parent.pk == child.pk:
        raise Itself
    first, second = (hold_organisation(each) for each in sorted((parent, child), key=lambda each: each.pk))
    parent, child = (first, second) if first.pk == parent.pk else (second, first)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    stands = Q() if on is None else Q(ended_on=None) | Q(ended_on__gt=on)
    if Affiliation.objects.filter(stands, child=child).exists():
        raise HasParent
    if Affiliation.objects.closes_circle(parent=parent.pk, child=child.pk, started_on=on, ended_on=None):
        raise ClosesCircle
    return Affiliation.objects.create(
        parent=parent,
        child=child,
        kind=kind,
        share_percent=share_percent,
        basis=basis,
        started_on=on,
        recorded_by=by,
        recorded_at=at,
    )


@transaction.atomic
def end_affiliation(*, affiliation: Affiliation, on: date, by: Staff | None, at: datetime) -> Affiliation:
    """Release an affiliate: on the day `on` it stands below that parent no more.

    Raises organisations.AlreadyEnded, organisations.EndsBeforeItBegan.
    """
    held = held_row(Affiliation, affiliation)
    saw({held.parent_id, held.child_id})
    return end_row(held, on=on, by=by, at=at)
