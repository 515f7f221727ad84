"""How two names agree. Pure.

Most pairs hold the same name, which one comparison of integers tells; of the rest each distinct pair of names is looked
at once, all Hangul pairs together in arrays, the few in Roman letters one by one.
"""

from __future__ import annotations

import numpy as np

from customers.dedup.blocks import mixed
from customers.dedup.names.hangul import hangul_levels
from customers.dedup.names.levels import NAME_LEVELS, Level
from customers.dedup.names.masked import masked_levels
from customers.dedup.names.roman import roman_levels
from customers.dedup.names.sound import sound_levels
from customers.standard.matching import HANGUL, MASKED, NAME_LETTERS, NO_NAME, ROMAN

__all__ = ["NAME_LEVELS", "Level", "name_levels"]


def name_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The level of each pair as int8. left, right: arrays with the fields name, name_script and name_text."""
    known = (left["name_script"] != NO_NAME) & (right["name_script"] != NO_NAME)
    same = known & (left["name"] == right["name"]) & (left["name"] != 0)
    levels = np.where(same, Level.EXACT, Level.UNKNOWN).astype(np.int8)
    apart = np.flatnonzero(known & ~same)
    if len(apart):
        one, other = left[apart], right[apart]
        first, place = _distinct(identity(one), identity(other))
        levels[apart] = _levels(one[first], other[first])[place]
    return levels


def _distinct(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each distinct pair stands first, in the order given (memory is read forwards), and which of these each
    pair is, whichever of its names is on the left."""
    pairs = mixed(np.minimum(one, other), np.maximum(one, other))
    order = np.argsort(pairs)
    starts = np.flatnonzero(np.append(True, np.diff(pairs[order]) != 0))
    first = np.minimum.reduceat(order, starts)
    is_first = np.zeros(len(pairs), bool)
    is_first[first] = True
    rank = (np.cumsum(is_first) - 1)[first]
    place = np.empty(len(pairs), np.int64)
    place[order] = np.repeat(rank, np.diff(starts, append=len(pairs)))
    return np.flatnonzero(is_first), place


def identity(names: np.ndarray) -> np.ndarray:
    """One integer per name as it is written; of a masked name, which has no key, and of one in Roman letters, whose key
    is the same from whichever word it begins, made from its text."""
    key = np.ascontiguousarray(names["name"])
    unkeyed = np.flatnonzero((key == 0) | (names["name_script"] == ROMAN))
    if len(unkeyed):
        text = np.ascontiguousarray(names["name_text"][unkeyed]).view("<u2").reshape(len(unkeyed), NAME_LETTERS)
        made = np.ones(len(unkeyed), np.uint64)
        for letter in text.astype(np.uint64).T:
            made = mixed(made ^ (letter + np.uint64(1)))
        key[unkeyed] = made
    return key


def _levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The levels of distinct pairs of different names."""
    one, other = left["name_script"], right["name_script"]
    masked = (one == MASKED) | (other == MASKED)
    kinds = {
        hangul_levels: (one == HANGUL) & (other == HANGUL),
        roman_levels: (one == ROMAN) & (other == ROMAN),
        masked_levels: masked,
        sound_levels: ((one == HANGUL) & (other == ROMAN)) | ((one == ROMAN) & (other == HANGUL)),
    }
    levels = np.where(one == other, Level.OTHER, Level.UNKNOWN).astype(np.int8)
    for level_of, which in kinds.items():
        rows = np.flatnonzero(which)
        if len(rows):
            levels[rows] = level_of(left[rows], right[rows])
    return levels
