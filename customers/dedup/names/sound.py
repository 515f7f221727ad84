"""Whether a name in Hangul and one in Roman letters sound alike. Pure.

There are a dozen ways to write a Korean name in Roman letters (Revised Romanization, McCune–Reischauer, and whatever a
passport office accepted). Both sides are brought to one rough spelling in which the usual variants fall together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from jellyfish import jaro_winkler_similarity

from customers.dedup.names.hangul import FIRST, LAST_COUNT, MEDIAL_COUNT, syllables_of
from customers.dedup.names.levels import Level
from customers.dedup.names.roman import texts_of
from customers.standard.matching import HANGUL

ALIKE_FROM = 0.94  # Jaro–Winkler similarity of the rough spellings
INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()
MEDIALS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()
# Surnames that are usually written quite otherwise than they sound.
SURNAMES = {
    "이": ("i", "li"),
    "임": ("im", "lim"),
    "유": ("yu", "lyu"),
    "노": ("no", "lo"),
    "박": ("pak",),
    "우": ("u",),
}
ROUGH = (
    (re.compile("ph"), "p"),
    (re.compile("sh"), "s"),
    (re.compile("rh"), "r"),
    (re.compile("park"), "pak"),
    (re.compile("tch|ch|j"), "c"),
    (re.compile("kk|gg|g|q"), "k"),
    (re.compile("tt|dd|d"), "t"),
    (re.compile("pp|bb|b|f|v"), "p"),
    (re.compile("r"), "l"),
    (re.compile("yeo|you|yoo|yu"), "yu"),
    (re.compile("eo|ou|oo|eu|wu|w(?=u)|u"), "u"),
    (re.compile("wu"), "u"),
    (re.compile("ee|yi|ie|ui|wi"), "i"),
    (re.compile("wae|we|oe|oi"), "o"),
    (re.compile("ae|ai|e"), "e"),
    (re.compile("(?<=[aeiou])h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def sound_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """SOUNDED or APART for pairs of which one is in Hangul and one in Roman letters."""
    is_left = left["name_script"] == HANGUL
    hangul, roman = np.where(is_left, left, right), np.where(is_left, right, left)
    names = ["".join(map(chr, row[row > 0])) for row in syllables_of(hangul)]
    return np.array([_level(*pair) for pair in zip(names, texts_of(roman), strict=True)], np.int8)


@lru_cache(100_000)
def _level(hangul: str, roman: str) -> Level:
    words = [rough(word) for word in roman.split()]
    orders = {"".join(words), "".join(words[1:] + words[:1]), "".join(words[-1:] + words[:-1])}
    heard = any(
        jaro_winkler_similarity(spelling, order) >= ALIKE_FROM for spelling in spellings(hangul) for order in orders
    )
    return Level.SOUNDED if heard else Level.APART


def spellings(hangul: str) -> Iterator[str]:
    """Rough spellings of a name in Hangul, surname first; more than one where the surname has several."""
    given = rough("".join(map(_roman, hangul[1:])))
    for surname in SURNAMES.get(hangul[0], (rough(_roman(hangul[0])),)):
        yield surname + given


@lru_cache(100_000)
def rough(roman: str) -> str:
    """A Roman spelling in which the usual variants fall together."""
    for pattern, replacement in ROUGH:
        roman = pattern.sub(replacement, roman)
    return roman


def _roman(syllable: str) -> str:
    index = ord(syllable) - FIRST
    parts = (
        INITIALS[index // (MEDIAL_COUNT * LAST_COUNT)],
        MEDIALS[index // LAST_COUNT % MEDIAL_COUNT],
        FINALS[index % LAST_COUNT],
    )
    return "".join(part for part in parts if part != "-")
