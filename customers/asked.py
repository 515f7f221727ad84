"""What somebody asked for in a list or a search, as the trail keeps it: their words, but no identifier whole. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from customers import masking
from customers.numbering import parse_customer_number

LONGEST = 100
# Nine digits or more with whatever people write between them, or a letter and eight, as passports have.
_IDENTIFIER = re.compile(rf"(?:[A-Za-z](?={masking.BETWEEN_HALVES}\d)|\d)(?:{masking.BETWEEN_HALVES}\d){{8,}}")


def kept_text(text: str) -> str:
    """At most 100 characters of `text`; of long numbers but those of customers only the last four digits."""

    def masked(found: re.Match[str]) -> str:
        number = found[0]
        if number[0] in "Cc" and parse_customer_number(number):
            return number  # our own number tells nothing to whom the customer is not visible
        return re.sub(r"\w", masking.STAR, number[:-4]) + number[-4:]

    return _IDENTIFIER.sub(masked, masking.without_resident_numbers(text))[:LONGEST]


def kept_words(words: Mapping[str, object]) -> dict[str, str]:
    """{name: what was chosen or typed}, without what was left empty."""
    return {name: kept_text(str(value)) for name, value in words.items() if value not in (None, "", False)}
