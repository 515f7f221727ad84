"""What the matching engine reads of a record: one fixed run of bytes, written at intake, read by the million. Pure.

Every exact comparison is one comparison of integers; only names and mailboxes keep a text, for edit distances. 0 always
means that the record has none. Integers are little-endian, as the engine computes with them.
"""

from __future__ import annotations

import re
from unicodedata import normalize

import numpy as np

NAME_LETTERS = 15  # of a name in two bytes a letter, 30 of one in Roman letters
MAILBOX_LETTERS = 24
# How the text of a name is written: Hangul, Hanja and the rest as UTF-16, Roman as small letters with single spaces
# between words. A masked name (홍*동) has no key; its text keeps the stars.
NO_NAME, HANGUL, ROMAN, OTHER, MASKED = range(5)
YEAR_ONLY = 10_000  # a birth of which only the year is known ends in 0000
LUNAR = 1 << 32  # added to a birth that the source calls lunar
DAY_BITS = np.uint64(LUNAR - 1)  # of a birth: the day without the calendar
ORGANISATION = 1  # of flags
MATCH_RECORD = np.dtype(
    [
        ("rrn", "<u8"),  # from the blind index, as is ci
        ("ci", "<u8"),
        ("brn", "<u8"),  # of organisations
        ("crn", "<u8"),
        ("name", "<u8"),  # key of the whole name
        ("name_script", "<u2"),
        ("name_text", "V30"),
        ("birth", "<u8"),  # yyyymmdd, with YEAR_ONLY and LUNAR as above
        ("mobile", "<u8"),  # the number itself behind a 1: 101012345678
        ("phone", "<u8"),  # likewise
        ("email", "<u8"),  # key of the whole address
        ("mailbox", "<u8"),  # key of what stands before the @
        ("mailbox_text", "S24"),
        ("dwelling", "<u8"),  # building and unit
        ("street", "<u8"),  # building
        ("unit", "<u4"),  # 동 and 호 alone
        ("district", "<u4"),  # region and district
        ("postcode", "<u4"),  # the number behind a 1: 106236
        ("sex", "S1"),  # M or F
        ("flags", "u1"),
        ("_", "V2"),
        ("employee", "<u8"),  # employer and employee number together
    ]
)
MATCH_BYTES = MATCH_RECORD.itemsize
_HANGUL_NAME = re.compile("[가-힣]+")
_ROMAN_NAME = re.compile("[a-z ]+")
_MARKS = re.compile("[\u0300-\u036f'’.-]")  # accents, and what joins the syllables of one word


def name_text(key: str, value: str) -> bytes:
    """Script and text of a name, 32 bytes. key: of `PersonName`, '' where it must not be matched; value: as shown."""
    if not key:
        return _text(MASKED, value) if "*" in value else bytes(32)
    if _HANGUL_NAME.fullmatch(key):
        return _text(HANGUL, key)
    roman = _MARKS.sub("", normalize("NFD", value.casefold()))
    if _ROMAN_NAME.fullmatch(roman):
        return ROMAN.to_bytes(2, "little") + roman.encode("ascii")[: 2 * NAME_LETTERS].ljust(2 * NAME_LETTERS, b"\0")
    return _text(OTHER, key)


def _text(script: int, text: str) -> bytes:
    return script.to_bytes(2, "little") + text.encode("utf-16-le")[: 2 * NAME_LETTERS].ljust(2 * NAME_LETTERS, b"\0")
