"""Digits as every number needs them: cleaned, weighted, recognised as junk."""

import re
from operator import mul

from customers.standard.placeholders import is_one_repeated

_SEPARATORS = re.compile(r"[ .\-‐–—_/·']")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_FLOAT_TAIL = re.compile(r"(?<=\d)\.0+$")
_ZERO = ord("0")
_ROW = "01234567890" * 2
_ROWS: frozenset[str] = frozenset(
    row[start : start + length] for row in (_ROW, _ROW[::-1]) for length in range(8, 17) for start in (0, 1, 2, 3)
)


def bare(text: str) -> str:
    """The text without separators, and without the ".0" a spreadsheet adds."""
    return _SEPARATORS.sub("", _FLOAT_TAIL.sub("", text))


def is_digits(text: str) -> bool:
    """Whether the text is ASCII digits only."""
    return text.isascii() and text.isdigit()


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet wrote the number as a power of ten, losing digits."""
    return _SCIENTIFIC.fullmatch(text) is not None


def is_junk(digits: str) -> bool:
    """Whether the digits are one repeated, or counted up or down."""
    return is_one_repeated(digits) or digits in _ROWS


def weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of digit times weight over as many digits as there are weights."""
    return sum(map(mul, weights, digits.encode())) - _ZERO * sum(weights)
