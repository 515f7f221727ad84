"""Consents of the demonstration: what sources tell, and what customers answered on paper, by phone and on the web."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db import connection
from django.utils import timezone

from accounts.models import Staff
from consent.models import Consent, Purpose, Receipt, Recipient, Text
from consent.numbers import numbers_on
from consent.rules.consents import expires_on, needs_representative, proof_of, receipt_number
from consent.services.consents import ADVERTISING, adopt_consents, lapse_consents
from customers.models import Customer

MOST_CUSTOMERS = 6_000  # are looked at, so that a large stock is not slow to show
SHARE = 0.45
OLDEST_DAYS = 1_000
METHODS = (("PAPER", 40), ("TABLET", 20), ("PHONE", 15), ("WEB", 15), ("PHONE_WEB", 6), ("ORAL", 4))
LATE_HOURS = (0, 0, 0, 0, 1, 2, 5, 30)
"""How long it took until an answer was recorded."""
EVIDENCE = {"PAPER": "스캔", "TABLET": "전자서명", "PHONE": "녹취", "WEB": "웹 기록", "PHONE_WEB": "녹취"}
# How likely each purpose is asked, and what is said then.
ASKED = {
    "INTEGRATED_USE": 0.9,
    "MARKETING": 0.9,
    "NIGHT_ADVERTISING": 0.25,
    "SENSITIVE_HEALTH": 0.4,
    "PROVISION_AFFILIATE": 0.5,
    "TRANSFER_ABROAD": 0.2,
}
GIVES = {
    "INTEGRATED_USE": 0.93,
    "MARKETING": 0.72,
    "NIGHT_ADVERTISING": 0.15,
    "SENSITIVE_HEALTH": 0.85,
    "PROVISION_AFFILIATE": 0.6,
    "TRANSFER_ABROAD": 0.9,
}
RECEIVES = {"PROVISION_AFFILIATE": "AFFILIATE_CARD", "TRANSFER_ABROAD": "REINSURER"}
"""{purpose: the recipient whom its answers name}."""
WITHDRAWS = 0.08
KEY = "DEMO:"


def seed(at: datetime) -> dict[str, int]:
    """Adopt what the sources tell, and answers of a share of the customers; none where there are any of these."""
    counts = {"consents adopted": adopt_consents(at=at), "receipts": 0}
    if not Receipt.objects.filter(key__startswith=KEY).exists():
        counts["receipts"] = _seed_answers(at)
    counts["consents lapsed"] = lapse_consents(day=timezone.localdate(at), at=at)
    return counts


def _seed_answers(at: datetime) -> int:
    purposes = {purpose.code: purpose for purpose in Purpose.objects.filter(code__in=ASKED)}
    texts = {text.purpose_id: text for text in Text.objects.published()}
    staff = dict(Staff.objects.values_list("employee_number", "pk"))
    named = dict(Recipient.objects.values_list("code", "pk"))
    recipients = {code: named.get(recipient) for code, recipient in RECEIVES.items()}
    legal = numbers_on(timezone.localdate(at))
    receipts: list[Receipt] = []
    consents: list[Consent] = []
    for customer in _customers(timezone.localdate(at), legal["guardian_age"]):
        for receipt, answers in _occasions(customer, purposes, texts, staff.get(customer.keeper_id), at, legal):
            receipts.append(receipt)
            consents += answers
    for receipt, serial in zip(receipts, _serials(len(receipts)), strict=True):
        receipt.pk, receipt.number = serial, receipt_number(serial)
    Receipt.objects.bulk_create(receipts, batch_size=2_000)
    for consent in consents:
        consent.receipt_id, consent.recipient_id = consent.receipt.pk, recipients.get(consent.purpose.code)
    Consent.objects.bulk_create(consents, batch_size=2_000)
    return len(receipts)


def _serials(count: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('consent_receipt', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [serial for (serial,) in cursor.fetchall()]


def _customers(today: date, guardian_age: int) -> Iterator[Customer]:
    """Active persons old enough to answer for themselves, in the order of their numbers; the same share each time."""
    persons = Customer.objects.filter(state=Customer.State.ACTIVE, kind="PERSON").order_by("number")
    for customer in persons.only("pk", "number", "birth_date", "keeper")[:MOST_CUSTOMERS].iterator(2_000):
        is_child = needs_representative(customer.birth_date, today - timedelta(days=OLDEST_DAYS), guardian_age)
        if not is_child and random.Random(f"consents {customer.number}").random() < SHARE:  # noqa: S311 - no secret
            yield customer


def _occasions(
    customer: Customer,
    purposes: dict[str, Purpose],
    texts: dict[int, Text],
    taken_by: int | None,
    at: datetime,
    legal: dict[str, int],
) -> Iterator[tuple[Receipt, list[Consent]]]:
    """One occasion on which the customer was asked, and of some a later one on which consents were withdrawn."""
    draw = random.Random(f"answers {customer.number}")  # noqa: S311 - no secret
    age = min(int(draw.expovariate(1 / 300)), OLDEST_DAYS - 1)
    asked_at = _office_hour(draw, at, age)
    asked = [purpose for code, purpose in purposes.items() if draw.random() < ASKED[code]]
    receipt = _receipt(draw, customer, taken_by, asked_at, at, "1")
    answers = [row for purpose in asked for row in _answers(draw, receipt, purpose, texts, legal)]
    if answers:
        yield receipt, answers
    given = [row for row in answers if row.answer == Consent.Answer.GIVEN and row.purpose.kind in ADVERTISING]
    if given and age > 2 and draw.random() < WITHDRAWS:
        later = _receipt(draw, customer, taken_by, _office_hour(draw, at, draw.randrange(age)), at, "2")
        yield later, [_row(later, row.purpose, row.channel, Consent.Answer.WITHDRAWN, None, None) for row in given]


def _office_hour(draw: random.Random, at: datetime, days: int) -> datetime:
    """Some time of an office day so many days ago, before `at`."""
    day = timezone.localdate(at) - timedelta(days=days + 1)
    return timezone.make_aware(datetime.combine(day, time(draw.randrange(9, 18), draw.randrange(60))))


def _receipt(
    draw: random.Random, customer: Customer, taken_by: int | None, answered_at: datetime, at: datetime, turn: str
) -> Receipt:
    names, weights = zip(*METHODS, strict=True)
    method = draw.choices(names, weights)[0]
    key = f"{KEY}{customer.number}:{turn}"
    evidence = f"{EVIDENCE[method]} {key[-6:]}" if method in EVIDENCE and draw.random() < 0.9 else ""
    return Receipt(
        customer=customer,
        method=method,
        proof=proof_of(method, has_evidence=bool(evidence)),
        evidence=evidence,
        evidence_digest=sha256(key.encode()).hexdigest() if evidence else "",
        key=key,
        answered_at=answered_at,
        taken_by_id=taken_by,
        recorded_at=min(at, answered_at + timedelta(hours=draw.choice(LATE_HOURS), minutes=draw.randrange(1, 40))),
    )


def _answers(
    draw: random.Random, receipt: Receipt, purpose: Purpose, texts: dict[int, Text], legal: dict[str, int]
) -> Iterator[Consent]:
    """An answer for each channel; who consents to one leaves out few of the others."""
    gives = draw.random() < GIVES[purpose.code]
    day = timezone.localdate(receipt.answered_at)
    months = [purpose.reconfirm_months, legal["reconfirm_months"] if purpose.kind in ADVERTISING else 0]
    for channel in purpose.channels or ["ANY"]:
        is_given = gives and draw.random() < 0.85
        holds = expires_on(day, min(filter(None, months), default=0)) if is_given else None
        answer = Consent.Answer.GIVEN if is_given else Consent.Answer.REFUSED
        yield _row(receipt, purpose, channel, answer, texts.get(purpose.pk), holds)


def _row(
    receipt: Receipt, purpose: Purpose, channel: str, answer: str, text: Text | None, holds: date | None
) -> Consent:
    return Consent(
        receipt=receipt,
        customer=receipt.customer,
        purpose=purpose,
        text=text,
        channel=channel,
        answer=answer,
        at=receipt.answered_at,
        expires_on=holds,
        recorded_by_id=receipt.taken_by_id,
        recorded_at=receipt.recorded_at,
    )
