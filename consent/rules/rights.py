"""Until when somebody who asks for a right is answered, how often that may be put off, and what came of it. Pure.

Days are calendar days and count from the day after the request was received; numbers: of `consent.numbers.numbers_on`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

PERIODS: Mapping[str, str] = {
    "ACCESS": "access_days",
    "CORRECTION": "correction_days",
    "CREDIT_CORRECTION": "credit_correction_days",
    "DELETION": "correction_days",
    "STOP": "stop_days",
    "WITHDRAWAL": "withdrawal_days",
    "HISTORY": "history_days",
    "PORTABILITY": "portability_days",
    "AUTOMATED": "automated_days",
}
"""{kind of a request: the number of the law that says within how many days it is answered}."""
NEVER_PUT_OFF = {"WITHDRAWAL", "CREDIT_CORRECTION"}
"""A withdrawal is carried out without delay (개인정보 보호법 제37조 제3항); of a correction of credit information the
result is told within seven days, whatever it is (신용정보법 제38조)."""
WITH_PACK = {"ACCESS", "HISTORY", "PORTABILITY", "AUTOMATED"}
"""Kinds that are granted by giving something out."""
OPEN_STATES = ("RECEIVED", "ACCEPTED")
SOON_DAYS = 2


class NotPutOff(StrEnum):
    """Why a request is not put off."""

    NEVER = "NEVER"
    USED_UP = "USED_UP"
    NO_DAY = "NO_DAY"
    NOT_LATER = "NOT_LATER"
    PAST = "PAST"
    TOO_LONG = "TOO_LONG"


class CannotPutOff(Exception):
    """The request has to be answered when it is due. reason: a `NotPutOff`."""

    def __init__(self, reason: NotPutOff) -> None:
        super().__init__(reason)
        self.reason = reason


class Clock(NamedTuple):
    """How long is left. days: negative when it is late; tone: red, yellow, secondary, or '' when nothing runs."""

    days: int
    tone: str


def due_on(kind: str, received_on: date, numbers: Mapping[str, int]) -> date:
    """The last day on which a request may be answered. kind: a key of `PERIODS`."""
    return received_on + timedelta(days=numbers[PERIODS[kind]])


def put_off(kind: str, due: date, times: int, numbers: Mapping[str, int], wanted: date | None = None) -> date:
    """The new last day. times: how often it was put off before; wanted: the day that somebody chose.

    An automated decision is put off by its own period, twice at most; anything else once, to a day that is told with
    the reason and lies no further than `put_off_days` behind. Raises CannotPutOff.
    """
    if kind in NEVER_PUT_OFF:
        raise CannotPutOff(NotPutOff.NEVER)
    if kind == "AUTOMATED":
        if times >= numbers["automated_extensions"]:
            raise CannotPutOff(NotPutOff.USED_UP)
        return due + timedelta(days=numbers["automated_days"])
    if times:
        raise CannotPutOff(NotPutOff.USED_UP)
    if wanted is None:
        raise CannotPutOff(NotPutOff.NO_DAY)
    if wanted <= due:
        raise CannotPutOff(NotPutOff.NOT_LATER)
    if wanted > due + timedelta(days=numbers["put_off_days"]):
        raise CannotPutOff(NotPutOff.TOO_LONG)
    return wanted


def clock(state: str, due: date, today: date) -> Clock:
    """How long is left on that day: late is red, two days and less are yellow."""
    days = (due - today).days
    if state not in OPEN_STATES:
        return Clock(days, "")
    return Clock(days, "red" if days < 0 else "yellow" if days <= SOON_DAYS else "secondary")


def outcome(decisions: Iterable[str]) -> str | None:
    """What a request comes to: ANSWERED when anything was granted, REFUSED when all was, None while one waits."""
    found = set(decisions)
    if not found or "OPEN" in found:
        return None
    return "ANSWERED" if "GRANTED" in found else "REFUSED"
