from datetime import date

import numpy as np
import pytest

from customers.demo.lunar import has_lunar, lunar
from customers.demo.text import day_number


@pytest.mark.parametrize(
    ("solar", "expected"),
    [
        (date(1950, 2, 17), "1950-01-01"),  # new year
        (date(1955, 4, 22), "1955-03-01"),  # first day of the leap third month
        (date(1960, 10, 5), "1960-08-15"),  # harvest moon
        (date(1970, 2, 5), "1969-12-29"),
        (date(1981, 12, 30), "1981-12-05"),
    ],
)
def test_lunar_gives_the_date_of_the_korean_calendar(solar, expected):
    assert lunar(np.array([day_number(solar)])).tolist() == [expected]


def test_has_lunar_covers_the_years_of_the_table():
    days = [day_number(day) for day in (date(1926, 2, 12), date(1926, 2, 13), date(1982, 1, 24), date(1982, 1, 25))]

    assert has_lunar(np.array(days)).tolist() == [False, True, True, False]
