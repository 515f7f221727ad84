"""What a linking would change of the links and pairs that stand."""

import numpy as np
import pytest

from customers.dedup import rehearsing
from customers.dedup.engine import REASONS, Linking, Scored
from customers.dedup.fitting import circumstances_of
from customers.dedup.plan import plan_of
from customers.dedup.prior import prior_model
from customers.dedup.records import Records, Rows
from customers.dedup.rehearsing import KnownPairs, Tried, counts_of, samples_of
from tests.customers.dedup import rows

NO_PAIRS = KnownPairs(*(np.empty(0, np.int64),) * 2, *(np.empty(0, bool),) * 2)


def pairs(*found: tuple[int, int, float]) -> Scored:
    """Pairs of rows with their weights; the pattern is of no account here."""
    left, right, weight = zip(*found, strict=True) if found else ((), (), ())
    count = len(found)
    return Scored(
        np.array(left, np.int64), np.array(right, np.int64), np.array(weight, float), np.ones(count, np.int64)
    )


def known(*pairs_of_rows: tuple[int, int, str]) -> KnownPairs:
    """Pairs that stand for review, with their states."""
    left, right, states = zip(*pairs_of_rows, strict=True)
    is_open, is_overtaken = (np.array([state == wanted for state in states]) for wanted in ("OPEN", "OVERTAKEN"))
    return KnownPairs(np.array(left), np.array(right), is_open, is_overtaken)


def tried(
    customers: tuple[int, ...],
    groups: tuple[int, ...],
    *,
    scored: Scored | None = None,
    review: Scored | None = None,
    reasons: tuple[str, ...] = (),
) -> Tried:
    """Records of these customers, 0 for none, as a draft groups them; record n has the id 100 + n."""
    count, group = len(customers), np.array(groups, np.int64)
    packed = [rows.row(name=f"김하{'나두세네다여일여아열'[n]}", birth="1985-03-02") for n in range(count)]
    held = Rows.of(np.concatenate(packed) if packed else np.empty(0, rows.MATCH_RECORD))
    ids, customer = np.arange(count) + 100, np.array(customers, np.int64)
    records = Records(ids, np.ones(count, np.int64), customer, np.ones(count, bool), held)
    none = np.zeros(count)
    review = review or pairs()
    reason = np.array([REASONS.index(each) for each in reasons or ("ALIKE",) * len(review)], np.int8)
    linking = Linking(group, none, none, none, none, review, reason)
    model = prior_model()
    circumstances = circumstances_of(held, model)
    return Tried(records, circumstances, model, scored or pairs(), linking, plan_of(records, group))


@pytest.mark.parametrize(
    ("customers", "groups", "gained", "lost", "split", "joined"),
    [
        ((7, 7, 9), (0, 0, 1), 0, 0, 0, 0),
        ((7, 7, 9), (0, 0, 0), 2, 0, 0, 1),
        ((7, 7, 7, 7), (0, 0, 1, 2), 0, 5, 1, 0),
        ((7, 7, 9, 9), (0, 1, 1, 1), 2, 1, 1, 1),
        # Records without a customer come together, with each other or with a customer.
        ((0, 0, 0), (0, 0, 0), 3, 0, 0, 0),
        ((7, 0), (0, 0), 1, 0, 0, 0),
        ((), (), 0, 0, 0, 0),
    ],
)
def test_links_and_customers_are_counted(customers, groups, gained, lost, split, joined):
    counts = counts_of(tried(customers, groups), NO_PAIRS)

    names = ("links_gained", "links_lost", "customers_split", "customers_joined")
    assert tuple(counts[name] for name in names) == (gained, lost, split, joined)


def test_pairs_for_review_are_counted():
    found = pairs((0, 1, -1), (0, 2, -1), (1, 2, -1), (2, 3, -1), (3, 4, -1))
    reasons = ("ALIKE", "ALIKE", "ALIKE", "CONTRADICTED", "ALIKE")
    before = known(
        *((0, 1, "OPEN"), (0, 2, "OVERTAKEN"), (1, 2, "DIFFERENT"), (2, 3, "SAME")),
        *((1, 3, "OPEN"), (1, 4, "OVERTAKEN"), (-1, 4, "OPEN")),
    )

    counts = counts_of(tried((1, 2, 3, 4, 5), (0, 1, 2, 3, 4), review=found, reasons=reasons), before)

    assert {name: value for name, value in counts.items() if name.startswith("pairs")} == {
        **{"pairs_found": 1, "pairs_reopened": 2, "pairs_closed": 1},
        **{"pairs_open_before": 3, "pairs_open_after": 5},
    }


def test_samples_tell_what_comes_together_and_what_apart():
    scored = pairs((0, 1, 3.0), (0, 2, 5.0), (1, 2, 4.0), (3, 4, 9.0))

    samples = samples_of(tried((7, 9, 9, 8, 8), (0, 0, 0, 1, 2), scored=scored, review=pairs((3, 4, -1))), NO_PAIRS)

    assert samples["gained"] == [{"pair": [100, 102, 5.0, 1]}]
    assert samples["joined"] == [{"pair": [100, 102, 5.0, 1], "customers": [7, 9], "of": 2}]
    assert [sample["pair"][:2] for sample in samples["lost"]] == [[103, 104]]
    ((split,),) = (samples["split"],)
    assert (split["customer"], split["parts"], split["sizes"]) == (8, [[103], [104]], [1, 1])
    assert samples["review"] == [{"pair": [103, 104, -1.0, 1], "reason": "ALIKE"}]


def test_a_record_without_a_customer_gains_a_link_but_joins_nobody():
    samples = samples_of(tried((7, 0), (0, 0), scored=pairs((0, 1, 3.0))), NO_PAIRS)

    assert (samples["gained"], samples["joined"]) == ([{"pair": [100, 101, 3.0, 1]}], [])


def test_samples_are_spread_over_all_there_are(monkeypatch):
    monkeypatch.setattr(rehearsing, "MOST_SAMPLES", 3)
    scored = pairs(*((row, row + 1, 2.0) for row in range(0, 10, 2)))

    samples = samples_of(tried(tuple(range(1, 11)), tuple(n // 2 for n in range(10)), scored=scored), NO_PAIRS)

    assert [sample["pair"][0] for sample in samples["gained"]] == [100, 104, 108]
