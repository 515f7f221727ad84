"""Households opened, changed by what happens in life, split, joined and closed. Nothing of their past is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import connection, transaction

from customers.models import Customer
from relations.models import Household, HouseholdEvent, Membership
from relations.services.household_places import (
    Deed,
    Entry,
    HeadTaken,
    NotAMember,
    begin_places,
    change_place,
    check_day,
    end_place,
    has_head,
    held_anybody,
    held_household,
    held_persons,
    is_active,
    leave,
    open_places,
    place_of,
    tell,
)

Role = Membership.Role
PROVEN = (Membership.Basis.REGISTER, Membership.Basis.PERSON)
MOST_MEMBERS = 20
NEXT_ID = "SELECT nextval(pg_get_serial_sequence('relations_household', 'id'))"


class Unproven(Exception):
    """Who is registered together is known from the register, or from the persons themselves; nobody infers it."""


class Nobody(Exception):
    """Nobody was named."""


class TooMany(Exception):
    """More persons than a household holds."""


class NobodyStays(Exception):
    """A split leaves somebody behind; where all go the household closes."""


class KindsDiffer(Exception):
    """Only households of one kind are joined."""


class WithItself(Exception):
    """A household is not joined with itself."""


class SameRole(Exception):
    """The member has that role already."""


class AlreadyPrimary(Exception):
    """The household is the member's primary one already."""


@transaction.atomic
def open_household(*, kind: str, entries: Sequence[Entry], basis: str, deed: Deed) -> Household:
    """Open a household of these persons from `deed.on`, which may be unknown.

    Raises Nobody, TooMany, Unproven, Retired, NotAPerson, AlreadyMember, PrimaryTaken, HeadTaken and TooLate.
    """
    if not entries:
        raise Nobody
    if len(entries) > MOST_MEMBERS:
        raise TooMany
    if kind == Household.Kind.REGISTERED and basis not in PROVEN:
        raise Unproven
    held_persons(entry.customer.pk for entry in entries)
    check_day(deed.on, deed)
    household = _opened(kind, deed)
    tell(household, HouseholdEvent.Kind.OPENED, deed)
    begin_places(household, entries, basis, deed)
    return household


@transaction.atomic
def add_member(*, household: Household, entry: Entry, basis: str, deed: Deed) -> Membership:
    """Let somebody enter an open household from `deed.on`, which may be unknown.

    Raises HouseholdClosed, TooMany, Unproven, Retired, NotAPerson, AlreadyMember, PrimaryTaken, HeadTaken and TooLate.
    """
    household = held_household(household)
    if len(open_places(household)) >= MOST_MEMBERS:
        raise TooMany
    if household.kind == Household.Kind.REGISTERED and basis not in PROVEN:
        raise Unproven
    held_persons([entry.customer.pk])
    return begin_places(household, [entry], basis, deed)[0]


@transaction.atomic
def remove_member(*, household: Household, customer: Customer, deed: Deed) -> None:
    """Let a member leave on `deed.on` because of `deed.because`. Whom death takes leaves every household; a household
    that nobody is left in closes.

    Raises HouseholdClosed, NotAMember, TooEarly and TooLate.
    """
    if deed.because == "DEATH":
        _hold_all_of(customer, household)
    household = held_household(household)
    held_persons([customer.pk])
    leave(household, place_of(household, customer.pk), deed)
    if deed.because == "DEATH":
        rest = Membership.objects.still_open().filter(customer=customer).select_related("household").order_by("pk")
        for place in rest:
            leave(place.household, place, deed)
            _close_if_empty(place.household, deed)
    _close_if_empty(household, deed)


@transaction.atomic
def change_role(*, household: Household, customer: Customer, role: str, deed: Deed) -> Membership:
    """Give a member another role from `deed.on`. Raises HouseholdClosed, NotAMember, SameRole, HeadTaken, TooEarly and
    TooLate."""
    household = held_household(household)
    held_persons([customer.pk])
    place = place_of(household, customer.pk)
    if place.role == role:
        raise SameRole
    if role == Role.HEAD and has_head(household):
        raise HeadTaken
    changed = change_place(place, deed, role=role)
    tell(household, HouseholdEvent.Kind.ROLE, deed, customer.pk, role=role, before=place.role)
    return changed


@transaction.atomic
def make_primary(*, household: Household, customer: Customer, deed: Deed) -> Membership:
    """Make this household the member's primary one from `deed.on`; the one before goes on beside it.

    Raises HouseholdClosed, NotAMember, AlreadyPrimary, TooEarly and TooLate.
    """
    household = held_household(household)
    held_persons([customer.pk])
    place = place_of(household, customer.pk)
    if place.is_primary:
        raise AlreadyPrimary
    before = Membership.objects.still_open().filter(customer=customer, is_primary=True).select_related("household")
    for other in before:
        change_place(other, deed, is_primary=False)
    changed = change_place(place, deed, is_primary=True)
    tell(household, HouseholdEvent.Kind.PRIMARY, deed, customer.pk)
    return changed


@transaction.atomic
def split_household(
    *, household: Household, leavers: Sequence[Customer], deed: Deed, roles: Mapping[int, str] | None = None
) -> Household:
    """Let some members leave on `deed.on` for a new household of the same kind, which is returned.

    roles: {customer id: role there}; without one they keep theirs, and where nobody is the head the first one is.
    Raises HouseholdClosed, Nobody, NobodyStays, NotAMember, HeadTaken, TooEarly and TooLate.
    """
    household = held_household(household)
    if not leavers:
        raise Nobody
    persons = held_persons(customer.pk for customer in leavers)
    places = {place.customer_id: place for place in open_places(household)}
    if not persons.keys() <= places.keys():
        raise NotAMember
    if not any(is_active(place) for key, place in places.items() if key not in persons):
        raise NobodyStays
    check_day(deed.on, deed)
    new = _opened(household.kind, deed)
    tell(new, HouseholdEvent.Kind.OPENED, deed, from_household=household.pk)
    going = [places[customer.pk] for customer in dict.fromkeys(leavers)]
    _move(household, going, new, deed, _roles_there(going, roles or {}))
    tell(household, HouseholdEvent.Kind.SPLIT, deed, into_household=new.pk, members=len(going))
    return new


@transaction.atomic
def join_households(*, household: Household, other: Household, deed: Deed) -> Household:
    """Let all members of `other` enter `household` on `deed.on`; `other` closes and says where it went.

    Raises WithItself, KindsDiffer, HouseholdClosed, TooMany, TooEarly and TooLate.
    """
    if household.pk == other.pk:
        raise WithItself
    held = {pk: held_household(each) for pk, each in sorted({household.pk: household, other.pk: other}.items())}
    household, other = held[household.pk], held[other.pk]
    if household.kind != other.kind:
        raise KindsDiffer
    coming, here = open_places(other), open_places(household)
    if len({place.customer_id for place in (*coming, *here)}) > MOST_MEMBERS:
        raise TooMany
    held_anybody(place.customer_id for place in (*coming, *here))
    is_headed = has_head(household)
    roles = {place.pk: Role.RELATIVE if is_headed and place.role == Role.HEAD else place.role for place in coming}
    inside = {place.customer_id for place in here}
    for place in coming:
        if place.customer_id in inside:
            leave(other, place, deed)
    _move(other, [place for place in coming if place.customer_id not in inside], household, deed, roles)
    _close(other, deed, joined_into=household)
    tell(household, HouseholdEvent.Kind.JOINED, deed, other_household=other.pk, members=len(coming))
    return household


@transaction.atomic
def close_household(*, household: Household, deed: Deed) -> Household:
    """Close a household on `deed.on` because of `deed.because`: everybody leaves it. Raises HouseholdClosed, TooEarly
    and TooLate."""
    household = held_household(household)
    places = open_places(household)
    held_anybody(place.customer_id for place in places)
    for place in places:
        leave(household, place, deed)
    return _close(household, deed)


def _opened(kind: str, deed: Deed) -> Household:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_ID)
        key = cursor.fetchone()[0]
    return Household.objects.create(
        pk=key, number=f"H{key:09}", kind=kind, opened_on=deed.on, opened_by=deed.by, opened_at=deed.at
    )


def _close(household: Household, deed: Deed, joined_into: Household | None = None) -> Household:
    household.closed_on, household.closed_because = deed.on, deed.because
    household.closed_by, household.closed_at, household.joined_into = deed.by, deed.at, joined_into
    household.save(update_fields=["closed_on", "closed_because", "closed_by", "closed_at", "joined_into"])
    details = {"into_household": joined_into.pk} if joined_into else {}
    tell(household, HouseholdEvent.Kind.CLOSED, deed, **details)
    return household


def _hold_all_of(customer: Customer, household: Household) -> None:
    """Hold every household that somebody has a place in, so that none is found empty while somebody enters it."""
    others = Membership.objects.still_open().filter(customer=customer).values_list("household", flat=True)
    ids = {household.pk, *others}
    list(Household.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def _close_if_empty(household: Household, deed: Deed) -> None:
    """Close a household that only retired numbers have a place in."""
    places = open_places(household)
    if not any(is_active(place) for place in places):
        for place in places:
            leave(household, place, deed)
        _close(household, deed)


def _roles_there(going: Sequence[Membership], roles: Mapping[int, str]) -> dict[int, str]:
    """The role of each place in the new household: {place id: role}."""
    there = {place.pk: roles.get(place.customer_id, place.role) for place in going}
    if Role.HEAD not in there.values():
        there[going[0].pk] = Role.HEAD
    return there


def _move(
    household: Household, places: Sequence[Membership], into: Household, deed: Deed, roles: Mapping[int, str]
) -> None:
    """Let places end here and begin there on the same day; who had a primary household has it still."""
    for place in places:
        end_place(place, deed)
        tell(household, HouseholdEvent.Kind.LEFT, deed, place.customer_id, role=place.role)
    persons = Customer.objects.in_bulk([place.customer_id for place in places])
    entries = [Entry(persons[place.customer_id], roles[place.pk], place.is_primary) for place in places]
    basis = {place.customer_id: place.basis for place in places}
    for entry in entries:
        begin_places(into, [entry], basis[entry.customer.pk], replace(deed, comment=""))
