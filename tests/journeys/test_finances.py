"""A planner records what a customer tells, sees it fade, and sees the sums of the household: in a real browser."""

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from relations.models import FinancialFact, RiskProfile
from relations.rules import risk
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.relations.finances import days_ago, record, record_policy
from tests.relations.test_finance_households import household
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def planner(transactional_db: None) -> Staff:
    MASTER.put()
    return make_staff("FP", employee_number="F00001", name="정다은", password=PASSWORD, branch=make_branch())


@pytest.fixture
def customer(planner: Staff) -> Customer:
    """A customer of whom little is known, and that long ago."""
    made = make_customer(
        name="김하나", keeper_id="F00001", birth_date="1955-03-02", marketing_consent_on=timezone.localdate()
    )
    record(made, "ASSETS", 450_000_000, 480_000_000, as_of=days_ago(700), by=planner)
    record(made, "DEBTS", 70_000_000, 90_000_000, as_of=days_ago(2000), by=planner)
    record_policy(made, by=planner)
    return made


def tell(page: "Page") -> None:
    """Fill in where it comes from, and send."""
    today = timezone.localdate().isoformat()
    page.select_option("[name=told_by]", "CUSTOMER")
    page.fill("[name=consented_on]", today)
    page.select_option("[name=consent_method]", "FACE")
    page.click("form.card-body button[type=submit]")


def test_a_planner_records_income_and_profile_sees_age_and_withdraws(page: "Page", axe, live_server, customer):
    login(page, live_server.url, "F00001")
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    settled(page, axe)
    page.click("#finances .panel-foot a")
    page.wait_for_selector("#finances-now")
    settled(page, axe)
    ages = page.locator(".finance-facts .finance-strength")
    strengths = [float(ages.nth(place).get_attribute("value")) for place in range(ages.count())]
    assert [strength < 50 for strength in strengths] == [True, True]

    page.click("a[href$='/record/income/']")
    page.wait_for_selector("[name=band]")
    settled(page, axe)
    page.select_option("[name=band]", "3")
    tell(page)
    page.wait_for_selector("#finances-now")
    assert FinancialFact.objects.filter(kind="INCOME", low=30_000_000, high=50_000_000, customer=customer).count() == 1

    page.click("a[href$='/risk/record/']")
    page.wait_for_selector("[name=LOSS]")
    settled(page, axe)
    for question in risk.QUESTIONNAIRES[risk.LATEST].questions:
        page.check(f"[name={question.code}] >> nth=1")
    tell(page)
    page.wait_for_selector("#finances-now")
    settled(page, axe)
    assert RiskProfile.objects.get().level == 2

    page.click("#finances-now >> xpath=ancestor::main >> css=a[href*='/facts/'] >> nth=0")
    page.fill("[name=reason]", "다른 고객의 것")
    settled(page, axe)
    page.click("form.card-body button[type=submit]")
    page.wait_for_selector("#finances-withdrawn")
    settled(page, axe)
    assert FinancialFact.objects.exclude(withdrawn_at=None).count() == 1


def test_the_page_of_a_household_adds_what_may_be_added_and_says_who_is_left_out(
    page: "Page", axe, live_server, customer
):
    far = make_customer(name="최세라", keeper_id="F00009", marketing_consent_on=timezone.localdate())
    record(far, "ASSETS", 10, 20)
    home = household(customer, far)
    login(page, live_server.url, "F00001")

    page.goto(f"{live_server.url}{reverse('relations:household-detail', args=[home.pk])}")

    settled(page, axe)
    told = page.inner_text("#household-finances")
    assert "3억" in told
    assert "10억" in told
    assert "최세라" not in told
    assert page.locator("#household-finances .finance-out").last.inner_text().startswith("1")
