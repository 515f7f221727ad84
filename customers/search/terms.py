"""What a person may have meant by the words in the search box. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from customers.golden.naming import sort_name
from customers.numbering import parse_customer_number
from customers.standard import hangul, phone
from customers.standard.text import tidy

LONGEST = 100
CONSONANTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Two consonants that the keyboard joins into one letter, as in ㄳ for ㄱㅅ.
_JOINED = str.maketrans(
    dict(zip("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", "ㄱㅅ ㄴㅈ ㄴㅎ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅂㅅ".split(), strict=True))
)
_NUMBER_LIKE = re.compile(r"C-?\d{9}-?\d|\d{9}-\d", re.IGNORECASE)
# A customer number in any writing: with spaces or other dashes, or with its C typed in Hangul mode.
_NUMBER_WRITTEN = re.compile(r"[Cㅊ]?[ -]*([0-9]{9})[ -]*([0-9])", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_PHONE_LIKE = re.compile(r"\+?[\d\-. ()]+")
_DATE_PARTS = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?")
# A business number (123-45-67890) or a corporate number (110111-1234567).
_ORGANISATION_LIKE = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{5}|[0-9]{6}-?[0-9]{7}")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z]+")
_OLDEST_YEAR = 1900
TAIL_DIGITS = 4
LOCAL_DIGITS = (7, 8)
RESIDENT_DIGITS = 13


@dataclass(frozen=True)
class Terms:
    """The readings of one search text; whatever it cannot mean is empty.

    number: ten digits; is_mistyped: it has the form of a customer number, but its check digit is wrong. phone: domestic
    digits, or of a number without its prefix; tail: the last four. names: prefixes of the name as it is sorted.
    organisation: digits of a business number (10) or corporate number (13). code: what may be a source key or contract
    number.
    """

    text: str
    number: str = ""
    is_mistyped: bool = False
    phone: str = ""
    tail: str = ""
    local: str = ""
    births: tuple[date, ...] = ()
    names: tuple[str, ...] = ()
    initials: str = ""
    organisation: str = ""
    code: str = ""

    @property
    def is_combined(self) -> bool:
        """Whether a name stands together with a birth date or the end of a phone number."""
        return bool((self.names or self.initials) and (self.births or self.tail))

    @property
    def may_be_resident_number(self) -> bool:
        """Whether the text has the length of a resident number, which a corporate number has too."""
        return len(self.organisation) == RESIDENT_DIGITS


def read_terms(text: str, today: date) -> Terms:
    """All that the text may mean. today: birth dates after it are none."""
    text = tidy(text)[:LONGEST]
    words = text.split()
    if len(words) > 1 and (combined := _combined(words, today)):
        return combined
    digits = re.sub(r"\D", "", text)
    names, initials = names_of(text) if _LETTER.search(text) else ((), "")
    number = number_of(text)
    return Terms(
        text,
        number=number,
        is_mistyped=not number and _NUMBER_LIKE.fullmatch(text) is not None,
        phone=_phone(text),
        tail=text if _is_tail(text) else "",
        local=digits if _PHONE_LIKE.fullmatch(text) and len(digits) in LOCAL_DIGITS else "",
        births=births_of(text, today),
        names=names,
        initials=initials,
        organisation=digits if _ORGANISATION_LIKE.fullmatch(text) else "",
        code=text if re.search(r"\d", text) and len(text) > TAIL_DIGITS and " " not in text else "",
    )


def number_of(text: str) -> str:
    """The ten digits of the customer number that the text is, empty if it is none.

    C-000012345-9, c 000012345 9, C–000012345–9 and ㅊ-000012345-9 → 0000123459.
    """
    written = _NUMBER_WRITTEN.fullmatch(text.translate(_DASHES))
    return (parse_customer_number(written[1] + written[2]) if written else "") or ""


def _combined(words: Sequence[str], today: date) -> Terms | None:
    """A name followed by a birth date or by four digits of a phone number: 김철수 850101, 김철수 5678."""
    *head, last = words
    if not _LETTER.search(" ".join(head)):
        return None
    names, initials = names_of(" ".join(head))
    births, tail = births_of(last, today), last if _is_tail(last) else ""
    if not (names or initials) or not (births or tail):
        return None
    return Terms(" ".join(words), births=births, tail=tail, names=names, initials=initials)


def names_of(text: str) -> tuple[tuple[str, ...], str]:
    """Prefixes of sorted names that the text may stand for, and the initial consonants if it holds any.

    ㄱㅊㅅ → (), "ㄱㅊㅅ"; 김ㅊㅅ → ("김",), "ㄱㅊㅅ"; (주)한빛 → ("(주)한빛", "한빛"), "".
    """
    text = text.translate(_JOINED)
    consonants = [place for place, letter in enumerate(text) if letter in CONSONANTS]
    if consonants:
        head = sort_name("PERSON", text[: consonants[0]])
        return ((head,) if head else ()), hangul.initials(text)
    return tuple(dict.fromkeys(filter(None, (sort_name("PERSON", text), sort_name("ORG", text))))), ""


def from_english_mode(text: str) -> str:
    """What was meant if Hangul was typed with the keyboard in English mode (rlacjftn → 김철수); empty if it was not."""
    *head, last = text.split() or [""]
    typed, rest = (" ".join(head), f" {last}") if head and not last.isalpha() else (text, "")
    if not _LATIN.fullmatch(typed.replace(" ", "")):
        return ""
    return hangul.from_keyboard(typed) + rest


def births_of(text: str, today: date) -> tuple[date, ...]:
    """The birth dates that 19850101, 1985-01-01, 1985.1.1 or 850101 may mean; six digits may mean two centuries."""
    if parts := _DATE_PARTS.fullmatch(text):
        candidates = [(int(parts[1]), int(parts[2]), int(parts[3]))]
    elif text.isascii() and text.isdigit() and len(text) in (6, 8):
        years = [text[:4]] if len(text) == 8 else [f"20{text[:2]}", f"19{text[:2]}"]
        candidates = [(int(year), int(text[-4:-2]), int(text[-2:])) for year in years]
    else:
        return ()
    days = [_day(*candidate) for candidate in candidates]
    return tuple(day for day in days if day and day.year >= _OLDEST_YEAR and day <= today)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_tail(text: str) -> bool:
    return len(text) == TAIL_DIGITS and text.isascii() and text.isdigit()


def _phone(text: str) -> str:
    """The digits of a whole phone number, empty if the text is none."""
    if not _PHONE_LIKE.fullmatch(text) or len(re.sub(r"\D", "", text)) < 9:
        return ""
    form = phone(text)
    return form.value if form.kind not in ("", "UNKNOWN") else ""
