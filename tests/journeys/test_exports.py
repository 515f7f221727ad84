"""A list above the ceiling goes out by two people and is destroyed, and a page is printed: in a real browser."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accounts.models import AccessEntry, Export
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ("강나루", "=HYPERLINK(1)", "한결")


@pytest.fixture
def stock(transactional_db: None, settings) -> None:
    """An installation with a steward whose ceiling is low, a lead, a privacy officer, and three customers."""
    MASTER.put()
    settings.EXPORT_CEILINGS = settings.EXPORT_CEILINGS | {"DATA_STEWARD": 2}
    branch = make_branch()
    staff = {"steward": "DATA_STEWARD", "lead": "STEWARD_LEAD", "privacy": "PRIVACY_OFFICER"}
    for number, role in staff.items():
        make_staff(role, employee_number=number, password=PASSWORD, branch=branch)
    for place, name in enumerate(NAMES):
        make_customer(name=name, grade="VIP", mobile=f"0102345678{place}")


def as_another(page: "Page", url: str, number: str) -> None:
    page.context.clear_cookies()
    login(page, url, number)


def test_a_list_goes_out_by_two_people_and_its_copy_comes_to_an_end(page: "Page", axe, live_server, worker, stock):
    url = live_server.url
    login(page, url, "steward")
    page.goto(f"{url}/accounts/exports/")
    settled(page, axe)
    page.goto(f"{url}/customers/?grade=VIP")
    settled(page, axe)
    page.click("a[href*='/exports/new/customers/']")
    page.wait_for_selector("#export-count")
    settled(page, axe)
    page.check("[name=format][value=CSV]")
    page.fill("[name=reason]", "우수고객 연락처 정비 대상 확인")
    page.click("#export-form button[type=submit]")
    page.wait_for_selector("#export-facts")
    settled(page, axe)
    assert Export.objects.get().state == "PROPOSED"

    as_another(page, url, "lead")
    page.goto(f"{url}/accounts/exports/?show=waiting")
    settled(page, axe)
    page.click("#exports a")
    page.wait_for_selector("#export-decide")
    settled(page, axe)
    page.fill("[name=comment]", "정비 대상이 맞습니다.")
    page.click("form[action$='/approve/'] button")
    page.wait_for_selector("#export-decide", state="detached")

    as_another(page, url, "steward")
    settled(page, axe)
    page.goto(f"{url}/accounts/exports/")
    page.click("#exports a")
    page.wait_for_selector("#export-download", timeout=60_000)
    settled(page, axe)
    with page.expect_download() as download:
        page.click("#export-download")
    content = Path(download.value.path()).read_text("utf-8-sig")
    export = Export.objects.get()
    assert download.value.suggested_filename == f"HX-{export.pk:06d}.csv"
    assert [name in content for name in ("강나루", "'=HYPERLINK(1)", "steward")] == [True, True, True]

    page.goto(f"{url}/accounts/exports/verify/")
    settled(page, axe)
    page.set_input_files("[name=upload]", download.value.path())
    page.click("#verify-form button[type=submit]")
    page.wait_for_selector("#verified #exports")
    settled(page, axe)

    page.click("#exports a")
    page.click("form[action$='/destroyed/'] button")
    page.wait_for_selector("#export-destroyed[open]")
    with page.expect_navigation():
        page.click("#export-destroyed button[value=yes]")
    export.refresh_from_db()
    assert (export.state, export.destroyed_at is not None, export.downloaded_count) == ("EXPIRED", True, 1)

    as_another(page, url, "privacy")
    page.goto(f"{url}/accounts/exports/?show=all")
    settled(page, axe)


def test_printing_is_on_the_trail_and_every_sheet_says_who(page: "Page", live_server, stock):
    for number in range(120):
        make_customer(name=f"인쇄{number}")
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/")
    page.wait_for_selector("table")

    with page.expect_response("**/accounts/printed/") as noted:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert noted.value.status == 204
    entry = AccessEntry.objects.filter(kind="PRINT", employee_number="steward").order_by("-at").first()
    assert (entry.count, "customers:customer-list" in entry.conditions) == (50, True)
    page.emulate_media(media="print")
    foot = page.locator("#print-mark")
    assert (foot.is_visible(), "steward" in foot.inner_text()) == (True, True)
    assert foot.evaluate("(mark) => getComputedStyle(mark).display") == "table-footer-group"  # repeated on every sheet
