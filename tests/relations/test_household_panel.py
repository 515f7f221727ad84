"""The panel of households on the 360° page, and what it costs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.dossier import dossier_of
from customers.models import Customer
from relations.circle import circle_of
from relations.panels.households import Homes, households
from relations.services import households as services
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.relations.housing import LONG_AGO, deed, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def shown(customer: Customer, *roles: str) -> Homes | None:
    panel = households(Customer.objects.get(pk=customer.pk), make_staff(*roles))
    return panel.content if panel else None


def test_the_panel_shows_who_lives_with_whom():
    father, mother = make_customer(name="김하나"), make_customer(name="박두리")
    home = opened(father, mother)

    (line,) = shown(father, "DATA_STEWARD").now

    assert (line.household, line.is_primary, line.is_open, line.since) == (home, True, True, "2020-01-01")
    assert [(mate.who.name, mate.who.number) for mate in line.mates] == [("박두리", mother.number)]


def test_who_never_consented_is_a_silhouette():
    planner = make_staff("FP")
    mine = make_customer(keeper=planner, marketing_consent_on=LONG_AGO)
    wife = make_customer(keeper=planner, name="박두리")
    opened(mine, wife)

    panel = households(Customer.objects.get(pk=mine.pk), planner)

    (mate,) = panel.content.now[0].mates
    assert (mate.who.number, mate.who.url) == ("", "")
    assert "박두리" not in mate.who.name


def test_what_was_before_stands_below():
    person = make_customer()
    home = opened(person, make_customer())
    services.remove_member(household=home, customer=person, deed=deed(on=date(2024, 1, 1), because="DIVORCE"))

    homes = shown(person, "DATA_STEWARD")

    assert homes.now == ()
    assert [(line.household, line.until != "", line.mates) for line in homes.before] == [(home, True, ())]


def test_neither_an_organisation_nor_a_reader_without_the_right_has_it():
    person = make_customer()

    assert shown(make_customer(kind="ORG"), "DATA_STEWARD") is None
    assert shown(person, "ADMINISTRATOR") is None
    assert shown(person, "DATA_STEWARD") == Homes(person.number, (), ())


def test_the_panel_asks_nothing_that_the_circle_has_not_fetched():
    person, viewer = make_customer(), make_staff("DATA_STEWARD")
    opened(person, make_customer())
    opened(person, make_customer(), kind="PAYER")
    customer = Customer.objects.get(pk=person.pk)
    dossier_of(customer, viewer)
    circle_of(customer, viewer)
    households(customer, viewer)

    with CaptureQueriesContext(connection) as counted:
        households(customer, viewer)

    assert len(counted) == 0
