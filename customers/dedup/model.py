"""What each level of agreement weighs, and the sum. Pure.

The weight of a pair is a sum, in bits: log2 of the odds that the two records are one customer. Besides a weight for
every level of every field there are weights for two fields together, since a shared address and a shared phone are one
household and not two proofs. The identifiers have fixed weights: the rest is learned from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from customers.dedup.comparison import FIELDS, LEVELS, by_field

SIZES = tuple(len(levels) for levels in LEVELS.values())
TOGETHER = (
    ("name", "birth"),
    ("name", "mobile"),
    ("name", "address"),
    ("name", "phone"),
    ("name", "email"),
    ("birth", "mobile"),
    ("birth", "address"),
    ("birth", "phone"),
    ("birth", "email"),
    ("mobile", "address"),
    ("mobile", "phone"),
    ("address", "phone"),
    ("name", "sex"),
    ("birth", "age"),
    ("name", "rarity"),
    ("mobile", "mobile_crowd"),
    ("phone", "phone_crowd"),
    ("mobile", "age"),
    ("birth", "rarity"),
    ("mobile", "email"),
    ("name", "employee"),
    ("birth", "employee"),
    ("name", "mobile_crowd"),
)
PATTERN_BITS = 36  # of `pattern_of`
MANY_NAMES, NAME_SHIFT = 50_000, np.uint64(48)
IDENTIFIERS = ("rrn", "ci", "brn", "crn")
NEVER = -60.0  # bits of a pair that must not be one customer
HARDLY = -8.0  # bits at most where name and birth both differ and no identifier agrees
MOST = 100.0  # bits beyond which more tells nothing
STRANGERS = -7.0  # bits at most where names differ and nothing but a birth date speaks for one person
CONTRADICTED = -1.0  # bits at most where resident numbers, or CIs, differ: a person is asked
TWINS = -0.5  # bits at most where two were born on one day under like names: a person is asked
TOLD_OTHERWISE = -0.5  # bits where an identifier agrees and name and birth both differ: a person is asked


@dataclass(frozen=True)
class Weights:
    """Weights in bits. base: of any candidate; single: {field: one per level}; together: {(field, field): matrix}."""

    base: float
    single: Mapping[str, np.ndarray]
    together: Mapping[tuple[str, str], np.ndarray]

    def parts(self, levels: np.ndarray) -> dict[tuple[str, ...], np.ndarray]:
        """What every field, and every two fields together, adds for each row of levels."""
        column = {field: held.astype(np.intp) for field, held in by_field(levels).items()}
        parts = {(field,): weights[column[field]] for field, weights in self.single.items()}
        for (one, other), matrix in self.together.items():
            parts[one, other] = matrix.ravel()[column[one] * matrix.shape[1] + column[other]]
        return parts

    def total(self, levels: np.ndarray) -> np.ndarray:
        """The sum of all, one per row of levels."""
        result = np.full(len(levels), self.base)
        for part in self.parts(levels).values():
            result += part
        return result


@dataclass(frozen=True)
class Cut:
    """From how many bits on two records are linked (`auto`), and from how many on a person is asked (`review`)."""

    auto: float
    review: float


@dataclass(frozen=True)
class Model:
    """A version of the model. names: keys of common names, ascending, and their RARITY level. cuts: {(source code,
    source code) in alphabetical order: Cut}, where ("*", "*") is for all others. keys_off: those of
    `blocking.OPTIONAL_KEYS` by which it does not look for candidates."""

    version: int
    person: Weights
    organisation: Weights
    common_names: np.ndarray
    common_levels: np.ndarray
    cuts: Mapping[tuple[str, str], Cut]
    keys_off: frozenset[str] = frozenset()

    def rarity_of(self, names: np.ndarray) -> np.ndarray:
        """The RARITY level of each name key."""
        if not len(self.common_names):
            return np.zeros(len(names), np.int8)
        place = np.minimum(self._places_of(names), len(self.common_names) - 1)
        level = np.where(self.common_names[place] == names, self.common_levels[place], np.int8(1))
        return level * (names != 0)

    def _places_of(self, names: np.ndarray) -> np.ndarray:
        """Where each name would stand among the common ones. Many are looked up by how they begin, since few common
        names begin with the same bits: a search by halves guesses wrong at every step."""
        if len(names) < MANY_NAMES:
            return np.searchsorted(self.common_names, names)
        begin = np.searchsorted(self.common_names >> NAME_SHIFT, np.arange((1 << 16) + 1, dtype=np.uint64))
        place, last = begin[(names >> NAME_SHIFT).astype(np.int64)], len(self.common_names) - 1
        for _step in range(int(np.diff(begin).max())):
            place += self.common_names[np.minimum(place, last)] < names
        return place

    def weigh(self, levels: np.ndarray) -> np.ndarray:
        """The weight of each row of levels in bits, vetoes included; each distinct pattern is weighed once."""
        patterns, place = distinct_patterns(pattern_of(levels))
        return self.weigh_levels(levels_of(patterns))[place]

    def weigh_levels(self, levels: np.ndarray) -> np.ndarray:
        """`weigh` for levels that are distinct already."""
        kind = levels[:, FIELDS.index("kind")]
        weight = self.person.total(levels)
        if (kind == 1).any():
            weight = np.where(kind == 1, self.organisation.total(levels), weight)
        limit, is_set = limits(levels), told_otherwise(levels)
        weight = np.where(np.isnan(limit), weight, np.minimum(weight, limit))
        return np.where(is_set, TOLD_OTHERWISE, np.minimum(weight, MOST))


def _among(field: str, *levels: str) -> np.ndarray:
    """For each level of a field whether it is one of these: looked up in a table it costs a tenth of `np.isin`."""
    return np.array([level in levels for level in LEVELS[field]])


NAMED_ALIKE = _among("name", "near", "alike", "part")
NAMED_OTHERWISE = _among("name", "other", "apart")
OWN_MAILBOX = _among("email", "same", "alike")
AT_HOME = _among("address", "dwelling", "building", "unit")


def limits(levels: np.ndarray) -> np.ndarray:
    """Above what each pair can never come, in bits; NaN where nothing limits it. These are the vetoes."""
    field = by_field(levels)
    result = np.full(len(levels), np.nan)
    is_person = field["kind"] == 0
    result[is_person & may_be_twins(levels)] = TWINS
    result[is_person & _share_a_birthday(field)] = STRANGERS
    result[is_person & contradicts(levels)] = CONTRADICTED
    result[is_person & _is_another(field) & ~_agreed(field)] = HARDLY
    result[field["kind"] == 2] = NEVER
    return result


def contradicts(levels: np.ndarray) -> np.ndarray:
    """Whether the identifiers say that the two are two: resident numbers differ, or CIs do, and the other one does not
    agree."""
    rrn, ci = (levels[:, FIELDS.index(name)] for name in ("rrn", "ci"))
    return ((rrn == 2) & (ci != 1)) | ((ci == 2) & (rrn != 1))


def may_be_twins(levels: np.ndarray) -> np.ndarray:
    """Whether two of one home were born on one day under names that differ a little, and nothing but what a family
    shares speaks for one person: surname, address and a parent's phone are never enough (complaint 11).
    """
    field = by_field(levels)
    named_alike = NAMED_ALIKE[field["name"]]
    is_child = field["age"] == LEVELS["age"].index("child")
    own = _is_own(field) | (field["mobile"] == 1) & named_alike & ~is_child
    return (field["birth"] == 1) & ~own & (_named_otherwise(field) | named_alike) & _one_home(field)


def _share_a_birthday(field: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether names differ, and nothing speaks for one person but a birth date, which thousands share."""
    return (field["birth"] == 1) & _named_otherwise(field) & ~_is_own(field) & ~_one_home(field)


def _named_otherwise(field: Mapping[str, np.ndarray]) -> np.ndarray:
    return NAMED_OTHERWISE[field["name"]]


def _is_own(field: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether something agrees that only one person has."""
    return _agreed(field) | OWN_MAILBOX[field["email"]] | (field["employee"] == 1)


def _one_home(field: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether something agrees that a family shares."""
    return AT_HOME[field["address"]] | (field["phone"] == 1) | (field["mobile"] == 1)


def told_otherwise(levels: np.ndarray) -> np.ndarray:
    """Whether an identifier says that two are one person, and name and birth that they are not."""
    field = by_field(levels)
    return (field["kind"] == 0) & _is_another(field) & _agreed(field) & ~contradicts(levels)


def _agreed(field: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.logical_or.reduce([field[name] == 1 for name in IDENTIFIERS])


def _is_another(field: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether name and birth both tell of another person."""
    return _named_otherwise(field) & (field["birth"] == LEVELS["birth"].index("other"))


def pattern_of(levels: np.ndarray, sizes: Sequence[int] = SIZES) -> np.ndarray:
    """Each row of levels as one integer; with SIZES it has PATTERN_BITS."""
    pattern = np.zeros(len(levels), np.int64)
    for place, size in enumerate(sizes):
        pattern *= size
        pattern += levels[:, place]
    return pattern


def distinct_patterns(patterns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct patterns, ascending, and which of them each pattern is.

    The place stands in the low bits under the pattern, so one plain sort of integers does it.
    """
    bits = np.uint64(64 - PATTERN_BITS)
    if len(patterns) >> int(bits):
        return np.unique(patterns, return_inverse=True)
    packed = patterns.astype(np.uint64) << bits | np.arange(len(patterns), dtype=np.uint64)
    packed.sort()
    ordered = (packed >> bits).astype(np.int64)
    is_first = np.append(True, ordered[1:] != ordered[:-1]) if len(ordered) else np.empty(0, bool)
    place = np.empty(len(patterns), np.int64)
    place[(packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)] = np.cumsum(is_first) - 1
    return np.compress(is_first, ordered), place


def levels_of(patterns: np.ndarray, sizes: Sequence[int] = SIZES) -> np.ndarray:
    """The levels of each pattern: the reverse of `pattern_of`."""
    levels = np.empty((len(patterns), len(sizes)), np.int8, order="F")  # what follows goes field by field
    rest = patterns.copy()
    for place in range(len(sizes) - 1, -1, -1):
        rest, levels[:, place] = np.divmod(rest, sizes[place])
    return levels
