"""What other rules of survivorship would change in a piece of the stock, counted instead of written. Pure."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from customers.golden.projection import GOLDEN_COLUMNS, Piece, Projector, items_changed
from customers.golden.rules import Rules
from customers.golden.survivorship import ITEMS

MOST_SAMPLES = 50
PROVENANCE = GOLDEN_COLUMNS.index("provenance")
CODES = frozenset(item.code for item in ITEMS)

Sample = tuple[int, int, int]


@dataclass
class Rehearsed:
    """What would change: how many customers, how many of them in each item that a change event would name, and at most
    50 samples per golden item, spread over the stock: (customer id, record whose value is golden, record whose value
    would be; 0 for none)."""

    customers: int = 0
    items: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def add(self, other: Rehearsed) -> None:
        """Count in what another piece would change."""
        self.customers += other.customers
        self.items += other.items
        for item, samples in other.samples.items():
            self.samples[item] = nsmallest(MOST_SAMPLES, [*self.samples.get(item, ()), *samples], key=_spread)


def rehearser(
    trusts: Mapping[int, int], grades: Sequence[tuple[str, int]], rules: Rules
) -> Callable[[bytes], Rehearsed]:
    """The work of one process: pieces come pickled."""
    projecting = Projector(trusts, grades, rules)
    return lambda piece: rehearse(pickle.loads(piece), projecting)  # noqa: S301 - our own bytes, from our own process


def rehearse(piece: Piece, projecting: Projector) -> Rehearsed:
    """What projecting the piece would change in it."""
    found = Rehearsed()
    for customer, row in projecting.project(piece).changed.items():
        held = piece.golden[customer]
        items = items_changed(row, held)
        if not items:
            continue
        found.customers += 1
        found.items.update(items)
        before, after = json.loads(held[PROVENANCE]), json.loads(row[PROVENANCE])
        for item in items & CODES:
            sample = (int(customer), _record(before, item), _record(after, item))
            found.samples.setdefault(item, []).append(sample)
    found.samples = {item: nsmallest(MOST_SAMPLES, samples, key=_spread) for item, samples in found.samples.items()}
    return found


def _record(provenance: Mapping[str, Sequence[int]], item: str) -> int:
    return provenance[item][0] if item in provenance else 0


def _spread(sample: Sample) -> int:
    """An order of customers that has nothing to do with their age."""
    return sample[0] * 2_654_435_761 % 2**32
