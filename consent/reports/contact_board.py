"""What compliance watches of contacts: stops, the do-not-call register, and the answers of today by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, QuerySet
from django.utils import timezone

from consent.models import Channel, ContactAsk, ContactDecision, ContactStop
from consent.reports.contact import channel_label
from consent.rules.contact import KOREA, Reason
from consent.words import contact as words
from customers.charts import Bar, Scale, bar
from customers.formats import moment
from customers.paging import bounded_count


@dataclass(frozen=True)
class StopLine:
    """A stop. held_back: how many contacts were refused by it so far; is_counted: whether that is all of them."""

    pk: int
    purpose: str
    channel: str
    since: str
    by: str
    reason: str
    until: str
    because: str
    ended_by: str
    held_back: int
    is_counted: bool
    is_open: bool


def stops() -> QuerySet[ContactStop]:
    """Stops with what their lines need."""
    return ContactStop.objects.select_related("purpose", "started_by", "ended_by")


def stop_line(stop: ContactStop) -> StopLine:
    """A stop of `stops` in words. One query."""
    held_back, is_counted = bounded_count(held_back_by(stop))
    return StopLine(
        pk=stop.pk,
        purpose=words.purpose_name(stop.purpose) if stop.purpose else str(words.ALL_PURPOSES),
        channel=channel_label(stop.channel),
        since=moment(stop.started_at),
        by=stop.started_by.name if stop.started_by else "",
        reason=stop.reason,
        until=moment(stop.ended_at),
        because=stop.ended_because,
        ended_by=stop.ended_by.name if stop.ended_by else "",
        held_back=held_back,
        is_counted=is_counted,
        is_open=stop.ended_at is None,
    )


def held_back_by(stop: ContactStop) -> QuerySet[ContactDecision]:
    """The answers that were no since this stop, and because of it: what would have gone out."""
    rows = ContactDecision.objects.filter(reason=Reason.STOPPED, decided_at__gte=stop.started_at)
    if stop.ended_at:
        rows = rows.filter(decided_at__lte=stop.ended_at)
    if stop.purpose_id:
        rows = rows.filter(purpose=stop.purpose_id)
    return rows if stop.channel == Channel.ANY else rows.filter(channel=stop.channel)


@dataclass(frozen=True)
class ReasonLine:
    """How often a reason was the answer. percent: of all answers."""

    reason: str
    label: str
    count: int
    percent: int
    bar: Bar
    is_allowed: bool


@dataclass(frozen=True)
class ContactBoard:
    """The page of compliance. reasons: of today's answers, most frequent first."""

    stops: tuple[StopLine, ...]
    ended: tuple[StopLine, ...]
    reasons: tuple[ReasonLine, ...]
    answer_count: int

    @property
    def allowed_percent(self) -> int:
        allowed = sum(line.count for line in self.reasons if line.is_allowed)
        return round(100 * allowed / self.answer_count) if self.answer_count else 0


MOST_ENDED = 5


def contact_board(now: datetime) -> ContactBoard:
    """What stands, and what was answered today (in Korea), whether one was asked about or many at once."""
    counts = answers_of_day(now)
    whole = sum(counts.values())
    scale = Scale(0.0, float(max(counts.values(), default=1)))
    lines = [
        ReasonLine(
            reason, words.why(reason), count, round(100 * count / whole), bar(count, scale), reason == Reason.ALLOWED
        )
        for reason, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    open_stops = stops().filter(ended_at=None).order_by("-started_at", "-pk")
    ended = stops().exclude(ended_at=None).order_by("-ended_at", "-pk")[:MOST_ENDED]
    return ContactBoard(tuple(map(stop_line, open_stops)), tuple(map(stop_line, ended)), tuple(lines), whole)


def answers_of_day(now: datetime) -> Mapping[str, int]:
    """{reason: how often it was the answer} of the day of `now` in Korea."""
    begun = datetime.combine(timezone.localdate(now, KOREA), time(), KOREA)
    counts: Counter[str] = Counter()
    single = ContactDecision.objects.filter(ask=None, decided_at__gte=begun, decided_at__lte=now)
    counts.update(dict(single.values_list("reason").annotate(count=Count("pk")).order_by()))
    for asked in ContactAsk.objects.filter(asked_at__gte=begun, asked_at__lte=now).values_list("counts", flat=True):
        counts.update(asked)
    return counts
