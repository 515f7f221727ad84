"""A customer that turns out to be another: what moves, what stays, and how the retired number answers."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission

from customers.merging import absorb
from customers.models import ChangeEvent, Customer, CustomerGroupGrant, CustomerStaffGrant, Link
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_ci, make_rrn, outcome, person

pytestmark = pytest.mark.usefixtures("master")


NAMES = ("김하나", "박두리", "최세라", "정네모")


def customers(count: int) -> list[Customer]:
    """So many customers of one record each, the oldest first."""
    feed(
        [
            person(source_key=f"K{number}", birth_date=f"1985-03-{number + 10}", name=NAMES[number])
            for number in range(count)
        ]
    )
    return list(Customer.objects.order_by("pk"))


def view_customer() -> Permission:
    return Permission.objects.get(codename="view_customer", content_type__app_label="customers")


def state(customer: Customer) -> tuple:
    customer.refresh_from_db()
    return customer.state, customer.merged_into_id, customer.merged_at


def test_absorb_moves_links_and_retires():
    one, other, third = customers(3)

    moved = absorb(merges=[(other.pk, one.pk)], at=NOW)

    assert moved == {"links": 1, "grants": 0}
    assert sorted(Link.objects.values_list("customer", "record__source_key")) == [
        (one.pk, "K0"),
        (one.pk, "K1"),
        (third.pk, "K2"),
    ]
    assert state(other) == ("MERGED", one.pk, NOW)
    assert [state(one), state(third)] == [("ACTIVE", None, None)] * 2


def test_absorb_keeps_the_golden_values_and_the_number_of_the_retired():
    one, other = customers(2)
    before = (other.number, other.name, other.birth_date, other.record_count)

    absorb(merges=[(other.pk, one.pk)], at=NOW)

    other.refresh_from_db()
    assert (other.number, other.name, other.birth_date, other.record_count) == before


def test_absorb_writes_history_and_an_event():
    one, other = customers(2)
    events = ChangeEvent.objects.count()

    absorb(merges=[(other.pk, one.pk)], at=NOW)

    row = Customer.history.filter(id=other.pk).latest("history_id")
    assert (row.history_type, row.state, row.merged_into_id, row.merged_at, row.history_date) == (
        "~",
        "MERGED",
        one.pk,
        NOW,
        NOW,
    )
    event = ChangeEvent.objects.get(sequence=events + 1)
    assert (event.customer_id, event.kind, event.items, event.occurred_at) == (other.pk, "MERGED", [], NOW)


def test_a_retired_number_points_at_the_last_survivor_of_a_chain():
    a, b, c, d = customers(4)

    absorb(merges=[(d.pk, c.pk)], at=NOW)
    absorb(merges=[(c.pk, b.pk)], at=NOW + timedelta(days=1))
    absorb(merges=[(b.pk, a.pk)], at=NOW + timedelta(days=2))

    assert [state(customer)[:2] for customer in (b, c, d)] == [("MERGED", a.pk)] * 3
    assert [state(customer)[2] for customer in (b, c, d)] == [NOW + timedelta(days=days) for days in (2, 1, 0)]
    assert set(Link.objects.values_list("customer", flat=True)) == {a.pk}


def test_several_are_absorbed_at_once():
    a, b, c, d = customers(4)

    assert absorb(merges=[(b.pk, a.pk), (c.pk, a.pk)], at=NOW)["links"] == 2

    assert [state(customer)[:2] for customer in (b, c, d)] == [("MERGED", a.pk), ("MERGED", a.pk), ("ACTIVE", None)]


def test_grants_hold_for_the_survivor_and_none_twice():
    one, other = customers(2)
    first, second, group = make_staff(), make_staff(), Group.objects.create(name="group")
    for staff, customer in ((first, one), (first, other), (second, other)):
        CustomerStaffGrant.objects.create(user=staff, permission=view_customer(), content_object=customer)
    CustomerGroupGrant.objects.create(group=group, permission=view_customer(), content_object=other)

    assert absorb(merges=[(other.pk, one.pk)], at=NOW)["grants"] == 2

    assert sorted(CustomerStaffGrant.objects.values_list("user", "content_object")) == sorted(
        [(first.pk, one.pk), (second.pk, one.pk)]
    )
    assert list(CustomerGroupGrant.objects.values_list("group", "content_object")) == [(group.pk, one.pk)]


def test_a_record_that_fits_two_customers_makes_them_one_under_the_older_number():
    feed([person(source_key="K1", rrn=make_rrn())], "POLICY")
    feed([person(source_key="K2", ci=make_ci(), birth_date="")], "ONLINE")
    older, younger = Customer.objects.order_by("pk")

    run = feed([person(source_key="K3", rrn=make_rrn(), ci=make_ci())], "BANCA")

    assert outcome(run) == {"read": 1, "new": 1, "customers_changed": 1, "customers_merged": 1}
    assert state(younger)[:2] == ("MERGED", older.pk)
    older.refresh_from_db()
    assert (older.record_count, older.source_count) == (3, 3)
    kinds = ChangeEvent.objects.filter(sequence__gt=2).order_by("sequence").values_list("customer", "kind", "items")
    assert list(kinds) == [(younger.pk, "MERGED", []), (older.pk, "LINKED", ["sources"])]


def test_a_number_stays_through_merges_and_loads():
    feed([person(source_key="K1", rrn=make_rrn(), name="김하나")])
    number = Customer.objects.get().number

    feed([person(source_key="K9", ci=make_ci(), name="김하나")], "ONLINE")
    feed([person(source_key="K1", rrn=make_rrn(), ci=make_ci(), name="김한나", as_of="2026-11-02")])
    feed([person(source_key="K1", rrn=make_rrn(), ci=make_ci(), name="김한라", as_of="2026-11-03")])

    assert list(Customer.objects.filter(state="ACTIVE").values_list("number", "name")) == [(number, "김한라")]
