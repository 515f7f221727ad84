"""A privacy officer reads the trail and hands a customer the report of it, in a real browser."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Staff
from accounts.trail import append
from customers.models import Customer
from customers.numbering import written_number
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import feed, person
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A customer at whom a planner and a system looked, among others."""
    MASTER.put()
    head = make_branch()
    make_staff("PRIVACY_OFFICER", employee_number="privacy", password=PASSWORD, branch=head, name="서유진")
    planner = make_staff("FP", branch=make_branch("B701", parent=head), name="김보람", job="FP")
    feed([person(name="강하늘", mobile="01051112222"), person(name="이두리")])
    found = Customer.objects.get(name="강하늘")
    everyone = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    looked(planner, customers=[found.pk], page="customers:customer-detail")
    typed = '{"q": "강하늘 ***-****-2222"}'
    looked(planner, customers=everyone, page="customers:search", kind="SEARCH", conditions=typed)
    looked(planner, customers=[found.pk], page="customers:value-reveal", kind="REVEAL", items=["mobile"])
    looked(planner, customers=[found.pk], page="customers:customer-detail", result=404)
    return found


def looked(staff: Staff, **more: object) -> None:
    who = {"staff_id": staff.pk, "employee_number": staff.employee_number, "branch_code": staff.branch.code}
    at = timezone.now() - timedelta(hours=1)
    append(**{"at": at, "kind": "VIEW", "result": 200, "purpose": "SERVICE", "address": "10.20.30.40"} | who | more)


def test_the_trail_is_searched_read_and_handed_over(page: "Page", customer, live_server, axe):
    login(page, live_server.url, "privacy")
    page.goto(f"{live_server.url}/accounts/trail/")
    settled(page, axe)

    page.fill("[name=customer]", written_number(customer.number))
    page.click(".feed-filter button[type=submit]")
    page.wait_for_url("**/accounts/trail/?*customer=*")
    settled(page, axe)
    rows = page.locator(".trail-table tbody tr").count()
    page.locator(".trail-table tbody tr", has_text="강하늘").first.locator("a").first.click()
    page.wait_for_url("**/accounts/trail/2*/*/*/")
    settled(page, axe)
    told = page.locator(".trail-facts").inner_text()

    page.goto(f"{live_server.url}/customers/{customer.number}/access-report/")
    settled(page, axe)
    report = page.locator(".trail-table").inner_text()
    page.goto(f"{live_server.url}/accounts/trail/?staff=nobody")
    settled(page, axe)

    assert rows >= 4
    assert [text for text in ("김보람", "10.20.30.40", "***-****-2222") if text not in told] == []
    assert [text for text in ("B701 지점", "FP") if text not in report] == []
    assert "김보람" not in report
