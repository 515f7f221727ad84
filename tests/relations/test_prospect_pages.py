"""The pages of prospects: who may open them, what they show, and what their forms do."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.home import cards_for
from accounts.models import AccessEntry, Staff
from customers.models import Customer
from relations.models import Prospect
from relations.rules.prospects import written_receipt
from relations.services import prospects_lives
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import make_rrn
from tests.relations.prospecting import HA, judge, planner, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LIST, REGISTER, DESK, FAIRNESS = (
    "/relations/prospects/",
    "/relations/prospects/register/",
    "/relations/prospects/disputes/",
    "/relations/prospects/fairness/",
)
ROLES = {
    "FP": (200, 200, 200, 403),
    "BRANCH_MANAGER": (200, 200, 200, 200),
    "DATA_STEWARD": (200, 403, 200, 403),
    "STEWARD_LEAD": (200, 403, 200, 200),
    "COMPLIANCE_OFFICER": (200, 403, 200, 200),
    "CAMPAIGN_MANAGER": (403, 403, 403, 403),
    "ADMINISTRATOR": (403, 403, 403, 403),
    "AUDITOR": (403, 403, 403, 403),
}


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def words(response: object) -> str:
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def today() -> object:
    return timezone.localdate()


def made(by: Staff, **more: object) -> Prospect:
    """A prospect registered now."""
    consent = {"acquired_on": today(), "consented_on": today(), "expires_on": today() + timedelta(days=180)}
    consent |= more.pop("consent", {})
    return register(by, at=timezone.now(), consent=consent, **more).prospect


def several(by: Staff, count: int) -> list[Prospect]:
    names = ("김하나", "박두리", "최세라", "정네모")
    return [
        made(by, name=names[n], mobile=f"010-82{n}4-907{n}", birth_date=f"197{n}-01-0{n + 1}") for n in range(count)
    ]


def consent_words(**changed: object) -> dict[str, object]:
    usual = {"path": "REFERRAL", "path_note": "", "acquired_on": today(), "consented_on": today()}
    usual |= {"consent_method": "PAPER", "consent_evidence": "동의서 12호", "expires_on": today() + timedelta(days=100)}
    return usual | {"consent_items": ["name", "birth_date", "mobile"]} | changed


@pytest.mark.parametrize(("role", "statuses"), ROLES.items())
def test_who_may_open_which_page(role, statuses):
    client = browser_of(make_staff(role, branch=make_branch()))

    assert tuple(client.get(page).status_code for page in (LIST, REGISTER, DESK, FAIRNESS)) == statuses


def test_a_planner_sees_their_own_prospects_and_no_others():
    first, second = planner(), planner()
    prospect = made(first)

    for page in ("", "receipt/"):
        address = f"{LIST}{prospect.pk}/{page}"
        assert [browser_of(staff).get(address).status_code for staff in (first, second)] == [200, 404]
    for act in ("contact", "extend", "release"):
        assert browser_of(second).post(f"{LIST}{prospect.pk}/{act}/").status_code == 404
    assert words(browser_of(second).get(LIST)).count("한여름") == 0


def test_a_manager_sees_the_prospects_of_the_branch():
    first = planner()
    prospect = made(first)
    own, other = (
        make_staff("BRANCH_MANAGER", branch=branch, language="en") for branch in (first.branch, make_branch())
    )

    assert [browser_of(staff).get(f"{LIST}{prospect.pk}/").status_code for staff in (own, other)] == [200, 404]
    assert "한여름" in words(browser_of(own).get(LIST))


def test_the_list_counts_down_and_asks_as_much_for_three_as_for_one():
    by = planner()
    client = browser_of(by)
    assert "No prospect is in force" in words(client.get(LIST))
    counts = []
    made(by, consent={"expires_on": today() + timedelta(days=7)})
    client.get(LIST)
    for _turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(LIST)
        counts.append(len(captured))
        several(by, 3)

    assert counts[0] == counts[1]
    assert "7 days left" in words(page)
    lines = client.get(LIST).context["lines"]
    assert [(line.name, line.countdown_tone) for line in lines][-1] == ("한여름", "yellow")


def test_registering_takes_two_steps_and_ends_with_the_receipt():
    by = planner()
    client = browser_of(by)

    free = client.post(REGISTER, HA | {"step": "check"})
    done = client.post(REGISTER, HA | consent_words() | {"step": "register"}, follow=True)

    assert "Nobody is there" in words(free)
    prospect = Prospect.objects.get()
    assert done.redirect_chain[-1][0] == f"{LIST}{prospect.pk}/receipt/"
    assert f"P-{prospect.number[1:-1]}-{prospect.number[-1]}" in words(done)
    assert (prospect.state, prospect.consent_evidence, prospect.fp) == ("ACTIVE", "동의서 12호", by)
    entries = AccessEntry.objects.filter(page="relations:prospect-register", target="")
    assert [prospect.customer_id in entry.customers for entry in entries.order_by("at")] == [False, True]


def test_name_and_mobile_are_enough_to_ask_but_not_to_register():
    client = browser_of(planner())
    cells = HA | {"birth_date": ""}

    asked = client.post(REGISTER, cells | {"step": "check"})
    refused = client.post(REGISTER, cells | consent_words() | {"step": "register"})

    assert "Nobody is there" in words(asked)
    assert refused.context["person"].errors.keys() == {"birth_date"}
    assert not Prospect.objects.exists()


def test_somebody_who_is_there_is_refused_and_may_be_claimed():
    first, second = planner(), planner()
    made(first)
    client = browser_of(second)

    refused = client.post(REGISTER, HA | consent_words() | {"step": "register"})
    asked = client.post(REGISTER, HA | consent_words() | {"step": "ask", "statement": "먼저 만났습니다"}, follow=True)

    assert "The person is there already" in words(refused)
    assert first.branch.name in words(refused)
    assert "before the desk" in words(asked)
    assert Prospect.objects.get(fp=second).disputes.get().kind == "CLAIM"


@pytest.mark.parametrize("place", ["name", "mobile", "email", "address", "path_note", "consent_evidence", "statement"])
def test_a_resident_number_is_refused_and_does_not_come_back(place):
    number = make_rrn("910708", 2)
    client = browser_of(planner())
    posted = HA | consent_words() | {"step": "ask", "statement": "확인 바랍니다"} | {place: f"가나 {number}"}

    page = client.post(REGISTER, posted).content.decode()

    assert "A resident number stands here" in page
    assert number not in page
    assert not Prospect.objects.exists()


def test_what_is_wrong_with_a_consent_stands_at_its_field():
    client = browser_of(planner())
    late = today() + timedelta(days=400)

    page = client.post(REGISTER, HA | consent_words(expires_on=late, consent_items=["name"]) | {"step": "register"})

    assert page.context["acquisition"].errors.keys() == {"expires_on", "consent_items"}


def test_too_many_answers_are_refused_with_a_clear_word(settings):
    settings.PROSPECT_CHECKS_PER_NUMBER = 1
    client = browser_of(planner())
    client.post(REGISTER, HA | {"step": "check"})

    again = client.post(REGISTER, HA | {"step": "check"})

    assert "You have asked about this mobile as often as one may in a day" in words(again)


def test_a_contact_a_new_consent_and_a_release():
    by = planner()
    prospect = made(
        by, consent={"consented_on": today() - timedelta(days=3), "acquired_on": today() - timedelta(days=3)}
    )
    client, address = browser_of(by), f"{LIST}{prospect.pk}/"

    contact = client.post(f"{address}contact/", {"on": today()}, follow=True)
    ahead = client.post(f"{address}contact/", {"on": today() + timedelta(days=1)})
    given = consent_words(expires_on=today() + timedelta(days=300))
    extended = client.post(f"{address}extend/", given, follow=True)
    older = client.post(f"{address}extend/", given)
    released = client.post(f"{address}release/", follow=True)

    assert "The contact was noted." in words(contact)
    assert (ahead.status_code, older.status_code) == (400, 400)
    assert "The new consent was recorded." in words(extended)
    assert "The prospect was released." in words(released)
    assert "한여름" not in words(released)
    assert client.post(f"{address}release/", follow=True).status_code == 200


def test_what_was_not_carried_stands_on_the_page():
    by = planner()
    prospect = made(by)
    prospects_lives._convert(prospect, timezone.now() + timedelta(days=300))

    page = browser_of(make_staff("DATA_STEWARD", language="en")).get(f"{LIST}{prospect.pk}/")

    assert "Not carried over, for want of a consent that holds: Name, Birth date, Mobile" in words(page)


def test_the_desk_decides_and_shows_judges_the_two_side_by_side():
    first, second, steward = planner(), planner(), judge()
    made(first)
    asked = made(second, birth_date="1985-01-05", statement="동명이인입니다")
    client, address = browser_of(steward), f"{DESK}{asked.disputes.get().pk}/"

    page = client.get(address)
    wrong = client.post(f"{address}judge/", {"outcome": "UPHELD", "reason": "SAME_PERSON", "finding": "x"})
    done = client.post(
        f"{address}judge/", {"outcome": "UPHELD", "reason": "SOMEBODY_ELSE", "finding": "x"}, follow=True
    )

    assert [(row.label, row.is_same) for row in page.context["report"].compared] == [
        ("Name", True),
        ("Birth date", False),
        ("Mobile", True),
    ]
    assert (wrong.status_code, "This reason does not fit the decision." in words(wrong)) == (400, True)
    assert "The question was decided, and both sides were told." in words(done)
    asked.refresh_from_db()
    assert asked.state == "ACTIVE"


def test_each_side_sees_the_case_but_nothing_of_the_others_person():
    first, second = planner(), planner()
    held = made(first)
    asked = made(second, statement="먼저 만났습니다")
    address = f"{DESK}{asked.disputes.get().pk}/"

    for staff in (first, second):
        page = browser_of(staff).get(address)
        assert page.status_code == 200
        hidden = ("한여름", "1991-07-08", "6789", held.customer.number)
        assert [value for value in hidden if value in words(page)] == []
    assert browser_of(planner()).get(address).status_code == 404
    assert browser_of(second).post(f"{address}state/", {"statement": "x"}).status_code == 404
    assert browser_of(first).post(f"{address}withdraw/").status_code == 404
    assert browser_of(first).post(f"{address}judge/").status_code == 403
    said = browser_of(first).post(f"{address}state/", {"statement": "이미 상담 중입니다"}, follow=True)
    assert "이미 상담 중입니다" in words(said)


def test_of_a_review_the_other_side_hears_nothing():
    first, second = planner(), planner()
    made(first)
    asked = made(second, birth_date="1985-01-05", statement="동명이인입니다")

    assert browser_of(first).get(f"{DESK}{asked.disputes.get().pk}/").status_code == 404
    assert "No question waits for the desk" in words(browser_of(first).get(DESK))


def test_the_desk_asks_as_much_for_three_as_for_one():
    client = browser_of(judge())
    assert "No question waits for the desk" in words(client.get(DESK))
    first = planner()
    several(first, 3)
    counts = []
    for wanted in ((0,), (1, 2)):
        for n in wanted:
            cells = {"name": ("김하나", "박두리", "최세라")[n], "mobile": f"010-82{n}4-907{n}"}
            made(planner(), statement="동명이인입니다", birth_date="1990-02-02", **cells)
        client.get(DESK)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(DESK)
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert len(page.context["lines"]) == 3


def test_the_fairness_report_counts_and_its_numbers_open_their_lists():
    first, second = planner(), planner()
    made(first)
    browser_of(second).post(REGISTER, HA | {"step": "check"})
    asked = made(second, statement="먼저 만났습니다")
    judging = browser_of(judge())
    judging.post(
        f"{DESK}{asked.disputes.get().pk}/judge/", {"outcome": "UPHELD", "reason": "NO_CONTACT", "finding": "x"}
    )
    lead = browser_of(make_staff("STEWARD_LEAD", language="en"))

    page = lead.get(FAIRNESS)

    with translation.override("en"):
        figures = {
            line.code: {str(head): figure.count for head, figure in line.headed if figure.count}
            for line in page.context["report"].branches
        }
    assert figures == {
        first.branch.code: {"Answered: nobody there": 1, "Registrations": 1, "Claimed from, given up": 1},
        second.branch.code: {"Answered: there already": 2, "Registrations": 1, "Asked and won": 1},
    }
    assert {line.why for line in page.context["report"].branches} == {"No contact in the protected time 1"}
    for line in page.context["report"].branches:
        for _head, figure in line.headed:
            if figure.count and figure.url:
                opened = lead.get(figure.url)
                assert (opened.status_code, len(opened.context["lines"])) == (200, figure.count)


def test_a_manager_reads_of_the_own_branches_and_the_whole_company():
    first, second = planner(), planner()
    made(first)
    made(second, name="박두리", mobile="010-8254-9071", birth_date="1971-01-09")
    manager = make_staff("BRANCH_MANAGER", branch=first.branch, language="en")

    report = browser_of(manager).get(FAIRNESS).context["report"]

    assert [line.code for line in report.branches] == [first.branch.code]
    assert report.company[3] == ("Registrations", "2")


def test_the_home_card_shows_what_runs_out_and_the_desk_what_waits():
    by = planner()
    made(by, consent={"expires_on": today() + timedelta(days=1)})
    made(planner(), statement="동명이인입니다", birth_date="1985-01-05")

    (card,) = [card for card in cards_for(by) if card.title == "내 유망고객" or card.title == "My prospects"]
    assert [(line.name, line.countdown_tone) for line in card.content] == [("한여름", "red")]
    assert [card.figure for card in cards_for(judge()) if card.icon == "scale"] != []
    assert [card for card in cards_for(planner()) if card.icon == "user-plus"] == []
    assert browser_of(by).get("/").status_code == 200


def test_the_lists_can_be_exported_as_the_page_shows_them():
    from relations.prospect_exports import FairnessExport, ProspectExport

    by = planner()
    prospect = made(by)
    manager = make_staff("BRANCH_MANAGER", branch=by.branch)

    listed, report = ProspectExport(), FairnessExport()
    conditions = listed.understood({"state": ["ALL"], "happened": ["REGISTERED"], "junk": ["x"]}, manager)
    days = report.understood({}, manager)

    assert conditions == {"state": "ALL", "happened": "REGISTERED"}
    assert listed.count(manager, conditions, 10) == len(list(listed.rows(manager, conditions))) == 1
    row = next(iter(listed.rows(manager, conditions)))
    assert (row[0][:2], row[1], len(row)) == ("P-", "한여름", len(listed.columns(manager, conditions)))
    rows = list(report.rows(manager, days))
    assert [len(row) for row in rows] == [len(report.columns(manager, days))]
    assert listed.in_words(conditions, is_whole=True)
    assert Customer.objects.get() == prospect.customer


@pytest.mark.parametrize(
    "words", ["first=0001-01-01", "last=9999-12-31", "first=x&last=2026-13-40", "branch=NOPE", "state=X"]
)
def test_days_and_words_that_mean_nothing_narrow_nothing(words):
    lead = browser_of(make_staff("STEWARD_LEAD"))
    made(planner())

    assert [lead.get(f"{page}?{words}").status_code for page in (LIST, DESK, FAIRNESS)] == [200] * 3
    assert len(lead.get(f"{LIST}?{words}").context["lines"]) == 1


def test_a_prospect_is_found_by_its_receipt_whatever_became_of_it():
    fp = planner()
    client = browser_of(fp)
    prospect = made(fp)
    made(fp, name="봄여름", mobile="010-7777-1234")
    prospects_lives.release_prospect(prospect=prospect, by=fp, at=timezone.now())

    found = client.get(LIST, {"receipt": written_receipt(prospect.number).lower()})
    mistyped = client.get(LIST, {"receipt": "P-000000000-1"})

    assert [line.receipt for line in found.context["lines"]] == [written_receipt(prospect.number)]
    assert len(mistyped.context["lines"]) == 1
    assert "This is no receipt number, or it is mistyped." in mistyped.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "x"])
@pytest.mark.parametrize("place", ["consented_on", "acquired_on", "expires_on", "birth_date"])
def test_days_beyond_reach_are_refused(place, day):
    client = browser_of(planner())

    page = client.post(REGISTER, HA | consent_words() | {"step": "register", place: day})

    assert page.status_code == 200
    assert not Prospect.objects.exists()
