"""What systems ask of consents, below /services/ and with a key: record answers, withdraw, read what holds.

They pass the same checks as people. A receipt is recorded once for each `key` of the sender, whether or not the request
carries an Idempotency-Key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.service_scopes import needs_scope
from accounts.trail import saw
from consent.forms.consents import instant_of
from consent.forms.service_consents import ServiceAnswerForm, ServiceReceiptForm, ServiceWithdrawForm
from consent.models import Consent, Purpose, Receipt, Recipient, Text
from consent.rules.consents import written_receipt
from consent.services import consents as services
from consent.services.consents_checks import Answer, CustomerGone, MergedAway, Refused
from consent.state import held
from consent.words.consents import REFUSALS
from customers.models import Customer
from customers.service_answers import (
    BAD,
    REFUSED,
    Unreadable,
    body_of,
    customer_of,
    done_once,
    fields_of,
    problem,
    standing_customer_of,
)

MOST_ANSWERS = 200
ODD_ANSWERS = _("Send answers as a list of objects, 200 at most, each with purpose and answer.")
UNKNOWN_ANSWER = _("The purpose, recipient or text of this answer is not known.")
UNREADABLE_INSTANT = _("The instant cannot be read. Send it like 2026-11-22T14:30.")
UNKNOWN_PURPOSE = _("There is no such purpose.")


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def consent_record(request: HttpRequest) -> HttpResponse:
    """Record what a customer answered on one occasion. Body: customer (number), method, answered_at (ISO, Korean time
    unless it says otherwise), answers (list of purpose, answer, channel, recipient, text); where known key, evidence,
    evidence_digest, by_role, representative (number). Answers 201 with the receipt, 200 with the same one for a key
    that was sent before."""
    try:
        body = body_of(request)
        sent = fields_of(body, ServiceReceiptForm)
        customer = standing_customer_of(sent.pop("customer"))
        representative = sent.pop("representative")
        named = customer_of(representative, "representative") if representative else None
        answers = _answers(body.get("answers"))
        now = timezone.now()
        receipt = services.record_receipt(
            customer=customer, answers=answers, representative=named, by=request.user, at=now, **sent
        )
    except Unreadable as unreadable:
        return unreadable.answer
    except (Refused, services.KeyUsed) as refused:
        return _refused(refused)
    return JsonResponse(_receipt(receipt), status=201 if receipt.recorded_at == now else 200)


def _answers(sent: object) -> list[Answer]:
    """The answers of a body. Raises Unreadable."""
    if not isinstance(sent, list) or len(sent) > MOST_ANSWERS or not all(isinstance(each, dict) for each in sent):
        raise Unreadable(problem("ANSWERS", BAD, ODD_ANSWERS))
    return [_answer(fields_of(each, ServiceAnswerForm), place) for place, each in enumerate(sent)]


def _answer(told: Mapping[str, object], place: int) -> Answer:
    purpose = Purpose.objects.filter(code=told["purpose"]).first()
    recipient = Recipient.objects.filter(code=told["recipient"]).first() if told["recipient"] else None
    text = Text.objects.filter(purpose=purpose, number=told["text"]).first() if told["text"] else None
    if purpose is None or (told["recipient"] and recipient is None) or (told["text"] and text is None):
        raise Unreadable(problem("UNKNOWN_ANSWER", REFUSED, UNKNOWN_ANSWER, place=place))
    return Answer(purpose, told["answer"], told["channel"], recipient, text)


def _refused(refused: Exception) -> JsonResponse:
    """A refusal by the name of its exception: AnsweredInFuture is ANSWERED_IN_FUTURE."""
    name = type(refused).__name__
    code = "".join(f"_{letter}" if letter.isupper() and place else letter for place, letter in enumerate(name)).upper()
    field, words = REFUSALS[type(refused)]
    more: dict[str, object] = {"field": field} if field else {}
    if isinstance(refused, MergedAway):
        more["into"] = refused.into
    if isinstance(refused, CustomerGone):
        more["state"] = refused.state
    return problem(code, REFUSED, words, **more)


def _receipt(receipt: Receipt) -> dict[str, object]:
    return {
        "receipt": written_receipt(receipt.number),
        "proof": receipt.proof,
        "answered_at": receipt.answered_at.isoformat(),
        "recorded_at": receipt.recorded_at.isoformat(),
    }


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def consent_withdraw(request: HttpRequest) -> HttpResponse:
    """Take consents back, as easily as they are given. Body: customer (number); where it is not all of them purposes
    (codes) and channel; where known said_at, via, method. Answers with the receipt, or null where none stood."""
    try:
        sent = fields_of(body_of(request), ServiceWithdrawForm)
        customer = standing_customer_of(sent.pop("customer"))
        codes = sent.pop("purposes")
        purposes = list(Purpose.objects.filter(code__in=codes)) if codes else None
        if purposes is not None and len(purposes) < len(set(codes)):
            raise Unreadable(problem("UNKNOWN_PURPOSE", REFUSED, UNKNOWN_PURPOSE))
        receipt = services.withdraw(customer=customer, by=request.user, at=timezone.now(), purposes=purposes, **sent)
    except Unreadable as unreadable:
        return unreadable.answer
    except Refused as refused:
        return _refused(refused)
    return JsonResponse({"receipt": None} if receipt is None else _receipt(receipt))


@login_not_required
@require_GET
@needs_scope("consent.read")
def consent_list(request: HttpRequest, number: str) -> HttpResponse:
    """What holds of a customer. Query: as_of, an instant. A number that was merged is answered with its survivor's
    consents, and says so by `customer`."""
    written = request.GET.get("as_of", "")
    at = instant_of(written) if written else timezone.now()
    if at is None:
        return problem("AS_OF", BAD, UNREADABLE_INSTANT)
    try:
        customer = _survivor(standing_customer_of(number, "number"))
    except Unreadable as unreadable:
        return unreadable.answer
    if customer.state != Customer.State.ACTIVE:
        return _refused(CustomerGone(customer.state))
    saw([customer.pk])
    told = {"asked": number, "customer": customer.number, "as_of": at.isoformat(), "consents": _held(customer, at)}
    return JsonResponse(told)


def _survivor(customer: Customer) -> Customer:
    merged = customer.state == Customer.State.MERGED
    return customer_of(customer.merged_into.number, "number") if merged else customer


def _held(customer: Customer, at: datetime) -> Sequence[dict[str, object]]:
    answers = held([customer.pk], at)[customer.pk]
    rows = Consent.objects.select_related("purpose", "recipient", "text", "receipt")
    found = rows.in_bulk([answer.consent_id for answer in answers.values()])
    return [
        {
            "purpose": found[answer.consent_id].purpose.code,
            "channel": key.channel,
            "recipient": found[answer.consent_id].recipient.code if key.recipient_id else None,
            "answer": answer.answer,
            "since": answer.since.isoformat(),
            "expires_on": answer.expires_on.isoformat() if answer.expires_on else None,
            "text": found[answer.consent_id].text.number if found[answer.consent_id].text else None,
            "proof": found[answer.consent_id].receipt.proof if found[answer.consent_id].receipt else None,
        }
        for key, answer in sorted(answers.items(), key=lambda item: tuple(map(str, item[0])))
    ]
