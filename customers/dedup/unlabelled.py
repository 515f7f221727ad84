"""Learning the weights where nobody carries an identifier: Fellegi and Sunter's model by maximised expectation. Pure.

How often strangers agree is counted on pairs drawn at random; how often records of one person agree, and how many of
the candidates are one person, are the values under which the agreements that are seen are likeliest. Fields count each
for itself, so this is second best: with identifiers `fitting` does better.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from customers.dedup.blocking import candidates
from customers.dedup.blocks import sides_of
from customers.dedup.comparison import BELONGS_TO, FIELDS, LEVELS, Circumstances, compare
from customers.dedup.fitting import Fitted, Lesson, circumstances_of, common_names
from customers.dedup.model import Model, Weights, levels_of, pattern_of
from customers.dedup.records import Rows

COMPARED = ("name", "birth", "sex", "mobile", "phone", "email", "address", "employee")
STRANGERS = 300_000  # pairs drawn at random
MOST_CANDIDATES = 600_000
SEED = 20_260_101
TURNS = 60
LEAST_RECORDS = 500
MOST_IDENTIFIED = 0.01  # of the records
LEAST_SHARE = 0.005  # of candidates that are one person; below it nothing was told apart
LEAST_APART = 0.6  # how much of the certainty must lie at the ends, 0 to 1
FIRST_SHARE = 0.5  # of candidates that are one person, at first
AGREEMENT, REST = 0.8, 0.2  # what one expects of records of one person at first
PRECISE_ENOUGH = 1e-5


class NothingToTellApart(Exception):
    """The records do not fall into pairs that are one person and pairs that are not."""


def fit_without_identifiers(rows: Rows, prior: Model) -> Fitted:
    """`fit_unlabelled` for a stock of which hardly a record carries an identifier; where many do, weights that were
    learned from identifiers elsewhere are the better ones. Raises NothingToTellApart."""
    carries = (rows["rrn"] > 0) | (rows["ci"] > 0)
    if len(rows) < LEAST_RECORDS or carries.mean() > MOST_IDENTIFIED:
        raise NothingToTellApart
    keys, levels = common_names(rows)
    named = replace(prior, common_names=keys, common_levels=levels)
    model = fit_unlabelled(rows, circumstances_of(rows, named), named)
    nothing = np.empty((0, len(FIELDS)), np.int8)
    lesson = Lesson(nothing, np.empty(0, bool), np.empty(0, bool))
    return Fitted(
        model, lesson, {"records": len(rows), "pairs": 0, "same": 0, "held_out": 0, "common_names": len(keys)}
    )


def fit_unlabelled(rows: Rows, circumstances: Circumstances, prior: Model) -> Model:
    """The model with weights for persons learned from agreements alone. Raises NothingToTellApart."""
    levels, taken = _candidate_levels(rows, circumstances, prior)
    patterns, counts = np.unique(pattern_of(levels), return_counts=True)
    distinct = levels_of(patterns)
    chance = _agreement_of_strangers(rows, circumstances)
    pairs = taken * len(rows) * (len(rows) - 1) / 2
    share, agreement, certainty = _expectation_maximisation(distinct, counts.astype(float), chance, pairs)
    apart = float((counts * np.abs(2 * certainty - 1)).sum() / counts.sum())
    if share * pairs / len(levels) < LEAST_SHARE or apart < LEAST_APART:
        raise NothingToTellApart
    single = {field: table for field, table in prior.person.single.items() if field not in BELONGS_TO}
    for field in COMPARED:
        single[field] = np.append(0.0, np.log2(agreement[field] / chance[field]))
    return replace(prior, person=Weights(float(np.log2(share)), single, {}))


def _candidate_levels(rows: Rows, circumstances: Circumstances, prior: Model) -> tuple[np.ndarray, float]:
    """The levels of the candidates, or of some of them, and which share of them that is."""
    pairs = candidates(rows, prior.rarity_of(rows["name"]) <= 1)
    if not len(pairs):
        raise NothingToTellApart
    found = len(pairs)
    if found > MOST_CANDIDATES:
        pairs = np.random.default_rng(SEED).choice(pairs, MOST_CANDIDATES, replace=False)
    left, right = sides_of(pairs)
    return _without_circumstances(compare(rows, circumstances, left, right)), len(pairs) / found


def _without_circumstances(levels: np.ndarray) -> np.ndarray:
    cleared = np.zeros_like(levels)
    for field in COMPARED:
        cleared[:, FIELDS.index(field)] = levels[:, FIELDS.index(field)]
    return cleared


def _agreement_of_strangers(rows: Rows, circumstances: Circumstances) -> dict[str, np.ndarray]:
    """How often two records drawn at random agree at each level, where both have the field; sums to 1."""
    random = np.random.default_rng(SEED)
    left, right = random.integers(0, len(rows), (2, STRANGERS))
    apart = left != right
    levels = compare(rows, circumstances, left[apart], right[apart])
    return {field: _share(levels[:, FIELDS.index(field)], None, field, 0.05) for field in COMPARED}


def _share(levels: np.ndarray, weights: np.ndarray | None, field: str, smoothing: float) -> np.ndarray:
    """How often each known level occurs. smoothing: what is added to every count."""
    counts = np.bincount(levels, weights, minlength=len(LEVELS[field]))[1:] + smoothing
    return counts / counts.sum()


def _expectation_maximisation(
    levels: np.ndarray, counts: np.ndarray, chance: dict[str, np.ndarray], pairs: float
) -> tuple[float, dict[str, np.ndarray], np.ndarray]:
    """Share of all pairs that are one person, agreement of records of one person, and the certainty of each pattern.

    pairs: how many there are of all; those that are no candidates agree in nothing and are two persons each.
    """
    column = {field: levels[:, FIELDS.index(field)] for field in COMPARED}
    agreement = {}
    for field in COMPARED:
        levels_known = len(LEVELS[field]) - 1
        agreement[field] = np.append(AGREEMENT, np.full(levels_known - 1, REST / (levels_known - 1)))
    share = FIRST_SHARE * counts.sum() / pairs
    for _turn in range(TURNS):
        odds = np.full(len(levels), np.log2(share / (1 - share)))
        for field in COMPARED:
            odds += np.append(0.0, np.log2(agreement[field] / chance[field]))[column[field]]
        certainty = 1 / (1 + 2.0 ** -np.clip(odds, -500, 500))
        before, share = share, float(max((certainty * counts).sum(), 1) / pairs)
        for field in COMPARED:
            agreement[field] = _share(column[field], certainty * counts, field, 0.5)
        if abs(share / before - 1) < PRECISE_ENOUGH:
            break
    return share, agreement, certainty
