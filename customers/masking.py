"""What is hidden of a value that may be seen only in part: the masks that insurers use on screens and paper. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from accounts.free_text import BETWEEN_HALVES as BETWEEN_HALVES
from accounts.free_text import without_resident_numbers as without_resident_numbers

STAR = "*"
EVERYTHING = STAR * 3
_STREET = re.compile(r"(?:로|길|읍|면|동|리|가)\d*$")
_BIRTH_DATE = re.compile(r"(\d{4})-\d{2}-\d{2}")
_LETTER = re.compile(r"[^\s\-()]")


def mask(kind: str, text: str) -> str:
    """`text` as far as its mask leaves it readable. kind: a value of `Item.Mask`; an unknown kind hides all."""
    return MASKS.get(kind, everything)(text) if text else ""


def unmasked(text: str) -> str:
    """The text itself."""
    return text


def everything(text: str) -> str:
    """Three stars, whatever the length, so that not even the length is told."""
    return EVERYTHING if text else ""


def name(text: str) -> str:
    """이* for two letters, 홍*동 for three, 남**수 from four on; the initials of a name of several words stay."""
    if len(text) < 3:
        return text[:1] + STAR * max(1, len(text) - 1)
    return text[0] + re.sub(r"\S", STAR, text[1:-1]) + text[-1]


def resident_number(text: str) -> str:
    """900101-1******: birth date and the digit of sex and century."""
    digits = text.replace("-", "")
    return f"{digits[:6]}-{digits[6:7]}{STAR * 6}" if len(digits) == 13 else everything(text)


def phone(text: str) -> str:
    """010-****-5678: the middle block; of a number without blocks all but the last four digits."""
    blocks = text.split("-")
    if len(blocks) == 3:
        return f"{blocks[0]}-{STAR * len(blocks[1])}-{blocks[2]}"
    return re.sub(r"\d", STAR, text[:-4]) + text[-4:]


def email(text: str) -> str:
    """ho***@example.kr: the first two letters and the domain."""
    local, at, domain = text.rpartition("@")
    return f"{local[: min(2, len(local) - 1)]}{EVERYTHING}@{domain}" if at and local else everything(text)


def address(text: str) -> str:
    """서울특별시 강남구 테헤란로 ***: down to the road, or to the town or village of a lot address."""
    words = text.split()
    kept = next((place for place, word in enumerate(words, 1) if _STREET.search(word)), min(2, len(words) - 1))
    return " ".join([*words[:kept], EVERYTHING])


def birth_date(text: str) -> str:
    """1990-**-**: the year."""
    hidden, found = _BIRTH_DATE.subn(rf"\1-{STAR * 2}-{STAR * 2}", text)
    return hidden if found else everything(text)


def account(text: str) -> str:
    """110-***-***890: the first three and the last three digits; a text that is masked already stays as it is."""
    if STAR in text:
        return text
    if len(text) < 9:
        return everything(text)
    return text[:3] + _LETTER.sub(STAR, text[3:-3]) + text[-3:]


MASKS: Mapping[str, Callable[[str], str]] = {
    "NONE": unmasked,
    "NAME": name,
    "RESIDENT_NUMBER": resident_number,
    "PHONE": phone,
    "EMAIL": email,
    "ADDRESS": address,
    "BIRTH_DATE": birth_date,
    "ACCOUNT": account,
    "ALL": everything,
}
