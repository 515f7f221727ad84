"""The set answers what one question after the other answers, on people of whom everything is drawn; and merges."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Channel, Circumstance, ContactAsk, ContactDecision, ContactRefusal
from consent.rules.contact import CHANNELS
from consent.services.contact_refusals import lift_refusal, refuse_contact
from consent.services.contacting import may_contact
from consent.services.contacting_many import NobodyAsked, may_contact_many
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.contact_cases import EVERY_POINT, KST, NOON, kst
from tests.consent.contacting import (
    LONG_AGO,
    make_reachable,
    merge_into,
    points,
    purpose_of,
    refuse,
    register,
    say,
    stop,
)
from tests.customers.builders import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
PEOPLE = 150
TIMES = (NOON, kst(2026, 11, 25, 21), kst(2027, 1, 1), datetime(2026, 11, 25, 7, 59, 59, tzinfo=KST))


def asked(customer: Customer, channel: str = "SMS", purpose: str = "MARKETING", at: datetime = NOON) -> str:
    verdict = may_contact(customer=customer, channel=channel, purpose=purpose_of(purpose), at=at, now=NOON)
    return str(verdict.reason)


def in_a_set(customers: list[Customer] | None, channel: str, purpose: str, at: datetime) -> dict[int, str]:
    ids = None if customers is None else [customer.pk for customer in customers]
    ask = may_contact_many(customers=ids, channel=channel, purpose=purpose_of(purpose), at=at, by=None, now=NOON)
    return dict(ContactDecision.objects.filter(ask=ask).values_list("customer", "reason"))


def some(draw: random.Random, chance: float = 0.15) -> bool:
    return draw.random() < chance


def drawn_person(draw: random.Random) -> Customer:
    """Somebody of whom everything is drawn, most of it harmless."""
    held = tuple(point for point in EVERY_POINT if some(draw, 0.85))
    born = draw.choice(
        (date(1985, 3, 2), date(1985, 3, 2), date(2012, 11, 25), date(2012, 11, 26), date(2015, 5, 5), None)
    )
    gate = draw.choice(("IN_SCOPE",) * 6 + ("UNVERIFIED", "NEITHER"))
    return make_customer(gate=gate, birth_date=born, **points(held))


def draw_past(draw: random.Random, customer: Customer) -> None:
    """What was said by and of somebody."""
    for channel in (*CHANNELS[:-1], "ANY"):
        for _each in range(draw.choice((0, 1, 1, 2)) if channel != "ANY" else some(draw, 0.3)):
            answer = draw.choice(("GIVEN",) * 5 + ("REFUSED", "WITHDRAWN"))
            expires_on = NOON.date() + timedelta(days=draw.choice((-30, 0, 1, 400))) if some(draw, 0.3) else None
            say(
                customer,
                answer,
                channel=channel,
                at=LONG_AGO + timedelta(days=draw.randrange(500)),
                role=draw.choice(("SELF", "LEGAL_REP")),
                expires_on=expires_on if answer == "GIVEN" else None,
            )
        if channel in ("SMS", "PUSH") and some(draw, 0.5):
            say(customer, draw.choice(("GIVEN", "GIVEN", "WITHDRAWN")), purpose="NIGHT_ADVERTISING", channel=channel)
    for kind in ContactRefusal.Kind:
        if some(draw, 0.1):
            refuse(customer, kind, draw.choice(("ANY", *CHANNELS)))
    for kind in Circumstance.Kind:
        if some(draw, 0.08):
            channel = draw.choice(CHANNELS) if kind == "DEAD_CONTACT" else "ANY"
            Circumstance.objects.create(
                customer=customer, kind=kind, channel=channel, started_on=date(2026, 1, 1), recorded_at=LONG_AGO
            )
    if some(draw, 0.12):
        phone = customer.mobile or customer.phone_home or f"010{draw.randrange(10**8):08}"
        is_linked = some(draw, 0.5)
        register(phone, NOON.date() + timedelta(days=draw.choice((-9, 0, 9))), customer if is_linked else None)


def drawn_people(draw: random.Random) -> list[Customer]:
    """People, of whom some were merged into others, some twice over; some are gone."""
    people = [drawn_person(draw) for _each in range(PEOPLE)]
    for customer in people:
        draw_past(draw, customer)
    for retired in people[: PEOPLE // 5]:
        survivor = draw.choice(people[PEOPLE // 2 :])
        Customer.objects.filter(pk=retired.pk).update(
            state="MERGED", merged_into=survivor, merged_at=LONG_AGO + timedelta(days=draw.randrange(500))
        )
    gone = people[PEOPLE // 5 : PEOPLE // 5 + 6]
    Customer.objects.filter(pk__in=[customer.pk for customer in gone[:3]]).update(state="SEPARATED", separated_at=NOON)
    Customer.objects.filter(pk__in=[customer.pk for customer in gone[3:]]).update(state="DESTROYED", destroyed_at=NOON)
    return list(Customer.objects.filter(pk__in=[customer.pk for customer in people]).order_by("pk"))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_set_answers_what_single_questions_answer(seed: int):
    draw = random.Random(seed)
    people = drawn_people(draw)
    seen: set[str] = set()

    for channel in CHANNELS:
        for purpose in ("MARKETING", "CONTRACT_SERVICE"):
            at = draw.choice(TIMES)
            together = in_a_set(people, channel, purpose, at)
            assert together == {customer.pk: asked(customer, channel, purpose, at) for customer in people}
            everybody = in_a_set(None, channel, purpose, at)
            active = {customer.pk for customer in people if customer.state == "ACTIVE"}
            assert {pk: reason for pk, reason in everybody.items() if pk in active} == {
                pk: reason for pk, reason in together.items() if pk in active
            }
            assert everybody.keys().isdisjoint({customer.pk for customer in people} - active)
            seen |= set(together.values())

    assert len(seen) > 15


def test_one_question_takes_three_queries_and_writes_one_answer():
    customer, purpose, staff = make_reachable(), purpose_of("MARKETING"), make_staff("FP")
    say(customer)
    may_contact(customer=customer, channel="SMS", purpose=purpose, at=NOON)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        verdict = may_contact(customer=customer, channel="SMS", purpose=purpose, at=NOON, by=staff, now=NOON)

    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert (verdict.is_allowed, len(statements)) == (True, 3)
    newest = ContactDecision.objects.order_by("-pk").first()
    assert (newest.asked_by, newest.decided_at, newest.ask) == (staff, NOON, None)


def test_a_set_is_kept_with_its_question_and_counts():
    people = [make_reachable() for _each in range(3)]
    for customer in people[:2]:
        say(customer, channel="EMAIL")
    staff = make_staff("COMPLIANCE_OFFICER")

    ask = may_contact_many(
        customers=[customer.pk for customer in people], channel="EMAIL", purpose=purpose_of("MARKETING"), at=NOON,
        by=staff, asked_for="C-2026-11", now=NOON,
    )  # fmt: skip

    ask = ContactAsk.objects.get(pk=ask.pk)
    assert (ask.counts, ask.asked_for, ask.asked_by, ask.asked_at) == (
        {"ALLOWED": 2, "NO_CONSENT": 1},
        "C-2026-11",
        staff,
        NOON,
    )
    assert ask.decisions.count() == 3


def test_a_set_of_nobody_is_refused_and_leaves_nothing():
    with pytest.raises(NobodyAsked):
        may_contact_many(customers=[], channel="SMS", purpose=purpose_of("MARKETING"), at=NOON, by=None)
    with pytest.raises(ValueError, match="by ANY"):
        may_contact_many(customers=[1], channel="ANY", purpose=purpose_of("MARKETING"), at=NOON, by=None)

    assert not ContactAsk.objects.exists()


def test_a_withdrawal_a_refusal_and_a_stop_count_in_the_next_question():
    customer = make_reachable()
    say(customer)
    assert asked(customer) == "ALLOWED"
    say(customer, "WITHDRAWN", at=NOON - timedelta(seconds=1))
    assert asked(customer) == "WITHDRAWN"
    refuse(customer, at=NOON)
    assert asked(customer) == "DO_NOT_CONTACT"
    stop()
    assert asked(customer) == "STOPPED"


def test_an_answer_for_no_channel_in_particular_holds_where_nothing_else_was_said():
    general, own, later = make_reachable(), make_reachable(), make_reachable()
    say(general, channel="ANY")
    say(own, "REFUSED")
    say(own, channel="ANY", at=LONG_AGO + timedelta(days=1))
    say(later)
    say(later, "WITHDRAWN", channel="ANY", at=LONG_AGO + timedelta(days=1))

    assert [asked(each) for each in (general, own, later)] == ["ALLOWED", "REFUSED", "WITHDRAWN"]


def test_what_was_said_under_a_merged_number_counts_for_its_survivor():
    survivor = make_reachable()
    say(survivor)
    retired = merge_into(survivor)
    register(retired.mobile, date(2028, 1, 1), retired)
    assert asked(survivor) == "DO_NOT_CALL"
    retired.do_not_call_numbers.update(released_at=NOON)
    Circumstance.objects.create(customer=retired, kind="COMPLAINT", started_on=date(2026, 1, 1), recorded_at=LONG_AGO)
    assert asked(survivor) == "COMPLAINT"
    refuse(retired, "OPT_OUT", "SMS")
    assert asked(survivor) == "OPTED_OUT"
    assert asked(survivor, "EMAIL") == "NO_CONSENT"


def test_a_refusal_under_a_merged_number_is_taken_back_for_the_survivor_alone():
    survivor, staff = make_reachable(), make_staff("FP")
    say(survivor)
    retired = merge_into(survivor, gate="IN_SCOPE", at=LONG_AGO + timedelta(days=9))
    say(retired)
    refuse(retired, "OPT_OUT", "SMS")

    lift_refusal(customer=survivor, kind="OPT_OUT", channel="SMS", because="다시 받겠다고 함", by=staff, at=NOON)

    assert asked(survivor) == "ALLOWED"
    assert in_a_set([survivor], "SMS", "MARKETING", NOON) == {survivor.pk: "ALLOWED"}
    Customer.objects.filter(pk=retired.pk).update(state="ACTIVE", merged_into=None, merged_at=None)
    assert [asked(survivor), asked(retired)] == ["ALLOWED", "OPTED_OUT"]


def test_a_refusal_of_the_survivor_holds_for_every_number_when_they_come_apart():
    survivor, staff = make_reachable(), make_staff("FP")
    retired = merge_into(survivor, gate="IN_SCOPE")
    say(retired)

    refuse_contact(customer=survivor, kind="DO_NOT_CONTACT", said_at=NOON, by=staff, at=NOON)

    Customer.objects.filter(pk=retired.pk).update(state="ACTIVE", merged_into=None, merged_at=None)
    assert [asked(survivor), asked(retired)] == ["DO_NOT_CONTACT", "DO_NOT_CONTACT"]


def test_what_was_taken_back_before_a_merge_does_not_open_the_merged_number():
    survivor, staff = make_reachable(), make_staff("FP")
    say(survivor)
    refuse(survivor, "OPT_OUT", "SMS")
    lift_refusal(customer=survivor, kind="OPT_OUT", channel="SMS", because="다시 받겠다고 함", by=staff, at=NOON)
    retired = make_reachable()
    refuse(retired, "OPT_OUT", "SMS")
    Customer.objects.filter(pk=retired.pk).update(
        state="MERGED", merged_into=survivor, merged_at=NOON + timedelta(hours=1)
    )

    assert asked(survivor) == "OPTED_OUT"


def test_a_merged_number_is_answered_with_where_it_went():
    survivor = make_reachable()
    retired = merge_into(survivor)

    verdict = may_contact(customer=retired, channel="SMS", purpose=purpose_of("MARKETING"), at=NOON)

    assert (str(verdict.reason), survivor.number[:-1] in verdict.words.replace("-", "")) == ("MERGED", True)


def test_a_cap_is_asked_of_whoever_counts(settings):
    customer = make_reachable()
    say(customer)
    settings.CONTACT_CAPS = ["tests.consent.test_contact_sets.four_times"]

    assert asked(customer) == "CAP"
    assert in_a_set([customer], "SMS", "MARKETING", NOON) == {customer.pk: "CAP"}
    assert asked(customer, purpose="CONTRACT_SERVICE") == "ALLOWED"


def four_times(customers: list[int] | None, at: datetime) -> dict[int, int]:
    return dict.fromkeys(customers or (), 4)


def test_every_channel_but_none_can_be_asked_for():
    assert set(CHANNELS) == set(Channel) - {Channel.ANY}
