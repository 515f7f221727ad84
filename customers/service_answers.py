"""What the services of all apps share: bodies read as forms, problems by code and in both languages, and a request
that is sent again answered once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import wraps

from django.core.cache import cache
from django.forms import Form, MultipleChoiceField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.formats import day
from customers.models import Customer, Protection
from customers.reports.gone import gone_of

KEPT_SECONDS = 86_400
LONGEST_KEY = 100
SURROGATE = re.compile("[\ud800-\udfff]")  # half a letter, which JSON can write and no database can keep
BAD, ABSENT, CONFLICT, GONE, REFUSED = 400, 404, 409, 410, 422
PROBLEMS: Mapping[str, Promise] = {
    "UNREADABLE": _("The body is no JSON object."),
    "FIELDS": _("Fields are missing or cannot be read."),
    "UNKNOWN_CUSTOMER": _("There is no such customer that a system may ask for."),
    "DESTROYED": _("The customer of this number was destroyed on the day in since."),
    "KEPT_APART": _("The customer of this number has been kept apart since the day in since."),
    "KEY_REUSED": _("This idempotency key was sent with another request."),
    "KEY_BUSY": _("A request with this idempotency key is being done. Ask again in a moment."),
    "KEY_TOO_LONG": _("An idempotency key has 100 characters at most."),
}


class Unreadable(Exception):
    """What was sent cannot be used. answer: what to say."""

    def __init__(self, answer: JsonResponse) -> None:
        super().__init__()
        self.answer = answer


def problem(code: str, status: int, words: Promise | None = None, **more: object) -> JsonResponse:
    """An answer that says what is wrong. words: the sentence of a code that PROBLEMS does not have."""
    return JsonResponse({"error": {"code": code, **in_both(words or PROBLEMS[code]), **more}}, status=status)


def in_both(words: Promise) -> dict[str, str]:
    """A sentence in Korean and in English: {language: sentence}."""
    told = {}
    for language in ("ko", "en"):
        with translation.override(language):
            told[language] = str(words)
    return told


def body_of(request: HttpRequest) -> dict[str, object]:
    """The JSON object that was sent. Raises Unreadable."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Unreadable(problem("UNREADABLE", BAD))
    return sent


def fields_of(sent: Mapping[str, object], form_class: type[Form], **more: object) -> dict[str, object]:
    """The fields of an object, checked by a form; more: of its making. Raises Unreadable."""
    odd = sorted(name for name, field in form_class.base_fields.items() if not _is_fit(field, sent.get(name)))
    if odd:
        raise Unreadable(problem("FIELDS", BAD, fields=odd))
    form = form_class(sent, **more)
    if not form.is_valid():
        raise Unreadable(problem("FIELDS", BAD, fields=sorted(form.errors)))
    return form.cleaned_data


def _is_fit(field: object, value: object) -> bool:
    """Whether JSON holds what forms expect of browsers: text, or a list of texts where there may be several."""
    if isinstance(field, MultipleChoiceField) and isinstance(value, list):
        return all(map(is_text, value))
    return value is None or (isinstance(value, str) and not SURROGATE.search(value))


def is_text(value: object) -> bool:
    """Whether this is text that the database can keep."""
    return isinstance(value, str) and "\0" not in value and not SURROGATE.search(value)


def customer_of(number: str, name: str = "customer") -> Customer:
    """The customer of this number, unless protected: systems reach all but those. name: of the field that named it.
    Raises Unreadable."""
    found = Customer.objects.filter(number=number).exclude(pk__in=Protection.objects.values("customer")).first()
    if found is None:
        raise Unreadable(problem("UNKNOWN_CUSTOMER", ABSENT, field=name))
    return found


def standing_customer_of(number: str, name: str = "customer") -> Customer:
    """As customer_of, and of whom something may be written down: for one that is gone the day is told."""
    customer, gone = customer_of(number, name), gone_problem(number, name)
    if gone is not None:
        raise Unreadable(gone)
    return customer


def gone_problem(number: str, name: str) -> JsonResponse | None:
    """The answer about the number of somebody who is gone; None for others. name: of the field that named it."""
    gone = gone_of(number)
    if gone is None:
        return None
    code = "DESTROYED" if gone.is_destroyed else "KEPT_APART"
    return problem(code, GONE, field=name, since=day(gone.since))


def done_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a request that was sent again with the same Idempotency-Key as it was answered the first time; each app
    remembers keys of its own.
    """
    app = view.__module__.partition(".")[0]

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
        place = f"{app}.once.{mark}"
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
