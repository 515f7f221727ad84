"""How well the search for households does where the truth is known, and how long it takes on the stock at hand."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import connection
from django.utils import timezone

from customers.bench.truth import Score
from relations.models import HouseholdRun
from relations.rules.household_search import Decided, Suggested, search
from relations.rules.household_ties import Stock, Tie, Ties, ties_of
from relations.services.household_runs import do_search, request_search
from relations.services.household_stock import read_stock

HOLDERS = """
SELECT source.code, record.source_key, link.customer_id
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_sourcesystem source ON source.id = record.source_id
"""
KNOWN = ("person_id", "household_id", "family_id")


@dataclass(frozen=True)
class Truth:
    """Who is whom, lives where and is of which family, one entry a person of the stock, as numbers; 0 where unknown."""

    person: np.ndarray
    home: np.ndarray
    family: np.ndarray


def judge(path: Path) -> dict[str, Score]:
    """How well a search of the stock at hand would find the households of the truth in `path`, by kind; nothing is
    written. Two customers of one true person are no pair.

    LIVING: all pairs that live together. PAYER: pairs of which one pays for the other and who live apart; what is put
    together counts as right within a family. Raises OSError, and KeyError where the file is no truth.
    """
    stock = read_stock(today=timezone.localdate())
    ties, truth = ties_of(stock), read_truth(path, stock)
    found = search(stock, ties, {kind: Decided() for kind in ("LIVING", "PAYER")})
    return {"LIVING": living_score(stock, found[0], truth), "PAYER": payer_score(stock, ties, found[1], truth)}


def read_truth(path: Path, stock: Stock) -> Truth:
    """The truth about each person: what most of its records say. Raises OSError and KeyError."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        holder = {(source, key): customer for source, key, customer in cursor.fetchall()}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (customer, *(row[name] for name in KNOWN))
            for row in csv.DictReader(file)
            if (customer := holder.get((row["source"], row["source_key"]))) is not None
        ]
    customers = np.array([row[0] for row in rows], np.int64)
    place = np.minimum(np.searchsorted(stock.ids, customers), max(len(stock) - 1, 0))
    held = stock.ids[place] == customers if len(stock) else np.zeros(len(customers), bool)
    numbers = [_numbered(row[column] for row in rows) for column in (1, 2, 3)]
    person = _commonest(place[held], numbers[0][held], len(stock))
    of_person = np.zeros((2, max(numbers[0].max(initial=0), 0) + 1), np.int64)
    of_person[:, numbers[0]] = numbers[1:]
    return Truth(person, of_person[0][person], of_person[1][person])


def living_score(stock: Stock, found: Suggested, truth: Truth) -> Score:
    """Over pairs of persons who live together, or were put together."""
    known = truth.home > 0
    label, person, home = _labels(stock, found)[known], truth.person[known], truth.home[known]
    twice = _pairs(label, person)
    return Score(
        right_pairs=_pairs(label, home) - twice,
        found_pairs=_pairs(label) - twice,
        true_pairs=_pairs(home) - _pairs(person),
    )


def payer_score(stock: Stock, ties: Ties, found: Suggested, truth: Truth) -> Score:
    """precision: of the pairs put together those of one family; recall: of the pairs of a family of which one pays for
    the other, and who live apart, those put together. As a score over the pairs that were asked about."""
    label = _labels(stock, found)
    known = (truth.family[ties.left] > 0) & (truth.family[ties.right] > 0)
    pays = known & (ties.evidence & int(Tie.PAYS) > 0) & (truth.person[ties.left] != truth.person[ties.right])
    family = truth.family[ties.left] == truth.family[ties.right]
    together = label[ties.left] == label[ties.right]
    apart = truth.home[ties.left] != truth.home[ties.right]
    asked = pays & (apart | ~family)
    return Score(
        right_pairs=int((asked & family & together).sum()),
        found_pairs=int((asked & together).sum()),
        true_pairs=int((asked & family).sum()),
    )


def measure() -> dict[str, object]:
    """Search the stock at hand for households. Seconds of each step and in all; persons, ties and suggestions."""
    run = do_search(run=request_search(by=None, at=timezone.now(), is_queued=False))
    if run.state != HouseholdRun.State.DONE:
        raise RuntimeError(f"The search ended as {run.state}: {run.problem}")
    return {"seconds": run.seconds, "total_seconds": round(sum(run.seconds.values()), 2), **run.counts}


def _labels(stock: Stock, found: Suggested) -> np.ndarray:
    """A number per person, equal for those who were put together."""
    label = np.arange(len(stock))
    label[found.member] = len(stock) + np.repeat(np.arange(len(found)), found.size)
    return label


def _pairs(*labels: np.ndarray) -> int:
    """How many pairs bear the same numbers."""
    _groups, sizes = np.unique(np.stack(labels), axis=1, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())


def _numbered(labels: Iterable[str]) -> np.ndarray:
    """Numbers from 1, equal for equal labels."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(label, len(numbers) + 1) for label in labels], np.int64)


def _commonest(place: np.ndarray, number: np.ndarray, count: int) -> np.ndarray:
    """The number that stands most often at each place, 0 at places without one; of equals the lowest."""
    pairs, votes = np.unique(np.stack([place, number]), axis=1, return_counts=True)
    chosen = np.zeros(count, np.int64)
    order = np.lexsort((-pairs[1], votes))
    chosen[pairs[0][order]] = pairs[1][order]
    return chosen
