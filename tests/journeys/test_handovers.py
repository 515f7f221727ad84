"""A file of the personnel department moves a whole branch: preview, answers, refusal with the list, nobody left."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from relations import tasks
from relations.models import Handover
from relations.reports import keepers as keeper_reports
from relations.reports import orphans as orphan_reports
from relations.reports.orphans import orphan_counts
from relations.rules.distribution import WEIGHTS
from relations.services import keepers
from relations.services.keepers_rows import adopt_keepers
from tests.accounts.builders import PASSWORD, make_staff
from tests.customers.builders import write_file
from tests.journeys.test_feeds import HAND, login, settled
from tests.relations.keeping import draft, make_kept, make_places, make_planner
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def company(transactional_db: None) -> dict[str, object]:
    """A branch with three planners and eight customers, a neighbour with two planners, and the manager of the first."""
    MASTER.put()
    found: dict[str, object] = dict(make_places())
    found["manager"] = make_staff(
        "BRANCH_MANAGER", branch=found["one"], employee_number="M1", password=PASSWORD, job="지점장", name="오세훈"
    )
    for number, place in (("F1", "one"), ("F2", "one"), ("F3", "one"), ("F4", "two"), ("F5", "two")):
        found[number] = make_planner(number, found[place], password=PASSWORD)
    for number in ("F1", "F2", "F3"):
        make_kept(number, "B001", 3 if number == "F1" else 2)
    vip = make_kept("F1", "B001")[0]
    Customer.objects.filter(pk=vip.pk).update(grade="VIP")
    adopt_keepers(at=timezone.now())
    keepers.assign_keeper(
        customer=vip, staff=found["F1"], kind="MANAGER", why="GRADE", at=timezone.now(), by=found["manager"]
    )
    return found


def press(page: "Page", form: str, dialog: str = "") -> None:
    """Send a form, and say yes to what it asks."""
    page.click(f"form[action$='/{form}/'] button")
    if dialog:
        with page.expect_navigation():
            page.click(f"#{dialog} button[value=yes]")


def leave(page: "Page") -> None:
    page.context.clear_cookies()


def test_a_file_moves_a_whole_branch_and_nobody_is_left(page: "Page", axe, live_server, worker, company):
    url = live_server.url
    day = timezone.localdate() + timedelta(days=6)
    rows = f"사번,구분,발령지점,발령일\nF1,퇴사,,{day}\nF2,전보,B003,{day}\nF3,해촉,,{day}\nF99,퇴사,,{day}\n"
    login(page, url, "M1")
    page.goto(f"{url}/relations/handovers/")
    settled(page, axe)
    page.goto(f"{url}/relations/handovers/plan/")
    settled(page, axe)
    page.fill("[name=title]", "12월 정기 인사이동")
    page.fill("[name=takes_effect_on]", day.isoformat())
    page.set_input_files("[name=upload]", str(write_file(rows.encode("cp949"))))
    page.click("form[enctype] button[type=submit]")
    page.wait_for_selector("#handover-state", timeout=60_000)
    settled(page, axe)
    handover = Handover.objects.get()
    assert (handover.items.count(), handover.items.filter(to_staff=None).count()) == (8, 0)
    assert page.locator("#refused-rows").count() == 1

    press(page, "offer", "handover-offer")
    settled(page, axe)
    page.goto(f"{url}/relations/handovers/{handover.pk}/items/")
    settled(page, axe)
    receivers = sorted(handover.items.values_list("to_staff__employee_number", flat=True).distinct())
    assert receivers == ["F4", "F5"]

    leave(page)
    login(page, url, "F4")
    page.goto(f"{url}/relations/handovers/offered/")
    settled(page, axe)
    page.set_viewport_size(HAND)
    settled(page, axe)
    page.check("[name=all]")
    page.click("button[value=accept]")
    page.wait_for_selector("#offered-taken")

    leave(page)
    Handover.objects.update(takes_effect_on=timezone.localdate())
    login(page, url, "M1")
    page.goto(f"{url}/relations/handovers/{handover.pk}/")
    settled(page, axe)
    page.set_viewport_size({"width": 1440, "height": 960})
    press(page, "carry-out", "handover-carry-out")
    page.wait_for_selector("#handover-left-out", timeout=60_000)
    settled(page, axe)
    handover.refresh_from_db()
    assert (handover.state, {code for _pk, code in handover.left_out}) == ("REFUSED", {"NOT_ANSWERED"})
    assert Staff.objects.get(employee_number="F1").is_active
    assert set(Customer.objects.values_list("keeper", flat=True)) == {"F1", "F2", "F3"}

    page.fill(".handover-for [name=reason]", "휴가 중이라 대신 수락")
    with page.expect_navigation():
        page.click(".handover-for button")
    press(page, "carry-out", "handover-carry-out")
    page.wait_for_selector("#handover-state .bg-green-lt", timeout=60_000)
    settled(page, axe)

    handover.refresh_from_db()
    assert (handover.state, handover.done) == ("DONE", 8)
    assert set(Customer.objects.values_list("keeper", flat=True)) == {"F4", "F5"}
    leavers = Staff.objects.filter(employee_number__in=["F1", "F3"])
    assert [staff.is_active for staff in leavers] == [False, False]
    assert Staff.objects.get(employee_number="F2").branch == company["far"]
    lead = make_staff("STEWARD_LEAD")
    assert orphan_counts(lead, on=timezone.localdate()).open == 0
    page.goto(f"{url}/relations/keepers/")
    settled(page, axe)


def test_orphans_and_the_keepers_of_a_customer_on_a_screen(page: "Page", axe, live_server, company):
    url = live_server.url
    make_kept("F9", "B001", 3)
    make_kept("", "B001", 2)
    login(page, url, "M1")
    page.goto(f"{url}/relations/orphans/")
    settled(page, axe)
    page.set_viewport_size(HAND)
    settled(page, axe)
    page.click("button[name=all]")
    page.wait_for_selector(".empty")
    settled(page, axe)
    page.set_viewport_size({"width": 1440, "height": 960})
    customer = Customer.objects.filter(grade="VIP").get()
    page.goto(f"{url}/relations/{customer.number}/keepers/")
    settled(page, axe)
    page.goto(f"{url}/relations/keepers/unmanaged/")
    settled(page, axe)
    page.goto(f"{url}/relations/keepers/{company['F1'].pk}/terms/")
    settled(page, axe)
    page.goto(f"{url}{customer.get_absolute_url()}#keepers")
    settled(page, axe)


def test_a_planning_is_waited_for_on_its_page_and_one_that_failed_is_asked_for_again(page, axe, live_server, company):
    handover = draft((company["F1"], "LEAVES"), by=company["manager"], takes_effect_on=timezone.localdate())
    login(page, live_server.url, "M1")
    page.goto(f"{live_server.url}/relations/handovers/{handover.pk}/")
    assert page.locator("#handover-board progress").count() == 1
    settled(page, axe)
    Handover.objects.update(rules=WEIGHTS | {"CAPACITY": "much"})

    tasks.plan_handover(handover_id=handover.pk)

    page.wait_for_selector("#handover-planning .bg-red-lt")
    settled(page, axe)
    Handover.objects.update(rules=dict(WEIGHTS))
    with page.expect_navigation():
        press(page, "again")
    tasks.plan_handover(handover_id=handover.pk)
    page.wait_for_selector("#handover-state")
    settled(page, axe)
    press(page, "offer", "handover-offer")
    handover.refresh_from_db()
    assert (handover.state, handover.planning) == ("OFFERED", "")


def test_what_takes_long_to_count_comes_to_its_page_by_itself(page, axe, live_server, company, monkeypatch):
    monkeypatch.setattr(keeper_reports, "MANY", 1)
    monkeypatch.setattr(orphan_reports, "LONG", -1.0)
    make_kept("", "B001", 2)
    login(page, live_server.url, "M1")

    for path, found in (("keepers/", "#keeper-board:not([aria-busy]) tfoot"), ("orphans/", "#orphan-list table")):
        page.goto(f"{live_server.url}/relations/{path}")
        page.wait_for_selector(found)
        settled(page, axe)
        assert page.locator("[aria-busy=true]").count() == 0
