"""What the law asks of a breach, until when, and whose data it touched. Pure.

Sources: 개인정보 보호법 제34조, 시행령 제39조·제39조의2·제39조의3·제40조; 신용정보법 제39조의4, 시행령 제34조의4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self

POSSIBLE = "POSSIBLE"
TELL, REPORT, REPORT_CREDIT, POST, CONFIRM = "TELL", "REPORT", "REPORT_CREDIT", "POST", "CONFIRM"
CLAUSES: Mapping[str, str] = {
    TELL: "개인정보 보호법 제34조 제1항, 시행령 제39조",
    REPORT: "개인정보 보호법 제34조 제3항, 시행령 제40조",
    REPORT_CREDIT: "신용정보법 제39조의4, 시행령 제34조의4",
    POST: "개인정보 보호법 시행령 제39조 제3항, 신용정보법 시행령 제34조의4",
    CONFIRM: "개인정보 보호법 제34조 제2항, 시행령 제39조의2·제39조의3",
}


class Facts(NamedTuple):
    """What is known of a breach. affected: how many people, by the list or, before there is one, as estimated.
    untold: on the list, neither told nor found unreachable; unreached: told in vain. has_sensitive: sensitive data or
    unique identifiers among the items."""

    kind: str
    affected: int
    listed: int
    untold: int
    unreached: int
    has_sensitive: bool
    by_hacking: bool
    has_credit_data: bool
    reported_at: datetime | None
    posted_on: date | None
    due_at: datetime


@dataclass(frozen=True)
class Duty:
    """Something that the law asks. because: codes of the reasons; due_on: of what lasts for days; is_late: it was not
    done when its time was over."""

    code: str
    because: tuple[str, ...]
    is_met: bool
    is_late: bool
    due_on: date | None = None

    @property
    def clause(self) -> str:
        return CLAUSES[self.code]


def duties(facts: Facts, now: datetime, today: date, numbers: Mapping[str, int]) -> tuple[Duty, ...]:
    """What is asked of this breach, in the order in which it is done. numbers: of the law (`consent.numbers`) on the
    day on which it became known."""
    over = now > facts.due_at
    posted_until = facts.posted_on + timedelta(days=numbers["breach_posting_days"]) if facts.posted_on else None
    is_posted = posted_until is not None and today >= posted_until
    found = [_telling(facts, over, posted_until is not None)]
    if because := _report_because(facts, numbers):
        found.append(_reporting(REPORT, because, facts, over))
    if is_credit := facts.has_credit_data and facts.affected >= numbers["breach_report_people_credit"]:
        found.append(_reporting(REPORT_CREDIT, ("CREDIT_PEOPLE",), facts, over))
    reasons = (("UNREACHED", facts.unreached > 0), ("CREDIT_PEOPLE", is_credit), ("NOBODY_KNOWN", not facts.listed))
    if posting := tuple(code for code, holds in reasons if holds):
        late = over and facts.posted_on is None
        found.append(Duty(POST, posting, is_posted, late, posted_until))
    if facts.kind == POSSIBLE:
        found.append(Duty(CONFIRM, ("POSSIBLE",), False, False))
    return tuple(found)


def _telling(facts: Facts, over: bool, is_posted: bool) -> Duty:
    """Who is on the list is told, or found out of reach; where nobody can be named the posting tells."""
    is_met = facts.untold == 0 if facts.listed else is_posted
    return Duty(TELL, (), is_met, over and not is_met)


def _reporting(code: str, because: tuple[str, ...], facts: Facts, over: bool) -> Duty:
    if facts.reported_at is None:
        return Duty(code, because, False, over)
    return Duty(code, because, True, facts.reported_at > facts.due_at)


def _report_because(facts: Facts, numbers: Mapping[str, int]) -> tuple[str, ...]:
    reasons = (
        ("PEOPLE", facts.affected >= numbers["breach_report_people"]),
        ("SENSITIVE", facts.has_sensitive),
        ("HACKING", facts.by_hacking),
    )
    return tuple(code for code, holds in reasons if holds)


class Clock(NamedTuple):
    """How long is left until a breach must be told and reported. minutes: below 0 once it is over; level: OVER, LAST,
    FIRST (within the last, the first warning) or CALM."""

    minutes: int
    level: str

    @property
    def hours(self) -> int:
        """Whole hours left, or over."""
        return abs(self.minutes) // 60


def clock(due_at: datetime, now: datetime, numbers: Mapping[str, int]) -> Clock:
    """The clock of a breach. numbers: of the law."""
    minutes = int((due_at - now).total_seconds() // 60)
    if now > due_at:
        return Clock(minutes, "OVER")
    if minutes <= numbers["breach_last_warning_hours"] * 60:
        return Clock(minutes, "LAST")
    return Clock(minutes, "FIRST" if minutes <= numbers["breach_first_warning_hours"] * 60 else "CALM")


@dataclass(frozen=True)
class Conditions:
    """By what entries of the trail belong to a breach. first, last: instants, the last one excluded. staff: employee
    numbers, pages: names of pages, kinds: of entries, addresses: of the network; empty for any."""

    first: datetime
    last: datetime
    staff: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def written(self) -> dict[str, object]:
        """As words that can be kept."""
        words = asdict(self) | {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in words.items()}

    @classmethod
    def read(cls, words: Mapping[str, object]) -> Self:
        """What `written` wrote."""
        instants = {name: datetime.fromisoformat(str(words[name])) for name in ("first", "last")}
        lists = {name: tuple(words.get(name) or ()) for name in ("staff", "pages", "kinds", "addresses")}
        return cls(**instants, **lists)

    def days(self) -> list[tuple[datetime, datetime]]:
        """The time in pieces of a day, the earliest first."""
        pieces, start = [], self.first
        while start < self.last:
            end = min(start + timedelta(days=1), self.last)
            pieces.append((start, end))
            start = end
        return pieces
