"""Bank account numbers."""

import re
from typing import NamedTuple

from customers.standard.certainty import EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.numbers.digits import bare, is_digits, is_junk, is_scientific
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy

_SHORTEST, _LONGEST = 8, 16  # digits, over all banks
_NAMED = re.compile(r"[^\d*]*?(\d[\d -]{6,}\d)[^\d*]*")  # with the bank in front or the holder behind


class AccountNumber(NamedTuple):
    """An account number as digits; banks group and check them each in its own way. mask: '110-***-***890'."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    mask: str


def account_number(raw: str | None) -> AccountNumber:
    """The standard form of a bank account number."""
    digits, problems = raw.replace("-", "") if type(raw) is str else "", ()
    if not is_digits(digits):
        text = tidy(raw)
        digits = bare(text)
        if not is_digits(digits) and (named := _NAMED.fullmatch(text)):
            digits, problems = bare(named[1]), ("NOTE",)
        if not is_digits(digits):
            return _refused(text)
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return AccountNumber("", UNUSABLE, ("PLACEHOLDER" if is_tidy_placeholder(digits) else "LENGTH",), "")
    if is_junk(digits):
        return AccountNumber("", UNUSABLE, ("PLACEHOLDER",), "")
    hidden = "*" * (len(digits) - 6)
    return AccountNumber(digits, PLAUSIBLE, problems, f"{digits[:3]}-{hidden[:3]}-{hidden[3:]}{digits[-3:]}")


def _refused(text: str) -> AccountNumber:
    if not text:
        return AccountNumber("", EMPTY, (), "")
    if is_scientific(text):
        return AccountNumber("", UNUSABLE, ("SCIENTIFIC",), "")
    if is_tidy_placeholder(text):
        return AccountNumber("", UNUSABLE, ("PLACEHOLDER",), "")
    return AccountNumber("", UNUSABLE, ("MASKED" if "*" in text else "FORM",), "")
