"""What the panels of relations cost the 360° page, all of them together."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessEntry, Staff
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.profiles import rest_of, whole_page
from tests.relations.relating import make_household, make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
MOST_QUERIES = 6
OURS = "relations."


def cost(customer: Customer, staff: Staff) -> int:
    """The queries of the page, once it has been asked for."""
    client = Client()
    client.force_login(staff)
    whole_page(client, customer)
    with CaptureQueriesContext(connection) as captured:
        assert whole_page(client, customer).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["DATA_STEWARD", "FP", "BRANCH_MANAGER"])
@pytest.mark.parametrize("kind", ["PERSON", "ORG"])
def test_all_panels_of_relations_add_six_queries_at_most(settings, role, kind):
    staff = make_staff(role)
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B"})
    Customer.objects.filter(pk=held["A"].pk).update(kind=kind, keeper=staff, birth_date=date(2015, 1, 1))
    for _ in range(3):
        make_relationship(held["A"], make_customer(keeper=staff), kind="REFERRER")
    make_household(held["A"], make_customer())

    everything = cost(held["A"], staff)
    settings.CUSTOMER_PANELS = [path for path in settings.CUSTOMER_PANELS if not path.startswith(OURS)]

    assert everything - cost(held["A"], staff) <= MOST_QUERIES


def test_people_around_a_customer_are_a_list_beside_the_look_at_the_customer():
    staff = make_staff("DATA_STEWARD")
    client = Client()
    client.force_login(staff)
    customer, wife, friend = make_customer(), make_customer(), make_customer()
    make_household(customer, wife)
    make_relationship(customer, friend, kind="REFERRER")

    rest_of(client, client.get(customer.get_absolute_url()))
    client.post(reverse("accounts:print-noted"), {"path": customer.get_absolute_url()})

    entries = AccessEntry.objects.of_staff(staff).order_by("at", "lane", "number")
    noted = [(kind, set(customers)) for kind, customers in entries.values_list("kind", "customers")]
    around = {wife.pk, friend.pk}
    assert noted == [("VIEW", {customer.pk}), ("LIST", around), ("PRINT", {customer.pk, *around})]
