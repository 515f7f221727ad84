"""Names in Hangul: edit distance on jamo, all pairs at once. Pure."""

from __future__ import annotations

import numpy as np

from customers.dedup.names.levels import Level

FIRST, LAST_COUNT, MEDIAL_COUNT = 0xAC00, 28, 21
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# Vowels that most speakers do not tell apart any more; the second of each pair is written as the first.
CONFUSED = {"ㅐ": "ㅔ", "ㅒ": "ㅖ", "ㅙ": "ㅚ", "ㅞ": "ㅚ"}
# The initial sound rule (Hangul Orthography, articles 10–12): 리 → 이, 로 → 노, 녀 → 여 at the head of a word.
SOFT = "ㅑㅕㅖㅛㅠㅣ"
SOFT_AFTER_N = "ㅕㅛㅠㅣ"
INNER = {"률": "율", "렬": "열"}  # after a vowel or ㄴ the rule reaches into a word
KOREAN = 4  # syllables of nearly every Korean name
FARTHEST = 2  # jamo apart beyond which it does not matter how far
BAND = FARTHEST + 1

# By medial; the last entry is for where there is none.
_IS_SOFT, _IS_SOFT_AFTER_N = (
    np.array([medial in vowels for medial in MEDIALS] + [False]) for vowels in (SOFT, SOFT_AFTER_N)
)
_MEDIAL_FOLD = np.arange(MEDIAL_COUNT)
for _written, _folded in CONFUSED.items():
    _MEDIAL_FOLD[MEDIALS.index(_written)] = MEDIALS.index(_folded)


def hangul_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Levels of pairs of different names that are both in Hangul; the work grows with the longest, so short ones go
    together."""
    one, other = syllables_of(left), syllables_of(right)
    longest = np.maximum(_length(one), _length(other))
    levels = np.empty(len(one), np.int8)
    for which, width in ((longest <= KOREAN, KOREAN), (longest > KOREAN, one.shape[1])):
        rows = np.flatnonzero(which)
        if len(rows):
            levels[rows] = _levels(one[rows, :width], other[rows, :width])
    return levels


def _levels(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    length, length_of_other = _length(one), _length(other)
    differing = (one != other).sum(axis=1)
    apart = distance(*(jamo_of(syllables) for syllables in (one, other)))
    swapped = (np.sort(one, axis=1) == np.sort(other, axis=1)).all(axis=1)
    folded = (_folded(one) == _folded(other)).all(axis=1)
    levels = np.full(len(one), Level.OTHER, np.int8)
    levels[(length == length_of_other) & (length > 1) & (differing == 1)] = Level.PART
    levels[_begins(one, other, length, length_of_other)] = Level.PART
    levels[(apart == FARTHEST) | swapped] = Level.ALIKE
    levels[(apart <= 1) | folded] = Level.NEAR
    return levels


def syllables_of(names: np.ndarray) -> np.ndarray:
    """Syllables as code points (names, 15), 0 behind the end."""
    return np.ascontiguousarray(names["name_text"]).view("<u2").reshape(len(names), -1).astype(np.int32)


def _length(syllables: np.ndarray) -> np.ndarray:
    return (syllables > 0).sum(axis=1)


def _begins(one: np.ndarray, other: np.ndarray, length: np.ndarray, length_of_other: np.ndarray) -> np.ndarray:
    """Whether one name of two syllables or more is the beginning of the other, which has one syllable more."""
    shorter = np.minimum(length, length_of_other)
    same = (one == other) | (np.arange(one.shape[1]) >= shorter[:, None])
    return same.all(axis=1) & (np.abs(length - length_of_other) == 1) & (shorter > 1)


def _split(syllables: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Initial, medial and final of each syllable as numbers; −1, −1, −1 where there is none."""
    index = syllables - FIRST
    none = syllables == 0
    return tuple(
        np.where(none, -1, part)
        for part in (index // (MEDIAL_COUNT * LAST_COUNT), index // LAST_COUNT % MEDIAL_COUNT, index % LAST_COUNT)
    )


def jamo_of(syllables: np.ndarray) -> np.ndarray:
    """Jamo one after the other as small integers (names, 3 · syllables), 0 behind the end."""
    initial, medial, final = _split(syllables)
    places = np.stack([initial + 1, (medial + 20) * (medial >= 0), (final + 40) * (final > 0)], axis=2)
    places = places.reshape(len(syllables), -1).astype(np.int8)
    held = places > 0
    row = np.zeros_like(places)
    row[np.arange(places.shape[1]) < held.sum(axis=1)[:, None]] = places[held]
    return row


def distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How many letters are left out, added, replaced or swapped with their neighbour between two rows each; BAND where
    it is more than FARTHEST. Rows hold small integers, 0 behind the end."""
    width, far = one.shape[1], np.int8(BAND)
    length, length_of_other = (one > 0).sum(axis=1), (other > 0).sum(axis=1)
    result = np.full(len(one), far)
    before: dict[int, np.ndarray] = {}
    row: dict[int, np.ndarray] = {j: np.full(len(one), j, np.int8) for j in range(min(BAND, width + 1))}
    _note(result, row, 0, length, length_of_other)
    for i in range(1, width + 1):
        following: dict[int, np.ndarray] = {}
        for j in range(max(0, i - FARTHEST), min(width, i + FARTHEST) + 1):
            best = np.minimum(row[j] + np.int8(1), far) if j in row else np.full(len(one), far)
            if j > 0:
                best = np.minimum(best, row[j - 1] + (one[:, i - 1] != other[:, j - 1]))
                if j - 1 in following:
                    best = np.minimum(best, following[j - 1] + np.int8(1))
            if i > 1 and j > 1 and j - 2 in before:
                crossed = (one[:, i - 1] == other[:, j - 2]) & (one[:, i - 2] == other[:, j - 1])
                best = np.where(crossed, np.minimum(best, before[j - 2] + np.int8(1)), best)
            following[j] = best
        before, row = row, following
        _note(result, row, i, length, length_of_other)
    return np.minimum(result, far)


def _note(
    result: np.ndarray, row: dict[int, np.ndarray], i: int, length: np.ndarray, length_of_other: np.ndarray
) -> None:
    """Keep the distance of those pairs that end in this row."""
    ends = length == i
    for j, distances in row.items():
        np.copyto(result, distances, where=ends & (length_of_other == j))


def _folded(syllables: np.ndarray) -> np.ndarray:
    """Syllables in which confusable vowels and the initial sound rule make no difference, as integers."""
    initial, medial, final = _split(syllables)
    r, n, silent = (INITIALS.index(letter) for letter in "ㄹㄴㅇ")
    soft, soft_after_n = _IS_SOFT[medial], _IS_SOFT_AFTER_N[medial]
    head = np.zeros_like(syllables, bool)
    head[:, 0] = True
    inner = np.logical_or.reduce([syllables == ord(syllable) for syllable in INNER])
    folded = initial.copy()
    folded[(initial == r) & soft & (head | inner)] = silent
    folded[(initial == r) & ~soft & head] = n
    folded[(initial == n) & soft_after_n & head] = silent
    return (folded * MEDIAL_COUNT + _MEDIAL_FOLD[medial]) * LAST_COUNT + final
