"""Birth dates, plain dates and instants as the files of an insurer hold them."""

from datetime import date, datetime

import pytest

from customers.standard import birth_date, instant, plain_date
from customers.standard.certainty import DOUBTFUL, PLAUSIBLE, UNUSABLE

TODAY = date(2026, 11, 22)
# Raw, value, certainty, problems, whether lunar, year.
BIRTHS = [
    # every spelling of one day
    ("19900105", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990-01-05", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990.01.05", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990/01/05", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990-1-5", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990. 1. 5.", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990 01 05", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990년 1월 5일", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990년01월05일", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("１９９０－０１－０５", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("19900105.0", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990-01-05 00:00:00", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990-01-05T00:00:00", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990/1/5 0:00", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990-01-05 오전 12:00:00", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    ("1990-01-05(양)", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    # with the century assumed: the latest day that is not in the future
    ("90-01-05", date(1990, 1, 5), DOUBTFUL, "TWO_DIGIT_YEAR", False, 1990),
    ("900105", date(1990, 1, 5), DOUBTFUL, "TWO_DIGIT_YEAR", False, 1990),
    ("90.1.5", date(1990, 1, 5), DOUBTFUL, "TWO_DIGIT_YEAR", False, 1990),
    ("90년 1월 5일", date(1990, 1, 5), DOUBTFUL, "TWO_DIGIT_YEAR", False, 1990),
    ("26-11-22", date(2026, 11, 22), DOUBTFUL, "TWO_DIGIT_YEAR", False, 2026),
    ("26-11-23", date(1926, 11, 23), DOUBTFUL, "TWO_DIGIT_YEAR", False, 1926),
    ("061122", date(2006, 11, 22), DOUBTFUL, "TWO_DIGIT_YEAR", False, 2006),
    ("70105", date(2007, 1, 5), DOUBTFUL, "LEADING_ZERO TWO_DIGIT_YEAR", False, 2007),
    # from spreadsheets and with the year behind
    ("32878", date(1990, 1, 5), DOUBTFUL, "EXCEL_SERIAL", False, 1990),
    ("32878.0", date(1990, 1, 5), DOUBTFUL, "EXCEL_SERIAL", False, 1990),
    ("01/05/1990", date(1990, 1, 5), DOUBTFUL, "DAY_ORDER", False, 1990),
    ("13/02/1990", date(1990, 2, 13), DOUBTFUL, "DAY_ORDER", False, 1990),
    # lunar
    ("1990-01-05(음)", date(1990, 1, 5), PLAUSIBLE, "LUNAR", True, 1990),
    ("(음)1990-01-05", date(1990, 1, 5), PLAUSIBLE, "LUNAR", True, 1990),
    ("음력 1990-01-05", date(1990, 1, 5), PLAUSIBLE, "LUNAR", True, 1990),
    ("1990.01.05 음", date(1990, 1, 5), PLAUSIBLE, "LUNAR", True, 1990),
    ("음1990-01-05", date(1990, 1, 5), PLAUSIBLE, "LUNAR", True, 1990),
    ("1990-01-05L", date(1990, 1, 5), PLAUSIBLE, "LUNAR", True, 1990),
    ("850815(음)", date(1985, 8, 15), DOUBTFUL, "LUNAR TWO_DIGIT_YEAR", True, 1985),
    ("1985.8.15(음력)", date(1985, 8, 15), PLAUSIBLE, "LUNAR", True, 1985),
    ("2000-02-30(음)", None, DOUBTFUL, "LUNAR NO_SOLAR_DATE", True, 2000),
    ("1990-04-31(음)", None, UNUSABLE, "LUNAR IMPOSSIBLE_DATE", True, None),
    ("1990-05-01(윤)", date(1990, 5, 1), PLAUSIBLE, "LUNAR", True, 1990),
    ("음력 윤달 1990-05-01", date(1990, 5, 1), PLAUSIBLE, "LUNAR", True, 1990),
    # year only
    ("1990", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("1990년", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("1990년생", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("90년생", None, DOUBTFUL, "TWO_DIGIT_YEAR YEAR_ONLY", False, 1990),
    ("26년생", None, DOUBTFUL, "TWO_DIGIT_YEAR YEAR_ONLY", False, 2026),
    ("27년생", None, DOUBTFUL, "TWO_DIGIT_YEAR YEAR_ONLY", False, 1927),
    ("1990-05", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("199005", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("1990년 5월", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("19900000", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("1990-00-00", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    ("1990-05-00", None, DOUBTFUL, "YEAR_ONLY", False, 1990),
    # placeholders
    ("1900-01-01", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("1900.01.01", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("19000101", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("1899-12-30", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("00000000", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("0000-00-00", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("9999-12-31", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("99991231", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("11111111", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("1111-11-11", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("없음", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("-", None, UNUSABLE, "PLACEHOLDER", False, None),
    ("모름", None, UNUSABLE, "PLACEHOLDER", False, None),
    # impossible, future, too old; tomorrow and 120 years ago
    ("1990-02-30", None, UNUSABLE, "IMPOSSIBLE_DATE", False, None),
    ("2001-02-29", None, UNUSABLE, "IMPOSSIBLE_DATE", False, None),
    ("1990-13-01", None, UNUSABLE, "IMPOSSIBLE_DATE", False, None),
    ("2026-11-22", date(2026, 11, 22), PLAUSIBLE, "", False, 2026),
    ("2026-11-23", None, UNUSABLE, "FUTURE", False, None),
    ("2099-12-31", None, UNUSABLE, "FUTURE", False, None),
    ("1906-11-22", date(1906, 11, 22), PLAUSIBLE, "", False, 1906),
    ("1906-11-21", None, UNUSABLE, "TOO_OLD", False, None),
    ("1805-01-01", None, UNUSABLE, "TOO_OLD", False, None),
    # from the first part of a resident number, and behind the sign for text of a spreadsheet
    ("900105-1******", date(1990, 1, 5), DOUBTFUL, "NOTE", False, 1990),
    ("050105-4", date(2005, 1, 5), DOUBTFUL, "NOTE", False, 2005),
    ("'1990-01-05", date(1990, 1, 5), PLAUSIBLE, "", False, 1990),
    # no dates
    ("Jan 5, 1990", None, UNUSABLE, "FORM", False, None),
    ("40대", None, UNUSABLE, "FORM", False, None),
    ("갑자년", None, UNUSABLE, "FORM", False, None),
]
# Raw, value, certainty, problems.
DAYS = [
    ("2024-02-29", date(2024, 2, 29), PLAUSIBLE, ""),
    ("20240229", date(2024, 2, 29), PLAUSIBLE, ""),
    ("2024.2.29", date(2024, 2, 29), PLAUSIBLE, ""),
    ("2024년 2월 29일", date(2024, 2, 29), PLAUSIBLE, ""),
    ("24-02-29", date(2024, 2, 29), DOUBTFUL, "TWO_DIGIT_YEAR"),
    ("70-01-01", date(1970, 1, 1), DOUBTFUL, "TWO_DIGIT_YEAR"),
    ("69-12-31", date(2069, 12, 31), DOUBTFUL, "TWO_DIGIT_YEAR"),
    ("45351", date(2024, 2, 29), DOUBTFUL, "EXCEL_SERIAL"),
    ("2024-02-29 13:45:00", date(2024, 2, 29), PLAUSIBLE, ""),
    ("9999-12-31", None, PLAUSIBLE, "OPEN_END"),
    ("99991231", None, PLAUSIBLE, "OPEN_END"),
    ("9999-12-30", None, PLAUSIBLE, "OPEN_END"),
    ("2999-12-31", None, PLAUSIBLE, "OPEN_END"),
    ("00000000", None, UNUSABLE, "PLACEHOLDER"),
    ("1900-01-01", None, UNUSABLE, "PLACEHOLDER"),
    ("2023-02-29", None, UNUSABLE, "IMPOSSIBLE_DATE"),
    ("1750-01-01", date(1750, 1, 1), DOUBTFUL, "UNLIKELY_YEAR"),
    ("2024-02", None, UNUSABLE, "YEAR_ONLY"),
    ("2024", None, UNUSABLE, "YEAR_ONLY"),
    ("31/12/2024", date(2024, 12, 31), DOUBTFUL, "DAY_ORDER"),
    ("없음", None, UNUSABLE, "PLACEHOLDER"),
    ("어제", None, UNUSABLE, "FORM"),
]
INSTANTS = [
    ("2024-02-29", datetime(2024, 2, 29, 0, 0), PLAUSIBLE, ""),
    ("2024-02-29 13:45:10", datetime(2024, 2, 29, 13, 45, 10), PLAUSIBLE, ""),
    ("2024-02-29T13:45:10", datetime(2024, 2, 29, 13, 45, 10), PLAUSIBLE, ""),
    ("2024-02-29T13:45:10.250", datetime(2024, 2, 29, 13, 45, 10, 250000), PLAUSIBLE, ""),
    ("20240229134510", datetime(2024, 2, 29, 13, 45, 10), PLAUSIBLE, ""),
    ("202402291345", datetime(2024, 2, 29, 13, 45), PLAUSIBLE, ""),
    ("2024.02.29 13:45", datetime(2024, 2, 29, 13, 45), PLAUSIBLE, ""),
    ("2024-02-29 오후 1:45", datetime(2024, 2, 29, 13, 45), PLAUSIBLE, ""),
    ("2024-02-29 1:45 PM", datetime(2024, 2, 29, 13, 45), PLAUSIBLE, ""),
    ("2024-02-29 오전 12:05", datetime(2024, 2, 29, 0, 5), PLAUSIBLE, ""),
    ("2024-02-29T13:45:10+09:00", datetime(2024, 2, 29, 13, 45, 10), PLAUSIBLE, ""),
    ("2024-02-29T04:45:10Z", datetime(2024, 2, 29, 13, 45, 10), PLAUSIBLE, ""),
    ("2024-02-29T23:45:10-05:00", datetime(2024, 3, 1, 13, 45, 10), PLAUSIBLE, ""),
    ("2024-02-29 25:00", None, UNUSABLE, "FORM"),
    ("2023-02-29 10:00", None, UNUSABLE, "IMPOSSIBLE_DATE"),
    ("9999-12-31", None, UNUSABLE, "PLACEHOLDER"),
    ("없음", None, UNUSABLE, "PLACEHOLDER"),
]


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "is_lunar", "year"), BIRTHS)
def test_birth_date_has_one_standard_form(raw, value, certainty, problems, is_lunar, year):
    assert birth_date(raw, TODAY) == (value, certainty, tuple(problems.split()), is_lunar, year)


@pytest.mark.parametrize(("raw", "value", "certainty", "problems"), DAYS)
def test_plain_date_has_one_standard_form(raw, value, certainty, problems):
    assert plain_date(raw) == (value, certainty, tuple(problems.split()))


@pytest.mark.parametrize(("raw", "value", "certainty", "problems"), INSTANTS)
def test_instant_is_in_korean_time(raw, value, certainty, problems):
    assert instant(raw) == (value, certainty, tuple(problems.split()))
