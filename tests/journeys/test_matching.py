"""A steward matches the whole stock and reads why, an administrator puts a new model to use: in a real browser."""

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from customers.models import MatchModel, MatchRun, SourceRecord, TruthCheck
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import feed, make_rrn, person
from tests.customers.matching import make_model, make_run
from tests.customers.test_match_pair_pages import make_pair
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def stock(transactional_db: None) -> None:
    """An installation with a few records, a steward and an administrator."""
    MASTER.put()
    branch = make_branch()
    for number, role in (("steward", "DATA_STEWARD"), ("admin", "ADMINISTRATOR")):
        make_staff(role, employee_number=number, password=PASSWORD, branch=branch)
    feed([person(mobile="010-2345-6789", rrn=make_rrn("850302", 2)), person(mobile="010-2345-6789")])


def test_a_steward_matches_the_whole_stock(page: "Page", axe, live_server, worker, stock):
    login(page, live_server.url, "steward")
    page.click("a[href='/customers/matching/']")
    page.wait_for_selector("#match-live")
    settled(page, axe)

    page.click("form[action$='/runs/request/'] button")
    page.wait_for_url("**/matching/runs/*/")
    page.wait_for_selector("#run-outcome", timeout=60_000)
    settled(page, axe)
    run = MatchRun.objects.get()
    assert (run.state, run.requested_by.employee_number, run.records) == ("DONE", "steward", 2)
    assert page.text_content("#match-announcement") == "작업이 끝났습니다: 완료."

    page.click("a[href$='/matching/models/0/']")
    page.wait_for_selector("#model-title")
    settled(page, axe)


def test_a_run_that_waits_for_a_worker_is_asked_to_stop(page: "Page", axe, live_server, stock):
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/matching/")

    page.click("form[action$='/runs/request/'] button")
    page.wait_for_selector("form[action$='/stop/']")
    settled(page, axe)
    page.click("form[action$='/stop/'] button")
    page.wait_for_selector("form[action$='/stop/']", state="detached")
    settled(page, axe)

    assert MatchRun.objects.get().is_stop_wanted


def test_a_version_that_cannot_be_learned_says_why(page: "Page", axe, live_server, worker, stock):
    login(page, live_server.url, "admin")
    page.goto(f"{live_server.url}/customers/matching/models/")

    page.click("form[action$='/models/request/'] button")
    page.wait_for_url("**/matching/models/1/")
    page.wait_for_selector("#match-model .alert-danger", timeout=60_000)
    settled(page, axe)

    assert MatchModel.objects.get().error == "TooLittleToLearn"
    # Only an end that comes while the page is open is announced, and so small a stock is soon read.
    assert page.text_content("#match-announcement").strip() in ("", "학습이 끝났습니다: 실패.")


def test_an_administrator_puts_a_draft_to_use(page: "Page", axe, live_server, stock):
    make_model(state="LIVE")
    make_model()
    login(page, live_server.url, "admin")
    page.goto(f"{live_server.url}/customers/matching/models/")
    settled(page, axe)

    page.click("a[href$='/models/2/']")
    page.wait_for_selector("#judged-1")
    for summary in page.query_selector_all("main summary"):
        summary.click()
    settled(page, axe)
    page.click("form[action$='/publish/'] button")
    with page.expect_navigation():
        page.click("#publish button[value=yes]")
    page.wait_for_selector(".alert-success")

    assert dict(MatchModel.objects.values_list("version", "state")) == {1: "RETIRED", 2: "LIVE"}


def test_a_steward_reads_why_records_are_together_or_not(page: "Page", axe, live_server, stock):
    make_pair(reason="NAME_MOBILE")
    make_run(hubs={"mobile": [[record.pk, 9, 12] for record in SourceRecord.objects.all()]})
    TruthCheck.objects.create(
        name="FEBRL 4", records=9, precision=1, recall=1, f1=1, cut=0, seconds=1, measured_at=timezone.now()
    )
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/matching/")

    page.click("main a[href='/customers/pairs/']")
    page.wait_for_selector(".match-pairs")
    settled(page, axe)
    page.click(".match-pairs .cell-name a")
    page.wait_for_selector(".match-waterfall")
    settled(page, axe)
    assert page.text_content("#pair-title") == "이름·휴대전화 일치, 생년월일 모름"

    page.click(".match-sides a[href*='/records/']")
    page.wait_for_selector("#why")
    settled(page, axe)
    for address in ("hubs", "truth"):
        page.goto(f"{live_server.url}/customers/matching/{address}/")
        settled(page, axe)
