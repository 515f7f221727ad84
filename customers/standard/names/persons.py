"""Names of persons."""

import re
from typing import NamedTuple
from unicodedata import normalize

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE, Certainty
from customers.standard.hangul import fold_spelling, from_keyboard
from customers.standard.names.cleaning import NEWBORN_WORDS, TITLE_WORDS, Draft, clean, take_joined_endings
from customers.standard.names.organisations import looks_like_organisation
from customers.standard.names.surnames import COMPOUND_SURNAMES, GIVEN_SYLLABLES, SURNAMES, split_hangul, split_spaced
from customers.standard.placeholders import NAME_WORDS, SAMPLE_NAMES, is_tidy_placeholder
from customers.standard.text import tidy

_LONGEST = 80  # letters; passports print 39, some embassies more
_READINGS = 4  # after which a mixture counts as junk
_KOREAN_LENGTH = 5  # syllables; longer names in Hangul are renderings of foreign ones

_PLAIN = re.compile("[가-힣]{2,3}").fullmatch
_PLAIN_ROMAN = re.compile("(?!(?:MR|MRS|MS|MISS|DR) )[A-Z]{3,}(?: [A-Z]{3,})+").fullmatch
_HANGUL, _HANJA = "가-힣", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ROMAN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_OTHER = "\u0400-\u04ff\u3041-\u30ff"
_NOT_NAME = re.compile(f"[^{_HANGUL}{_HANJA}{_ROMAN}{_OTHER}ㄱ-ㅎㅏ-ㅣ ',*-]")
_NOT_HANGUL = re.compile(f"[^{_HANGUL}]")
_HANGUL_OR_HANJA = re.compile(f"[{_HANGUL}{_HANJA}]")
_HANJA_WORD = re.compile(f"[{_HANJA}]+")
_PUNCTUATION = re.compile("[',-]")
_ROMAN_LETTER = re.compile(f"[{_ROMAN}{_OTHER}]")
_STRAY_MARKS = re.compile(r"(?<![^ ])['-]+|['-]+(?![^ ])")
_ROMAN_TITLE = re.compile(r"^(?:MR|MRS|MS|MISS|DR) (?=.)")
_KEYBOARD = re.compile("[A-Za-z]{5,16}")
_DOUBTED = frozenset(
    (
        "PLACEHOLDER MASKED MULTIPLE NEWBORN RELATION KEYBOARD_MODE UNKNOWN_SURNAME SURNAME_ONLY SINGLE_WORD "
        "BROKEN_SYLLABLE MIXED_SCRIPT HANJA POSSIBLE_TITLE LENGTH"
    ).split()
)
_ANOTHERS = frozenset(("NEWBORN", "RELATION", "SURNAME_ONLY"))  # the name is not, or not wholly, the customer's own
_NOT_PLAIN = TITLE_WORDS | NEWBORN_WORDS
_NOBODY = NAME_WORDS | NEWBORN_WORDS


class PersonName(NamedTuple):
    """A person's name: Hangul without spaces, or Roman letters in upper case.

    surname, given: the best division, to be stored only if `is_split_certain`. is_foreign: written as foreigners'
    names are, in Roman letters or as a rendering of them. key: for comparison only; '' if the name must not be matched.
    """

    value: str
    certainty: int
    problems: tuple[str, ...]
    surname: str
    given: str
    is_split_certain: bool
    is_foreign: bool
    is_deceased_hint: bool
    key: str


_EMPTY = PersonName("", EMPTY, (), "", "", False, False, False, "")


def person_name(raw: str | None) -> PersonName:
    """The standard form of a person's name."""
    if type(raw) is str and _is_plain(raw):
        surname, given, is_certain = split_hangul(raw)
        if surname:
            return PersonName(raw, CERTAIN, (), surname, given, is_certain, False, False, fold_spelling(raw))
    return _settled(_from_draft(raw), raw)


def _is_plain(name: str) -> bool:
    """Whether the name is two or three syllables that cannot be anything but a name."""
    return (
        _PLAIN(name) is not None
        and name[-1] not in "씨님"
        and name[-2:] not in _NOT_PLAIN
        and name not in _NOBODY
        and not name[0] == name[1] == name[-1]
    )


def _settled(result: PersonName, raw: str | None) -> PersonName:
    """The result that reads the same when read again; what one reading uncovers may need another."""
    for _ in range(_READINGS):
        if result.value in ("", raw) or _is_plain(result.value) or _PLAIN_ROMAN(result.value):
            return result
        again = _from_draft(result.value)
        if again.value == result.value:
            return result
        problems = tuple(dict.fromkeys((*result.problems, *again.problems)))
        is_deceased = result.is_deceased_hint or again.is_deceased_hint
        result = again._replace(
            certainty=min(result.certainty, again.certainty), problems=problems, is_deceased_hint=is_deceased
        )
    return _unusable(("FORM",))


def _from_draft(raw: str | None) -> PersonName:
    text = tidy(raw)
    if not text:
        return _EMPTY
    if _is_no_name(text.replace(" ", "")):
        return _unusable(("PLACEHOLDER",))
    if looks_like_organisation(text):
        return _unusable(("ORGANISATION",))
    draft = clean(text)
    draft.text = " ".join(_NOT_NAME.sub(" " if _ROMAN_LETTER.search(draft.text) else "", draft.text).split())
    if draft.is_masked:
        return _masked(draft)
    _choose_script(draft)
    return _roman(draft) if _ROMAN_LETTER.search(draft.text) else _hangul(draft)


def _is_no_name(word: str) -> bool:
    """Whether the word stands for nobody; the names of specimen forms may be borne by somebody."""
    return word not in SAMPLE_NAMES and (word in NAME_WORDS or is_tidy_placeholder(word))


def _unusable(problems: tuple[str, ...], is_deceased: bool = False) -> PersonName:
    return PersonName("", UNUSABLE, problems, "", "", False, False, is_deceased, "")


def _masked(draft: Draft) -> PersonName:
    value = tidy(draft.text.upper()) if _ROMAN_LETTER.search(draft.text) else draft.text.replace(" ", "")
    if not any(map(str.isalpha, value)) or len(value) > _LONGEST:
        return _unusable(tuple(draft.problems), draft.is_deceased)
    surname = value[0] if value[0] in SURNAMES else ""
    return PersonName(value, DOUBTFUL, tuple(draft.problems), surname, "", False, False, draft.is_deceased, "")


def _choose_script(draft: Draft) -> None:
    """Keep one script of several, Hangul first, and turn keyboard mode into Hangul."""
    text = draft.text
    if _KEYBOARD.fullmatch(text):
        name = from_keyboard(text)
        surname, given_name, _ = split_hangul(name)
        if 2 <= len(name) <= 4 and surname and GIVEN_SYLLABLES.issuperset(given_name):
            draft.text = name
            draft.note("KEYBOARD_MODE")
        return
    hangul = _NOT_HANGUL.sub("", text)
    if hangul and _HANJA_WORD.search(text):
        draft.text = " ".join(_HANJA_WORD.sub(" ", text).split())
    if hangul and _ROMAN_LETTER.search(text):
        draft.note("MIXED_SCRIPT")
        if split_hangul(hangul)[0] and 2 <= len(hangul) <= 4:
            draft.text = hangul


def _hangul(draft: Draft) -> PersonName:
    words = _PUNCTUATION.sub(" ", draft.text).split()
    spaced = split_spaced(words[0], words[1]) if len(words) == 2 else None
    draft.text = "".join(words)
    take_joined_endings(draft)
    name = draft.text
    if refusal := _refusal(draft):
        return refusal
    if spaced and "".join(spaced[:2]) != name:
        spaced = None
    surname, given, is_certain = spaced or split_hangul(name)
    is_foreign = _is_rendering(name, surname, words, spaced is not None)
    if is_foreign:
        surname, given, is_certain = "", "", False
    certainty = _grade(draft, surname, is_foreign)
    key = fold_spelling(name) if _ANOTHERS.isdisjoint(draft.problems) else ""
    return PersonName(
        name, certainty, tuple(draft.problems), surname, given, is_certain, is_foreign, draft.is_deceased, key
    )


def _refusal(draft: Draft) -> PersonName | None:
    """The answer for what turned out to be no name at all."""
    name = draft.text
    if name in NEWBORN_WORDS:
        draft.note("NEWBORN")
    elif name.removesuffix("님") in TITLE_WORDS or not _HANGUL_OR_HANJA.search(name):
        draft.note("FORM")
    elif name in SAMPLE_NAMES:
        draft.note("PLACEHOLDER")
        return None
    elif _is_no_name(name):
        draft.note("PLACEHOLDER")
    elif len(name) > _LONGEST // 2:
        draft.note("LENGTH")
    else:
        return None
    return _unusable(tuple(draft.problems), draft.is_deceased)


def _is_rendering(name: str, surname: str, words: list[str], is_spaced_korean: bool) -> bool:
    """Whether a Hangul name renders a foreign one: its length, its spaces or its first syllable say so."""
    if len(surname) == 2 or is_spaced_korean:
        return False
    if len(words) > 1 and len(words[0]) > 1 and len(name) > 3:
        return True
    return len(name) >= _KOREAN_LENGTH or (not surname and (len(name) > 3 or len(words) > 2))


def _grade(draft: Draft, surname: str, is_foreign: bool) -> Certainty:
    """The certainty of a Hangul or Hanja name; notes what only the finished name shows."""
    name = draft.text
    if _HANJA_WORD.search(name):
        draft.note("HANJA")
    elif _NOT_HANGUL.search(name):
        draft.note("BROKEN_SYLLABLE")
    elif len(name) == 1 or (name in COMPOUND_SURNAMES and "TITLE" in draft.problems):
        draft.note("SURNAME_ONLY" if surname else "LENGTH")
    elif not surname and not is_foreign:
        draft.note("UNKNOWN_SURNAME")
    if not _DOUBTED.isdisjoint(draft.problems):
        return DOUBTFUL
    return CERTAIN if surname and not is_foreign and not draft.problems else PLAUSIBLE


def _roman(draft: Draft) -> PersonName:
    text = tidy(draft.text.upper())
    surname, comma, _ = text.partition(",")
    value = " ".join(_STRAY_MARKS.sub("", text.replace(",", " ")).split())
    value = _ROMAN_TITLE.sub("", value)
    letters = value.replace(" ", "")
    if len(letters) < 2 or len(letters) > _LONGEST or is_tidy_placeholder(value):
        draft.note("PLACEHOLDER" if 2 <= len(letters) <= _LONGEST else "LENGTH")
        return _unusable(tuple(draft.problems), draft.is_deceased)
    if " " not in value:
        draft.note("SINGLE_WORD")
    certainty = PLAUSIBLE if _DOUBTED.isdisjoint(draft.problems) else DOUBTFUL
    split = (surname, value.removeprefix(surname).strip(), True) if comma else ("", "", False)
    return PersonName(value, certainty, tuple(draft.problems), *split, True, draft.is_deceased, _roman_key(value))


def _roman_key(value: str) -> str:
    """The letters alone, from wherever they read first in the alphabet: a surname stands first or last, and syllables
    are written together or apart."""
    letters = "".join(filter(str.isalnum, normalize("NFD", value))).casefold()
    return min(letters[start:] + letters[:start] for start in range(len(letters)))
