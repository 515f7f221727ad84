"""A steward changes the cuts and rehearses them, an administrator puts them to use and takes them back."""

from typing import TYPE_CHECKING

import pytest

from customers.models import MatchModel, MatchRun, Rehearsal
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import feed, person
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def stock(transactional_db: None) -> None:
    """An installation with a few customers of several records, a steward and an administrator."""
    MASTER.put()
    branch = make_branch()
    for number, role in (("steward", "DATA_STEWARD"), ("admin", "ADMINISTRATOR")):
        make_staff(role, employee_number=number, password=PASSWORD, branch=branch, name="정다은")
    names = ("김하나", "박서준", "이도윤")
    people = [
        {"name": name, "mobile": f"010-2345-678{n}", "birth_date": f"198{n}-03-02"} for n, name in enumerate(names)
    ]
    feed([person(**cells) for cells in people for _twice in range(2)])
    feed([person(**people[0], address="서울 강남구 역삼로 1")], "TM")


def test_cuts_are_changed_rehearsed_put_to_use_and_rolled_back(page: "Page", axe, live_server, worker, stock):
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/matching/models/")
    settled(page, axe)
    page.click("a[href$='/models/draft/']")
    page.wait_for_selector("#draft-cuts")
    settled(page, axe)
    page.fill("[name=comment]", "같은 이름과 생년월일만으로는 잇지 않기")
    page.fill("[name=cut0-auto]", "-7")
    page.click("main button[type=submit]")
    page.wait_for_selector(".form-error")
    settled(page, axe)
    page.fill("[name=cut0-auto]", "50")
    page.fill("[name=person-name-exact]", "8.5")
    page.click("main button[type=submit]")
    page.wait_for_selector("#model-changes")
    settled(page, axe)

    page.click("form[action$='/rehearse/'] button")
    page.wait_for_url("**/matching/rehearsals/*/")
    page.wait_for_selector("#samples", timeout=60_000)
    settled(page, axe)
    assert Rehearsal.objects.get().counts["customers_split"] == 3
    page.click(".match-tabs a[href*='show=split']")
    page.wait_for_selector(".match-tabs a[href*='show=split'][aria-current]")
    settled(page, axe)
    page.click(".match-pairs .cell-name a")
    page.wait_for_selector("#sample-title")
    settled(page, axe)

    page.context.clear_cookies()
    login(page, live_server.url, "admin")
    page.goto(f"{live_server.url}/customers/matching/models/1/")
    page.wait_for_selector("#samples")
    settled(page, axe)
    page.click("form[action$='/publish/'] button")
    with page.expect_navigation():
        page.click("#publish button[value=yes]")
    page.wait_for_selector(".alert-success")
    settled(page, axe)
    assert MatchModel.objects.get().state == "LIVE"
    page.click("form[action$='/roll-back/'] button")
    with page.expect_navigation():
        page.click("#roll-back button[value=yes]")
    page.wait_for_url("**/matching/models/0/")
    settled(page, axe)

    assert (MatchModel.objects.get().state, MatchRun.objects.count()) == ("RETIRED", 0)
