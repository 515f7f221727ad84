"""Names in Hangul: edit distance on jamo, all pairs at once. Pure."""

from __future__ import annotations

from os.path import commonprefix

import numpy as np

from customers.dedup.names.levels import Level

FIRST, LAST_COUNT, MEDIAL_COUNT = 0xAC00, 28, 21
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# Vowels that most speakers do not tell apart any more; the second of each pair is written as the first.
CONFUSED = {"ㅐ": "ㅔ", "ㅒ": "ㅖ", "ㅙ": "ㅚ", "ㅞ": "ㅚ"}
# The initial sound rule (Hangul Orthography, articles 10–12): 리 → 이, 로 → 노, 녀 → 여. It holds at the head of a
# surname and of a given name and reaches into 률 and 렬; families write it either way, so it is undone everywhere.
SOFT = "ㅑㅕㅖㅛㅠㅣ"
SOFT_AFTER_N = "ㅕㅛㅠㅣ"
KOREAN = 4  # syllables of nearly every Korean name
FARTHEST = 2  # jamo apart beyond which it does not matter how far
BAND = FARTHEST + 1
FEW = 16  # pairs up to which it is quicker to look at one after the other


def hangul_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Levels of pairs of different names that are both in Hangul; the work grows with the longest, so short ones go
    together."""
    one, other = syllables_of(left), syllables_of(right)
    is_short = (one[:, KOREAN] == 0) & (other[:, KOREAN] == 0)
    levels = np.empty(len(one), np.int8)
    for which, width in ((is_short, KOREAN), (~is_short, one.shape[1])):
        rows = np.flatnonzero(which)
        if len(rows):
            levels[rows] = _levels(one[rows, :width], other[rows, :width])
    return levels


def _levels(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    levels = np.full(len(one), Level.OTHER, np.int8)
    # One more syllable at the end of either is one difference too.
    differing = (one != other).sum(axis=1, dtype=np.int8)
    levels[(differing == 1) & (one[:, 1] > 0) & (other[:, 1] > 0)] = Level.PART
    number, number_of_other = _number(one), _number(other)
    close = np.flatnonzero(_may_be_close(number, number_of_other))
    if len(close):
        levels[close] = _close_levels(one[close], other[close], levels[close])
    folded = (_FOLDED[number] == _FOLDED[number_of_other]).all(axis=1)
    levels[folded] = Level.NEAR
    return levels


def _close_levels(one: np.ndarray, other: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    longest = np.flatnonzero((one > 0).any(axis=0) | (other > 0).any(axis=0))[-1] + 1
    apart = distance(jamo_of(one[:, :longest]), jamo_of(other[:, :longest]))
    swapped = (np.sort(one, axis=1) == np.sort(other, axis=1)).all(axis=1)
    return np.select([apart <= 1, (apart == FARTHEST) | swapped], [Level.NEAR, Level.ALIKE], otherwise)


def _may_be_close(number: np.ndarray, number_of_other: np.ndarray) -> np.ndarray:
    """False only where the names are more than FARTHEST jamo apart: one slip changes the set of jamo by two at most."""
    change = np.bitwise_or.reduce(_JAMO_SETS[number], axis=1) ^ np.bitwise_or.reduce(
        _JAMO_SETS[number_of_other], axis=1
    )
    return np.bitwise_count(change) <= 2 * FARTHEST


def syllables_of(names: np.ndarray) -> np.ndarray:
    """Syllables as code points (names, 15), 0 behind the end."""
    return np.ascontiguousarray(names["name_text"]).view("<u2").reshape(len(names), -1).astype(np.int32)


def _number(syllables: np.ndarray) -> np.ndarray:
    """Syllables counted from 1, 0 where there is none."""
    return np.maximum(syllables - (FIRST - 1), 0)


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
    places = places.reshape(len(syllables), 3 * syllables.shape[1]).astype(np.int8)
    held = places > 0
    row = np.zeros_like(places)
    row[np.arange(places.shape[1]) < held.sum(axis=1)[:, None]] = places[held]
    return row


def distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How many letters are left out, added, replaced or swapped with their neighbour between two rows each; BAND where
    it is more than FARTHEST. Rows hold small integers, 0 behind the end."""
    if len(one) <= FEW:
        texts = ([row.tobytes().rstrip(b"\0") for row in side] for side in (one, other))
        return np.array([_distance(*pair) for pair in zip(*texts, strict=True)], np.int8)
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


def _distance(one: bytes, other: bytes) -> int:
    """`distance` of one pair: the whole table of the pieces that differ, row by row."""
    ahead = len(commonprefix((one, other)))
    one, other = one[ahead:], other[ahead:]
    behind = len(commonprefix((one[::-1], other[::-1])))
    one, other = one[: len(one) - behind], other[: len(other) - behind]
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one):
        following = [i + 1]
        for j, another in enumerate(other):
            best = min(row[j] + (letter != another), row[j + 1] + 1, following[j] + 1)
            if i and j and letter == other[j - 1] and one[i - 1] == another:
                best = min(best, before[j - 1] + 1)
            following.append(best)
        before, row = row, following
    return min(row[-1], BAND)


def _note(
    result: np.ndarray, row: dict[int, np.ndarray], i: int, length: np.ndarray, length_of_other: np.ndarray
) -> None:
    """Keep the distance of those pairs that end in this row."""
    ends = length == i
    for j, distances in row.items():
        np.copyto(result, distances, where=ends & (length_of_other == j))


def folded_of(letters: np.ndarray) -> np.ndarray:
    """Letters as code points, syllables that sound or are spelt alike as one and the same number below 0."""
    is_syllable = (letters >= FIRST) & (letters < FIRST + len(_ALL))
    return np.where(is_syllable, -_FOLDED[_number(letters) * is_syllable], letters)


def _jamo_sets(syllables: np.ndarray) -> np.ndarray:
    """The jamo of each syllable as bits; some finals share a bit, which can only make sets more alike."""
    initial, medial, final = (part.astype(np.uint64) for part in _split(syllables))
    shared = np.uint64(64 - len(INITIALS) - MEDIAL_COUNT)
    one, first_medial = np.uint64(1), np.uint64(len(INITIALS))
    closing = (one << (first_medial + np.uint64(MEDIAL_COUNT) + final % shared)) * (final > 0)
    return (one << initial) | (one << (first_medial + medial)) | closing


def _folded(syllables: np.ndarray) -> np.ndarray:
    """Syllables without what confusable vowels and the initial sound rule tell apart, as integers above 0."""
    initial, medial, final = _split(syllables)
    r, n, silent = (INITIALS.index(letter) for letter in "ㄹㄴㅇ")
    soft, soft_after_n = (np.isin(medial, [MEDIALS.index(v) for v in vowels]) for vowels in (SOFT, SOFT_AFTER_N))
    heard = np.select(
        [(initial == r) & soft, (initial == r), (initial == n) & soft_after_n], [silent, n, silent], initial
    )
    vowels = np.array([MEDIALS.index(CONFUSED.get(vowel, vowel)) for vowel in MEDIALS])
    return (heard * MEDIAL_COUNT + vowels[medial]) * LAST_COUNT + final + 1


# By the number of a syllable, 0 for none.
_ALL = np.arange(FIRST, FIRST + len(INITIALS) * MEDIAL_COUNT * LAST_COUNT)
_JAMO_SETS = np.concatenate([np.zeros(1, np.uint64), _jamo_sets(_ALL)])
_FOLDED = np.concatenate([np.zeros(1, int), _folded(_ALL)])
