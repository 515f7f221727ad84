from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.dossier import dossier_of
from customers.models import Customer
from relations.circle import Circle, circle_of
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer, make_retired
from tests.relations.relating import again, make_household, make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def circle(customer: Customer, role: str = "DATA_STEWARD") -> Circle:
    return circle_of(Customer.objects.get(pk=customer.pk), make_staff(role))


def seen(found: Circle) -> list[tuple[int, str, str, int, int]]:
    return [
        (each.other_id, each.seen_as, each.origin, each.contract_count, each.live_count) for each in found.relations
    ]


def test_a_written_relationship_reads_from_both_sides():
    mother, child = make_customer(), make_customer()
    make_relationship(mother, child)

    assert seen(circle(mother)) == [(child.pk, "CHILD", "PERSON", 0, 0)]
    assert seen(circle(child)) == [(mother.pk, "PARENT", "PERSON", 0, 0)]


def test_contracts_say_what_their_parties_are_to_one_another():
    held = on_contracts(
        {"POLICYHOLDER": "A", "INSURED": "B", "BENEFICIARY_DEATH": "C", "PAYER": "A", "LEGAL_REP": "C"},
        {"POLICYHOLDER": "A", "INSURED": "B"},
    )
    a, b, c = (held[key].pk for key in "ABC")

    assert seen(circle(held["A"])) == [(b, "INSURED", "CONTRACT", 2, 2), (c, "BENEFICIARY", "CONTRACT", 1, 1)]
    assert seen(circle(held["B"])) == [
        (a, "POLICYHOLDER", "CONTRACT", 2, 2),
        (c, "BENEFICIARY", "CONTRACT", 1, 1),
        (c, "LEGAL_REP", "CONTRACT", 1, 1),
    ]
    assert seen(circle(held["C"])) == [
        (a, "ENDOWER", "CONTRACT", 1, 1),
        (b, "ENDOWER", "CONTRACT", 1, 1),
        (b, "REPRESENTED", "CONTRACT", 1, 1),
    ]


@pytest.mark.parametrize("group", ["GROUP", "RETIREMENT"])
def test_a_contract_of_an_employer_ties_nobody(group):
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B"}, product_group=group)

    assert [seen(circle(held[key])) for key in "AB"] == [[], []]


def test_a_relation_of_lapsed_contracts_alone_is_no_longer_open():
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B"}, status="LAPSED")

    relation = circle(held["A"]).relations[0]

    assert (relation.is_open, relation.contract_count, relation.live_count, relation.roles) == (
        False,
        1,
        0,
        ("INSURED",),
    )
    assert relation.since == date(2020, 5, 1)


def test_what_was_not_true_is_left_out():
    customer, other = make_customer(), make_customer()
    make_relationship(
        customer, other, ended_on=date(2026, 1, 1), ended_at="2026-01-01T00:00Z", ended_because="NOT_TRUE"
    )

    assert seen(circle(customer)) == []


def test_for_a_merged_customer_its_survivor_stands_once():
    customer, other = make_customer(), make_customer()
    make_relationship(customer, make_retired(other))
    make_relationship(customer, other)
    make_relationship(customer, make_retired(customer))

    assert seen(circle(customer)) == [(other.pk, "CHILD", "PERSON", 0, 0)]


def test_housemates_are_those_who_live_there_now():
    head, spouse, gone, stranger = (make_customer() for _ in range(4))
    household = make_household(head, spouse, gone)
    household.memberships.filter(customer=gone).update(ended_on=date(2026, 1, 1), ended_at="2026-01-01T00:00Z")
    make_household(stranger)

    found = circle(head)

    assert [(place.customer_id, place.role) for place in found.memberships] == [(head.pk, "HEAD")]
    assert [place.customer_id for place in found.housemates] == [spouse.pk]
    assert set(found.faces) == {spouse.pk}
    assert [place.is_open for place in circle(gone).memberships] == [False]
    assert circle(gone).housemates == ()


def test_more_than_fifty_are_counted_honestly():
    customer = make_customer()
    for _ in range(52):
        make_relationship(customer, make_customer())

    found = circle(customer)

    assert (len(found.relations), found.relation_count, found.hidden_count, len(found.faces)) == (50, 52, 2, 50)


def test_whoever_may_see_neither_gets_nothing():
    customer, other = make_customer(), make_customer()
    make_relationship(customer, other)
    make_household(customer, other)

    found = circle(customer, "ADMINISTRATOR")

    assert (found.memberships, found.housemates, found.relations, dict(found.faces)) == ((), (), (), {})


@pytest.mark.parametrize("count", [1, 3])
def test_a_circle_is_fetched_once_in_three_queries(count):
    customer = make_customer()
    for _ in range(count):
        make_relationship(customer, make_customer())
    make_household(customer, make_customer())
    steward = make_staff("DATA_STEWARD")
    customer = Customer.objects.get(pk=customer.pk)
    circle_of(Customer.objects.get(pk=customer.pk), steward)
    steward = again(steward)
    assert dossier_of(customer, steward).reading["name"].text  # which asks for the roles, as every page does

    with CaptureQueriesContext(connection) as captured:
        found = circle_of(customer, steward)
        assert circle_of(customer, steward) is found

    assert len(captured) == 3
