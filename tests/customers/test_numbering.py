"""The customer number and its check digit."""

import pytest

from customers.numbering import check_digit, customer_number, parse_customer_number, written_number

NUMBERS = [customer_number(serial) for serial in (1, 2, 9, 10, 12_345, 777_777_777, 987_654_321, 999_999_999)]


def test_check_digit_agrees_with_the_published_example():
    assert check_digit("572") == 4
    assert check_digit("5724") == 0


@pytest.mark.parametrize("serial", [0, -1, 10**9])
def test_a_serial_that_does_not_fit_is_refused(serial):
    with pytest.raises(ValueError, match="does not fit"):
        customer_number(serial)


def test_numbers_are_ten_digits_and_all_different():
    numbers = {customer_number(serial) for serial in range(1, 5_000)}

    assert len(numbers) == 4_999
    assert {(len(number), number.isdecimal()) for number in numbers} == {(10, True)}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_wrong_digit_is_noticed(number):
    mistyped = [
        number[:place] + digit + number[place + 1 :]
        for place in range(10)
        for digit in "0123456789"
        if digit != number[place]
    ]

    assert len(mistyped) == 90
    assert [written for written in mistyped if parse_customer_number(written)] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_every_swap_of_neighbours_is_noticed(number):
    swapped = [number[:place] + number[place + 1] + number[place] + number[place + 2 :] for place in range(9)]

    assert [written for written in swapped if written != number and parse_customer_number(written)] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_read_as_it_is_written(number):
    shown = written_number(number)

    assert shown == f"C-{number[:9]}-{number[9]}"
    for written in (number, shown, shown.lower(), f" {shown} ", f"C{number}"):
        assert parse_customer_number(written) == number


@pytest.mark.parametrize("written", ["", "C-", "12345", "C-000012345", "００００００００１３", "0000000013x", "1" * 11])
def test_what_is_no_number_is_none(written):
    assert parse_customer_number(written) is None
