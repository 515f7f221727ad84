"""How many consents live on each purpose and on each version of its text, over everybody (CO3).

A survivor counts once, with the strictest of all its numbers, as `consent.state` says; retired numbers and those who
are kept apart or destroyed do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from consent.state import everybody
from customers.charts import BAR_WIDTH, Scale, bar

COUNTED_KEY = "consent.texts.counted.1"
# A small stock is counted again after a minute; of a large one the job has counted again before it is too old.
LEAST_SECONDS, MOST_SECONDS, TIMES = 60, 7_200, 400
ANSWERS = ("GIVEN", "REFUSED", "WITHDRAWN", "LAPSED")
COUNT = f"""
WITH held AS ({everybody("true")})
SELECT held.purpose_id, consent.text_id, GROUPING(consent.text_id) = 1, held.answer, count(*),
    count(DISTINCT held.customer_id)
FROM held
JOIN customers_customer customer ON customer.id = held.customer_id AND customer.state = 'ACTIVE'
JOIN consent_consent consent ON consent.id = held.consent_id
GROUP BY GROUPING SETS ((held.purpose_id, held.answer), (held.purpose_id, consent.text_id, held.answer))
HAVING GROUPING(consent.text_id) = 1 OR (held.answer = 'GIVEN' AND consent.text_id IS NOT NULL)
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Live:
    """How many answers there are, one for each channel and recipient, and of how many customers."""

    answers: int = 0
    customers: int = 0


@dataclass(frozen=True)
class Counted:
    """answers: {purpose id: {answer: how many}}; versions: {text id: what lives on it}; at: when it was counted."""

    answers: Mapping[int, Mapping[str, Live]]
    versions: Mapping[int, Live]
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a share bar, in the units of its drawing. kind: an answer in small letters, as the style sheet."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True)
class Shares:
    """The answers to one purpose: how many of each, as figures and as one bar."""

    counts: Mapping[str, Live] = field(default_factory=dict)

    def of(self, answer: str) -> Live:
        """How many gave this answer."""
        return self.counts.get(answer, Live())

    @property
    def total(self) -> int:
        """All answers that count, whichever."""
        return sum(live.answers for live in self.counts.values())

    @property
    def given(self) -> Live:
        return self.of("GIVEN")

    @property
    def refused(self) -> Live:
        return self.of("REFUSED")

    @property
    def withdrawn(self) -> Live:
        return self.of("WITHDRAWN")

    @property
    def lapsed(self) -> Live:
        return self.of("LAPSED")

    @property
    def percent(self) -> int:
        """How many of a hundred answers let us do it."""
        return round(100 * self.given.answers / self.total) if self.total else 0

    @property
    def bar(self) -> tuple[Part, ...]:
        """The bar from left to right, without empty stretches."""
        if not self.total:
            return ()
        parts, since, scale = [], 0, Scale(0, self.total, 0, BAR_WIDTH)
        for answer in ANSWERS:
            count = self.of(answer).answers
            if count:
                drawn = bar(count, scale, since)
                parts.append(Part(answer.lower(), drawn.x, drawn.width))
            since += count
        return tuple(parts)


def counted(at: datetime) -> Counted:
    """The counts, as old as it is fitting for the size of the stock."""
    found = cache.get(COUNTED_KEY)
    return found if found is not None else count_consents(at=at)


def count_consents(*, at: datetime) -> Counted:
    """Count over everybody, in one query, and keep it for the pages."""
    began = monotonic()
    answers: dict[int, dict[str, Live]] = {}
    versions: dict[int, Live] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"at": at, "day": timezone.localdate(at)})
        for purpose, text, is_whole, answer, count, customers in cursor.fetchall():
            if is_whole:
                answers.setdefault(purpose, {})[answer] = Live(count, customers)
            else:
                versions[text] = Live(count, customers)
    made = Counted(answers, versions, at)
    seconds = min(MOST_SECONDS, max(LEAST_SECONDS, int((monotonic() - began) * TIMES)))
    cache.set(COUNTED_KEY, made, seconds)
    return made
