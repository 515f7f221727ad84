"""Lists of consents and of their conflicts over the whole stock that somebody sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Staff
from consent.models import Consent, ConsentConflict
from consent.reports.consents import ITEM, last_day, of_key
from consent.rules.consents import WEAK
from consent.state import Held, Key, held
from consent.words.consents import (
    OUTCOMES,
    PROOF_TONES,
    PROOFS,
    TONES,
    answer_words,
    because_words,
    lag,
    purpose_name,
)
from customers import formats
from customers.access import Level
from customers.models import Customer
from customers.numbering import written_number
from customers.querysets import sees_everyone
from customers.reading import Place, Reading, prepare, read

SOON_DAYS = 30
LAG_DAYS = 30
SHOWN = (Customer.State.ACTIVE, Customer.State.MERGED)
# How long it took until a withdrawal stood in the way of contacts: seconds, of those recorded since.
LAGS = """
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY took), max(took), count(*) FILTER (WHERE took > %(day)s)
FROM (
    SELECT extract(epoch FROM recorded_at - at) AS took FROM consent_consent
    WHERE answer = 'WITHDRAWN' AND because = '' AND recorded_at >= %(since)s
) withdrawn
"""


@dataclass(frozen=True)
class ConsentLine:
    """An answer that counts for its number. digits: of the customer that the number is part of now; until: the last
    day on which it holds; took: until it was recorded."""

    number: str
    url: str
    digits: str
    name: str
    purpose: str
    of: str
    answer: str
    tone: str
    since: str
    until: str
    proof: str
    proof_tone: str
    took: str
    because: str


@dataclass(frozen=True)
class ConflictLine:
    """A conflict, open or ended. own, other: what the survivor and the merged number said; holds: what counts."""

    pk: int
    number: str
    digits: str
    url: str
    name: str
    merged: str
    purpose: str
    of: str
    own: str
    other: str
    holds: str
    opened: str
    outcome: str
    closed: str


@dataclass(frozen=True)
class Lags:
    """How fast withdrawals of the last 30 days were recorded. late: how many took more than a day."""

    count: int
    median: str
    worst: str
    late: int


def current(viewer: Staff, words: Mapping[str, object], on: date) -> QuerySet[Consent]:
    """The answers that count for the numbers that `viewer` sees, narrowed. words: purpose, channel, answer,
    is_expiring, is_weak; what is left out does not narrow. on: the day of the reader."""
    rows = Consent.objects.filter(~Exists(_later()), customer__state__in=SHOWN)
    if not sees_everyone(viewer):
        rows = rows.filter(customer__in=Customer.objects.visible_to(viewer))
    for name in ("purpose", "channel"):
        if words.get(name):
            rows = rows.filter(**{name: words[name]})
    if words.get("answer"):
        rows = rows.filter(_answered(str(words["answer"]), on))
    if words.get("is_expiring"):
        rows = rows.filter(answer="GIVEN", expires_on__gt=on, expires_on__lte=on + timedelta(days=SOON_DAYS))
    if words.get("is_weak"):
        rows = rows.filter(_answered("GIVEN", on), receipt__proof__gte=WEAK)
    return rows


def _later() -> QuerySet[Consent]:
    """What the number of the outer row answered to the same after it."""
    same = {name: OuterRef(name) for name in ("customer", "purpose", "channel")}
    rows = Consent.objects.annotate(to=Coalesce("recipient", 0)).filter(to=Coalesce(OuterRef("recipient"), 0), **same)
    return rows.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))


def _answered(answer: str, on: date) -> Q:
    """Rows whose answer counts as this one on a day: what ran out has lapsed, written down or not."""
    is_over = Q(answer="GIVEN", expires_on__lte=on)
    if answer == "GIVEN":
        return Q(answer="GIVEN") & (Q(expires_on=None) | Q(expires_on__gt=on))
    return Q(answer=answer) | is_over if answer == "LAPSED" else Q(answer=answer)


def with_people(rows: QuerySet[Consent]) -> QuerySet[Consent]:
    """With whatever a line needs."""
    people = ("customer__main_branch", "customer__keeper", "customer__merged_into")
    return rows.select_related(*people, "purpose", "recipient", "receipt")


def consent_lines(rows: Sequence[Consent], viewer: Staff, on: date, place: Place = Place.LIST) -> list[ConsentLine]:
    """Rows of `with_people` as lines."""
    prepare(viewer, [row.customer for row in rows])
    return [_line(row, read(row.customer, viewer, place), on) for row in rows]


def _line(row: Consent, reading: Reading, on: date) -> ConsentLine:
    is_over = row.answer == "GIVEN" and row.expires_on is not None and row.expires_on <= on
    answer = "LAPSED" if is_over else row.answer
    shown = reading.show(ITEM, answer_words(answer))
    proof = row.receipt.proof if row.receipt else 4
    return ConsentLine(
        number=written_number(row.customer.number),
        url=row.customer.get_absolute_url(),
        digits=(row.customer.merged_into or row.customer).number,
        name=reading["name"].text,
        purpose=purpose_name(row.purpose),
        of=of_key(_key(row), {row.recipient_id: row.recipient.name} if row.recipient else {}),
        answer=shown.text,
        tone=TONES[answer] if shown.level is Level.FULL else TONES[""],
        since=formats.day(row.at),
        until=formats.day(last_day(row.expires_on)),
        proof=str(PROOFS[proof]),
        proof_tone=PROOF_TONES[proof],
        took=lag(row.recorded_at - row.at) if not row.because else "",
        because=because_words(row.because),
    )


def _key(row: Consent | ConsentConflict) -> Key:
    return Key(row.purpose_id, row.channel, row.recipient_id)


def lags(at: datetime) -> Lags:
    """How fast the withdrawals of the last 30 days stood in the way of contacts (요구 K1, K2)."""
    words = {"since": at - timedelta(days=LAG_DAYS), "day": timedelta(days=1).total_seconds()}
    with connection.cursor() as cursor:
        cursor.execute(LAGS, words)
        count, median, worst, late = cursor.fetchone()
    if not count:
        return Lags(0, "", "", 0)
    return Lags(count, lag(timedelta(seconds=float(median))), lag(timedelta(seconds=float(worst))), late)


def conflicts(viewer: Staff, *, is_open: bool) -> QuerySet[ConsentConflict]:
    """The conflicts of customers that `viewer` sees, open or ended, with whatever a line needs."""
    rows = ConsentConflict.objects.filter(closed_at__isnull=is_open)
    if not sees_everyone(viewer):
        rows = rows.filter(customer__in=Customer.objects.visible_to(viewer))
    return rows.select_related("customer__main_branch", "customer__keeper", "other", "purpose", "recipient")


def conflict_lines(rows: Sequence[ConsentConflict], viewer: Staff, at: datetime) -> list[ConflictLine]:
    """Conflicts as lines: what each number says now, and what holds; two queries for the answers."""
    prepare(viewer, [row.customer for row in rows])
    holds = held(sorted({row.customer_id for row in rows}), at)
    alone = _newest({row.customer_id for row in rows} | {row.other_id for row in rows}, at)
    return [_conflict(row, read(row.customer, viewer, Place.LIST), holds, alone) for row in rows]


def _newest(numbers: set[int], at: datetime) -> dict[tuple[int, Key], str]:
    """What each number by itself answered last: {(number, key): answer}."""
    rows = Consent.objects.filter(customer__in=numbers, at__lte=at).order_by("at", "pk")
    columns = ("customer_id", "purpose_id", "channel", "recipient_id", "answer")
    return {(customer, Key(*key)): answer for customer, *key, answer in rows.values_list(*columns)}


def _conflict(
    row: ConsentConflict,
    reading: Reading,
    holds: Mapping[int, Mapping[Key, Held]],
    alone: Mapping[tuple[int, Key], str],
) -> ConflictLine:
    key = _key(row)
    held_ = holds[row.customer_id].get(key)

    def told(answer: str) -> str:
        return reading.show(ITEM, answer_words(answer)).text

    return ConflictLine(
        pk=row.pk,
        number=written_number(row.customer.number),
        digits=row.customer.number,
        url=row.customer.get_absolute_url(),
        name=reading["name"].text,
        merged=written_number(row.other.number),
        purpose=purpose_name(row.purpose),
        of=of_key(key, {row.recipient_id: row.recipient.name} if row.recipient else {}),
        own=told(alone.get((row.customer_id, key), "")),
        other=told(alone.get((row.other_id, key), "")),
        holds=told(held_.answer if held_ else ""),
        opened=formats.moment(row.opened_at),
        outcome=str(OUTCOMES.get(row.outcome, row.outcome)),
        closed=formats.moment(row.closed_at),
    )
