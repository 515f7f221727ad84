"""What systems ask of relationships, below /services/ and with a key: register, end, read; answers are JSON.

They pass the same verbs and rules as people. A problem is answered with its code and a sentence in Korean and English.
A client that sends a header Idempotency-Key gets, for a day, the same answer to the same request instead of a second
act; what it registered twice without one is refused as ALREADY.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.service_scopes import needs_scope
from customers.models import Customer
from customers.service_answers import (
    ABSENT,
    REFUSED,
    Unreadable,
    body_of,
    done_once,
    fields_of,
    gone_problem,
    in_both,
    problem,
)
from relations.forms.service_relations import ServiceEndForm, ServiceRegisterForm
from relations.models import Relationship
from relations.reports.service_relations import readable_by_systems, relations_of, survivor_of
from relations.services import relationships
from relations.words.relationships import IMPOSSIBLE, UNLIKELY

PROBLEMS: dict[str, Promise] = {
    "UNKNOWN_RELATION": _("There is no such relationship that holds and that this client registered."),
    "IMPOSSIBLE": _("The two cannot be that to one another."),
    "UNLIKELY": _("It is unlikely. Send the codes in accepted if it is so all the same."),
    "ENDS_WRONG": _("The end lies before the beginning, or in the future."),
}


def _problem(code: str, status: int, **more: object) -> JsonResponse:
    return problem(code, status, PROBLEMS[code], **more)


def _absent(number: str, field: str) -> JsonResponse:
    """The answer about a number of nobody whom a system may ask for, or of somebody who is gone."""
    return gone_problem(number, field) or problem("UNKNOWN_CUSTOMER", ABSENT, field=field)


def _reasons(codes: Iterable[str], words: dict[str, Promise]) -> list[dict[str, str]]:
    return [{"code": str(code), **in_both(words[code])} for code in codes]


def _customer(number: str, name: str) -> Customer:
    """The customer of this number. name: of the field that named it. Raises Unreadable."""
    found = readable_by_systems().filter(number=number).first()
    if found is None:
        raise Unreadable(_absent(number, name))
    return found


@login_not_required
@require_POST
@needs_scope("relations.write")
@done_once
def relation_register(request: HttpRequest) -> HttpResponse:
    """Register a relationship (A41). Body: first, second (customer numbers), kind; where known said_by, started_on,
    valid_until (YYYY-MM-DD), accepted (codes of warnings). Answers 201 with its id."""
    try:
        sent = fields_of(body_of(request), ServiceRegisterForm)
        sides = {name: _customer(sent[name], name) for name in ("first", "second")}
        made = relationships.register_relationship(
            **sides,
            kind=sent["kind"],
            basis=Relationship.Basis.SYSTEM,
            evidence=sent["said_by"],
            by=request.user,
            at=timezone.now(),
            **{name: sent[name] for name in ("started_on", "valid_until", "accepted")},
        )
    except Unreadable as unreadable:
        return unreadable.answer
    except relationships.Refused as refused:
        return _problem("IMPOSSIBLE", REFUSED, reasons=_reasons(refused.reasons, IMPOSSIBLE))
    except relationships.NotAccepted as unlikely:
        return _problem("UNLIKELY", REFUSED, reasons=_reasons(unlikely.warnings, UNLIKELY))
    valid_until = made.valid_until.isoformat() if made.valid_until else None
    return JsonResponse({"id": made.pk, "valid_until": valid_until, "accepted": made.warnings}, status=201)


@login_not_required
@require_POST
@needs_scope("relations.write")
@done_once
def relationship_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a relationship that this client registered. Body: because; where known ended_on (YYYY-MM-DD)."""
    own = Relationship.objects.still_open().filter(pk=pk, basis=Relationship.Basis.SYSTEM, recorded_by=request.user)
    standing = own.first()
    if standing is None:
        return _problem("UNKNOWN_RELATION", ABSENT)
    try:
        sent = fields_of(body_of(request), ServiceEndForm)
        ended = relationships.end_relationship(relationship=standing, by=request.user, at=timezone.now(), **sent)
    except Unreadable as unreadable:
        return unreadable.answer
    except relationships.AlreadyEnded:
        return _problem("UNKNOWN_RELATION", ABSENT)
    except (relationships.EndsBeforeStart, relationships.EndsLater):
        return _problem("ENDS_WRONG", REFUSED)
    return JsonResponse({"id": ended.pk, "ended_on": ended.ended_on.isoformat()})


@login_not_required
@require_GET
@needs_scope("relations.read")
def relation_list(request: HttpRequest, number: str) -> HttpResponse:
    """The relations of a customer (A45). Query: ended, 1 for those that are over as well. A number that was merged is
    answered with its survivor's relations, and says so by `customer`."""
    asked = readable_by_systems().filter(number=number).first()
    found = survivor_of(asked) if asked else None
    if found is None:
        return _absent(number, "number")
    only_open = request.GET.get("ended") != "1"
    told = relations_of(found, timezone.localdate(), only_open=only_open)
    return JsonResponse({"asked": number, **told})
