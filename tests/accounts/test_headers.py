"""What every answer says to the browser, whatever kind of answer it is."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config.urls import urlpatterns as ours
from tests.accounts.builders import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
DENIED = {"camera", "microphone", "geolocation", "payment", "usb", "serial", "display-capture"}


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planned")


def download(request: HttpRequest) -> FileResponse:
    return FileResponse(iter([b"a;b\n"]), as_attachment=True, filename="list.csv")


class Planted:
    """Our addresses, and two more: one that fails, one that hands out a file."""

    urlpatterns = [path("planted/fails/", login_not_required(fails)), path("planted/file/", download), *ours]


def assert_guarded(answer: HttpResponse) -> None:
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    features = {part.removesuffix("=()") for part in answer.headers["Permissions-Policy"].split(", ")}
    assert features >= DENIED


@pytest.fixture
def signed_in() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_staff("AUDITOR"))
    return client


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 200),
        ("/accounts/profile/", 200),
        ("/nowhere/", 404),
        ("/accounts/service-keys/", 403),
        ("/planted/fails/", 500),
        ("/planted/file/", 200),
        ("/accounts/logout/", 405),
        ("/services/whoami/", 401),
    ],
)
def test_every_answer_to_somebody_signed_in_is_guarded(signed_in, url, status):
    with override_settings(ROOT_URLCONF=Planted):
        answer = signed_in.get(url)

    assert answer.status_code == status
    assert_guarded(answer)


@pytest.mark.parametrize(("url", "status"), [("/accounts/login/", 200), ("/", 302), ("/nowhere/", 404)])
def test_every_answer_to_a_stranger_is_guarded(url, status):
    answer = Client().get(url)

    assert answer.status_code == status
    assert_guarded(answer)


def test_a_failure_answers_a_stranger_guarded_too():
    with override_settings(ROOT_URLCONF=Planted):
        answer = Client(raise_request_exception=False).get("/planted/fails/")

    assert answer.status_code == 500
    assert_guarded(answer)


def test_a_form_without_its_token_is_refused_guarded():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "E1", "password": "x"})

    assert answer.status_code == 403
    assert_guarded(answer)


def test_cookies_are_closed_to_scripts_and_to_other_sites():
    make_staff(employee_number="E1", password=PASSWORD)

    answer = Client().post("/accounts/login/", {"username": "E1", "password": PASSWORD})

    kept = {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in answer.cookies.items()}
    assert kept == {"sessionid": (True, "Lax"), "csrftoken": (True, "Strict")}


def test_behind_tls_browsers_insist_on_it(installation_with):
    said = installation_with(HANNUN_TLS="1", HANNUN_HOSTS="hannun.example")

    assert said == {
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "LANGUAGE_COOKIE_NAME": "__Host-hannun_language",
        "upgrade": True,
    }


@pytest.fixture
def installation_with():
    """The settings that a process of its own finds with some variables set."""
    import json
    import os
    import subprocess
    import sys

    from config import env

    names = (
        *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"),
        *("LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME"),
    )
    code = (
        "import json; from config import settings as s; "
        f"print(json.dumps({{n: getattr(s, n) for n in {names!r}}} | "
        "{'upgrade': s.CONTENT_SECURITY_POLICY['DIRECTIVES']['upgrade-insecure-requests']}))"
    )

    def read(**variables: str) -> dict[str, object]:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=env.ROOT, env=os.environ | variables, capture_output=True, check=True)
        return json.loads(done.stdout)

    return read
