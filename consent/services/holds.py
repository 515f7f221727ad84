"""Holds: a customer must not be destroyed for now. Placed and released by one person each, looked at again on a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from accounts.services.notices import notify_role
from consent.models import Hold
from customers.models import Customer

REVIEWERS = ("COMPLIANCE_OFFICER", "PRIVACY_OFFICER")


class CustomerGone(Exception):
    """The customer is destroyed, so there is nothing to hold."""


class ReviewInThePast(Exception):
    """A hold is looked at again on a later day than today."""


class AlreadyReleased(Exception):
    """Somebody released the hold before."""


@transaction.atomic
def place_hold(
    *,
    customer: Customer,
    reason: str,
    clause: str,
    review_on: date,
    by: Staff | None,
    at: datetime,
    scope: str = Hold.Scope.EVERYTHING,
    reference: str = "",
) -> Hold:
    """Keep a customer, or the one that it was merged into, from being destroyed until somebody releases the hold.

    Raises CustomerGone, ReviewInThePast.
    """
    if review_on <= timezone.localdate(at):
        raise ReviewInThePast
    customer = Customer.objects.select_for_update().get(pk=customer.merged_into_id or customer.pk)
    if customer.state == Customer.State.DESTROYED:
        raise CustomerGone
    return Hold.objects.create(
        customer=customer, reason=reason, clause=clause, reference=reference, scope=scope,
        review_on=review_on, placed_by=by, placed_at=at,
    )  # fmt: skip


@transaction.atomic
def release_hold(*, hold: Hold, because: str, by: Staff, at: datetime) -> Hold:
    """End a hold. Erasures that it suspended are carried out in the coming night. Raises AlreadyReleased."""
    hold = _open(hold)
    hold.released_at, hold.released_by, hold.released_because = at, by, because
    hold.save(update_fields=["released_at", "released_by", "released_because"])
    return hold


@transaction.atomic
def extend_hold(*, hold: Hold, review_on: date, by: Staff, at: datetime) -> Hold:
    """Let a hold be looked at again on a later day. Raises AlreadyReleased, ReviewInThePast."""
    hold = _open(hold)
    if review_on <= timezone.localdate(at):
        raise ReviewInThePast
    hold.review_on = review_on
    hold.save(update_fields=["review_on"])
    return hold


@transaction.atomic
def remind_of_holds(*, day: date, at: datetime) -> int:
    """Tell compliance and the privacy officer of the holds whose day of review has come; returns how many there are.

    Each is told of once, on its day; the list of holds shows for how long the others are late.
    """
    count = Hold.objects.filter(released_at=None, review_on=day).count()
    if count:
        for role in REVIEWERS:
            notify_role(role=role, kind="HOLDS_TO_REVIEW", at=at, what={"count": count}, url="/consent/holds/?late=1")
    return count


def _open(hold: Hold) -> Hold:
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if hold.released_at is not None:
        raise AlreadyReleased
    return hold
