"""A planner registers a prospect, another one claims it, and the desk decides; at a desk and in hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from relations.models import Prospect
from tests.accounts.builders import PASSWORD, make_branch, make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, HAND = {"width": 1440, "height": 960}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
PERSON = {"name": "한여름", "mobile": "010-2345-6789", "birth_date": "1991-07-08"}


@pytest.fixture
def people(transactional_db: None, master: None) -> dict[str, Staff]:
    """Two planners of two branches, and somebody of the desk."""
    words = {"password": PASSWORD, "language": "en"}
    return {
        "first": make_staff("FP", employee_number="first", name="김보람", branch=make_branch(), **words),
        "second": make_staff("FP", employee_number="second", name="이도윤", branch=make_branch(), **words),
        "judge": make_staff("STEWARD_LEAD", employee_number="judge", name="문태양", branch=make_branch(), **words),
    }


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


def ask(page: "Page", live_server: object) -> None:
    """Type the person, and hear whether somebody is there."""
    page.goto(f"{live_server.url}/relations/prospects/register/")
    for name, text in PERSON.items():
        page.fill(f"[name={name}]", text)
    page.click("button[value=check]")
    page.wait_for_selector("#answer-word")


def consent(page: "Page", days: int) -> None:
    page.select_option("[name=path]", "REFERRAL")
    page.fill("[name=consent_evidence]", "동의서 12호")
    page.fill("[name=expires_on]", (timezone.localdate() + timedelta(days=days)).isoformat())


@SIZES
def test_a_prospect_is_registered_claimed_and_given_to_the_one_who_met_the_person_first(
    page, live_server, people, axe, size
):
    page.set_viewport_size(size)
    log_in(page, live_server, "first")
    page.goto(f"{live_server.url}/relations/prospects/register/")
    settled(page, axe)
    ask(page, live_server)
    assert page.inner_text("#answer-word") == "Nobody is there"
    settled(page, axe)
    consent(page, 6)
    page.click("button[value=register]")
    page.wait_for_selector(".prospect-number")
    settled(page, axe)
    page.goto(f"{live_server.url}/relations/prospects/")
    page.wait_for_selector("text=6 days left")
    settled(page, axe)
    page.goto(f"{live_server.url}/")
    settled(page, axe)
    page.click("main >> text=한여름")
    page.click("text=Note a contact")
    page.wait_for_selector("text=The contact was noted.")
    settled(page, axe)

    log_in(page, live_server, "second")
    ask(page, live_server)
    assert page.inner_text("#answer-word") == "The person is there already"
    settled(page, axe)
    consent(page, 200)
    page.fill("[name=statement]", "세미나에서 먼저 만났습니다")
    page.click("button[value=ask]")
    page.wait_for_selector("text=The question is before the desk.")
    settled(page, axe)

    log_in(page, live_server, "judge")
    page.goto(f"{live_server.url}/relations/prospects/disputes/")
    settled(page, axe)
    page.click("main >> text=Claim to a prospect")
    page.wait_for_selector("text=The two side by side")
    settled(page, axe)
    page.check("[name=outcome][value=UPHELD]")
    page.select_option("[name=reason]", "EARLIER_CONTACT")
    page.fill("[name=finding]", "세미나 참석 기록 확인")
    page.click("text=Decide and tell both sides")
    page.wait_for_selector("text=both sides were told")
    settled(page, axe)
    page.goto(f"{live_server.url}/relations/prospects/fairness/")
    settled(page, axe)

    assert dict(Prospect.objects.values_list("fp__employee_number", "state")) == {
        "first": "RELEASED",
        "second": "ACTIVE",
    }
    assert Customer.objects.get().keeper == people["second"]
