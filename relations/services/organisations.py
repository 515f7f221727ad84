"""Places of business: opened and closed, and a head office that moves; and what all verbs on organisations share."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar

from django.db import connection, transaction

from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from relations.models import PlaceOfBusiness
from relations.models.dated import Dated
from relations.querysets import DatedQuerySet
from relations.rules.organisations import PlaceFacts, standard_place

# The golden address is where an organisation is until somebody knows better; by then it has a head office. NOT IN is
# hashed whatever the statistics say of a table that has just grown; in order, for the sake of the index.
ADOPT = """
INSERT INTO relations_placeofbusiness
  (organisation_id, kind, name, company_no, address, postcode, phone, basis, recorded_by_id, recorded_at)
SELECT customer.id, 'HEAD_OFFICE', %(name)s, customer.company_no, customer.address, customer.postcode,
       customer.phone_home, 'SOURCE', %(by)s, %(at)s
FROM customers_customer customer
WHERE customer.kind = 'ORG' AND customer.state = 'ACTIVE' AND customer.address <> ''
  AND customer.id NOT IN (SELECT organisation_id FROM relations_placeofbusiness WHERE kind = 'HEAD_OFFICE')
ORDER BY customer.id
"""
HEAD_OFFICE = "본사"
Row = TypeVar("Row", bound=Dated)


class NotAnOrganisation(Exception):
    """The customer is a person."""


class NotActive(Exception):
    """The organisation was merged into another one meanwhile."""


class AlreadyEnded(Exception):
    """The end was recorded before, and stands."""


class EndsBeforeItBegan(Exception):
    """The last day would lie before the first one."""


class HeadOfficeStands(Exception):
    """The organisation has a head office on some of these days; one that is left is moved from, not added to."""


class NoHeadOffice(Exception):
    """There is no head office to move from."""


@transaction.atomic
def add_place(
    *, organisation: Customer, facts: PlaceFacts, on: date | None, by: Staff | None, at: datetime
) -> PlaceOfBusiness:
    """Note where an organisation works, from the day `on`, or since nobody knows when.

    Raises NotActive, NotAnOrganisation, HeadOfficeStands, rules.NotUnderstood.
    """
    organisation = hold_organisation(organisation)
    facts = standard_place(facts)
    if facts.kind == PlaceOfBusiness.Kind.HEAD_OFFICE and _head_offices(organisation, on).exists():
        raise HeadOfficeStands
    return _opened(organisation, facts, on, by, at)


@transaction.atomic
def end_place(*, place: PlaceOfBusiness, on: date, by: Staff | None, at: datetime) -> PlaceOfBusiness:
    """Close a place: on the day `on` nobody works there any more. Raises AlreadyEnded, EndsBeforeItBegan."""
    held = held_row(PlaceOfBusiness, place)
    saw(held.organisation_id)
    return end_row(held, on=on, by=by, at=at)


@transaction.atomic
def move_head_office(
    *, organisation: Customer, facts: PlaceFacts, on: date, by: Staff | None, at: datetime
) -> PlaceOfBusiness:
    """Let the head office be elsewhere from the day `on`; the one before ends on that day.

    Raises NotActive, NotAnOrganisation, NoHeadOffice, EndsBeforeItBegan, HeadOfficeStands where a later one is known,
    rules.NotUnderstood.
    """
    organisation = hold_organisation(organisation)
    facts = standard_place(facts)
    standing = list(_head_offices(organisation, on).order_by("started_on", "pk"))
    open_ones = [place for place in standing if place.is_open]
    if not open_ones:
        raise HeadOfficeStands if standing else NoHeadOffice
    if len(standing) > len(open_ones):
        raise HeadOfficeStands
    end_row(open_ones[0], on=on, by=by, at=at)
    return _opened(organisation, facts, on, by, at)


@transaction.atomic
def adopt_head_offices(*, by: Staff | None, at: datetime) -> int:
    """Let the golden address be the head office of every organisation that never had one, in one set; returns of how
    many. Whoever comes later is found by the next call."""
    with connection.cursor() as cursor:
        cursor.execute(ADOPT, {"name": HEAD_OFFICE, "by": by.pk if by else None, "at": at})
        return cursor.rowcount


def hold_organisation(organisation: Customer) -> Customer:
    """The organisation as it is now, kept from others until the transaction ends, and noted for the trail.

    Raises NotActive, NotAnOrganisation.
    """
    held = Customer.objects.select_for_update().get(pk=organisation.pk)
    if held.kind != "ORG":
        raise NotAnOrganisation
    if not held.is_active_customer:
        raise NotActive
    saw(held.pk)
    return held


def held_row(model: type[Row], row: Row) -> Row:
    """A dated row as it is now, kept from others until the transaction ends."""
    return model._base_manager.select_for_update().get(pk=row.pk)


def end_row(row: Row, *, on: date, by: Staff | None, at: datetime) -> Row:
    """Record that a row, held by this transaction, no longer holds on the day `on`.

    Raises AlreadyEnded, EndsBeforeItBegan.
    """
    if not row.is_open:
        raise AlreadyEnded
    if row.started_on is not None and on < row.started_on:
        raise EndsBeforeItBegan
    row.ended_on, row.ended_by, row.ended_at = on, by, at
    row.save(update_fields=["ended_on", "ended_by", "ended_at"])
    return row


def _head_offices(organisation: Customer, since: date | None) -> DatedQuerySet:
    """The head offices of any day from `since` on."""
    offices = DatedQuerySet(PlaceOfBusiness).filter(organisation=organisation, kind=PlaceOfBusiness.Kind.HEAD_OFFICE)
    return offices if since is None else offices.exclude(ended_on__lte=since)


def _opened(
    organisation: Customer, facts: PlaceFacts, on: date | None, by: Staff | None, at: datetime
) -> PlaceOfBusiness:
    return PlaceOfBusiness.objects.create(
        organisation=organisation, started_on=on, recorded_by=by, recorded_at=at, **asdict(facts)
    )
