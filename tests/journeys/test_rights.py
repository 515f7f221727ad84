"""Two people change what a role sees, a planner declares another purpose, an officer asks why: in a browser."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from accounts.models import Channel
from customers import reading
from customers.models import AccessRules, Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import feed, make_rrn, person
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A customer of the branch of a manager, kept by an FP of a channel with limits, and two who make the rules."""
    MASTER.put()
    cache.delete(reading.RULES_KEY)
    reading.rules_version.cache_clear()
    head = make_branch("H0")
    own = make_branch("B1", parent=head)
    banca = Channel.objects.get(code="BANCASSURANCE")
    planner = make_staff("FP", employee_number="F00123", password=PASSWORD, branch=own, channel=banca, name="김보람")
    make_staff("BRANCH_MANAGER", employee_number="manager", password=PASSWORD, branch=own)
    for number, role in (("privacy", "PRIVACY_OFFICER"), ("compliance", "COMPLIANCE_OFFICER")):
        make_staff(role, employee_number=number, password=PASSWORD, branch=head)
    feed([person(rrn=make_rrn("850302", 2), mobile="010-1111-2222")])
    Customer.objects.update(keeper=planner, main_branch=own)
    return Customer.objects.get()


def signed_in(page: "Page", url: str, number: str) -> None:
    """Sign in as somebody else."""
    page.context.clear_cookies()
    login(page, url, number)


def test_two_people_change_what_a_manager_sees_at_once(page, axe, live_server, customer):
    url, profile = live_server.url, f"{live_server.url}{customer.get_absolute_url()}"
    signed_in(page, url, "manager")
    page.goto(profile)
    assert "010-1111-2222" not in page.inner_text("#basics")

    signed_in(page, url, "privacy")
    page.goto(f"{url}/customers/access-rules/draft/")
    settled(page, axe)
    page.select_option("[name=matrix-OWN-BRANCH_MANAGER-2]", "FULL")
    page.fill("[name=comment]", "지점장에게 담당 지점 고객의 연락처를 보인다")
    page.click("form[data-once] button[type=submit]")
    page.wait_for_url("**/access-rules/1/")
    settled(page, axe)
    assert page.locator("form[action$='/publish/']").count() == 0

    signed_in(page, url, "compliance")
    page.goto(f"{url}/customers/access-rules/1/")
    assert page.locator("#access-changes tbody tr").count() == 1
    page.click("form[action$='/publish/'] button")
    page.click("#publish button[value=yes]")
    page.wait_for_selector(".alert-success")
    page.goto(f"{url}/customers/access-rules/?on=2026-11-29")
    settled(page, axe)
    assert AccessRules.objects.get().state == "LIVE"

    signed_in(page, url, "manager")
    page.goto(profile)
    assert "010-1111-2222" in page.inner_text("#basics")


def test_a_planner_changes_the_purpose_with_the_keyboard_and_an_officer_asks_why(page, axe, live_server, customer):
    url = live_server.url
    signed_in(page, url, "F00123")
    page.goto(f"{url}{customer.get_absolute_url()}")
    assert "850302-2" in page.inner_text("#basics")
    assert "보험업법 제100조" in page.inner_text("#basics")

    page.focus(".purpose-menu > summary")
    page.keyboard.press("Enter")
    page.focus(".purpose-menu button[value=SALES]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".alert-info")
    settled(page, axe)
    assert "850302-2" not in page.inner_text("#basics")

    signed_in(page, url, "privacy")
    page.goto(f"{url}/customers/effective-rights/?staff=F00123&customer={customer.number}&item=mobile")
    settled(page, axe)
    assert page.locator("#steps .is-closed").count() == 1
    for address in ("/accounts/rights/", "/customers/unused-rights/?show=accounts", "/customers/unused-rights/"):
        page.goto(f"{url}{address}")
        settled(page, axe)
