"""Compliance words a text, a second person publishes it, and a clause of the law changes: in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.models import CleanupAsk, LawTask, Text
from consent.services.law_seeding import set_up_laws
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.consent.texting import answer, purpose
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT, MASTER


@pytest.fixture
def office(transactional_db: None) -> None:
    """A compliance officer, a privacy officer, and two customers who answered the first text of marketing."""
    MASTER.put()
    CONSENT.put()
    set_up_laws()
    branch = make_branch("H0")
    make_staff("COMPLIANCE_OFFICER", employee_number="compliance", password=PASSWORD, branch=branch)
    make_staff("PRIVACY_OFFICER", employee_number="privacy", password=PASSWORD, branch=branch)
    answer(make_customer()), answer(make_customer(), "REFUSED")


def test_a_text_is_worded_published_by_a_second_person_and_asked_again(page, axe, live_server, office):
    url, due = live_server.url, (timezone.localdate() + timedelta(days=60)).isoformat()
    login(page, url, "compliance")
    page.goto(f"{url}/consent/purposes/")
    settled(page, axe)
    page.goto(f"{url}/consent/purposes/{purpose().pk}/")
    settled(page, axe)
    page.click("a[href$='/draft/']")
    page.fill("[name=body]", "상품을 안내하고 가입을 권유하려고 연락합니다.")
    page.fill("[name=retention]", "필요한 동안")
    page.fill("[name=comment]", "문구를 쉽게 고침")
    page.check("[name=is_material]")
    page.fill("[name=ask_again_by]", due)
    settled(page, axe)
    page.click("form.text-form button[type=submit]")
    page.wait_for_selector(".is-missing")
    settled(page, axe)
    page.click("a[href$='/revise/']")
    page.fill("[name=retention]", "동의일부터 2년")
    page.click("form.text-form button[type=submit]")
    page.wait_for_selector(".alert-success")
    assert page.locator(".is-missing").count() == 0
    assert page.locator("form[action$='/publish/']").count() == 0
    draft = Text.objects.get(state="DRAFT")

    page.context.clear_cookies()
    login(page, url, "privacy")
    page.goto(f"{url}/consent/texts/{draft.pk}/")
    settled(page, axe)
    page.click("form[action$='/publish/'] button")
    page.click("#publish-text button[value=yes]")
    page.wait_for_url("**/again/")
    settled(page, axe)
    page.click("form[method=post][data-once] button.btn-primary")
    page.wait_for_selector(".alert-success")
    assert CleanupAsk.objects.get().kind == "RECONFIRM"
    settled(page, axe)


def test_a_changed_clause_becomes_tasks(page, axe, live_server, office):
    url = live_server.url
    login(page, url, "compliance")
    page.goto(f"{url}/consent/laws/")
    settled(page, axe)
    page.click("text=정보통신망 이용촉진 및 정보보호 등에 관한 법률")
    settled(page, axe)
    page.click("a[href$='/change/'] >> nth=-1")
    page.fill("[name=summary]", "수신 동의를 해마다 다시 확인한다.")
    page.fill("[name=starts_on]", "2027-06-01")
    settled(page, axe)
    page.click("form.text-form button[type=submit]")
    page.wait_for_selector(".alert-success")
    assert LawTask.objects.exists()
    for tail in ("tasks/", "reviews/", "owners/"):
        page.goto(f"{url}/consent/laws/{tail}")
        settled(page, axe)
    page.goto(f"{url}/consent/laws/tasks/")
    page.fill("[name=result] >> nth=0", "바꿀 것 없음")
    page.click(".law-finish button >> nth=0")
    page.wait_for_selector(".alert-success")
    assert LawTask.objects.exclude(done_at=None).get().result == "바꿀 것 없음"
