"""Connecting information (CI): the irreversible form of a resident number that identification agencies return."""

import re
from typing import NamedTuple

from customers.standard.certainty import DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.placeholders import is_placeholder
from customers.standard.text import tidy

_LENGTH = 88  # base64 of 64 bytes
_SHORTEST = 8  # below which a text is a flag or a note, and many customers share it
_RIGHT = re.compile(r"[A-Za-z0-9+/]{86}==").fullmatch
_SPACE = re.compile(r"\s+")


class ConnectingInfo(NamedTuple):
    """Connecting information as 88 characters of base64. mask: its first four characters."""

    value: str
    certainty: int
    problems: tuple[str, ...]
    mask: str


def connecting_info(raw: str | None) -> ConnectingInfo:
    """The standard form of connecting information; longer texts than a flag but not of its form are doubted."""
    text = raw.strip() if type(raw) is str else "" if raw is None else str(raw).strip()
    if _RIGHT(text):
        return ConnectingInfo(text, PLAUSIBLE, (), f"{text[:4]}****")
    if not tidy(text):
        return ConnectingInfo("", EMPTY, (), "")
    if is_placeholder(text):
        return ConnectingInfo("", UNUSABLE, ("PLACEHOLDER",), "")
    # Form decoding turns "+" into " ": a text of the right length with spaces lost them that way.
    if len(text) == _LENGTH and _RIGHT(text.replace(" ", "+")):
        return ConnectingInfo(text.replace(" ", "+"), DOUBTFUL, ("PLUS_LOST",), f"{text[:4]}****".replace(" ", "+"))
    value = _SPACE.sub("", text)
    if _RIGHT(value):
        return ConnectingInfo(value, PLAUSIBLE, (), f"{value[:4]}****")
    if not (value.isascii() and value.isprintable()):
        return ConnectingInfo("", UNUSABLE, ("FORM",), "")
    if len(value) < _SHORTEST:
        return ConnectingInfo("", UNUSABLE, ("LENGTH",), "")
    problem = "LENGTH" if len(value) != _LENGTH else "FORM"
    return ConnectingInfo(value, DOUBTFUL, (problem,), f"{value[:4]}****")
