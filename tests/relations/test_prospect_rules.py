"""The rules of prospects."""

from datetime import date, datetime, timedelta

import pytest

from customers.numbering import check_digit
from relations.rules import prospects as rules
from relations.rules.prospects import Wrong
from tests.customers.builders import KST

TODAY = date(2026, 11, 23)


def test_a_receipt_number_finds_every_mistyped_digit():
    number = rules.receipt_number(12_345)

    assert number == f"P000012345{check_digit('000012345')}"
    assert rules.parse_receipt_number(rules.written_receipt(number)) == number
    wrong = [number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :] for place in range(1, 11)]
    assert [rules.parse_receipt_number(each) for each in wrong] == [None] * 10


@pytest.mark.parametrize("serial", [0, -1, 10**9])
def test_a_serial_beyond_nine_digits_is_refused(serial):
    with pytest.raises(ValueError, match="does not fit"):
        rules.receipt_number(serial)


@pytest.mark.parametrize(
    ("born", "expected"),
    [(date(2012, 11, 23), False), (date(2012, 11, 24), True), (date(2012, 2, 29), False), (date(2020, 1, 1), True)],
)
def test_is_too_young_until_the_fourteenth_birthday(born, expected):
    assert rules.is_too_young(born, TODAY) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"consented_on": TODAY + timedelta(days=1)}, [Wrong.CONSENT_AHEAD]),
        ({"acquired_on": TODAY + timedelta(days=1)}, [Wrong.ACQUIRED_AHEAD]),
        ({"expires_on": TODAY + timedelta(days=365)}, []),
        ({"expires_on": TODAY + timedelta(days=366)}, [Wrong.EXPIRES_TOO_LATE]),
        ({"expires_on": TODAY - timedelta(days=1)}, [Wrong.EXPIRED]),
    ],
)
def test_wrong_with_consent(changed, expected):
    dates = {"consented_on": TODAY, "acquired_on": TODAY, "expires_on": TODAY + timedelta(days=30)} | changed

    assert rules.wrong_with_consent(**dates, on=TODAY, most_days=365) == expected


@pytest.mark.parametrize(
    ("typed", "consented", "expected"),
    [
        (["name", "birth_date", "mobile"], ["name", "birth_date", "mobile"], []),
        (["name", "mobile", "birth_date"], ["name", "mobile"], [Wrong.NO_ITEMS, Wrong.NOT_COVERED]),
        (["name", "birth_date", "mobile", "email"], ["name", "birth_date", "mobile"], [Wrong.NOT_COVERED]),
    ],
)
def test_wrong_with_items(typed, consented, expected):
    assert rules.wrong_with_items(typed, consented) == expected


@pytest.mark.parametrize(
    ("consented", "expires_on", "expected"),
    [
        (["name", "mobile"], TODAY, ("name", "mobile")),
        (["name"], TODAY, ("name",)),
        (["name", "mobile"], TODAY - timedelta(days=1), ()),
    ],
)
def test_carried_is_what_a_consent_that_lasts_covers(consented, expires_on, expected):
    assert rules.carried(["name", "mobile"], consented, expires_on, TODAY) == expected


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 11, 23, 14, tzinfo=KST), datetime(2026, 11, 24, 14, tzinfo=KST)),
        (datetime(2026, 11, 27, 17, tzinfo=KST), datetime(2026, 11, 30, 17, tzinfo=KST)),
        (datetime(2026, 12, 24, 9, tzinfo=KST), datetime(2026, 12, 28, 9, tzinfo=KST)),
    ],
)
def test_the_desk_answers_within_a_working_day(asked, due):
    assert rules.answer_due(asked, {date(2026, 12, 25)}) == due


@pytest.mark.parametrize(("days", "expected"), [(15, 0), (14, 1), (7, 2), (2, 2), (1, 3), (0, 3)])
def test_urgency_grows_at_14_7_and_1_days(days, expected):
    assert rules.urgency(days) == expected
