"""Every address of every app, called by somebody who is not logged in."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

OPEN = {
    "accounts:login",
    "accounts:language",
    "accounts:password-first",
    "healthz",
    "readyz",
}
# For systems with a key; no login opens them.
SERVICES = {"services:whoami", "services:relation-list", "services:relation-register", "services:relationship-end"}
LOGIN = "/accounts/login/"
# What stands for the groups of a regular expression, by their names.
NAMED = {"number": "0000123459", "written": "C-000012345-9", "pk": "1", "url": "x", "app_label": "accounts"}
NAMED |= {"item": "mobile", "kind": "income", "month": "2026-01"}
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
SAMPLES = {"IntConverter": "1", "UUIDConverter": "0b0c9a52-2f8e-4a83-8f5b-6c5a3a6b1c11"}


def address(parts: list[RoutePattern | RegexPattern]) -> str:
    """An address that the patterns match, every variable filled with a sample."""
    made = ""
    for part in parts:
        if isinstance(part, RegexPattern):
            filled = NAMED_GROUP.sub(lambda group: NAMED[group[1]], str(part)).strip("^$")
            assert part.regex.match(filled), f"{part} has no sample"
            made += filled
            continue
        route = str(part)
        for name, converter in part.converters.items():
            sample = SAMPLES.get(type(converter).__name__, "1")
            for written in (f"<{name}>", *(f"<{kind}:{name}>" for kind in ("int", "str", "slug", "path", "uuid"))):
                route = route.replace(written, sample)
        made += route
    return f"/{made}"


def views(resolver: URLResolver, above: tuple = (), spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every view's full name and a sample address."""
    for entry in resolver.url_patterns:
        parts = (*above, entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from views(entry, parts, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or str(entry.pattern))), address(list(parts))


ALL = dict(views(get_resolver()))
SERVICES = {name for name in ALL if name.startswith("services:")}


def test_the_crawl_finds_the_pages_of_every_app():
    found = {
        "home",
        "accounts:profile",
        "admin:accounts_staff_change",
        "admin:customers_mapping_changelist",
        "services:whoami",
    }

    assert found <= ALL.keys()
    assert [url for url in ALL.values() if "<" in url or "(" in url] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ALL.keys() - OPEN - SERVICES))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_the_login_page(name, method):
    answer = getattr(Client(), method)(ALL[name], follow=True)

    assert [url.partition("?")[0] for url, _status in answer.redirect_chain][-1:] == [LOGIN]
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SERVICES))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_service_answers_nobody_without_a_key(name, method):
    answer = getattr(Client(), method)(ALL[name])

    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized"})


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OPEN))
def test_an_open_page_answers_a_stranger_itself(name):
    answer = Client().get(ALL[name])

    assert (answer.status_code, answer.headers.get("Location")) in {(200, None), (405, None)}


@pytest.mark.django_db
def test_every_page_forbids_foreign_scripts_styles_and_frames():
    policy = Client().get(LOGIN).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_healthz_answers_without_a_database():
    answer = Client().get("/healthz")  # no mark for the database: a query would fail

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_names_database_and_cache():
    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True})


@pytest.mark.django_db
def test_readyz_says_which_part_does_not_answer(settings):
    settings.CACHES = {
        "default": {"BACKEND": settings.CACHES["default"]["BACKEND"], "LOCATION": "unix:///nowhere/socket"}
    }

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "cache": False})
