import re
from datetime import date

import numpy as np
import pytest

from customers.demo import numbers

RANDOM_SINCE = date(2020, 10, 5)


def body(number: int) -> np.ndarray:
    return np.array([number // 10])


@pytest.mark.parametrize("number", [9001011970015, 8512312980025, 229_3970031])
def test_resident_check_gives_the_last_digit(number):
    assert numbers.resident_check(body(number)).tolist() == [number % 10]


@pytest.mark.parametrize("number", [9001015982068, 8512316982070, 103057982083])
def test_alien_check_gives_the_last_digit(number):
    assert numbers.alien_check(body(number)).tolist() == [number % 10]


@pytest.mark.parametrize("number", [1101990000016, 1345990000127, 1801999901237])
def test_corporation_check_gives_the_last_digit(number):
    assert numbers.corporation_check(body(number)).tolist() == [number % 10]


@pytest.mark.parametrize("number", [1018100001, 2148699993, 6028798766])
def test_business_check_gives_the_last_digit(number):
    assert numbers.business_check(body(number)).tolist() == [number % 10]


def test_person_numbers_are_distinct_even_for_people_born_on_one_day():
    rng, day = np.random.default_rng(1), np.full(1_500, 33_000)

    drawn = numbers.person_numbers(rng, day, np.zeros(1_500, int), day < 0, day < 0)

    assert len(set(drawn.tolist())) == 1_500


def test_connecting_information_is_one_value_a_person():
    first, again, other = numbers.connecting_information(1, np.array([5, 5, 6]))

    assert (len(first), first == again, first == other) == (88, True, False)


def person_number_parts(number: str) -> tuple[date, int, int]:
    """Birth date, century and sex digit, twelve digits."""
    digits = number.replace("-", "").zfill(13)
    century = 1900 if digits[6] in "1256" else 2000
    born = date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    return born, int(digits[6]), int(digits[:12])


def test_person_numbers_in_files_have_a_date_and_mostly_a_right_check_digit(demo):
    found = [row["rrn"] for row in demo.canonical("customers") if row.get("rrn")]

    wrong = old = 0
    for number in found:
        born, century, twelve = person_number_parts(number)
        assert date(1900, 1, 1) < born < date(2026, 11, 23)
        if born < RANDOM_SINCE:
            check = numbers.alien_check if century > 4 else numbers.resident_check
            old += 1
            wrong += check(np.array([twelve]))[0] != int(number[-1])
    assert len(found) > 2_500
    assert 0 < wrong < 0.01 * old


def test_person_numbers_of_the_old_layout_carry_a_region_no_office_had(demo):
    found = [row["rrn"] for row in demo.canonical("customers") if row["source"] == "POLICY" and row.get("rrn")]

    regions = [number[8:10] for number in found if person_number_parts(number)[0] < RANDOM_SINCE]

    assigned = [region for region in regions if region not in ("97", "98")]
    assert len(assigned) <= 0.003 * len(regions)  # numbers changed since October 2020


def test_business_and_corporate_numbers_in_files_are_right(demo):
    rows = list(demo.canonical("customers"))
    business = {row["company_no"] for row in rows if row.get("company_no")}
    corporate = {row["crn"] for row in rows if row.get("crn")}

    assert [text for text in business if not re.fullmatch(r"\d{3}-\d\d-\d{5}", text)] == []
    assert [text for text in corporate if not re.fullmatch(r"\d{6}-\d{7}", text)] == []
    for found, check in ((business, numbers.business_check), (corporate, numbers.corporation_check)):
        all_digits = np.array([int(text.replace("-", "")) for text in sorted(found)])
        assert len(all_digits) > 20
        assert check(all_digits // 10).tolist() == (all_digits % 10).tolist()
