"""Breaches: the clock, the list drawn from the trail, telling with proof, an end with every duty met or explained."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from accounts.models import AccessEntry, Notice
from consent.models import Breach, BreachDraw, BreachNotice
from consent.reports.breaches import breach_lines, breach_report, duties_of
from consent.rules.breaches import Conditions
from consent.services import breaches, breaches_draws, breaches_notices
from consent.words.breaches import letter, missing_parts
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.outflowing import WORDS, looked, make_breach
from tests.customers.builders import NOW, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
KNOWN = NOW - timedelta(hours=2)


@pytest.fixture
def officer(purposes):
    return make_staff("PRIVACY_OFFICER", employee_number="P1", name="서유진", language="en")


def codes(breach, at=NOW):
    return [duty.code for duty in duties_of(breach, at) if not duty.is_met]


def draw(breach, officer, *, hours=48, **fields):
    conditions = Conditions(NOW - timedelta(hours=hours), NOW, **fields)
    made = breaches_draws.request_draw(
        breach=breach, conditions=conditions, reason="도용된 계정", by=officer, at=NOW, is_queued=False
    )
    return breaches_draws.run_draw(draw=made)


def listed(breach):
    return dict(breach.notices.order_by("customer").values_list("customer", "entry_count"))


def sent(breach, officer, customers=None, **fields):
    given = {"channel": "SMS", "sent_at": NOW, "proof": "발송 1", "by": officer, "at": NOW}
    return breaches_notices.record_notices(breach=breach, customers=customers, **(given | fields))


# recording


def test_a_breach_starts_its_clock_when_it_became_known_and_tells_the_privacy_officer(officer):
    first, second = make_breach(), make_breach()

    assert [first.number, second.number] == ["BREACH-2026-0001", "BREACH-2026-0002"]
    assert first.due_at == KNOWN + timedelta(hours=72)
    assert list(Notice.objects.filter(kind="BREACH_RECORDED").values_list("staff", "what__number")) == [
        (officer.pk, "BREACH-2026-0001"),
        (officer.pk, "BREACH-2026-0002"),
    ]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"known_at": NOW + timedelta(seconds=1)}, breaches.KnownLater),
        ({"happened_at": KNOWN + timedelta(seconds=1)}, breaches.HappenedAfter),
    ],
)
def test_a_breach_out_of_time_is_refused(fields, refused):
    with pytest.raises(refused):
        make_breach(**fields)


def test_the_letter_says_all_six_things_in_korean_and_nobody_is_told_before(officer):
    breach = make_breach(protection="", contact="")
    breaches_notices.add_affected(breach=breach, customers=[make_customer()], by=officer, at=NOW)

    assert missing_parts(breach) == ["protection", "contact"]
    with pytest.raises(breaches_notices.LetterIncomplete):
        sent(breach, officer)
    known = {"items": ["rrn"], "by_hacking": True, "has_credit_data": False, "affected_count": 5}
    breaches.revise_breach(breach=breach, words=WORDS, by=officer, at=NOW, **known)
    breach.refresh_from_db()

    opening, parts = letter(breach, ["주민등록번호"])
    assert "유출" in opening
    assert [text for _heading, text in parts][:1] == ["주민등록번호"]
    assert len(parts) == 6
    assert "손해배상" in parts[5][1]
    assert all(text for _heading, text in parts)
    assert codes(breach) == ["TELL", "REPORT"]


# drawing


def test_the_affected_are_those_whom_the_conditions_show_each_counted_once(officer):
    thief, other = make_staff("FP", employee_number="F1"), make_staff("FP", employee_number="F2")
    one, two, three = (make_customer() for _each in range(3))
    looked([one.pk, two.pk], NOW - timedelta(hours=30), staff=thief)
    looked([one.pk], NOW - timedelta(hours=3), staff=thief, kind=AccessEntry.Kind.EXPORT)
    looked([three.pk], NOW - timedelta(hours=3), staff=other)
    looked([three.pk], NOW - timedelta(hours=4), staff=thief, result=403)
    breach = make_breach()

    first = draw(breach, officer, staff=("F1",))
    assert listed(breach) == {one.pk: 2, two.pk: 1}
    assert (first.state, first.done_count, first.found_count, first.entry_count) == ("DONE", 2, 2, 3)
    again = draw(breach, officer, hours=4)

    assert listed(breach) == {one.pk: 2, two.pk: 1, three.pk: 1}
    assert (again.found_count, again.entry_count) == (1, 1)
    breach.refresh_from_db()
    assert breach.affected_count == 3


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, 4),
        ({"kinds": ("EXPORT",)}, 1),
        ({"pages": ("customers:search",)}, 1),
        ({"addresses": ("10.9.9.9",)}, 1),
        ({"kinds": ("EXPORT",), "addresses": ("10.9.9.9",)}, 0),
    ],
)
def test_conditions_narrow_the_draw(officer, conditions, found):
    at = NOW - timedelta(hours=1)
    looked([make_customer().pk], at, kind=AccessEntry.Kind.EXPORT)
    looked([make_customer().pk], at, page="customers:search")
    looked([make_customer().pk], at, address="10.9.9.9")
    looked([make_customer().pk], at)
    looked([make_customer().pk], NOW)

    assert draw(make_breach(), officer, **conditions).found_count == found


def test_who_was_merged_is_listed_under_the_survivor_and_who_was_destroyed_not(officer):
    survivor, gone = make_customer(), make_customer()
    retired = make_retired(survivor)
    looked([survivor.pk, retired.pk, gone.pk], NOW - timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE customers_customer SET state = 'DESTROYED', destroyed_at = now() WHERE id = %s", [gone.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    breach = make_breach()

    draw(breach, officer)

    assert listed(breach) == {survivor.pk: 1}


def test_a_draw_that_was_cut_off_goes_on_and_counts_nothing_twice(officer, monkeypatch):
    customer = make_customer()
    for hours in (10, 34, 58):
        looked([customer.pk], NOW - timedelta(hours=hours))
    breach = make_breach()
    made = breaches_draws.request_draw(
        breach=breach, conditions=Conditions(NOW - timedelta(days=3), NOW), reason="전체", by=officer, at=NOW,
        is_queued=False,
    )  # fmt: skip

    breaches_draws._step(made.pk)
    assert (BreachDraw.objects.get().state, listed(breach)) == ("RUNNING", {customer.pk: 1})
    assert breaches_draws.resume_draws() == [made.pk]

    assert (BreachDraw.objects.get().state, listed(breach)) == ("DONE", {customer.pk: 3})


def test_one_draw_at_a_time_and_a_stopped_one_leaves_its_days_to_the_next(officer):
    customer = make_customer()
    for hours in (10, 34):
        looked([customer.pk], NOW - timedelta(hours=hours))
    breach = make_breach()
    request = {"breach": breach, "conditions": Conditions(NOW - timedelta(days=2), NOW), "reason": "전체"}
    request |= {"by": officer, "at": NOW, "is_queued": False}
    first = breaches_draws.request_draw(**request)
    with pytest.raises(breaches_draws.DrawsRunning):
        breaches_draws.request_draw(**request)

    breaches_draws._step(first.pk)
    breaches_draws.stop_draw(draw=first, by=officer, at=NOW)
    with pytest.raises(breaches_draws.AlreadyOver):
        breaches_draws.stop_draw(draw=first, by=officer, at=NOW)
    breaches_draws.run_draw(draw=breaches_draws.request_draw(**request))

    assert listed(breach) == {customer.pk: 2}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(days=-1), timedelta(seconds=1)),
        (timedelta(days=-367), timedelta(0)),
        (timedelta(days=-365 * 9), timedelta(days=-365 * 9 + 1)),
    ],
)
def test_a_time_that_cannot_be_read_is_refused(officer, first, last):
    with pytest.raises(breaches_draws.NotATime):
        breaches_draws.request_draw(
            breach=make_breach(), conditions=Conditions(NOW + first, NOW + last), reason="x", by=officer, at=NOW
        )


def test_a_list_is_emptied_and_drawn_anew_until_somebody_was_told(officer):
    looked([make_customer().pk], NOW - timedelta(hours=1))
    breach = make_breach()
    draw(breach, officer)

    assert breaches_draws.take_back_draws(breach=breach, by=officer, at=NOW) == 1
    assert draw(breach, officer).found_count == 1
    sent(breach, officer)
    with pytest.raises(breaches.WordsSent):
        breaches_draws.take_back_draws(breach=breach, by=officer, at=NOW)


# telling


def test_who_was_told_is_noted_once_with_proof_and_the_words_stay(officer):
    breach = make_breach()
    people = [make_customer() for _each in range(3)]
    assert breaches_notices.add_affected(breach=breach, customers=[*people, people[0]], by=officer, at=NOW) == 3

    assert sent(breach, officer, [people[0].pk]) == 1
    assert sent(breach, officer) == 2
    with pytest.raises(breaches_notices.NobodyListed):
        sent(breach, officer)
    with pytest.raises(breaches.WordsSent):
        breaches.revise_breach(
            breach=breach, items=["name"], words=WORDS | {"contact": "다른 곳"}, by_hacking=False,
            has_credit_data=False, affected_count=0, by=officer, at=NOW,
        )  # fmt: skip
    assert codes(breach) == []


def file_of(*rows):
    return "\n".join(["고객번호,발송일시,채널,증빙,실패사유", *rows]).encode()


def test_a_file_of_proofs_is_taken_in_and_what_cannot_be_used_is_told_by_line(officer):
    breach = make_breach()
    told, unreached, unlisted = (make_customer() for _each in range(3))
    breaches_notices.add_affected(breach=breach, customers=[told, unreached], by=officer, at=NOW)
    at = f"{NOW:%Y-%m-%dT%H:%M}"

    imported = breaches_notices.import_proofs(
        breach=breach,
        content=file_of(
            f"{told.number},{at},SMS,MSG-1,",
            f"{unreached.number},,,,수신 거부",
            f"{unlisted.number},{at},SMS,MSG-2,",
            f"0000000000,{at},SMS,MSG-3,",
            f"{told.number},,SMS,MSG-4,",
            f"{told.number},2026-11-23T08:59:59+18:00,SMS,MSG-4,",
            f"{told.number},{at},PIGEON,MSG-4,",
            f"{told.number},{at},SMS,,",
        ),
        by=officer,
        at=NOW,
    )

    assert (imported.sent, imported.unreached, imported.reject_count) == (1, 1, 6)
    assert sorted(imported.rejects) == [
        (4, "NOT_LISTED"), (5, "UNKNOWN"), (6, "NO_TIME"), (7, "WRONG_TIME"), (8, "NO_CHANNEL"), (9, "NO_PROOF"),
    ]  # fmt: skip
    assert list(breach.notices.order_by("pk").values_list("customer", "proof", "failed_because")) == [
        (told.pk, "MSG-1", ""),
        (unreached.pk, "", "수신 거부"),
    ]
    assert codes(breach) == ["POST"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe\x81", "NOT_TEXT"),
        (b"a,b\n1,2\n", "NO_COLUMNS"),
        (b"", "NO_COLUMNS"),
        (b"customer\n1\n", "NO_COLUMNS"),
    ],
)
def test_a_file_that_is_no_list_of_proofs_is_refused(officer, content, problem):
    with pytest.raises(breaches_notices.UnreadableFile) as refused:
        breaches_notices.import_proofs(breach=make_breach(), content=content, by=officer, at=NOW)
    assert refused.value.problem == problem


# the end


def test_a_breach_is_closed_when_every_duty_is_met(officer):
    breach = make_breach(by_hacking=True)
    breaches_notices.add_affected(breach=breach, customers=[make_customer()], by=officer, at=NOW)
    close = {"breach": breach, "note": "종결", "by": officer, "at": NOW}

    with pytest.raises(breaches.DutiesOpen) as refused:
        breaches.close_breach(reasons={}, **close)
    assert refused.value.codes == ["TELL", "REPORT"]
    sent(breach, officer)
    for reported_at in (KNOWN - timedelta(seconds=1), NOW + timedelta(seconds=1)):
        with pytest.raises(breaches.InstantWrong):
            breaches.report_breach(breach=breach, reported_at=reported_at, reference="R-1", by=officer, at=NOW)
    breaches.report_breach(breach=breach, reported_at=NOW, reference="R-1", by=officer, at=NOW)
    with pytest.raises(breaches.ReasonMissing):
        breaches.close_breach(reasons={}, **(close | {"note": " "}))
    closed = breaches.close_breach(reasons={}, **close)

    assert (closed.state, closed.closing, closed.closed_by) == ("CLOSED", "종결", officer)
    with pytest.raises(breaches.NotOpen):
        breaches.close_breach(reasons={}, **close)


def test_what_was_not_done_is_explained_in_the_closing_note(officer):
    breach = make_breach()

    reasons = {"TELL": "암호화되어 있었음", "POST": "명단 없음"}
    with translation.override("en"):
        closed = breaches.close_breach(breach=breach, note="종결", reasons=reasons, by=officer, at=NOW)

    assert closed.closing == "종결\nTell the affected: 암호화되어 있었음\nPost on the website: 명단 없음"


def test_a_possible_breach_is_confirmed_or_cleared_before_it_ends(officer):
    breach, clear = make_breach(kind="POSSIBLE"), make_breach(kind="POSSIBLE")
    reasons = dict.fromkeys(("TELL", "POST", "CONFIRM"), "이유")

    with pytest.raises(breaches.DutiesOpen):
        breaches.close_breach(breach=breach, note="종결", reasons=reasons, by=officer, at=NOW)
    with pytest.raises(breaches.NotPossible):
        breaches.confirm_breach(breach=breach, kind="POSSIBLE", by=officer, at=NOW)
    breaches.confirm_breach(breach=breach, kind="THEFT", by=officer, at=NOW)
    with pytest.raises(breaches.NotPossible):
        breaches.clear_breach(breach=breach, reason="아님", by=officer, at=NOW)
    with pytest.raises(breaches.ReasonMissing):
        breaches.clear_breach(breach=clear, reason="", by=officer, at=NOW)
    breaches.clear_breach(breach=clear, reason="접속 기록상 열람 없음", by=officer, at=NOW)

    assert list(Breach.objects.order_by("pk").values_list("kind", "state")) == [
        ("THEFT", "OPEN"),
        ("POSSIBLE", "CLEARED"),
    ]


def test_a_posting_lies_between_the_knowing_and_today(officer):
    breach = make_breach()
    today = timezone.localdate(NOW)

    for day in (today - timedelta(days=1), today + timedelta(days=1), date(1, 1, 1)):
        with pytest.raises(breaches.InstantWrong):
            breaches.post_breach(breach=breach, posted_on=day, by=officer, at=NOW)
    assert breaches.post_breach(breach=breach, posted_on=today, by=officer, at=NOW).posted_on == today


def test_the_privacy_officer_is_warned_at_each_mark_once_while_something_is_to_be_done(officer):
    breach, done = make_breach(), make_breach()
    breaches_notices.add_affected(breach=done, customers=[make_customer()], by=officer, at=NOW)
    sent(done, officer)
    marks = [timedelta(hours=hours) for hours in (30, 24, 20, 6, 5, -1, -2)]

    given = [breaches_notices.warn_of_breaches(at=breach.due_at - mark) for mark in marks]

    assert given == [0, 1, 0, 1, 0, 1, 0]
    kinds = Notice.objects.filter(kind__startswith="BREACH_").exclude(kind="BREACH_RECORDED").order_by("pk")
    assert list(kinds.values_list("kind", "what__hours")) == [
        ("BREACH_FIRST", 24),
        ("BREACH_LAST", 6),
        ("BREACH_OVER", 1),
    ]


def test_lines_and_report_tell_the_same_duties_in_a_fixed_number_of_queries(officer, django_assert_num_queries):
    breach = make_breach(happened_at=KNOWN - timedelta(days=1))
    looked([make_customer().pk], NOW - timedelta(hours=1))
    draw(breach, officer)
    others = [make_breach(), make_breach()]

    with django_assert_num_queries(3):
        lines = breach_lines([breach, *others], NOW)
    with translation.override("en"):
        report = breach_report(breach, NOW)

    assert [duty.code for duty in lines[0].open_duties] == codes(breach)
    assert [words for _at, words in report.moments][:2] == ["Happened", "Became known"]
    assert report.draws[0].conditions[0][0] == "Time"
    assert Customer.objects.filter(breach_notices__breach=breach).count() == BreachNotice.objects.count() == 1
