"""A planner is told what to ask a customer, verifies the name, and a steward sees the clean-up shrink: in a browser."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from consent.models import CleanupAsk
from consent.services.cleanup import follow_asks
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.consent.gating import make_ask, verify
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT, MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ("김하나", "박두리", "최세라", "정네모", "한다솜", "오여름", "임가을", "서겨울")


@pytest.fixture
def planner(transactional_db: None) -> Staff:
    MASTER.put()
    CONSENT.put()
    return make_staff("FP", employee_number="F00001", name="정다은", password=PASSWORD, branch=make_branch("B001"))


@pytest.fixture
def customer(planner: Staff) -> Customer:
    """A customer who has consented and whose name nobody verified, among others who were cleaned up or were not."""
    today = timezone.localdate()
    words = {"keeper": planner, "main_branch": planner.branch, "marketing_consent_on": today}
    for place, name in enumerate(NAMES * 3):
        other = make_customer(name=name, gate="UNVERIFIED" if place % 2 else "NEITHER", **words)
        opened = {"opened_on": today - timedelta(days=90), "due_on": today + timedelta(days=10 + place)}
        closed = {"state": "DONE", "closed_on": today - timedelta(days=place * 2)} if place % 3 else {}
        make_ask(other, **opened, **closed)
    made = make_customer(name="노을빛", gate="UNVERIFIED", **words)
    verify(made, is_verified=False, mismatch="BIRTH_DATE", method="MOBILE", agency="NICE", reference="T-1")
    follow_asks(at=timezone.now())
    return made


def test_a_planner_asks_verifies_and_the_customer_comes_in_scope(page: "Page", axe, live_server, customer):
    login(page, live_server.url, "F00001")
    page.goto(f"{live_server.url}{reverse('consent:cleanup-list')}?whose=today")
    settled(page, axe)
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    settled(page, axe)
    page.click("#cleanup button[value=NOT_REACHED]")
    page.wait_for_selector("#cleanup")
    assert CleanupAsk.objects.get(customer=customer).tries == 1
    page.click("#cleanup a.btn-primary")
    page.select_option("[name=method]", "ID_CARD")
    page.fill("[name=evidence]", "신분증 원본 확인")
    settled(page, axe)
    page.click("form.gate-form button[type=submit]")
    page.wait_for_selector("#gate-verifications")
    settled(page, axe)
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")

    assert page.query_selector("#cleanup") is None
    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"
    assert CleanupAsk.objects.get(customer=customer).state == "DONE"


def test_a_steward_sees_the_gate_and_how_the_clean_up_goes(page: "Page", axe, live_server, customer):
    make_staff("DATA_STEWARD", employee_number="S00001", password=PASSWORD)
    verify(customer)
    login(page, live_server.url, "S00001")
    for name in ("gate-board", "cleanup-progress", "cleanup-list"):
        page.goto(f"{live_server.url}{reverse(f'consent:{name}')}")
        settled(page, axe)
    page.goto(f"{live_server.url}{reverse('consent:verification-list', args=[customer.number])}")
    settled(page, axe)
