"""What a linking makes of the customers there are."""

import numpy as np
import pytest

from customers.dedup.plan import plan_of
from customers.dedup.records import Records


def records(*customers: int) -> Records:
    """Records of these customers, 0 for none; nothing else of them is looked at."""
    count = len(customers)
    held = np.array(customers, np.int64)
    return Records(np.arange(1, count + 1), np.ones(count, np.int64), held, np.ones(count, bool), None)


@pytest.mark.parametrize(
    ("customers", "groups", "comes_to", "merges", "counts"),
    [
        ((7, 7, 9), (0, 0, 1), (7, 7, 9), [], (0, 0, 0, 0)),
        ((0, 0, 0), (0, 0, 1), (-1, -1, -2), [], (3, 0, 2, 0)),
        ((7, 0), (0, 0), (7, 7), [], (1, 0, 0, 0)),
        # Two come together: the older one stays, and nobody is said to have moved.
        ((9, 7), (0, 0), (7, 7), [(9, 7)], (0, 0, 0, 1)),
        # One falls apart: it stays with most of its records, with the first of them where they are as many.
        ((7, 7, 7), (0, 1, 1), (-1, 7, 7), [], (0, 1, 1, 0)),
        ((7, 7), (0, 1), (7, -1), [], (0, 1, 1, 0)),
        # One falls apart, and its smaller part goes to another one.
        ((7, 7, 7, 9), (0, 0, 1, 1), (7, 7, 9, 9), [], (0, 1, 0, 0)),
        # One goes into another one, but for a record that becomes somebody new.
        ((9, 9, 9, 7), (0, 0, 1, 0), (7, 7, -1, 7), [(9, 7)], (0, 1, 1, 1)),
        ((), (), (), [], (0, 0, 0, 0)),
    ],
)
def test_everybody_comes_where_most_of_them_are(customers, groups, comes_to, merges, counts):
    plan = plan_of(records(*customers), np.array(groups, np.int64))

    assert (tuple(plan.customer.tolist()), plan.merges) == (comes_to, merges)
    assert tuple(plan.counts().values()) == counts


def test_new_customers_get_their_ids_in_the_order_of_their_groups():
    plan = plan_of(records(0, 7, 0), np.array([0, 1, 2]))

    assert plan.with_ids(np.array([31, 32])).tolist() == [31, 7, 32]
    assert plan.customer.tolist() == [-1, 7, -2]
