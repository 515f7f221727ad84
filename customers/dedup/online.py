"""One record against a handful: the same keys, comparisons and model as for the whole stock. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from customers.dedup.comparison import LEVELS, Circumstances, by_field, compare
from customers.dedup.engine import RULES, rules_of
from customers.dedup.model import Model, levels_of, pattern_of
from customers.dedup.records import COLUMN_FIELDS, MOST_NAMES_PER_PERSON, NAME_FIELDS, Rows, marks_of
from customers.standard.matching import MATCH_RECORD

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
    packed = np.empty(count + 1, MATCH_RECORD)
    packed[:count], packed[count:] = candidates, query
    rows = _rows(packed)
    levels = compare(rows, _circumstances(rows, model), np.arange(count), np.full(count, count))
    weight = model.weigh_levels(levels)
    order = np.argsort(-weight, kind="stable")
    return Ranking(order, weight[order], pattern_of(levels)[order])


# What follows says the same as `Rows.of` and `fitting.circumstances_of` say of a million records. Of a handful the
# arrays cost more to make ready than to compute with, so nothing is copied that is read once, and names are counted in
# a loop.


def _rows(packed: np.ndarray) -> Rows:
    """The rows of a few records, which they may change; the columns are not contiguous."""
    for identifier in ("rrn", "ci"):
        if np.count_nonzero(packed[identifier]) > MOST_NAMES_PER_PERSON:
            packed[identifier][_names_on(packed, identifier) > MOST_NAMES_PER_PERSON] = 0
    columns = {name: packed[name] for name in COLUMN_FIELDS}
    return Rows(packed[list(NAME_FIELDS.names)], columns, marks_of(columns))


def _circumstances(rows: Rows, model: Model) -> Circumstances:
    return Circumstances(model.rarity_of(rows["name"]), _names_on(rows, "mobile"), _names_on(rows, "phone"))


def _names_on(rows: Rows | np.ndarray, field_name: str) -> np.ndarray:
    """`records.names_on` of a few records."""
    numbers, found = rows[field_name].tolist(), defaultdict(set)
    for number, name in zip(numbers, rows["name"].tolist(), strict=True):
        found[number].add(name)
    return np.array([max(len(found[number] - {0}), 1) if number else 0 for number in numbers], np.int32)


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
