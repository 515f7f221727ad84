"""A steward decides many pairs at once and takes it back, and gives a second look: in a real browser."""

from typing import TYPE_CHECKING

import pytest

from customers.models import BulkAct, Customer, Pair, SecondLook
from customers.services import second_looks
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.many_pairs import decide, make_pairs
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def stock(transactional_db: None) -> list[Pair]:
    """An installation with two stewards, a lead, and pairs of two reasons that wait."""
    MASTER.put()
    branch = make_branch()
    staff = {"steward": "DATA_STEWARD", "other": "DATA_STEWARD", "lead": "STEWARD_LEAD"}
    for number, role in staff.items():
        make_staff(role, employee_number=number, password=PASSWORD, branch=branch)
    return [*make_pairs(6, reason="NAME_MOBILE"), *make_pairs(2)]


def confirm(page: "Page", form: str, dialog: str) -> None:
    """Send a form and say yes to what it asks."""
    page.click(f"form[action$='/{form}/'] button")
    with page.expect_navigation():
        page.click(f"#{dialog} button[value=yes]")


def test_a_steward_decides_many_pairs_and_takes_it_back(page: "Page", axe, live_server, worker, stock):
    valued = stock[0].left.link.customer_id
    Customer.objects.filter(pk=valued).update(grade="VIP")
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/pairs/bulk/")
    settled(page, axe)
    page.goto(f"{live_server.url}/customers/pairs/bulk/prepare/?reason=NAME_MOBILE")
    assert page.text_content("#bulk-count") == "6"
    settled(page, axe)

    page.check("[name=answer][value=SAME]")
    page.select_option("[name=reason_code]", "EVIDENCE")
    page.click(".bulk-form button[type=submit]")
    page.wait_for_selector("#bulk-forecast")
    settled(page, axe)
    confirm(page, "start", "bulk-start")
    page.wait_for_selector("#bulk-outcomes", timeout=60_000)
    page.wait_for_selector("form[action$='/take-back/']", timeout=60_000)
    settled(page, axe)
    assert BulkAct.objects.get().counts["outcomes"] == {"SECOND_PERSON": 1, "MERGED": 5}
    assert page.text_content("#bulk-announcement") != ""

    confirm(page, "take-back", "bulk-take-back")
    page.wait_for_selector("#bulk-back", timeout=60_000)
    page.wait_for_selector("#bulk-run:not([hx-get])", timeout=60_000)
    settled(page, axe)
    page.goto(f"{live_server.url}/customers/pairs/bulk/")
    settled(page, axe)

    assert BulkAct.objects.get().state == "TAKEN_BACK"
    assert set(Pair.objects.values_list("state", flat=True)) == {"OPEN"}


def test_a_second_steward_judges_without_the_first_answer(page: "Page", axe, live_server, stock, settings):
    settings.SECOND_LOOK_PERCENT = 100
    from accounts.models import Staff

    by = Staff.objects.get(employee_number="steward")
    for pair, answer in zip(stock[:3], ("DIFFERENT", "SAME", "LEGITIMATE"), strict=True):
        act = decide(pair, answer, by=by)
        second_looks.draw_second_look(act=act, at=act.at)
    login(page, live_server.url, "other")
    page.goto(f"{live_server.url}/customers/second-looks/")
    settled(page, axe)

    page.click("a[href$='/second-looks/next/']")
    page.wait_for_selector(".look-form")
    settled(page, axe)
    for answer in ("SAME", "SAME", "LEGITIMATE"):
        with page.expect_navigation():
            page.click(f".look-form button[value={answer}]")
    page.wait_for_selector(".empty")
    settled(page, axe)

    assert list(SecondLook.objects.order_by("pk").values_list("answer", flat=True)) == ["SAME", "SAME", "LEGITIMATE"]
    page.context.clear_cookies()
    login(page, live_server.url, "lead")
    page.goto(f"{live_server.url}/customers/second-looks/")
    page.wait_for_selector("#by-steward")
    settled(page, axe)
    assert page.locator("#look-total").count() == 1
