"""Cells that a spreadsheet shows and never computes, with numbers left as they are. Knows no Django.

A delimited file says nothing of types: a spreadsheet takes for a formula what begins with one of a few signs, in either
width. Such a cell gets an apostrophe in front, unless it is a plain number or a phone number, which compute nothing.
"""

from __future__ import annotations

import re

RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# -1,234.5 and +82 10 1234 5678: a sign and digits. 82-10-1234 behind a plus would be reckoned, so that it is none.
PLAIN = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[+-]?[0-9]+(?:\.[0-9]+)?|\+[0-9]+(?: [0-9]+)+|[+-]")
# Whatever breaks or hides a cell: line ends, tabs, other control characters, halves of characters that no file holds.
BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
UNSEEN = " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff'\""
# Where the semicolon parts cells, as in some countries, a formula may begin behind it.
PARTED = re.compile(rf"([;|])(?=[{re.escape(''.join(RISKY))}])")
LONGEST = 32_767  # characters that a cell of a workbook holds


def plain_text(text: str) -> str:
    """The text in one line, no longer than a cell may be."""
    return BREAKING.sub(" ", text)[:LONGEST]


def harmless(text: str) -> str:
    """The text for a delimited file: what would be taken for a formula begins with an apostrophe."""
    text = PARTED.sub(r"\1 ", plain_text(text))
    if text.lstrip(UNSEEN).startswith(RISKY) and not PLAIN.fullmatch(text):
        return f"'{text}"
    return text
