"""The pages of second looks: two records without the answer, and the figures of agreement for whom they are."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, Customer, SecondLook
from customers.numbering import written_number
from customers.reports.second_looks import look_note, quality_report
from customers.services import bulk, bulk_runs, second_looks
from customers.services.taking_back import take_back_act
from tests.accounts.builders import make_staff
from tests.customers.builders import KST, make_rrn
from tests.customers.many_pairs import decide, make_pairs
from tests.customers.matching import english, login, said, words

pytestmark = pytest.mark.usefixtures("master")
LOOKS = "/customers/second-looks/"
NEXT = f"{LOOKS}next/"


@pytest.fixture(autouse=True)
def _everything_is_drawn(settings) -> None:
    settings.SECOND_LOOK_PERCENT = 100


def steward(**fields: object) -> Staff:
    return make_staff("DATA_STEWARD", language="en", **fields)


def browser(staff: Staff) -> Client:
    opened = Client()
    opened.force_login(staff)
    return opened


def drawn(answer: str = "DIFFERENT", *, reason: str = "ALIKE", **more: object) -> SecondLook:
    """A decision that chance has drawn."""
    (pair,) = make_pairs(1, reason=reason)
    at = more.setdefault("at", timezone.now())
    return second_looks.draw_second_look(act=decide(pair, answer, **more), at=at)


def answered(look: SecondLook, answer: str) -> None:
    second_looks.answer_second_look(look=look, answer=answer, by=make_staff("DATA_STEWARD"), at=timezone.now())


@pytest.mark.parametrize("role", [None, "FP", "AUDITOR", "COMPLIANCE_OFFICER", "ADMINISTRATOR"])
def test_second_looks_are_for_stewards_alone(role):
    look = drawn()
    stranger = login(*[role] if role else [])

    assert [stranger.get(url).status_code for url in (LOOKS, NEXT)] == [403] * 2
    assert stranger.post(f"{LOOKS}{look.pk}/answer/", {"answer": "SAME"}).status_code == 403
    look.refresh_from_db()
    assert (look.looked_by, look.answer) == (None, "")


def test_pages_without_anything_say_so():
    client = browser(steward())

    assert "No second look waits for you" in words(client.get(NEXT))
    assert "Nothing was decided yet" in words(client.get(LOOKS))
    assert client.post(f"{LOOKS}1/answer/", {"answer": "SAME"}).status_code == 404


@pytest.mark.parametrize("answer", ["SAME", "DIFFERENT", "LEGITIMATE"])
def test_the_page_shows_both_records_and_nothing_of_the_first_answer(answer):
    look = drawn(answer, comment="가족 확인", by=steward(name="문태양"))
    pair = look.act.pair

    page = browser(steward()).get(NEXT)

    text, source = words(page), page.content.decode()
    assert "Policy administration(POLICY)" in text
    assert [side.number for side in (page.context["report"].left, page.context["report"].right)] == ["", ""]
    hidden = ["가족 확인", "문태양", f"/pairs/{pair.pk}/", "Closed", "Overtaken"]
    for customer in Customer.objects.all():
        hidden += [customer.number, written_number(customer.number)]
    assert [word for word in hidden if word in text or word in source] == []
    assert {row.label for row in page.context["report"].different}


def test_every_answer_leaves_the_same_page():
    pages = set()
    for answer in ("SAME", "DIFFERENT", "LEGITIMATE"):
        look = drawn(answer)
        client = browser(steward())
        report = client.get(NEXT).context["report"]
        pages.add((report.look == look, len(report.different), len(report.equal), report.account.weight))
        SecondLook.objects.filter(pk=look.pk).update(looked_at=timezone.now())

    assert len(pages) == 1


def test_an_answer_is_kept_and_the_next_look_shown():
    by = steward()
    first, second = drawn(), drawn()
    client = browser(by)
    client.get(NEXT)

    answer = client.post(f"{LOOKS}{first.pk}/answer/", {"answer": "DIFFERENT", "comment": "동명이인"}, follow=True)

    assert said(answer) == ["Your second look was kept. It agrees with the first decision."]
    assert answer.context["report"].look == second
    first.refresh_from_db()
    assert (first.answer, first.comment, first.looked_by) == ("DIFFERENT", "동명이인", by)

    answer = client.post(f"{LOOKS}{second.pk}/answer/", {"answer": "SAME"}, follow=True)
    assert said(answer) == ["Your second look was kept. It disagrees with the first decision, whose author was told."]


def test_what_cannot_be_kept_is_said():
    by = steward()
    own, looked, undone, plain = drawn(by=by), drawn(), drawn(), drawn()
    answered(looked, "SAME")
    take_back_act(act=undone.act, by=undone.act.by, at=timezone.now())
    client = browser(by)

    told = [
        said(client.post(f"{LOOKS}{look.pk}/answer/", {"answer": answer}, follow=True))
        for look, answer in ((own, "SAME"), (looked, "SAME"), (undone, "SAME"), (plain, "PERHAPS"))
    ]

    assert told == [
        ["You made this decision. Somebody else takes the second look."],
        ["Somebody else gave this second look meanwhile. Nothing was kept."],
        ["The decision was taken back meanwhile. Nothing was kept."],
        ["Nothing was kept: choose one of the answers, and keep the comment short."],
    ]


def figures(line: object) -> tuple[object, ...]:
    tally = line.tally
    return (tally.decided, tally.looked, line.agreed, tally.undone, tally.overturned, line.reversed)


def test_figures_are_told_by_steward_month_version_and_reason():
    at = datetime(2026, 11, 28, 12, tzinfo=KST)
    one, other = make_staff("DATA_STEWARD", name="강하나"), make_staff("DATA_STEWARD", name="나두리")
    lead = make_staff("STEWARD_LEAD")
    answered(drawn(by=one, at=at), "SAME")
    answered(drawn(by=one, at=at, reason="NAME_MOBILE"), "LEGITIMATE")
    drawn(by=one, at=at)
    take_back_act(act=drawn(by=one, at=at).act, by=one, at=at)
    take_back_act(act=drawn(by=other, at=at).act, by=lead, at=at)
    answered(drawn("SAME", by=other, at=datetime(2026, 9, 30, 23, 30, tzinfo=KST)), "SAME")
    drawn(by=other, at=datetime(2025, 11, 30, tzinfo=KST))

    report = quality_report(lead, at)

    assert (report.is_team, report.since.isoformat()) == (True, "2025-12-01")
    assert [(line.group, line.name, *figures(line)) for line in report.by_steward] == [
        ("2026-11", "강하나", 4, 2, "50.0%", 1, 0, "25.0%"),
        ("2026-11", "나두리", 1, 0, "–", 0, 1, "100.0%"),
        ("2026-09", "나두리", 1, 1, "100.0%", 0, 0, "0.0%"),
    ]
    assert [(line.version, *figures(line)) for line in report.by_version] == [(0, 6, 3, "66.7%", 1, 1, "33.3%")]
    assert [(english(line.name), *figures(line)) for line in report.by_reason] == [
        ("Much in common, but not enough", 5, 2, "50.0%", 1, 1, "40.0%"),
        ("Same name and mobile, birth date unknown", 1, 1, "100.0%", 0, 0, "0.0%"),
    ]
    assert figures(report.total) == (6, 3, "66.7%", 1, 1, "33.3%")
    assert [line.bar and line.bar.width for line in report.by_steward] == ["50.0", None, "100.0"]


def test_a_steward_sees_their_own_figures_and_the_lead_those_of_the_team():
    by = steward(name="강하나")
    drawn(by=by)
    drawn(by=steward(name="나두리"))

    own, team = (words(browser(each).get(LOOKS)) for each in (by, make_staff("STEWARD_LEAD", language="en")))

    assert ("강하나" in own, "나두리" in own, "of your own decisions" in own) == (True, False, True)
    assert ("강하나" in team, "나두리" in team, "of the whole team" in team) == (True, True, True)


def test_bulk_decisions_are_not_counted():
    by = steward()
    drawn(by=by)
    make_pairs(2)
    given = {"condition": {}, "answer": "DIFFERENT", "reason_code": "EVIDENCE", "comment": "", "by": by}
    prepared = bulk.prepare_bulk(at=timezone.now(), **given)
    bulk_runs.run_bulk(bulk=bulk.start_bulk(bulk=prepared, by=by, at=timezone.now()))

    assert Act.objects.filter(by=by).count() == 3
    assert quality_report(by, timezone.now()).total.tally.decided == 1


def test_looks_that_wait_are_counted_without_ones_own():
    by = steward()
    drawn(by=by)
    drawn()

    assert "1 second look waits" in words(browser(by).get(LOOKS))


def test_the_act_is_told_what_its_second_look_came_to():
    look = drawn()
    assert look_note(look.act) is None

    answered(look, "SAME")

    note = look_note(look.act)
    assert (note.look, english(note.answer), note.agrees) == (look, "One customer", False)


def test_a_resident_number_in_the_comment_of_a_second_look_is_masked():
    look, rrn = drawn(), make_rrn("850302", 2)
    second_looks.answer_second_look(look=look, answer="SAME", by=steward(), at=timezone.now(), comment=f"예: {rrn}")

    page = browser(steward()).get(f"/customers/acts/{look.act_id}/")

    assert "예: 850302-2******" in words(page)
    assert rrn not in page.content.decode()


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@pytest.mark.parametrize(("url", "most"), [(LOOKS, 8), (NEXT, 13)])
def test_pages_need_as_many_queries_for_three_decisions_as_for_one(url, most):
    client, counts = browser(make_staff("STEWARD_LEAD")), []
    for number in (1, 2):
        for _decision in range(number):
            drawn(by=steward(name=f"강{number}"))
        counts.append(queries(client, url))

    assert counts[0] == counts[1] <= most
