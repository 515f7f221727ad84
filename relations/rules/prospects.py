"""Rules of prospects: receipts, how long consent and protection last, and what consent lets be kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from accounts.reviews.workdays import working_days_after
from customers.numbering import SERIAL_DIGITS, check_digit

LEAST_AGE = 14
"""Years below which a person cannot consent alone. Source: 개인정보 보호법 §22의2."""
COUNTDOWN_DAYS = (14, 7, 1)
"""So many days before its end a prospect is shown more and more urgently."""
ITEMS: Mapping[str, str] = {
    "name": "name",
    "birth_date": "birth_date",
    "sex": "sex",
    "mobile": "mobile",
    "email": "email",
    "address": "address",
}
"""{what is typed of a prospect, a column of the standard form: the item of the catalogue that consent must cover}."""
NEEDED = ("name", "birth_date", "mobile")
"""Without these nobody can be told apart, so no registration comes without them, nor without consent to them."""
_RECEIPT = re.compile(r"^P-?(\d{9})-?(\d)$", re.IGNORECASE | re.ASCII)


class Wrong(StrEnum):
    """Why a consent does not carry a registration."""

    CONSENT_AHEAD = "CONSENT_AHEAD"  # given later than today
    ACQUIRED_AHEAD = "ACQUIRED_AHEAD"
    EXPIRES_TOO_LATE = "EXPIRES_TOO_LATE"
    EXPIRED = "EXPIRED"
    NO_ITEMS = "NO_ITEMS"  # what is needed at least is not consented to
    NOT_COVERED = "NOT_COVERED"  # something was typed without consent to it
    TOO_YOUNG = "TOO_YOUNG"
    NOT_NEWER = "NOT_NEWER"  # an extension takes a consent after the one that is held


def receipt_number(serial: int) -> str:
    """The number on the receipt with this serial (1 … 999,999,999): P, nine digits, a check digit. Raises ValueError
    beyond."""
    if not 0 < serial < 10**SERIAL_DIGITS:
        raise ValueError(f"serial {serial} does not fit {SERIAL_DIGITS} digits")
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"P{digits}{check_digit(digits)}"


def parse_receipt_number(written: str) -> str | None:
    """The number of a receipt as people write it (`P-000012345-6`), or None when it is none or mistyped."""
    found = _RECEIPT.match(written.strip())
    if not found or check_digit(found[1]) != int(found[2]):
        return None
    return f"P{found[1]}{found[2]}"


def written_receipt(number: str) -> str:
    """The number as it is shown and printed: `P-000012345-6`."""
    return f"P-{number[1:-1]}-{number[-1:]}"


def is_too_young(born: date, on: date) -> bool:
    """Whether somebody born on this day is not yet 14 on that one."""
    return (on.year - born.year, on.month, on.day) < (LEAST_AGE, born.month, born.day)


def wrong_with_consent(
    *, consented_on: date, acquired_on: date, expires_on: date, on: date, most_days: int
) -> list[Wrong]:
    """What is wrong with the dates of a consent on a day. most_days: how long a consent carries at most."""
    wrong = []
    if consented_on > on:
        wrong.append(Wrong.CONSENT_AHEAD)
    if acquired_on > on:
        wrong.append(Wrong.ACQUIRED_AHEAD)
    if (expires_on - consented_on).days > most_days:
        wrong.append(Wrong.EXPIRES_TOO_LATE)
    if expires_on < on:
        wrong.append(Wrong.EXPIRED)
    return wrong


def wrong_with_items(typed: Iterable[str], consented: Collection[str]) -> list[Wrong]:
    """What is wrong between what was typed, by column, and the items that the person consented to."""
    wrong = []
    if not set(NEEDED) <= set(consented):
        wrong.append(Wrong.NO_ITEMS)
    if any(ITEMS[column] not in consented for column in typed):
        wrong.append(Wrong.NOT_COVERED)
    return wrong


def carried(filled: Iterable[str], consented: Collection[str], expires_on: date, on: date) -> tuple[str, ...]:
    """The columns that a prospect takes along when it becomes a customer: those whose item is consented to, as long as
    the consent lasts."""
    if expires_on < on:
        return ()
    return tuple(column for column in filled if ITEMS[column] in consented)


def answer_due(asked_at: datetime, holidays: Collection[date]) -> datetime:
    """When the desk must have answered: the same time of the next working day. asked_at: in the company's time zone."""
    return datetime.combine(working_days_after(asked_at.date(), 1, holidays), asked_at.timetz())


def urgency(days_left: int) -> int:
    """How many of the COUNTDOWN_DAYS have been reached, 0 to 3."""
    return sum(days_left <= days for days in COUNTDOWN_DAYS)
