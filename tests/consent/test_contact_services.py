"""Refusals, circumstances, stops and the do-not-call register: every verb, and what each refuses."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Notice
from consent.models import Circumstance, ContactDecision, ContactRefusal, ContactStop, DoNotCallList, DoNotCallNumber
from consent.reports.contact_board import answers_of_day, contact_board, held_back_by
from consent.reports.contact_facts import digests_of
from consent.reports.do_not_call import changed_numbers, register_of
from consent.rules.do_not_call import Unreadable, read_list
from consent.services import contact_circumstances, contact_refusals, do_not_call, stops
from consent.services.contacting import may_contact
from customers import holding
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.contact_cases import NOON
from tests.consent.contacting import make_reachable, merge_into, purpose_of, refuse, register, say, stop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
TODAY = NOON.date()


def asked(customer: Customer, channel: str = "PHONE", at: datetime = NOON) -> str:
    return str(may_contact(customer=customer, channel=channel, purpose=purpose_of("MARKETING"), at=at, now=at).reason)


def refusing(customer: Customer, **more: object) -> ContactRefusal:
    given = {"kind": "OPT_OUT", "channel": "SMS", "said_at": NOON, "by": None, "at": NOON} | more
    return contact_refusals.refuse_contact(customer=customer, **given)


def test_a_refusal_is_kept_as_it_was_said_without_resident_numbers():
    staff = make_staff("FP")
    customer = make_reachable()

    made = refusing(customer, via="전화 900101-1234567", by=staff)

    row = ContactRefusal.objects.get()
    assert (row.pk, row.customer, row.kind, row.channel, row.said_at, row.recorded_by) == (
        made.pk, customer, "OPT_OUT", "SMS", NOON, staff,
    )  # fmt: skip
    assert row.said_via == "전화 900101-1******"


def test_a_refusal_is_refused_twice_in_the_future_and_for_whoever_is_gone():
    customer = make_reachable()
    refusing(customer)
    with pytest.raises(contact_refusals.AlreadyRefused):
        refusing(customer)
    with pytest.raises(contact_refusals.SaidLater):
        refusing(customer, channel="EMAIL", said_at=NOON + timedelta(seconds=1))
    with pytest.raises(ValueError, match="PIGEON"):
        refusing(customer, channel="PIGEON")
    with pytest.raises(contact_refusals.NotHere) as gone:
        refusing(merge_into(customer))
    assert gone.value.survivor == customer.number
    destroyed = make_reachable(state="DESTROYED", destroyed_at=NOON)
    with pytest.raises(contact_refusals.NotHere) as gone:
        refusing(destroyed)
    assert gone.value.survivor == ""
    refusing(customer, kind="DO_NOT_CONTACT")


def test_a_refusal_is_lifted_once_and_may_be_said_again():
    customer, staff = make_reachable(), make_staff("FP")
    refusing(customer)
    words = {"customer": customer, "kind": "OPT_OUT", "channel": "SMS", "because": "다시 받겠다고 함", "by": staff}

    lifted = contact_refusals.lift_refusal(at=NOON, **words)

    assert (lifted.lifted_at, lifted.lifted_by, lifted.lifted_because) == (NOON, staff, "다시 받겠다고 함")
    with pytest.raises(contact_refusals.NotRefused):
        contact_refusals.lift_refusal(at=NOON, **words)
    refusing(customer, said_at=NOON + timedelta(hours=1), at=NOON + timedelta(hours=1))
    assert ContactRefusal.objects.filter(lifted_at=None).count() == 1


def test_the_result_of_a_refusal_is_told_once_for_every_number_it_stands_under():
    customer = make_reachable()
    merge_into(customer)
    made = refusing(customer)

    contact_refusals.tell_result(refusal=made, at=NOON)

    assert set(ContactRefusal.objects.values_list("answered_at", flat=True)) == {NOON}
    with pytest.raises(contact_refusals.AlreadyTold):
        contact_refusals.tell_result(refusal=made, at=NOON)


def circumstance(customer: Customer, **more: object) -> Circumstance:
    given = {"kind": "COMPLAINT", "reference": "VOC-1", "started_on": TODAY, "by": None, "at": NOON} | more
    return contact_circumstances.record_circumstance(customer=customer, **given)


def test_a_circumstance_is_taken_once_by_its_reference_and_ends_once():
    customer = make_reachable()
    say(customer, channel="PHONE")
    made = circumstance(customer)
    assert asked(customer) == "COMPLAINT"
    with pytest.raises(contact_circumstances.AlreadyRecorded) as known:
        circumstance(customer)
    assert known.value.circumstance == made
    circumstance(customer, reference="VOC-2")

    for row in Circumstance.objects.all():
        contact_circumstances.end_circumstance(circumstance=row, ended_on=TODAY, by=None, at=NOON)

    assert asked(customer) == "ALLOWED"
    with pytest.raises(contact_circumstances.AlreadyEnded):
        contact_circumstances.end_circumstance(circumstance=made, ended_on=TODAY, by=None, at=NOON)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"started_on": TODAY + timedelta(days=1)}, contact_circumstances.StartsLater),
        ({"kind": "DEAD_CONTACT"}, contact_circumstances.ChannelWrong),
        ({"channel": "SMS"}, contact_circumstances.ChannelWrong),
        ({"kind": "BORED"}, ValueError),
    ],
)
def test_a_circumstance_that_cannot_be_is_refused(more: dict[str, object], problem: type[Exception]):
    with pytest.raises(problem):
        circumstance(make_reachable(), **more)
    assert not Circumstance.objects.exists()


@pytest.mark.parametrize("days", [-2, 1])
def test_a_circumstance_ends_neither_before_it_began_nor_in_the_future(days: int):
    made = circumstance(make_reachable(), started_on=TODAY - timedelta(days=1))
    with pytest.raises(contact_circumstances.EndsWrong):
        contact_circumstances.end_circumstance(
            circumstance=made, ended_on=TODAY + timedelta(days=days), by=None, at=NOON
        )


def test_a_stop_holds_from_the_next_question_tells_compliance_and_shows_what_it_held_back():
    officer, customer = make_staff("COMPLIANCE_OFFICER"), make_reachable()
    say(customer, channel="PHONE")
    before = asked(customer)

    made = stops.stop_contacts(purpose=None, channel="PHONE", reason="녹취 장애", by=officer, at=NOON)

    assert (before, asked(customer)) == ("ALLOWED", "STOPPED")
    (notice,) = Notice.objects.filter(staff=officer)
    assert (notice.kind, notice.what) == ("CONTACTS_STOPPED", {"by": officer.name})
    assert list(held_back_by(made).values_list("customer", "reason")) == [(customer.pk, "STOPPED")]
    with pytest.raises(stops.AlreadyStopped):
        stops.stop_contacts(purpose=None, channel="PHONE", reason="다시", by=officer, at=NOON)
    stops.end_stop(stop=made, because="녹취 복구", by=officer, at=NOON + timedelta(minutes=1))
    assert asked(customer) == "ALLOWED"
    with pytest.raises(stops.AlreadyEnded):
        stops.end_stop(stop=made, because="또", by=officer, at=NOON)
    assert ContactStop.objects.get().ended_because == "녹취 복구"


def test_the_board_counts_single_answers_and_sets_of_the_day_in_korea():
    customer = make_reachable()
    say(customer, channel="PHONE")
    asked(customer)
    asked(customer, at=NOON - timedelta(days=1))
    stop("MARKETING")
    asked(customer)

    assert answers_of_day(NOON) == {"ALLOWED": 1, "STOPPED": 1}
    board = contact_board(NOON)
    assert [(line.reason, line.count, line.percent) for line in board.reasons] == [
        ("ALLOWED", 1, 50), ("STOPPED", 1, 50),
    ]  # fmt: skip
    assert (board.answer_count, board.allowed_percent, board.stops[0].held_back) == (2, 50, 1)


def test_an_answer_is_never_changed():
    asked(make_reachable())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ContactDecision.objects.update(reason="ALLOWED")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ContactDecision.objects.all().delete()


FILE = (
    "전화번호,등록일\n010-7700-0001,2026-10-01\n02-770-0002;\n010-7700-0001,2026-10-02\n"
    "0107700003,2026-10-01\n010-7700-0004,2027-01-01\n010-7700-0005,20251225\n"
)


def load(text: str = FILE, **more: object) -> DoNotCallList:
    given = {"name": "dnc.csv", "as_of": TODAY, "by": None, "at": NOON} | more
    return do_not_call.load_list(content=text.encode(), **given)


def test_a_list_is_read_with_the_rows_that_cannot_be_taken():
    read = read_list(FILE.encode("cp949"), TODAY)

    assert read.numbers == {"01077000001": date(2026, 10, 1), "01077000005": date(2025, 12, 25)}
    assert read.rejects == [(3, "DAY"), (4, "TWICE"), (5, "NUMBER"), (6, "DAY_TO_COME")]
    with pytest.raises(Unreadable):
        read_list(b"PK\x03\x04\0\0", TODAY)


def test_a_list_forbids_calls_at_once_whoever_has_the_number():
    first, second = (make_reachable(mobile="01077000001") for _each in range(2))
    for customer in (first, second):
        say(customer, channel="PHONE")

    made = load()

    assert (made.row_count, made.new_count, made.reject_count) == (6, 2, 4)
    assert DoNotCallNumber.objects.get(registered_on=date(2026, 10, 1)).expires_on == date(2028, 10, 1)
    assert [asked(first), asked(second)] == ["DO_NOT_CALL", "DO_NOT_CALL"]
    assert b"01077000001" not in b"".join(bytes(row.phone_digest) for row in DoNotCallNumber.objects.all())
    assert do_not_call.match_numbers() == 1
    assert DoNotCallNumber.objects.get(registered_on=date(2026, 10, 1)).customer == first


def test_the_same_list_changes_nothing_and_a_newer_one_renews():
    made = load()
    with pytest.raises(do_not_call.AlreadyLoaded) as known:
        load(name="other.csv")
    assert known.value.loaded == made
    newer = load("010-7700-0001,2026-11-01\n010-7700-0005,2020-01-01\n")
    assert newer.new_count == 0
    assert set(DoNotCallNumber.objects.values_list("registered_on", "origin")) == {
        (date(2026, 11, 1), newer.pk), (date(2025, 12, 25), made.pk),
    }  # fmt: skip
    with pytest.raises(do_not_call.NothingToTake):
        load("이름,주소\n가,나\n")
    assert DoNotCallList.objects.count() == 2


def test_a_registration_that_is_over_forbids_calls_until_somebody_decides():
    officer, customer = make_staff("COMPLIANCE_OFFICER"), make_reachable()
    say(customer, channel="PHONE")
    register(customer.mobile, TODAY, customer)
    month = TODAY.replace(day=1)
    assert asked(customer) == "DNC_EXPIRED"
    with pytest.raises(do_not_call.CountChanged) as changed:
        do_not_call.release_expired(month=month, count=2, reason="기간 만료 확인", by=officer, at=NOON)
    assert changed.value.count == 1

    released = do_not_call.release_expired(month=month, count=1, reason="기간 만료 확인", by=officer, at=NOON)

    assert (released, asked(customer)) == (1, "ALLOWED")
    row = DoNotCallNumber.objects.get()
    assert (row.released_at, row.released_by, row.release_reason) == (NOON, officer, "기간 만료 확인")
    with pytest.raises(do_not_call.CountChanged):
        do_not_call.release_expired(month=month, count=0, reason="한 번 더", by=officer, at=NOON)


def test_a_registration_that_is_kept_holds_another_term():
    officer, customer = make_staff("COMPLIANCE_OFFICER"), make_reachable()
    say(customer, channel="PHONE")
    old = register(customer.mobile, TODAY - timedelta(days=3), customer)

    kept = do_not_call.keep_expired(month=TODAY.replace(day=1), count=1, reason="고객 의사 유지", by=officer, at=NOON)

    assert (kept, asked(customer)) == (1, "DO_NOT_CALL")
    new = DoNotCallNumber.objects.get(released_at=None)
    assert (new.moved_from, new.customer, new.registered_on, new.expires_on) == (
        old, customer, TODAY, date(2028, 11, 25),
    )  # fmt: skip


def test_a_decided_registration_comes_back_with_a_later_day_only():
    officer = make_staff("COMPLIANCE_OFFICER")
    text = "010-7700-0001,2024-11-01\n"
    load(text)
    do_not_call.release_expired(month=date(2026, 11, 1), count=1, reason="기간 만료 확인", by=officer, at=NOON)

    assert load(f"{text}\n").new_count == 0
    assert load("010-7700-0001,2026-11-02\n").new_count == 1


def test_the_wish_follows_a_customer_to_a_new_number_until_it_is_decided():
    officer, customer = make_staff("COMPLIANCE_OFFICER"), make_reachable()
    say(customer, channel="PHONE")
    old = register(customer.mobile, date(2028, 1, 1), customer)
    assert changed_numbers(officer) == []
    Customer.objects.filter(pk=customer.pk).update(mobile="01077999999")
    customer.refresh_from_db()
    assert asked(customer) == "DO_NOT_CALL"
    assert [line.pk for line in changed_numbers(officer)] == [old.pk]

    made = do_not_call.register_again(number=old, reason="번호 변경", by=officer, at=NOON)

    assert {(bytes(row.phone_digest), row.moved_from, row.expires_on) for row in made} == {
        (digest, old, date(2028, 1, 1)) for digest in digests_of(["01077999999", customer.phone_home])
    }
    assert (asked(customer), changed_numbers(officer)) == ("DO_NOT_CALL", [])
    with pytest.raises(do_not_call.AlreadyDecided):
        do_not_call.release_number(number=old, reason="또", by=officer, at=NOON)


def test_a_registration_of_whoever_has_no_other_number_is_released_alone():
    officer, customer = make_staff("COMPLIANCE_OFFICER"), make_reachable(mobile="01077000001", phone_home="")
    say(customer, channel="PHONE")
    old = register("01077000001", date(2028, 1, 1), customer)
    with pytest.raises(do_not_call.NoNewNumber):
        do_not_call.register_again(number=old, reason="번호 변경", by=officer, at=NOON)
    do_not_call.release_number(number=old, reason="고객이 해지함", by=officer, at=NOON)
    assert asked(customer) == "ALLOWED"


def test_the_register_tells_what_is_over_by_months_and_what_ends_soon():
    customer = make_reachable()
    register("01070000001", date(2026, 9, 5), customer)
    register("01070000002", date(2026, 9, 6))
    register("01070000003", TODAY)
    register("01070000004", TODAY + timedelta(days=1))
    register("01070000005", date(2030, 1, 1))

    told = register_of(TODAY)

    assert (told.standing, told.over) == (2, 3)
    assert [(line.label, line.count, line.customer_count) for line in told.months] == [
        ("2026-09", 2, 1), ("2026-11", 1, 0),
    ]  # fmt: skip
    assert [(line.label, line.count) for line in told.coming] == [("2026-11", 1)]


def test_what_is_held_is_counted_given_out_and_destroyed_but_for_the_proof():
    customer = make_reachable()
    refuse(customer)
    circumstance(customer)
    register(customer.mobile, date(2028, 1, 1), customer)
    asked(customer)
    kinds = ("consent.ContactRefusal", "consent.Circumstance", "consent.DoNotCallNumber")

    counts, told = holding.counts([customer.pk]), holding.export(customer.pk)

    assert {kind: counts[kind].get(customer.pk) for kind in kinds} == dict.fromkeys(kinds, 1)
    assert [len(told[kind]) for kind in (*kinds, "consent.ContactDecision")] == [1, 1, 1, 1]
    erased = holding.erase([customer.pk], NOON)
    assert {kind: erased[kind] for kind in kinds} == dict.fromkeys(kinds, 1)
    assert DoNotCallNumber.objects.get().customer is None
    assert ContactDecision.objects.count() == 1
