"""A steward sees who is around a customer, registers a spouse, and walks the network, in a real browser."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from customers.models import Customer
from relations.models import Relationship
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import contract, feed, make_customer, party, person
from tests.customers.protecting import protect
from tests.relations.relating import make_household, make_relationship
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, HAND = {"width": 1440, "height": 960}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A girl of eleven with a family, contracts, and people of whom not everybody may know."""
    MASTER.put()
    make_staff("DATA_STEWARD", employee_number="steward", password=PASSWORD, branch=make_branch())
    named = {"G": ("강하늘", "2015-03-02"), "M": ("윤서연", "1985-05-06"), "F": ("강도윤", "1983-07-08")}
    feed([person(source_key=key, name=name, birth_date=born) for key, (name, born) in named.items()])
    feed([contract(), contract(contract_no="P-2", status="LAPSED")], layout="contracts")
    roles = (("POLICYHOLDER", "F"), ("INSURED", "G"), ("BENEFICIARY_DEATH", "M"))
    feed([party(role=role, party_source_key=key) for role, key in roles], layout="parties")
    feed([party(role=role, party_source_key=key, contract_no="P-2") for role, key in roles[:2]], layout="parties")
    girl, mother, father = (Customer.objects.get(links__record__source_key=key) for key in "GMF")
    make_household(father, mother, girl)
    make_relationship(mother, girl)
    make_relationship(father, girl, basis="INFERRED", valid_until=date(2099, 1, 1))
    grandmother = make_customer(name="이순자", birth_date=date(1955, 1, 1))
    make_relationship(grandmother, mother)
    hidden = make_customer(name="최비밀")
    protect(hidden)
    make_relationship(hidden, girl, kind="RELATIVE")
    make_relationship(make_customer(name="정오래"), girl, kind="CONTACT", valid_until=date(2020, 1, 1))
    return girl


@pytest.fixture
def steward(page: "Page", customer: Customer, live_server: object) -> "Page":
    """A browser in which the steward is logged in."""
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=username]", "steward")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#quick-search")
    return page


def settled(page: "Page", accessible: Callable[["Page"], None]) -> None:
    """The page keeps the rules of accessibility and fits the window."""
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@SIZES
def test_from_the_graph_to_the_network(steward, customer, live_server, axe, size):
    steward.set_viewport_size(size)
    steward.goto(f"{live_server.url}{customer.get_absolute_url()}")
    panel = steward.locator("#relationships")
    assert panel.locator("svg title").text_content().strip() != ""
    assert panel.locator("circle.kin-node").count() == 4
    assert panel.locator("circle.kin-node.is-silhouette").count() == 1
    assert panel.locator(".kin-missing").count() == 1
    settled(steward, axe)

    panel.locator(f'.kin-acts a[href$="{customer.number}/network/"]').click()
    steward.wait_for_selector('#network[data-drawn="yes"]')
    assert steward.locator(".network-list li").count() == 5
    assert "최비밀" not in steward.content()
    settled(steward, axe)


@SIZES
def test_an_unlikely_relationship_is_asked_again_and_then_registered(steward, customer, live_server, axe, size):
    steward.set_viewport_size(size)
    old = make_customer(name="문어른", birth_date=date(1940, 1, 1))
    steward.goto(f"{live_server.url}/relations/{customer.number}/relationships/register/")
    settled(steward, axe)

    steward.fill("[name=number]", f"C-{old.number[:9]}-{old.number[9]}")
    steward.select_option("[name=seen_as]", "PARENT")
    steward.click("form.card-body button[type=submit]")
    warnings = steward.locator(".kin-warnings input")
    settled(steward, axe)
    for place in range(warnings.count()):
        warnings.nth(place).check()
    steward.click("form.card-body button[type=submit]")
    steward.wait_for_url("**/relationships/")

    assert Relationship.objects.filter(first=old, second=customer).values_list("warnings", flat=True).get() == [
        "PARENT_OLD",
        "THIRD_PARENT",
    ]
    settled(steward, axe)
