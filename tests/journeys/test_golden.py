"""A steward pins and corrects values and takes that back; a draft of rules is rehearsed and put to use by another: in a
real browser."""

from typing import TYPE_CHECKING

import pytest

from customers.models import Customer, GoldenRules
from customers.services import golden_rules
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import feed, make_rrn, person
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A customer of three sources that disagree, a steward and the lead of the stewards."""
    golden_rules.version_of.cache_clear()
    MASTER.put()
    branch = make_branch()
    for number, role, name in (("steward", "DATA_STEWARD", "정다은"), ("lead", "STEWARD_LEAD", "문태양")):
        make_staff(role, employee_number=number, name=name, password=PASSWORD, branch=branch)
    same = {"name": "김하나", "rrn": make_rrn("850302", 2)}
    feed([person(**same, mobile="010-1111-2222", address="서울 강남구 테헤란로 12", as_of="2025-03-01")])
    feed([person(**same, mobile="010-3333-4444", email="hana@example.kr", as_of="2026-05-01")], "BANCA")
    feed([person(**same, mobile="010-5555-6666", as_of="2026-10-01")], "TM")
    return Customer.objects.get()


def test_a_steward_pins_corrects_and_takes_back_with_the_keyboard(page: "Page", axe, live_server, customer):
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    page.focus("#why-mobile > summary")
    page.keyboard.press("Enter")
    settled(page, axe)

    page.click("#why-mobile .why-table a >> nth=0")
    page.wait_for_selector("input[name=record]:checked")
    settled(page, axe)
    page.focus("select[name=reason_code]")
    page.keyboard.press("Enter")
    page.select_option("select[name=reason_code]", "CUSTOMER_SAID")
    page.fill("textarea[name=comment]", "본인 확인 통화")
    page.click("form.card-body button[type=submit]")
    page.wait_for_url("**/#reason-mobile")
    customer.refresh_from_db()
    assert customer.mobile != "01055556666"

    settled(page, axe)
    page.click("a[href$='/correct/mobile/']")
    page.wait_for_selector("input[name=mobile]")
    settled(page, axe)
    page.keyboard.type("없음")
    page.select_option("select[name=reason_code]", "DOCUMENT")
    page.keyboard.press("Tab")
    page.click("form.card-body button[type=submit]")
    page.wait_for_selector(".form-error")
    settled(page, axe)
    page.fill("input[name=mobile]", "010-9876-5432")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#reason-mobile")
    customer.refresh_from_db()
    assert (customer.mobile, customer.record_count) == ("01098765432", 4)

    page.goto(f"{live_server.url}{customer.get_absolute_url()}wishes/")
    settled(page, axe)
    for _act in range(2):
        page.click("form[action$='/take-back/'] button >> nth=0")
        page.click("#take-back button[value=yes]")
        page.wait_for_load_state("load")
    page.wait_for_selector(".empty")
    settled(page, axe)
    customer.refresh_from_db()
    assert (customer.mobile, customer.record_count) == ("01055556666", 3)

    page.click("a[href$='/prefer/']")
    page.wait_for_selector("select[name=source]")
    settled(page, axe)


def test_a_draft_is_rehearsed_and_put_to_use_by_another(page: "Page", axe, live_server, worker, customer):
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/golden-rules/")
    settled(page, axe)
    page.click("a[href$='/golden-rules/draft/']")
    page.wait_for_selector("select[name=mobile-place1]")
    settled(page, axe)
    page.select_option("select[name=mobile-place1]", "TRUST")
    page.fill("textarea[name=comment]", "휴대전화는 신뢰도가 높은 원천을 우선")
    page.click("button[type=submit] >> text=초안 저장")
    page.wait_for_selector(".form-error")
    settled(page, axe)
    page.select_option("select[name=mobile-place3]", "CERTAINTY")
    page.click("button[type=submit] >> text=초안 저장")
    page.wait_for_selector("#rules-title")
    settled(page, axe)

    page.click("form[action$='/rehearse/'] button")
    page.wait_for_selector(".golden-counts", timeout=60_000)
    settled(page, axe)
    assert (GoldenRules.objects.get().state, customer.mobile) == ("DRAFT", "01055556666")
    page.click(".golden-counts a")
    page.wait_for_selector(".golden-samples")
    settled(page, axe)

    page.context.clear_cookies()
    login(page, live_server.url, "lead")
    page.goto(f"{live_server.url}/customers/golden-rules/1/")
    page.click("form[action$='/publish/'] button")
    page.click("#publish button[value=yes]")
    page.wait_for_selector("form[action$='/roll-back/']")
    settled(page, axe)
    for _try in range(100):
        customer.refresh_from_db()
        if customer.mobile == "01011112222":
            break
        page.wait_for_timeout(100)
    assert customer.mobile == "01011112222"
    page.goto(f"{live_server.url}/customers/golden-rules/")
    settled(page, axe)
