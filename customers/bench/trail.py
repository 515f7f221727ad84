"""How long the trail takes when it is long: its writing with a page, its search by customer, the check of a day."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff, TrailHead
from accounts.services import trail
from accounts.trail import append
from accounts.trail.appending import COLUMNS, LANES
from accounts.trail.chain import START, TEXTS, canonical, linked, trail_key
from accounts.trail.verifying import verify
from accounts.trail_forms import USUAL_DAYS
from accounts.trail_reports import entries_of, trail_page
from customers.bench.pages import WARMING, percentile, seconds_of
from customers.models import Customer

if TYPE_CHECKING:
    from psycopg import Copy

ROWS_A_DAY = 1_000_000
STAFF = 5_000
LIST_ROWS = 20
HEAD = (
    "INSERT INTO accounts_trailhead (month, lane, number, hash) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (month, lane) DO UPDATE SET number = excluded.number, hash = excluded.hash"
)
MIDDLEWARE = "accounts.trail_middleware.TrailMiddleware"


@dataclass(frozen=True)
class TrailTimes:
    """Milliseconds, p50 and p95, but for `fill_seconds` and `verify_seconds`.

    added: by the trail to each 360° page, as the time inside of its middleware and outside of all it stands around;
    page: the same pages without it and with it, turn about. find: the entries of a customer; search: the whole page
    that shows them.
    """

    rows: int
    fill_seconds: float
    verify_rows: int
    verify_seconds: float
    append_p50: float
    append_p95: float
    page_without_p50: float
    page_without_p95: float
    page_with_p50: float
    page_with_p95: float
    added_p50: float
    added_p95: float
    find_p50: float
    find_p95: float
    search_p50: float
    search_p95: float


def measure_trail(rows: int, *, staff: Staff, officer: Staff, requests: int, seed: int) -> TrailTimes:
    """Fill the trail with so many entries up to yesterday, then time it. staff looks at customers, officer at them."""
    began = time.perf_counter()
    fill(rows, seed)
    filled = time.perf_counter() - began
    day = timezone.localdate() - timedelta(days=1)
    began = time.perf_counter()
    verdict = verify(first=day, last=day)
    verified = time.perf_counter() - began
    if verdict.faults:
        raise RuntimeError(f"{len(verdict.faults)} faults in a trail that is whole")
    appended = [_append_seconds(staff) for _time in range(requests + WARMING)][WARMING:]
    without, with_trail, added = _page_seconds(staff, requests, seed)
    found = _find_seconds(requests, seed)
    searched = _search_seconds(officer, requests, seed)
    return TrailTimes(
        rows=rows,
        fill_seconds=round(filled, 1),
        verify_rows=verdict.entries,
        verify_seconds=round(verified, 2),
        append_p50=percentile(appended, 50),
        append_p95=percentile(appended, 95),
        page_without_p50=percentile(without, 50),
        page_without_p95=percentile(without, 95),
        page_with_p50=percentile(with_trail, 50),
        page_with_p95=percentile(with_trail, 95),
        added_p50=percentile(added, 50),
        added_p95=percentile(added, 95),
        find_p50=percentile(found, 50),
        find_p95=percentile(found, 95),
        search_p50=percentile(searched, 50),
        search_p95=percentile(searched, 95),
    )


def fill(rows: int, seed: int) -> None:
    """Entries whose chains hold, behind what is there: a million a day up to the end of yesterday, days anchored."""
    end = timezone.make_aware(datetime.combine(timezone.localdate(), datetime.min.time()))
    start = end - timedelta(seconds=86_400 * rows / ROWS_A_DAY)
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    indexes = _taken_indexes()
    heads = TrailHead.objects.values_list("month", "lane", "number", "hash")
    ends = {(month, lane): (number, bytes(end_hash)) for month, lane, number, end_hash in heads}
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        for month in sorted({(start + timedelta(days=ahead)).date().replace(day=1) for ahead in range(400)}):
            if month <= end.date():
                cursor.execute("SELECT accounts_open_trail_month(%s)", [month])
        with cursor.copy(f"COPY accounts_accessentry ({columns}) FROM STDIN") as copy:
            _copy(copy, _entries(rows, start, chance, last), ends)
        for (month, lane), (number, end_hash) in ends.items():
            values = [month, lane, number, end_hash]
            cursor.execute(HEAD, values)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("ANALYZE accounts_accessentry")
    days = range((end.date() - start.astimezone(end.tzinfo).date()).days, 0, -1)
    for ago in days:
        trail.anchor_day(day=timezone.localdate() - timedelta(days=ago), at=timezone.now())


def _taken_indexes() -> list[str]:
    """Drop the indexes that a load of millions would build row by row; the statements that make them again."""
    query = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'accounts_accessentry' "
        "AND indexname NOT LIKE '%%_pkey'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [])
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [definition.replace(" ON ONLY ", " ON ") for _name, definition in found]


def _entries(rows: int, start: datetime, chance: random.Random, last: int) -> Iterator[tuple[datetime, int, list[int]]]:
    """Instant, staff and customers of each entry: mostly one customer, at times a list. last: id of the last one."""
    step = timedelta(seconds=86_400 / ROWS_A_DAY)
    for place in range(rows):
        shown = LIST_ROWS if place % 20 == 0 else 1
        yield start + step * place, chance.randrange(STAFF), [chance.randint(1, last) for _customer in range(shown)]


def _copy(
    copy: Copy,
    entries: Iterable[tuple[datetime, int, list[int]]],
    ends: dict[tuple[date, int], tuple[int, bytes]],
) -> None:
    """Write the entries, each tied to the one before it in its chain, and keep the ends of the chains."""
    key = trail_key(settings.KEYS.index)
    zone = timezone.get_current_timezone()
    for place, (at, staff, customers) in enumerate(entries):
        month, lane = at.astimezone(zone).date().replace(day=1), place % LANES
        number, before = ends.get((month, lane), (0, START))
        named = {
            "employee_number": f"E{staff:05}",
            "branch_code": f"B{staff % 300:03}",
            "address": f"10.{staff % 200}.0.1",
            "kind": "LIST" if len(customers) > 1 else "VIEW",
            "page": "customers:customer-list" if len(customers) > 1 else "customers:customer-detail",
            "purpose": "SERVICE",
        }
        texts = [named.get(name, "") for name in TEXTS]
        rest = {"month": month, "lane": lane, "number": number + 1, "at": at.astimezone(UTC), "staff_id": staff}
        more = {"items": [], "customers": customers, "count": len(customers), "result": 200}
        after = linked(key, before, canonical(**rest, **more, texts=texts))
        ends[month, lane] = (number + 1, after)
        row = {**rest, **more, **dict(zip(TEXTS, texts, strict=True)), "hash": after}
        copy.write_row([row[column] for column in COLUMNS])


def _append_seconds(staff: Staff) -> float:
    began = time.perf_counter()
    append(at=timezone.now(), kind="VIEW", page="bench", result=200, staff_id=staff.pk, customers=[1])
    return time.perf_counter() - began


class Watch:
    """Middleware that keeps the seconds of each answer of what it stands around; `seconds` are emptied by whoever reads
    them."""

    seconds: ClassVar[list[float]]

    def __init_subclass__(cls) -> None:
        cls.seconds = []

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        self.seconds.append(time.perf_counter() - began)
        return response


class Around(Watch):
    """The trail and what it stands around."""


class Within(Watch):
    """What the trail stands around."""


def _watched() -> tuple[list[str], list[str]]:
    """The middleware without the trail, and with it between two watches."""
    place, watches = (
        settings.MIDDLEWARE.index(MIDDLEWARE),
        [f"{__name__}.{watch.__name__}" for watch in (Around, Within)],
    )
    before, after = settings.MIDDLEWARE[:place], settings.MIDDLEWARE[place + 1 :]
    return [*before, *after], [*before, watches[0], MIDDLEWARE, watches[1], *after]


def _page_seconds(staff: Staff, requests: int, seed: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds of the 360° page without the trail and with it, turn about, so that both meet the same machine; and what
    of the latter the trail took itself."""
    numbers = _drawn_numbers(seed, requests + WARMING)
    without, between = _watched()
    with override_settings(ALLOWED_HOSTS=["*"]):
        with override_settings(MIDDLEWARE=without):
            bare = _client(staff)
            bare.get(reverse("home"))  # the middleware is taken in with the first request
        with override_settings(MIDDLEWARE=between):
            whole = _client(staff)
            whole.get(reverse("home"))
        taken: tuple[list[float], list[float], list[float]] = ([], [], [])
        for turn, number in enumerate(numbers):
            address = reverse("customers:customer-detail", args=[number])
            pair = [(bare, taken[0]), (whole, taken[1])]
            for client, seconds in pair if turn % 2 else reversed(pair):
                gc.collect()  # or it would fall on whichever of the two comes second
                spent = seconds_of(client, address)
                if turn >= WARMING:
                    seconds.append(spent)
            if turn >= WARMING:
                taken[2].append(Around.seconds[-1] - Within.seconds[-1])
    return taken


def _find_seconds(requests: int, seed: int) -> list[float]:
    """Seconds of the newest page of entries of a customer within the usual period, without the page around it."""
    today = timezone.localdate()
    numbers = _drawn_numbers(seed + 2, requests + WARMING)
    seconds = []
    for (customer,) in Customer.objects.filter(number__in=numbers).values_list("pk"):
        began = time.perf_counter()
        trail_page(entries_of(first=today - timedelta(days=USUAL_DAYS - 1), last=today, customers=[customer]))
        seconds.append(time.perf_counter() - began)
    return seconds[WARMING:]


def _search_seconds(officer: Staff, requests: int, seed: int) -> list[float]:
    """Seconds of the page of the trail, searched by customer over its usual period."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        client = _client(officer)
        address = reverse("accounts:trail-list")
        numbers = _drawn_numbers(seed + 1, requests + WARMING)
        return [seconds_of(client, f"{address}?customer={number}") for number in numbers][WARMING:]


def _drawn_numbers(seed: int, count: int) -> list[str]:
    """Numbers of customers drawn evenly over the whole stock."""
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    drawn = [chance.randint(1, last) for _place in range(3 * count)]
    found = Customer.objects.filter(pk__in=drawn, state=Customer.State.ACTIVE).values_list("number", flat=True)
    return list(found[:count])


def _client(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client
