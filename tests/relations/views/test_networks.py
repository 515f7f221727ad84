import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Staff
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.protecting import protect
from tests.relations.relating import make_household, make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def data(customer: Customer, query: str = "", staff: Staff | None = None) -> dict[str, object]:
    client = Client()
    client.force_login(staff or make_staff("DATA_STEWARD", language="en"))
    return client.get(reverse("relations:network-data", args=[customer.number]) + query).json()


def names(found: dict[str, object]) -> list[tuple[str, int]]:
    return [(each["name"], each["hop"]) for each in found["people"]]


def chain(*named: str) -> list[Customer]:
    people = [make_customer(name=name) for name in named]
    for one, other in zip(people, people[1:], strict=False):
        make_relationship(one, other, kind="ACQUAINTANCE")
    return people


def test_the_walk_goes_so_many_steps_and_no_further():
    people = chain("가가", "나나", "다다", "라라", "마마")

    assert [len(data(people[0], f"?hops={hops}")["people"]) for hops in (1, 2, 3, 9)] == [2, 3, 4, 3]
    assert names(data(people[0], "?hops=3")) == [("가가", 0), ("나나", 1), ("다다", 2), ("라라", 3)]


def test_the_protected_are_silhouettes_and_nothing_lies_behind_them():
    people = chain("가가", "나나", "다다")
    protect(people[1])

    found = data(people[0], "?hops=3")

    assert names(found) == [("가가", 0), ("Person not shown", 1)]
    assert (found["people"][1]["url"], found["people"][1]["is_silhouette"]) == ("", True)


def test_an_employer_leads_to_nobody_else():
    employer = make_customer(name="한빛상사", kind="ORG")
    one, other = make_customer(name="가가"), make_customer(name="나나")
    for each in (one, other):
        make_relationship(employer, each, kind="CONTACT")

    assert names(data(one, "?hops=3")) == [("가가", 0), ("한빛상사", 1)]


def test_contracts_households_and_what_was_said_lead_on():
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B"})
    housemate = make_customer(name="차카타")
    make_household(held["A"], housemate)
    make_relationship(housemate, make_customer(name="파하가"), basis="INFERRED")

    found = data(held["A"], "?hops=2")

    assert names(found) == [(held["A"].name, 0), (held["B"].name, 1), ("차카타", 1), ("파하가", 2)]
    assert [(tie["source"], tie["target"], tie["words"], tie["is_dashed"]) for tie in found["ties"]] == [
        ("p0", "p1", "Insured by the customer", False),
        ("p0", "p2", "Same household", False),
        ("p2", "p3", "Son or daughter", True),
    ]


def test_a_cap_is_told_and_can_be_raised(settings):
    settings.NETWORK_MOST = 3
    customer = make_customer()
    for _ in range(5):
        make_relationship(customer, make_customer())

    few, more = data(customer), data(customer, "?more=2")

    assert (len(few["people"]), few["hidden_count"]) == (3, 3)
    assert (len(more["people"]), more["hidden_count"]) == (6, 0)


def test_the_list_says_the_same_without_the_drawing():
    people = chain("가가", "나나", "다다")
    client = Client()
    client.force_login(make_staff("DATA_STEWARD", language="en"))

    page = client.get(reverse("relations:network-detail", args=[people[0].number])).content.decode()

    assert ["나나" in page, "다다" in page, "나나: Acquaintance" in page] == [True, True, True]
