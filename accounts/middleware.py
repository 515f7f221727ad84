"""What every request passes: headers, no null byte, who asks and until when, what comes first, the language."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from accounts import second_factor, services
from accounts.addresses import address_of
from accounts.login_state import ACTED_AT, ENDED_BECAUSE, FACTOR_SHOWN
from accounts.models import Staff, StaffSession

logger = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}
SERVICES = "/services/"
# Nothing that a customer master needs; browsers then refuse it to any script that might creep in.
DENIED_FEATURES = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "gamepad"),
    *("geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
    *("browsing-topics", "screen-wake-lock", "xr-spatial-tracking"),
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in DENIED_FEATURES)
BACKGROUND = "X-Hannun-Background"


class HeadersMiddleware:
    """What every answer says to the browser beside the content security policy; signed-in pages are kept nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)  # static files never come so far
        if user is not None:
            response.headers["Cache-Control"] = "no-store"
        return response


class NullByteMiddleware:
    """Refuses addresses with a null byte, which no text of the database can hold and no person types."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class ServiceKeyMiddleware:
    """Below /services/ a key says who asks, and nothing else does: no session, no cookie, so no forged form either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.service_key = None
        if not request.path.startswith(SERVICES):
            return self.get_response(request)
        try:
            key = services.authenticate(
                header=request.headers.get("Authorization", ""), address=address_of(request), at=timezone.now()
            )
        except services.KeyRefused as refusal:
            logger.warning("A request to a service was refused: %s", refusal.reason)
            return JsonResponse({"error": "unauthorized"}, status=401, headers={"WWW-Authenticate": "Bearer"})
        request.service_key, request.user = key, key.staff
        request._dont_enforce_csrf_checks = True
        return self.get_response(request)


class StaffSessionMiddleware:
    """Ends sessions that are over, and notes those in use; it stands before all that asks who is signed in.

    Only what a person does keeps a session alive: a page that asks by itself says so in the header BACKGROUND.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.staff_session = None
        if request.service_key is None and SESSION_KEY in request.session:
            now = timezone.now()
            if ending := self._ending(request, now):
                logout(request)
                request.session[ENDED_BECAUSE] = ending
            elif BACKGROUND not in request.headers:
                self._note(request, now)
        return self.get_response(request)

    def _ending(self, request: HttpRequest, now: datetime) -> str:
        """Why the session is over, one of `StaffSession.Ending`; '' while it lasts."""
        key = request.session.session_key
        session = StaffSession.objects.select_related("staff").filter(key_hash=services.fingerprint(key)).first()
        if session is not None and session.ended_at is not None:
            return session.ended_because
        if session is not None and _belongs_to(request.session, session.staff):
            request.user = session.staff
        if not request.user.is_authenticated:  # the account was closed, or its password changed past the services
            changed = session is not None and session.staff.is_active
            ending = StaffSession.Ending.PASSWORD_CHANGED if changed else StaffSession.Ending.DEACTIVATED
        elif session is None:
            request.staff_session = _opened(request, key, now)
            return ""
        else:
            request.staff_session = session
            ending = _outlived(session, request.session, now)
        if ending and session is not None:
            with suppress(services.SessionOver):
                services.end_session(session=session, because=ending, at=now)
        return ending

    def _note(self, request: HttpRequest, now: datetime) -> None:
        """Keep when the person acted: in the session often enough for the limit, in the row once a minute."""
        acted_at = request.session.get(ACTED_AT, 0)
        if now.timestamp() - acted_at >= settings.LOGIN_IDLE_SECONDS / 40:
            request.session[ACTED_AT] = now.timestamp()
        services.note_session(session=request.staff_session, at=now)


def _belongs_to(kept: SessionBase, staff: Staff) -> bool:
    """Whether Django would find `staff` signed in by this session; it saves asking the database for them again."""
    return (
        staff.is_active
        and kept[SESSION_KEY] == str(staff.pk)
        and kept.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(kept.get(HASH_SESSION_KEY, ""), staff.get_session_auth_hash())
    )


def _opened(request: HttpRequest, key: str, now: datetime) -> StaffSession:
    address, agent = address_of(request), request.headers.get("User-Agent", "")
    return services.open_session(staff=request.user, key=key, at=now, address=address, user_agent=agent)


def _outlived(session: StaffSession, kept: Mapping[str, object], now: datetime) -> str:
    if (now - session.started_at).total_seconds() >= settings.LOGIN_LONGEST_SECONDS:
        return StaffSession.Ending.TOO_LONG
    acted_at = kept.get(ACTED_AT, session.last_seen_at.timestamp())
    return StaffSession.Ending.IDLE if now.timestamp() - acted_at >= settings.LOGIN_IDLE_SECONDS else ""


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Leads strangers to the login page, and from there back to a page that can be opened."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        """What was sent after the session ended is not lost: the way back leads to the page with the form."""
        if request.method in SAFE:
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(page_of_form(request), self.get_login_url(view_func))


def page_of_form(request: HttpRequest) -> str:
    """Path and query of the page from which the request was sent; '/' where it is none of ours, or no address."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    if came_from.netloc != request.get_host():
        return "/"
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path or "/"


class DutiesMiddleware:
    """What comes first comes first: a password of one's own, and the second factor of those who need one."""

    OPEN = {"accounts:login", "accounts:logout", "accounts:language", "accounts:stay", "accounts:idle"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """A redirect to the duty that stands before this page, or None."""
        name = request.resolver_match.view_name
        if request.service_key is not None or not request.user.is_authenticated or name in self.OPEN:
            return None
        duty = self._duty(request)
        if not duty or name == duty:
            return None
        return redirect(duty)

    def _duty(self, request: HttpRequest) -> str:
        if FACTOR_SHOWN not in request.session and second_factor.needs_second_factor(request.user, address_of(request)):
            is_set_up = second_factor.has_second_factor(request.user)
            return "accounts:second-factor" if is_set_up else "accounts:second-factor-set-up"
        return "accounts:password-change" if request.user.must_change_password else ""


class StaffLanguageMiddleware:
    """Staff see their own language; the login page follows the cookie of the last choice, and else Korean.

    What the browser happens to ask for counts nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.LANGUAGE_CODE = language_of(request)
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def language_of(request: HttpRequest) -> str:
    """The code of the language for this request, one of `settings.LANGUAGES`."""
    if request.user.is_authenticated:
        chosen = request.user.language
    else:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
