from datetime import date

import pytest
from django.test import Client

from customers.models import Customer
from relations.panels.relationships import relationships
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.profiles import whole_page
from tests.relations.relating import make_household, make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
CHILD = {"birth_date": date(2015, 6, 1)}


def panel(customer: Customer, role: str = "DATA_STEWARD") -> object:
    return relationships(Customer.objects.get(pk=customer.pk), make_staff(role))


def nodes(customer: Customer) -> list[tuple[str, str, str, bool]]:
    return [(each.name, each.words, each.group, each.is_dashed) for each in panel(customer).content.graph.nodes]


def test_the_panel_is_hidden_from_those_who_may_not_see_relationships():
    assert panel(make_customer(), "ADMINISTRATOR") is None


def test_each_person_is_drawn_once_with_all_they_are():
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B", "BENEFICIARY_DEATH": "C"})
    make_relationship(held["A"], held["B"], kind="SPOUSE")
    make_relationship(held["A"], make_customer(name="라마바"), basis="INFERRED")
    housemate = make_customer(name="차카타")
    make_household(held["A"], housemate)

    found = sorted(nodes(held["A"]), key=lambda node: node[0])

    assert [(name, group, is_dashed) for name, _words, group, is_dashed in found] == sorted(
        [
            ("차카타", "family", False),
            (held["B"].name, "family", False),
            ("라마바", "family", True),
            (held["C"].name, "contract", False),
        ]
    )


def test_what_is_believed_no_more_is_drawn_as_uncertain():
    customer = make_customer()
    make_relationship(customer, make_customer(name="가나다"), valid_until=date(2020, 1, 1))

    found = panel(customer).content

    assert [each.is_dashed for each in found.graph.nodes] == [True]
    assert [tie.tone for line in found.people for tie in line.ties] == ["yellow"]


def test_what_has_ended_is_not_drawn():
    customer = make_customer()
    make_relationship(customer, make_customer(), ended_on=date(2026, 1, 1), ended_at="2026-01-01T00:00Z")

    found = panel(customer).content

    assert (found.graph, found.people, found.hidden_count) == (None, (), 1)


def test_twenty_are_drawn_and_the_rest_counted():
    customer = make_customer()
    for _ in range(23):
        make_relationship(customer, make_customer())

    found = panel(customer).content

    assert (len(found.graph.nodes), found.graph.hidden_count, len(found.people)) == (20, 3, 23)


@pytest.mark.parametrize(
    ("fields", "kind", "lacks"),
    [
        (CHILD, None, True),
        (CHILD, "PARENT", True),
        (CHILD, "LEGAL_REP", False),
        ({"birth_date": date(1980, 1, 1)}, None, False),
        ({}, None, False),
    ],
)
def test_a_minor_needs_a_legal_representative(fields, kind, lacks):
    customer = make_customer(**fields)
    if kind:
        make_relationship(make_customer(birth_date=date(1980, 1, 1)), customer, kind=kind)

    assert panel(customer).content.lacks_representative is lacks


def test_the_contract_says_who_represents_a_minor():
    held = on_contracts({"INSURED": "A", "LEGAL_REP": "B"})
    Customer.objects.filter(pk=held["A"].pk).update(**CHILD)

    assert panel(held["A"]).content.lacks_representative is False


def test_the_page_draws_the_panel():
    customer = make_customer()
    make_relationship(customer, make_customer(name="가나다"))
    client = Client()
    client.force_login(make_staff("DATA_STEWARD"))

    page = whole_page(client, customer).content.decode()

    assert ('<svg viewBox="0 0 760 242" role="img"' in page, page.count("가나다") >= 3) == (True, True)
