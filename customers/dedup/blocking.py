"""Which records are compared at all: those that share a key. Pure.

A key is one item or several mixed into one integer; 0 is no key. What shares a key forms a block, and every two records
of a block are a candidate pair. A block beyond `MOST_IN_BLOCK` says nothing about anybody and is left out; but where a
key alone is nearly proof, a large block is one customer sent many times, and each record is compared with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from customers.standard.matching import NAME_LETTERS, YEAR_ONLY

if TYPE_CHECKING:
    from customers.dedup.records import Rows

MOST_IN_BLOCK = 60
SMALL_STOCK = 50_000  # records; below it single weak items make blocks as well
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(29)
DAY_BITS = np.uint64(0xFFFFFFFF)
HALF, LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)  # of a pair: left, right
NEARLY_PROOF = ("rrn", "ci", "brn", "crn", "name_birth_key")
FOREMOST = ("name_birth_key", "mobile")
LAST_SEVEN = np.uint64(10_000_000)
# Keys that the database indexes, by column: an arriving record finds its neighbours by these.
INDEXED_KEYS = (
    "name_birth_key",
    "birth_mobile_key",
    "name_postcode_key",
    "name_street_key",
    "name_phone_key",
    "email_key",
    "employee_key",
)
# The keys that a model may do without: all but the identifiers, and those that only a small stock has.
OPTIONAL_KEYS = (
    *FOREMOST,
    *(name for name in INDEXED_KEYS if name not in FOREMOST),
    *("name_mobile", "name_month", "name_anniversary", "name_year", "name_mobile_front", "name_mobile_back"),
    *("birth_dwelling", "birth_postcode", "birth_phone", "name_unit", "mailbox_birth", "syllables_birth"),
)


def mixed(*keys: np.ndarray) -> np.ndarray:
    """One key of several, 0 where any is 0."""
    result = np.zeros(len(keys[0]), np.uint64)
    missing = np.zeros(len(keys[0]), bool)
    for key in keys:
        missing |= key == 0
        result = (result ^ key) * MULTIPLIER
        result ^= result >> SHIFT
    result[missing] = 0
    return result


def birth_day(rows: np.ndarray) -> np.ndarray:
    """The birth as yyyymmdd whatever the calendar, 0 where day and month are not known."""
    birth = rows["birth"] & DAY_BITS
    return np.where(birth % np.uint64(YEAR_ONLY) > 0, birth, np.uint64(0))


def indexed_keys(rows: np.ndarray) -> dict[str, np.ndarray]:
    """The keys of `INDEXED_KEYS` as uint64. rows: `MATCH_RECORD`."""
    name, birth = np.ascontiguousarray(rows["name"]), birth_day(rows)
    return {
        "name_birth_key": mixed(name, birth),
        "birth_mobile_key": mixed(birth, last_seven(rows)),
        "name_postcode_key": mixed(name, rows["postcode"].astype(np.uint64)),
        "name_street_key": mixed(name, rows["street"]),
        "name_phone_key": mixed(name, rows["phone"]),
        "email_key": np.ascontiguousarray(rows["email"]),
        "employee_key": np.ascontiguousarray(rows["employee"]),
    }


def last_seven(rows: np.ndarray) -> np.ndarray:
    """The last seven digits of the mobile behind a 1: they outlive the change of prefixes; 0 for none."""
    mobile = rows["mobile"]
    return np.where(mobile > 0, mobile % LAST_SEVEN + LAST_SEVEN, np.uint64(0))


def exact_keys(rows: np.ndarray) -> dict[str, np.ndarray]:
    """The identifiers and the mobile as they stand: the rest of the first tier."""
    hashed = {name: np.ascontiguousarray(rows[name]) for name in ("rrn", "ci", "brn", "crn")}
    return hashed | {"mobile": mixed(rows["mobile"])}


def second_keys(rows: np.ndarray, is_rare: np.ndarray) -> dict[str, Callable[[], np.ndarray]]:
    """The keys of the second tier, each made when it is asked for. is_rare: names of which a part of the birth date
    makes a key."""
    birth = birth_day(rows)
    rare_name = np.where(is_rare, rows["name"], np.uint64(0))
    keys = {
        "name_mobile": lambda: mixed(rows["name"], last_seven(rows)),
        "name_month": lambda: mixed(rare_name, birth // np.uint64(100)),
        "name_anniversary": lambda: mixed(rare_name, birth % np.uint64(YEAR_ONLY)),
        "name_year": lambda: mixed(rare_name, (rows["birth"] & DAY_BITS) // np.uint64(YEAR_ONLY)),
        "name_mobile_front": lambda: mixed(rare_name, last_seven(rows) // np.uint64(1000)),
        "name_mobile_back": lambda: mixed(rare_name, mobile_back(rows)),
        "birth_dwelling": lambda: mixed(birth, rows["dwelling"]),
        "birth_postcode": lambda: mixed(birth, rows["postcode"].astype(np.uint64)),
        "birth_phone": lambda: mixed(birth, rows["phone"]),
        "name_unit": lambda: mixed(rows["name"], rows["unit"].astype(np.uint64)),
        "mailbox_birth": lambda: mixed(rows["mailbox"], birth),
        "syllables_birth": lambda: mixed(first_letters(rows), birth),
    }
    if len(rows) <= SMALL_STOCK:
        keys |= {
            "birth": lambda: mixed(birth, birth),
            "mailbox": lambda: mixed(rows["mailbox"], rows["mailbox"]),
            "street": lambda: mixed(rows["street"], rows["street"]),
            "letters_postcode": lambda: mixed(first_letters(rows), rows["postcode"].astype(np.uint64)),
        }
    return keys


def mobile_back(rows: np.ndarray) -> np.ndarray:
    """The last four digits of the mobile behind a 1; 0 for none."""
    mobile = rows["mobile"]
    return np.where(mobile > 0, mobile % np.uint64(10_000) + np.uint64(10_000), np.uint64(0))


def first_letters(rows: np.ndarray) -> np.ndarray:
    """The first two syllables, or four Roman letters, of the name; 0 for none."""
    text = np.ascontiguousarray(rows["name_text"]).view("<u2").reshape(len(rows), NAME_LETTERS)
    letters = text[:, 0].astype(np.uint64) << np.uint64(16) | text[:, 1]
    return np.where((rows["name"] > 0) & (text[:, 1] > 0), letters, np.uint64(0))


def blocks_of(key: np.ndarray, part: int = 0, parts: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of every block of a part as (rows, starts, sizes): block n is rows[starts[n] : starts[n] + sizes[n]].

    The row stands in the low bits under the hash, so one plain sort of integers does it, and rows ascend in a block;
    two hashes that agree in the bits that are left share a block, which only adds a candidate.
    """
    bits = np.uint64(max(len(key).bit_length(), 1))
    short = key >> bits << bits  # what makes a block makes its part, or blocks would depend on the number of parts
    held = np.flatnonzero(key if parts == 1 else (key != 0) & (part_of(short, parts) == part)).astype(np.uint64)
    packed = short[held] | held
    packed.sort()
    rows = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    packed >>= bits
    starts = np.flatnonzero(np.append(True, packed[1:] != packed[:-1])) if len(packed) else np.empty(0, np.int64)
    return rows, starts, np.diff(np.append(starts, len(packed)))


def bearable(key: np.ndarray) -> np.ndarray:
    """The key, 0 where its block is too large to be a block."""
    rows, starts, sizes = blocks_of(key)
    large = sizes > MOST_IN_BLOCK
    if not large.any():
        return key
    key = key.copy()
    key[rows[np.repeat(large, sizes)]] = 0
    return key


def pairs_of_key(key: np.ndarray, part: int = 0, parts: int = 1, rows: Rows | None = None) -> np.ndarray:
    """All pairs within a part's blocks of a key, each as left · 2³² + right with left < right; unordered, unique.

    rows: given where the key is nearly proof; of a block that is too large each record then pairs with the next.
    """
    numbers, starts, sizes = blocks_of(key, part, parts)
    kept = (sizes > 1) & (sizes <= MOST_IN_BLOCK)
    pairs = _pairs_within(numbers.astype(np.uint64), starts[kept], sizes[kept])
    large = sizes > MOST_IN_BLOCK
    if rows is None or not large.any():
        return pairs
    return np.concatenate([pairs, _chains(numbers[np.repeat(large, sizes)], sizes[large], rows.content)])


def _chains(member: np.ndarray, sizes: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Each record of a block with the next by content. member: the records of one block after the other."""
    block = np.repeat(np.arange(len(sizes)), sizes)
    member = member[np.lexsort((member, content[member], block))]
    same = block[1:] == block[:-1]
    left, right = member[:-1][same], member[1:][same]
    return packed_pairs(left, right)


def packed_pairs(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pairs of row numbers, in either order, as one integer each: the smaller · 2³² + the larger."""
    return np.minimum(left, right).astype(np.uint64) << HALF | np.maximum(left, right).astype(np.uint64)


def sides_of(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The row numbers (left, right) of packed pairs."""
    return (pairs >> HALF).astype(np.int64), (pairs & LOW_HALF).astype(np.int64)


def _pairs_within(row: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Pairs of each run of `row`; rows ascend within a run."""
    parts = [np.empty(0, np.uint64)]
    for left, right in runs_of_pairs(starts, sizes):
        parts.append(row[left] << HALF | row[right])
    return np.concatenate(parts)


def runs_of_pairs(starts: np.ndarray, sizes: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions (first, second) of all pairs within runs, distance by distance: no loop over runs."""
    distance = 1
    while len(starts):
        count = sizes - distance
        ahead = np.cumsum(count)
        first = np.repeat(starts - (ahead - count), count) + np.arange(ahead[-1] if len(ahead) else 0)
        yield first, first + distance
        distance += 1
        still = sizes > distance
        starts, sizes = starts[still], sizes[still]


def unique_sorted(pairs: np.ndarray) -> np.ndarray:
    """The distinct values in ascending order; sorts in place."""
    pairs.sort()
    return pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs


def keys_of(rows: Rows, is_rare: np.ndarray) -> Mapping[str, Callable[[], np.ndarray]]:
    """Every key of both tiers by name, made when asked for; the two that find most come first."""
    first = {**indexed_keys(rows), **exact_keys(rows)}
    order = [*FOREMOST, *(name for name in first if name not in FOREMOST)]
    return {name: (lambda key=first[name]: key) for name in order} | second_keys(rows, is_rare)


def candidates(
    rows: Rows, is_rare: np.ndarray, part: int = 0, parts: int = 1, without: Container[str] = ()
) -> np.ndarray:
    """The candidate pairs of one part of the key space, as `pairs_of_key` writes them, ascending.

    A key belongs to the part that its value falls in, so the parts together find every pair, some of them twice. What
    the foremost keys find is not found again by the others, which spares most of that. without: keys that are left out.
    """
    found, foremost = [], []
    for name, make in keys_of(rows, is_rare).items():
        if name in without:
            continue
        key = make()
        pairs = pairs_of_key(key, part, parts, rows if name in NEARLY_PROOF else None)
        left, right = sides_of(pairs)
        known = np.zeros(len(pairs), bool)
        for other in foremost:
            value = other[left]
            known |= (value != 0) & (value == other[right])
        found.append(pairs[~known])
        if name in FOREMOST:
            foremost.append(bearable(key))
    return unique_sorted(np.concatenate(found))


def part_of(key: np.ndarray, parts: int) -> np.ndarray:
    """The part of the key space that each key falls in, 0 to parts − 1."""
    return ((key * MULTIPLIER) >> np.uint64(40)) % np.uint64(parts)
