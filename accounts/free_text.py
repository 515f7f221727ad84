"""What people write in their own words, without the resident numbers that they were not to write. Pure."""

from __future__ import annotations

import re

# Between the halves of a resident number, as a pattern: nothing, or up to three blanks, hyphens of any kind and the
# like, seen or unseen.
BETWEEN_HALVES = "[ \\t\\r\\n\\u00a0\\u3000._/:~·\\u200b-\\u200d\\u2060\\ufeff‐-―−－-]{0,3}"
_RESIDENT_NUMBER = re.compile(rf"(?<!\d)(\d{{6}}{BETWEEN_HALVES}\d)\d{{6}}(?!\d)")


def without_resident_numbers(text: str) -> str:
    """Free text in which the last six digits of whatever has the form of a resident number are masked.

    Six digits and seven in any width: they need not begin with a date, unlike what feeds mask before they store it.
    """
    return _RESIDENT_NUMBER.sub(r"\1******", text)
