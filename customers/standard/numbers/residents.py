"""Resident registration numbers and the numbers of registered foreigners."""

import re
from datetime import date
from typing import NamedTuple

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.numbers.digits import bare, is_digits, is_junk, is_one_repeated, is_scientific, weighted_sum
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy

RANDOM_SINCE = date(2020, 10, 5)
"""From this day new numbers carry random digits, and no check digit."""

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_PARTIAL = re.compile(r"(\d{6})-?(\d)?[*xX●○•#]{0,7}")
_OLDEST = 120  # years
# The seventh digit → century, sex, whether a foreigner.
_SEVENTH: dict[str, tuple[int, str, bool]] = {
    "1": (1900, "M", False), "2": (1900, "F", False), "3": (2000, "M", False), "4": (2000, "F", False),
    "5": (1900, "M", True), "6": (1900, "F", True), "7": (2000, "M", True), "8": (2000, "F", True),
    "9": (1800, "M", False), "0": (1800, "F", False),
}  # fmt: skip


class ResidentNumber(NamedTuple):
    """A resident number as 13 digits. kind: 'RRN', or 'ARC' for a foreigner. mask: '900101-1******'.

    Birth date and sex are kept even where the number itself is only partly there and so unusable.
    """

    value: str
    certainty: int
    problems: tuple[str, ...]
    kind: str
    birth_date: date | None
    sex: str
    is_foreigner: bool
    mask: str


_EMPTY = ResidentNumber("", EMPTY, (), "", None, "", False, "")


def resident_number(raw: str | None, today: date, random_since: date = RANDOM_SINCE) -> ResidentNumber:
    """The standard form of a resident or foreigner registration number.

    A wrong check digit is a warning only: a number changed on or after `random_since` has none.
    """
    digits = raw.replace("-", "") if type(raw) is str else ""
    if len(digits) != 13 or not is_digits(digits):
        text = tidy(raw)
        digits = bare(text)
        if len(digits) != 13 or not is_digits(digits):
            return _incomplete(text, digits, today)
    if digits == digits[0] * 13:
        return _unusable("PLACEHOLDER")
    century, sex, is_foreigner = _SEVENTH[digits[6]]
    birth = _birth(digits, century)
    if birth is None:
        is_typed_on = is_one_repeated(digits[:6]) or digits.startswith("123456")
        return _unusable("PLACEHOLDER" if is_typed_on else "IMPOSSIBLE_DATE")
    if birth > today:
        return _unusable("FUTURE")
    if digits.endswith("000000"):
        return _partial(digits, birth, sex, is_foreigner, ("PARTIAL",))
    return _complete(digits, birth, sex, is_foreigner, today, random_since)


def _complete(
    digits: str, birth: date, sex: str, is_foreigner: bool, today: date, random_since: date
) -> ResidentNumber:
    problems: tuple[str, ...] = ()
    if birth >= random_since:
        certainty = PLAUSIBLE
    elif _agrees(digits, is_foreigner):
        certainty = CERTAIN
    elif is_one_repeated(digits[6:]) or is_junk(digits):
        return _partial(digits, birth, sex, is_foreigner, ("PLACEHOLDER",))
    else:
        certainty, problems = DOUBTFUL, ("CHECK_DIGIT",)
    if today.year - birth.year > _OLDEST:
        certainty, problems = DOUBTFUL, (*problems, "TOO_OLD")
    kind = "ARC" if is_foreigner else "RRN"
    mask = f"{digits[:6]}-{digits[6]}******"
    return ResidentNumber(digits, certainty, problems, kind, birth, sex, is_foreigner, mask)


def _agrees(digits: str, is_foreigner: bool) -> bool:
    """Whether the check digit agrees; a foreigner's is moved by two and two more digits are bound."""
    remainder = weighted_sum(digits, _WEIGHTS) % 11
    if not is_foreigner:
        return (11 - remainder) % 10 == int(digits[12])
    is_in_range = digits[11] >= "6" and int(digits[8]) % 2 == 0
    return is_in_range and (13 - remainder) % 10 == int(digits[12])


def _birth(digits: str, century: int) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def _unusable(problem: str) -> ResidentNumber:
    return ResidentNumber("", UNUSABLE, (problem,), "", None, "", False, "")


def _partial(digits: str, birth: date, sex: str, is_foreigner: bool, problems: tuple[str, ...]) -> ResidentNumber:
    """An unusable number whose first seven digits still tell birth and sex."""
    kind = "ARC" if is_foreigner else "RRN"
    return ResidentNumber("", UNUSABLE, problems, kind, birth, sex, is_foreigner, f"{digits[:6]}-{digits[6]}******")


def _incomplete(text: str, digits: str, today: date) -> ResidentNumber:
    if not text:
        return _EMPTY
    if is_scientific(text):
        return _unusable("SCIENTIFIC")
    if match := _PARTIAL.fullmatch(text.replace(" ", "")):
        return _first_part(match[1], match[2] or "", today)
    if is_digits(digits) and 10 <= len(digits) <= 12:
        return _refilled(digits.zfill(13), today)
    if is_tidy_placeholder(text):
        return _unusable("PLACEHOLDER")
    return _unusable("LENGTH" if is_digits(digits) else "FORM")


def _first_part(six: str, seventh: str, today: date) -> ResidentNumber:
    if is_one_repeated(six + seventh):
        return _unusable("PLACEHOLDER")
    if not seventh:
        return _unusable("PARTIAL")
    century, sex, is_foreigner = _SEVENTH[seventh]
    birth = _birth(six, century)
    if birth is None or birth > today:
        return _unusable("IMPOSSIBLE_DATE" if birth is None else "FUTURE")
    problems = ("PARTIAL", "TOO_OLD") if today.year - birth.year > _OLDEST else ("PARTIAL",)
    return _partial(six + seventh, birth, sex, is_foreigner, problems)


def _refilled(digits: str, today: date) -> ResidentNumber:
    """A number that a spreadsheet robbed of its leading zeros: believed only if the check digit agrees."""
    century, sex, is_foreigner = _SEVENTH[digits[6]]
    birth = _birth(digits, century)
    if century != 2000 or birth is None or birth > today or not _agrees(digits, is_foreigner):
        return _unusable("LENGTH")
    mask = f"{digits[:6]}-{digits[6]}******"
    kind = "ARC" if is_foreigner else "RRN"
    return ResidentNumber(digits, PLAUSIBLE, ("LEADING_ZERO",), kind, birth, sex, is_foreigner, mask)
