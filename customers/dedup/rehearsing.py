"""What a linking would change of the links and pairs that stand now: how much, and examples of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.dedup.blocks import packed_pairs
from customers.dedup.comparison import Circumstances
from customers.dedup.engine import REASONS, Linking, Scored, weigh_pairs
from customers.dedup.model import Model
from customers.dedup.plan import Cells, Plan, cells_of
from customers.dedup.records import Records

MOST_SAMPLES = 50  # of each kind
MOST_RECORDS = 8  # of a customer, or of one of its parts, that a sample names
DIGITS = 3


@dataclass(frozen=True)
class KnownPairs:
    """The pairs that stand for review now, or stood. left, right: row numbers, −1 for a record that is not there;
    is_open, is_overtaken: their state; the others were decided."""

    left: np.ndarray
    right: np.ndarray
    is_open: np.ndarray
    is_overtaken: np.ndarray

    @property
    def is_there(self) -> np.ndarray:
        """Whether both records of a pair are."""
        return (self.left >= 0) & (self.right >= 0)

    def packed(self) -> np.ndarray:
        """Each pair as one integer."""
        return packed_pairs(self.left, self.right)


@dataclass(frozen=True)
class Tried:
    """Records, what a draft found and decided about them, and what that makes of the customers there are."""

    records: Records
    circumstances: Circumstances
    model: Model
    scored: Scored
    linking: Linking
    plan: Plan


def counts_of(tried: Tried, known: KnownPairs) -> dict[str, int]:
    """How much would change; the words of a match run mean the same here."""
    planned = tried.plan.counts()
    cells = cells_of(tried.records.customer, tried.linking.group)
    return {
        "records_linked": planned.pop("records"),
        **planned,
        **_links(tried, cells),
        "customers_split": _repeated(cells.customer),
        "customers_joined": _repeated(cells.group),
        **_pairs(tried.linking, known),
    }


def _repeated(values: np.ndarray) -> int:
    """How many values stand there more than once."""
    return int((np.unique(values, return_counts=True)[1] > 1).sum())


def _links(tried: Tried, cells: Cells) -> dict[str, int]:
    """How many pairs of records would come together, and how many apart."""
    kept = _couples(cells.count)
    sizes = np.bincount(np.unique(cells.customer, return_inverse=True)[1], weights=cells.count).astype(np.int64)
    return {
        "links_gained": _couples(np.bincount(tried.linking.group)) - kept,
        "links_lost": _couples(sizes) - kept,
    }


def _couples(sizes: np.ndarray) -> int:
    """How many pairs heaps of these sizes hold."""
    return int((sizes * (sizes - 1) // 2).sum())


def _pairs(linking: Linking, known: KnownPairs) -> dict[str, int]:
    """What would become of the pairs for review: those found for the first time, closed, opened again.

    A pair that is not found any more is closed; one that was decided is opened only by what contradicts the decision.
    """
    review, before = linking.review, known.packed()
    found = packed_pairs(review.left, review.right)
    contradicting = found[linking.reason == REASONS.index("CONTRADICTED")]
    is_found = known.is_there & np.isin(before, found)
    new = int((~np.isin(found, before[known.is_there])).sum())
    closed = int((known.is_open & known.is_there & ~is_found).sum())
    is_opened = known.is_overtaken | ~known.is_open & np.isin(before, contradicting)
    reopened = int((is_opened & is_found).sum())
    is_open = int(known.is_open.sum())
    return {
        "pairs_found": new,
        "pairs_closed": closed,
        "pairs_reopened": reopened,
        "pairs_open_before": is_open,
        "pairs_open_after": is_open + new + reopened - closed,
    }


def samples_of(tried: Tried, known: KnownPairs) -> dict[str, list[dict[str, object]]]:
    """Examples of each kind, spread over all there are, as ids of records and customers with weights and patterns.

    Each holds a "pair" [left, right, weight, pattern] that tells it; review: with the code of its "reason"; split: the
    "customer", the records of its "parts" and their "sizes"; joined: the "customers", and "of" how many they are.
    """
    parts = _torn_off(tried)
    return {
        "gained": [{"pair": pair} for pair in _pairs_told(tried, _gained(tried, with_new=True))],
        "lost": [{"pair": _strongest(tried, part.rows, part.rest)} for part in _spread(parts)],
        "split": [_split_told(tried, part) for part in _spread(_first_of_each(parts))],
        "joined": [
            {"pair": pair, **_customers_in(tried, pair[0])}
            for pair in _pairs_told(tried, _gained(tried, with_new=False))
        ],
        "review": _review_told(tried, known),
    }


def _spread(things: list | np.ndarray) -> list:
    """At most MOST_SAMPLES of them, at equal distances from the first to the last."""
    most = min(len(things), MOST_SAMPLES)
    return [things[place] for place in np.linspace(0, max(len(things) - 1, 0), most).astype(int).tolist()]


def _gained(tried: Tried, *, with_new: bool) -> Scored:
    """Of each group that brings records of several customers together the heaviest pair that does, by its left record.
    with_new: also records that have no customer yet."""
    scored, customer, group = tried.scored, tried.records.customer, tried.linking.group
    one, other = customer[scored.left], customer[scored.right]
    comes = (group[scored.left] == group[scored.right]) & ((one != other) | (one == 0))
    if not with_new:
        comes &= (one > 0) & (other > 0)
    pairs = scored.only(comes)
    order = np.lexsort((pairs.right, pairs.left, -pairs.weight, group[pairs.left]))
    first = order[np.unique(group[pairs.left][order], return_index=True)[1]]
    return pairs.only(np.sort(first))


def _pairs_told(tried: Tried, pairs: Scored) -> list[list[float]]:
    return [_told(tried, pairs, place) for place in _spread(np.arange(len(pairs)))]


def _told(tried: Tried, pairs: Scored, place: int) -> list[float]:
    """A pair with ids of records for row numbers."""
    ids = tried.records.ids
    left, right = int(ids[pairs.left[place]]), int(ids[pairs.right[place]])
    return [left, right, round(float(pairs.weight[place]), DIGITS), int(pairs.pattern[place])]


@dataclass(frozen=True)
class _Part:
    """The records of a customer that leave the rest of it, as row numbers."""

    customer: int
    rows: np.ndarray
    rest: np.ndarray


def _torn_off(tried: Tried) -> list[_Part]:
    """The parts that leave their customers, by customer; of more customers than are told only some. The largest part of
    a customer is what the others leave."""
    customer, group = tried.records.customer, tried.linking.group
    held, times = np.unique(cells_of(customer, group).customer, return_counts=True)
    rows = np.flatnonzero(np.isin(customer, _spread(held[times > 1])))
    rows = rows[np.argsort(customer[rows], kind="stable")]
    starts = np.flatnonzero(customer[rows][1:] != customer[rows][:-1]) + 1
    found = []
    for records in np.split(rows, starts) if len(rows) else []:
        parts = [records[group[records] == one] for one in dict.fromkeys(group[records].tolist())]
        largest = max(range(len(parts)), key=lambda place: len(parts[place]))
        for part in parts[:largest] + parts[largest + 1 :]:
            found.append(_Part(int(customer[part[0]]), part, np.setdiff1d(records, part)))
    return found


def _first_of_each(parts: list[_Part]) -> list[_Part]:
    """Of each customer the first part that leaves it."""
    return list({part.customer: part for part in reversed(parts)}.values())[::-1]


def _strongest(tried: Tried, one: np.ndarray, other: np.ndarray) -> list[float]:
    """The heaviest pair between two heaps of records, of which only the first are looked at."""
    one, other = one[:MOST_RECORDS], other[:MOST_RECORDS]
    first, second = np.repeat(one, len(other)), np.tile(other, len(one))
    left, right = np.minimum(first, second), np.maximum(first, second)
    pairs = weigh_pairs(tried.records.rows, tried.circumstances, tried.model, left, right)
    return _told(tried, pairs, int(np.argmax(pairs.weight)))


def _split_told(tried: Tried, part: _Part) -> dict[str, object]:
    ids, group = tried.records.ids, tried.linking.group
    rows = np.sort(np.concatenate([part.rows, part.rest]))
    parts = [ids[rows[group[rows] == one]].tolist() for one in dict.fromkeys(group[rows].tolist())]
    return {
        "pair": _strongest(tried, part.rows, part.rest),
        "customer": part.customer,
        "parts": [records[:MOST_RECORDS] for records in parts[:MOST_RECORDS]],
        "sizes": [len(records) for records in parts],
    }


def _customers_in(tried: Tried, record_id: int) -> dict[str, object]:
    """The customers whose records come together where this record comes."""
    row = np.searchsorted(tried.records.ids, record_id)
    members = tried.records.customer[tried.linking.group == tried.linking.group[row]]
    customers = np.unique(members[members > 0])
    return {"customers": customers[:MOST_RECORDS].tolist(), "of": len(customers)}


def _review_told(tried: Tried, known: KnownPairs) -> list[dict[str, object]]:
    """Pairs that nobody has been asked about yet."""
    review = tried.linking.review
    before = known.packed()[known.is_there]
    new = np.flatnonzero(~np.isin(packed_pairs(review.left, review.right), before))
    return [
        {"pair": _told(tried, review, place), "reason": REASONS[tried.linking.reason[place]]} for place in _spread(new)
    ]
