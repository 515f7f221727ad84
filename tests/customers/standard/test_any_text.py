"""What must hold of every standard form for any text at all."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers import standard
from customers.standard import PROBLEMS, Certainty
from customers.standard.addresses.units import read_any_rest, read_usual_rest

TODAY = date(2026, 11, 22)


def resident_number(raw: str | None) -> standard.ResidentNumber:
    return standard.resident_number(raw, TODAY)


def birth_date(raw: str | None) -> standard.BirthDate:
    return standard.birth_date(raw, TODAY)


FUNCTIONS = [
    standard.person_name, standard.organisation_name, standard.phone, standard.email, standard.address, birth_date,
    standard.plain_date, standard.instant, resident_number, standard.business_number, standard.corporate_number,
    standard.passport_number, standard.licence_number, standard.account_number, standard.connecting_info, standard.sex,
    standard.yes_no,
]  # fmt: skip
TEXTS = [
    standard.person_name, standard.organisation_name, standard.phone, standard.email, standard.address, resident_number,
    standard.business_number, standard.corporate_number, standard.passport_number, standard.licence_number,
    standard.account_number, standard.connecting_info,
]  # fmt: skip
PIECES = {
    standard.person_name: "김 철수 남궁 민 KIM Kim chul-soo O' NGUYỄN 님 씨 사장 아기 ( ) * "
    "○ O X A , / 고) 故 (故) 1 ㅇ 金哲洙 外 외 홍길동 test 없음 rlacjftn - 배우자 모 의 "
    "상속인 태아 본인 · 구) RLACJFTN",
    standard.organisation_name: "(주) 주식회사 ㈜ 유한회사 한빛 상사 주) (유) 협동조합 "
    "농업회사법인 부산지점 지점 Co.,Ltd. INC HANBIT . , - ( ) 은행 본점 부산 (ABC) (구 "
    "대표 (株) 사회적협동조합",
    standard.phone: "010 9234 5678 02 555 1234 82 + - ( ) . 0 1588 내선 12 / , ~ 남편 031 1 00 +1 * 070 x #",
    standard.email: "hong @ naver com . , con .com naver.com gmail.com < > ( ) ; 홍 mailto: * - _ test",
    standard.address: "서울 서울특별시 경기 광주시 광주 강남구 중구 성남시 "
    "분당구 테헤란로 12 12길 "
    "종로1가 역삼동 산 123-4 번지 호 101동 1203호 "
    "(역삼동, "
    "한빛아파트) 한빛아파트 101-1203 지하 3층 화도읍 마석우리 ( ) , - "
    "06236 우) 세종시 가동 B101호 제 1 통 2반 아 로 길 동 구 시 리 . ' 성남 지하1호 @ APT 외 2필지 상동 연기군",
}

BUILDINGS = ["", "한빛", "한빛아파트", "극동", "한빛2차", "63빌딩", "은마APT", "한빛 별빛"]
UNITS = [
    "",
    "101동 1203호",
    "1203호",
    "101-1203",
    "0101동 1호",
    "가동 1호",
    "지하1호",
    "3층",
    "3층 301호",
    "B101호",
    "1203",
]
TOWNS = [
    "",
    "(역삼동)",
    "(역삼동, 한빛아파트)",
    "(역삼동,한빛)",
    "(한빛아파트)",
    "(종로1가)",
    "(역삼동, 101동)",
    "역삼동",
]


@st.composite
def soups(draw: st.DrawFn, words: list[str]) -> str:
    """Words in any order, some joined, some apart."""
    chosen = draw(st.lists(st.sampled_from(words), max_size=9))
    return "".join(word + draw(st.sampled_from(("", " "))) for word in chosen)


def check_form(result: tuple, raw: str) -> None:
    assert isinstance(result.certainty, Certainty)
    assert set(result.problems) <= PROBLEMS.keys()
    assert len(set(result.problems)) == len(result.problems)
    assert (result.certainty == Certainty.EMPTY) == (standard.tidy(raw) == "")
    if result.certainty <= Certainty.UNUSABLE:
        assert not result.value
    assert result.certainty != Certainty.UNUSABLE or result.problems


@pytest.mark.parametrize("function", FUNCTIONS)
@settings(max_examples=150, deadline=None)
@given(raw=st.text(max_size=40))
def test_any_text_gives_a_well_formed_result(function, raw):
    check_form(function(raw), raw)


@pytest.mark.parametrize("function", FUNCTIONS)
@settings(max_examples=150, deadline=None)
@given(raw=st.text(alphabet="0123456789-./: ()*년월일음LTE+,~M가", max_size=20))
def test_any_digits_give_a_well_formed_result(function, raw):
    check_form(function(raw), raw)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000\n\t", "\u200b"])
def test_nothing_is_empty(function, raw):
    result = function(raw)

    assert (not result.value, result.certainty, result.problems) == (True, Certainty.EMPTY, ())


@pytest.mark.parametrize("function", TEXTS)
@settings(max_examples=150, deadline=None)
@given(raw=st.text(max_size=40))
def test_a_standard_form_of_any_text_is_stable(function, raw):
    value = function(raw).value

    assert function(value).value == value


@pytest.mark.parametrize("function", PIECES)
@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_a_standard_form_of_likely_words_is_stable(function, data):
    raw = data.draw(soups(PIECES[function].split(" ")))
    result = function(raw)

    check_form(result, raw)
    again = function(result.value)
    assert again.value == result.value
    if hasattr(result, "street_key"):
        assert again.key == result.key


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_the_short_way_to_units_of_an_address_leads_where_the_long_one_does(data):
    name, unit, town = (data.draw(st.sampled_from(choices)) for choices in (BUILDINGS, UNITS, TOWNS))
    text = data.draw(st.sampled_from(("", " ", ", "))) + " ".join(part for part in (name, unit, town) if part)

    short = read_usual_rest(text, "")

    assert short is None or short == read_any_rest(text, "")
