"""Prospects in a merge and its taking back, and what is held of a customer as a prospect."""

from datetime import date, timedelta

import pytest

from customers import holding, merging
from customers.models import Customer
from relations.models import Prospect, ProspectDispute, ProspectEvent
from relations.services.prospects_lives import release_prospect
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, person
from tests.customers.stewarding import differences, everything, merge, unmerge
from tests.relations.prospecting import dispute_of, keeper_of, made, planner, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
SECOND = {"name": "박두리", "mobile": "010-8254-9071", "birth_date": "1971-01-09"}


def rows() -> dict[str, list[object]]:
    """All of prospects, their events and questions."""
    return everything() | {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Prospect, ProspectEvent, ProspectDispute)
    }


def counts(*customers: Customer) -> int:
    counted = merging.children([customer.pk for customer in customers])
    return sum(counted["relations.Prospect"].values()) + sum(counted["relations.ProspectDispute"].values())


def test_a_prospect_goes_with_its_customer_and_comes_back():
    by = make_staff("DATA_STEWARD")
    prospect = made(planner())
    asked = register(planner(), birth_date="1985-01-05", statement="동명이인").prospect
    feed([person(source_key="K1", name="최세라", birth_date="1960-03-10")])
    survivor, before = Customer.objects.get(name="최세라"), rows()
    held = counts(survivor, prospect.customer)

    merge(survivor, prospect.customer, by=by)

    prospect.refresh_from_db()
    assert (prospect.customer, dispute_of(asked).customer) == (survivor, survivor)
    assert counts(survivor) == held == 2
    retired = Customer.objects.get(state="MERGED")
    unmerge(retired, by=by, keep_apart=False)
    assert list(differences(before, rows())) == []


def test_of_two_active_prospects_the_retired_ones_stays_until_it_comes_back():
    by = make_staff("DATA_STEWARD")
    first, second, gone = made(planner()), made(planner(), **SECOND), planner()
    third = made(gone, name="정네모", mobile="010-8254-9072", birth_date="1972-01-09")
    release_prospect(prospect=third, by=gone, at=NOW)
    before = rows()
    held = counts(first.customer, second.customer, third.customer)

    merge(first.customer, second.customer, third.customer, by=by)

    customers = dict(Prospect.objects.values_list("pk", "customer"))
    assert customers == {
        first.pk: first.customer_id,
        second.pk: second.customer_id,
        third.pk: first.customer_id,
    }
    assert counts(first.customer, second.customer, third.customer) == held
    for prospect in (second, third):
        unmerge(Customer.objects.get(pk=prospect.customer_id), by=by, keep_apart=False)
    assert list(differences(before, rows())) == []


def test_the_keeper_follows_the_survivor():
    first, second = made(planner()), made(planner(), **SECOND)

    merge(first.customer, second.customer, by=make_staff("DATA_STEWARD"))

    assert keeper_of(first.customer) == first.fp.employee_number


def test_what_is_held_is_told_and_destroyed_whole():
    first = made(planner())
    register(planner(), birth_date="1985-01-05", statement="동명이인")
    elsewhere = made(planner(), **SECOND)
    customer = first.customer_id

    told = holding.export(customer)
    erased = holding.erase([customer], NOW + timedelta(days=1))

    assert [row["name"] for row in told["relations.Prospect"]] == ["한여름"]
    assert [row["statement"] for row in told["relations.ProspectDispute"]] == ["동명이인"]
    assert (told["relations.Prospect"][0]["birth_date"], erased["relations.Prospect"]) == (date(1991, 7, 8), 2)
    assert list(Prospect.objects.all()) == [elsewhere]
    assert not ProspectDispute.objects.exists()
    assert not ProspectEvent.objects.filter(prospect=first.pk).exists()
