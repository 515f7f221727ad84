"""How values are written for readers in Korea."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from customers import formats
from customers.numbering import check_digit, customer_number, parse_customer_number, written_number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (date(2026, 11, 22), "2026-11-22"),
        (date(985, 1, 2), "0985-01-02"),
        (datetime(2026, 11, 22, 14, 59, tzinfo=UTC), "2026-11-22"),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_a_day_is_the_day_in_korea(value, written):
    assert formats.day(value) == written


def test_a_moment_is_told_in_korea_s_time():
    assert formats.moment(datetime(2026, 11, 22, 5, 32, tzinfo=UTC)) == "2026-11-22 14:32"
    assert formats.moment(None) == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, ""), (0, "0"), (1234, "1,234"), (Decimal("1234567.4"), "1,234,567"), (-5000, "-5,000")],
)
def test_amounts_are_grouped_by_thousands(value, written):
    assert formats.amount(value) == written


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("01012345678", "010-1234-5678"),
        ("0111234567", "011-123-4567"),
        ("021234567", "02-123-4567"),
        ("0212345678", "02-1234-5678"),
        ("0311234567", "031-123-4567"),
        ("15881234", "1588-1234"),
        ("050212345678", "0502-1234-5678"),
        ("+12025550123", "+12025550123"),
        ("123456", "123456"),
        ("", ""),
    ],
)
def test_phone_numbers_get_their_hyphens(digits, written):
    assert formats.phone(digits) == written


@pytest.mark.parametrize(
    ("write", "digits", "written"),
    [
        (formats.business_number, "1234567890", "123-45-67890"),
        (formats.business_number, "123456789", "123456789"),
        (formats.business_number, "", ""),
        (formats.corporate_number, "1101111234567", "110111-1234567"),
        (formats.corporate_number, "110111", "110111"),
    ],
)
def test_numbers_of_organisations_get_their_hyphens(write, digits, written):
    assert write(digits) == written


@pytest.mark.parametrize("written", ["C-000012345-9", "c-000012345-9", "C0000123459", "000012345-9", " 0000123459 "])
def test_a_customer_number_is_understood_in_every_way_it_is_written(written):
    assert parse_customer_number(written) == "0000123459"


@pytest.mark.parametrize(
    "written", ["C-000012345-8", "C-000012354-9", "C-12345-9", "0000123459x", "", "１２３４５６７８９０"]
)
def test_a_mistyped_customer_number_is_none(written):
    assert parse_customer_number(written) is None


def test_a_number_is_written_with_its_serial_and_check_digit():
    assert (customer_number(12345), written_number("0000123459")) == ("0000123459", "C-000012345-9")


@pytest.mark.parametrize("serial", [0, -1, 10**9])
def test_a_serial_beyond_nine_digits_is_refused(serial):
    with pytest.raises(ValueError, match="does not fit"):
        customer_number(serial)


def test_the_check_digit_finds_every_wrong_digit_and_every_swap_of_neighbours():
    for serial in (1, 12345, 987654321, 100000000):
        digits = f"{serial:09}"
        check = check_digit(digits)
        wrong = {digits[:at] + other + digits[at + 1 :] for at in range(9) for other in "0123456789"} - {digits}
        swapped = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(8)} - {digits}

        assert [number for number in wrong | swapped if check_digit(number) == check] == []
