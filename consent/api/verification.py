"""Verifications of the real name as systems send them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.service_scopes import needs_scope
from accounts.trail import saw
from consent.forms.verification import ServiceVerificationForm
from consent.models import Verification
from consent.services import verification
from customers.service_answers import (
    CONFLICT,
    REFUSED,
    Unreadable,
    body_of,
    done_once,
    fields_of,
    problem,
    standing_customer_of,
)

CANNOT: Mapping[type[Exception], tuple[str, Promise]] = {
    verification.CustomerGone: ("CUSTOMER_GONE", _("The customer is no longer in use.")),
    verification.VerifiedLater: ("IN_FUTURE", _("The verification lies in the future.")),
    verification.ExpiredAlready: ("EXPIRED", _("The verification would hold no more already.")),
    verification.MismatchUnsaid: ("MISMATCH", _("A failure says what did not agree, and a success does not.")),
    verification.NoConnectingInfo: ("CI", _("This is no connecting information: 64 bytes in base64.")),
}
KNOWN = _("This reference of the agency was recorded with other content.")
SAME = ("method", "is_verified", "mismatch", "verified_at", "expires_on")


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def verification_record(request: HttpRequest) -> HttpResponse:
    """Record a verification of the real name (A58). Body: customer (number), method, is_verified ("true", "false"),
    verified_at (with offset), agency, reference; where known mismatch, expires_on (YYYY-MM-DD), evidence,
    evidence_digest (SHA-256), ci. Answers 201 with its id and the state of the gate; the same reference with the same
    content again answers 200 with what there is."""
    try:
        sent = fields_of(body_of(request), ServiceVerificationForm)
        customer = standing_customer_of(sent.pop("customer"))
        saw([customer.pk])
        sent["is_verified"] = sent["is_verified"] == "true"
        made = verification.record_verification(customer=customer, by=request.user, at=timezone.now(), **sent)
    except Unreadable as unreadable:
        return unreadable.answer
    except verification.ReferenceKnown as known:
        return _again(known.verification, customer.pk, sent)
    except tuple(CANNOT) as refused:
        code, words = CANNOT[type(refused)]
        return problem(code, REFUSED, words)
    return _told(made, 201)


def _again(known: Verification, customer_id: int, sent: Mapping[str, object]) -> HttpResponse:
    """The same message answers as before; another one under the same reference is refused."""
    is_same = known.customer_id == customer_id and all(getattr(known, name) == sent[name] for name in SAME)
    return _told(known, 200) if is_same else problem("REFERENCE_KNOWN", CONFLICT, KNOWN)


def _told(made: Verification, status: int) -> HttpResponse:
    made.customer.refresh_from_db(fields=["gate"])
    return JsonResponse({"id": made.pk, "customer": made.customer.number, "gate": made.customer.gate}, status=status)
