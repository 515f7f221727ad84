"""A steward opens a masked value for a minute; a planner uses emergency access and the officer ends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Notice, Staff
from customers.models import Customer, CustomerStaffGrant, Reveal
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import feed, make_rrn, person
from tests.customers.protecting import open_to, protect
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, HAND = {"width": 1440, "height": 960}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
RRN = make_rrn("850302", 2)
REASON = "고객이 창구에서 사고를 알렸습니다"


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A protected customer with a sealed resident number, and those who have to do with it."""
    MASTER.put()
    branch = make_branch()
    for role, number in (("DATA_STEWARD", "steward"), ("FP", "planner"), ("PRIVACY_OFFICER", "officer")):
        make_staff(role, employee_number=number, name="정다은", password=PASSWORD, branch=branch, language="en")
    keeper = make_staff("FP", employee_number="keeper", name="김보람", branch=branch)
    same = {"name": "강하늘", "birth_date": "1985-03-02", "rrn": RRN, "sex": "F"}
    feed([person(**same, source_key="P1", mobile="010-5111-2222", as_of="2024-01-05")])
    feed([person(**same, source_key="B1", mobile="010-3333-4444", as_of="2025-06-07")], "BANCA")
    found = Customer.objects.get()
    Customer.objects.filter(pk=found.pk).update(keeper=keeper, grade="VIP")
    return Customer.objects.get()


def log_in(page: "Page", live_server: object, number: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=username]", number)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#quick-search")


def settled(page: "Page", accessible: Callable[["Page"], None]) -> None:
    """The page keeps the rules of accessibility and fits the window."""
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@SIZES
def test_a_masked_value_is_opened_with_the_keyboard_and_gone_when_its_time_is_over(
    page, live_server, customer, axe, size, settings
):
    settings.REVEAL_SECONDS = 3
    page.set_viewport_size(size)
    log_in(page, live_server, "steward")
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    settled(page, axe)

    page.locator("a[data-reveal]").press("Enter")
    page.wait_for_selector("#reveal[open] form")
    settled(page, axe)
    page.fill("#reveal [name=reason]", REASON)
    page.locator("#reveal [type=submit]").press("Enter")
    page.wait_for_selector("#reveal .reveal-value")
    shown = page.locator("#reveal .reveal-value").inner_text()
    axe(page)
    page.emulate_media(media="print")
    is_printed = page.locator("#reveal .reveal-value").is_visible()
    page.emulate_media(media="screen")
    page.wait_for_selector("#reveal[open]", state="detached", timeout=6_000)

    assert (shown, is_printed) == (RRN, False)
    assert RRN not in page.content()
    assert page.evaluate("document.activeElement.hasAttribute('data-reveal')")
    assert list(Reveal.objects.values_list("item", "staff__employee_number", "reason")) == [("rrn", "steward", REASON)]


def test_without_a_script_the_value_is_a_page_that_leads_back(browser, live_server, customer, settings):
    settings.REVEAL_SECONDS = 2
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server, "steward")
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")

    page.locator("a[data-reveal]").click()
    page.fill("main [name=reason]", REASON)
    page.locator("main form [type=submit]").click()
    shown = page.locator(".reveal-value").inner_text()
    page.wait_for_url(f"**{customer.get_absolute_url()}", timeout=8_000)

    assert shown == RRN
    assert RRN not in page.content()
    context.close()


@SIZES
def test_emergency_access_reaches_the_officer_who_ends_it(page, live_server, customer, axe, size):
    protect(customer)
    page.set_viewport_size(size)
    log_in(page, live_server, "planner")
    page.goto(f"{live_server.url}/customers/break-glass/?number={customer.number}")
    settled(page, axe)
    page.fill("[name=reason]", REASON)
    page.check("[name=is_declared]")
    page.locator("main form [type=submit]").click()
    page.wait_for_url(f"**{customer.get_absolute_url()}")
    settled(page, axe)

    log_in(page, live_server, "officer")
    settled(page, axe)
    page.locator(".notices button[name=look]").first.click()
    page.wait_for_url(f"**/customers/{customer.number}/grants/")
    settled(page, axe)
    page.locator("form[data-confirm] button").click()
    page.locator("#end-grant [value=yes]").click()
    page.wait_for_selector(".alert")
    settled(page, axe)

    assert not CustomerStaffGrant.objects.exists()
    assert not Notice.objects.filter(staff__employee_number="officer", read_at=None).exists()


@SIZES
def test_the_lists_of_grants_and_protected_customers_fit_the_window(page, live_server, customer, axe, size):
    protect(customer)
    officer, planner = (Staff.objects.get(employee_number=number) for number in ("officer", "planner"))
    open_to(planner, customer, by=officer, at=timezone.now(), ends_at=timezone.now() + timedelta(days=20))
    page.set_viewport_size(size)
    log_in(page, live_server, "officer")

    own = f"/customers/{customer.number}"
    for address in ("/customers/grants/", "/customers/protected/", f"{own}/protect/", f"{own}/grants/", f"{own}/"):
        page.goto(f"{live_server.url}{address}")
        settled(page, axe)
    page.locator("#named-people a[href*=lift]").click()
    page.wait_for_url("**/lift/")
    settled(page, axe)
    page.goto(f"{live_server.url}/accounts/notices/")
    settled(page, axe)
