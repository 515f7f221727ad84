"""The search for households over a whole stock: what to suggest, of each kind. Pure.

What people decided outranks every tie: who is in an open household together stays together, two households are never
joined by a search, and whom somebody called no household are never put together again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from relations.rules import household_groups as groups
from relations.rules.household_ties import DERIVED, Part, Stock, Tie, Ties, ordered, packed, ties_of, unpacked
from relations.rules.household_weights import LIVING, LIVING_BASE, PAYER, PAYER_BASE, probability, weighed

NEED = {"LIVING": 0.25, "PAYER": 0.4}  # mean log odds at which two groups become one
MISSING = {"LIVING": -0.5, "PAYER": 0.0}  # what two say whom nothing ties
DECIDED = 60.0  # outweighs whatever evidence there is
_NOBODY = np.empty(0, np.int64)
_NO_PAIRS = np.empty(0, np.uint64)


@dataclass(frozen=True)
class Decided:
    """What people decided, of one kind. member, household: who is in which open household, one entry a place; refused:
    packed pairs that are no household. Persons are positions in the stock."""

    member: np.ndarray = field(default_factory=lambda: _NOBODY)
    household: np.ndarray = field(default_factory=lambda: _NOBODY)
    refused: np.ndarray = field(default_factory=lambda: _NO_PAIRS)


@dataclass(frozen=True)
class Suggested:
    """Suggestions of one kind. The first block has one entry a suggestion, the second one a member, suggestion after
    suggestion with the head first, the third one a tie between two members.

    household: the id of the household that would grow, 0 for a new one; score: 0–1. role: a place in `groups.ROLES`.
    one, other: positions of members within their suggestion; tie_score: 0–1; evidence: bits of `Tie`.
    """

    kind: str
    score: np.ndarray
    household: np.ndarray
    size: np.ndarray
    member: np.ndarray
    role: np.ndarray
    of: np.ndarray
    one: np.ndarray
    other: np.ndarray
    tie_score: np.ndarray
    evidence: np.ndarray

    def __len__(self) -> int:
        return len(self.score)


def search(stock: Stock, ties: Ties, decided: dict[str, Decided]) -> list[Suggested]:
    """What to suggest, living together first. ties: of `ties_of`; decided: by kind."""
    living, label = _suggest("LIVING", stock, ties, weighed(ties.evidence, LIVING, LIVING_BASE), decided["LIVING"])
    pays = ties.of(ties.evidence & int(Tie.PAYS) > 0)
    payer, _label = _suggest("PAYER", stock, pays, weighed(pays.evidence, PAYER, PAYER_BASE), decided["PAYER"], label)
    return [living, payer]


def _suggest(
    kind: str, stock: Stock, ties: Ties, weight: np.ndarray, decided: Decided, living: np.ndarray | None = None
) -> tuple[Suggested, np.ndarray]:
    """The suggestions of a kind, and the group of each person. living: groups of those who live together; a group of
    another kind that lies within one of them, all at one address, tells nothing new and is left out, unless there is a
    grown-up child in it: many have left the home at which their parents' contracts still have them."""
    ties, weight = _as_decided(ties, weight, decided, len(stock))
    found = groups.grouped(len(stock), ties.left, ties.right, weight, need=NEED[kind], missing=MISSING[kind])
    household = np.zeros(len(stock), np.int64)
    household[decided.member] = decided.household
    label, several = found.label, np.bincount(found.label, minlength=len(stock)) > 1
    of_group = np.zeros(len(stock), np.int64)
    np.maximum.at(of_group, label, household)
    new = np.zeros(len(stock), bool)
    new[label[household == 0]] = True  # somebody in it is in no household yet
    wanted = several & new
    if living is not None:
        across = np.zeros(len(stock), bool)
        across[label[living != living[label]]] = True
        apart = (ties.evidence & int(Tie.HERE) == 0) | (ties.evidence & int(Tie.GROWN_CHILD) > 0)
        apart &= label[ties.left] == label[ties.right]
        across[label[ties.left[apart]]] = True
        wanted &= across
    return _written(kind, stock, ties, weight, found, wanted, of_group), label


def _as_decided(ties: Ties, weight: np.ndarray, decided: Decided, count: int) -> tuple[Ties, np.ndarray]:
    """The ties with what people decided: members of one household tied for good, those of two and the refused apart."""
    order = np.lexsort((decided.member, decided.household))
    member, household = decided.member[order], decided.household[order]
    together = [_NO_PAIRS]
    for step in range(1, len(order)):
        same = np.flatnonzero(household[step:] == household[:-step])
        if not len(same):
            break
        together.append(packed(member[same], member[same + step]))
    joined = ordered(*together)
    pairs = packed(ties.left, ties.right)
    every = ordered(pairs, joined, decided.refused)
    place = np.searchsorted(every, pairs)
    evidence, total = np.zeros(len(every), np.int32), np.zeros(len(every))
    evidence[place], total[place] = ties.evidence, weight
    of_person = np.zeros(count, np.int64)
    of_person[member] = household
    left, right = unpacked(every)
    two = (of_person[left] > 0) & (of_person[right] > 0) & (of_person[left] != of_person[right])
    total[two | np.isin(every, decided.refused)] = -DECIDED * 10
    total[np.isin(every, joined)] = DECIDED
    return Ties(left, right, evidence), total


def _written(
    kind: str, stock: Stock, ties: Ties, weight: np.ndarray, found: groups.Groups, wanted: np.ndarray, grown: np.ndarray
) -> Suggested:
    """The wanted groups as suggestions, in order of their lowest member."""
    labels = np.flatnonzero(wanted)
    members = np.flatnonzero(wanted[found.label])
    group = np.searchsorted(labels, found.label[members])
    order, role = groups.roles_of(
        group, stock.birth[members], stock.is_man[members], stock.is_woman[members], _duties(stock)[members],
        stock.today,
    )  # fmt: skip
    member, of_member = members[order], group[order]
    size = np.bincount(of_member, minlength=len(labels))
    position = np.arange(len(member)) - np.repeat(np.cumsum(size) - size, size)
    where = np.zeros(len(stock), np.int64)
    where[member] = position
    told = (found.label[ties.left] == found.label[ties.right]) & wanted[found.label[ties.left]]
    told &= ties.evidence & ~int(DERIVED | Tie.THROUGH) > 0
    left, right = ties.left[told], ties.right[told]
    return Suggested(
        kind=kind,
        score=np.round(probability(found.weakest[labels]), 4),
        household=grown[labels],
        size=size,
        member=member,
        role=role,
        of=np.searchsorted(labels, found.label[left]),
        one=np.minimum(where[left], where[right]),
        other=np.maximum(where[left], where[right]),
        tie_score=np.round(probability(weight[told]), 3),
        evidence=ties.evidence[told] & ~int(DERIVED),
    )


def _duties(stock: Stock) -> np.ndarray:
    """On how many roles somebody holds a contract or pays for one."""
    bears = np.isin(stock.part, (Part.HOLDER, Part.PAYER))
    return np.bincount(stock.party[bears], minlength=len(stock))


__all__ = ["Decided", "Suggested", "search", "ties_of"]
