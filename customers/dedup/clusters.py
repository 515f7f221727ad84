"""From pairs to customers: what hangs together, and where a chain must be cut. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from customers.dedup.blocks import runs_of_pairs

LARGEST = 120  # records; a larger heap is first taken apart at its weaker edges
STRICTER_BY = 4.0  # bits, each time that a heap is too large
SUSPICIOUS = -3.0  # bits; a group that holds a pair below this is looked at as a whole
LEAST, MOST = -25.0, 15.0  # bits that one pair counts for in a mean
DECIMALS = 6
RULED_SAME, RULED_DIFFERENT = 1e6, -1e9  # what people have decided outweighs any sum

_NOBODY = np.empty(0, np.int64)
Weigher = Callable[[np.ndarray, np.ndarray], np.ndarray]


def components(rows: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A number per row, equal within one connected component, in order of the components' first rows."""
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(rows, rows))
    _count, label = connected_components(graph, directed=False)
    return renumbered(label)


def renumbered(label: np.ndarray) -> np.ndarray:
    """The same groups, numbered from 0 in order of their first rows. label: 0 to n − 1, each in use."""
    rows = len(label)
    first = np.empty(int(label.max(initial=-1)) + 1, np.int64)
    first[label[::-1]] = np.arange(rows)[::-1]
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return order[label]


def clusters(
    rows: int,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    weigh: Weigher,
    content: np.ndarray,
    apart: tuple[np.ndarray, np.ndarray] = (_NOBODY, _NOBODY),
) -> np.ndarray:
    """A group number per row. left, right, weight: the pairs that are to be linked, in bits above their cut.

    Every group of three or more whose pairs, candidates or not, contradict each other is cut by average linkage over
    all its pairs: a phone of twenty people, or a chain father – family phone – son, falls apart here. weigh: the bits
    above the cut of any pair of rows; content: what orders records that came in another order; apart: pairs that people
    ruled to be two, which no heap is too large for.
    """
    label, left, right, weight = _of_bearable_size(rows, left, right, weight)
    label = _kept_apart(label, left, right, weight, content, apart)
    one, other = pairs_in_groups(label, least=3, most=LARGEST)
    if not len(one):
        return label
    found = weigh(one, other)
    suspicious = np.zeros(int(label.max()) + 1, bool)
    suspicious[label[one[found < SUSPICIOUS]]] = True
    kept = suspicious[label[one]]
    return renumbered(_cut(label, one[kept], other[kept], found[kept], content))


def _of_bearable_size(
    rows: int, left: np.ndarray, right: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Components of at most LARGEST rows, and the edges that hold them: of heaps the weaker edges are left out, more
    with every turn. What no sum outweighs stays, so that one customer who was sent a thousand times is one."""
    label = components(rows, left, right)
    least = 0.0
    while least < RULED_SAME and len(left):
        heap = np.bincount(label)[label[left]] > LARGEST
        loose = heap & (weight < RULED_SAME)
        if not loose.any():
            break
        least = max(least + STRICTER_BY, float(weight[loose].min()))
        kept = ~loose | (weight > least)
        left, right, weight = left[kept], right[kept], weight[kept]
        label = components(rows, left, right)
    return label, left, right, weight


def _kept_apart(
    label: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    content: np.ndarray,
    apart: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """The groups with every heap beyond LARGEST parted that holds two whom people ruled to be two: its edges join from
    the strongest down, but for those that would bring such two together."""
    one, other = apart
    torn = label[one[label[one] == label[other]]]
    torn = np.unique(torn[np.bincount(label)[torn] > LARGEST]) if len(torn) else torn
    if not len(torn):
        return label
    label = label.copy()
    within = np.isin(label[left], torn)
    left, right, weight = left[within], right[within], weight[within]
    joined = _Joined(zip(one.tolist(), other.tolist(), strict=True))
    sides = np.sort(np.stack([content[left], content[right]]), axis=0)
    for edge in np.lexsort((right, left, sides[1], sides[0], -weight)).tolist():
        joined.join(int(left[edge]), int(right[edge]))
    following = int(label.max()) + 1
    for row in np.flatnonzero(np.isin(label, torn)).tolist():
        label[row] = following + joined.root(row)
    return renumbered(np.unique(label, return_inverse=True)[1])


class _Joined:
    """Rows joined step by step, never two that are to be kept apart."""

    def __init__(self, apart: Iterable[tuple[int, int]]) -> None:
        self._parent: dict[int, int] = {}
        self._enemies: dict[int, set[int]] = {}
        for one, other in apart:
            self._enemies.setdefault(one, set()).add(other)
            self._enemies.setdefault(other, set()).add(one)

    def root(self, row: int) -> int:
        """The row that stands for all that are joined with this one."""
        while row in self._parent:
            above = self._parent[row]
            if above in self._parent:
                self._parent[row] = self._parent[above]
            row = above
        return row

    def join(self, one: int, other: int) -> None:
        """Join two, unless that brings two together that are to be kept apart."""
        one, other = sorted((self.root(one), self.root(other)))
        if one == other or other in {self.root(enemy) for enemy in self._enemies.get(one, ())}:
            return
        self._parent[other] = one
        if other in self._enemies:
            self._enemies.setdefault(one, set()).update(self._enemies[other])


def pairs_in_groups(group: np.ndarray, least: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs (left < right) of rows that share a group of `least` to `most` rows. group: a number per row."""
    sizes = np.bincount(group)[group]
    member = np.flatnonzero((sizes >= least) & (sizes <= most))
    member = member[np.argsort(group[member], kind="stable")]
    number = group[member]
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1])) if len(member) else np.empty(0, np.int64)
    parts = list(runs_of_pairs(starts, np.diff(np.append(starts, len(member)))))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first, second = (np.concatenate(side) for side in zip(*parts, strict=True))
    return member[first], member[second]


def _cut(label: np.ndarray, one: np.ndarray, other: np.ndarray, weight: np.ndarray, content: np.ndarray) -> np.ndarray:
    """The groups of these pairs taken apart, the rest as it was."""
    order = np.argsort(label[one], kind="stable")
    one, other, weight = one[order], other[order], weight[order]
    starts = np.flatnonzero(np.append(True, label[one][1:] != label[one][:-1])) if len(one) else []
    ends = np.append(starts[1:], len(one)) if len(one) else []
    label, following = label.copy(), int(label.max(initial=0)) + 1
    for start, end in zip(starts, ends, strict=True):
        members = np.unique(np.concatenate([one[start:end], other[start:end]]))
        members = members[np.lexsort((members, content[members]))]
        matrix = _matrix(members, one[start:end], other[start:end], weight[start:end])
        for part in _linked(matrix)[1:]:
            label[members[part]] = following
            following += 1
    return label


def _matrix(members: np.ndarray, one: np.ndarray, other: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The weights between all members, clipped but for what people ruled; −∞ on the diagonal."""
    sorter = np.argsort(members)
    left = sorter[np.searchsorted(members, one, sorter=sorter)]
    right = sorter[np.searchsorted(members, other, sorter=sorter)]
    ruled = (weight >= RULED_SAME) | (weight <= RULED_DIFFERENT)
    matrix = np.full((len(members), len(members)), -np.inf)
    matrix[left, right] = matrix[right, left] = np.where(ruled, weight, np.clip(weight, LEAST, MOST))
    return matrix


def _linked(matrix: np.ndarray) -> list[np.ndarray]:
    """Average linkage: the two parts of the highest mean weight are joined as long as that is above 0."""
    count = np.ones(len(matrix))
    owner = np.arange(len(matrix))
    while True:
        one, other = divmod(int(matrix.argmax()), len(matrix))
        if not matrix[one, other] > 0:
            break
        mean = (matrix[one] * count[one] + matrix[other] * count[other]) / (count[one] + count[other])
        mean = np.round(mean, DECIMALS)  # or the noise of summing in another order would decide between equals
        count[one] += count[other]
        matrix[one] = matrix[:, one] = mean
        matrix[one, one] = -np.inf
        matrix[other] = matrix[:, other] = -np.inf
        owner[owner == other] = one
    return [np.flatnonzero(owner == part) for part in np.unique(owner)]
