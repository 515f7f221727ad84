"""What a mask leaves readable."""

import pytest

from customers import masking
from customers.feeds.parsing import RESIDENT_NUMBER
from customers.models import Item

# One of each kind that may stand between the halves of a resident number.
SEPARATORS = " \t\r\n._/:·‐‑–—―−－-\u200b\u200c\u200d\u2060\ufeff"


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        ("NONE", "홍길동", "홍길동"),
        ("NAME", "이산", "이*"),
        ("NAME", "홍길동", "홍*동"),
        ("NAME", "남궁민수", "남**수"),
        ("NAME", "이", "이*"),
        ("NAME", "JOHN SMITH", "J*** ****H"),
        ("RESIDENT_NUMBER", "900101-1234567", "900101-1******"),
        ("RESIDENT_NUMBER", "9001011234567", "900101-1******"),
        ("RESIDENT_NUMBER", "900101-1******", "900101-1******"),
        ("RESIDENT_NUMBER", "900101", "***"),
        ("PHONE", "010-1234-5678", "010-****-5678"),
        ("PHONE", "02-123-4567", "02-***-4567"),
        ("PHONE", "1588-1234", "****-1234"),
        ("PHONE", "01012345678", "*******5678"),
        ("EMAIL", "hong@example.kr", "ho***@example.kr"),
        ("EMAIL", "ab@example.kr", "a***@example.kr"),
        ("EMAIL", "a@example.kr", "***@example.kr"),
        ("EMAIL", "hong", "***"),
        ("ADDRESS", "서울특별시 강남구 테헤란로 152, 3층", "서울특별시 강남구 테헤란로 ***"),
        ("ADDRESS", "충청북도 제천시 강변로78번길 125", "충청북도 제천시 강변로78번길 ***"),
        ("ADDRESS", "경기도 가평군 설악면 12-3", "경기도 가평군 설악면 ***"),
        ("ADDRESS", "서울특별시 강남구", "서울특별시 ***"),
        ("BIRTH_DATE", "1990-01-02", "1990-**-**"),
        ("BIRTH_DATE", "1990", "***"),
        ("ACCOUNT", "110-123-456890", "110-***-***890"),
        ("ACCOUNT", "12345678", "***"),
        ("ACCOUNT", "110-***-***890", "110-***-***890"),
        ("ALL", "무엇이든", "***"),
        ("UNKNOWN", "무엇이든", "***"),
    ],
)
def test_a_mask_leaves_no_more_than_insurers_leave(kind, text, masked):
    assert masking.mask(kind, text) == masked


@pytest.mark.parametrize("kind", masking.MASKS)
def test_nothing_stays_nothing(kind):
    assert masking.mask(kind, "") == ""


def test_there_is_a_mask_for_every_kind_of_the_catalogue():
    assert masking.MASKS.keys() == set(Item.Mask.values)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("주민번호 900101-1234567 확인", "주민번호 900101-1****** 확인"),
        ("9001011234567", "9001011******"),
        ("900101 1234567,850302-2345678", "900101 1******,850302-2******"),
        ("900101_1234567.csv", "900101_1******.csv"),
        ("고객-900101-_-1234567.csv", "고객-900101-_-1******.csv"),
        *((f"900101 {apart} 1234567", f"900101 {apart} 1******") for apart in SEPARATORS),
        ("９００１０１－１２３４５６７", "９００１０１－１******"),
        ("９００１０１１２３４５６７", "９００１０１１******"),
        ("900101-１２３４５６７", "900101-１******"),
        ("991399-1234567", "991399-1******"),
        ("900101 - - 1234567", "900101 - - 1234567"),
        ("900101,1234567", "900101,1234567"),
        ("1900101-1234567", "1900101-1234567"),
        ("900101-12345678", "900101-12345678"),
        ("010-1234-5678", "010-1234-5678"),
        ("20261123_1234567.csv", "20261123_1234567.csv"),
        ("증권번호 2019000057731234", "증권번호 2019000057731234"),
        ("", ""),
    ],
)
def test_resident_numbers_are_masked_wherever_they_stand(text, shown):
    assert masking.without_resident_numbers(text) == shown


@pytest.mark.parametrize("apart", ["", *SEPARATORS, " - ", "\n--"])
def test_halves_are_told_apart_by_the_same_signs_as_in_feeds(apart):
    assert RESIDENT_NUMBER.sub("found", f"900101{apart}1234567") == "found"
    assert masking.without_resident_numbers(f"900101{apart}1234567") == f"900101{apart}1******"
