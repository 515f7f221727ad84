"""How two records agree, item by item: a table of cases for every level of every field."""

import numpy as np
import pytest

from customers.dedup.comparison import FIELDS, LEVELS, Circumstances, compare
from tests.customers.dedup.rows import compared, named, rows

HOME = "서울특별시 양천구 목동동로 100, 101동 1001호"
BUILDING = "서울특별시 양천구 목동동로 100"
LOT = "서울특별시 양천구 목동 905-32, 101동 1001호"
ABROAD = "12 Rue de la Paix, 75002 Paris, France"

# Field, cells of one record, cells of the other, level.
CASES = [
    ("name", {}, {"name": "김철수"}, "unknown"),
    ("name", {"name": "김철수"}, {"name": "김철수"}, "exact"),
    ("name", {"name": "김 철수"}, {"name": "김철수"}, "exact"),
    ("name", {"name": "김철수"}, {"name": "김철슈"}, "near"),
    ("name", {"name": "이영희"}, {"name": "리영희"}, "exact"),
    ("name", {"name": "김철수"}, {"name": "김수철"}, "alike"),
    ("name", {"name": "홍길동"}, {"name": "홍*동"}, "alike"),
    ("name", {"name": "홍길동"}, {"name": "홍*순"}, "other"),
    ("name", {"name": "김민지"}, {"name": "김민혁"}, "part"),
    ("name", {"name": "김철수"}, {"name": "박영희"}, "other"),
    ("name", {"name": "김철수"}, {"name": "Kim Cheolsu"}, "sounded"),
    ("name", {"name": "김철수"}, {"name": "John Smith"}, "apart"),
    ("birth", {}, {"birth": "1980-05-17"}, "unknown"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "80.5.17"}, "exact"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "음 1980-05-17"}, "exact"),
    ("birth", {"birth": "1980"}, {"birth": "1980"}, "year"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1980"}, "year"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1980-01-01"}, "year"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1981"}, "other"),
    ("birth", {"birth": "1980"}, {"birth": "1981"}, "other"),
    ("birth", {"birth": "1980-01-02"}, {"birth": "1980-01-01"}, "year"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1980-05-18"}, "slip"),
    ("birth", {"birth": "1980-05-12"}, {"birth": "1980-05-21"}, "slip"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1990-05-17"}, "slip"),
    ("birth", {"birth": "1998-05-17"}, {"birth": "1989-05-17"}, "slip"),
    ("birth", {"birth": "1980-05-12"}, {"birth": "1980-12-05"}, "shifted"),
    ("birth", {"birth": "1979-05-17"}, {"birth": "1980-05-17"}, "shifted"),
    ("birth", {"birth": "1979-05-17"}, {"birth": "1981-05-17"}, "shifted"),
    ("birth", {"birth": "1979-05-17"}, {"birth": "1982-05-17"}, "other"),
    ("birth", {"birth": "1960-05-17"}, {"birth": "1960-06-24"}, "calendar"),
    ("birth", {"birth": "1960-12-20"}, {"birth": "1961-01-31"}, "calendar"),
    ("birth", {"birth": "음 1980-05-17"}, {"birth": "1980-06-29"}, "calendar"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1980-06-29"}, "other"),
    ("birth", {"birth": "1960-05-11"}, {"birth": "1960-07-04"}, "other"),
    ("birth", {"birth": "1960-05-15"}, {"birth": "1960-06-01"}, "calendar"),
    ("birth", {"birth": "1960-05-16"}, {"birth": "1960-06-01"}, "other"),
    ("birth", {"birth": "1960-05-10"}, {"birth": "1960-07-02"}, "calendar"),
    ("birth", {"birth": "1960-05-10"}, {"birth": "1960-07-03"}, "other"),
    ("birth", {"birth": "1980-05-17"}, {"birth": "1955-11-30"}, "other"),
    ("sex", {}, {"sex": "M"}, "unknown"),
    ("sex", {"sex": "M"}, {"sex": "남"}, "same"),
    ("sex", {"sex": "M"}, {"sex": "F"}, "other"),
    ("mobile", {}, {"mobile": "010-3477-3122"}, "unknown"),
    ("mobile", {"mobile": "010-3477-3122"}, {"mobile": "+82 10 3477 3122"}, "same"),
    ("mobile", {"mobile": "016-477-3122"}, {"mobile": "010-3477-3122"}, "prefix"),
    ("mobile", {"mobile": "011-477-3122"}, {"mobile": "016-477-3122"}, "prefix"),
    ("mobile", {"mobile": "010-3477-3122"}, {"mobile": "010-3477-3123"}, "digit"),
    ("mobile", {"mobile": "010-3477-3122"}, {"mobile": "010-8477-3122"}, "prefix"),
    ("mobile", {"mobile": "011-3477-3122"}, {"mobile": "010-3477-3123"}, "digit"),
    ("mobile", {"mobile": "010-3477-3122"}, {"mobile": "010-3477-1322"}, "other"),
    ("mobile", {"mobile": "010-3477-3122"}, {"mobile": "010-8254-9071"}, "other"),
    ("phone", {}, {"phone": "02-345-6789"}, "unknown"),
    ("phone", {"phone": "02-345-6789"}, {"phone": "(02) 345 6789"}, "same"),
    ("phone", {"phone": "02-345-6789"}, {"phone": "02-345-6780"}, "other"),
    ("email", {}, {"email": "chulsoo80@naver.com"}, "unknown"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "Chulsoo80@Naver.com"}, "same"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "chulsoo80@gmail.com"}, "alike"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "chulsoo8@naver.com"}, "alike"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "chulsoo08@gmail.com"}, "alike"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "chulsoo88@naver.com"}, "alike"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "younghee@naver.com"}, "other"),
    ("email", {"email": "hong@naver.com"}, {"email": "hang@naver.com"}, "other"),
    ("email", {"email": "hong@naver.com"}, {"email": "hong@daum.net"}, "alike"),
    ("email", {"email": "chulsoo80@naver.com"}, {"email": "chulsoo80@naver.con"}, "same"),
    ("address", {}, {"address": HOME}, "unknown"),
    ("address", {"address": HOME}, {"address": HOME}, "dwelling"),
    ("address", {"address": HOME}, {"address": BUILDING}, "building"),
    ("address", {"address": BUILDING}, {"address": BUILDING}, "building"),
    ("address", {"address": HOME}, {"address": BUILDING + ", 101동 1002호"}, "neighbour"),
    ("address", {"address": HOME, "postcode": "07937"}, {"address": LOT, "postcode": "07937"}, "unit"),
    ("address", {"address": HOME}, {"address": LOT}, "style"),
    (
        "address",
        {"address": HOME, "postcode": "07937"},
        {"address": "서울특별시 양천구 목동동로 102", "postcode": "07937"},
        "postcode",
    ),
    ("address", {"address": HOME, "postcode": "07937"}, {"postcode": "07937"}, "postcode"),
    ("address", {"address": HOME, "postcode": "07937"}, {"postcode": "07938"}, "other"),
    ("address", {"address": HOME}, {"address": "서울특별시 양천구 신정로 7"}, "district"),
    ("address", {"address": HOME}, {"address": "부산광역시 해운대구 센텀로 5"}, "other"),
    ("address", {"address": ABROAD}, {"address": ABROAD.upper()}, "building"),
    ("address", {"address": ABROAD}, {"address": "100 Main Street, Springfield, USA"}, "unknown"),
    ("address", {"address": ABROAD}, {"address": HOME}, "unknown"),
    ("address", {"address": ABROAD, "postcode": "07937"}, {"address": HOME, "postcode": "07937"}, "postcode"),
    ("rarity", {}, {}, "unknown"),
    ("age", {}, {}, "unknown"),
    ("age", {"birth": "1954-12-31"}, {}, "old"),
    ("age", {"birth": "1955-01-01"}, {}, "elderly"),
    ("age", {"birth": "1971"}, {}, "elderly"),
    ("age", {"birth": "1972"}, {}, "adult"),
    ("age", {"birth": "2008-12-31"}, {}, "adult"),
    ("age", {"birth": "2009-01-01"}, {}, "child"),
    ("age", {"birth": "음 1950-01-01"}, {"birth": "2015-01-01"}, "old"),
    ("kind", {}, {}, "person"),
    ("kind", {"kind": "ORG", "name": "(주)한빛상사"}, {"kind": "ORG", "name": "한빛상사"}, "organisation"),
    ("kind", {"kind": "ORG", "name": "(주)한빛상사"}, {"name": "김철수"}, "mixed"),
]
CASES += [
    (field, *case)
    for field in ("rrn", "ci", "employee", "brn", "crn")
    for case in (
        ({}, {field: "A"}, "unknown"),
        ({field: "A"}, {field: "A"}, "same"),
        ({field: "A"}, {field: "B"}, "other"),
    )
]
FOUND_BESIDE = {"rarity", "mobile_crowd", "phone_crowd"}  # levels of circumstances have their own tests


@pytest.mark.parametrize(("field", "one", "other", "level"), CASES)
def test_compare(field, one, other, level):
    assert named(compared(one, other))[field] == level
    assert named(compared(other, one))[field] == level


def test_every_level_of_every_field_has_a_case():
    told = {field: {case[3] for case in CASES if case[0] == field} for field in FIELDS}

    assert {field: set(LEVELS[field]) - told[field] for field in FIELDS if field not in FOUND_BESIDE} == {
        field: set() for field in FIELDS if field not in FOUND_BESIDE
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [("", ""), ("서울 양천구 목동동로", "서울 양천구 신정로"), ("목동 101동 1001호", "목동 101동 1001호")],
)
def test_two_postcodes_without_a_building_are_no_building(one, other):
    here, there = ({"address": address, "postcode": "07937"} for address in (one, other))

    assert named(compared(here, there))["address"] in ("postcode", "unit")


def test_two_postcodes_that_differ_are_no_building():
    assert named(compared({"postcode": "07937"}, {"postcode": "07938"}))["address"] == "other"


SEJONG = "세종특별자치시 한누리대로 2130, 101동 1001호"


@pytest.mark.parametrize(
    ("elsewhere", "level"), [("세종특별자치시 달빛로 7, 203동 302호", "district"), (HOME, "other")]
)
def test_two_known_addresses_of_which_one_is_in_sejong_are_not_unknown(elsewhere, level):
    assert named(compared({"address": SEJONG}, {"address": elsewhere}))["address"] == level


def test_sejong_is_known_down_to_building_and_dwelling():
    building = SEJONG.split(",")[0]

    found = [named(compared({"address": SEJONG}, {"address": other}))["address"] for other in (SEJONG, building)]

    assert found == ["dwelling", "building"]


@pytest.mark.parametrize(
    ("one", "other", "level"), [(0, 0, "unknown"), (0, 1, "rare"), (1, 3, "common"), (4, 2, "very_common")]
)
def test_the_rarity_of_two_names_is_that_of_the_commoner(one, other, level):
    held = rows({"name": "김철수"}, {"name": "김철슈"})
    around = Circumstances(np.array([one, other], np.int8), *np.zeros((2, 2), np.int32))

    found = compare(held, around, np.array([0, 1]), np.array([1, 0]))

    assert found[:, FIELDS.index("rarity")].tolist() == [LEVELS["rarity"].index(level)] * 2


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        *((0, 0, "one"), (1, 1, "one"), (2, 2, "two"), (3, 3, "three"), (4, 4, "few"), (6, 6, "few")),
        *((7, 7, "many"), (12, 12, "many"), (13, 13, "crowd"), (900, 900, "crowd"), (1, 7, "many"), (0, 3, "three")),
    ],
)
@pytest.mark.parametrize("item", ["mobile", "phone"])
def test_a_crowd_is_counted_on_the_fuller_number(item, one, other, level):
    held = rows({}, {})
    counts = {"mobile": np.zeros(2, np.int32), "phone": np.zeros(2, np.int32)}
    counts[item][:] = one, other

    found = compare(held, Circumstances(np.zeros(2, np.int8), *counts.values()), np.array([0, 1]), np.array([1, 0]))

    assert found[:, FIELDS.index(f"{item}_crowd")].tolist() == [LEVELS[f"{item}_crowd"].index(level)] * 2


def test_many_pairs_at_once_have_the_levels_of_each_alone():
    cells = [cells for _field, *two, _level in CASES for cells in two]
    held = rows(*cells)
    counts = np.arange(len(cells))
    around = Circumstances((counts % 5).astype(np.int8), counts % 16, counts % 9)
    left, right = (side.ravel() for side in np.meshgrid(counts[::3], counts[::5]))

    found = compare(held, around, left, right)

    alone = [compare(held, around, left[[pair]], right[[pair]])[0] for pair in range(0, len(left), 7)]
    assert found[::7].tolist() == np.array(alone).tolist()
    assert found.tolist() == compare(held, around, right, left).tolist()


def test_compare_of_no_pair_is_empty():
    nobody = np.empty(0, np.int64)

    found = compare(rows(), Circumstances(nobody, nobody, nobody), nobody, nobody)

    assert found.shape == (0, len(FIELDS))
