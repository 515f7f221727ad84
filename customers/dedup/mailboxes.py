"""Whether two mailboxes are one but for a slip of the keyboard. Pure."""

from __future__ import annotations

import numpy as np

from customers.standard.matching import MAILBOX_LETTERS

SHORTEST = 5  # letters below which one letter apart is another mailbox


def is_one_slip(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pair by pair, whether one letter was left out, added, replaced, or swapped with its neighbour.

    left, right: arrays of `mailbox_text`. What two texts have in common from the front and from the back tells it all,
    so no table of distances is needed.
    """
    one, other = _letters(left), _letters(right)
    length, length_of_other = _lengths(one), _lengths(other)
    shorter, longer = np.minimum(length, length_of_other), np.maximum(length, length_of_other)
    row = np.arange(len(one))
    is_near = (shorter >= SHORTEST) & (longer - shorter <= 1)
    # Unless the slip is at the end, the last letters agree, which few do: the others need no closer look.
    is_near &= (_common(one, other) >= longer - 2) | (one[row, length - 1] == other[row, length_of_other - 1])
    near = np.flatnonzero(is_near)
    result = np.zeros(len(one), bool)
    if len(near):
        result[near] = _is_one_slip(one[near], other[near])
    return result


def _is_one_slip(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The same for letters of mailboxes that are long enough."""
    length, length_of_other = _lengths(one), _lengths(other)
    ahead = _common(one, other)
    behind = _common(_from_end(one, length), _from_end(other, length_of_other))
    shorter, longer = np.minimum(length, length_of_other), np.maximum(length, length_of_other)
    replaced = (shorter == longer) & (ahead + behind >= longer - 1)
    added = (shorter == longer - 1) & (ahead + behind >= shorter)
    place = np.minimum(ahead, MAILBOX_LETTERS - 2)
    row = np.arange(len(one))
    swapped = (
        (shorter == longer)
        & (ahead + behind == longer - 2)
        & (one[row, place] == other[row, place + 1])
        & (one[row, place + 1] == other[row, place])
    )
    return replaced | added | swapped


def _lengths(letters: np.ndarray) -> np.ndarray:
    return np.count_nonzero(letters, axis=1)


def _letters(texts: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), MAILBOX_LETTERS)


def _common(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How many letters agree from the front."""
    differs = (one != other) | (one == 0)
    return np.where(differs.any(axis=1), differs.argmax(axis=1), one.shape[1])


def _from_end(letters: np.ndarray, length: np.ndarray) -> np.ndarray:
    """The letters of each row from the last to the first."""
    place = length[:, None] - 1 - np.arange(letters.shape[1])
    return np.where(place >= 0, np.take_along_axis(letters, np.maximum(place, 0), axis=1), 0)
