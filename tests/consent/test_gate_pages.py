"""The pages of gate, verifications and clean-up: who sees them, what they say, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consent.models import CleanupAsk, Verification
from consent.reports.cleanup_progress import progress
from customers.models import Customer
from customers.numbering import written_number
from tests.accounts.builders import make_branch, make_staff
from tests.consent.gating import make_ask, sent, verify
from tests.customers.builders import NOW, contract, feed, make_customer, party
from tests.relations.keeping import browser_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
LIST, PROGRESS, BOARD = (reverse(f"consent:{name}") for name in ("cleanup-list", "cleanup-progress", "gate-board"))


@pytest.fixture
def company(purposes: None) -> dict[str, object]:
    """A branch with a planner, and a manager of another one; everybody reads English."""
    near, far = make_branch("B001"), make_branch("B002")
    words = {"language": "en"}
    return {
        "near": near,
        "fp": make_staff("FP", employee_number="F1", branch=near, **words),
        "manager": make_staff("BRANCH_MANAGER", branch=near, **words),
        "stranger": make_staff("BRANCH_MANAGER", branch=far, **words),
        "steward": make_staff("DATA_STEWARD", **words),
        "auditor": make_staff("ADMINISTRATOR", **words),
    }


def customer_of(company: dict[str, object], **fields: object) -> Customer:
    usual = {"gate": "UNVERIFIED", "main_branch": company["near"], "keeper": company["fp"]}
    return make_customer(**usual | fields)


def today_ask(customer: Customer, kind: str = "VERIFY_NAME", *, left: int = 100, **fields: object) -> CleanupAsk:
    today = timezone.localdate()
    return make_ask(customer, kind, opened_on=today - timedelta(days=80), due_on=today + timedelta(days=left), **fields)


def pages_of(customer: Customer) -> list[str]:
    return [reverse(f"consent:verification-{verb}", args=[customer.number]) for verb in ("list", "record")]


def test_a_stranger_sees_no_verification_and_answers_no_question(company):
    customer = customer_of(company)
    ask = today_ask(customer)
    far, none = browser_of(company["stranger"]), browser_of(company["auditor"])

    for url in pages_of(customer):
        assert (far.get(url).status_code, none.get(url).status_code) == (404, 403)
    answer = reverse("consent:cleanup-answer", args=[ask.pk])
    assert far.post(answer, {"outcome": "DONE"}).status_code == 404
    assert none.post(answer, {"outcome": "DONE"}).status_code == 403
    for url in (LIST, PROGRESS, BOARD):
        assert none.get(url).status_code == 403
    assert browser_of(company["fp"]).get(BOARD).status_code == 403
    assert far.get(LIST).context["lines"] == []
    ask.refresh_from_db()
    assert ask.state == "OPEN"


def test_the_page_of_a_customer_says_the_one_thing_to_ask(company):
    customer = customer_of(company, gate="NEITHER")
    today_ask(customer, "ASK_CONSENT")
    ask = today_ask(customer, "VERIFY_NAME", left=0)
    browser = browser_of(company["fp"])

    page = browser.get(customer.get_absolute_url()).content.decode()
    assert "Please verify the real name" in page
    assert "Please ask for consent" not in page
    assert "Today is the last day" in page
    answer = browser.post(reverse("consent:cleanup-answer", args=[ask.pk]), {"outcome": "REFUSED"}, follow=True)

    assert answer.redirect_chain[-1][0] == customer.get_absolute_url()
    assert "Please ask for consent" in answer.content.decode()
    ask.refresh_from_db()
    assert (ask.state, ask.tries, ask.asked_by) == ("REFUSED", 1, company["fp"])


def test_an_answer_goes_back_to_the_list_and_nowhere_else(company):
    ask = today_ask(customer_of(company))
    browser, url = browser_of(company["fp"]), reverse("consent:cleanup-answer", args=[ask.pk])

    assert browser.post(url, {"outcome": "NOT_REACHED", "next": f"{LIST}?whose=mine"}).url == f"{LIST}?whose=mine"
    assert browser.post(url, {"outcome": "NOT_REACHED", "next": "https://evil.example/"}).url.startswith("/customers/")
    assert browser.post(url, {"outcome": "PERHAPS"}).status_code == 302
    ask.refresh_from_db()
    assert (ask.state, ask.tries) == ("OPEN", 2)


def test_the_list_narrows_by_whose_state_kind_and_branch(company):
    mine, other = customer_of(company), customer_of(company, keeper=None, gate="NO_CONSENT")
    today_ask(mine, left=20, branch_code="B001")
    today_ask(other, "ASK_CONSENT", branch_code="B001")
    today_ask(customer_of(company, keeper=None), state="UNREACHED", left=-1)
    today_ask(customer_of(company), tries=1, asked_at=timezone.now())
    fp, manager = browser_of(company["fp"]), browser_of(company["manager"])

    def numbers(browser: object, query: str) -> int:
        return len(browser.get(LIST + query).context["lines"])

    assert [numbers(fp, query) for query in ("", "?whose=mine", "?whose=today")] == [2, 2, 1]
    assert [numbers(manager, query) for query in ("", "?when=soon", "?when=late", "?when=done")] == [3, 1, 1, 0]
    assert [numbers(manager, query) for query in ("?kind=ASK_CONSENT", "?branch=B001", "?branch=B002")] == [1, 3, 3]
    assert b"No question fits" in manager.get(LIST + "?when=done").content
    assert b"Nothing to ask" in browser_of(company["stranger"]).get(LIST).content


def test_the_list_pages_by_deadline_without_gaps(company):
    for place in range(120):
        today_ask(customer_of(company), left=place // 3)
    browser, seen, query = browser_of(company["manager"]), [], "?"
    while query:
        page = browser.get(LIST + query).context["page"]
        seen += [ask.pk for ask in page.rows]
        query = f"?after={page.after}" if page.after else ""
    back = browser.get(f"{LIST}?before={seen[100]}").context["page"]

    ordered = list(CleanupAsk.objects.order_by("due_on", "pk").values_list("pk", flat=True))
    assert seen == ordered
    assert [ask.pk for ask in back.rows] == ordered[50:100]


@pytest.mark.parametrize("name", ["list", "progress", "board", "customer", "verifications"])
def test_a_page_costs_the_same_for_one_and_for_three(company, name):
    customer = customer_of(company)
    today_ask(customer)
    verify(customer)
    urls = {"list": LIST, "progress": PROGRESS, "board": BOARD, "customer": f"{customer.get_absolute_url()}?part=all"}
    url = urls.get(name) or pages_of(customer)[0]
    browser = browser_of(company["steward"])
    before = queries_of(browser, url)
    for _each in range(2):
        today_ask(customer_of(company))
        verify(customer, method="MOBILE")

    assert queries_of(browser, url) == before


def test_a_verification_is_recorded_on_screen_and_the_gate_follows(company):
    customer = customer_of(company, marketing_consent_on=NOW.date())
    browser, (shown, record) = browser_of(company["fp"]), pages_of(customer)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    words = {"method": "ID_CARD", "outcome": "AGREED", "verified_at": now, "evidence": "신분증 900101-1234567"}

    assert browser.get(record).status_code == 200
    assert browser.post(record, words).url == shown

    made = Verification.objects.get()
    assert (made.is_verified, made.evidence, made.recorded_by) == (True, "신분증 900101-1******", company["fp"])
    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"
    page = browser.get(shown).content.decode()
    assert "Identity card seen" in page
    assert "Changes of the gate" not in page
    assert "The real name was verified." in browser_of(company["steward"]).get(shown).content.decode()


@pytest.mark.parametrize(
    ("words", "field", "sentence"),
    [
        ({"outcome": "FAILED"}, "mismatch", "Say what did not agree."),
        ({"verified_at": "2999-01-01T00:00"}, "verified_at", "This has not happened yet."),
        ({"expires_on": "2020-01-01"}, "expires_on", "By this day it would hold no more."),
        ({"agency": "NICE", "reference": "T1"}, "reference", "This reference of the agency was recorded before."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(company, words, field, sentence):
    verify(customer_of(company), agency="NICE", reference="T1")
    url = pages_of(customer_of(company))[1]
    usual = {"method": "MOBILE", "outcome": "AGREED", "verified_at": "2026-01-01T10:00"}

    answer = browser_of(company["fp"]).post(url, usual | words)

    with translation.override("en"):
        assert answer.context["form"].errors == {field: [sentence]}


def test_the_progress_tells_the_pace_and_when_there_is_none(company):
    today = timezone.localdate()
    for place in range(8):
        closed = {"state": "DONE", "closed_on": today - timedelta(days=7)} if place < 4 else {}
        today_ask(customer_of(company), branch_code="B001", **closed)
    today_ask(make_customer(), branch_code="B009")

    report = progress(company["steward"], today)

    assert (report.whole.open, report.whole.per_week, report.whole.is_never) == ("5", "-1.0", False)
    lines = [(line.name, line.open, line.is_never) for line in report.branches]
    assert lines == [(company["near"].name, "4", False), ("B009", "1", True)]
    assert [week.open for week in report.weeks][-3:] == ["9", "5", "5"]
    page = browser_of(company["steward"]).get(PROGRESS).content.decode()
    assert "Never at this pace" in page
    assert [line.open for line in progress(company["manager"], today).branches] == ["4"]
    assert [line.open for line in progress(company["fp"], today).branches] == ["4"]


def test_the_progress_says_where_there_is_no_source_or_branch(company):
    today_ask(make_customer(), branch_code="")

    with translation.override("en"):
        report = progress(company["steward"], timezone.localdate())

    assert [line.name for line in (*report.sources, *report.branches)] == ["No source", "No branch"]


def test_the_board_counts_states_and_says_why_customers_moved(company):
    customer = customer_of(company, marketing_consent_on=NOW.date())
    verify(customer, verified_at=timezone.now(), at=timezone.now())
    customer_of(company, gate="NEITHER")

    page = browser_of(company["steward"]).get(BOARD)

    assert [(line.code, line.count) for line in page.context["report"].states] == [
        ("IN_SCOPE", "1"), ("UNVERIFIED", "0"), ("NO_CONSENT", "0"), ("NEITHER", "1"),
    ]  # fmt: skip
    assert [(line.words, line.promoted) for line in page.context["report"].moves] == [
        ("The real name was verified.", "1")
    ]


def test_whoever_is_late_and_has_a_contract_is_said_to_stay(company):
    kept = sent(key="K1")
    feed([contract(contract_no="P-9")], layout="contracts")
    feed([party(contract_no="P-9", party_source_key="K1")], layout="parties")
    today_ask(kept, state="UNREACHED", left=-1)
    other = customer_of(company)
    today_ask(other, state="REFUSED", left=-1)

    lines = browser_of(company["steward"]).get(f"{LIST}?when=late").context["lines"]

    assert {line.number: line.is_kept for line in lines} == {
        written_number(kept.number): True,
        written_number(other.number): False,
    }
