"""Names with stars in them (홍*동). Pure."""

from __future__ import annotations

import numpy as np

from customers.dedup.names.hangul import syllables_of
from customers.dedup.names.levels import Level

STAR = ord("*")


def masked_levels(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Levels of pairs of which one or both are masked: ALIKE where nothing that can be read contradicts."""
    one, other = syllables_of(left), syllables_of(right)
    fits = ((one == other) | (((one == STAR) | (other == STAR)) & (one > 0) & (other > 0))).all(axis=1)
    readable = ((one == other) & (one > 0) & (one != STAR)).any(axis=1)
    return np.where(fits & readable, Level.ALIKE, Level.OTHER).astype(np.int8)
