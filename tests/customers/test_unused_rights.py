"""Unused rights: who does not come, grants that opened nothing, accounts never signed in, by the trail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RightsChange, Staff
from accounts.trail import append
from customers.models import Customer, CustomerStaffGrant
from customers.numbering import written_number
from customers.reports import unused_rights
from tests.accounts.builders import make_staff
from tests.customers.builders import grant, make_customer

pytestmark = pytest.mark.usefixtures("master")
PAGE = "/customers/unused-rights/"


@pytest.fixture(autouse=True)
def _nothing_given_lately(monkeypatch):
    """Rights of tests are given today, which would keep everybody off the list."""
    monkeypatch.setattr(unused_rights, "GIVEN_LATELY", ["ROLE_DEFINED"])


def looked(staff: Staff, days: int, *customers: Customer, result: int = 200) -> None:
    """An entry of so many days ago."""
    append(
        at=timezone.now() - timedelta(days=days),
        kind="VIEW",
        page="customers:customer-detail",
        result=result,
        staff_id=staff.pk,
        employee_number=staff.employee_number,
        customers=[customer.pk for customer in customers],
    )


def login(*roles: str) -> Client:
    client, reader = Client(), make_staff(*(roles or ("ADMINISTRATOR",)), language="en")
    looked(reader, 0)
    client.force_login(reader)
    return client


def lines(client: Client, show: str, **more: str) -> list[object]:
    return client.get(PAGE, {"show": show} | more).context["page"].lines


def test_who_holds_a_role_and_does_not_come_is_listed(settings):
    settings.RIGHTS_UNUSED_DAYS = 90
    idle, gone, busy, bare = make_staff("FP"), make_staff("FP"), make_staff("FP"), make_staff()
    left = make_staff("FP", is_active=False)
    looked(idle, 91)
    looked(busy, 89)
    looked(busy, 100)

    found = {line.number: line.last_at is None for line in lines(login(), "roles")}

    assert {number for staff in (busy, bare, left) if (number := staff.employee_number) in found} == set()
    assert (found[idle.employee_number], found[gone.employee_number]) == (False, True)


def test_who_got_the_role_lately_is_not_idle_yet(monkeypatch):
    monkeypatch.undo()
    staff = make_staff("FP")
    assert RightsChange.objects.filter(staff=staff, kind="ROLE_GIVEN").exists()

    assert staff.employee_number not in {line.number for line in lines(login(), "roles")}


def test_grants_are_listed_with_their_last_use():
    planner, other = make_staff("FP"), make_staff("FP")
    used, unused, refused, ended = (make_customer() for _number in range(4))
    for customer in (used, unused, refused, ended):
        grant(customer, planner)
    long_ago = timezone.now() - timedelta(days=200)
    CustomerStaffGrant.objects.update(granted_at=long_ago)
    CustomerStaffGrant.objects.filter(content_object=ended).update(ends_at=long_ago)
    looked(planner, 1, used, make_customer())
    looked(planner, 1, refused, result=404)
    looked(other, 1, unused)

    found = {line.customer: (line.last_at is not None, line.is_unused) for line in lines(login(), "grants")}

    assert found == {
        written_number(used.number): (True, False),
        written_number(unused.number): (False, True),
        written_number(refused.number): (False, True),
    }


def test_accounts_never_signed_in_are_listed():
    fresh, known, bare = make_staff("FP"), make_staff("FP"), make_staff()
    Staff.objects.filter(pk=known.pk).update(last_login=timezone.now())

    found = {line.number for line in lines(login(), "accounts")}

    assert {staff.employee_number for staff in (fresh, known, bare)} & found == {fresh.employee_number}


@pytest.mark.parametrize("show", ["roles", "grants", "accounts"])
def test_each_list_is_paged_with_as_many_queries_for_three_as_for_one(monkeypatch, show):
    client = login()
    client.get(PAGE, {"show": show})
    counts = []
    for more in (1, 2):
        for _number in range(more):
            grant(make_customer(), make_staff("FP"))
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"show": show})
        counts.append(len(queries))
    monkeypatch.setattr(unused_rights, "PAGE_SIZE", 2)

    first = client.get(PAGE, {"show": show}).context["page"]
    second = client.get(PAGE, {"show": show, "after": first.after}).context["page"]

    assert counts[0] == counts[1]
    assert (len(first.lines), len(second.lines), second.after) == (2, 1, None)
    assert set(first.lines) & set(second.lines) == set()


@pytest.mark.parametrize(("role", "status"), [("ADMINISTRATOR", 200), ("AUDITOR", 200), ("DATA_STEWARD", 403)])
def test_the_page_is_for_those_who_explain_rights(role, status):
    assert login(role).get(PAGE).status_code == status


def test_an_empty_list_says_so():
    page = login().get(PAGE, {"show": "grants", "after": "x"})

    assert "Nothing in this list waits for anybody." in page.content.decode()
