"""From pairs to customers: what hangs together, and where a chain must be cut. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from customers.dedup.blocks import ContentOf, packed_pairs, runs_of_pairs

FEW_ROWS = 1 << 31  # their numbers take 32 bits, half as much to move
LARGEST = 120  # records; a larger heap is first taken apart at its weaker edges
STRICTER_BY = 4.0  # bits, each time that a heap is too large
SUSPICIOUS = -3.0  # bits; a group that holds a pair below this is looked at as a whole
LEAST, MOST = -25.0, 15.0  # bits that one pair counts for in a mean
CONTRADICTING, LACKING = -8.0, 0.3  # bits, above which a pair lacks agreement alone, and how much of that counts
DECIMALS = 6
RULED_SAME, RULED_DIFFERENT = 1e6, -1e9  # what people have decided outweighs any sum

_NOBODY, _NOTHING = np.empty(0, np.int64), np.empty(0)
Weighed = tuple[np.ndarray, np.ndarray, np.ndarray]  # rows (left, right) of pairs, and the bits above their cut
Weigher = Callable[[np.ndarray, np.ndarray], np.ndarray]


def components(rows: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A number per row, equal within one connected component, in order of the components' first rows.

    Every row points at the lowest it is known to hang together with: all that point at one row are a heap, and the
    heaps that an edge still joins, at most half as many each time, are joined the same way.
    """
    row = np.arange(rows, dtype=np.int32 if rows < FEW_ROWS else np.int64)
    lowest, left, right = row.copy(), left.astype(row.dtype), right.astype(row.dtype)
    while len(left):
        np.minimum.at(lowest, np.maximum(left, right), np.minimum(left, right))
        pointing = np.flatnonzero(lowest != row)
        before, target = pointing, lowest[pointing]
        while (target != before).any():
            lowest[pointing] = target
            before, target = target, lowest[target]
        left, right = lowest[left], lowest[right]
        apart = np.flatnonzero(left != right)
        left, right = left[apart], right[apart]
    return (np.cumsum(lowest == row, dtype=row.dtype) - 1)[lowest]


def renumbered(label: np.ndarray) -> np.ndarray:
    """The same groups, numbered from 0 in order of their first rows. label: 0 to n − 1, each in use."""
    if (label[1:] <= np.maximum.accumulate(label)[:-1] + 1).all() and not label[:1].any():
        return label  # as most are: each new number is one more than the highest before
    rows = np.arange(len(label), dtype=label.dtype)
    first = np.empty(int(label.max()) + 1, label.dtype)
    first[label[::-1]] = rows[::-1]
    is_first = np.zeros(len(label), bool)
    is_first[first] = True
    return (np.cumsum(is_first, dtype=label.dtype) - 1)[first][label]


def clusters(
    rows: int,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    weigh: Weigher,
    content_of: ContentOf,
    apart: tuple[np.ndarray, np.ndarray] = (_NOBODY, _NOBODY),
    known: Weighed = (_NOBODY, _NOBODY, _NOTHING),
) -> np.ndarray:
    """A group number per row. left, right, weight: the pairs that are to be linked, in bits above their cut.

    Every group of three or more whose pairs, candidates or not, contradict each other is cut by average linkage over
    all its pairs: a phone of twenty people, or a chain father – family phone – son, falls apart here. weigh: the bits
    above the cut of any pair of rows; content_of: what orders records that came in another order; apart: pairs that
    people ruled to be two, which no heap is too large for; known: pairs, each once, that need not be weighed any more.
    """
    label, left, right, weight = _of_bearable_size(rows, left, right, weight)
    label = _kept_apart(label, left, right, weight, content_of, apart)
    one, other, found = _weighed_in_groups(label, weigh, known)
    if not len(one):
        return label
    suspicious = np.zeros(int(label.max()) + 1, bool)
    suspicious[label[one[found < SUSPICIOUS]]] = True
    kept = suspicious[label[one]]
    return renumbered(_cut(label, one[kept], other[kept], found[kept], content_of))


def _weighed_in_groups(label: np.ndarray, weigh: Weigher, known: Weighed) -> Weighed:
    """All pairs within groups of three to LARGEST. Most are known, and most groups have only such."""
    sizes = np.bincount(label)
    is_asked = (sizes >= 3) & (sizes <= LARGEST)
    left, right, weight = known
    group = label[left]
    within = np.flatnonzero((group == label[right]) & is_asked[group])
    left, right, weight, group = left[within], right[within], weight[within], group[within]
    is_short = is_asked & (np.bincount(group, minlength=len(sizes)) < sizes * (sizes - 1) // 2)
    one, other = pairs_in_groups(label, is_short)
    among = is_short[group]
    new = np.flatnonzero(~np.isin(packed_pairs(one, other), packed_pairs(left[among], right[among])))
    one, other = one[new], other[new]
    sides = (left, one), (right, other), (weight, weigh(one, other) if len(one) else _NOTHING)
    return tuple(np.concatenate(side) for side in sides)


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
    content_of: ContentOf,
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
    sides = np.sort(np.stack([content_of(left), content_of(right)]), axis=0)
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


def pairs_in_groups(group: np.ndarray, is_asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs (left < right) of rows that share a group. group: a number per row; is_asked: of which groups."""
    member, starts, sizes = _members(group, is_asked)
    parts = [(_NOBODY, _NOBODY), *runs_of_pairs(starts, sizes)]
    first, second = (np.concatenate(side) for side in zip(*parts, strict=True))
    return member[first], member[second]


def _members(group: np.ndarray, is_asked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of some groups, group by group and ascending, and where each group starts, and how many it has."""
    member = np.flatnonzero(is_asked[group])
    bits = len(group).bit_length()
    packed = group[member].astype(np.int64) << bits | member  # one plain sort of integers for both
    packed.sort()
    number = packed >> bits
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    return packed & ((1 << bits) - 1), starts, np.diff(starts, append=len(member))


def _cut(
    label: np.ndarray, one: np.ndarray, other: np.ndarray, weight: np.ndarray, content_of: ContentOf
) -> np.ndarray:
    """The groups of these pairs taken apart, the rest as it was. All groups of one size are taken apart together."""
    is_cut = np.zeros(int(label.max(initial=-1)) + 1, bool)
    is_cut[label[one]] = True
    member, _starts, sizes = _members(label, is_cut)
    number = np.repeat(np.arange(len(sizes)), sizes)
    member = member[np.lexsort((member, content_of(member), number))]
    start = np.cumsum(sizes) - sizes
    place = np.empty(len(label), np.int64)
    place[member] = np.arange(len(member))
    group = number[place[one]]
    label, owner = label.copy(), np.empty(len(member), np.int64)
    for size in np.unique(sizes):
        turn = np.cumsum(sizes == size) - 1
        of_size = np.flatnonzero(sizes[group] == size)
        begin = start[group[of_size]]
        matrix = _matrices(
            (int(turn[-1]) + 1, int(size)),
            turn[group[of_size]],
            place[one[of_size]] - begin,
            place[other[of_size]] - begin,
            weight[of_size],
        )
        owner[sizes[number] == size] = (_linked(matrix) + start[sizes == size][:, None]).ravel()
    # The first part of each group keeps its number.
    is_new = (owner == np.arange(len(member))) & (owner != start[number])
    label_of_part = np.where(is_new, np.cumsum(is_new) + int(label.max(initial=-1)), label[member])
    label[member] = label_of_part[owner]
    return label


def _matrices(
    shape: tuple[int, int], group: np.ndarray, left: np.ndarray, right: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """The weights between all members of each group, clipped but for what people ruled; −∞ on the diagonals. shape:
    the number of groups, and of members of each.

    Whoever is one person with a member is one with all, so a pair that lacks agreement, but contradicts nothing, counts
    in part: what is against any two people, that few of them are one, would count anew with every member.
    """
    groups, size = shape
    ruled = (weight >= RULED_SAME) | (weight <= RULED_DIFFERENT)
    counted = np.where((weight < 0) & (weight > CONTRADICTING), weight * LACKING, weight)
    matrix = np.full((groups, size, size), -np.inf)
    matrix[group, left, right] = matrix[group, right, left] = np.where(ruled, weight, np.clip(counted, LEAST, MOST))
    return matrix


def _linked(matrix: np.ndarray) -> np.ndarray:
    """Average linkage of each group: its two parts of the highest mean weight are joined as long as that is above 0.

    matrix: (groups, members, members). Returns the first member of the part that each member is in, (groups, members).
    """
    groups, size, _size = matrix.shape
    count = np.ones((groups, size))
    owner = np.tile(np.arange(size), (groups, 1))
    left = np.arange(groups)  # the groups in which two parts may still be joined
    while len(left):
        flat = matrix[left].reshape(len(left), -1)
        highest = flat.argmax(axis=1)
        is_joined = flat[np.arange(len(left)), highest] > 0
        left = left[is_joined]
        one, other = np.divmod(highest[is_joined], size)
        weight_of_one, weight_of_other = count[left, one], count[left, other]
        mean = matrix[left, one] * weight_of_one[:, None] + matrix[left, other] * weight_of_other[:, None]
        mean /= (weight_of_one + weight_of_other)[:, None]
        mean = np.round(mean, DECIMALS)  # or the noise of summing in another order would decide between equals
        count[left, one] += weight_of_other
        matrix[left, one] = matrix[left, :, one] = mean
        matrix[left, one, one] = -np.inf
        matrix[left, other] = matrix[left, :, other] = -np.inf
        owner[left] = np.where(owner[left] == other[:, None], one[:, None], owner[left])
    return owner
