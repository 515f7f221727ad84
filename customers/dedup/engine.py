"""The engine on many records at once: candidates, their weights, and what becomes of them. Pure.

The work may be cut into parts of the key space, each found and weighed on its own (`weigh_part`), anywhere and in any
order; `decide` takes them together. The outcome depends on what the records hold and on what people have ruled, and on
nothing else: not on their order, nor on the number of parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from customers.dedup.blocking import candidates
from customers.dedup.blocks import packed_pairs, row_bits, sides_of
from customers.dedup.clusters import RULED_DIFFERENT, RULED_SAME, clusters, renumbered
from customers.dedup.comparison import LEVELS, Circumstances, by_field, compare
from customers.dedup.model import IDENTIFIERS, Cut, Model, contradicts, distinct_patterns, levels_of, pattern_of
from customers.dedup.records import Records, Rows, Rulings

# For ordering, a weight is told in so many bits: from MOST_BITS downwards in steps of 1 / FINENESS.
MOST_BITS, FINENESS, WEAKNESS_BITS = 100.0, 64.0, 13
NO_PAIR = np.uint64(0xFFFFFFFFFFFFFFFF)
PIECE = 400_000  # pairs compared at once, which bounds the memory
# Why a record stands where it stands, in order of strength; the position is the code inside the engine.
RULES = ("FIRST", "RRN", "CI", "BRN", "CRN", "NBM", "NBP", "NBE", "NBA", "MODEL", "RULED")
PROOFS = ("RRN", "CI", "BRN", "CRN", "NBM", "NBP", "NBE")  # what stands in a heap of any size
IS_PROOF = np.array([rule in PROOFS for rule in RULES])
CONTACTS = (
    ("mobile", "same", "NBM"),
    ("phone", "same", "NBP"),
    ("email", "same", "NBE"),
    ("address", "dwelling", "NBA"),
)
REASONS = ("ALIKE", "NAME_BIRTH", "NAME_MOBILE", "NUMBERS_DIFFER", "SAME_NUMBER", "TWO_CUSTOMERS", "CONTRADICTED")


@dataclass(frozen=True)
class Scored:
    """Pairs of row numbers (left < right), their weight in bits and the pattern of their levels."""

    left: np.ndarray
    right: np.ndarray
    weight: np.ndarray
    pattern: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def only(self, kept: np.ndarray) -> Scored:
        """The pairs of a mask, or of positions in their order."""
        return Scored(self.left[kept], self.right[kept], self.weight[kept], self.pattern[kept])


PAIR_COLUMNS = tuple(Scored.__dataclass_fields__)


@dataclass(frozen=True)
class Linking:
    """What a run decided, one entry per record of the input.

    group: number of the group a record belongs to, in order of their first records; rule: index into RULES; evidence:
    row of the record of its group that it agrees with best, −1 for a record alone; weight, pattern: of that agreement.
    review: the pairs left to a person, at most one for two groups; reason: index into REASONS, one per such pair.
    """

    group: np.ndarray
    rule: np.ndarray
    evidence: np.ndarray
    weight: np.ndarray
    pattern: np.ndarray
    review: Scored
    reason: np.ndarray


class Cuts:
    """From how many bits on a pair is linked or reviewed, by the sources of its two records; ids may be of any size."""

    def __init__(self, cuts: Mapping[tuple[str, str], Cut], codes: Mapping[int, str]) -> None:
        self._ids = np.array(sorted(codes), dtype=np.int64)
        size = len(codes) + 1  # the last place is that of sources that nobody named
        other = cuts[("*", "*")]
        self._auto, self._review = np.full((size, size), other.auto), np.full((size, size), other.review)
        for left, one in enumerate(self._ids):
            for right, another in enumerate(self._ids):
                cut = cuts.get(tuple(sorted((codes[one], codes[another]))), other)
                self._auto[left, right], self._review[left, right] = cut.auto, cut.review

    def auto(self, source: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """From how many bits on pairs of rows are linked. source: of each row, by id."""
        return self._of(self._auto, source, left, right)

    def review(self, source: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """From how many bits on pairs of rows are for a person to look at. source: of each row, by id."""
        return self._of(self._review, source, left, right)

    @property
    def lowest(self) -> float:
        """Below this many bits a pair is of no interest to anybody."""
        return float(min(self._auto.min(), self._review.min()))

    def _of(self, cuts: np.ndarray, source: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        if (cuts == cuts[0, 0]).all():  # as in most houses: one for all sources
            return np.full(len(left), cuts[0, 0])
        return cuts[self._places(source[left]), self._places(source[right])]

    def _places(self, ids: np.ndarray) -> np.ndarray:
        found = np.searchsorted(self._ids, ids)
        is_known = found < len(self._ids)
        is_known[is_known] = self._ids[found[is_known]] == ids[is_known]
        return np.where(is_known, found, len(self._ids))


def weigh_part(rows: Rows, circumstances: Circumstances, model: Model, floor: float, part: int, parts: int) -> Scored:
    """The candidate pairs of one part of the key space that weigh at least `floor` bits, by left and right."""
    pairs = candidates(rows, circumstances.rarity <= 1, part, parts, model.keys_off)
    found = []
    for start in range(0, max(len(pairs), 1), PIECE):
        piece = pairs[start : start + PIECE]
        left, right = sides_of(piece)
        scored = weigh_pairs(rows, circumstances, model, left, right)
        found.append(scored.only(np.flatnonzero(scored.weight >= floor)))
    return _one_after_other(found)


def weigh_pairs(rows: Rows, circumstances: Circumstances, model: Model, left: np.ndarray, right: np.ndarray) -> Scored:
    """Weights and patterns of these pairs."""
    patterns, place = distinct_patterns(pattern_of(compare(rows, circumstances, left, right)))
    return Scored(left, right, model.weigh_levels(levels_of(patterns))[place], patterns[place])


def together(parts: Sequence[Scored]) -> Scored:
    """All pairs of several parts, each once, by left and right."""
    pairs = _one_after_other(parts)
    packed = packed_pairs(pairs.left, pairs.right)
    order = np.argsort(packed)  # of equal pairs either will do
    packed = packed[order]
    return pairs.only(np.compress(np.append(True, packed[1:] != packed[:-1]), order) if len(order) else order)


def _one_after_other(parts: Sequence[Scored]) -> Scored:
    """The pairs of several parts one after the other."""
    return Scored(*(np.concatenate([getattr(part, name) for part in parts]) for name in PAIR_COLUMNS))


def decide(
    records: Records, circumstances: Circumstances, model: Model, scored: Scored, rulings: Rulings, cuts: Cuts
) -> Linking:
    """Who is one customer, and who is for a person to look at. scored: of `together`."""
    told = _Told.by(scored.pattern)
    group = joined(_groups(records, circumstances, model, scored, told, rulings, cuts).astype(np.int64), rulings)
    is_within = group[scored.left] == group[scored.right]
    rule, evidence, weight, pattern = _evidence(len(records), scored, np.flatnonzero(is_within), told.rule)
    same_left, same_right = rulings.same
    for one, other in ((same_left, same_right), (same_right, same_left)):
        rule[one], evidence[one], weight[one], pattern[one] = RULES.index("RULED"), other, 0, -1
    review, reason = _review(group, scored.only(np.flatnonzero(~is_within)), cuts, records, rulings.apart)
    spoken_against = _contradicted(records, circumstances, model, rulings)
    reason = np.append(reason, np.full(len(spoken_against), REASONS.index("CONTRADICTED"), np.int8))
    review = Scored(*(np.append(getattr(review, name), getattr(spoken_against, name)) for name in PAIR_COLUMNS))
    return Linking(group, rule, evidence, weight, pattern, review, reason)


@dataclass(frozen=True)
class _Told:
    """What patterns tell, one entry per pair; each distinct pattern is looked at once. rule: as index into RULES."""

    rule: np.ndarray
    is_contradicted: np.ndarray

    @classmethod
    def by(cls, patterns: np.ndarray) -> Self:
        distinct, place = distinct_patterns(patterns)
        return cls(rules_of(distinct)[place], contradicts(levels_of(distinct))[place])


def _groups(
    records: Records,
    circumstances: Circumstances,
    model: Model,
    scored: Scored,
    told: _Told,
    rulings: Rulings,
    cuts: Cuts,
) -> np.ndarray:
    """The group of each record by what was weighed, and without what people ruled to be two."""
    rows, source = records.rows, records.source

    def vetoed(above: np.ndarray, pairs: Scored, is_contradicted: np.ndarray) -> np.ndarray:
        return np.where(is_contradicted | _contains(rulings.apart, pairs.left, pairs.right), RULED_DIFFERENT, above)

    def weigh(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        found = _in_pieces(rows, circumstances, model, left, right)
        above = found.weight - cuts.auto(source, left, right)
        return vetoed(above, found, contradicts(levels_of(found.pattern)))

    above = scored.weight - cuts.auto(source, scored.left, scored.right)
    taken = np.flatnonzero((above >= 0) & ~_contains(rulings.apart, scored.left, scored.right))
    return clusters(
        len(records),
        scored.left[taken],
        scored.right[taken],
        np.where(IS_PROOF[told.rule[taken]], RULED_SAME, above[taken]),
        weigh,
        rows.content_of,
        rulings.different,
        (scored.left, scored.right, vetoed(above, scored, told.is_contradicted)),
    )


def joined(group: np.ndarray, rulings: Rulings) -> np.ndarray:
    """The groups with those put together that people ruled to be one, unless that brought together two whom people
    ruled to be two. Of rulings that contradict each other the earlier holds."""
    parent: dict[int, int] = {}
    apart: dict[int, set[int]] = {}

    def root(one: int) -> int:
        while one in parent:
            one = parent[one]
        return one

    for one, other in zip(*(group[side].tolist() for side in rulings.different), strict=True):
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    for pair in zip(*(group[side].tolist() for side in rulings.same), strict=True):
        one, other = sorted(map(root, pair))
        if one != other and other not in {root(enemy) for enemy in apart.get(one, ())}:
            parent[other] = one
            apart.setdefault(one, set()).update(apart.get(other, ()))
    if not parent:
        return group
    into = np.arange(int(group.max()) + 1)
    into[list(parent)] = [root(one) for one in parent]
    return renumbered(np.unique(into[group], return_inverse=True)[1])


def _in_pieces(rows: Rows, circumstances: Circumstances, model: Model, left: np.ndarray, right: np.ndarray) -> Scored:
    pieces = [
        weigh_pairs(rows, circumstances, model, left[start : start + PIECE], right[start : start + PIECE])
        for start in range(0, max(len(left), 1), PIECE)
    ]
    return _one_after_other(pieces)


def _contains(pairs: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether each pair is among sorted packed pairs."""
    if not len(pairs):
        return np.zeros(len(left), bool)
    return np.isin(packed_pairs(left, right), pairs)


def _evidence(
    rows: int, scored: Scored, within: np.ndarray, rules: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Per record the rule, row, weight and pattern of its strongest agreement within its group. within: the pairs that
    lie within a group; rules: of all pairs."""
    bits = row_bits(len(scored))
    weakness = np.clip((MOST_BITS - scored.weight[within]) * FINENESS, 0, (1 << WEAKNESS_BITS) - 1).astype(np.uint64)
    key = weakness << bits | within.astype(np.uint64)  # the lowest is the strongest, and of equal ones the first
    best = np.full(rows, NO_PAIR)
    for side in (scored.left, scored.right):
        np.minimum.at(best, side[within], key)
    owner = np.flatnonzero(best != NO_PAIR)
    edge = (best[owner] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    rule, evidence = np.zeros(rows, np.int8), np.full(rows, -1, np.int64)
    weight, pattern = np.zeros(rows), np.full(rows, -1, np.int64)
    evidence[owner] = scored.left[edge] + scored.right[edge] - owner  # the other one
    weight[owner], pattern[owner], rule[owner] = scored.weight[edge], scored.pattern[edge], rules[edge]
    return rule, evidence, weight, pattern


def rules_of(patterns: np.ndarray) -> np.ndarray:
    """The strongest plain rule that each pattern fulfils, as index into RULES; MODEL where only the sum decides."""
    levels = levels_of(patterns)
    held = by_field(levels)
    rule = np.full(len(levels), RULES.index("MODEL"), np.int8)
    one_day = (held["name"] == 1) & (held["birth"] == 1)
    for field, level, code in reversed(CONTACTS):
        rule[one_day & (held[field] == LEVELS[field].index(level))] = RULES.index(code)
    for identifier in ("crn", "brn", "ci", "rrn"):
        rule[held[identifier] == 1] = RULES.index(identifier.upper())
    return rule


def _review(
    group: np.ndarray, scored: Scored, cuts: Cuts, records: Records, different: np.ndarray
) -> tuple[Scored, np.ndarray]:
    """Pairs with at least one fresh record, the strongest of each two groups, and why they are asked. scored: pairs
    that lie between two groups."""
    source, is_fresh = records.source, records.is_fresh
    kept = scored.weight >= cuts.review(source, scored.left, scored.right)
    kept &= is_fresh[scored.left] | is_fresh[scored.right]
    pairs = scored.only(kept & ~_contains(different, scored.left, scored.right))
    pairs = pairs.only(_strongest(pairs, packed_pairs(group[pairs.left], group[pairs.right]), records.rows))
    return pairs, _reasons(pairs.pattern, pairs.weight >= cuts.auto(source, pairs.left, pairs.right))


def _strongest(pairs: Scored, groups: np.ndarray, rows: Rows) -> np.ndarray:
    """The positions of the strongest pair of each two groups, ascending. groups: the two of each pair as one integer;
    most have but one pair, and need no order."""
    _groups, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    is_alone = counts[place] == 1
    rivals = np.flatnonzero(~is_alone)
    few, groups = pairs.only(rivals), groups[rivals]
    sides = np.sort(np.stack([rows.content_of(few.left), rows.content_of(few.right)]), axis=0)
    order = np.lexsort((few.right, few.left, sides[1], sides[0], -few.weight, groups))
    is_first = np.diff(groups[order].astype(np.int64), prepend=-1) != 0
    return np.sort(np.append(np.flatnonzero(is_alone), rivals[order[is_first]]))


def _contradicted(records: Records, circumstances: Circumstances, model: Model, rulings: Rulings) -> Scored:
    """Ruled pairs that new evidence speaks against, each once: two whom an identifier shows to be one since, or one
    whom identifiers show to be two since. Only where a record is fresh, and how they agreed then is known."""
    found = []
    for (left, right), known, is_against in (
        (rulings.different, rulings.different_known, _agree_anew),
        (rulings.same, rulings.same_known, _contradict_anew),
    ):
        asked = np.flatnonzero((known >= 0) & (records.is_fresh[left] | records.is_fresh[right])) if len(known) else []
        if len(asked):
            pairs = _in_pieces(records.rows, circumstances, model, left[asked], right[asked])
            found.append(pairs.only(is_against(levels_of(known[asked]), levels_of(pairs.pattern))))
    return together(found) if found else Scored(*(np.empty(0, kind) for kind in (np.int64, np.int64, float, np.int64)))


def _agree_anew(then: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Whether an identifier agrees now that did not when the pair was decided."""
    before, since = by_field(then), by_field(now)
    return np.logical_or.reduce([(since[name] == 1) & (before[name] != 1) for name in IDENTIFIERS])


def _contradict_anew(then: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Whether identifiers differ now that did not when the pair was decided."""
    return contradicts(now) & ~contradicts(then)


def _reasons(patterns: np.ndarray, is_above_cut: np.ndarray) -> np.ndarray:
    """Why each pair needs a person, as index into REASONS."""
    levels = levels_of(patterns)
    held = by_field(levels)
    reason = np.zeros(len(levels), np.int8)
    reason[(held["name"] == 1) & (held["mobile"] == 1)] = REASONS.index("NAME_MOBILE")
    reason[(held["name"] == 1) & (held["birth"] == 1)] = REASONS.index("NAME_BIRTH")
    reason[contradicts(levels)] = REASONS.index("NUMBERS_DIFFER")
    reason[np.logical_or.reduce([held[name] == 1 for name in IDENTIFIERS])] = REASONS.index("SAME_NUMBER")
    reason[is_above_cut] = REASONS.index("TWO_CUSTOMERS")
    return reason
