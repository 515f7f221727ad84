"""Which source's value becomes the golden value, and why. Pure; the same code for one customer and for the stock.

A candidate is a source record of the customer that holds the item. Its rank is a list of components, compared in the
order of the item's rule; the record with the highest rank wins, and where all is equal the record that came first. What
a person wished for the customer comes before every rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

USABLE = 2  # Certainty.DOUBTFUL: below it a value is junk and is never golden
AGREEABLE = 3  # Certainty.PLAUSIBLE: a disagreement counts only between values of this certainty


class Reason(IntEnum):
    """Why a value won, or by what a loser lost: the first component in which they differ."""

    ONLY = 0  # no other record holds the item
    AGREED = 1  # every record that holds the item holds this value
    VERIFIED = 2  # real name verified
    CERTAINTY = 3
    TRUST = 4
    RECENCY = 5
    LATEST_VALUE = 6
    FIRST_CAME = 7
    PINNED = 8  # a person pinned this record's value
    PREFERRED = 9  # a person prefers this record's source


Rank = tuple[Reason, ...]
IDENTITY: Rank = (Reason.VERIFIED, Reason.CERTAINTY, Reason.TRUST, Reason.RECENCY)
CONTACT: Rank = (Reason.CERTAINTY, Reason.RECENCY, Reason.TRUST)
LATEST: Rank = (Reason.LATEST_VALUE, Reason.TRUST)
RULES: Mapping[str, Rank] = {"IDENTITY": IDENTITY, "CONTACT": CONTACT, "LATEST": LATEST}


@dataclass(frozen=True)
class GoldenItem:
    """An item of the golden record: its rule and the columns that move together when a record wins it.

    The first column says whether a record holds the item; where it is empty, `stand_in` does: an organisation may send
    its business number without the name of an employer.
    """

    code: str
    rule: str
    columns: tuple[str, ...]
    stand_in: str = ""


ITEMS: tuple[GoldenItem, ...] = (
    GoldenItem("name", "IDENTITY", ("name",)),
    GoldenItem("birth_date", "IDENTITY", ("birth_date", "is_lunar")),
    GoldenItem("sex", "IDENTITY", ("sex",)),
    GoldenItem("rrn", "IDENTITY", ("rrn_mask",)),
    GoldenItem("mobile", "CONTACT", ("mobile",)),
    GoldenItem("phone_home", "CONTACT", ("phone_home",)),
    GoldenItem("email", "CONTACT", ("email",)),
    GoldenItem("address", "CONTACT", ("address", "region", "postcode")),
    GoldenItem("company", "CONTACT", ("company_name", "company_no", "employee_no"), stand_in="company_no"),
    GoldenItem("crn", "IDENTITY", ("crn",)),
    GoldenItem("real_name_verified_on", "LATEST", ("real_name_verified_on",)),
    GoldenItem("marketing_consent_on", "LATEST", ("marketing_consent_on",)),
)
# Components as integers of at most so many bits (a date is yyyymmdd); those of a rule together fit one 63-bit rank.
BITS = {
    Reason.VERIFIED: 1,
    Reason.CERTAINTY: 3,
    Reason.TRUST: 7,
    Reason.RECENCY: 36,
    Reason.LATEST_VALUE: 27,
}


@dataclass(frozen=True)
class Choice:
    """The outcome for one item over many customers, all arrays as long as there are customers.

    winner: row of the winning record, −1 where no record holds the item; reason: `Reason`; differs: whether records
    of good certainty hold different values.
    """

    winner: np.ndarray
    reason: np.ndarray
    differs: np.ndarray


def rank_of(rank: Rank, components: Mapping[Reason, np.ndarray]) -> np.ndarray:
    """One integer per record that orders records as the rule does. components: non-negative integer arrays."""
    scores = np.zeros(len(next(iter(components.values()))), np.int64)
    for component in rank:
        scores = (scores << BITS[component]) | np.minimum(components[component], (1 << BITS[component]) - 1)
    return scores


def choose(
    rank: Rank,
    starts: np.ndarray,
    values: np.ndarray,
    certainty: np.ndarray,
    components: Mapping[Reason, np.ndarray],
    wished: np.ndarray | None = None,
) -> Choice:
    """Choose one item for every customer at once.

    Rows are records sorted by customer, in order of arrival within one; starts: row at which each customer begins.
    values: integers, equal for equal values, 0 where the record does not hold the item. certainty: 0–4 per row.
    wished: what people wished, per row, as `golden.wishing.standing` has it; None where nobody wished anything.
    """
    rows = len(values)
    customer = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, rows)))
    holds = (values != 0) & (certainty >= USABLE)
    scores = np.where(holds, rank_of(rank, components), -1)
    contends = holds if wished is None else _wished_most(starts, customer, holds, wished)
    best = np.maximum.reduceat(np.where(contends, scores, -1), starts) if rows else np.empty(0, np.int64)
    position = np.where(contends & (scores == best[customer]), np.arange(rows), rows)
    winner = np.minimum.reduceat(position, starts) if rows else np.empty(0, np.int64)
    winner = np.where(winner == rows, -1, winner)
    choice = _with_reason(rank, starts, customer, winner, holds, contends, values, certainty, scores)
    return choice if wished is None else _with_wishes(choice, starts, customer, holds, contends, values, wished)


def reason_of_wish(standing: np.ndarray) -> np.ndarray:
    """PINNED for the standings of pinned records, which are odd, PREFERRED for those of preferred sources."""
    return np.where(standing % 2, Reason.PINNED, Reason.PREFERRED)


def _wished_most(starts: np.ndarray, customer: np.ndarray, holds: np.ndarray, wished: np.ndarray) -> np.ndarray:
    """Which records are left to choose among: of each customer those of the newest wish that a usable record meets."""
    standing = np.where(holds, wished, 0)
    return holds & (standing == np.maximum.reduceat(standing, starts)[customer])


def _with_reason(
    rank: Rank,
    starts: np.ndarray,
    customer: np.ndarray,
    winner: np.ndarray,
    holds: np.ndarray,
    contends: np.ndarray,
    values: np.ndarray,
    certainty: np.ndarray,
    scores: np.ndarray,
) -> Choice:
    """Add to the winners by what they won: the first component in which they beat the best other value."""
    row_winner = winner[customer]
    other_value = holds & (values != values[row_winner])
    beaten = np.maximum.reduceat(np.where(other_value & contends, scores, -1), starts)
    holders = np.add.reduceat(holds.astype(np.int64), starts)
    good = holds & (certainty >= AGREEABLE)
    differs = np.maximum.reduceat((other_value & good & good[row_winner]).astype(np.int8), starts) > 0
    reason = np.full(len(starts), int(Reason.FIRST_CAME), np.int8)
    best = np.where(winner >= 0, scores[winner], -1)
    shift = sum(BITS[component] for component in rank)
    undecided = np.ones(len(starts), bool)
    for component in rank:
        shift -= BITS[component]
        apart = undecided & ((best >> shift) != (beaten >> shift))
        reason[apart], undecided = int(component), undecided & ~apart
    reason[beaten < 0] = int(Reason.AGREED)
    reason[holders == 1] = int(Reason.ONLY)
    return Choice(winner, reason, differs)


def _with_wishes(
    choice: Choice,
    starts: np.ndarray,
    customer: np.ndarray,
    holds: np.ndarray,
    contends: np.ndarray,
    values: np.ndarray,
    wished: np.ndarray,
) -> Choice:
    """The choice with PINNED or PREFERRED as its reason where every other value was set aside by a wish."""
    other_value = holds & (values != values[choice.winner[customer]])
    beats_some = np.maximum.reduceat((other_value & ~contends).astype(np.int8), starts) > 0
    beats_within = np.maximum.reduceat((other_value & contends).astype(np.int8), starts) > 0
    by_wish = beats_some & ~beats_within & (choice.winner >= 0)
    reason = np.where(by_wish, reason_of_wish(wished[choice.winner]), choice.reason)
    return Choice(choice.winner, reason.astype(np.int8), choice.differs)
