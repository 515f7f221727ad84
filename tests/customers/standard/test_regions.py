"""The 시도 by day, and the table that administrators edit."""

from datetime import date

import pytest

from customers.standard import REGIONS, Region, address, build_index, region_of_code, region_on

# Written, first and last day of a period, meaning on those days; an open period ends with None.
MEANINGS = [
    ("서울", date(2000, 1, 1), None, "서울특별시"),
    ("서울시", date(2000, 1, 1), None, "서울특별시"),
    ("부산직할시", date(2000, 1, 1), None, "부산광역시"),
    ("강원도", date(2000, 1, 1), date(2023, 6, 10), "강원도"),
    ("강원도", date(2023, 6, 11), None, "강원특별자치도"),
    ("강원", date(2023, 6, 11), None, "강원특별자치도"),
    ("전라북도", date(2000, 1, 1), date(2024, 1, 17), "전라북도"),
    ("전라북도", date(2024, 1, 18), None, "전북특별자치도"),
    ("전북", date(2024, 1, 18), None, "전북특별자치도"),
    ("광주광역시", date(2000, 1, 1), date(2026, 6, 30), "광주광역시"),
    ("광주광역시", date(2026, 7, 1), None, "전남광주통합특별시"),
    ("광주", date(2026, 7, 1), None, "전남광주통합특별시"),
    ("전라남도", date(2000, 1, 1), date(2026, 6, 30), "전라남도"),
    ("전남", date(2026, 7, 1), None, "전남광주통합특별시"),
    ("전남광주", date(2026, 7, 1), None, "전남광주통합특별시"),
    ("세종시", date(2012, 7, 1), None, "세종특별자치시"),
    ("제주도", date(2006, 7, 1), None, "제주특별자치도"),
]


@pytest.mark.parametrize(("written", "first", "last", "name"), MEANINGS)
def test_region_means_what_it_meant_on_the_day(written, first, last, name):
    found = [region_on(written, day) for day in (first, last or date(2030, 1, 1))]

    assert [region.name for region in found] == [name, name]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("광주시", date(2020, 1, 1)),
        ("광주시", date(2026, 7, 1)),
        ("전남광주통합특별시", date(2026, 6, 30)),
        ("평양", date(2026, 7, 1)),
    ],
)
def test_region_has_no_meaning_where_it_is_ambiguous_or_not_yet(written, day):
    assert region_on(written, day) is None


@pytest.mark.parametrize(("day", "count"), [(date(2020, 1, 1), 17), (date(2026, 6, 30), 17), (date(2026, 7, 1), 16)])
def test_regions_of_a_day_divide_all_postcodes_among_them(day, count):
    index = build_index(REGIONS, day)

    assert len(set(index.names.values())) == count
    assert sorted(index.by_postcode) == [f"{number:02}" for number in range(1, 64)]


def test_address_is_written_with_the_region_of_the_day():
    before, after = (build_index(REGIONS, day) for day in (date(2026, 6, 30), date(2026, 7, 1)))
    raw = "전남 순천시 중앙로 12"

    found = [address(raw, "57900", index) for index in (before, after)]

    assert [form.value for form in found] == ["전라남도 순천시 중앙로 12", "전남광주통합특별시 순천시 중앙로 12"]
    assert [form.problems for form in found] == [(), ()]


def test_region_of_code_reads_a_row_of_the_table():
    row = ("29", "광주광역시", " 광주, 빛고을 ,", "61,62", None, date(2026, 6, 30))

    assert region_of_code(*row) == Region(
        "29", "광주광역시", "광주", ("광주", "빛고을"), ("61", "62"), date.min, date(2026, 6, 30)
    )


def test_region_of_code_knows_no_code_where_the_name_stands_in_for_it():
    assert region_of_code("새도", "새도", "", "64", date(2030, 1, 1), None) == Region(
        "", "새도", "", (), ("64",), date(2030, 1, 1)
    )


def test_region_of_code_gives_every_region_back():
    rows = [
        (
            region.code or region.name,
            region.name,
            ",".join((region.short, *region.aliases)),
            ",".join(region.postcodes),
            None if region.valid_from == date.min else region.valid_from,
            region.valid_to,
        )
        for region in REGIONS
    ]

    for day in (date(2020, 1, 1), date(2024, 6, 1), date(2026, 7, 1)):
        assert build_index([region_of_code(*row) for row in rows], day) == build_index(REGIONS, day)


def test_region_names_are_taken_as_text_not_as_a_pattern():
    index = build_index([Region("99", "새(도)", "새.", (), ("64",))], date(2030, 1, 1))

    assert address("새(도) 가나시 다라로 1", "", index).region == "새(도)"
    assert address("새도 가나시 다라로 1", "", index).region == ""
