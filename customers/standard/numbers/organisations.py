"""Registration numbers of businesses and corporations."""

from typing import NamedTuple

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, UNUSABLE
from customers.standard.numbers.digits import bare, is_digits, is_junk, is_scientific, weighted_sum
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy

_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_CORPORATE_WEIGHTS = (1, 2) * 6
_BUSINESS_KINDS: dict[str, str] = {
    **{f"{code:02}": "INDIVIDUAL" for code in range(1, 80)},
    **{str(code): "EXEMPT_INDIVIDUAL" for code in range(90, 100)},
    **dict.fromkeys(("81", "86", "87", "88"), "CORPORATION"),
    "80": "UNINCORPORATED",
    "82": "NON_PROFIT",
    "83": "PUBLIC",
    "84": "FOREIGN_CORPORATION",
    "85": "CORPORATION_BRANCH",
    "89": "RELIGIOUS",
}
_CORPORATE_KINDS: dict[str, str] = {"11": "STOCK", "14": "LIMITED", "21": "CIVIL", "22": "CIVIL"}


class BusinessNumber(NamedTuple):
    """A business registration number as 10 digits. kind: what the two middle digits say. mask: '101-81-*****'."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    kind: str
    mask: str


class CorporateNumber(NamedTuple):
    """A corporate registration number as 13 digits. kind: STOCK, LIMITED, CIVIL or ''. mask: '110199-*******'."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    kind: str
    mask: str


def business_number(raw: str | None) -> BusinessNumber:
    """The standard form of a business registration number."""
    digits, certainty, problem = _read(raw, 10)
    if certainty is not None:
        return BusinessNumber("", certainty, problem, "", "")
    kind = _BUSINESS_KINDS.get(digits[3:5], "")
    total = weighted_sum(digits, _BUSINESS_WEIGHTS) + int(digits[8]) * 5 // 10
    problems = () if (10 - total % 10) % 10 == int(digits[9]) else ("CHECK_DIGIT",)
    if not kind:
        problems = (*problems, "UNKNOWN_KIND")
    mask = f"{digits[:3]}-{digits[3:5]}-*****"
    return BusinessNumber(digits, DOUBTFUL if problems else CERTAIN, problems, kind, mask)


def corporate_number(raw: str | None) -> CorporateNumber:
    """The standard form of a corporate registration number.

    A wrong check digit is a warning only: numbers given since 2025-01-31 are said to have none.
    """
    digits, certainty, problem = _read(raw, 13)
    if certainty is not None:
        return CorporateNumber("", certainty, problem, "", "")
    is_right = (10 - weighted_sum(digits, _CORPORATE_WEIGHTS) % 10) % 10 == int(digits[12])
    kind = _CORPORATE_KINDS.get(digits[4:6], "")
    problems = () if is_right else ("CHECK_DIGIT",)
    return CorporateNumber(digits, CERTAIN if is_right else DOUBTFUL, problems, kind, f"{digits[:6]}-*******")


def _read(raw: str | None, length: int) -> tuple[str, int | None, tuple[str, ...]]:
    """The digits; or the certainty and problems of a value that has not got `length` of them."""
    digits = raw.replace("-", "") if type(raw) is str else ""
    if not (len(digits) == length and is_digits(digits)):
        text = tidy(raw)
        digits = bare(text)
        if not text:
            return "", EMPTY, ()
        if is_scientific(text):
            return "", UNUSABLE, ("SCIENTIFIC",)
        if is_tidy_placeholder(text) or is_junk(digits):
            return "", UNUSABLE, ("PLACEHOLDER",)
        if "*" in text:
            return "", UNUSABLE, ("MASKED",)
        if not is_digits(digits):
            return "", UNUSABLE, ("FORM",)
        if len(digits) != length:
            return "", UNUSABLE, ("LENGTH",)
    return ("", UNUSABLE, ("PLACEHOLDER",)) if is_junk(digits) else (digits, None, ())
