from itertools import combinations

import numpy as np
import pytest

from customers.bench.truth import Score, score


@pytest.mark.parametrize(
    ("entities", "clusters", "counts", "figures"),
    [
        ([0, 0, 1, 2], [9, 9, 4, 7], Score(1, 1, 1), (1, 1, 1)),
        ([0, 0, 1, 1], [3, 3, 3, 3], Score(2, 6, 2), (1 / 3, 1, 1 / 2)),
        ([0, 0, 0, 1], [1, 1, 2, 2], Score(1, 2, 3), (1 / 2, 1 / 3, 2 / 5)),
        ([0, 0, 1, 1], [0, 1, 2, 3], Score(0, 0, 2), (1, 0, 0)),
        ([0, 1, 2, 3], [0, 0, 1, 2], Score(0, 1, 0), (0, 1, 0)),
        ([0, 1], [1, 0], Score(0, 0, 0), (1, 1, 1)),
        ([7], [7], Score(0, 0, 0), (1, 1, 1)),
        ([], [], Score(0, 0, 0), (1, 1, 1)),
        ([2**32 - 1, 2**32 - 1, 0], [0, 2**32 - 1, 2**32 - 1], Score(0, 1, 1), (0, 0, 0)),
    ],
)
def test_score_counts_pairs_of_records(entities, clusters, counts, figures):
    found = score(np.array(entities, np.int64), np.array(clusters, np.int64))

    assert found == counts
    assert (found.precision, found.recall, found.f1) == pytest.approx(figures)


@pytest.mark.parametrize("seed", range(5))
def test_score_equals_counting_pair_by_pair(seed):
    chance = np.random.default_rng(seed)
    entities, clusters = chance.integers(0, 30, 100), chance.integers(0, 40, 100).astype(np.uint32)

    found = score(entities, clusters)

    pairs = list(combinations(range(100), 2))
    true = {(one, other) for one, other in pairs if entities[one] == entities[other]}
    together = {(one, other) for one, other in pairs if clusters[one] == clusters[other]}
    assert found == Score(len(true & together), len(together), len(true))


@pytest.mark.parametrize(
    ("entities", "clusters", "words"),
    [
        (np.array([0, 1]), np.array([0]), "2 entities for 1 clusters"),
        (np.array([0, -1]), np.array([0, 0]), "whole numbers from 0"),
        (np.array([0, 0]), np.array([0, 2**32]), "whole numbers from 0"),
        (np.array([0.0, 1.0]), np.array([0, 0]), "whole numbers from 0"),
        (np.array([0, 0]), np.array(["a", "b"]), "whole numbers from 0"),
    ],
)
def test_score_refuses_what_it_cannot_count(entities, clusters, words):
    with pytest.raises(ValueError, match=words):
        score(entities, clusters)
