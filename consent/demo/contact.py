"""Contacts of the demonstration: refusals, circumstances, a list of the do-not-call register, a stop that is over, and
questions that were asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from consent.models import Channel, Circumstance, ContactRefusal, ContactStop, DoNotCallList, DoNotCallNumber, Purpose
from consent.reports.contact_facts import digests_of
from consent.services import do_not_call, stops
from consent.services.contacting import may_contact
from consent.services.contacting_many import may_contact_many
from customers.formats import phone
from customers.models import Customer

MOST_CUSTOMERS = 6_000  # are looked at, so that a large stock is not slow to show
OFFICER = "compliance"
LIST_NAME = "금융권두낫콜_등록명부.csv"
LOADED_DAYS_AGO = 40
CHANGED = 3
QUESTIONS = 120
REFUSALS = (  # kind, channel, how many of a thousand
    ("DO_NOT_CONTACT", "ANY", 6),
    ("DO_NOT_CONTACT", "PHONE", 8),
    ("OPT_OUT", "SMS", 14),
    ("OPT_OUT", "EMAIL", 8),
    ("CREDIT_STOP", "ANY", 4),
)
CIRCUMSTANCES = (  # kind, channel, how many of a thousand, reference
    ("DECEASED", "ANY", 3, "사망신고"),
    ("COMPLAINT", "ANY", 5, "VOC"),
    ("CLAIM", "ANY", 9, "CLM"),
    ("DEAD_CONTACT", "MAIL", 8, "반송"),
    ("DEAD_CONTACT", "SMS", 4, "결번"),
)
WAYS = ("080 무료수신거부", "고객센터 전화", "지점 방문", "모바일 앱")
LISTED = 45  # of a thousand customers


def seed(at: datetime) -> dict[str, int]:
    """What the demonstration shows of contacts; none of it where a list was taken in already."""
    names = ("refusals", "circumstances", "numbers on the register", "questions")
    if DoNotCallList.objects.exists():
        return dict.fromkeys(names, 0)
    rows = Customer.objects.filter(state=Customer.State.ACTIVE).order_by("number")
    customers = list(rows.only("pk", "number", "mobile", "phone_home")[:MOST_CUSTOMERS])
    counts = (
        _refusals(customers, at),
        _circumstances(customers, at),
        _register(customers, at),
        _questions(customers, at),
    )
    return dict(zip(names, counts, strict=True))


def _chosen(customers: list[Customer], word: str, per_thousand: int) -> Iterator[tuple[Customer, random.Random]]:
    """The same so many of a thousand each time, each with a draw of its own."""
    for customer in customers:
        draw = random.Random(f"{word} {customer.number}")  # noqa: S311 - no secret
        if draw.randrange(1_000) < per_thousand:
            yield customer, draw


def _refusals(customers: list[Customer], at: datetime) -> int:
    rows = []
    for kind, channel, share in REFUSALS:
        for customer, draw in _chosen(customers, f"{kind} {channel}", share):
            said_at = at - timedelta(days=draw.randrange(1, 300), minutes=draw.randrange(600))
            told_at = said_at + timedelta(days=draw.randrange(1, 9))
            rows.append(
                ContactRefusal(
                    customer=customer, kind=kind, channel=channel, said_at=said_at, said_via=draw.choice(WAYS),
                    recorded_at=said_at, answered_at=told_at if told_at < at and draw.random() < 0.97 else None,
                )
            )  # fmt: skip
    return len(ContactRefusal.objects.bulk_create(rows))


def _circumstances(customers: list[Customer], at: datetime) -> int:
    today = timezone.localdate(at)
    rows = [
        Circumstance(
            customer=customer, kind=kind, channel=channel, reference=f"{word}-{draw.randrange(10_000, 99_999)}",
            started_on=today - timedelta(days=draw.randrange(60)), recorded_at=at,
        )
        for kind, channel, share, word in CIRCUMSTANCES
        for customer, draw in _chosen(customers, f"{kind} {channel}", share)
    ]  # fmt: skip
    return len(Circumstance.objects.bulk_create(rows))


def _register(customers: list[Customer], at: datetime) -> int:
    """A list that came some weeks ago: most registrations hold, some are over by now; a few customers have another
    number since."""
    day = timezone.localdate(at)
    loaded_at = at - timedelta(days=LOADED_DAYS_AGO)
    lines = ["전화번호,등록일"]
    for customer, draw in _chosen(customers, "register", LISTED):
        if customer.mobile:
            lines.append(f"{phone(customer.mobile)},{_registered_on(draw, day)}")
    lines += ["확인불가,2026-01-05", "010-12,2026-02-11"]
    officer = Staff.objects.filter(employee_number=OFFICER).first()
    made = do_not_call.load_list(
        content="\n".join(lines).encode(), name=LIST_NAME, as_of=timezone.localdate(loaded_at), by=officer, at=loaded_at
    ) if len(lines) > 3 else None  # fmt: skip
    if made is None:
        return 0
    do_not_call.match_numbers()
    return made.new_count + _changed(customers, made, day)


def _registered_on(draw: random.Random, day: date) -> date:
    days = draw.randrange(735, 800) if draw.random() < 0.12 else draw.randrange(LOADED_DAYS_AGO, 720)
    return day - timedelta(days=days)


def _changed(customers: list[Customer], made: DoNotCallList, day: date) -> int:
    free = [each for each in customers if each.mobile and not each.do_not_call_numbers.exists()][-CHANGED:]
    old = digests_of(f"0109900{place:04}" for place, _customer in enumerate(free))
    registered_on = day - timedelta(days=200)
    rows = [
        DoNotCallNumber(
            phone_digest=digest, customer=customer, origin=made, registered_on=registered_on,
            expires_on=day + timedelta(days=530),
        )
        for digest, customer in zip(old, free, strict=True)
    ]  # fmt: skip
    return len(DoNotCallNumber.objects.bulk_create(rows, ignore_conflicts=True))


def _questions(customers: list[Customer], at: datetime) -> int:
    """A stop of three days ago with what it held back, a list that was asked about today, and single questions."""
    purpose = Purpose.objects.filter(code="MARKETING").first()
    officer = Staff.objects.filter(employee_number=OFFICER, is_active=True).first()
    if purpose is None or officer is None or not customers:
        return 0
    ids = [customer.pk for customer in customers]
    asked = {"purpose": purpose, "by": officer}
    if not ContactStop.objects.exists():
        begun = at - timedelta(days=3)
        stop = stops.stop_contacts(
            purpose=purpose, channel=Channel.SMS, reason="안내 문안의 금리 표기 오류", by=officer, at=begun
        )
        held_at = begun + timedelta(minutes=20)
        may_contact_many(
            customers=ids[:200], channel="SMS", at=held_at, now=held_at, asked_for="11월 연금 안내", **asked
        )
        stops.end_stop(stop=stop, because="문안을 고쳐 다시 승인받음", by=officer, at=begun + timedelta(hours=2))
    noon = timezone.localtime(at).replace(hour=14, minute=0)
    may_contact_many(customers=ids, channel="SMS", at=noon, now=at, asked_for="12월 보장점검 안내", **asked)
    draw = random.Random("questions")  # noqa: S311 - no secret
    for customer in draw.sample(customers, min(QUESTIONS, len(customers))):
        channel = draw.choice(("PHONE", "PHONE", "VISIT", "EMAIL"))
        may_contact(customer=customer, channel=channel, at=noon, now=at, **asked)
    return len(ids) + min(QUESTIONS, len(customers))
