"""Names as they are sorted and searched: without spaces, legal forms and case. Pure."""

from __future__ import annotations

from functools import lru_cache

from customers.standard import hangul, organisation_name

NAMELESS = "\uffff"
"""What a customer without a name is sorted by: behind every name. No text holds this code point."""


@lru_cache(maxsize=400_000)
def sort_name(kind: str, name: str) -> str:
    """What a name is sorted and searched by: 김철수; 한빛상사 for (주)한빛상사; JOHNSMITH for John Smith."""
    core = organisation_name(name).core if kind == "ORG" else name
    return (core or name).replace(" ", "").upper()


@lru_cache(maxsize=400_000)
def initials_of(kind: str, name: str) -> str:
    """The initial consonants (초성) of the name as it is sorted: ㄱㅊㅅ."""
    return hangul.initials(sort_name(kind, name))
