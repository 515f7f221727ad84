"""A steward works pairs by keyboard alone, and a second one approves what takes two: in a real browser."""

from statistics import median
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, Customer, Duty, Pair, Proposal, Ruling
from customers.services import queue
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import contract, feed, party
from tests.customers.pairs import customers_of, decide, waiting
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

# From the key to the frame in which the next pair stands, in milliseconds by the browser's own clock.
MEASURE = """() => {
    window.waited = null;
    let pressed = null;
    document.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, {capture: true, once: true});
    const settled = (event) => {
        if (!event.detail.boosted) return;
        document.removeEventListener("htmx:afterSettle", settled);
        requestAnimationFrame(() => requestAnimationFrame(() => { window.waited = performance.now() - pressed; }));
    };
    document.addEventListener("htmx:afterSettle", settled);
}"""


@pytest.fixture
def stewards(transactional_db: None) -> dict[str, Staff]:
    """An installation with two stewards."""
    MASTER.put()
    branch = make_branch()
    return {
        number: make_staff("DATA_STEWARD", employee_number=number, password=PASSWORD, branch=branch, name=name)
        for number, name in (("steward", "정다은"), ("second", "한지우"))
    }


def pressed(page: "Page", key: str) -> float:
    """Press a key that answers; milliseconds until the page that follows is on screen."""
    page.evaluate(MEASURE)
    page.keyboard.press(key)
    while (waited := page.evaluate("window.waited")) is None:
        page.wait_for_timeout(5)
    return waited


def test_a_steward_works_thirty_pairs_by_keyboard_alone(page: "Page", live_server, stewards):
    pairs = waiting(30)
    queue.reckon_worth()
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/pairs/")
    page.focus("#pair-take")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    waits, answers = [], ["1", "2", "1", "4", "2"] * 6
    for key in answers:
        page.wait_for_selector("#pair-preview table")  # the steward looks at the consequences
        waits.append(pressed(page, key))

    print(f"\nfrom a key to the next pair on screen: median {median(waits):.0f} ms, slowest {max(waits):.0f} ms")
    assert page.locator("#messages .alert-info").count() == 1  # no other pair is free
    by = stewards["steward"]
    acts = Act.objects.filter(by=by)
    assert {kind: acts.filter(kind=kind).count() for kind in ("MERGE", "DIFFERENT", "LATER")} == {
        "MERGE": 12,
        "DIFFERENT": 12,
        "LATER": 6,
    }
    assert sorted(acts.values_list("pair", flat=True)) == sorted(pair.pk for pair in pairs)
    states = {state: Pair.objects.filter(state=state).count() for state in Pair.State.values}
    assert states == {"OPEN": 6, "SAME": 12, "DIFFERENT": 12, "OVERTAKEN": 0}
    assert Ruling.objects.filter(withdrawn_at=None).count() == 24
    assert Customer.objects.filter(state="MERGED").count() == 12
    assert Customer.history.filter(history_user=by, state="MERGED").count() == 12
    assert page.locator(".match-pairs tbody tr").count() == 0
    page.goto(f"{live_server.url}/customers/pairs/?state=HELD")
    assert page.locator(".match-pairs tbody tr").count() == 6


def test_a_steward_rules_legitimately_two_takes_it_back_and_is_helped(page: "Page", axe, live_server, stewards):
    waiting(2)
    queue.reckon_worth()
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/pairs/")
    settled(page, axe)
    page.click("#pair-take")
    page.wait_for_selector("#pair-preview table")
    settled(page, axe)
    first = page.url

    page.keyboard.press("?")
    page.wait_for_selector("#keyboard-help[open]")
    assert {"1", "4", "u"} <= set(page.locator("#keyboard-help kbd").all_inner_texts())
    page.keyboard.press("2")  # a dialog is open: no answer
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('tr[data-stop]')")
    page.keyboard.press("3")
    assert page.evaluate("document.activeElement.name") == "kind"
    settled(page, axe)
    page.keyboard.press("1")  # in a field: no answer
    assert (page.url, Act.objects.count()) == (first, 0)
    page.select_option("[name=kind]", "TWINS")
    page.focus("button[value=LEGITIMATE]")
    pressed(page, "Enter")
    assert Ruling.objects.get().kind == "TWINS"
    assert page.url != first

    page.wait_for_selector("#pair-preview table")
    pressed(page, "u")
    assert page.url == first
    assert Ruling.objects.filter(withdrawn_at=None).count() == 0
    page.wait_for_selector("#pair-preview table")
    page.check("[name=survivor][value=right]")
    number = page.locator(".is-facts a").nth(1).inner_text()
    page.wait_for_selector(f"#pair-preview strong:text-is('{number}')")


def test_an_answer_that_comes_too_late_or_after_the_session_says_so(page: "Page", axe, live_server, stewards):
    one, other = waiting(2)
    queue.reckon_worth()
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/pairs/{one.pk}/")
    page.wait_for_selector("#pair-preview table")
    decide(one, "DIFFERENT", by=stewards["second"], at=timezone.now(), reason_code="DOCUMENT", comment="자매")
    page.keyboard.press("1")
    page.wait_for_selector(".pair-note[role=alert]")
    assert "한지우" in page.inner_text("#pair-outcome")
    settled(page, axe)
    assert page.url.endswith(f"/customers/pairs/{one.pk}/?state=OPEN")
    assert page.hannun_errors.pop().endswith("409 (Conflict)")
    assert page.hannun_errors == []

    page.goto(f"{live_server.url}/customers/pairs/{other.pk}/")
    page.wait_for_selector("#pair-preview table")
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] != settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies(kept)
    page.keyboard.press("1")
    page.wait_for_selector("[name=password]")
    assert Act.objects.count() == 1


def test_a_second_steward_approves_what_takes_two(page: "Page", axe, live_server, stewards):
    (pair,) = waiting(address="서울 강남구 역삼로 1", email="min@naver.com")
    record = pair.left
    feed([contract(premium="2000000")], layout="contracts")
    feed([party(party_source_key=record.source_key)], layout="parties")
    act = decide(waiting()[0], "DIFFERENT", by=stewards["steward"], at=timezone.now())
    customer = customers_of(pair)[0]
    at = timezone.now()
    Duty.objects.create(
        staff=stewards["second"], act=act, customer=customer, text_code="KEEPS", since=at, created_at=at
    )
    assert Customer.objects.get(pk=customer.pk).grade == "VIP"
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/pairs/{pair.pk}/")
    page.wait_for_selector("#pair-preview table")
    settled(page, axe)
    pressed(page, "1")
    page.goto(f"{live_server.url}/customers/proposals/")
    settled(page, axe)
    page.click(".table-list .cell-name a")
    page.wait_for_selector("form[action$='/withdraw/']")
    assert page.locator("form[action$='/approve/']").count() == 0
    page.context.clear_cookies()

    login(page, live_server.url, "second")
    settled(page, axe)
    page.click("form[action$='/finish/'] button")
    page.wait_for_selector("form[action$='/finish/']", state="detached")
    page.click("main a[href='/customers/proposals/']")
    page.click(".table-list .cell-name a")
    page.wait_for_selector("form[action$='/approve/']")
    settled(page, axe)
    page.click("form[action$='/approve/'] button")
    page.wait_for_selector(".alert-success")
    settled(page, axe)

    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.decided_by, proposal.act.by) == (
        "APPROVED",
        stewards["second"],
        stewards["steward"],
    )
    assert Duty.objects.get().done_at is not None
