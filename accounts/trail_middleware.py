"""The trail of requests: what a page shows is written before it is shown; where that fails, nothing is shown."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.addresses import address_of
from accounts.login_state import pending_staff
from accounts.models import AccessEntry, Staff
from accounts.purposes import SESSION_KEY
from accounts.trail.appending import TrailUnavailable, append, check_available
from accounts.trail.looking import Look, branch_code_of, gathering

logger = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}
MOST_TARGET = 200
LOGIN, SECOND_FACTOR = "accounts:login", "accounts:second-factor"
LOGIN_PAGES = {LOGIN, SECOND_FACTOR, "accounts:logout", "accounts:idle"}
# Sent by pages to keep a session; it shows nothing and changes nothing.
UNNOTED = {"accounts:stay"}
# What stands in an address but opens something, so that it is written down nowhere.
SECRET_WORDS = {"token"}
UNAUTHORIZED, UNAVAILABLE = 401, 503


class TrailMiddleware:
    """Writes one entry for every answer that shows or changes something, or refuses it, to somebody signed in.

    Pages that show nobody's data and change nothing leave no entry; every login does, whether or not it succeeds. It
    stands behind the middleware that knows the person, and before all views.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            if request.user.is_authenticated:
                return self._of_staff(request, request.user)
            if request.method == "POST" and request.path in (reverse(LOGIN), reverse(SECOND_FACTOR)):
                return self._of_login(request)
        except TrailUnavailable as problem:
            return _withheld(request, problem)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same answer where a view itself could not write an entry."""
        return _withheld(request, exception) if isinstance(exception, TrailUnavailable) else None

    def _of_staff(self, request: HttpRequest, staff: Staff) -> HttpResponseBase:
        staff.declared_purpose = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
        session = session_of(request)
        if request.method not in SAFE:
            check_available(timezone.now())
        with gathering() as look:
            response = self.get_response(request)
            _note(request, response, look, staff, session)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            rest = _watched(response.streaming_content, request, response, look, staff)
            response.streaming_content = rest
        return response

    def _of_login(self, request: HttpRequest) -> HttpResponseBase:
        check_available(timezone.now())
        pending = pending_staff(request.session)
        response = self.get_response(request)
        staff = request.user if request.user.is_authenticated else pending[0] if pending else _typed(request)
        try:
            append(
                at=timezone.now(),
                kind=AccessEntry.Kind.LOGIN,
                page=request.resolver_match.view_name if request.resolver_match else LOGIN,
                # A form that comes back with its errors has let nobody in, whatever HTTP calls that.
                result=UNAUTHORIZED if response.status_code == 200 else response.status_code,
                staff_id=staff.pk if staff else None,
                employee_number=staff.employee_number if staff else "",
                branch_code=branch_code_of(staff),
                address=address_of(request),
                session=session_of(request),
            )
        except TrailUnavailable:
            request.session.flush()
            raise
        return response


def _typed(request: HttpRequest) -> Staff | None:
    """Whose employee number was typed at the login; what is nobody's, such as a password in the wrong field, is not
    kept."""
    number = request.POST.get("username", "").strip()
    if not number.isprintable() or len(number) > Staff._meta.get_field("employee_number").max_length:
        return None
    return Staff.objects.filter(employee_number=number).first()


def _note(request: HttpRequest, response: HttpResponseBase, look: Look, staff: Staff, session: str) -> None:
    match = request.resolver_match
    page, words = (match.view_name, dict(match.kwargs)) if match else ("", {})
    is_change, is_refusal = request.method not in SAFE, response.status_code >= 400
    if page in UNNOTED and not is_refusal:
        return
    if words and (is_change or is_refusal):
        look.customers.update(dict.fromkeys(_subjects(words)))
    if is_change or is_refusal or look.is_about_something:
        look.append(
            staff=staff,
            page=page,
            result=response.status_code,
            target=target_of(words),
            address=address_of(request),
            session=session,
            kind=_kind(request, page, is_change=is_change),
        )


def _kind(request: HttpRequest, page: str, *, is_change: bool) -> str:
    """What kind of look it is where nobody described it."""
    if page in LOGIN_PAGES:
        return AccessEntry.Kind.LOGIN
    if getattr(request, "service_key", None) is not None:
        return AccessEntry.Kind.SERVICE
    return AccessEntry.Kind.CHANGE if is_change else AccessEntry.Kind.VIEW


def _watched(
    parts: Iterator[bytes], request: HttpRequest, response: HttpResponseBase, look: Look, staff: Staff
) -> Iterator[bytes]:
    """The parts of an answer that is made while it is sent; whoever comes into view is written down before the part
    leaves. Raises TrailUnavailable, which breaks the answer off."""
    noted = len(look.customers)
    while True:
        with gathering(look):
            part = next(parts, None)
        if part is None:
            return
        if len(look.customers) > noted:
            fresh = Look(look.kind, look.reason, look.purpose, customers=dict.fromkeys([*look.customers][noted:]))
            noted = len(look.customers)
            _note(request, response, fresh, staff, session_of(request))
        yield part


def _subjects(words: Mapping[str, object]) -> set[int]:
    """Ids of the customers that the words of an address name, by the functions of `settings.TRAIL_SUBJECTS`."""
    return {customer for path in settings.TRAIL_SUBJECTS for customer in import_string(path)(words)}


def target_of(words: Mapping[str, object]) -> str:
    """The words of an address as entries hold them."""
    kept = (f"{name}={value}" for name, value in words.items() if name not in SECRET_WORDS)
    return " ".join(kept)[:MOST_TARGET]


def session_of(request: HttpRequest) -> str:
    """A mark of the session that cannot be used to enter it; empty for a request without one."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""


def _withheld(request: HttpRequest, problem: TrailUnavailable) -> HttpResponse:
    # What the database says may quote the entry, and with it what somebody typed: only the kind of its error is logged.
    logger.error("The trail cannot be written, so the answer was withheld: %s", type(problem.__cause__).__name__)
    if getattr(request, "service_key", None) is not None:
        return JsonResponse({"error": "unavailable"}, status=UNAVAILABLE)
    return render(request, "accounts/trail_unavailable.html", status=UNAVAILABLE)
