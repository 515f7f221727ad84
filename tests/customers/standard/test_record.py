"""Whole records: what the same person, written differently, has in common, and what strangers have not."""

import unicodedata
from datetime import date

import pytest

from customers.standard import REGIONS, Region, build_index
from customers.standard.certainty import CERTAIN, DOUBTFUL, PLAUSIBLE
from customers.standard.matching import LUNAR, name_text
from customers.standard.record import (
    CERTAINTY_ORDER,
    EMPTY_FORM,
    GOLDEN_CERTAINTY,
    MEMO_LIMIT,
    Form,
    Memo,
    Standardiser,
    hashed,
    kinds_of,
    of_number,
    phones_of_kinds,
)

TODAY = date(2026, 11, 22)
DWELLING = ("서울 강남구 테헤란로 123 101동 1203호", "06133")
# The table of standard forms, and ways to write one thing.
ALIKE = [
    ("person_names", ["김철수", "김 철수", "김철수님", unicodedata.normalize("NFD", "김철수"), "故김철수"]),
    ("person_names", ["류현진", "유현진", "류 현진"]),
    ("person_names", ["NGUYEN VAN HUNG", "Nguyễn Văn Hùng", "nguyen, van hung"]),
    ("organisation_names", ["(주)한빛전자", "㈜한빛전자", "한빛전자 주식회사", "한빛 전자", "(주)한빛전자 부산지점"]),
    ("company_names", ["(주)한빛전자", "주식회사 한빛전자", "한빛전자(주) 본점"]),
    ("birth_dates", ["1990-01-05", "19900105", "1990.1.5", "1990년 1월 5일", "90-01-05", "32878"]),
    ("birth_dates", ["1990-01-05(음)", "음력 1990.1.5"]),
    ("birth_dates", ["1990", "1990년생", "90년생", "1990-05", "19900000"]),
    ("mobiles", ["010-9234-5678", "01092345678", "+82-10-9234-5678", "1092345678", "010-9234-5678(본인)"]),
    ("home_phones", ["02-555-1234", "02)555-1234", "+82-2-555-1234", "02-555-1234 내선 12"]),
    ("emails", ["hong@naver.com", "Hong@Naver.com", "hong@naver.con", "홍길동 <hong@naver.com>"]),
    ("addresses", [DWELLING, ("서울시 강남구 테헤란로 123, 101-1203 (역삼동)", ""), (f"우)06133 {DWELLING[0]}", "")]),
    ("business_numbers", ["101-81-00001", "1018100001", "101 81 00001"]),
    ("corporate_numbers", ["110199-0000016", "1101990000016"]),
    ("passports", ["M70512345", "m 7051 2345"]),
    ("accounts", ["110-345-678901", "110345678901", "국민 110-345-678901"]),
]  # fmt: skip
UNLIKE = [
    ("person_names", ["김철수", "김철호", "이철수", "KIM CHULSOO", "김철"]),
    ("organisation_names", ["(주)한빛전자", "(주)한빛전기", "(주)한빛"]),
    ("birth_dates", ["1990-01-05", "1990-01-06", "1990-01-05(음)", "1990"]),
    ("mobiles", ["010-9234-5678", "010-9234-5679", "011-234-5678", "011-9234-5678"]),
    ("emails", ["hong@naver.com", "hong@daum.net", "hong1@naver.com"]),
    ("addresses", [DWELLING, ("서울 강남구 테헤란로 123", ""), ("서울 강남구 테헤란로 123 101동 1204호", "")]),
    ("business_numbers", ["101-81-00001", "214-86-99993"]),
]  # fmt: skip
KEYLESS = [
    ("person_names", ["", "없음", "김*수", "김", "김씨", "김철수아기", "김철수 배우자", "법정상속인"]),
    ("organisation_names", ["", "주식회사", "없음"]),
    ("birth_dates", ["", "1900-01-01", "2026-11-23", "1990-02-30"]),
    ("mobiles", ["", "010-0000-0000", "0507-7123-4567", "1588-1234", "555-1234", "010-****-5678"]),
    ("emails", ["", "없음", "test@test.com"]),
    ("addresses", [("", ""), ("없음", ""), ("강남구 테헤란로 123", ""), ("서울 강남구 역삼동", "")]),
    ("business_numbers", ["", "000-00-00000", "101-81-0000"]),
]


def hash_of(table: str, form: Form) -> bytes:
    """What must be equal for equal things: of an address building and unit, of the rest the first integer."""
    return form.key[:16] if table == "addresses" else form.key[:8]


def name_key(key: str, text: str) -> bytes:
    return hashed(key) + name_text(key, text)


@pytest.mark.parametrize(("table", "raws"), ALIKE)
def test_standardiser_gives_one_key_for_one_thing_written_differently(table, raws):
    forms = getattr(Standardiser(TODAY), table)

    keys = {hash_of(table, forms[raw]) for raw in raws}

    assert len(keys) == 1
    assert any(keys.pop())


@pytest.mark.parametrize(("table", "raws"), UNLIKE)
def test_standardiser_gives_different_keys_for_different_things(table, raws):
    forms = getattr(Standardiser(TODAY), table)

    keys = {hash_of(table, forms[raw]) for raw in raws}

    assert len({key for key in keys if any(key)}) == len(raws)


@pytest.mark.parametrize(("table", "raws"), KEYLESS)
def test_standardiser_gives_no_key_for_what_many_share_or_nobody_has(table, raws):
    forms = getattr(Standardiser(TODAY), table)

    assert [raw for raw in raws if any(hash_of(table, forms[raw]))] == []


@pytest.mark.parametrize(
    ("table", "raw", "form"),
    [
        ("person_names", "류현진님", Form("류현진", PLAUSIBLE, "name:TITLE ", name_key("유현진", "류현진"))),
        ("organisation_names", "㈜한빛", Form("(주)한빛", CERTAIN, "", name_key("한빛", "한빛"))),
        ("company_names", "한빛", Form("한빛", PLAUSIBLE, "company:NO_LEGAL_FORM ", name_key("한빛", "한빛"))),
        ("birth_dates", "19900105", Form("1990-01-05", PLAUSIBLE, "", of_number(19900105), (1990, False))),
        ("birth_dates", "19900105(음)",
         Form("1990-01-05", PLAUSIBLE, "birth_date:LUNAR ", of_number(19900105 | LUNAR), (1990, True))),
        ("birth_dates", "1990", Form("", DOUBTFUL, "birth_date:YEAR_ONLY ", of_number(19900000), (1990, False))),
        ("sexes", "여", Form("F", CERTAIN, "")),
        ("mobiles", "1092345678",
         Form("01092345678", PLAUSIBLE, "mobile:LEADING_ZERO ", of_number(101092345678), "MOBILE")),
        ("mobiles", "02-555-1234",
         Form("025551234", DOUBTFUL, "mobile:NOT_MOBILE ", of_number(1025551234), "LANDLINE")),
        ("mobiles", "0507-7123-4567",
         Form("050771234567", DOUBTFUL, "mobile:TEMPORARY mobile:NOT_MOBILE ", b"", "SAFE")),
        ("home_phones", "1588-1234", Form("15881234", CERTAIN, "", b"", "REPRESENTATIVE")),
        ("emails", "Hong@naver.com", Form("Hong@naver.com", CERTAIN, "",
              hashed("hong@naver.com") + hashed("hong") + b"hong".ljust(24, b"\0"))),
        ("business_numbers", "101-81-00002",
         Form("1018100002", DOUBTFUL, "company_no:CHECK_DIGIT ", hashed("1018100002"), "101-81-*****")),
        ("accounts", "110-345-678901",
         Form("110345678901", PLAUSIBLE, "", hashed("110345678901"), "110-***-***901")),
        ("addresses", ("서울 강남구 테헤란로 123", "06133"),
         Form("서울특별시 강남구 테헤란로 123", CERTAIN, "",
              hashed("서울특별시|강남구|테헤란로|123|") + hashed("서울특별시|강남구|테헤란로|123") + bytes(4)
              + hashed("서울특별시 강남구", 4) + (106133).to_bytes(4, "little"), ("서울특별시", "06133"))),
        ("kinds", "한빛상사", Form("ORG", 0, "")),
    ],
)  # fmt: skip
def test_standardiser_gives_value_certainty_problems_and_key(table, raw, form):
    assert getattr(Standardiser(TODAY), table)[raw] == form


def test_standardiser_keeps_what_a_resident_number_says_of_birth_and_sex():
    form = Standardiser(TODAY).resident_numbers["900101-1******"]

    assert (form.value, form.problems, form.key) == ("", "rrn:PARTIAL ", b"")
    assert (form.extra.birth_date, form.extra.sex, form.extra.mask) == (date(1990, 1, 1), "M", "900101-1******")


def test_standardiser_refuses_births_after_its_day():
    forms = [Standardiser(day).birth_dates["2026-11-22"] for day in (date(2026, 11, 21), TODAY)]

    assert [form.value for form in forms] == ["", "2026-11-22"]


def test_standardiser_writes_addresses_with_the_regions_of_its_day():
    raw = ("전남 순천시 중앙로 12", "")

    forms = [Standardiser(day).addresses[raw] for day in (date(2026, 6, 30), TODAY)]

    assert [form.value for form in forms] == ["전라남도 순천시 중앙로 12", "전남광주통합특별시 순천시 중앙로 12"]
    assert [form.extra[0] for form in forms] == ["전라남도", "전남광주통합특별시"]


def test_standardiser_reads_the_regions_it_is_given():
    regions = (*REGIONS, Region("", "한라특별자치도", "한라", ("탐라",), ("64",), date(2026, 1, 1)))

    forms = [
        Standardiser(TODAY, given).addresses["탐라 바람시 돌로 1", "64001"]
        for given in (regions, build_index(regions, TODAY))
    ]

    assert [(form.value, form.certainty) for form in forms] == [("한라특별자치도 바람시 돌로 1", CERTAIN)] * 2


def test_phones_of_kinds_doubt_a_representative_number_on_a_person():
    phones = Standardiser(TODAY).home_phones
    forms = [phones["1588-1234"], phones["1588-1234"], phones["02-555-1234"], EMPTY_FORM]

    found = phones_of_kinds(forms, ["PERSON", "ORG", "PERSON", "PERSON"])

    doubted = forms[0]._replace(certainty=DOUBTFUL, problems="phone_home:CORPORATE ")
    assert found == [doubted, *forms[1:]]


def test_kinds_of_rows_are_as_sent_else_by_the_look_of_the_name():
    columns = {
        "kind": ["ORG", "PERSON", "", "", "", ""],
        "name": ["김철수", "(주)한빛", "김철수", "(주)한빛", "(주)한빛", "한빛교회"],
        "birth_date": ["", "", "", "", "1990-01-05", ""],
        "rrn": ["", "", "", "", "", "900101-1970015"],
    }

    assert kinds_of(columns, Standardiser(TODAY)) == ["ORG", "PERSON", "PERSON", "ORG", "PERSON", "PERSON"]


def test_kinds_of_rows_need_only_a_name():
    assert kinds_of({"name": ["김철수", "㈜한빛"]}, Standardiser(TODAY)) == ["PERSON", "ORG"]


def test_memo_asks_once_and_forgets_when_it_is_full():
    asked = []
    memo = Memo(lambda raw: asked.append(raw) or raw)

    for raw in (1, 1, *range(2, MEMO_LIMIT + 2), 1):
        memo[raw]

    assert (len(asked), asked[:2], asked[-1], len(memo)) == (MEMO_LIMIT + 2, [1, 2], 1, 2)


def test_hashed_is_eight_bytes_and_zeros_of_nothing():
    assert (hashed(""), hashed("김철수").hex()) == (bytes(8), "3f214faad6b27ec0")


def test_golden_items_take_their_certainty_from_the_written_order():
    assert {column for column in GOLDEN_CERTAINTY.values() if column} <= set(CERTAINTY_ORDER)
    assert len(set(CERTAINTY_ORDER)) == len(CERTAINTY_ORDER)
