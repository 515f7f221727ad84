"""From pairs to customers: what hangs together, and where a chain is cut."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.clusters import (
    CONTRADICTING,
    LARGEST,
    RULED_DIFFERENT,
    RULED_SAME,
    SUSPICIOUS,
    clusters,
    components,
    pairs_in_groups,
    renumbered,
)

Pair = tuple[int, int]


def weigher(weights: Mapping[Pair, float], otherwise: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """What every pair weighs, in either order."""

    def weigh(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        return np.array([weights.get((min(pair), max(pair)), otherwise) for pair in pairs], float)

    return weigh


def clustered(rows: int, weights: Mapping[Pair, float], otherwise: float = -20.0) -> list[int]:
    """The group of each row. weights: of pairs, those from 0 on are linked; otherwise: what all other pairs weigh."""
    linked = {pair: weight for pair, weight in weights.items() if weight >= 0}
    left, right = np.array(list(linked), np.int64).reshape(-1, 2).T
    weight, content = np.array(list(linked.values()), float), np.arange(rows).astype(np.uint64)
    return clusters(rows, left, right, weight, weigher(weights, otherwise), content.__getitem__).tolist()


def all_pairs(rows: range) -> list[Pair]:
    return [(one, other) for one in rows for other in rows if one < other]


def test_components_are_numbered_by_their_first_rows():
    assert components(6, np.array([4, 1]), np.array([0, 5])).tolist() == [0, 1, 2, 3, 0, 1]
    assert components(3, np.array([], int), np.array([], int)).tolist() == [0, 1, 2]
    assert components(0, np.array([], int), np.array([], int)).tolist() == []


@pytest.mark.parametrize(
    ("label", "expected"),
    [([], []), ([0], [0]), ([2, 0, 2, 1], [0, 1, 0, 2]), ([0, 1, 2], [0, 1, 2]), ([1, 1, 0, 0], [0, 0, 1, 1])],
)
def test_renumbered(label, expected):
    assert renumbered(np.array(label, np.int64)).tolist() == expected


def test_pairs_in_groups_are_all_pairs_of_the_groups_that_are_asked_for():
    group = np.array([0, 1, 0, 2, 2, 0, 3, 3, 3, 3, 1])

    left, right = pairs_in_groups(group, np.array([True, False, True, False]))

    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 2), (0, 5), (2, 5), (3, 4)]
    assert [side.tolist() for side in pairs_in_groups(group, np.zeros(4, bool))] == [[], []]


def test_what_is_known_of_pairs_is_not_weighed_again():
    weights = {(0, 1): 5.0, (1, 2): 5.0, (0, 2): -20.0, (3, 4): 5.0, (4, 5): 5.0}
    asked = []

    def weigh(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        return np.full(len(left), -20.0)

    pairs = np.array(list(weights), np.int64)
    weight, content = np.array(list(weights.values())), np.arange(6).astype(np.uint64)
    linked, known = weight >= 0, (*pairs.T, weight)

    group = clusters(6, *pairs[linked].T, weight[linked], weigh, content.__getitem__, known=known)

    assert asked == [(3, 5)]
    assert group.tolist() == clustered(6, weights)


def test_two_that_are_linked_are_one_group_whatever_they_weigh_otherwise():
    assert clustered(3, {(0, 2): 0.0}) == [0, 1, 0]


def test_nothing_linked_is_every_row_alone():
    assert clustered(3, {}) == [0, 1, 2]
    assert clustered(0, {}) == []


def test_a_chain_father_family_phone_son_is_cut_where_it_is_weakest():
    father, phone, son = 0, 1, 2

    assert clustered(3, {(father, phone): 6.0, (phone, son): 2.0}) == [0, 0, 1]
    assert clustered(3, {(father, phone): 2.0, (phone, son): 6.0}) == [0, 1, 1]


def test_a_group_is_looked_at_where_a_pair_is_suspicious():
    assert clustered(3, {(0, 1): 6.0, (1, 2): 0.5}, otherwise=SUSPICIOUS) == [0, 0, 0]
    assert clustered(3, {(0, 1): 6.0, (1, 2): 0.5}, otherwise=SUSPICIOUS - 0.1) == [0, 0, 1]


def test_a_chain_whose_ends_lack_agreement_stays_and_one_whose_ends_contradict_is_cut():
    assert clustered(3, {(0, 1): 6.0, (1, 2): 3.0}, otherwise=CONTRADICTING + 0.1) == [0, 0, 0]
    assert clustered(3, {(0, 1): 6.0, (1, 2): 3.0}, otherwise=CONTRADICTING) == [0, 0, 1]


def test_parts_are_joined_as_long_as_their_mean_is_above_nothing():
    assert clustered(3, {(0, 1): 10.0, (1, 2): 9.0}, otherwise=-8.9) == [0, 0, 0]
    assert clustered(3, {(0, 1): 10.0, (1, 2): 9.0}, otherwise=-9.0) == [0, 0, 1]
    assert clustered(3, {(0, 1): 10.0, (1, 2): 1.8}, otherwise=-5.9) == [0, 0, 0]
    assert clustered(3, {(0, 1): 10.0, (1, 2): 1.8}, otherwise=-6.1) == [0, 0, 1]


def test_in_a_mean_every_pair_counts_the_same():
    group = {(0, 1): 9.0, (0, 2): 8.0, (1, 2): 8.0}

    assert clustered(4, group | {(0, 3): 6.0, (1, 3): 6.0, (2, 3): -11.5}) == [0, 0, 0, 0]
    assert clustered(4, group | {(0, 3): 6.0, (1, 3): 6.0, (2, 3): -12.5}) == [0, 0, 0, 1]


def test_of_two_equal_links_what_the_records_hold_decides_and_not_their_order():
    left, right, weight = np.array([0, 1]), np.array([1, 2]), np.array([5.0, 5.0])
    weigh = weigher({(0, 1): 5.0, (1, 2): 5.0}, -20.0)

    assert clusters(3, left, right, weight, weigh, np.array([1, 5, 9], np.uint64).__getitem__).tolist() == [0, 0, 1]
    assert clusters(3, left, right, weight, weigh, np.array([9, 5, 1], np.uint64).__getitem__).tolist() == [0, 1, 1]


def test_a_phone_of_two_families_falls_apart_into_them():
    one, other = range(4), range(4, 8)
    inside = dict.fromkeys(all_pairs(one) + all_pairs(other), 8.0)

    assert clustered(8, inside | {(0, 4): 5.0, (1, 5): 5.0}) == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_group_without_a_contradiction_is_left_whole_beside_one_with():
    weights = {(0, 1): 6.0, (1, 2): 2.0} | {(3, 4): 6.0, (4, 5): 2.0, (3, 5): -1.0}

    assert clustered(6, weights) == [0, 0, 1, 2, 2, 2]


def test_no_single_weight_counts_for_more_than_the_most():
    weights = {(0, 1): 15.0, (1, 2): 14.0, (0, 2): -15.0}

    assert clustered(3, weights) == clustered(3, weights | {(0, 1): 90.0}) == [0, 0, 1]
    assert clustered(3, weights | {(0, 2): -13.9}) == [0, 0, 0]
    assert clustered(3, {(0, 1): 15.0, (1, 2): 90.0, (0, 2): -15.5}) == [0, 0, 1]


def test_what_is_ruled_the_same_is_joined_before_all_else():
    assert clustered(3, {(0, 1): 15.0, (1, 2): RULED_SAME}) == [0, 1, 1]
    assert clustered(4, {(0, 1): RULED_SAME, (1, 2): 15.0, (2, 3): 15.0, (1, 3): 15.0}) == [0, 0, 1, 1]


def test_what_is_ruled_different_is_never_joined():
    rows = range(12)
    weights = dict.fromkeys(all_pairs(rows), 15.0) | {(3, 7): RULED_DIFFERENT}

    found = clustered(12, weights)

    assert found[3] != found[7]
    assert len(set(found)) == 2


def test_a_heap_comes_down_to_what_is_strongest_in_it():
    heap = {(row, row + 1): 3.0 for row in range(LARGEST + 20)} | {(0, 1): 9.0, (50, 51): 9.0}
    rows = LARGEST + 21

    found = clustered(rows, heap, otherwise=0.0)

    assert max(np.bincount(found)) == 2
    assert found[0] == found[1] and found[50] == found[51]
    assert len(set(found)) == rows - 2


def test_a_heap_of_the_largest_bearable_size_stays():
    heap = {(row, row + 1): 3.0 for row in range(LARGEST - 1)}

    assert set(clustered(LARGEST, heap, otherwise=0.0)) == {0}


def test_a_heap_loses_only_its_own_weaker_edges():
    rows = LARGEST + 1
    heap = {(row, row + 1): 3.0 for row in range(rows - 1)} | {(rows, rows + 1): 1.0}

    found = clustered(rows + 2, heap, otherwise=0.0)

    assert len(set(found[:rows])) == rows
    assert found[rows] == found[rows + 1]


def test_a_heap_of_proofs_stays_whole_whatever_its_size():
    rows = 3 * LARGEST
    heap = {(row, row + 1): RULED_SAME for row in range(rows - 1)} | {(rows - 1, rows): 3.0}

    found = clustered(rows + 1, heap)

    assert found == [0] * rows + [1]


BITS = st.sampled_from([-25.0, -9.0, 2.0, 9.335, 15.0]) | st.floats(-25, 15).map(lambda bits: round(bits, 3))
WEIGHTS = st.integers(2, 9).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.dictionaries(st.sampled_from(all_pairs(range(rows))), BITS, min_size=1, max_size=2 * rows),
        st.permutations(range(rows)),
    )
)


def partition(group: np.ndarray, names: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(names[group == number].tolist()) for number in set(group.tolist())}


@given(WEIGHTS)
@settings(max_examples=120, deadline=None, derandomize=True)
def test_the_order_of_the_rows_makes_no_difference(drawn):
    rows, weights, order = drawn
    place = np.argsort(order)
    turned = {tuple(sorted((int(place[one]), int(place[other])))): weight for (one, other), weight in weights.items()}
    names = np.array(order)

    plain = np.array(clustered(rows, weights))
    linked = {pair: weight for pair, weight in turned.items() if weight >= 0}
    left, right = np.array(list(linked), np.int64).reshape(-1, 2).T
    weight, content = np.array(list(linked.values()), float), names.astype(np.uint64)
    mixed = clusters(rows, left, right, weight, weigher(turned, -20.0), content.__getitem__)

    assert partition(mixed, names) == partition(plain, np.arange(rows))


@given(WEIGHTS)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_groups_never_reach_beyond_what_is_linked(drawn):
    rows, weights, _order = drawn
    linked = np.array([pair for pair, weight in weights.items() if weight >= 0], np.int64).reshape(-1, 2)

    group = np.array(clustered(rows, weights))

    whole = components(rows, *linked.T)
    assert all(len(set(whole[group == number].tolist())) == 1 for number in set(group.tolist()))
    assert renumbered(group).tolist() == group.tolist()


@given(st.lists(WEIGHTS, min_size=1, max_size=6))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_groups_are_cut_beside_others_as_they_are_alone(drawn):
    beside, alone, start = {}, [], 0
    for rows, weights, _order in drawn:
        beside |= {(start + one, start + other): weight for (one, other), weight in weights.items()}
        alone += [start + number for number in clustered(rows, weights)]
        start += rows

    group = np.array(clustered(start, beside))

    assert partition(group, np.arange(start)) == partition(np.array(alone), np.arange(start))


@given(st.integers(1, 30), st.data())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_components_are_those_of_walking_from_row_to_row(rows, data):
    edges = data.draw(st.lists(st.tuples(*[st.integers(0, rows - 1)] * 2), max_size=40))
    label = list(range(rows))
    for _turn in range(rows):
        for one, other in edges:
            label[one] = label[other] = min(label[one], label[other])

    found = components(rows, *np.array(edges, np.int64).reshape(-1, 2).T)

    numbers = {first: number for number, first in enumerate(sorted(set(label)))}
    assert found.tolist() == [numbers[first] for first in label]
