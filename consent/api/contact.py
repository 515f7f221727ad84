"""May customers be contacted, and what stands against it, as systems ask and send it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.service_scopes import needs_scope
from accounts.trail import saw
from consent.forms.contact import (
    MOST_NUMBERS,
    ServiceCircumstanceForm,
    ServiceContactForm,
    ServiceContactsForm,
    ServiceRefusalForm,
)
from consent.models import Channel, Circumstance, ContactDecision, Purpose
from consent.rules.contact import CLAUSES, CONTACT_KINDS, Reason, Verdict
from consent.services import contact_circumstances, contact_refusals
from consent.services.contacting import may_contact
from consent.services.contacting_many import may_contact_many
from consent.words.contact import REASONS, SAYINGS
from customers.models import Customer, Protection
from customers.numbering import parse_customer_number
from customers.service_answers import (
    ABSENT,
    BAD,
    CONFLICT,
    REFUSED,
    Unreadable,
    body_of,
    customer_of,
    done_once,
    fields_of,
    in_both,
    problem,
    standing_customer_of,
)

CANNOT: Mapping[type[Exception], tuple[str, Promise]] = {
    contact_refusals.SaidLater: ("IN_FUTURE", _("This has not happened yet.")),
    contact_circumstances.StartsLater: ("IN_FUTURE", _("This has not happened yet.")),
    contact_circumstances.ChannelWrong: (
        "CHANNEL",
        _("Name the contact point where one does not reach the customer, and else none."),
    ),
    contact_circumstances.EndsWrong: ("ENDS_WRONG", _("The end lies before the beginning, or in the future.")),
}
UNKNOWN_PURPOSE = _("There is no such purpose.")
NO_CONTACTS = _("Nobody is contacted for this purpose.")
GONE = _("The customer is no longer in use; survivor names whom the number was merged into.")
NOT_OPEN = _("Nothing of this kind and reference is open.")
LIST = _("customers is a list of one to 1,000 customer numbers.")


def _purpose(code: str) -> Purpose:
    found = Purpose.objects.filter(code=code).first()
    if found is None:
        raise Unreadable(problem("UNKNOWN_PURPOSE", ABSENT, UNKNOWN_PURPOSE, field="purpose"))
    if found.kind not in CONTACT_KINDS:
        raise Unreadable(problem("NO_CONTACTS", REFUSED, NO_CONTACTS, field="purpose"))
    return found


def _gone(gone: contact_refusals.NotHere) -> JsonResponse:
    return problem("CUSTOMER_GONE", CONFLICT, GONE, survivor=gone.survivor or None)


def _answer(reason: str, is_allowed: bool, clause: str) -> dict[str, object]:
    return {
        "allowed": is_allowed,
        "reason": reason,
        "clause": clause,
        "why": in_both(REASONS[reason]),
        "words": in_both(SAYINGS[reason]),
    }


def _told(verdict: Verdict) -> dict[str, object]:
    return _answer(str(verdict.reason), verdict.is_allowed, verdict.clause)


@login_not_required
@require_POST
@needs_scope("consent.read")
def contact_ask(request: HttpRequest) -> HttpResponse:
    """Ask whether a customer may be contacted. Body: customer (number), channel, purpose (code); contact_at with its
    offset, without it now. Each question is answered anew and kept, so an Idempotency-Key changes nothing."""
    try:
        sent = fields_of(body_of(request), ServiceContactForm)
        customer, purpose = customer_of(sent["customer"]), _purpose(sent["purpose"])
    except Unreadable as unreadable:
        return unreadable.answer
    saw(customer.pk)
    asked = {"channel": sent["channel"], "purpose": purpose, "at": sent["contact_at"]}
    verdict = may_contact(customer=customer, by=request.user, **asked)
    survivor = None
    if verdict.reason is Reason.MERGED:
        survivor = Customer.objects.values_list("number", flat=True).get(pk=customer.merged_into_id)
    return JsonResponse({"customer": customer.number, **_told(verdict), "survivor": survivor})


@login_not_required
@require_POST
@needs_scope("consent.read")
@done_once
def contacts_ask(request: HttpRequest) -> HttpResponse:
    """Ask of at most 1,000 customers at once. Body: customers (numbers), channel, purpose; where known contact_at and
    asked_for. Answers by number; those of nobody whom a system may ask for stand in unknown."""
    try:
        sent = body_of(request)
        numbers = _numbers(sent.pop("customers", None))
        asked = fields_of(sent, ServiceContactsForm)
        purpose = _purpose(asked["purpose"])
    except Unreadable as unreadable:
        return unreadable.answer
    reached = Customer.objects.exclude(pk__in=Protection.objects.values("customer"))
    found = dict(reached.filter(number__in=numbers).values_list("pk", "number"))
    unknown = sorted(set(numbers) - set(found.values()))
    if not found:
        return JsonResponse({"ask": None, "counts": {}, "answers": [], "unknown": unknown})
    saw(found)
    ask = may_contact_many(
        customers=found,
        channel=asked["channel"],
        purpose=purpose,
        at=asked["contact_at"],
        by=request.user,
        asked_for=asked["asked_for"],
    )
    rows = ContactDecision.objects.filter(ask=ask, customer__in=found).order_by("customer")
    answers = [
        {"customer": found[customer], **_answer(reason, is_allowed, CLAUSES.get(reason) or purpose.clause)}
        for customer, reason, is_allowed in rows.values_list("customer", "reason", "is_allowed")
    ]
    return JsonResponse({"ask": ask.pk, "counts": ask.counts, "answers": answers, "unknown": unknown})


def _numbers(sent: object) -> list[str]:
    """The customer numbers of a body. Raises Unreadable."""
    if not isinstance(sent, list) or not 0 < len(sent) <= MOST_NUMBERS:
        raise Unreadable(problem("FIELDS", BAD, LIST, fields=["customers"]))
    numbers = [parse_customer_number(each) if isinstance(each, str) else None for each in sent]
    if None in numbers:
        raise Unreadable(problem("FIELDS", BAD, LIST, fields=["customers"]))
    return list(dict.fromkeys(numbers))


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def refusal_record(request: HttpRequest) -> HttpResponse:
    """Record that a customer wants no contact. Body: customer, kind; where known channel (without it, all), said_at and
    via. Answers 201, or 200 where the same stood before."""
    try:
        sent = fields_of(body_of(request), ServiceRefusalForm)
        customer = standing_customer_of(sent.pop("customer"))
    except Unreadable as unreadable:
        return unreadable.answer
    saw(customer.pk)
    now = timezone.now()
    words = sent | {"channel": sent["channel"] or Channel.ANY, "said_at": sent["said_at"] or now}
    told = {"customer": customer.number, "kind": words["kind"], "channel": words["channel"]}
    try:
        contact_refusals.refuse_contact(customer=customer, by=request.user, at=now, **words)
    except contact_refusals.AlreadyRefused:
        return JsonResponse(told | {"stood": True})
    except contact_refusals.NotHere as gone:
        return _gone(gone)
    except contact_refusals.SaidLater as wrong:
        code, sentence = CANNOT[type(wrong)]
        return problem(code, REFUSED, sentence)
    return JsonResponse(told | {"stood": False}, status=201)


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def circumstance_record(request: HttpRequest) -> HttpResponse:
    """Record a death, an open complaint or claim, a dead contact point; with ended_on, that it is over. Body: customer,
    kind; where known channel, reference, started_on (without it, today). Answers 201, or 200 where nothing was new."""
    try:
        sent = fields_of(body_of(request), ServiceCircumstanceForm)
        customer = standing_customer_of(sent.pop("customer"))
    except Unreadable as unreadable:
        return unreadable.answer
    saw(customer.pk)
    sent["channel"] = sent["channel"] or Channel.ANY
    ended_on = sent.pop("ended_on")
    try:
        return _end(customer, sent, ended_on, request) if ended_on else _begin(customer, sent, request)
    except contact_refusals.NotHere as gone:
        return _gone(gone)
    except tuple(CANNOT) as wrong:
        code, sentence = CANNOT[type(wrong)]
        return problem(code, REFUSED, sentence)


def _begin(customer: Customer, sent: dict[str, object], request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    words = sent | {"started_on": sent["started_on"] or timezone.localdate(now)}
    try:
        made = contact_circumstances.record_circumstance(customer=customer, by=request.user, at=now, **words)
    except contact_circumstances.AlreadyRecorded as known:
        return JsonResponse({"id": known.circumstance.pk, "stood": True})
    return JsonResponse({"id": made.pk, "stood": False}, status=201)


def _end(customer: Customer, sent: dict[str, object], ended_on: date, request: HttpRequest) -> HttpResponse:
    same = {name: sent[name] for name in ("kind", "channel", "reference")}
    standing = Circumstance.objects.filter(customer=customer, ended_at=None, **same).first()
    if standing is None:
        return problem("NOT_OPEN", ABSENT, NOT_OPEN)
    ended = contact_circumstances.end_circumstance(
        circumstance=standing, ended_on=ended_on, by=request.user, at=timezone.now()
    )
    return JsonResponse({"id": ended.pk, "ended_on": ended.ended_on.isoformat()})
