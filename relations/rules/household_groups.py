"""Households out of ties: guarded clustering, and who is likely what in each. Pure.

Two groups become one when all their cross pairs together speak for it, not when one chain of ties reaches from the one
to the other: average linkage, each group with the best of its neighbours first. Every round works on whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relations.rules.household_ties import GENERATION_WITHIN, GROWN_UP, PEERS_WITHIN, UNKNOWN, YEAR, packed, unpacked

MOST_MEMBERS = 8
MOST_ROUNDS = 64
RETIRES = 75  # years; who is older is seldom the head of a household with others
HEAD, SPOUSE, CHILD, PARENT, GRANDPARENT, GRANDCHILD, SIBLING, COHABITANT = range(8)
ROLES = ("HEAD", "SPOUSE", "CHILD", "PARENT", "GRANDPARENT", "GRANDCHILD", "SIBLING", "COHABITANT")


@dataclass(frozen=True)
class Groups:
    """Which group each person is in. label: one entry a person, the lowest position of its group. weakest: by label,
    the log odds of the weakest join that made the group, infinite for one alone."""

    label: np.ndarray
    weakest: np.ndarray


@dataclass
class _Edges:
    """Pairs of groups: the sum of what their pairs of persons weigh, and how many of these are known."""

    low: np.ndarray
    high: np.ndarray
    total: np.ndarray
    known: np.ndarray

    def of(self, chosen: np.ndarray) -> _Edges:
        return _Edges(self.low[chosen], self.high[chosen], self.total[chosen], self.known[chosen])


def grouped(
    count: int, left: np.ndarray, right: np.ndarray, weight: np.ndarray, *, need: float, missing: float
) -> Groups:
    """Put `count` persons into groups by weighed pairs, each pair once.

    need: the least mean weight of all cross pairs at which two groups become one; missing: what a pair says that has no
    weight; all in natural log odds.
    """
    label, size = np.arange(count), np.ones(count, np.int64)
    weakest = np.full(count, np.inf)
    edges = _Edges(left, right, weight.astype(np.float64), np.ones(len(left), np.int64))
    for _round in range(MOST_ROUNDS):
        edges = edges.of(size[edges.low] + size[edges.high] <= MOST_MEMBERS)
        pairs = size[edges.low] * size[edges.high]
        link = (edges.total + missing * (pairs - edges.known)) / pairs
        chosen = _mutual_best(count, edges, link, need)
        if not len(chosen):
            break
        low, high = edges.low[chosen], edges.high[chosen]
        into = np.arange(count)
        into[high] = low
        weakest[low] = np.minimum(np.minimum(weakest[low], weakest[high]), link[chosen])
        size[low] += size[high]
        label = into[label]
        edges = _joined(edges, into)
    return Groups(label, weakest)


def _mutual_best(count: int, edges: _Edges, link: np.ndarray, need: float) -> np.ndarray:
    """The pairs of groups each of which is the other's best, as positions. Equal links go by the lower groups, so that
    the answer is always the same."""
    usable = np.flatnonzero(link >= need)
    order = usable[np.lexsort((edges.high[usable], edges.low[usable], -link[usable]))]
    place = np.arange(len(order))[::-1]
    rank = np.full(count, len(order), np.int64)
    # Of several writes to one place the last one stays: the best, since the worst come first.
    both = np.stack([edges.low[order][::-1], edges.high[order][::-1]], axis=1).reshape(-1)
    rank[both] = np.repeat(place, 2)
    place = place[::-1]
    return order[(rank[edges.low[order]] == place) & (rank[edges.high[order]] == place)]


def _joined(edges: _Edges, into: np.ndarray) -> _Edges:
    """The pairs of groups after a round, each once."""
    one, other = into[edges.low], into[edges.high]
    apart = one != other
    pairs, place = np.unique(packed(one[apart], other[apart]), return_inverse=True)
    total = np.bincount(place, edges.total[apart], len(pairs))
    known = np.bincount(place, edges.known[apart], len(pairs)).astype(np.int64)
    return _Edges(*unpacked(pairs), total, known)


def roles_of(
    group: np.ndarray, birth: np.ndarray, is_man: np.ndarray, is_woman: np.ndarray, duty: np.ndarray, today: int
) -> tuple[np.ndarray, np.ndarray]:
    """An order of persons by group, the head of each first, and the likely role of each in that order.

    group: one entry a person; duty: how often somebody holds or pays for a contract. Whoever does so most is the head,
    of equals the eldest who is neither a child nor very old; the rest follows from the years between.
    """
    age = np.where(birth == UNKNOWN, np.nan, (today - birth) / YEAR)
    is_fit = (age >= GROWN_UP) & (age < RETIRES)
    order = np.lexsort((np.arange(len(group)), np.where(birth == UNKNOWN, today, birth), -duty, ~is_fit, group))
    starts = np.flatnonzero(np.append(True, group[order][1:] != group[order][:-1])[: len(order)])
    sizes = np.diff(np.append(starts, len(order)))
    head = np.repeat(order[starts], sizes)
    years = age[order] - age[head]  # how much older than the head
    mixed = is_man[order] & is_woman[head] | is_woman[order] & is_man[head]
    could_marry = mixed & (np.abs(years) < PEERS_WITHIN) & (age[order] >= GROWN_UP) & (age[head] >= GROWN_UP)
    role = np.select(
        [
            could_marry,
            np.abs(years) < PEERS_WITHIN,
            years <= -GENERATION_WITHIN,
            years < 0,
            years >= GENERATION_WITHIN,
            years > 0,
        ],
        [SPOUSE, SIBLING, GRANDCHILD, CHILD, GRANDPARENT, PARENT],
        COHABITANT,
    )
    role[starts] = HEAD
    role[_other_spouses(role, np.abs(years), np.repeat(starts, sizes))] = SIBLING
    return order, role


def _other_spouses(role: np.ndarray, apart: np.ndarray, start: np.ndarray) -> np.ndarray:
    """All who might be the spouse but the one nearest in age, as positions."""
    could = np.flatnonzero(role == SPOUSE)
    by_group = could[np.lexsort((could, apart[could], start[could]))]
    is_first = np.append(True, start[by_group][1:] != start[by_group][:-1])[: len(by_group)]
    return by_group[~is_first]
