"""Rules of consents: how well a way of answering proves something, how long a consent holds, which answer is strictest,
who may answer. Pure.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date

from customers.numbering import SERIAL_DIGITS, check_digit

PROOFS: Mapping[str, int] = {
    "PAPER": 1,
    "TABLET": 1,
    "PHONE_WEB": 2,
    "WEB": 2,
    "PHONE": 2,
    "EMAIL": 3,
    "SOURCE": 3,
    "ORAL": 4,
}
"""How well each way of answering proves it, 1 best … 4, on one scale for paper, telephone, web and sources.

Source: 개인정보 보호법 시행령 §17②, 신용정보법 §32①: signed paper and electronic signature with identity checked stand
first; a recording, or words read on the web, next; an e-mail and what a source says third; what was only told last.
"""
EVIDENCED = ("PAPER", "TABLET", "PHONE", "PHONE_WEB", "WEB", "EMAIL")
"""Ways of answering that leave something behind; without naming it they prove a grade less."""
WEAK = 3
"""From this grade on a consent is to be asked for again (요구 K1)."""
STRICTNESS: Mapping[str, int] = {"GIVEN": 1, "LAPSED": 2, "REFUSED": 3, "WITHDRAWN": 3}
_RECEIPT_LETTER = "R"


def proof_of(method: str, *, has_evidence: bool) -> int:
    """The grade of proof of an answer, 1 … 4. has_evidence: whether where the proof lies is named."""
    grade = PROOFS[method]
    return grade if has_evidence or method not in EVIDENCED else min(grade + 1, 4)


def strictest(answers: Iterable[str]) -> str:
    """The answer that must hold when numbers of one person are joined. Raises ValueError if there is none."""
    return max(answers, key=lambda answer: STRICTNESS[answer])


def months_after(day: date, months: int) -> date:
    """The same day of a later month; its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def expires_on(answered_on: date, months: int) -> date | None:
    """The first day on which a consent holds no more without being confirmed; None where it holds until withdrawn.

    months: 0 for that. Source: 정보통신망법 제50조 제8항.
    """
    return months_after(answered_on, months) if months else None


def age_on(born: date, day: date) -> int:
    """Full years of age; somebody born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def needs_representative(born: date | None, day: date, guardian_age: int) -> bool:
    """Whether the legal representative answers for somebody. Source: 개인정보 보호법 제22조의2. born: None, unknown,
    is taken as of age."""
    return born is not None and age_on(born, day) < guardian_age


def receipt_number(serial: int) -> str:
    """The number of the receipt with this serial (1 … 999,999,999): R, nine digits, a check digit. Raises ValueError
    beyond."""
    if not 0 < serial < 10**SERIAL_DIGITS:
        raise ValueError(f"serial {serial} does not fit {SERIAL_DIGITS} digits")
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"{_RECEIPT_LETTER}{digits}{check_digit(digits)}"


def written_receipt(number: str) -> str:
    """The number as it is shown and printed: `R-000012345-6`."""
    return f"{number[:1]}-{number[1:-1]}-{number[-1:]}"
