"""Records that share a key, as blocks and as pairs. Pure.

A key is an integer made of one or two items; 0 is no key. What shares a key forms a block, and every two records of a
block are a pair. A block beyond `MOST_IN_BLOCK` says nothing about anybody and is left out; but where a key alone is
nearly proof, a large block is one customer sent many times, and each record is paired with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

MOST_IN_BLOCK = 60
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(29)
CELL_BITS = 10
CELLS, CELL_SHIFT = 1 << CELL_BITS, 64 - CELL_BITS  # the key space has so many cells, of which every part takes some
ContentOf = Callable[[np.ndarray], np.ndarray]  # what orders these rows, whatever their numbers: `Rows.content_of`
HALF, LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)  # of a pair: left, right


def mixed(*keys: np.ndarray) -> np.ndarray:
    """One key of several, 0 where any is 0."""
    result = np.zeros(len(keys[0]), np.uint64)
    for key in keys:
        result ^= key
        result *= MULTIPLIER
        result ^= result >> SHIFT
    for key in keys:
        result *= key != 0
    return result


def rows_in_part(item: np.ndarray, part: int = 0, parts: int = 1) -> np.ndarray:
    """The rows that have an item, of those whose keys begin with it in this part of the key space, ascending.

    A part has as many whole cells as the next, but for one.
    """
    if parts == 1:
        return np.flatnonzero(item != 0)
    first, end = (-(-number * CELLS // parts) for number in (part, part + 1))
    lowest = max(first << CELL_SHIFT, 1)  # no item stands at 0
    place = item * MULTIPLIER
    place -= np.uint64(lowest)
    return np.flatnonzero(place < np.uint64((end << CELL_SHIFT) - lowest))


def row_bits(rows: int) -> np.uint64:
    """How many bits the number of a row takes."""
    return np.uint64(max(rows.bit_length(), 1))


class Places:
    """Where the keys of some records lie that begin with the same item.

    item: of each of these records, not 0; rows: their numbers, ascending; count: of all records.
    """

    def __init__(self, item: np.ndarray, rows: np.ndarray, count: int) -> None:
        self._begun = mixed(item)
        self.bits = row_bits(count)
        self._place = item * MULTIPLIER >> np.uint64(CELL_SHIFT) << np.uint64(CELL_SHIFT) | rows.astype(np.uint64)

    def packed(self, item: np.ndarray | None = None) -> np.ndarray:
        """The records that have another item as well, sorted, so that those of a block stand side by side: the cell of
        the key space in the highest bits, then the hash of the two items, then the number of the row.

        So one plain sort of integers does it, and rows ascend in a block; two hashes that agree in the bits that there
        are share a block, which only adds a candidate. No block reaches over two cells, or blocks would depend on the
        number of parts.
        """
        if item is None:  # the cell is the beginning of the hash
            packed = self._begun >> self.bits
        else:
            packed = (self._begun ^ item) * MULTIPLIER >> (np.uint64(CELL_BITS) + self.bits)
        packed <<= self.bits
        packed |= self._place
        packed = packed if item is None else np.compress(item != 0, packed)
        packed.sort()
        return packed

    def rows(self, packed: np.ndarray) -> np.ndarray:
        """The row of each of `packed`."""
        return packed & ((np.uint64(1) << self.bits) - np.uint64(1))

    def pairs(self, packed: np.ndarray, content_of: ContentOf | None = None) -> np.ndarray:
        """The pairs of all blocks in `packed`, as `pairs_of_key` writes them. content_of: given where the key is
        nearly proof, to order by what is too large to be a block."""
        followed = self.followed(packed)
        pairs = [np.empty(0, np.uint64)]
        if (followed[MOST_IN_BLOCK - 1 :] - followed[: 1 - MOST_IN_BLOCK] == MOST_IN_BLOCK - 1).any():
            starts, sizes = runs_of(followed)
            is_large = sizes > MOST_IN_BLOCK
            followed = np.compress(~np.repeat(is_large, sizes - 1), followed)
            if content_of is not None:
                member = self.rows(packed[members_of(starts[is_large], sizes[is_large])])
                pairs.append(_chains(member.astype(np.int64), sizes[is_large], content_of))
        distance = 1
        while len(followed):
            left, right = self.rows(packed[followed]), self.rows(packed[followed + distance])
            pairs.append(left << HALF | right)
            followed = followed[:-1][followed[1:] - followed[:-1] == 1]  # whose next has one so far ahead as well
            distance += 1
        return np.concatenate(pairs)

    def followed(self, packed: np.ndarray) -> np.ndarray:
        """The places in `packed` whose next is of the same block."""
        return np.flatnonzero(packed[1:] ^ packed[:-1] < np.uint64(1) << self.bits)


def runs_of(followed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where every block of two or more starts, and how many records it has. followed: of `Places`."""
    first = np.flatnonzero(np.diff(followed, prepend=-2) != 1)
    return followed[first], np.diff(first, append=len(followed)) + 1


def members_of(starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The places of all members of these blocks, block by block."""
    return np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


def blocks_that_differ(key: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of every block in which not all have one value, block by block and ascending within, and the sizes of
    these blocks. key, value: of each row."""
    rows = rows_in_part(key)
    places = Places(key[rows], rows, len(key))
    packed = places.packed()
    followed = places.followed(packed)
    if not len(followed):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    differs = value[places.rows(packed[followed])] != value[places.rows(packed[followed + 1])]
    block = np.cumsum(np.diff(followed, prepend=-2) != 1)
    is_mixed = np.zeros(len(followed) + 1, bool)
    is_mixed[block[differs]] = True
    starts, sizes = runs_of(np.compress(is_mixed[block], followed))
    return places.rows(packed[members_of(starts, sizes)]).astype(np.int64), sizes


def pairs_of_key(key: np.ndarray, part: int = 0, parts: int = 1, content_of: ContentOf | None = None) -> np.ndarray:
    """All pairs within a part's blocks of a key, each as left · 2³² + right with left < right; unordered, unique.

    content_of: given where the key is nearly proof; of a block that is too large each record then pairs with the next.
    """
    rows = rows_in_part(key, part, parts)
    places = Places(key[rows], rows, len(key))
    return places.pairs(places.packed(), content_of)


def bearable(key: np.ndarray) -> np.ndarray:
    """The key, 0 where its block may be too large to be a block.

    Told by how many keys begin with the same bits once they are spread, which costs no sort. It may err to the side of
    0, where a pair is found twice instead of once.
    """
    beginning = (key * MULTIPLIER >> (np.uint64(64) - row_bits(len(key)))).view(np.int64)
    is_bearable = np.bincount(beginning) <= MOST_IN_BLOCK
    return key * is_bearable[beginning]


def _chains(member: np.ndarray, sizes: np.ndarray, content_of: ContentOf) -> np.ndarray:
    """Each record of a block with the next by content. member: the records of one block after the other."""
    block = np.repeat(np.arange(len(sizes)), sizes)
    member = member[np.lexsort((member, content_of(member), block))]
    same = block[1:] == block[:-1]
    left, right = member[:-1][same], member[1:][same]
    return packed_pairs(left, right)


def packed_pairs(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pairs of row numbers, in either order, as one integer each: the smaller · 2³² + the larger."""
    return np.minimum(left, right).astype(np.uint64) << HALF | np.maximum(left, right).astype(np.uint64)


def sides_of(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The row numbers (left, right) of packed pairs."""
    return (pairs >> HALF).astype(np.int64), (pairs & LOW_HALF).astype(np.int64)


def runs_of_pairs(starts: np.ndarray, sizes: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions (first, second) of all pairs within runs, distance by distance: no loop over runs."""
    distance = 1
    while len(starts):
        first = members_of(starts, sizes - distance)
        yield first, first + distance
        distance += 1
        still = sizes > distance
        starts, sizes = starts[still], sizes[still]


def unique_sorted(pairs: np.ndarray) -> np.ndarray:
    """The distinct values in ascending order; sorts in place."""
    pairs.sort()
    return np.compress(np.append(True, pairs[1:] != pairs[:-1]), pairs) if len(pairs) else pairs
