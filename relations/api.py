"""What systems ask of relationships, below /services/ and with a key: register, end, read; answers are JSON.

They pass the same verbs and rules as people. A problem is answered with its code and a sentence in Korean and English.
A client that sends a header Idempotency-Key gets, for a day, the same answer to the same request instead of a second
act; what it registered twice without one is refused as ALREADY.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.service_scopes import needs_scope
from customers.formats import day
from customers.models import Customer
from customers.reports.gone import gone_of
from relations.forms.service_relations import ServiceEndForm, ServiceRegisterForm, odd_fields
from relations.models import Relationship
from relations.reports.service_relations import readable_by_systems, relations_of, survivor_of
from relations.services import relationships
from relations.words.relationships import IMPOSSIBLE, UNLIKELY

KEPT_SECONDS = 86_400
LONGEST_KEY = 100
BAD, ABSENT, CONFLICT, GONE, REFUSED = 400, 404, 409, 410, 422
PROBLEMS: dict[str, Promise] = {
    "UNREADABLE": _("The body is no JSON object."),
    "FIELDS": _("Fields are missing or cannot be read."),
    "UNKNOWN_CUSTOMER": _("There is no such customer that a system may ask for."),
    "DESTROYED": _("The customer of this number was destroyed on the day in since."),
    "KEPT_APART": _("The customer of this number has been kept apart since the day in since."),
    "UNKNOWN_RELATION": _("There is no such relationship that holds and that this client registered."),
    "IMPOSSIBLE": _("The two cannot be that to one another."),
    "UNLIKELY": _("It is unlikely. Send the codes in accepted if it is so all the same."),
    "ENDS_WRONG": _("The end lies before the beginning, or in the future."),
    "KEY_REUSED": _("This idempotency key was sent with another request."),
    "KEY_BUSY": _("A request with this idempotency key is being done. Ask again in a moment."),
    "KEY_TOO_LONG": _("An idempotency key has 100 characters at most."),
}


def problem(code: str, status: int, **more: object) -> JsonResponse:
    """An answer that says what is wrong, by code and in both languages."""
    return JsonResponse({"error": {"code": code, **_sentences(PROBLEMS[code]), **more}}, status=status)


def _absent(number: str, field: str) -> JsonResponse:
    """The answer about a number of nobody whom a system may ask for, or of somebody who is gone."""
    gone = gone_of(number)
    if gone is None:
        return problem("UNKNOWN_CUSTOMER", ABSENT, field=field)
    return problem("DESTROYED" if gone.is_destroyed else "KEPT_APART", GONE, field=field, since=day(gone.since))


def _sentences(words: Promise) -> dict[str, str]:
    told = {}
    for language in ("ko", "en"):
        with translation.override(language):
            told[language] = str(words)
    return told


def _reasons(codes: Iterable[str], words: dict[str, Promise]) -> list[dict[str, str]]:
    return [{"code": str(code), **_sentences(words[code])} for code in codes]


def done_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a request that was sent again with the same Idempotency-Key as it was answered the first time."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        sent = request.headers.get("Idempotency-Key", "").strip()
        if not sent:
            return view(request, *args, **kwargs)
        if len(sent) > LONGEST_KEY:
            return problem("KEY_TOO_LONG", BAD)
        # The client's name is part of it, so that no client meets the keys of another.
        mark = hashlib.sha256(f"{request.user.pk}\n{sent}".encode()).hexdigest()
        body = hashlib.sha256(request.path.encode() + b"\n" + request.body).hexdigest()
        place = f"relations.once.{mark}"
        if not cache.add(place, (body, None, None), KEPT_SECONDS):
            return _again(cache.get(place), body)
        try:
            answer = view(request, *args, **kwargs)
        except BaseException:
            cache.delete(place)
            raise
        cache.set(place, (body, answer.status_code, answer.content.decode()), KEPT_SECONDS)
        return answer

    return answered


def _again(kept: tuple[str, int | None, str | None] | None, body: str) -> HttpResponse:
    """The first answer, once it is there and was to the same request."""
    if kept is None or (kept[0] == body and kept[1] is None):
        return problem("KEY_BUSY", CONFLICT)
    if kept[0] != body:
        return problem("KEY_REUSED", REFUSED)
    return HttpResponse(kept[2], status=kept[1], content_type="application/json", headers={"Idempotent-Replay": "true"})


class Unreadable(Exception):
    """What was sent cannot be used. answer: what to say."""

    def __init__(self, answer: JsonResponse) -> None:
        super().__init__()
        self.answer = answer


def _read(request: HttpRequest, form_class: type[Form]) -> dict[str, object]:
    """The fields of the body. Raises Unreadable."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Unreadable(problem("UNREADABLE", BAD))
    if odd := odd_fields(form_class, sent):
        raise Unreadable(problem("FIELDS", BAD, fields=odd))
    form = form_class(sent)
    if not form.is_valid():
        raise Unreadable(problem("FIELDS", BAD, fields=sorted(form.errors)))
    return form.cleaned_data


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
        sent = _read(request, ServiceRegisterForm)
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
        return problem("IMPOSSIBLE", REFUSED, reasons=_reasons(refused.reasons, IMPOSSIBLE))
    except relationships.NotAccepted as unlikely:
        return problem("UNLIKELY", REFUSED, reasons=_reasons(unlikely.warnings, UNLIKELY))
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
        return problem("UNKNOWN_RELATION", ABSENT)
    try:
        sent = _read(request, ServiceEndForm)
        ended = relationships.end_relationship(relationship=standing, by=request.user, at=timezone.now(), **sent)
    except Unreadable as unreadable:
        return unreadable.answer
    except relationships.AlreadyEnded:
        return problem("UNKNOWN_RELATION", ABSENT)
    except (relationships.EndsBeforeStart, relationships.EndsLater):
        return problem("ENDS_WRONG", REFUSED)
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
