"""Phone numbers by the Korean numbering plan."""

import re
from typing import NamedTuple

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy

JUNK_SUBSCRIBERS: frozenset[str] = frozenset(
    [digit * length for digit in "0123456789" for length in (7, 8)] + ["12345678", "1234567", "87654321", "7654321"]
)
"""Last seven or eight digits that people type instead of a number."""

_REPRESENTATIVE = (
    "15(?:22|33|44|66|77|88|99)|16(?:00|44|60|61|66|68|70|88)|18(?:00|33|55|77|99)"  # without an area code
)
_PLAN = re.compile(
    r"(?P<MOBILE>010\d{8})"
    r"|(?P<LANDLINE>(?:02|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]))[2-9]\d{6,7})"
    r"|(?P<VOIP>070\d{8})"
    r"|(?P<SAFE>050[2-9]\d{7,8})"
    rf"|(?P<REPRESENTATIVE>(?:{_REPRESENTATIVE})\d{{4}})"
    r"|(?P<TOLL_FREE>080\d{7,8})"
    r"|(?P<PREMIUM>060\d{7,8})"
    r"|(?P<RETIRED_MOBILE>01[16-9]\d{7,8})"
).fullmatch
_BEHIND_AREA = re.compile(rf"(?:02|0[3-6][1-5])((?:{_REPRESENTATIVE})\d{{4}})").fullmatch
_KOREA = re.compile(r"(?:(?:\+|00)82|82(?=0?[1-7]\d{7}))0?")
_EXTENSION = re.compile(r"[ ,(]*(?:내선|교환|구내|ext\.?|(?<=[\d ])x|#|~)[ :.]*\d{1,5}(?:번)?[ )]*$", re.IGNORECASE)
_LABEL = re.compile(r"^(?:tel|fax|h\.?p|phone|mobile|cell|[tmh]) ?[.:)]* ?(?=[\d+(])", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[Ee]\+?\d+")
_FLOAT_TAIL = re.compile(r"(?<=\d)\.0+$")
_MASK = re.compile(r"[*●○•□■]|(?<=[\d-])[Xx]{2,}")
_NOT_NUMBER = re.compile(r"[^\d+() .\-‐–—]+")
_CUT = re.compile(r"(?<!\d)(0\d{1,2}) ?[/,] ?(\d{3,4}) ?[/,.-]? ?(\d{4})(?!\d)")  # 02/555-1234
_HARD_SEPARATOR = re.compile(r"[/,;|&]|또는|및")
_NOT_DIGIT = re.compile(r"\D+")
_SUBSTANCE = 7  # digits below which a piece of text is no number of its own
_LOCAL = re.compile(r"[2-9]\d{6,7}")


class Phone(NamedTuple):
    """A phone number as domestic digits; a foreign one as '+' and digits.

    kind: MOBILE, LANDLINE, VOIP, SAFE (forwarding numbers 050x), REPRESENTATIVE (15xx, 16xx, 18xx), TOLL_FREE, PREMIUM,
    RETIRED_MOBILE, FOREIGN, UNKNOWN or '' if unusable. e164: '' where the number cannot be reached from abroad.
    """

    value: str
    certainty: int
    problems: tuple[str, ...]
    kind: str
    e164: str
    display: str


_EMPTY = Phone("", EMPTY, (), "", "", "")


def phone(raw: str | None) -> Phone:
    """The standard form of the first phone number in the text."""
    digits = raw.replace("-", "") if type(raw) is str else ""
    if digits.startswith("0") and digits.isascii() and digits.isdigit():
        if len(digits) == 11 and digits.startswith("010"):
            if (subscriber := digits[3:]) not in JUNK_SUBSCRIBERS:
                display = f"010-{subscriber[:4]}-{subscriber[4:]}"
                return Phone(digits, CERTAIN, (), "MOBILE", f"+82{digits[1:]}", display)
            return _unusable("PLACEHOLDER")
        if found := _on_plan(digits, []):
            return found
    text = tidy(raw)
    if not text:
        return _EMPTY
    if is_tidy_placeholder(text):
        return _unusable("PLACEHOLDER")
    if _SCIENTIFIC.fullmatch(text):
        return _unusable("SCIENTIFIC")
    if _MASK.search(text):
        return _unusable("MASKED")
    return _read(text)


def _unusable(*problems: str) -> Phone:
    return Phone("", UNUSABLE, problems, "", "", "")


def _read(text: str) -> Phone:
    """The first number of a text that may hold notes, an extension and more numbers."""
    problems: list[str] = []
    bare = _EXTENSION.sub("", _LABEL.sub("", text))
    if bare != _LABEL.sub("", text):
        problems.append("EXTENSION")
    bare = _CUT.sub(r"\1-\2-\3", _FLOAT_TAIL.sub("", bare))
    if whole := _from_piece(bare, problems):
        return whole
    pieces = _pieces(bare)
    if pieces and _has_note(bare, pieces):
        problems.append("NOTE")
    if len(pieces) > 1:
        problems.append("MULTIPLE")
    for piece in pieces:
        if found := _from_piece(piece, problems):
            return found
    return _unusable(*problems, _fault(_NOT_DIGIT.sub("", pieces[0]) if pieces else ""))


def _has_note(text: str, pieces: list[str]) -> bool:
    """Whether letters, or digits too few for a number, stand beside the numbers."""
    has_letters = any(map(str.isalpha, _HARD_SEPARATOR.sub("", text)))
    return has_letters or sum(map(_substance, pieces)) < _substance(text)


def _fault(digits: str) -> str:
    """The problem code for digits that are on no plan."""
    if not digits:
        return "FORM"
    if digits == digits[0] * len(digits) or not JUNK_SUBSCRIBERS.isdisjoint((digits[-7:], digits[-8:])):
        return "PLACEHOLDER"
    return "LENGTH" if digits.startswith("010") or not 8 <= len(digits) <= 12 else "UNKNOWN_RANGE"


def _pieces(text: str) -> list[str]:
    """The parts of the text that have enough digits to be a number, in order."""
    parts = _HARD_SEPARATOR.split(_NOT_NUMBER.sub("/", text))
    if not any(_substance(part) >= _SUBSTANCE for part in parts):
        parts = [_NOT_NUMBER.sub(" ", text)]
    return [number for part in parts for number in _unjoined(part) if _substance(number) >= _SUBSTANCE]


def _substance(text: str) -> int:
    return len(_NOT_DIGIT.sub("", text))


def _unjoined(part: str) -> list[str]:
    """One or two numbers from a part where only spaces, or nothing, separate them."""
    digits = _NOT_DIGIT.sub("", part)
    if len(digits) < 14 or "+" in part[1:]:
        return [f"+{piece}" if piece and part.startswith("+") else piece for piece in part.split("+") if piece]
    for length in (11, 10, 9, 12, 8):
        if _PLAN(digits[:length]) and (_PLAN(digits[length:]) or _PLAN("02" + digits[length:])):
            return [digits[:length], digits[length:]]
    return [part]


def _from_piece(piece: str, problems: list[str]) -> Phone | None:
    """The number that makes up the whole piece, or None."""
    if _NOT_NUMBER.search(piece):
        return None
    sign = "+" if piece.lstrip(" (").startswith("+") else ""
    digits = _NOT_DIGIT.sub("", piece.replace("(0)", ""))
    if korea := _KOREA.match(sign + digits):
        domestic = (sign + digits)[korea.end() :]
        return _on_plan(domestic, problems) or _on_plan("0" + domestic, problems)
    if sign:
        return _foreign(digits, problems)
    if behind_area := _BEHIND_AREA(digits):
        return _on_plan(behind_area[1], [*problems, "AREA_CODE"])
    return _on_plan(digits, problems) or _with_zero(digits, problems) or _local(digits, problems)


def _on_plan(digits: str, problems: list[str]) -> Phone | None:
    match = _PLAN(digits)
    if match is None:
        return None
    kind = match.lastgroup or ""
    if digits[_prefix_length(digits, kind) :] in JUNK_SUBSCRIBERS:
        return _unusable(*problems, "PLACEHOLDER")
    certainty = PLAUSIBLE if problems else CERTAIN
    if kind == "RETIRED_MOBILE":
        certainty, problems = DOUBTFUL, [*problems, "RETIRED"]
    elif kind == "SAFE":
        certainty, problems = DOUBTFUL, [*problems, "TEMPORARY"]
    e164 = "" if kind == "REPRESENTATIVE" else f"+82{digits[1:]}"
    return Phone(digits, certainty, tuple(problems), kind, e164, _display(digits, kind))


def _prefix_length(digits: str, kind: str) -> int:
    """How many digits stand before the subscriber's own."""
    if kind == "REPRESENTATIVE":
        return 0
    return 4 if kind == "SAFE" else 2 if digits.startswith("02") else 3


def _display(digits: str, kind: str) -> str:
    head = _prefix_length(digits, kind)
    return "-".join(part for part in (digits[:head], digits[head:-4], digits[-4:]) if part)


def _with_zero(digits: str, problems: list[str]) -> Phone | None:
    """The number with the leading zero that a spreadsheet dropped; eight digits may as well lack an area code."""
    if digits.startswith("0") or len(digits) < 9:
        return None
    found = _on_plan("0" + digits, [*problems, "LEADING_ZERO"])
    if found and found.kind not in ("MOBILE", "RETIRED_MOBILE") and found.certainty == PLAUSIBLE:
        return found._replace(certainty=DOUBTFUL)
    return found


def _local(digits: str, problems: list[str]) -> Phone | None:
    if not _LOCAL.fullmatch(digits):
        return None
    if digits in JUNK_SUBSCRIBERS:
        return _unusable(*problems, "PLACEHOLDER")
    return Phone(digits, DOUBTFUL, (*problems, "NO_AREA_CODE"), "UNKNOWN", "", f"{digits[:-4]}-{digits[-4:]}")


def _foreign(digits: str, problems: list[str]) -> Phone | None:
    if not _SUBSTANCE <= len(digits) <= 15 or digits.startswith("0"):
        return None
    value = f"+{digits}"
    return Phone(value, PLAUSIBLE, tuple(problems), "FOREIGN", value, value)
