"""The privacy officer records a breach, finds the affected on the trail, tells them and closes it; and looks at what
leaves the house, at the numbers of the law and at the whole company: in a real browser."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from consent.demo.outflows import seed
from consent.models import Breach
from consent.services.breaches_draws import resume_draws
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.consent.outflowing import WORDS, looked
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT, MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def officer(transactional_db: None) -> Staff:
    MASTER.put()
    CONSENT.put()
    return make_staff(
        "PRIVACY_OFFICER", employee_number="privacy", name="서유진", password=PASSWORD, branch=make_branch()
    )


def test_a_breach_from_the_first_word_to_its_end(page: "Page", axe, live_server, officer):
    customer, now = make_customer(name="김하나"), timezone.now()
    looked([customer.pk], now - timedelta(hours=5))
    login(page, live_server.url, "privacy")

    page.goto(live_server.url + reverse("consent:breach-record"))
    settled(page, axe)
    page.select_option("[name=kind]", "LEAK")
    page.fill("[name=known_at]", f"{timezone.localtime(now - timedelta(hours=1)):%Y-%m-%dT%H:%M}")
    page.fill("[name=circumstances]", WORDS["circumstances"])
    page.check("[name=items][value=mobile]")
    page.click("form.flow-form button[type=submit]")
    page.wait_for_selector("#breach-duties")
    settled(page, axe)

    page.click(".page-title-row a.btn-primary")
    page.wait_for_selector("[name=protection]")
    for name in ("protection", "response", "contact"):
        page.fill(f"[name={name}]", WORDS[name])
    settled(page, axe)
    page.click("form.flow-form button[type=submit]")
    page.wait_for_selector("#breach-duties")

    page.click("details.breach-act >> nth=0 >> summary")
    page.fill("#draw_first", f"{timezone.localtime(now - timedelta(hours=9)):%Y-%m-%dT%H:%M}")
    page.fill("#draw_last", f"{timezone.localtime(now):%Y-%m-%dT%H:%M}")
    page.fill("#draw_reason", "도용된 계정이 본 화면")
    settled(page, axe)
    page.click("details.breach-act >> nth=0 >> button[type=submit]")
    page.wait_for_selector("#breach-draws progress, #breach-draws .breach-draws")
    resume_draws()
    page.goto(live_server.url + reverse("consent:breach-affected", args=[Breach.objects.get().pk]))
    settled(page, axe)
    page.check("[name=customer]")
    page.select_option("#sent_channel", "SMS")
    page.fill("#sent_sent_at", f"{timezone.localtime(now):%Y-%m-%dT%H:%M}")
    page.fill("#sent_proof", "발송 2026-11")
    page.click("fieldset button.btn-primary")
    page.wait_for_selector("text=발송 2026-11")

    page.goto(live_server.url + reverse("consent:breach-detail", args=[Breach.objects.get().pk]))
    page.click("details.breach-act >> nth=-1 >> summary")
    page.fill("#close_note", "대응 완료")
    page.click("details.breach-act >> nth=-1 >> button[type=submit]")
    page.wait_for_selector(".breach-clock.is-ended")
    settled(page, axe)
    assert Breach.objects.get().state == "CLOSED"


def test_what_leaves_the_house_the_numbers_and_the_whole_company(page: "Page", axe, live_server, officer):
    make_staff("COMPLIANCE_OFFICER", employee_number="compliance")
    for _each in range(5):
        make_customer()
    seed(timezone.now())
    login(page, live_server.url, "privacy")
    settled(page, axe)
    breach = Breach.objects.get(state="OPEN")
    pages = ["outflow-list", "outflow-recipients", "outflow-record", "breach-list", "number-list", "wall"]
    urls = [reverse(f"consent:{name}") for name in pages]
    urls += [reverse(f"consent:breach-{verb}", args=[breach.pk]) for verb in ("detail", "affected", "letter")]
    urls.append(reverse("consent:number-set") + "?name=breach_hours")

    for url in urls:
        page.goto(live_server.url + url)
        settled(page, axe)

    page.goto(live_server.url + urls[0])
    page.click("table a >> nth=0")
    page.wait_for_selector("#flow-facts")
    settled(page, axe)
