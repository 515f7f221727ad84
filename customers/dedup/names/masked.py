"""Names with stars in them (홍*동). Pure."""

from __future__ import annotations

import numpy as np

from customers.dedup.names.hangul import folded_of
from customers.dedup.names.levels import Level
from customers.standard.matching import NAME_LETTERS, ROMAN

STAR, SPACE = ord("*"), ord(" ")
CAPITALS, SMALL = (ord("A"), ord("Z")), (ord("a"), ord("z"))


def masked_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Levels of pairs of which one or both are masked: ALIKE where nothing that can be read contradicts,
    UNKNOWN where one is in Roman letters and one is not."""
    one, other = letters_of(left), letters_of(right)
    hidden = ((one == STAR) | (other == STAR)) & (one != 0) & (other != 0)
    fits = ((one == other) | hidden).all(axis=1)
    readable = ((one == other) & (one != 0) & (one != STAR) & (one != SPACE)).any(axis=1)
    differs = np.where(_is_roman(one) == _is_roman(other), Level.OTHER, Level.UNKNOWN)
    return np.where(fits & readable, Level.ALIKE, differs).astype(np.int8)


def letters_of(names: np.ndarray) -> np.ndarray:
    """The first NAME_LETTERS letters (names, 15) of names in any script, 0 behind the end: Roman ones small, Hangul
    without what the spelling of a key leaves out, as only names without stars have a key."""
    text = np.ascontiguousarray(names["name_text"])
    letters = text.view("<u2").reshape(len(names), -1).astype(np.int32)
    is_roman = names["name_script"] == ROMAN
    letters[is_roman] = text[is_roman].view("u1").reshape(-1, 2 * NAME_LETTERS)[:, :NAME_LETTERS]
    is_capital = (letters >= CAPITALS[0]) & (letters <= CAPITALS[1])
    letters[is_capital] += SMALL[0] - CAPITALS[0]
    return folded_of(letters)


def _is_roman(letters: np.ndarray) -> np.ndarray:
    return ((letters >= SMALL[0]) & (letters <= SMALL[1])).any(axis=1)
