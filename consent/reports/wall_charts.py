"""The charts of the whole company, each with its figures: consents by purpose and month, the time from withdrawal to
block, refused contacts by reason, customers by gate. Counted over the stock, and kept for as long as that is fitting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.menu import url_of
from consent.models import ContactAsk, Purpose, Receipt
from consent.reports.purposes import name_of
from consent.rules.contact import Reason
from consent.words.contact import REASONS
from consent.words.wall import lasted
from customers.charts import BAR_WIDTH, Axes, Bar, Line, Scale, Tick, bar, steps
from customers.formats import amount, moment
from customers.models import Customer

KEY = "consent.wall.charts.1"
LEAST_SECONDS, MOST_SECONDS, TIMES = 60, 7_200, 100
MONTHS, DAYS, MOST_LINES = 12, 30, 6
NEWEST_DECISIONS = 100_000
METHODS = dict(Receipt.Method.choices)
ALLOWED = str(Reason.ALLOWED)
# Answers of each month by purpose: how many, and how many of them were given.
BY_MONTH = """
SELECT purpose_id, date_trunc('month', at AT TIME ZONE 'Asia/Seoul')::date, count(*),
    count(*) FILTER (WHERE answer = 'GIVEN'), count(*) FILTER (WHERE answer = 'WITHDRAWN')
FROM consent_consent WHERE at >= %s AND at <= %s AND answer <> 'LAPSED' GROUP BY 1, 2
"""
# Seconds from the word of the customer to the row that blocks, of refusals and withdrawals.
BLOCKING = """
SELECT receipt.method, count(*), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY lag), max(lag)
FROM (
    SELECT consent.receipt_id, extract(epoch FROM consent.recorded_at - receipt.answered_at) AS lag
    FROM consent_consent consent JOIN consent_receipt receipt ON receipt.id = consent.receipt_id
    WHERE consent.at >= %s AND consent.at <= %s AND consent.answer IN ('WITHDRAWN', 'REFUSED')
) lags JOIN consent_receipt receipt ON receipt.id = lags.receipt_id
GROUP BY ROLLUP (receipt.method) HAVING count(*) > 0 ORDER BY receipt.method NULLS LAST
"""
SINGLE = """
SELECT reason, count(*) FROM (
    SELECT reason, is_allowed, ask_id, decided_at FROM consent_contactdecision ORDER BY id DESC LIMIT %s
) newest WHERE NOT is_allowed AND ask_id IS NULL AND decided_at >= %s GROUP BY 1
"""


@dataclass(frozen=True)
class Counted:
    """What was counted, as plain values, so that it can be kept. at: when."""

    at: datetime
    months: list[tuple[int, date, int, int, int]]
    blocking: list[tuple[str | None, int, list[float], float]]
    reasons: dict[str, int]
    gates: dict[str, int]


@dataclass(frozen=True)
class RateLine:
    """A purpose in the chart. rates: per cent of each month's answers that were given, in words, '' without any."""

    place: int
    name: str
    rates: tuple[str, ...]


@dataclass(frozen=True)
class RateChart:
    """How many of the answers of each month were given, by purpose."""

    months: tuple[str, ...]
    purposes: tuple[RateLine, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class BarLine:
    """A bar with its words and figure. url: '' for none."""

    title: str
    count: str
    bar: Bar
    url: str = ""


@dataclass(frozen=True)
class BlockLine:
    """How long it took from the word of the customer to the block, in words. method: '' for all."""

    method: str
    count: str
    median: str
    most: str
    longest: str


@dataclass(frozen=True)
class Charts:
    """All charts. counted_at: in words."""

    counted_at: str
    rates: RateChart
    blocking: tuple[BlockLine, ...]
    reasons: tuple[BarLine, ...]
    gates: tuple[BarLine, ...]


def charts(now: datetime) -> Charts:
    """The charts, counted as long ago as it is fitting for the size of the stock."""
    counted = cache.get(KEY)
    if counted is None:
        began = monotonic()
        counted = _count(now)
        cache.set(KEY, counted, min(MOST_SECONDS, max(LEAST_SECONDS, int((monotonic() - began) * TIMES))))
    return Charts(
        moment(counted.at),
        _rates(counted),
        tuple(_block(*row) for row in counted.blocking),
        _bars(counted.reasons, {reason: str(REASONS.get(reason, reason)) for reason in counted.reasons}),
        _gates(counted.gates),
    )


def _count(now: datetime) -> Counted:
    """In six queries, whatever there is."""
    first = _months(timezone.localdate(now))[0]
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    lately = now - timedelta(days=DAYS)
    gates = Customer.objects.filter(state=Customer.State.ACTIVE).order_by().values_list("gate")
    with connection.cursor() as cursor:
        cursor.execute(BY_MONTH, [since, now])
        months = cursor.fetchall()
        cursor.execute(BLOCKING, [lately, now])
        blocking = [(method, count, list(map(float, part)), float(most)) for method, count, part, most in cursor]
        cursor.execute(SINGLE, [NEWEST_DECISIONS, lately])
        reasons = dict(cursor.fetchall())
    for asked in ContactAsk.objects.filter(asked_at__gte=lately).values_list("counts", flat=True):
        for reason, count in asked.items():
            if reason != ALLOWED and isinstance(count, int):
                reasons[reason] = reasons.get(reason, 0) + count
    return Counted(now, months, blocking, reasons, dict(gates.annotate(count=Count("pk"))))


def _months(today: date) -> list[date]:
    """The first days of the last twelve months, this one among them, the earliest first."""
    place = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(place - MONTHS + 1, place + 1)]


def _rates(counted: Counted) -> RateChart:
    months = _months(timezone.localdate(counted.at))
    answers: dict[int, dict[date, tuple[int, int]]] = {}
    for purpose, month, count, given, _withdrawn in counted.months:
        answers.setdefault(purpose, {})[month] = (given, count)
    busiest = sorted(answers, key=lambda one: (-sum(count for _given, count in answers[one].values()), one))
    names = {purpose.pk: name_of(purpose) for purpose in Purpose.objects.filter(pk__in=busiest)}
    axes = Axes((0, MONTHS - 1), (0, 100))
    lines: list[Line] = []
    told = []
    for place, purpose in enumerate(busiest[:MOST_LINES]):
        parts = [answers[purpose].get(month) for month in months]
        shares = [100 * part[0] / part[1] if part else None for part in parts]
        lines += axes.lines(str(place), list(enumerate(shares)))
        words = tuple("" if share is None else f"{share:.0f}%" for share in shares)
        told.append(RateLine(place, names.get(purpose, ""), words))
    heads = tuple(f"{month:%y-%m}" for month in months)
    across = axes.across([(place, head) for place, head in enumerate(heads) if place % 2 == 0])
    return RateChart(
        heads, tuple(told), across, axes.up([(value, f"{value:.0f}%") for value in steps(0, 100, 25)]), tuple(lines)
    )


def _block(method: str | None, count: int, parts: Sequence[float], most: float) -> BlockLine:
    words = str(METHODS.get(method, method)) if method else ""
    return BlockLine(words, amount(count), lasted(parts[0]), lasted(parts[1]), lasted(most))


def _bars(
    counts: Mapping[str, int], titles: Mapping[str, str], urls: Mapping[str, str] | None = None
) -> tuple[BarLine, ...]:
    """The largest first."""
    most = max(counts.values(), default=0)
    scale = Scale(0, max(1, most), 0, BAR_WIDTH)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        BarLine(titles[code], amount(count), bar(count, scale), (urls or {}).get(code, "")) for code, count in ordered
    )


def _gates(counts: Mapping[str, int]) -> tuple[BarLine, ...]:
    titles = {gate.value: str(gate.label) for gate in Customer.Gate}
    page = url_of("customers:customer-list") or ""
    urls = {code: f"{page}?{urlencode({'gate': code})}" for code in counts} if page else {}
    return _bars(counts, titles, urls)
