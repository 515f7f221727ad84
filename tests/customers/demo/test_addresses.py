from datetime import date

import numpy as np
import pytest

from customers.demo.addresses import Dwellings, write_addresses
from customers.demo.places import PLACES
from customers.demo.text import day_number, table

RURAL = int(np.flatnonzero((PLACES.district == "홍천군 ") & (PLACES.village == "희망리"))[0])
URBAN = int(np.flatnonzero((PLACES.district == "강남구 ") & (PLACES.village == "역삼동"))[0])


def one(place: int, *, flats: str = "", block: int = 0, unit: int = 0) -> Dwellings:
    numbers = (np.array([number]) for number in (12, 3, 45, 6))
    return Dwellings(
        np.array([place]), table(["테헤란로"]), *numbers, table([flats]), np.array([block]), np.array([unit]),
        table(["06236"]),
    )  # fmt: skip


def every_way(dwelling: Dwellings, day: date, lots: float) -> set[str]:
    """All ways of writing the dwelling, from many draws."""
    rows, days = np.zeros(2_000, dtype=int), np.full(2_000, day_number(day))
    return set(write_addresses(np.random.default_rng(1), dwelling, rows, days, lots)[2])


def test_road_address_of_flats_with_and_without_bracket_and_short_unit():
    ways = every_way(one(URBAN, flats="한빛", block=101, unit=1203), date(2026, 1, 1), 0.0)

    start = ("서울특별시", "서울")
    units = ("101동 1203호", "101-1203")
    assert ways == {
        f"{province} 강남구 테헤란로 12-3, {unit}{bracket}"
        for province in start
        for unit in units
        for bracket in ("", " (역삼동, 한빛아파트)")
    }


def test_lot_address_of_a_house():
    ways = every_way(one(RURAL), date(2026, 1, 1), 1.0)

    provinces = ("강원특별자치도", "강원", "강원도")
    assert ways == {f"{province} 홍천군 홍천읍 희망리 45-6{word}" for province in provinces for word in ("", "번지")}


def test_road_address_in_the_country_names_the_town_and_no_bracket():
    assert every_way(one(RURAL), date(2026, 1, 1), 0.0) == {
        f"{province} 홍천군 홍천읍 테헤란로 12-3" for province in ("강원특별자치도", "강원", "강원도")
    }


@pytest.mark.parametrize(
    ("province", "day", "expected"),
    [
        ("51", date(2023, 6, 10), {"강원도", "강원"}),
        ("51", date(2023, 6, 11), {"강원특별자치도", "강원도", "강원"}),
        ("52", date(2024, 1, 17), {"전라북도", "전북"}),
        ("52", date(2024, 1, 18), {"전북특별자치도", "전라북도", "전북"}),
        ("29", date(2026, 6, 30), {"광주광역시", "광주"}),
        ("46", date(2026, 7, 1), {"전남광주통합특별시", "전라남도", "전남"}),
        ("41", date(2010, 1, 1), {"경기도", "경기"}),
    ],
)
def test_provinces_bear_the_name_of_the_day(province, day, expected):
    place = int(np.flatnonzero(PLACES.province == province)[0])

    assert {way.split()[0] for way in every_way(one(place), day, 1.0)} == expected
