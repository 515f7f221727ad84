"""How much each evidence says for or against one household, in natural log odds. Pure.

The weights add up; those of two or three together correct what their sum would exaggerate. They were fitted once by
logistic regression on a demo population of 20,000 customers (seed 1) and rounded to one decimal; other populations, on
which nothing was fitted, judge them (`manage.py check_households`).
"""

from __future__ import annotations

import numpy as np

from relations.rules.household_ties import Tie

LIVING_BASE = 0.7
LIVING: tuple[tuple[Tie, float], ...] = (
    (Tie.HOME | Tie.FLAT, 1.8),
    (Tie.HOME | Tie.HOUSE, -1.0),
    (Tie.ZONE | Tie.FLAT, 1.8),
    (Tie.ZONE | Tie.HOUSE, -1.4),
    (Tie.BUILDING, -3.0),
    (Tie.FORMER_HOME, -0.4),
    (Tie.DISTRICT, 3.0),
    (Tie.ELSEWHERE, -0.5),
    (Tie.NO_HOME, 0.5),
    (Tie.CROWDED, -1.5),
    (Tie.PHONE, 0.6),
    (Tie.MOBILE, -0.1),
    (Tie.CONTRACT, 0.4),
    (Tie.GUARDIAN, 1.3),
    (Tie.SURNAME, 0.3),
    (Tie.COUPLE, 1.6),
    (Tie.CHILD, 1.6),
    (Tie.GROWN_CHILD, -0.9),
    (Tie.PEERS, -0.7),
    (Tie.FAR_APART, -1.3),
    (Tie.NO_AGE, 0.4),
    (Tie.COUPLE | Tie.SURNAME, -1.9),
    (Tie.PEERS | Tie.SURNAME, 1.5),
    (Tie.HERE | Tie.GROWN_CHILD, -0.5),
    (Tie.HERE | Tie.FRESH, 0.5),
    (Tie.HERE | Tie.FRESH | Tie.GROWN_CHILD, 0.7),
    (Tie.APART | Tie.FRESH, -1.1),
    (Tie.APART | Tie.FRESH | Tie.GROWN_CHILD, -0.5),
    (Tie.APART | Tie.COUPLE, -0.4),
    (Tie.APART | Tie.GROWN_CHILD, -0.3),
    (Tie.APART | Tie.SURNAME, -0.3),
    (Tie.APART | Tie.CONTRACT, 0.4),
    (Tie.LINKED | Tie.GROWN_CHILD, -0.4),
    (Tie.MOBILE | Tie.SURNAME, 1.3),
    (Tie.MOBILE | Tie.NO_AGE, -0.7),
    (Tie.HOUSE | Tie.SURNAME, 1.5),
    (Tie.HOUSE | Tie.LINKED, 3.0),
    (Tie.HOUSE | Tie.CHILD, -1.0),
    (Tie.HOUSE | Tie.COUPLE, -0.2),
    (Tie.BUILDING | Tie.SURNAME, 1.5),
    (Tie.BUILDING | Tie.LINKED, 3.4),
    (Tie.THROUGH, -1.9),
    (Tie.THROUGH | Tie.DISTRICT, 0.5),
    (Tie.THROUGH | Tie.SURNAME, 2.0),
    (Tie.THROUGH | Tie.COUPLE, 0.8),
    (Tie.THROUGH | Tie.GROWN_CHILD, 0.7),
    (Tie.SELDOM, -2.2),
    (Tie.COUPLE | Tie.SELDOM, -0.3),
    (Tie.PEERS | Tie.SELDOM, -0.6),
    (Tie.SURNAME | Tie.SELDOM, 0.8),
    (Tie.GROWN_CHILD | Tie.SELDOM, 0.8),
    (Tie.SELDOM | Tie.THROUGH, -0.6),
)
# Whoever pays for somebody mostly does so within the family, wherever both live; planners and employers pay too.
PAYER_BASE = 0.0
PAYER: tuple[tuple[Tie, float], ...] = (
    (Tie.PAYS, 1.2),
    (Tie.SURNAME, 0.8),
    (Tie.COUPLE, 0.6),
    (Tie.CHILD, 0.8),
    (Tie.GROWN_CHILD, 0.6),
    (Tie.GUARDIAN, 1.0),
    (Tie.PHONE, 0.6),
    (Tie.MOBILE, 0.8),
    (Tie.HERE, 1.0),
    (Tie.FORMER_HOME, 1.0),
    (Tie.NO_AGE, -0.4),
)


def weighed(evidence: np.ndarray, weights: tuple[tuple[Tie, float], ...], base: float) -> np.ndarray:
    """The sum of the weights of each pair whose evidence holds all bits of a weight."""
    kinds, place = np.unique(evidence, return_inverse=True)
    total = np.full(len(kinds), base)
    for ties, weight in weights:
        total += weight * (kinds & int(ties) == int(ties))
    return total[place]


def probability(weight: np.ndarray) -> np.ndarray:
    """Log odds as a number from 0 to 1."""
    return 1.0 / (1.0 + np.exp(-np.clip(weight, -30.0, 30.0)))
