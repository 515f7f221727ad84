"""How far a standard form may be trusted."""

from enum import IntEnum


class Certainty(IntEnum):
    """Grade of a standardised value; a higher grade may replace a lower one, never the reverse."""

    EMPTY = 0  # nothing was given
    UNUSABLE = 1  # a placeholder, junk, or impossible; the value is empty
    DOUBTFUL = 2  # kept, but suspicious or only partly understood
    PLAUSIBLE = 3  # the right form
    CERTAIN = 4  # the right form, and the check digit or the table agrees


# Bound once: looking a member up on an enumeration costs more than the tests around it.
EMPTY = Certainty.EMPTY
UNUSABLE = Certainty.UNUSABLE
DOUBTFUL = Certainty.DOUBTFUL
PLAUSIBLE = Certainty.PLAUSIBLE
CERTAIN = Certainty.CERTAIN
