"""Names in Roman letters: word by word, in whichever order. Pure."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jellyfish import jaro_winkler_similarity

from customers.dedup.names.levels import Level

NEAR_FROM, ALIKE_FROM = 0.96, 0.90  # Jaro–Winkler similarity, 0 to 1, mean over the words
LEAST = 0.85  # of any word: those that are equal must not outvote one that is another (Hung, Huy)
WORD_FROM = 0.92  # from which on two words are one
REMEMBERED = 200_000


def roman_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Levels of pairs of different names that are both in Roman letters."""
    pairs = zip(texts_of(left), texts_of(right), strict=True)
    return np.array([_level(*sorted(pair)) for pair in pairs], np.int8)


def texts_of(names: np.ndarray) -> list[str]:
    """The texts of names in Roman letters."""
    return [text.tobytes().rstrip(b"\0").decode("ascii") for text in names["name_text"]]


def _level(one: str, other: str) -> Level:
    words, words_of_other = one.split(), other.split()
    if _orders(words) & _orders(words_of_other):
        return Level.NEAR
    found = best_order(words, words_of_other)
    mean, least = sum(found) / max(len(words), len(words_of_other)), min(found, default=0)
    if mean >= NEAR_FROM and least >= LEAST:
        return Level.NEAR
    all_found = len(found) > 1 and least >= WORD_FROM
    if (mean >= ALIKE_FROM and least >= LEAST) or all_found:
        return Level.ALIKE
    return (
        Level.PART if max(len(words), len(words_of_other)) > 1 and max(found, default=0) >= WORD_FROM else Level.OTHER
    )


def _orders(words: list[str]) -> set[str]:
    """The name without spaces, and with its words from each of them on: the surname stands first or last."""
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}


def best_order(words: list[str], others: list[str]) -> list[float]:
    """How well each word of the shorter name finds its match in the other, the best matches taken first."""
    rank = sorted(((-_similarity(word, other), i, j) for i, word in enumerate(words) for j, other in enumerate(others)))
    taken, taken_of_other, found = set(), set(), []
    for similarity, i, j in rank:
        if i not in taken and j not in taken_of_other:
            taken.add(i)
            taken_of_other.add(j)
            found.append(-similarity)
    return found


@lru_cache(REMEMBERED)
def _similarity(one: str, other: str) -> float:
    return jaro_winkler_similarity(one, other)
