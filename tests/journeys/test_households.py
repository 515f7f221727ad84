"""A steward has the stock searched for households, decides by keyboard alone, and lets life go on, in a browser."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accounts.models import Branch, Staff
from accounts.services import load_organisation
from customers.demo import generate
from customers.models import Customer
from customers.services.demonstration import load_entry, manifest_of
from relations.models import Household, HouseholdRun, HouseholdSuggestion
from relations.services.household_runs import do_search
from tests.accounts.builders import PASSWORD, make_staff
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def steward(transactional_db: None, tmp_path: Path) -> Staff:
    """An installation with a small stock, and a steward."""
    MASTER.put()
    generate(400, 5, tmp_path, canonical=True)
    load_organisation(tmp_path / "branches.csv", tmp_path / "staff.csv")
    for entry in manifest_of(tmp_path):
        load_entry(tmp_path, entry)
    branch = Branch.objects.order_by("path").first()
    return make_staff("DATA_STEWARD", employee_number="steward", password=PASSWORD, branch=branch, name="정다은")


@pytest.fixture
def picture(page: "Page") -> Callable[[str], None]:
    """Keep a picture of the page at both widths where HANNUN_PICTURES names a folder."""

    def keep(name: str) -> None:
        if folder := os.environ.get("HANNUN_PICTURES"):
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 960})
                page.screenshot(path=f"{folder}/household-{name}-{width}.png", full_page=True)

    return keep


def test_a_steward_searches_decides_and_lets_life_go_on(page: "Page", axe, live_server, steward, picture):
    at = f"{live_server.url}/relations/households"
    login(page, live_server.url, "steward")
    page.goto(f"{at}/suggestions/")
    settled(page, axe)
    page.click("form[action$='/searches/request/'] button")
    run = HouseholdRun.objects.get()
    picture("run-waiting")
    do_search(run=run)
    page.wait_for_selector("#run-outcome")
    settled(page, axe)
    picture("run")

    page.goto(f"{at}/suggestions/")
    settled(page, axe)
    picture("suggestions")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#decide-title")
    settled(page, axe)
    picture("suggestion")
    with page.expect_navigation():
        page.keyboard.press("1")
    with page.expect_navigation():
        page.keyboard.press("2")

    assert sorted(HouseholdSuggestion.objects.exclude(state="OPEN").values_list("state", flat=True))[:2] == [
        "CONFIRMED",
        "REFUSED",
    ]
    household = Household.objects.get()
    page.goto(f"{at}/")
    settled(page, axe)
    picture("list")
    page.goto(f"{at}/{household.pk}/split/")
    page.check("[name=leavers] >> nth=1")
    page.select_option("[name=because]", "DIVORCE")
    page.click("button[name=preview]")
    page.wait_for_selector(".home-events")
    settled(page, axe)
    picture("split")
    assert Household.objects.count() == 1
    page.click("main form button[type=submit]:not([name=preview])")
    page.wait_for_selector("#household-now")
    assert Household.objects.count() == 2
    page.goto(f"{at}/{household.pk}/")
    settled(page, axe)
    picture("household")
    page.goto(f"{at}/{household.pk}/members/add/")
    settled(page, axe)
    picture("form")
    page.goto(f"{at}/refusals/")
    settled(page, axe)
    picture("refusals")
    member = Customer.objects.filter(memberships__household=household, memberships__ended_at=None).first()
    page.goto(f"{live_server.url}{member.get_absolute_url()}")
    assert household.number in page.inner_text("#households")
    picture("panel")
