"""Numbers of passports and driving licences."""

import re
from typing import NamedTuple

from customers.standard.certainty import DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.numbers.digits import bare, is_digits, is_junk, is_scientific
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy

# Ordinary, single journey, resident abroad, official and diplomatic passports and travel documents; other countries
# use the other letters. Since December 2021 the fifth place of a Korean passport number is a letter.
_KOREAN = re.compile(r"[MSRGODT](?:\d{8}|\d{3}[A-Z]\d{4})")
_FOREIGN = re.compile(r"(?=.*\d)[A-Z0-9]{5,12}")
_REGIONS = frozenset(map(str, range(11, 29)))
# Licences of before 2008 name the region that their first two digits stand for.
_REGION_NAMES = re.compile("서울|부산|경기북부|경기|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산")
_REGION_CODES = dict(
    zip(
        "서울 부산 경기 강원 충북 충남 전북 전남 경북 경남 제주 대구 인천 광주 대전 울산 경기북부".split(),
        [*map(str, range(11, 27)), "28"],
        strict=True,
    )
)


class PassportNumber(NamedTuple):
    """A passport number in upper case. kind: 'KOREAN' or 'FOREIGN'. mask: 'M1234****'."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    kind: str
    mask: str


class LicenceNumber(NamedTuple):
    """A driving licence number as 12 digits. mask: '11-90-******-01'."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    mask: str


def passport_number(raw: str | None) -> PassportNumber:
    """The standard form of a Korean or foreign passport number."""
    text = tidy(raw)
    number = bare(text).upper()
    if not text:
        return PassportNumber("", EMPTY, (), "", "")
    if is_tidy_placeholder(text) or is_junk(number) or is_junk(number[1:]):
        return PassportNumber("", UNUSABLE, ("PLACEHOLDER",), "", "")
    kind = "KOREAN" if _KOREAN.fullmatch(number) else "FOREIGN" if _FOREIGN.fullmatch(number) else ""
    if not kind:
        return PassportNumber("", UNUSABLE, ("MASKED" if "*" in text else "FORM",), "", "")
    return PassportNumber(number, PLAUSIBLE, (), kind, number[:-4] + "****")


def licence_number(raw: str | None) -> LicenceNumber:
    """The standard form of a Korean driving licence number RR-YY-NNNNNN-CC."""
    text = tidy(raw)
    digits = bare(_REGION_NAMES.sub(lambda match: _REGION_CODES[match[0]], text, count=1))
    if not text:
        return LicenceNumber("", EMPTY, (), "")
    if is_scientific(text):
        return LicenceNumber("", UNUSABLE, ("SCIENTIFIC",), "")
    if is_tidy_placeholder(text) or is_junk(digits):
        return LicenceNumber("", UNUSABLE, ("PLACEHOLDER",), "")
    if not is_digits(digits):
        return LicenceNumber("", UNUSABLE, ("MASKED" if "*" in text else "FORM",), "")
    if len(digits) != 12:
        return LicenceNumber("", UNUSABLE, ("LENGTH",), "")
    mask = f"{digits[:2]}-{digits[2:4]}-******-{digits[10:]}"
    if digits[:2] not in _REGIONS:
        return LicenceNumber(digits, DOUBTFUL, ("UNKNOWN_KIND",), mask)
    return LicenceNumber(digits, PLAUSIBLE, (), mask)
