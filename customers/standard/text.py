"""Tidying of raw text before anything is read from it."""

import re
from unicodedata import is_normalized, normalize

_FORMAT_CHARACTERS = (0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180E, 0x3164, 0xFEFF, 0xFFA0)
_CLEANING: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " "),
    **dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)), None),
    **dict.fromkeys((*_FORMAT_CHARACTERS, *range(0xD800, 0xE000)), None),
}
# Compatibility jamo are left out: NFKC would turn them into conjoining ones and glue them to their neighbours.
_NOT_COMPATIBILITY_JAMO = re.compile("[^\u3131-\u318e]+")


def tidy(raw: object) -> str:
    """The raw value as NFKC text without invisible characters, single-spaced and trimmed; "" for None."""
    if raw is None:
        return ""
    text = raw if isinstance(raw, str) else str(raw)
    if not (text.isprintable() and is_normalized("NFKC", text)):
        text = _NOT_COMPATIBILITY_JAMO.sub(_nfkc, text.translate(_CLEANING))
    elif "  " not in text:  # the plain space is the only printable one
        return text.strip(" ")
    return " ".join(text.split())


def _nfkc(match: re.Match[str]) -> str:
    return normalize("NFKC", match[0])
