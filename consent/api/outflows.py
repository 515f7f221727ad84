"""Transfers to recipients as systems tell them (PO7)."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.service_scopes import needs_scope
from consent.forms.outflows import ServiceTransferForm
from consent.models import Outflow
from consent.services import outflows
from customers.service_answers import ABSENT, CONFLICT, REFUSED, Unreadable, body_of, done_once, fields_of, problem

UNKNOWN = _("No outflow to this recipient for this purpose is recorded.")
CANNOT: Mapping[type[Exception], tuple[str, int, Promise]] = {
    outflows.SentWrong: (
        "SENT_WRONG",
        REFUSED,
        _("The transfer lies in the future, or outside the time of the outflow."),
    ),
    outflows.ReferenceReused: ("REFERENCE_KNOWN", CONFLICT, _("This reference was told with other content.")),
}


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def transfer_record(request: HttpRequest) -> HttpResponse:
    """Note that data went out once. Body, all texts: recipient, purpose (codes), sent_at (with offset), customer_count,
    reference; where known digest (SHA-256). Answers 201 with its id; the same transfer told again answers the same."""
    try:
        sent = fields_of(body_of(request), ServiceTransferForm)
        ends = {"recipient__code": sent.pop("recipient"), "purpose__code": sent.pop("purpose")}
        outflow = Outflow.objects.filter(**ends).order_by(F("ended_on").desc(nulls_first=True), "pk").first()
        if outflow is None:
            return problem("UNKNOWN_OUTFLOW", ABSENT, UNKNOWN)
        made = outflows.record_transfer(outflow=outflow, by=request.user, at=timezone.now(), **sent)
    except Unreadable as unreadable:
        return unreadable.answer
    except tuple(CANNOT) as refused:
        code, status, words = CANNOT[type(refused)]
        return problem(code, status, words)
    return JsonResponse({"id": made.pk, "sent_at": made.sent_at.isoformat()}, status=201)
