"""Why is this the value: the same choice as for the stock, told for one customer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from customers.golden.rules import SHIPPED, Rules
from customers.golden.survivorship import ITEMS, USABLE, GoldenItem, Rank, Reason, choose, reason_of_wish
from customers.golden.wishing import Wanted, standing
from customers.standard.certainty import PLAUSIBLE
from customers.standard.record import CERTAINTY_ORDER, GOLDEN_CERTAINTY


@dataclass(frozen=True)
class Candidate:
    """A record's offer for one item: its values, how certain they are, and by what it lost to the winner.

    values: {column: value}; lost_by: a `Reason`, None for the winner; agrees: it holds the winner's value.
    """

    record: object
    values: Mapping[str, object]
    certainty: int
    is_winner: bool
    agrees: bool
    lost_by: Reason | None


@dataclass(frozen=True)
class Explanation:
    """One golden item with its reason, the record that won, and every other record that holds the item.

    rank: the rule that it was chosen by; wished: PINNED or PREFERRED where the winner stands by a person's wish, even
    where nothing was set aside by it.
    """

    item: GoldenItem
    reason: Reason
    winner: Candidate
    others: tuple[Candidate, ...]
    differs: bool
    rank: Rank
    wished: Reason | None


def explain(
    records: Sequence[object], trusts: Mapping[int, int], rules: Rules = SHIPPED, wishes: Sequence[Wanted] = ()
) -> dict[str, Explanation]:
    """Explain every golden item of the customer whose source records these are; items that nobody holds are absent.

    records: `SourceRecord` rows, ordered by id. trusts: {source id: 0–100}. wishes: those in force for the customer,
    oldest first.
    """
    found = {}
    for item in ITEMS:
        explained = _explain_item(item, records, trusts, rules.ranks[item.code], wishes) if records else None
        if explained:
            found[item.code] = explained
    return found


def certainty_of(record: object, item: GoldenItem) -> int:
    """The certainty 0–4 of a record's value for a golden item."""
    column = GOLDEN_CERTAINTY[item.code]
    if item.stand_in and not getattr(record, item.columns[0]):
        column = item.stand_in
    return PLAUSIBLE if column is None else int(record.certainties[CERTAINTY_ORDER.index(column)])


def components_of(records: Sequence[object], trusts: Mapping[int, int], item: GoldenItem) -> dict[Reason, np.ndarray]:
    """The rank components of each record for one item, as `survivorship.choose` wants them."""
    latest = [getattr(record, item.columns[0]) for record in records] if item.rule == "LATEST" else []
    return {
        Reason.VERIFIED: np.array([record.real_name_verified_on is not None for record in records], np.int64),
        Reason.CERTAINTY: np.array([certainty_of(record, item) for record in records], np.int64),
        Reason.TRUST: np.array([trusts[record.source_id] for record in records], np.int64),
        Reason.RECENCY: np.array([seconds(record.as_of) for record in records], np.int64),
        Reason.LATEST_VALUE: np.array([day.toordinal() if day else 0 for day in latest] or [0] * len(records)),
    }


def seconds(instant: datetime) -> int:
    """Seconds since the year 1, so that instants before 1970 rank too."""
    return math.floor(instant.timestamp()) + 62_135_596_800


def _explain_item(
    item: GoldenItem, records: Sequence[object], trusts: Mapping[int, int], rank: Rank, wishes: Sequence[Wanted]
) -> Explanation | None:
    numbers: dict[object, int] = {}
    held = [value_of(record, item) for record in records]
    values = np.array([numbers.setdefault(value, len(numbers) + 1) if value else 0 for value in held])
    components = components_of(records, trusts, item)
    certainty = components[Reason.CERTAINTY]
    wished = np.array(standing(item.code, wishes, [(record.pk, record.source_id) for record in records]), np.int64)
    choice = choose(rank, np.array([0]), values, certainty, components, wished)
    winner = int(choice.winner[0])
    if winner < 0:
        return None
    contest = _Contest(rank, components, wished, winner)
    candidates = [
        Candidate(
            record=records[row],
            values={column: getattr(records[row], column) for column in item.columns},
            certainty=int(certainty[row]),
            is_winner=row == winner,
            agrees=values[row] == values[winner],
            lost_by=None if row == winner else contest.lost_by(row),
        )
        for row in range(len(records))
        if values[row]
    ]
    others = tuple(candidate for candidate in candidates if not candidate.is_winner)
    won = next(candidate for candidate in candidates if candidate.is_winner)
    reason = Reason(int(choice.reason[0]))
    return Explanation(item, reason, won, others, bool(choice.differs[0]), rank, contest.wish())


def value_of(record: object, item: GoldenItem) -> object:
    """What a record holds for an item, comparable; empty when it holds nothing."""
    value = getattr(record, "rrn_index" if item.code == "rrn" else item.columns[0])
    return value or (getattr(record, item.stand_in) if item.stand_in else None) or None


@dataclass(frozen=True)
class _Contest:
    """The records of one customer against the winner. wished: their standings by `wishing.standing`."""

    rank: Rank
    components: Mapping[Reason, np.ndarray]
    wished: np.ndarray
    winner: int

    def wish(self) -> Reason | None:
        """By what kind of wish the winner stands."""
        return Reason(int(reason_of_wish(self.wished[self.winner]))) if self.wished[self.winner] else None

    def lost_by(self, row: int) -> Reason:
        """By what a record lost to the winner."""
        if self.components[Reason.CERTAINTY][row] < USABLE:
            return Reason.CERTAINTY
        if self.wished[row] != self.wished[self.winner]:
            return self.wish() or Reason.FIRST_CAME
        for component in self.rank:
            if self.components[component][row] != self.components[component][self.winner]:
                return component
        return Reason.FIRST_CAME
