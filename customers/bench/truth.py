"""How well a clustering finds who is one: precision, recall and F1 over pairs of records. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

HALF = np.uint64(32)
BEYOND = 1 << 32  # entities and clusters are numbers below this, so that one of each fits into one integer


@dataclass(frozen=True)
class Score:
    """Counts of pairs of records: truly one and put together, put together, truly one."""

    right_pairs: int
    found_pairs: int
    true_pairs: int

    @property
    def precision(self) -> float:
        """The share of found pairs that are right, 0–1; 1 where none is found."""
        return self.right_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """The share of true pairs that are found, 0–1; 1 where there is none."""
        return self.right_pairs / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0–1."""
        both = self.found_pairs + self.true_pairs
        return 2 * self.right_pairs / both if both else 1.0


def score(entities: np.ndarray, clusters: np.ndarray) -> Score:
    """Judge a clustering. entities, clusters: one whole number per record, 0 to 2³² − 1, equal for records that are
    one or were put together.

    Raises ValueError where the two do not have equal lengths or hold another number.
    """
    if entities.shape != clusters.shape:
        raise ValueError(f"{len(entities)} entities for {len(clusters)} clusters")
    entity, cluster = (_numbers(labels) for labels in (entities, clusters))
    together = np.sort(entity << HALF | cluster)
    return Score(
        right_pairs=_pairs_within(together),
        found_pairs=_pairs_within(np.sort(cluster.astype(np.uint32))),
        true_pairs=_pairs_within(together >> HALF),
    )


def numbered(labels: Iterable[Hashable]) -> np.ndarray:
    """One whole number for each distinct label, as `score` takes them."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], np.int64)


def _numbers(labels: np.ndarray) -> np.ndarray:
    if labels.dtype.kind not in "iu" or (len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < BEYOND):
        raise ValueError("entities and clusters are whole numbers from 0 to 4,294,967,295")
    return labels.astype(np.uint64)


def _pairs_within(ordered: np.ndarray) -> int:
    """How many pairs of records bear the same label. ordered: labels, equal ones side by side."""
    ends = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    sizes = np.diff(np.concatenate(([0], ends, [len(ordered)])))
    return int((sizes * (sizes - 1) // 2).sum())
