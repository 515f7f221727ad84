import pytest

from accounts.models import Staff
from customers.models import Customer
from relations.bench.relationships import measure
from relations.demo.relationships import seed
from relations.models import Relationship
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer
from tests.relations.relating import on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def family() -> None:
    """Twenty policyholders, each with the child that is insured, and twenty customers of one planner."""
    held = on_contracts(*({"POLICYHOLDER": f"P{place}", "INSURED": f"C{place}"} for place in range(20)))
    for key, customer in held.items():
        birth_date = "2015-01-01" if key.startswith("C") else "1985-01-01"
        Customer.objects.filter(pk=customer.pk).update(birth_date=birth_date)
    planner = make_staff("FP")
    for _ in range(200):
        make_customer(keeper=planner, birth_date="1970-01-01")


def test_a_loaded_stock_gets_relationships_once():
    family()
    make_staff("DATA_STEWARD")

    first, again = seed(NOW), seed(NOW)

    rows = Relationship.objects.all()
    assert first["PARENT"] > 0
    assert first["LEGAL_REP"] == first["PARENT"]
    assert first["REFERRER"] > 0
    assert (sum(first.values()), sum(again.values())) == (rows.count(), 0)
    assert set(rows.values_list("recorded_by__groups__name", flat=True)) == {"DATA_STEWARD"}


def test_what_it_takes_is_measured():
    family()

    figures = measure(viewer=Staff.objects.get(pk=make_staff("DATA_STEWARD").pk), sample=10)

    assert set(figures) == {"customers", "relations_ms", "relations_of_busiest_ms", "network_ms"}
    assert figures["relations_ms"]["median"] > 0
