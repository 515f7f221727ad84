"""How long pages take, asked through all middleware, beside the least that a page of the house can take."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.urls import reverse as address_of

from accounts.models import Staff
from customers.models import Contract, Customer, SourceRecord

WARMING = 5
BELOW = "part=below"


def floor(request: HttpRequest, pk: int) -> HttpResponse:
    """A page behind the login that reads one row by primary key and shows it in the frame of every page."""
    return render(request, "customers/bench_floor.html", {"customer": get_object_or_404(Customer, pk=pk)})


urlpatterns = [path("bench/floor/<int:pk>/", floor, name="bench-floor"), path("", include("config.urls"))]


@dataclass(frozen=True)
class Timed:
    """One page: queries of one request, and milliseconds of many; rounded to a hundredth."""

    page: str
    requests: int
    queries: int
    p50: float
    p95: float


def measure_pages(staff: Staff, requests: int, seed: int) -> list[Timed]:
    """Time the floor, the 360° page and each kind of search, interleaved, so that all meet the same machine."""
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"]):
        client = Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        ways = _ways(random.Random(seed), requests + WARMING)  # noqa: S311 - a sample, no secret
        taken: dict[str, list[float]] = {page: [] for page in ways}
        for turn in range(requests + WARMING):
            for page, addresses in ways.items():
                seconds = seconds_of(client, addresses[turn % len(addresses)])
                if turn >= WARMING:
                    taken[page].append(seconds)
        return [_timed(page, taken[page], _queries(client, ways[page][0])) for page in ways]


def _ways(chance: random.Random, count: int) -> dict[str, list[str]]:
    """{page: addresses}, of customers drawn evenly over the whole stock."""
    customers = _drawn(chance, count)
    pages = [address_of("customers:customer-detail", args=[customer.number]) for customer in customers]
    records = SourceRecord.objects.filter(link__customer__in=[c.pk for c in customers])
    keys = list(records.order_by("pk").values_list("source_key", flat=True)[:count])
    contracts = list(Contract.objects.order_by("pk").values_list("contract_no", flat=True)[:count])
    people = [customer for customer in customers if customer.kind == "PERSON"]
    texts: dict[str, list[str]] = {
        "search: name": [customer.name for customer in people],
        "search: initial consonants": [customer.initials for customer in people],
        "search: phone tail": [customer.mobile[-4:] for customer in people if customer.mobile],
        "search: birth date": [f"{customer.birth_date:%Y%m%d}" for customer in people if customer.birth_date],
        "search: customer number": [customer.number for customer in customers],
        "search: source key": keys,
        "search: contract number": contracts,
    }
    ways = {
        "floor": [f"/bench/floor/{customer.pk}/" for customer in customers],
        "360° page": pages,
        "360° page, what comes after": [f"{page}?{BELOW}" for page in pages],
        "customer list": [address_of("customers:customer-list")],
    }
    search = address_of("customers:search")
    return ways | {
        page: [f"{search}?{urlencode({'q': text})}" for text in found] for page, found in texts.items() if found
    }


def _drawn(chance: random.Random, count: int) -> list[Customer]:
    """Active customers by random places in the range of their ids."""
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    wanted = [chance.randint(1, last) for _place in range(3 * count)]
    found = Customer.objects.filter(pk__in=wanted, state=Customer.State.ACTIVE)
    return sorted(found, key=lambda customer: wanted.index(customer.pk))[:count]


def seconds_of(client: Client, address: str) -> float:
    """How long one answer takes. Raises RuntimeError where the page cannot be shown."""
    began = time.perf_counter()
    answer = client.get(address, headers=_headers(address))
    seconds = time.perf_counter() - began
    if answer.status_code not in (200, 302):
        raise RuntimeError(f"status {answer.status_code}")
    return seconds


def _headers(address: str) -> dict[str, str]:
    """The rest of the 360° page is asked for by the page; to anybody else the whole is answered."""
    return {"HX-Request": "true"} if address.endswith(BELOW) else {}


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=_headers(address))
    return len(captured)


def _timed(page: str, seconds: list[float], queries: int) -> Timed:
    return Timed(page, len(seconds), queries, percentile(seconds, 50), percentile(seconds, 95))


def percentile(seconds: list[float], percent: int) -> float:
    """Milliseconds that `percent` of the requests stayed within."""
    ordered = sorted(seconds)
    place = max(0, -(-len(ordered) * percent // 100) - 1)
    return round(1000 * ordered[place], 2)
