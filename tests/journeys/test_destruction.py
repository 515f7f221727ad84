"""From a proposal to a certificate in a browser: a hold in the way, approval, copies, the check of the fingerprint."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Staff
from consent.models import DestructionBatch, Hold, Recipient
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_staff
from tests.consent.retaining import LATELY, LONG_AGO, propose, sent
from tests.customers.services.test_interruption import committed
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT
from tests.working import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed"]


@pytest.fixture
def people(committed: None) -> dict[str, Staff]:
    """A compliance officer and a privacy officer."""
    CONSENT.put()
    Recipient.objects.exclude(code="WAREHOUSE").update(answers=False)
    return {
        "compliance": make_staff("COMPLIANCE_OFFICER", employee_number="C1", password=PASSWORD, name="한지우"),
        "privacy": make_staff("PRIVACY_OFFICER", employee_number="P1", password=PASSWORD, name="서유진"),
    }


def leave(page: "Page") -> None:
    page.context.clear_cookies()


def written(customer: Customer) -> str:
    return f"C-{customer.number[:9]}-{customer.number[9:]}"


def test_a_batch_goes_from_proposal_to_certificate(page: "Page", axe, live_server, worker, people):
    url, day = live_server.url, timezone.localdate()
    gone, held = sent("K1", ended=LONG_AGO, name="김파기"), sent("K2", name="박보류")
    login(page, url, "C1")
    page.goto(f"{url}/consent/{held.number}/holds/place/")
    settled(page, axe)
    page.fill("[name=reason]", "보험금 청구 소송이 진행 중입니다.")
    page.fill("[name=clause]", "민사소송법 제344조")
    page.fill("[name=review_on]", (day + timedelta(days=30)).isoformat())
    page.click(".batch-form button[type=submit]")
    page.wait_for_selector(".table")
    settled(page, axe)
    assert Hold.objects.get().customer == held

    page.goto(f"{url}/consent/destruction/propose/")
    settled(page, axe)
    page.select_option("[name=action]", "DESTROY")
    page.fill("[name=numbers]", f"{written(gone)}\n{written(held)}")
    page.fill("[name=clause]", "상법 제33조 제1항")
    page.fill("[name=basis]", "보유 기간이 지났습니다.")
    page.click(".batch-form button[type=submit]")
    page.wait_for_selector(".form-error")
    settled(page, axe)
    assert written(held) in page.inner_text(".form-error")
    page.fill("[name=numbers]", written(gone))
    page.click(".batch-form button[type=submit]")
    page.wait_for_selector("#batch-title")
    settled(page, axe)
    batch = DestructionBatch.objects.get()

    leave(page)
    login(page, url, "P1")
    page.goto(f"{url}/consent/destruction/")
    settled(page, axe)
    page.click(f"a:has-text('{batch.number}')")
    page.click("form[action$='/approve/'] button")
    page.click("#approve button[value=yes]")
    wait_until(lambda: DestructionBatch.objects.get().state == "DONE")
    page.reload()
    settled(page, axe)
    assert page.locator("a[href*='/copies/']").count() == 2

    for _copy in range(2):
        page.goto(f"{url}/consent/destruction/{batch.pk}/")
        page.click("a[href*='/copies/'] >> nth=0")
        settled(page, axe)
        page.click(".batch-form button[type=submit]")
        page.wait_for_selector("#batch-title")
    settled(page, axe)
    page.click("a[href$='/certificate/']")
    page.wait_for_selector(".certificate")
    settled(page, axe)
    batch.refresh_from_db()
    assert batch.digest in page.inner_text(".certificate")
    page.click("a[href*='fingerprint=']")
    page.wait_for_selector(".batch-verdict")
    settled(page, axe)
    assert page.locator(".batch-verdict .is-late").count() == 0

    answer = page.goto(f"{url}{gone.get_absolute_url()}")
    assert answer.status == 410
    assert "김파기" not in page.inner_text("main")
    page.hannun_errors.clear()  # the browser reports the answer 410


def test_separated_data_are_looked_at_for_a_reason(page: "Page", axe, live_server, worker, people):
    url = live_server.url
    apart = sent("K1", ended=LATELY, name="김분리", mobile="010-2345-6789")
    batch = propose([apart], action="SEPARATE", by=people["compliance"])
    login(page, url, "P1")
    page.goto(f"{url}/consent/destruction/{batch.pk}/")
    page.click("form[action$='/approve/'] button")
    page.click("#approve button[value=yes]")
    wait_until(lambda: DestructionBatch.objects.get().state == "CLOSED")

    page.goto(f"{url}/consent/{apart.number}/separated/")
    settled(page, axe)
    page.fill("[name=reason]", "보험금 지급 여부 확인")
    page.fill("[name=clause]", "신용정보법 제20조의2 제2항")
    page.click(".batch-form button[type=submit]")
    page.wait_for_selector("#separated-kinds")
    settled(page, axe)
    assert "정기보험" in page.inner_text("main")
    page.goto(f"{url}/consent/separated/")
    settled(page, axe)
    page.fill("[name=how]", "우편 안내")
    page.click("form[action$='/tell/'] button")
    page.wait_for_selector("text=우편 안내")
    page.goto(f"{url}/consent/retention/")
    settled(page, axe)
    page.goto(f"{url}/consent/retention/draft/")
    settled(page, axe)
    page.fill("[name=PROSPECT-months]", "24")
    page.fill("[name=comment]", "가망고객을 2년 보관합니다.")
    page.click("form[data-once] button[type=submit]")
    page.wait_for_selector("#rules-title")
    settled(page, axe)
