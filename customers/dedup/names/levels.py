"""The levels of agreement of two names. Pure."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """How two names agree."""

    UNKNOWN = 0  # one of them is not there
    EXACT = 1
    NEAR = 2  # one jamo, or confusable sounds, or the initial sound rule; in Roman letters another order, or one letter
    ALIKE = 3  # two jamo, swapped syllables; a middle name left out; a masked name that fits
    PART = 4  # one syllable, or one of two words, differs wholly
    OTHER = 5  # the same script, and nothing of the above
    SOUNDED = 6  # Hangul and Roman letters that sound alike: weak evidence
    APART = 7  # different scripts that do not


NAME_LEVELS = tuple(level.name.lower() for level in Level)
