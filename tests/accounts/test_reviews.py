import math
from datetime import date, datetime, timedelta
from hashlib import md5

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import AccessCase, AccessEntry, AccessReview, Notice, ReviewItem, RightsChange, Staff
from accounts.reviews.report import faults_of
from accounts.reviews.workdays import month_before
from accounts.services import reviews
from tests.accounts.builders import make_branch, make_staff
from tests.accounts.trails import at, saw_them

pytestmark = pytest.mark.django_db
MONTH = date(2031, 5, 1)
AFTER = at("2031-06-02 09:00")  # a Monday
SEED = "feed"


@pytest.fixture
def reader() -> Staff:
    return make_staff("FP", branch=make_branch())


@pytest.fixture
def officer() -> Staff:
    return make_staff("PRIVACY_OFFICER", name="서유진")


@pytest.fixture
def compliance() -> Staff:
    return make_staff("COMPLIANCE_OFFICER", name="한지우")


def drawn(**more: object) -> AccessReview:
    return reviews.draw_review(**{"month": MONTH, "at": AFTER, "seed": SEED} | more)


def weights(review: AccessReview) -> list[dict[str, int]]:
    return list(review.items.order_by("at", "pk").values_list("weights", flat=True))


def one_item(reader: Staff, **more: object) -> ReviewItem:
    """The only entry of the month, drawn."""
    saw_them(reader, "2031-05-06 10:00", **more)
    return drawn().items.get()


def test_draw_review_says_for_each_entry_why(reader):
    saw_them(reader, "2031-05-06 10:00")
    saw_them(reader, "2031-05-06 22:00", [1], "REVEAL", reason="통화 요청")
    saw_them(reader, "2031-05-10 10:00", range(100), "EXPORT")  # a Saturday
    saw_them(reader, "2031-05-12 10:00", [1], "PRINT")
    saw_them(reader, "2031-05-13 07:59", [], "TRAIL")
    saw_them(reader, "2031-05-14 08:00", [], result=403)

    review = drawn()

    assert weights(review) == [
        {"ROUTINE": 1},
        {"REVEAL": 10, "NIGHT": 15},
        {"EXPORT": 40, "HOLIDAY": 15, "MANY": 30},
        {"PRINT": 20},
        {"TRAIL": 10, "NIGHT": 15},
        {"REFUSED": 15},
    ]
    assert list(review.items.order_by("at").values_list("risk", flat=True)) == [1, 26, 86, 21, 26, 16]
    assert review.counts == review.counts | {
        "seed": SEED,
        "entries": 6,
        "people": 1,
        "drawn": 6,
        "by_reason": {
            "REVEAL": 1,
            "EXPORT": 1,
            "PRINT": 1,
            "TRAIL": 1,
            "NIGHT": 2,
            "HOLIDAY": 1,
            "MANY": 1,
            "REFUSED": 1,
        },
    }


def test_draw_review_counts_repeated_searches_for_few_people(reader):
    for minute in range(100):
        saw_them(reader, f"2031-05-06 {10 + minute // 60}:{minute % 60:02}", [minute], "SEARCH")
    saw_them(reader, "2031-05-07 10:00", [1], "SEARCH")
    saw_them(reader, "2031-05-06 12:00", range(4), "SEARCH")

    assert drawn().counts["by_reason"] == {"SEARCHES": 100}


def test_draw_review_leaves_out_what_shows_nobody_and_what_lies_outside_the_month(reader):
    for when in ("2031-04-30 23:59", "2031-06-01 00:00"):
        saw_them(reader, when)
    saw_them(reader, "2031-05-01 00:00", [], "CHANGE")
    saw_them(reader, "2031-05-01 00:00", [], "LOGIN")

    review = drawn()

    assert (list(review.items.all()), review.counts["entries"]) == ([], 0)


def test_draw_review_takes_the_smallest_keys_so_that_the_seed_draws_the_same_again(reader, settings):
    settings.REVIEW_SAMPLE = 5
    keys = {}
    for minute in range(40):
        kind, points = ("PRINT", 21) if minute % 4 == 0 else ("VIEW", 1)
        month, lane, number = saw_them(reader, f"2031-05-06 10:{minute:02}", [minute], kind)
        text = md5(f"{SEED}/{month}/{lane}/{number}".encode(), usedforsecurity=False).hexdigest()[:13]
        keys[number] = -math.log((int(text, 16) + 0.5) / 2**52) / points

    review = drawn()

    assert set(review.items.values_list("number", flat=True)) == set(sorted(keys, key=keys.get)[:5])


def test_draw_review_takes_one_entry_at_least_of_everybody_at_work_with_a_high_risk(reader, settings):
    settings.REVIEW_SAMPLE, settings.REVIEW_HIGH_RISK = 1, 60
    risky, left = make_staff("FP"), make_staff("FP", is_active=False)
    for staff in (reader, risky, left):
        for day in (10, 11, 17):
            saw_them(staff, f"2031-05-{day} 10:00", range(100), "EXPORT")

    review = drawn()

    assert sorted(review.items.values_list("staff", flat=True)) == sorted([reader.pk, risky.pk])


def test_draw_review_refuses_a_second_time_and_a_month_that_goes_on(reader):
    drawn()

    with pytest.raises(reviews.AlreadyDrawn):
        drawn()
    with pytest.raises(reviews.MonthNotOver):
        drawn(month=date(2031, 6, 1))


def test_the_timetable_draws_the_month_before_once():
    for _time in range(2):
        tasks.draw_review()

    [review] = AccessReview.objects.all()
    assert (review.month, review.drawn_by) == (month_before(timezone.localdate()), None)


def test_a_month_with_many_entries_is_left_to_a_worker(
    reader, officer, monkeypatch, django_capture_on_commit_callbacks
):
    saw_them(reader, "2031-05-06 10:00")
    monkeypatch.setattr(reviews, "AT_ONCE", 0)
    sent = []
    monkeypatch.setattr(tasks.draw_review, "apply_async", lambda *args, **more: sent.append((args, more)))

    with django_capture_on_commit_callbacks(execute=True):
        assert reviews.request_review(month=MONTH, at=AFTER, by=officer) is None
    drawn()

    assert [more["kwargs"] if "kwargs" in more else args[1] for args, more in sent] == [{"by_id": officer.pk}]
    with pytest.raises(reviews.AlreadyDrawn):
        reviews.request_review(month=MONTH, at=AFTER, by=officer)


def test_draw_review_tells_those_who_review(officer, compliance, reader):
    review = drawn(by=officer)

    told = Notice.objects.values_list("staff", "kind", "what", "url")
    assert list(told) == [(compliance.pk, "REVIEW_DRAWN", {"month": "2031-05"}, f"/accounts/reviews/{review.pk}/")]


def test_ask_gives_five_working_days_and_tells_the_person(reader, compliance, settings):
    settings.KOREAN_HOLIDAYS = {date(2031, 6, 6)}

    item = reviews.ask(item=one_item(reader), question="무슨 업무였습니까?", by=compliance, at=AFTER)

    assert (item.state, item.due_on) == ("ASKED", date(2031, 6, 10))
    told = Notice.objects.filter(staff=reader).values_list("kind", "what", "url")
    assert list(told) == [("REVIEW_QUESTION", {"due_on": "2031-06-10"}, "/accounts/questions/")]


def test_nobody_reviews_what_they_did_themselves(officer):
    item = one_item(officer)

    for act in (reviews.accept, reviews.escalate):
        with pytest.raises(reviews.OwnEntry):
            act(item=item, finding="본인", by=officer, at=AFTER)
    with pytest.raises(reviews.OwnEntry):
        reviews.ask(item=item, question="왜?", by=officer, at=AFTER)


def test_an_entry_is_decided_once(reader, compliance):
    item = one_item(reader)
    reviews.accept(item=item, by=compliance, at=AFTER)

    with pytest.raises(reviews.AlreadyDecided):
        reviews.escalate(item=item, finding="다시", by=compliance, at=AFTER)
    with pytest.raises(reviews.AlreadyDecided):
        reviews.ask(item=item, question="왜?", by=compliance, at=AFTER)


def test_a_question_is_asked_once_and_answered_once_by_whom_it_was_put_to(reader, compliance):
    item = one_item(reader)
    with pytest.raises(reviews.NotAsked):
        reviews.answer(item=item, answer="아직", by=reader, at=AFTER)
    reviews.ask(item=item, question="무슨 업무였습니까?", by=compliance, at=AFTER)
    with pytest.raises(reviews.AlreadyAsked):
        reviews.ask(item=item, question="또 묻습니다", by=compliance, at=AFTER)
    with pytest.raises(reviews.NotAsked):
        reviews.answer(item=item, answer="대신", by=make_staff("FP"), at=AFTER)

    answered = reviews.answer(item=item, answer="계약 변경 상담", by=reader, at=AFTER)

    assert (answered.state, answered.answer) == ("ANSWERED", "계약 변경 상담")
    assert list(Notice.objects.filter(staff=compliance, kind="REVIEW_ANSWERED").values_list("url", flat=True)) == [
        f"/accounts/reviews/entries/{item.pk}/"
    ]
    with pytest.raises(reviews.AlreadyAnswered):
        reviews.answer(item=item, answer="다시", by=reader, at=AFTER)


def test_what_is_written_about_an_entry_holds_no_resident_number(reader, compliance):
    item, written = one_item(reader), "900101-1234567"
    reviews.ask(item=item, question=f"질문 {written}", by=compliance, at=AFTER)
    reviews.answer(item=item, answer=f"답 {written}", by=reader, at=AFTER)
    reviews.accept(item=item, finding=f"확인 {written}", by=compliance, at=AFTER)

    item.refresh_from_db()

    kept = "900101-1******"
    assert (item.question, item.answer, item.finding) == (f"질문 {kept}", f"답 {kept}", f"확인 {kept}")


def test_downloads_are_locked_from_the_day_after_until_the_answer(reader, compliance):
    item = reviews.ask(item=one_item(reader), question="무슨 업무였습니까?", by=compliance, at=AFTER)
    day_after = item.due_on + timedelta(days=1)
    assert [reviews.downloads_locked(reader, day) for day in (item.due_on, day_after)] == [False, True]
    assert reviews.downloads_locked(compliance, day_after) is False

    reviews.escalate(item=item, finding="답변 없음", by=compliance, at=AFTER)
    assert reviews.downloads_locked(reader, day_after) is True  # the case does not answer for the person

    reviews.answer(item=item, answer="늦었습니다", by=reader, at=at("2031-06-20 09:00"))

    assert reviews.downloads_locked(reader, day_after) is False
    item.refresh_from_db()
    assert item.state == "ESCALATED"


def test_accepting_an_unanswered_entry_frees_downloads(reader, compliance):
    item = reviews.ask(item=one_item(reader), question="무슨 업무였습니까?", by=compliance, at=AFTER)

    reviews.accept(item=item, finding="지점장이 확인", by=compliance, at=AFTER)

    assert reviews.downloads_locked(reader, date(2032, 1, 1)) is False


def test_a_lock_and_its_end_are_on_the_record_of_rights_once(reader, compliance):
    item = reviews.ask(item=one_item(reader), question="무슨 업무였습니까?", by=compliance, at=AFTER)
    late = at("2031-06-20 09:00")

    assert [reviews.note_locks(at=moment) for moment in (AFTER, late, late)] == [0, 1, 0]
    reviews.answer(item=item, answer="늦었습니다", by=reader, at=late)

    kinds = RightsChange.objects.filter(staff=reader, kind__startswith="DOWNLOADS").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["DOWNLOADS_LOCKED", "DOWNLOADS_UNLOCKED"]
    assert Notice.objects.filter(staff=reader, kind="DOWNLOADS_LOCKED").count() == 1


def test_escalate_opens_one_case_for_a_person_and_day_and_tells_the_privacy_officer(reader, officer, compliance):
    saw_them(reader, "2031-05-06 10:00", [3, 1])
    saw_them(reader, "2031-05-06 11:00", [2])
    first, second = drawn().items.order_by("at")

    case = reviews.escalate(item=first, finding="업무와 무관", by=compliance, at=AFTER)
    again = reviews.escalate(item=second, finding="같은 날", by=compliance, at=AFTER)

    assert case == again
    case.refresh_from_db()
    kept = (case.kind, case.staff, case.day, case.facts, case.customers, case.state)
    assert kept == ("REVIEW", reader, date(2031, 5, 6), {"entries": 2}, [1, 2, 3], "OPEN")
    told = Notice.objects.filter(kind="REVIEW_ESCALATED").values_list("staff", "url").distinct()
    assert list(told) == [(officer.pk, f"/accounts/cases/{case.pk}/")]


def test_a_closed_case_opens_again_when_more_of_its_day_is_escalated(reader, compliance, officer):
    saw_them(reader, "2031-05-06 10:00", [1])
    saw_them(reader, "2031-05-06 11:00", [2])
    first, second = drawn().items.order_by("at")
    case = reviews.escalate(item=first, finding="업무와 무관", by=compliance, at=AFTER)
    AccessCase.objects.filter(pk=case.pk).update(state="CLOSED", finding="MISUSE", closed_by=officer, closed_at=AFTER)

    reviews.escalate(item=second, finding="같은 날", by=compliance, at=AFTER)

    case.refresh_from_db()
    assert (case.state, case.finding, case.closed_by) == ("OPEN", "", None)


def test_sign_review_waits_for_every_decision(reader, officer):
    review = one_item(reader).review

    with pytest.raises(reviews.Undecided):
        reviews.sign_review(review=review, remark="", by=officer, at=AFTER)


@pytest.fixture
def signed(reader, officer, compliance) -> AccessReview:
    """A review of three entries: accepted, answered and accepted, unanswered and escalated."""
    for hour in (10, 11, 12):
        saw_them(reader, f"2031-05-06 {hour}:00", [hour], "EXPORT")
    plain, asked, silent = drawn().items.order_by("at")
    reviews.accept(item=plain, by=compliance, at=AFTER)
    for item in (asked, silent):
        reviews.ask(item=item, question="무슨 업무였습니까?", by=compliance, at=AFTER)
    reviews.answer(item=asked, answer="월말 보고", by=reader, at=AFTER)
    reviews.accept(item=asked, finding="확인", by=compliance, at=AFTER)
    reviews.escalate(item=silent, finding="답변 없음", by=compliance, at=AFTER)
    return reviews.sign_review(review=plain.review, remark="특이사항 1건", by=officer, at=AFTER)


def test_a_signed_report_says_numbers_people_and_findings(signed, reader, officer):
    signed.refresh_from_db()
    lines = signed.report.splitlines()

    assert "2031-05" in lines[0]
    assert [line for line in lines if "답변 없음" in line] == [
        f"- 2031-05/{signed.items.first().lane}/{signed.items.order_by('at').last().number} 2031-05-06 12:00 "
        f"{reader.employee_number}: 답변 없음"
    ]
    assert sum(line.startswith("- 2031-05/") for line in lines) == 4
    assert any(f"{reader.name} ({reader.employee_number})" in line for line in lines)
    assert any("특이사항 1건" in line for line in lines)
    assert officer.employee_number in lines[-1]
    assert faults_of(signed) == []


def test_a_signed_review_is_signed_once(signed, officer):
    with pytest.raises(reviews.AlreadySigned):
        reviews.sign_review(review=signed, remark="다시", by=officer, at=AFTER)


def test_a_late_answer_does_not_break_a_signed_report(signed, reader):
    reviews.answer(
        item=signed.items.get(state="ESCALATED"), answer="늦은 답변", by=reader, at=AFTER + timedelta(days=30)
    )

    assert faults_of(AccessReview.objects.get(pk=signed.pk)) == []


def test_whatever_is_changed_after_the_signature_is_found(signed, compliance):
    rows = AccessReview.objects.filter(pk=signed.pk)
    signed.items.filter(state="ESCALATED").update(finding="문제 없음")
    assert faults_of(rows.get()) == ["ENTRIES"]

    rows.update(signed_by=compliance)
    assert faults_of(rows.get()) == ["SIGNATURE", "ENTRIES"]

    rows.update(report=signed.report.replace("답변 없음", "문제 없음"))
    assert faults_of(rows.get()) == ["REPORT", "SIGNATURE", "ENTRIES"]


# Pages


def logged_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def addresses(item: ReviewItem) -> list[tuple[str, str]]:
    entry, review = [item.pk], [item.review_id]
    return [
        ("get", reverse("accounts:review-list")),
        ("post", reverse("accounts:review-draw")),
        ("get", reverse("accounts:review-detail", args=review)),
        ("post", reverse("accounts:review-sign", args=review)),
        ("get", reverse("accounts:review-report", args=review)),
        ("get", reverse("accounts:review-item", args=entry)),
        ("post", reverse("accounts:item-ask", args=entry)),
        ("post", reverse("accounts:item-accept", args=entry)),
        ("post", reverse("accounts:item-escalate", args=entry)),
    ]


def test_a_stranger_is_refused_every_page_of_the_review(reader):
    client = logged_in(make_staff("FP"))
    item = one_item(reader)

    assert [getattr(client, method)(url).status_code for method, url in addresses(item)] == [403] * 9
    assert client.post(reverse("accounts:question-answer", args=[item.pk])).status_code == 404


def test_an_auditor_reads_the_review_and_decides_nothing(reader):
    client = logged_in(make_staff("AUDITOR"))

    answers = [getattr(client, method)(url).status_code for method, url in addresses(one_item(reader))]

    assert answers == [200, 403, 200, 403, 404, 200, 403, 403, 403]


def test_compliance_decides_and_does_not_sign(reader, compliance):
    item = one_item(reader)

    answer = logged_in(compliance).post(reverse("accounts:review-sign", args=[item.review_id]))

    assert answer.status_code == 403


def test_the_lists_of_the_review_say_that_they_are_empty(compliance):
    client = logged_in(compliance)
    assert client.get(reverse("accounts:review-list")).context["lines"] == []
    review = drawn()

    assert client.get(reverse("accounts:review-detail", args=[review.pk])).context["page"].lines == ()
    assert client.get(reverse("accounts:question-list")).context["forms"] == []


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["review-detail", "review-list"])
def test_the_lists_ask_as_much_of_one_row_as_of_three(compliance, reader, name):
    client = logged_in(compliance)
    counts = []
    for month, rows in ((5, 1), (6, 3)):
        for hour in range(rows):
            saw_them(make_staff("FP", branch=make_branch()), f"2031-0{month}-06 1{hour}:00", [hour])
        review = drawn(month=date(2031, month, 1), at=at("2031-07-01 09:00"))
        arguments = [review.pk] if name == "review-detail" else []
        counts.append(queries_of(client, reverse(f"accounts:{name}", args=arguments)))

    assert counts[0] == counts[1]


def test_my_questions_ask_as_much_of_one_row_as_of_three(compliance, reader):
    client = logged_in(reader)
    for hour in range(3):
        saw_them(reader, f"2031-05-06 1{hour}:00", [hour])
    counts = []
    for items in ([0], [1, 2]):
        held = list((AccessReview.objects.first() or drawn()).items.order_by("at"))
        for place in items:
            reviews.ask(item=held[place], question="무슨 업무였습니까?", by=compliance, at=AFTER)
        counts.append(queries_of(client, reverse("accounts:question-list")))

    assert counts[0] == counts[1]


def test_the_page_of_an_entry_shows_who_where_whose_what_for_and_why(reader, compliance):
    saw_them(reader, "2031-05-06 22:00", [77], "REVEAL", reason="통화 요청", address="10.1.2.3")
    item = drawn().items.get()

    line = logged_in(compliance).get(reverse("accounts:review-item", args=[item.pk])).context["line"]

    assert (line.entry.where, line.entry.reason, line.item.staff) == (
        f"10.1.2.3 · {reader.branch.code}",
        "통화 요청",
        reader,
    )
    assert [points for _reason, points in line.reasons] == [15, 10]


def test_deciding_goes_on_to_the_next_entry_and_leaves_out_the_own(reader, compliance):
    saw_them(reader, "2031-05-06 10:00", [1])
    saw_them(compliance, "2031-05-06 11:00", [2])
    saw_them(reader, "2031-05-06 12:00", [3])
    client, review = logged_in(compliance), drawn()
    first, second = review.items.filter(staff=reader).order_by("pk")

    on = client.post(reverse("accounts:item-accept", args=[first.pk]), {"finding": ""})
    end = client.post(reverse("accounts:item-escalate", args=[second.pk]), {"finding": "업무와 무관합니다"})

    assert on.headers["Location"] == reverse("accounts:review-item", args=[second.pk])
    assert end.headers["Location"] == reverse("accounts:review-detail", args=[review.pk])
    assert sorted(review.items.values_list("state", flat=True)) == ["ACCEPTED", "DRAWN", "ESCALATED"]


def test_a_question_without_words_is_not_sent(reader, compliance):
    item = one_item(reader)

    answer = logged_in(compliance).post(reverse("accounts:item-ask", args=[item.pk]), {"question": " ?"})

    assert (answer.status_code, list(answer.context["ask_form"].errors)) == (200, ["question"])
    assert ReviewItem.objects.get().state == "DRAWN"


def test_the_own_entry_offers_no_decision_and_refuses_one_with_words(compliance):
    item = one_item(compliance)
    client = logged_in(compliance)
    url = reverse("accounts:review-item", args=[item.pk])

    assert client.get(url).context["may_decide"] is False
    assert client.post(reverse("accounts:item-accept", args=[item.pk])).headers["Location"] == url
    assert [str(message) for message in client.get(url).context["messages"]] != []


def test_a_person_answers_on_the_own_page_and_nobody_else_does(reader, compliance):
    item = reviews.ask(item=one_item(reader), question="무슨 업무였습니까?", by=compliance, at=AFTER)
    url = reverse("accounts:question-answer", args=[item.pk])

    stranger = logged_in(make_staff("FP")).post(url, {"answer": "제가 답합니다"})
    short = logged_in(reader).post(url, {"answer": "네"})
    sent = logged_in(reader).post(url, {"answer": "계약 변경 상담이었습니다"})

    assert (stranger.status_code, short.status_code, sent.status_code) == (404, 200, 302)
    assert [list(form.errors) for _line, form in short.context["forms"]] == [["answer"]]
    assert ReviewItem.objects.get().answer == "계약 변경 상담이었습니다"


def test_reading_the_review_is_on_the_trail(reader, compliance):
    item = one_item(reader)

    logged_in(compliance).get(reverse("accounts:review-item", args=[item.pk]))

    entry = AccessEntry.objects.filter(staff_id=compliance.pk).newest_first().first()
    assert (entry.kind, entry.page) == ("TRAIL", "accounts:review-item")


def test_the_draw_button_draws_the_month_before(compliance, reader):
    client = logged_in(compliance)

    answer = client.post(reverse("accounts:review-draw"))

    review = AccessReview.objects.get()
    today = timezone.localdate()
    assert review.month == (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    assert answer.headers["Location"] == reverse("accounts:review-detail", args=[review.pk])
    assert client.post(reverse("accounts:review-draw")).headers["Location"] == reverse("accounts:review-list")


def test_the_report_page_says_whether_all_is_as_signed(signed, compliance):
    client, url = logged_in(compliance), reverse("accounts:review-report", args=[signed.pk])
    assert client.get(url).context["faults"] == []

    AccessReview.objects.filter(pk=signed.pk).update(report="위조")

    assert len(client.get(url).context["faults"]) == 2


def test_cards_of_the_start_page_show_questions_and_what_is_to_decide(reader, compliance):
    reviews.ask(
        item=one_item(reader),
        question="무슨 업무였습니까?",
        by=compliance,
        at=datetime(2026, 1, 5, tzinfo=AFTER.tzinfo),
    )

    of_reader = [card.icon for card in logged_in(reader).get("/").context["cards"]]
    of_compliance = [card.icon for card in logged_in(compliance).get("/").context["cards"]]

    assert ("help" in of_reader, "checks" in of_reader) == (True, False)
    assert ("help" in of_compliance, "checks" in of_compliance) == (False, True)
