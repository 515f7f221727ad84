"""A steward sends the list of a company's HR, has it checked, takes the rejects and applies it; its leaver becomes an
end of cover for the planner, and the campaign manager meets the wall: in a real browser."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from customers.models import Contract
from relations.demo.groups import workbook
from relations.models import CoverEnd, GroupMember, Roster, WallHit
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import contract, feed, make_rrn, party, person, write_file
from tests.relations.rosters import applied, employee, make_group
from tests.snapshots import MASTER
from tests.working import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, HAND = {"width": 1440, "height": 960}, {"width": 390, "height": 844}
RRN = make_rrn("850302", 2)


@pytest.fixture
def group(transactional_db: None) -> Contract:
    """An installation with a group contract of eight employees, one of whom is the planner's customer."""
    MASTER.put()
    branch = make_branch()
    for number, role in (("steward", "DATA_STEWARD"), ("campaign", "CAMPAIGN_MANAGER"), ("F00001", "FP")):
        make_staff(role, employee_number=number, password=PASSWORD, branch=branch)
    steward = make_staff("DATA_STEWARD")
    given = {"rrn": RRN, "fp_code": "F00001", "marketing_consent_on": "2026-01-01", "mobile": "010-2743-9381"}
    feed([person(source_key="K1", name="김하나", birth_date="1985-03-02", **given)])
    feed([contract(fp_code="F00001")], layout="contracts")
    feed([party(party_source_key="K1")], layout="parties")
    group = make_group()
    rows = [
        employee("1001", "김하나", 주민등록번호=RRN),
        employee("1001", "김별", "2015-05-05", 관계="자녀", 입사일=""),
    ]
    applied(group, [*rows, *others()], by=steward, on=date(2026, 10, 1))
    return group


def others() -> list[dict[str, str]]:
    """Seven more employees."""
    names = ("박두리", "최세라", "정네모", "한다솜", "오여름", "임가을", "서겨울")
    return [employee(f"{1002 + place}", name, f"19{70 + place}-04-0{place + 1}") for place, name in enumerate(names)]


def sent() -> Path:
    """The list of a month later as a workbook: one leaves, one joins, three rows cannot be taken."""
    titles = {
        "사번": "employee_no",
        "성명": "name",
        "주민등록번호": "rrn",
        "생년월일": "birth_date",
        "관계": "relation",
    }
    titles |= {"입사일": "joined_on", "퇴사일": "left_on"}
    rows = [employee("1001", "김하나", 주민등록번호=RRN, 퇴사일="2026-10-31"), *others()]
    rows += [employee("1100", "남새봄", "1999-09-09"), employee("1101", "문한결", "1999-02-30")]
    rows += [employee("1999", "문아이", "2019-02-03", 관계="자녀"), others()[0]]
    canonical = [{titles[title]: cell for title, cell in row.items()} for row in rows]
    return write_file(workbook(canonical), "xlsx")


def login(page: "Page", url: str, number: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=username]", number)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def settled(page: "Page", accessible: Callable[["Page"], None]) -> None:
    """At desk and in hand the page keeps the rules of accessibility and fits the window."""
    for size in (HAND, DESK):
        page.set_viewport_size(size)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_list_is_sent_checked_applied_and_its_leaver_told_to_the_planner(page, axe, live_server, worker, group):
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/relations/groups/")
    settled(page, axe)
    page.click(f"a[href$='/groups/{group.pk}/']")
    page.wait_for_selector(".members")
    settled(page, axe)

    page.click("a[href$='/rosters/upload/']")
    page.set_input_files("[name=upload]", sent())
    page.fill("[name=on]", "2026-11-01")
    settled(page, axe)
    page.click("form[enctype] button[type=submit]")
    page.wait_for_selector("form[action$='/apply/']", timeout=60_000)
    settled(page, axe)
    counts = Roster.objects.latest("pk").counts
    assert {action: counts[action] for action in ("JOIN", "CHANGE", "SAME", "LEAVE", "REJECT")} == {
        "JOIN": 1,
        "CHANGE": 0,
        "SAME": 7,
        "LEAVE": 2,
        "REJECT": 3,
    }

    with page.expect_download() as download:
        page.click("a[href$='/rejects/']")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["오류행", "11", "12", "13"]

    page.click("form[action$='/apply/'] button")
    wait_until(lambda: Roster.objects.latest("pk").state == "APPLIED")
    wait_until(lambda: not GroupMember.objects.filter(matched_at=None).exists())
    assert (CoverEnd.objects.get(fp__isnull=False).on, GroupMember.objects.count()) == (date(2026, 11, 1), 10)
    page.goto(f"{live_server.url}/relations/rosters/")
    settled(page, axe)

    login(page, live_server.url, "F00001")
    page.click("a[href$='/relations/cover-ends/']")
    settled(page, axe)
    page.click("form[action$='/see/'] button")
    wait_until(lambda: CoverEnd.objects.filter(seen_at__isnull=False).exists())
    page.wait_for_selector(".alert")


def test_the_campaign_manager_meets_the_wall(page, axe, live_server, group):
    login(page, live_server.url, "campaign")
    page.goto(f"{live_server.url}/relations/groups/{group.pk}/")
    settled(page, axe)

    assert page.locator("h1").count() == 1
    assert WallHit.objects.get().asked == "group-detail"
    page.hannun_errors.clear()  # the refusal itself
