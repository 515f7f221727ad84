"""Contact persons of organisations: named, followed by a successor, ended."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from relations.models import Officer
from relations.rules.organisations import OfficerFacts, standard_officer
from relations.services.organisations import end_row, held_row, hold_organisation


class NotAPerson(Exception):
    """A contact person is a person, and one who was not merged into another."""


@transaction.atomic
def add_officer(
    *,
    organisation: Customer,
    facts: OfficerFacts,
    on: date | None,
    by: Staff | None,
    at: datetime,
    customer: Customer | None = None,
) -> Officer:
    """Name a contact person from the day `on`, or since nobody knows when. customer: who that is as a customer.

    Raises NotAPerson, organisations.NotActive, organisations.NotAnOrganisation, rules.NotUnderstood.
    """
    return _named(hold_organisation(organisation), standard_officer(facts), customer, on, by, at)


@transaction.atomic
def change_officer(
    *,
    officer: Officer,
    facts: OfficerFacts,
    on: date,
    by: Staff | None,
    at: datetime,
    customer: Customer | None = None,
) -> Officer:
    """Let a successor take over from the day `on`; the one before ends on that day. Returns the successor.

    Raises NotAPerson, organisations.AlreadyEnded, organisations.EndsBeforeItBegan, organisations.NotActive,
    rules.NotUnderstood.
    """
    # The organisation before its contact person, as a merge takes them.
    organisation = hold_organisation(Customer.objects.get(officers=officer.pk))
    held = held_row(Officer, officer)
    end_row(held, on=on, by=by, at=at)
    successor = _named(organisation, standard_officer(facts), customer, on, by, at)
    held.successor = successor
    held.save(update_fields=["successor"])
    return successor


@transaction.atomic
def end_officer(*, officer: Officer, on: date, by: Staff | None, at: datetime) -> Officer:
    """End a contact person without a successor. Raises organisations.AlreadyEnded, organisations.EndsBeforeItBegan."""
    held = held_row(Officer, officer)
    saw(held.organisation_id)
    return end_row(held, on=on, by=by, at=at)


def _named(
    organisation: Customer,
    facts: OfficerFacts,
    customer: Customer | None,
    on: date | None,
    by: Staff | None,
    at: datetime,
) -> Officer:
    if customer is not None:
        customer = Customer.objects.select_for_update().get(pk=customer.pk)
        if customer.kind != "PERSON" or not customer.is_active_customer:
            raise NotAPerson
        saw(customer.pk)
    return Officer.objects.create(
        organisation=organisation, customer=customer, started_on=on, recorded_by=by, recorded_at=at, **asdict(facts)
    )
