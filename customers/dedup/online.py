"""One record against a handful: the same keys, comparisons and model as for the whole stock. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from customers.dedup.comparison import LEVELS, by_field
from customers.dedup.engine import RULES, rules_of, weigh_pairs
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Model, levels_of
from customers.dedup.records import Rows

NOTHING, SIMILAR, SAME = range(3)
# By what a person is reached, and the level at which it is the same.
CONTACTS = {"mobile": "same", "phone": "same", "email": "same", "address": "dwelling", "employee": "same"}
# Levels at which a name may be the same one misspelt, respaced or in other letters.
CLOSE_NAMES = ("exact", "near", "alike", "sounded")


@dataclass(frozen=True)
class Ranking:
    """Candidates by weight, the heaviest first and equal ones in the order they came.

    order: their positions; weight: in bits; pattern: of their levels, both in that order.
    """

    order: np.ndarray
    weight: np.ndarray
    pattern: np.ndarray

    def entries(self) -> Iterator[tuple[int, float, int]]:
        """Position, weight and pattern of each candidate."""
        return zip(self.order.tolist(), self.weight.tolist(), self.pattern.tolist(), strict=True)


def rank(candidates: np.ndarray, query: np.ndarray, model: Model) -> Ranking:
    """How well one record fits each of some candidates.

    candidates, query: of `MATCH_RECORD`, the query alone in an array. What surrounds the records is counted among them
    all; so of a number whose holders are all here the same is known as in a run over the whole stock.
    """
    count = len(candidates)
    if not count:
        return Ranking(*(np.empty(0, kind) for kind in (np.int64, np.float64, np.int64)))
    rows = Rows.of(np.concatenate([candidates, query]))
    scored = weigh_pairs(rows, circumstances_of(rows, model), model, np.arange(count), np.full(count, count))
    order = np.argsort(-scored.weight, kind="stable")
    return Ranking(order, scored.weight[order], scored.pattern[order])


def plain_agreement(patterns: np.ndarray, *, with_close_names: bool = False) -> np.ndarray:
    """What can be said of each pair without weighing: NOTHING, SIMILAR or SAME.

    Only full agreement counts. So one who changes a value bit by bit never sees how near he comes, and a misspelt value
    never says more than the right one: it counts as if it had not been given. SAME: an identifier agrees, or name,
    birth date and a contact do; SIMILAR: two of these three.

    with_close_names: a name that is only close and a mobile that agrees in full are SIMILAR too, so that misspelling
    hides nobody. Numbers and dates still count whole or not at all; but whoever may ask often could circle in on the
    name of a number, so only for those whose questions about one number are counted.
    """
    levels = levels_of(patterns)
    held = by_field(levels)
    named, born = held["name"] == LEVELS["name"].index("exact"), held["birth"] == LEVELS["birth"].index("exact")
    reached = np.logical_or.reduce([held[field] == LEVELS[field].index(closest) for field, closest in CONTACTS.items()])
    agreed = np.where(named & born | named & reached | born & reached, SIMILAR, NOTHING)
    if with_close_names:
        close = np.isin(held["name"], [LEVELS["name"].index(level) for level in CLOSE_NAMES])
        agreed[close & (held["mobile"] == LEVELS["mobile"].index("same"))] = SIMILAR
    agreed[rules_of(patterns) < RULES.index("MODEL")] = SAME
    return np.where(held["kind"] == LEVELS["kind"].index("mixed"), NOTHING, agreed)
