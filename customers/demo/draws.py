"""Seeded random draws: the same seed and purpose give the same numbers in every process."""

import zlib
from collections.abc import Sequence

import numpy as np


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A generator of its own for one purpose, so that a new draw elsewhere moves nothing here."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(purpose.encode())]))


def weighted(rng: np.random.Generator, weights: Sequence[float] | np.ndarray, size: int) -> np.ndarray:
    """Positions drawn in proportion to `weights`."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    drawn = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.minimum(drawn, len(edges) - 1)


def chance(rng: np.random.Generator, probability: float | np.ndarray, size: int) -> np.ndarray:
    """True with the given probability (0–1), independently."""
    return rng.random(size) < probability


def some(rng: np.random.Generator, probability: float | np.ndarray, size: int) -> np.ndarray:
    """Ascending positions chosen with the given probability (0–1)."""
    return np.flatnonzero(chance(rng, probability, size))


def falling(ranks: int, offset: float = 12.0) -> np.ndarray:
    """Weights of a ranking by Zipf and Mandelbrot: rank r weighs 1 / (r + offset)."""
    return 1.0 / (np.arange(ranks) + offset)


def distinct(rng: np.random.Generator, size: int, start: int, modulus: int) -> np.ndarray:
    """`size` numbers in 0..modulus-1 without repetition, continued at `start` by another call with the same generator.

    modulus: a prime above `start + size`. The step is fixed, so that ranges drawn apart never meet.
    """
    step = int(modulus * 0.6180339887) | 1
    return (np.int64(start) + rng.permutation(size).astype(np.int64)) * np.int64(step) % np.int64(modulus)


def places_in_group(rng: np.random.Generator, groups: np.ndarray) -> np.ndarray:
    """0, 1, 2 … inside every group of equal numbers, in random order."""
    shuffled = rng.permutation(len(groups))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    ranked = groups[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    places = np.empty(len(groups), dtype=np.int64)
    places[order] = np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))
    return places
