"""A steward finds a customer with the keyboard and reads why each value is what it is, in a real browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import contract, feed, make_customer, make_retired, make_rrn, party, person
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, HAND = {"width": 1440, "height": 960}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
ADDRESS = "경기도 성남시 분당구 판교역로192번길 14-2, 107동 3004호 (삼평동, 봇들마을7단지엔파트아파트)"


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A customer of three sources that disagree, with a contract, and 60 others."""
    MASTER.put()
    make_staff("DATA_STEWARD", employee_number="steward", password=PASSWORD, branch=make_branch())
    same = {"name": "강하늘", "birth_date": "1985-03-02", "rrn": make_rrn("850302", 2), "sex": "F"}
    feed([person(**same, source_key="P1", mobile="010-5111-2222", address=ADDRESS, as_of="2024-01-05")])
    feed(
        [person(**same, source_key="B1", mobile="010-3333-4444", email="haneul@example.kr", as_of="2025-06-07")],
        "BANCA",
    )
    feed([person(**same, source_key="T1", mobile="010-5111-2222", phone_home="000", as_of="2023-02-01")], "TM")
    feed([contract()], layout="contracts")
    feed([party(party_source_key="P1")], layout="parties")
    found = Customer.objects.get()
    for _number in range(60):
        make_customer(name="박서준", mobile="01052345678", grade="VIP")
    return found


@pytest.fixture
def steward(page: "Page", customer: Customer, live_server: object) -> "Page":
    """A browser in which the steward is logged in."""
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=username]", "steward")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#quick-search")
    return page


def sideways(page: "Page") -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def settled(page: "Page", accessible: Callable[["Page"], None]) -> None:
    """The page keeps the rules of accessibility and fits the window."""
    accessible(page)
    assert sideways(page) == 0


@SIZES
def test_from_the_search_key_to_the_history_of_a_customer(steward, customer, axe, size):
    steward.set_viewport_size(size)
    steward.keyboard.press("/")
    steward.keyboard.type("ㄱㅎㄴ")
    steward.wait_for_selector(".hit")
    settled(steward, axe)
    steward.keyboard.press("ArrowDown")
    assert steward.evaluate("document.activeElement.querySelector('.hit-name').innerText") == "강하늘 일반"
    steward.keyboard.press("Enter")
    steward.wait_for_url(f"**{customer.get_absolute_url()}")
    settled(steward, axe)

    steward.locator("#why-mobile > summary").press("Enter")
    why = steward.locator("#why-mobile .why-body").inner_text()
    change = steward.locator("#history .change").filter(has_text="휴대전화").first
    change.locator("summary").click()
    history = change.inner_text()

    assert "방카슈랑스(BANCA)의 값을 선택했습니다" in why
    assert "010-5111-2222" in why
    assert "010-5111-2222" in history
    assert "010-3333-4444" in history
    settled(steward, axe)


@SIZES
def test_a_row_as_sent_opens_in_its_place_and_closes_again(steward, customer, live_server, axe, size):
    steward.set_viewport_size(size)
    steward.goto(f"{live_server.url}{customer.get_absolute_url()}")
    opener = steward.locator("#sources .record").first.locator("a[hx-get]")

    opener.click()
    steward.wait_for_selector("#sources .raw")
    shown = steward.locator("#sources .raw").inner_text()
    settled(steward, axe)
    steward.locator("#sources .raw .btn-close").click()

    assert ("850302-2******" in shown, ADDRESS in shown) == (True, True)
    assert steward.locator("#sources .raw").count() == 0
    assert steward.evaluate("document.activeElement.id") == opener.get_attribute("id")


REST = "**/*part=below*"
TOP = "document.querySelector('#timeline').getBoundingClientRect().top"


@pytest.fixture
def held(steward: "Page") -> list[object]:
    """The requests for the rest of the page, which wait until they are let go."""
    found: list[object] = []
    steward.route(REST, lambda sent: found.append(sent))
    return found


def let_go(page: "Page", held: list[object]) -> None:
    page.wait_for_function("() => document.querySelector('#below.htmx-request')")
    for request in held:
        request.continue_()
    page.wait_for_selector("#timeline")
    page.wait_for_function("() => !document.querySelector('.htmx-settling, .htmx-swapping')")


@SIZES
def test_a_place_that_has_not_come_yet_is_reached_once_it_has(steward, customer, held, live_server, axe, size):
    steward.set_viewport_size(size)
    steward.goto(f"{live_server.url}{customer.get_absolute_url()}")
    assert steward.locator("#below").get_attribute("aria-busy") == "true"
    settled(steward, axe)

    steward.locator("#to-timeline").click()
    let_go(steward, held)

    steward.wait_for_function("() => document.querySelector('#timeline').matches(':target')")
    steward.wait_for_function(f"() => {TOP} >= 0 && {TOP} < innerHeight")
    assert (steward.locator("#below[aria-busy]").count(), steward.locator("#to-sources .badge").inner_text()) == (
        0,
        "3",
    )


def test_a_rest_that_fails_says_so_and_is_asked_for_again(steward, customer, live_server, axe):
    answers = [500, 200]
    broken = {"status": 500, "content_type": "text/html", "body": "<!doctype html><html><body></body></html>"}
    steward.route(REST, lambda sent: sent.fulfill(**broken) if answers.pop(0) == 500 else sent.continue_())
    steward.goto(f"{live_server.url}{customer.get_absolute_url()}#timeline")

    again = steward.get_by_role("button", name="다시 시도")
    again.wait_for()
    settled(steward, axe)
    again.click()
    steward.wait_for_selector("#timeline")

    steward.wait_for_function("() => document.querySelector('#timeline').matches(':target')")
    assert (answers, steward.locator("[data-below-error]").count()) == ([], 0)
    steward.hannun_errors.clear()


def test_printing_waits_for_the_rest(steward, customer, held, live_server):
    steward.add_init_script("window.print = () => { window.printed = document.querySelectorAll('.panel[id]').length }")
    steward.goto(f"{live_server.url}{customer.get_absolute_url()}")
    steward.keyboard.press("Control+p")
    at_once = steward.evaluate("window.printed")
    let_go(steward, held)

    steward.wait_for_function("() => window.printed")
    assert (at_once, steward.evaluate("window.printed")) == (None, steward.locator(".panel[id]").count())


def test_the_way_back_leads_to_the_same_place_of_the_page(steward, customer, live_server):
    steward.goto(f"{live_server.url}{customer.get_absolute_url()}")
    steward.wait_for_selector("#timeline")
    steward.wait_for_timeout(300)  # what grows above would move the place
    steward.evaluate("scrollTo({ top: 1200, behavior: 'instant' })")
    steward.wait_for_timeout(300)
    left_at = steward.evaluate("Math.round(scrollY)")

    steward.goto(f"{live_server.url}/customers/")
    steward.go_back()
    steward.wait_for_selector("#timeline")

    steward.wait_for_timeout(600)
    # Where something above grows by a line meanwhile, the browser keeps in place what is read, not the number.
    assert abs(steward.evaluate("scrollY") - left_at) <= 40


def test_the_arrows_walk_through_the_hits_and_escape_closes_them(steward):
    steward.keyboard.press("/")
    steward.keyboard.type("박서")
    steward.wait_for_selector(".hit")

    steward.keyboard.press("ArrowDown")
    steward.keyboard.press("ArrowDown")
    second = steward.evaluate("[...document.querySelectorAll('.hit')].indexOf(document.activeElement)")
    steward.keyboard.press("ArrowUp")
    steward.keyboard.press("ArrowUp")
    box = steward.evaluate("document.activeElement.id")
    steward.keyboard.press("Escape")

    assert (second, box) == (1, "quick-search")
    assert steward.locator("#quick-results").is_hidden()


@SIZES
def test_the_list_is_filtered_and_walked_by_keys_and_the_way_back_keeps_the_place(steward, live_server, axe, size):
    steward.set_viewport_size(size)
    steward.goto(f"{live_server.url}/customers/")
    settled(steward, axe)
    steward.fill("#id_name", "박서")
    steward.keyboard.press("Enter")
    steward.wait_for_url("**/customers/?name=*")
    filtered = steward.url
    steward.get_by_role("link", name="다음").click()
    steward.wait_for_url("**after=*")
    place = steward.url

    steward.keyboard.press("j")
    steward.keyboard.press("j")
    steward.keyboard.press("Enter")
    steward.wait_for_selector("#customer-name")
    back = steward.locator(".breadcrumb a").first
    back.click()
    steward.wait_for_selector("table[data-rows]")

    assert filtered.endswith("/customers/?name=%EB%B0%95%EC%84%9C&state=ACTIVE")
    assert steward.url == place
    assert steward.locator("tbody tr").count() == 10


def test_columns_are_chosen_in_the_browser(steward, live_server, axe):
    steward.goto(f"{live_server.url}/customers/?name=강")
    steward.locator(".popover-menu > summary").click()
    settled(steward, axe)
    chooser = steward.locator(".popover-list")
    chooser.get_by_label("주소", exact=True).check()
    chooser.get_by_label("구분", exact=True).uncheck()
    steward.get_by_role("button", name="선택한 열 표시").click()
    steward.wait_for_selector(".cell-address")

    assert steward.locator(".cell-address").inner_text().startswith("경기도 성남시")
    assert steward.locator(".cell-kind").count() == 0
    settled(steward, axe)


def test_searches_retired_numbers_and_records_are_accessible_pages(steward, customer, live_server, axe):
    retired = make_retired(customer)
    record = f"{customer.get_absolute_url()}records/{customer.links.first().record_id}/"
    searches = [f"/customers/search/{query}" for query in ("", "?q=박서준", "?q=없는이름")]

    for path in (*searches, retired.get_absolute_url(), record):
        steward.goto(f"{live_server.url}{path}")
        for size in (DESK, HAND):
            steward.set_viewport_size(size)
            settled(steward, axe)


def test_a_session_that_is_over_leads_to_the_login_page(steward):
    steward.context.clear_cookies()

    steward.keyboard.press("/")
    steward.keyboard.type("ㄱ")
    steward.wait_for_url("**/accounts/login/?next=/")

    assert steward.locator("[name=username]").is_visible()


def test_the_search_box_works_without_scripts(browser, customer, live_server, client):
    client.force_login(make_staff("DATA_STEWARD"))
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()

    page.goto(live_server.url)
    page.fill("#quick-search", "ㄱㅎㄴ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/search/?q=*")
    page.get_by_role("link", name="강하늘").click()
    page.wait_for_selector("#customer-name")
    page.locator("#why-name > summary").click()
    text = page.locator("#why-name .why-body").inner_text()
    context.close()

    assert "같습니다" in text
