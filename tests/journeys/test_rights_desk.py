"""A letter comes, and the desk answers it: register, identity, acceptance, decisions, pack, told, in a browser."""

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from accounts.models import Staff
from consent.models import RightsRequest
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.consent.desk import asker
from tests.customers.builders import contract, feed, party
from tests.journeys.test_feeds import login, settled
from tests.snapshots import CONSENT, MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def officer(transactional_db: None) -> Staff:
    """An installation with a customer who has a contract, and a privacy officer."""
    MASTER.put()
    CONSENT.put()
    branch = make_branch()
    asker(source_key="K1", company_name="한빛상사")
    feed([contract()], layout="contracts")
    feed([party(party_source_key="K1")], layout="parties")
    return make_staff("PRIVACY_OFFICER", employee_number="privacy", password=PASSWORD, branch=branch, name="서유진")


@pytest.fixture
def picture(page: "Page") -> Callable[[str], None]:
    """Keep a picture of the page at both widths where HANNUN_PICTURES names a folder."""

    def keep(name: str) -> None:
        if folder := os.environ.get("HANNUN_PICTURES"):
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 960})
                page.screenshot(path=f"{folder}/rights-{name}-{width}.png", full_page=True)

    return keep


def test_a_letter_is_answered_with_a_pack(page: "Page", axe, live_server, officer, picture):
    at = f"{live_server.url}/consent/rights"
    login(page, live_server.url, "privacy")
    page.goto(f"{at}/register/")
    settled(page, axe)
    picture("kinds")
    page.click("a[href='?kind=ACCESS']")
    settled(page, axe)
    picture("register")
    page.uncheck("input[name=items][value=PURPOSES]")
    page.fill("[name=wording]", "보관하고 계신 제 정보와, 누가 무엇 때문에 보았는지 알려 주십시오.")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".desk-number")
    settled(page, axe)
    picture("receipt")
    request = RightsRequest.objects.get()
    assert request.number in page.inner_text(".desk-number")

    page.click("main a.btn-primary")
    settled(page, axe)
    picture("received")
    page.click(f"a[href$='/rights/{request.pk}/identify/']")
    page.fill("#desk-q", "김하나")
    page.press("#desk-q", "Enter")
    page.click(".desk-hits a")
    page.fill("[name=how]", "주민등록증 사본 A-17, 우편 도장")
    settled(page, axe)
    picture("identify")
    page.click("main form[method=post] button[type=submit]")
    page.click("form[action$='/accept/'] button")
    settled(page, axe)
    picture("accepted")
    for code in ("DATA", "RETENTION", "PROVISION", "CONSENTS"):
        decide(page, request, code, "GRANTED")
    decide(page, request, "LOOKS", "REFUSED", picture)

    page.click("form[action$='/pack/make/'] button")
    page.wait_for_selector("#packs")
    settled(page, axe)
    picture("pack")
    with page.expect_download() as taken:
        page.click("button[value=PDF]")
    told = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(taken.value.path().read_bytes())).pages)
    assert "김하나" in told
    assert "010-7391-0624" in told
    assert "수사" in told
    if folder := os.environ.get("HANNUN_PICTURES"):
        taken.value.save_as(f"{folder}/rights.pdf")
    page.goto(f"{at}/{request.pk}/letter/")
    settled(page, axe)
    picture("letter")
    page.goto(f"{at}/{request.pk}/")
    page.fill("[name=tell-how]", "등기우편 2026-11-23 제17호")
    page.click("form[action$='/tell/'] button")
    settled(page, axe)
    picture("answered")
    request.refresh_from_db()
    assert (request.state, request.told_how) == ("ANSWERED", "등기우편 2026-11-23 제17호")
    page.goto(f"{at}/?state=ALL")
    settled(page, axe)
    picture("list")
    customer = Customer.objects.get()
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    assert request.number in page.inner_text("#rights")


def decide(
    page: "Page", request: RightsRequest, code: str, decision: str, picture: Callable[[str], None] | None = None
) -> None:
    """Decide about an item by its page."""
    item = request.items.get(item=code)
    page.click(f"a[href$='/rights/items/{item.pk}/decide/']")
    page.check(f"input[name=decision][value={decision}]")
    if decision == "REFUSED":
        page.fill("[name=clause]", "개인정보 보호법 제35조 제4항")
        page.fill("[name=explanation]", "수사가 진행되는 동안에는 알려 드릴 수 없습니다.")
        page.fill("[name=until]", "2027-03-31")
    if picture:
        picture("decide")
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_selector("#items")
