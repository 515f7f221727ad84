"""Learning the weights from the stock itself: no labels but the identifiers that both records of a pair carry. Pure.

Two records with the same resident number or CI are one person, two with different ones are two; on these pairs a ridge
logistic regression finds what all other agreements weigh, starting from `prior`. The identifiers' own weights stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from customers.dedup.blocking import candidates
from customers.dedup.blocks import mixed, sides_of
from customers.dedup.comparison import FIELDS, LEVELS, RARITY_LEVELS, Circumstances, agreement, by_field, compare
from customers.dedup.model import IDENTIFIERS, SIZES, TOGETHER, Cut, Model, Weights, pattern_of
from customers.dedup.records import Rows, names_on

MOST_PAIRS = 80_000
LEAST_PAIRS = 2_000  # labelled pairs of either answer below which nothing is learned
RECORDS_PER_PART = 150_000
RIDGE = 1.0
TURNS = 150
COMMON_FROM = 30  # bearers per million; rarer names are not remembered
COMMON_STEPS = (30, 120, 500)  # bearers per million: uncommon, common, very common
BITS = np.log(2)
HELD_OUT = 5  # every fifth labelled pair judges and does not teach
NAMED_PLACES = (
    "dwelling",
    "building",
    "neighbour",
    "unit",
    "postcode",
)  # address levels that share a key with the name
SINGLES = [field for field in FIELDS if field not in (*IDENTIFIERS, "kind", "age")]


@dataclass(frozen=True)
class Lesson:
    """Labelled pairs: their levels, and whether they are one person. held_out: those that judge."""

    levels: np.ndarray
    is_same: np.ndarray
    held_out: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """A learned model, the pairs that taught and that judge it, and what is to be remembered of its training."""

    model: Model
    lesson: Lesson
    training: dict[str, int]


class TooLittleToLearn(Exception):
    """There are too few pairs whose identifiers tell whether they are one person."""


def common_names(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Keys of names that are not rare, ascending, and their RARITY level, by bearers per million records of persons."""
    names = rows["name"][(rows["name"] > 0) & ~rows.is_org]
    keys, counts = np.unique(names, return_counts=True)
    per_million = counts * (1e6 / max(len(names), 1))
    kept = (per_million >= COMMON_FROM) & (counts > 1)
    first = RARITY_LEVELS.index("uncommon")
    return keys[kept], (first + np.digitize(per_million[kept], COMMON_STEPS) - 1).astype(np.int8)


def circumstances_of(rows: Rows, model: Model) -> Circumstances:
    """The surroundings of every record, as far as these rows know them."""
    return Circumstances(model.rarity_of(rows["name"]), names_on(rows, "mobile"), names_on(rows, "phone"))


def fit(rows: Rows, prior: Model, cuts: Mapping[tuple[str, str], Cut] | None = None) -> Fitted:
    """Learn from all records, starting from the weights of `prior`. Raises TooLittleToLearn."""
    keys, levels = common_names(rows)
    named = replace(prior, common_names=keys, common_levels=levels, cuts=cuts or prior.cuts)
    lesson = _lesson(rows, circumstances_of(rows, named), named)
    teaching = ~lesson.held_out
    pairs, is_same = with_births_hidden(lesson.levels[teaching], lesson.is_same[teaching])
    person = _learned(pairs, is_same, prior.person)
    training = {
        "records": len(rows),
        "pairs": int(teaching.sum()),
        "same": int(lesson.is_same[teaching].sum()),
        "held_out": int(lesson.held_out.sum()),
        "common_names": len(keys),
    }
    return Fitted(replace(named, person=person), lesson, training)


def _lesson(rows: Rows, circumstances: Circumstances, model: Model) -> Lesson:
    """Labelled pairs from as much of the key space as is needed for MOST_PAIRS of them."""
    is_rare = model.rarity_of(rows["name"]) <= 1
    parts = max(1, len(rows) // RECORDS_PER_PART)
    taken: list[tuple[np.ndarray, np.ndarray]] = []
    for part in range(parts):
        taken.append(_labelled(rows, candidates(rows, is_rare, part, parts)))
        if sum(len(left) for left, _right in taken) >= MOST_PAIRS:
            break
    left, right = (np.concatenate(side) for side in zip(*taken, strict=True))
    rrn, ci = (agreement(rows[name][left], rows[name][right]) for name in ("rrn", "ci"))
    is_same = (rrn == 1) | (ci == 1)
    if min(is_same.sum(), (~is_same).sum()) < LEAST_PAIRS:
        raise TooLittleToLearn
    order = np.argsort(mixed(rows.content_of(left) + rows.content_of(right) | np.uint64(1)), kind="stable")[:MOST_PAIRS]
    levels = compare(rows, circumstances, left[order], right[order])
    return Lesson(levels, is_same[order], np.arange(len(order)) % HELD_OUT == 0)


def _labelled(rows: Rows, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of persons whose identifiers tell whether they are one."""
    left, right = sides_of(pairs)
    rrn, ci = (agreement(rows[name][left], rows[name][right]) for name in ("rrn", "ci"))
    told = (rrn > 0) | (ci > 0)
    told &= ~rows.is_org[left] & ~rows.is_org[right]
    return left[told], right[told]


def with_births_hidden(levels: np.ndarray, is_same: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs, and once more those that would have been candidates had nobody known a birth date or a sex.

    A resident number tells both, so labelled pairs always have them; prospects seldom do, and must be judged as well.
    """
    hidden = levels.copy()
    for field, level in (("birth", "unknown"), ("sex", "unknown"), ("age", "unknown")):
        hidden[:, FIELDS.index(field)] = LEVELS[field].index(level)
    held = by_field(hidden)
    placed = np.isin(held["address"], [LEVELS["address"].index(level) for level in NAMED_PLACES])
    named = (held["name"] == 1) & (placed | (held["phone"] == 1) | np.isin(held["mobile"], (1, 2)))
    found = named | (held["mobile"] == 1) | (held["email"] == 1) | (held["employee"] == 1)
    return np.concatenate([levels, hidden[found]]), np.concatenate([is_same, is_same[found]])


def _learned(levels: np.ndarray, is_same: np.ndarray, prior: Weights) -> Weights:
    """The weights that explain the labels best without straying needlessly from the prior."""
    patterns = pattern_of(without_identifiers(levels)) * 2 + is_same
    _distinct, first, counts = np.unique(patterns, return_index=True, return_counts=True)
    design, slots = _design(levels[first])
    start = _flattened(prior) * BITS
    known = np.flatnonzero(design.getnnz(0))
    design, answer = design[:, known].tocsr(), is_same[first].astype(float)
    weights = start.copy()
    weights[known] = _fitted(design, answer, counts.astype(float), start[known])
    return _unflattened(weights / BITS, slots, prior)


def without_identifiers(levels: np.ndarray) -> np.ndarray:
    """The levels as if no identifier were known."""
    cleared = levels.copy()
    cleared[:, [FIELDS.index(name) for name in IDENTIFIERS]] = 0
    return cleared


def _slots() -> dict[tuple[str, ...], tuple[int, int]]:
    """Where the weights of each field, and of two together, lie in one long vector: (start, length)."""
    slots, start = {}, 1
    for fields in [(field,) for field in SINGLES] + list(TOGETHER):
        length = int(np.prod([len(LEVELS[field]) for field in fields]))
        slots[fields] = start, length
        start += length
    return slots


def _design(levels: np.ndarray) -> tuple[sparse.csr_matrix, dict[tuple[str, ...], tuple[int, int]]]:
    slots = _slots()
    rows = np.arange(len(levels))
    places = [np.zeros(len(levels), np.int64)]
    for fields, (start, _length) in slots.items():
        code = np.zeros(len(levels), np.int64)
        for field in fields:
            place = FIELDS.index(field)
            code = code * SIZES[place] + levels[:, place]
        places.append(start + code)
    width = max(start + length for start, length in slots.values())
    where = (np.tile(rows, len(places)), np.concatenate(places))
    return sparse.csr_matrix((np.ones(len(where[0])), where), shape=(len(levels), width)), slots


def _flattened(weights: Weights) -> np.ndarray:
    slots = _slots()
    vector = np.zeros(max(start + length for start, length in slots.values()))
    vector[0] = weights.base
    for fields, (start, length) in slots.items():
        table = weights.single.get(fields[0]) if len(fields) == 1 else weights.together.get(fields)
        if table is not None:
            vector[start : start + length] = table.ravel()
    return vector


def _unflattened(vector: np.ndarray, slots: dict[tuple[str, ...], tuple[int, int]], prior: Weights) -> Weights:
    single = {field: table for field, table in prior.single.items() if field in IDENTIFIERS}
    together = {}
    for fields, (start, length) in slots.items():
        table = vector[start : start + length].reshape([len(LEVELS[field]) for field in fields])
        if len(fields) == 1:
            single[fields[0]] = table
        else:
            together[fields] = table
    return Weights(float(vector[0]), single, together)


def _fitted(design: sparse.csr_matrix, answer: np.ndarray, counts: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Ridge logistic regression around `start`, in natural units."""

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = design @ weights
        loss = counts @ (np.logaddexp(0, odds) - answer * odds)
        slope = design.T @ (counts * (1 / (1 + np.exp(-np.clip(odds, -500, 500))) - answer))
        strayed = weights - start
        return loss + RIDGE / 2 * strayed @ strayed, slope + RIDGE * strayed

    return minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": TURNS}).x
