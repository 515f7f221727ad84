"""Places in households begun and ended: what every verb on households is made of. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from relations import tasks
from relations.models import Household, HouseholdEvent, Membership

PRIMARY_ORDER = (Household.Kind.LIVING, Household.Kind.REGISTERED, Household.Kind.PAYER)
"""Which household becomes primary when the primary one ends: whom one lives with before whom one is registered with."""


class Retired(Exception):
    """The customer was merged into another; the survivor is who has a household."""


class NotAPerson(Exception):
    """An organisation has no household."""


class AlreadyMember(Exception):
    """The customer has a place in this household on some of these days."""


class NotAMember(Exception):
    """The customer has no place in this household now."""


class PrimaryTaken(Exception):
    """The customer has another primary household on some of these days."""


class HeadTaken(Exception):
    """The household has a head already."""


class TooEarly(Exception):
    """The day lies before what it ends, or changes, began."""


class TooLate(Exception):
    """The day lies in the future."""


class HouseholdClosed(Exception):
    """The household has closed."""


@dataclass(frozen=True)
class Entry:
    """Somebody who enters. is_primary: None where the rule decides: the first household is the primary one."""

    customer: Customer
    role: str
    is_primary: bool | None = None


@dataclass(frozen=True)
class Deed:
    """Who does something to households, when it is recorded, on which day it happened, and why."""

    by: Staff | None
    at: datetime
    on: date | None = None
    because: str = ""
    comment: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def held_household(household: Household) -> Household:
    """The household, locked until the transaction ends. Raises HouseholdClosed."""
    household = Household.objects.select_for_update().get(pk=household.pk)
    if not household.is_open:
        raise HouseholdClosed
    return household


def held_persons(customers: Iterable[int]) -> dict[int, Customer]:
    """These customers by id, locked until the transaction ends. Raises Retired and NotAPerson."""
    found = held_anybody(customers)
    for customer in found.values():
        if not customer.is_active_customer:
            raise Retired
        if customer.kind != "PERSON":
            raise NotAPerson
    return found


def held_anybody(customers: Iterable[int]) -> dict[int, Customer]:
    """These customers by id, locked until the transaction ends, whatever became of them; they are on the trail."""
    wanted = sorted(set(customers))
    saw(wanted)
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    return {customer.pk: customer for customer in rows}


def open_places(household: Household) -> list[Membership]:
    """The places that nobody has ended, the oldest first, with their customers."""
    return list(household.memberships.still_open().select_related("customer").order_by("pk"))


def is_active(place: Membership) -> bool:
    """Whether the place is that of a customer who was not merged; one that stayed with a retired number waits there for
    an unmerge and counts for nothing meanwhile. place: with its customer."""
    return place.customer.is_active_customer


def has_head(household: Household) -> bool:
    """Whether somebody is the head now."""
    return any(is_active(place) for place in open_places(household) if place.role == Membership.Role.HEAD)


def place_of(household: Household, customer: int) -> Membership:
    """The place that a customer has now, locked. Raises NotAMember."""
    places = household.memberships.select_for_update().still_open()
    if (place := places.filter(customer=customer).first()) is None:
        raise NotAMember
    return place


def check_day(on: date | None, deed: Deed) -> None:
    """Raises TooLate for a day that has not come yet."""
    if on is not None and on > localdate(deed.at):
        raise TooLate


def begin_places(household: Household, entries: Sequence[Entry], basis: str, deed: Deed) -> list[Membership]:
    """Let persons enter; what their roles make them to one another is inferred afterwards, but for payers.

    Raises AlreadyMember, PrimaryTaken and HeadTaken.
    """
    check_day(deed.on, deed)
    heads = [entry for entry in entries if entry.role == Membership.Role.HEAD]
    if heads and len(heads) + has_head(household) > 1:
        raise HeadTaken
    begun = []
    for entry in entries:
        is_primary = not _has_primary(entry.customer.pk, deed.on) if entry.is_primary is None else entry.is_primary
        begun.append(_begin(household, entry.customer.pk, entry.role, is_primary, basis, deed))
        tell(household, HouseholdEvent.Kind.ENTERED, deed, entry.customer.pk, role=entry.role)
    if household.kind != Household.Kind.PAYER:
        # By itself, as relationships are registered in another order of locks than households.
        tasks.infer_relationships.delay_on_commit(household_id=household.pk)
    return begun


def end_place(place: Membership, deed: Deed) -> None:
    """End a place. Raises TooEarly and TooLate."""
    check_day(deed.on, deed)
    if place.started_on is not None and deed.on < place.started_on:
        raise TooEarly
    place.ended_on, place.ended_because = deed.on, deed.because
    place.ended_by, place.ended_at = deed.by, deed.at
    place.save(update_fields=["ended_on", "ended_because", "ended_by", "ended_at"])


def change_place(place: Membership, deed: Deed, **changes: object) -> Membership:
    """Let a place go on with another role, or as primary or not: it ends, and another begins on the same day."""
    end_place(place, Deed(deed.by, deed.at, deed.on))
    values = {"role": place.role, "is_primary": place.is_primary} | changes
    return _begin(place.household, place.customer_id, values["role"], values["is_primary"], place.basis, deed)


def leave(household: Household, place: Membership, deed: Deed) -> None:
    """Let somebody leave: the place ends, and where it was the primary one another becomes primary by rule."""
    end_place(place, deed)
    tell(household, HouseholdEvent.Kind.LEFT, deed, place.customer_id, role=place.role)
    if place.is_primary and deed.because != "DEATH":
        follow_primary(place.customer_id, deed)


def follow_primary(customer: int, deed: Deed) -> Membership | None:
    """Make another place of a customer without primary household the primary one: by kind, then the oldest."""
    rest = Membership.objects.select_for_update(of=("self",)).still_open().filter(customer=customer)
    places = sorted(
        rest.select_related("household"), key=lambda place: (PRIMARY_ORDER.index(place.household.kind), place.pk)
    )
    if not places or any(place.is_primary for place in places):
        return None
    first = places[0]
    on = max(filter(None, (deed.on, first.started_on)), default=None)
    told = Deed(deed.by, deed.at, on, details={"by_rule": True})
    place = change_place(first, told, is_primary=True)
    tell(first.household, HouseholdEvent.Kind.PRIMARY, told, customer)
    return place


def tell(household: Household, kind: str, deed: Deed, customer: int | None = None, **details: object) -> None:
    """Note what happened to a household."""
    HouseholdEvent.objects.create(
        household=household,
        customer_id=customer,
        kind=kind,
        because=deed.because,
        on=deed.on,
        by=deed.by,
        at=deed.at,
        comment=deed.comment,
        details=dict(deed.details) | details,
    )


def _has_primary(customer: int, since: date | None) -> bool:
    """Whether a customer has a primary household on some day from `since` on."""
    later = Q() if since is None else Q(ended_on=None) | Q(ended_on__gt=since)
    return Membership.objects.filter(later, customer=customer, is_primary=True).exists()


def _begin(household: Household, customer: int, role: str, is_primary: bool, basis: str, deed: Deed) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                household=household,
                customer_id=customer,
                role=role,
                is_primary=is_primary,
                basis=basis,
                started_on=deed.on,
                recorded_by=deed.by,
                recorded_at=deed.at,
            )
    except IntegrityError as problem:
        constraint = problem.__cause__.diag.constraint_name
        if constraint == "membership_one_primary_at_a_time":
            raise PrimaryTaken from None
        if constraint == "membership_once_at_a_time":
            raise AlreadyMember from None
        raise
