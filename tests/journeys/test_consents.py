"""A planner reads a customer the words, records the answers, and takes a consent back: in a real browser."""

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.models import Staff
from consent.models import Receipt
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.consent.consenting import answer, back_date_texts, consents, merge, purpose, says
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT, MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def planner(transactional_db: None) -> Staff:
    MASTER.put()
    CONSENT.put()
    back_date_texts()
    return make_staff("FP", employee_number="F00001", name="정다은", password=PASSWORD, branch=make_branch())


@pytest.fixture
def customer(planner: Staff) -> Customer:
    """A customer who refused letters under a number that was merged."""
    made, other = (make_customer(name="김하나", keeper_id="F00001", mobile="01012345678") for _ in range(2))
    consents(other, answer(channel="MAIL", said="REFUSED"), answer("INTEGRATED_USE"), by=planner, evidence="스캔 77")
    consents(made, answer(channel="MAIL"), by=planner, method="PHONE", evidence="녹취 12", evidence_digest="a1" * 32)
    merge(other, made)
    return made


def choose(page: "Page", code: str, channel: str, said: str) -> None:
    page.select_option(f"[name=answer_{purpose(code).pk}_{channel}_0]", said)


def test_a_planner_records_answers_sees_what_changes_and_withdraws(page: "Page", axe, live_server, customer):
    login(page, live_server.url, "F00001")
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    settled(page, axe)
    page.click("#consents .panel-foot a >> nth=1")
    page.wait_for_selector("#receipt-asked")
    choose(page, "MARKETING", "SMS", "GIVEN")
    choose(page, "MARKETING", "PHONE", "REFUSED")
    page.fill("[name=evidence]", "스캔 99")
    page.click("button[name=seen]")
    page.wait_for_selector("#receipt-changes")
    settled(page, axe)
    assert page.locator(".consent-changes tbody tr").count() == 2
    page.keyboard.press("Enter")  # the button that records has the focus
    page.wait_for_selector("#consents-state")
    settled(page, axe)
    assert Receipt.objects.order_by("pk").last().evidence == "스캔 99"
    assert [says(customer, channel=channel) for channel in ("SMS", "PHONE", "MAIL")] == ["GIVEN", "REFUSED", "REFUSED"]

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}{reverse('consent:consent-withdraw', args=[customer.number])}")
    settled(page, axe)
    page.click("button.btn-danger")
    page.wait_for_selector("#consents-state")
    settled(page, axe)
    assert [says(customer, channel="SMS"), says(customer, "INTEGRATED_USE")] == ["WITHDRAWN", "WITHDRAWN"]
