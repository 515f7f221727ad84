"""How far each record stands by what people wished, and what that does to the choice."""

import numpy as np
import pytest

from customers.golden.survivorship import CONTACT, Reason, choose
from customers.golden.wishing import Wanted, standing

RECORDS = [(11, 1), (12, 2), (13, 2)]


@pytest.mark.parametrize(
    ("wishes", "standings"),
    [
        ([], [0, 0, 0]),
        ([Wanted("mobile", 12, 0)], [0, 3, 0]),
        ([Wanted("email", 12, 0)], [0, 0, 0]),
        ([Wanted("", 0, 2)], [0, 2, 2]),
        ([Wanted("mobile", 12, 0), Wanted("mobile", 11, 0)], [5, 3, 0]),
        ([Wanted("mobile", 12, 0), Wanted("", 0, 2)], [0, 5, 2]),
        ([Wanted("mobile", 12, 0), Wanted("mobile", 0, 2)], [0, 4, 4]),
        ([Wanted("mobile", 99, 0), Wanted("", 0, 9)], [0, 0, 0]),
    ],
)
def test_the_newest_wish_stands_highest_and_one_on_the_item_above_one_on_all(wishes, standings):
    assert standing("mobile", wishes, RECORDS) == standings


def chosen(values: list[int], certainty: list[int], wished: list[int] | None) -> tuple[int, str, bool]:
    """Winner, reason and whether sources differ, of one customer whose first record is the newest."""
    rows = len(values)
    components = {
        Reason.CERTAINTY: np.array(certainty),
        Reason.RECENCY: np.arange(rows, 0, -1),
        Reason.TRUST: np.zeros(rows, np.int64),
    }
    held = None if wished is None else np.array(wished)
    choice = choose(CONTACT, np.array([0]), np.array(values), np.array(certainty), components, held)
    return int(choice.winner[0]), Reason(int(choice.reason[0])).name, bool(choice.differs[0])


@pytest.mark.parametrize(
    ("values", "certainty", "wished", "outcome"),
    [
        ([1, 2, 3], [3, 3, 3], None, (0, "RECENCY", True)),
        ([1, 2, 3], [3, 3, 3], [0, 0, 0], (0, "RECENCY", True)),
        ([1, 2, 3], [3, 3, 3], [0, 3, 0], (1, "PINNED", True)),
        ([1, 2, 3], [3, 3, 3], [0, 2, 2], (1, "RECENCY", True)),
        ([1, 2, 2], [3, 3, 3], [0, 2, 2], (1, "PREFERRED", True)),
        ([1, 2, 3], [3, 2, 3], [0, 3, 0], (1, "PINNED", False)),
        ([1, 2, 3], [3, 1, 3], [0, 3, 0], (0, "RECENCY", True)),
        ([1, 0, 3], [3, 0, 3], [0, 3, 2], (2, "PREFERRED", True)),
        ([1, 1, 1], [3, 3, 3], [0, 3, 0], (1, "AGREED", False)),
        ([0, 2, 0], [0, 3, 0], [0, 3, 0], (1, "ONLY", False)),
        ([0, 0, 0], [0, 0, 0], [0, 3, 0], (-1, "AGREED", False)),
    ],
)
def test_a_wished_record_wins_where_it_holds_a_usable_value(values, certainty, wished, outcome):
    assert chosen(values, certainty, wished) == outcome
