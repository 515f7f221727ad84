"""Recording what customers answer, and taking consents back: a receipt per occasion, a row per answer, never changed.

A consent is written under the number that gave it. A refusal or withdrawal is written under every number that has
become that customer too, so that none of them revives a consent when it comes apart again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Branch, Staff
from accounts.trail import saw
from consent.models import Consent, ConsentConflict, Purpose, Receipt, Recipient, Text
from consent.numbers import numbers_on
from consent.reports.consents_asking import standing_keys
from consent.rules.consents import expires_on, proof_of, receipt_number
from consent.services.consents_checks import (
    Answer,
    CustomerGone,
    check_answers,
    check_occasion,
    check_person,
    text_of,
)
from consent.services.consents_sets import adopt_consents, lapse_consents
from consent.services.gate import regate_after
from consent.state import Key
from customers.models import Customer, SourceSystem

__all__ = ["Answer", "adopt_consents", "lapse_consents", "record_receipt", "withdraw"]

ADVERTISING = (Purpose.Kind.MARKETING, Purpose.Kind.NIGHT)
NOS = (Consent.Answer.REFUSED, Consent.Answer.WITHDRAWN)


class KeyUsed(Exception):
    """The sender used this key for the answers of another customer."""


@dataclass(frozen=True)
class Occasion:
    """How, when and by whom answers were given and taken; a row of `Receipt` without its customer."""

    method: str
    answered_at: datetime
    by: Staff | None
    at: datetime
    by_role: str = Receipt.Role.SELF
    representative: Customer | None = None
    source: SourceSystem | None = None
    key: str = ""
    evidence: str = ""
    evidence_digest: str = ""
    branch: Branch | None = None


@transaction.atomic
def record_receipt(
    *,
    customer: Customer,
    answers: Sequence[Answer],
    method: str,
    answered_at: datetime,
    by: Staff | None,
    at: datetime,
    by_role: str = Receipt.Role.SELF,
    representative: Customer | None = None,
    source: SourceSystem | None = None,
    key: str = "",
    evidence: str = "",
    evidence_digest: str = "",
    branch: Branch | None = None,
) -> Receipt:
    """Record what `customer` answered at `answered_at`; returns the receipt, the same one again for the same `key`.

    Raises what `consent.services.consents_checks` names: AnsweredInFuture, CustomerGone, MergedAway, NothingAnswered,
    AnsweredTwice, WrongChannel, WrongRecipient, TextUnfit, GuardianNeeded, RepresentativeUnfit; and KeyUsed.
    """
    occasion = Occasion(
        method, answered_at, by, at, by_role, representative, source, key, evidence, evidence_digest, branch
    )
    numbers = _numbers_of(customer)
    if (known := _known(occasion, customer)) is not None:
        return known
    legal = numbers_on(timezone.localdate(answered_at))
    check_occasion(answered_at=answered_at, at=at)
    check_answers(answers)
    check_person(
        customer=customer,
        answers=answers,
        on=timezone.localdate(answered_at),
        by_role=by_role,
        representative=representative,
        legal=legal,
    )
    texts = [text_of(answer, method=method, answered_at=answered_at) for answer in answers]
    receipt = _receipt(customer, occasion)
    _write(receipt, answers, texts, numbers, legal)
    _close_conflicts(customer, receipt, answers)
    saw([customer.pk])
    regate_after(customers=[customer.pk], at=at, because=f"CONSENT_{answers[0].answer}")
    return receipt


def _numbers_of(customer: Customer) -> list[int]:
    """The ids of the customer and of all that were merged into it, locked until the transaction ends, so that nobody
    merges or answers for them meanwhile. Raises CustomerGone, MergedAway."""
    family = Customer.objects.select_for_update(no_key=True).filter(Q(pk=customer.pk) | Q(merged_into=customer.pk))
    rows = {row.pk: row for row in family.only("pk", "state", "merged_into").order_by("pk")}
    CustomerGone.refuse(rows[customer.pk])
    return [customer.pk, *(pk for pk in rows if pk != customer.pk)]


def _known(occasion: Occasion, customer: Customer) -> Receipt | None:
    """The receipt that the sender's key names already. Raises KeyUsed."""
    if not occasion.key:
        return None
    sender = {"source": occasion.source} if occasion.source else {"source": None, "taken_by": occasion.by}
    known = Receipt.objects.filter(key=occasion.key, **sender).first()
    if known is not None and known.customer_id != customer.pk:
        raise KeyUsed
    return known


def _receipt(customer: Customer, occasion: Occasion) -> Receipt:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('consent_receipt', 'id'))")
        (serial,) = cursor.fetchone()
    evidence = without_resident_numbers(occasion.evidence.strip())
    return Receipt.objects.create(
        pk=serial,
        number=receipt_number(serial),
        customer=customer,
        method=occasion.method,
        proof=proof_of(occasion.method, has_evidence=bool(evidence or occasion.evidence_digest)),
        evidence=evidence,
        evidence_digest=occasion.evidence_digest,
        by_role=occasion.by_role,
        representative=occasion.representative,
        source=occasion.source,
        key=occasion.key,
        branch=occasion.branch,
        answered_at=occasion.answered_at,
        taken_by=occasion.by,
        recorded_at=occasion.at,
    )


def _write(
    receipt: Receipt,
    answers: Sequence[Answer],
    texts: Sequence[Text | None],
    numbers: Sequence[int],
    legal: dict[str, int],
) -> None:
    """The rows of a receipt. numbers: the customer first, then those that were merged into it."""
    rows = []
    for answer, text in zip(answers, texts, strict=True):
        holds = _holds_until(answer, receipt.answered_at, legal)
        for number in numbers if answer.answer in NOS else numbers[:1]:
            rows.append(_row(receipt, number, answer, text, holds))
    Consent.objects.bulk_create(rows, batch_size=1_000)


def _row(receipt: Receipt, number: int, answer: Answer, text: Text | None, holds: date | None) -> Consent:
    return Consent(
        receipt=receipt,
        customer_id=number,
        purpose=answer.purpose,
        text=text,
        channel=answer.channel,
        recipient=answer.recipient,
        answer=answer.answer,
        at=receipt.answered_at,
        expires_on=holds,
        recorded_by=receipt.taken_by,
        recorded_at=receipt.recorded_at,
    )


def _holds_until(answer: Answer, answered_at: datetime, legal: dict[str, int]) -> date | None:
    """What the purpose says, and the law of advertisements where that is sooner."""
    if answer.answer != Consent.Answer.GIVEN:
        return None
    months = [answer.purpose.reconfirm_months] if answer.purpose.reconfirm_months else []
    if answer.purpose.kind in ADVERTISING:
        months.append(legal["reconfirm_months"])
    return expires_on(timezone.localdate(answered_at), min(filter(None, months), default=0))


def _close_conflicts(customer: Customer, receipt: Receipt, answers: Iterable[Answer]) -> None:
    """End the conflicts that these answers settle: a consent only those that are older than it."""
    for answer in answers:
        settled = ConsentConflict.objects.filter(
            customer=customer,
            closed_at=None,
            purpose=answer.purpose,
            channel=answer.channel,
            recipient=answer.recipient,
        )
        if answer.answer == Consent.Answer.GIVEN:
            settled = settled.filter(opened_at__lt=receipt.answered_at)
        settled.update(outcome=answer.answer, closed_by=receipt.taken_by, closed_at=receipt.recorded_at)


@transaction.atomic
def withdraw(
    *,
    customer: Customer,
    by: Staff | None,
    at: datetime,
    purposes: Collection[Purpose] | None = None,
    channel: str | None = None,
    via: str = "",
    said_at: datetime | None = None,
    method: str = Receipt.Method.ORAL,
) -> Receipt | None:
    """Withdraw what `customer`, under any of its numbers, consents to; None where there was nothing left to withdraw.

    purposes, channel: None for all. via: how it was said, in words; said_at: when, now if not told. Raises
    AnsweredInFuture, CustomerGone, MergedAway.
    """
    numbers = _numbers_of(customer)
    occasion = Occasion(method, said_at or at, by, at, evidence=via, branch=by.branch if by else None)
    check_occasion(answered_at=occasion.answered_at, at=at)
    keys = standing_keys(numbers, occasion.answered_at, purposes, channel)
    if not keys:
        return None
    answers = _withdrawals(keys)
    receipt = _receipt(customer, occasion)
    _write(receipt, answers, [None] * len(answers), numbers, {})
    _close_conflicts(customer, receipt, answers)
    saw([customer.pk])
    regate_after(customers=[customer.pk], at=at, because=f"CONSENT_{answers[0].answer}")
    return receipt


def _withdrawals(keys: Iterable[Key]) -> list[Answer]:
    keys = list(keys)
    purposes = Purpose.objects.in_bulk({key.purpose_id for key in keys})
    recipients = Recipient.objects.in_bulk({key.recipient_id for key in keys if key.recipient_id})
    return [
        Answer(purposes[key.purpose_id], Consent.Answer.WITHDRAWN, key.channel, recipients.get(key.recipient_id))
        for key in keys
    ]
