"""What the panels of relations cost the 360° page, all of them together."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Staff
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.relations.relating import make_household, make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
MOST_QUERIES = 6
OURS = "relations."


def cost(customer: Customer, staff: Staff) -> int:
    """The queries of the page, once it has been asked for."""
    client = Client()
    client.force_login(staff)
    client.get(customer.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        assert client.get(customer.get_absolute_url()).status_code == 200
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
