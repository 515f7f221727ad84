"""What systems ask of destruction, below /services/: that a customer is destroyed, how far that is, and what became of
the copies that they keep (I10, DW4).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.service_scopes import needs_scope
from accounts.trail import saw
from consent.forms.batches import ServiceCopyForm, ServiceDestructionForm, ServiceItemForm
from consent.models import CopyAnswer, DestructionBatch
from consent.rules.retention import Due
from consent.services import batches_copies as copies
from consent.services import retention_batches as services
from consent.words.retention import WHY
from customers.models import Customer
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
)

PROBLEMS: Mapping[str, Promise] = {
    "IN_THE_WAY": _("The customer cannot be destroyed now."),
    "ALREADY_ASKED": _("The destruction of the customer was asked for before."),
    "UNKNOWN_REQUEST": _("There is no such request of this client."),
    "UNKNOWN_COPY": _("There is no such copy that waits for an answer."),
    "NOT_ASKED": _("The answer is about customers whom this copy was not asked about."),
    "NOT_COMPLETE": _("The answer leaves out customers whom this copy was asked about."),
    "ANSWERED": _("This copy was answered for before."),
}
Origin = DestructionBatch.Origin


@login_not_required
@require_POST
@needs_scope("consent.destroy")
@done_once
def destruction_request(request: HttpRequest) -> HttpResponse:
    """Ask for the destruction of a customer (A48). Body: customer, clause, reason. Answers 202 with the receipt by
    which the state can be asked for; a privacy officer decides. A hold or a live role is answered with 422 and why."""
    try:
        sent = fields_of(body_of(request), ServiceDestructionForm)
        customer = customer_of(sent["customer"])
    except Unreadable as unreadable:
        return unreadable.answer
    saw(customer.pk)
    due = Due("REQUEST", sent["clause"], None, timezone.localdate())
    try:
        batch = services.propose_batch(
            action=DestructionBatch.Action.DESTROY,
            origin=Origin.SERVICE,
            customers={customer.pk: due},
            by=request.user,
            at=timezone.now(),
            basis=sent["reason"],
        )
    except services.InTheWay as blocked:
        return problem("IN_THE_WAY", REFUSED, PROBLEMS["IN_THE_WAY"], because=_because(blocked.args[0][customer.pk]))
    except services.AlreadyProposed:
        return problem("ALREADY_ASKED", CONFLICT, PROBLEMS["ALREADY_ASKED"])
    return JsonResponse(_told(batch), status=202)


@login_not_required
@require_GET
@needs_scope("consent.destroy")
def destruction_state(request: HttpRequest, number: str) -> HttpResponse:
    """How far a request is that this client made: its state, what was left out, the fingerprint of the certificate."""
    own = DestructionBatch.objects.filter(origin=Origin.SERVICE, proposed_by=request.user, number=number)
    batch = own.first()
    if batch is None:
        return problem("UNKNOWN_REQUEST", ABSENT, PROBLEMS["UNKNOWN_REQUEST"])
    return JsonResponse(_told(batch))


@login_not_required
@require_GET
@needs_scope("consent.destroy")
def copy_list(request: HttpRequest) -> HttpResponse:
    """The copies that wait for an answer of a holder. Query: holder, the code of a source or a recipient."""
    waiting = _waiting(request.GET.get("holder", ""))
    told = []
    for copy in waiting.order_by("pk")[:100]:
        numbers = Customer.objects.filter(pk__in=copy.customers).order_by("number").values_list("number", flat=True)
        told.append({"batch": copy.batch.number, "due_on": copy.due_on.isoformat(), "customers": list(numbers)})
        saw(copy.customers)
    return JsonResponse({"copies": told})


@login_not_required
@require_POST
@needs_scope("consent.destroy")
@done_once
def copy_answer(request: HttpRequest) -> HttpResponse:
    """Answer for a copy, customer by customer. Body: batch, holder (code of a source or a recipient), items: a list of
    customer, state (DESTROYED or KEPT), and of what is kept because, and until where there is a day."""
    try:
        sent = body_of(request)
        named = fields_of({name: sent.get(name) for name in ("batch", "holder")}, ServiceCopyForm)
        items = _items(sent.get("items"))
    except Unreadable as unreadable:
        return unreadable.answer
    copy = _waiting(named["holder"]).filter(batch__number=named["batch"]).first()
    if copy is None:
        return problem("UNKNOWN_COPY", ABSENT, PROBLEMS["UNKNOWN_COPY"])
    found = dict(Customer.objects.filter(number__in=[item["customer"] for item in items]).values_list("number", "pk"))
    if odd := sorted({item["customer"] for item in items} - set(found)):
        return problem("NOT_ASKED", REFUSED, PROBLEMS["NOT_ASKED"], customers=odd)
    kept = {
        found[item["customer"]]: copies.Kept(item["because"], item["until"])
        for item in items
        if item["state"] == CopyAnswer.State.KEPT
    }
    told = {found[item["customer"]] for item in items} - set(kept)
    saw(found.values())
    return _answered(copy, kept, told, request)


def _answered(copy: CopyAnswer, kept: Mapping[int, copies.Kept], told: set[int], request: HttpRequest) -> HttpResponse:
    try:
        answered = copies.answer_copy(copy=copy, kept=kept, told=told, by=request.user, at=timezone.now())
    except copies.NotAsked as odd:
        return problem("NOT_ASKED", REFUSED, PROBLEMS["NOT_ASKED"], customers=_numbers(odd.args[0]))
    except copies.NotComplete as missing:
        return problem("NOT_COMPLETE", REFUSED, PROBLEMS["NOT_COMPLETE"], customers=_numbers(missing.args[0]))
    except copies.AlreadyAnswered:
        return problem("ANSWERED", CONFLICT, PROBLEMS["ANSWERED"])
    return JsonResponse({"state": answered.state, "destroyed": answered.count_told, "kept": len(answered.kept)})


def _waiting(holder: str) -> object:
    """The copies of a source or a recipient that wait for an answer."""
    waiting = CopyAnswer.objects.filter(state=CopyAnswer.State.WAITING, batch__state=DestructionBatch.State.DONE)
    by_source, by_recipient = waiting.filter(source__code=holder), waiting.filter(recipient__code=holder)
    return (by_source | by_recipient).select_related("batch")


def _items(sent: object) -> list[dict[str, object]]:
    """Raises Unreadable."""
    if not isinstance(sent, list) or not sent or not all(isinstance(item, dict) for item in sent):
        raise Unreadable(problem("FIELDS", BAD, fields=["items"]))
    return [fields_of(item, ServiceItemForm) for item in sent]


def _numbers(ids: list[int]) -> list[str]:
    return list(Customer.objects.filter(pk__in=ids).order_by("number").values_list("number", flat=True))


def _because(obstacle: object) -> dict[str, object]:
    until = obstacle.until.isoformat() if obstacle.until else None
    return {"code": str(obstacle.why), **in_both(WHY[obstacle.why]), "clause": obstacle.clause or None, "until": until}


def _told(batch: DestructionBatch) -> dict[str, object]:
    refused = batch.items.exclude(refusal="").values_list("refusal", flat=True)
    return {
        "receipt": batch.number,
        "state": batch.state,
        "asked_at": batch.proposed_at.isoformat(),
        "left_out": [{"code": code, **in_both(WHY[code])} for code in refused if code in WHY],
        "certificate": batch.digest or None,
    }
