import unicodedata

import numpy as np
import pytest

from customers.demo.damage import KINDS, damage
from customers.demo.text import table


def spoiled(kind: str, value: str) -> str:
    column, _ = KINDS[kind]
    columns = {column: table([value])}
    damage(np.random.default_rng(1), columns, {kind: 1.0})
    return columns[column][0]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("name_surname", "유지훈", "류지훈"),
        ("name_surname", "김지훈", "김지훈"),
        ("name_spaced", "김철수", "김 철수"),
        ("name_spaced", "남궁민수", "남궁민수"),
        ("name_spaced", "LI WEI", "LI WEI"),
        ("name_title", "LI WEI", "LI WEI"),
        ("name_nfd", "김철수", unicodedata.normalize("NFD", "김철수")),
        ("name_typo", "재", "제"),
        ("name_typo", "", ""),
        ("birth_short", "1965-03-12", "65-03-12"),
        ("birth_short", "1965", "1965"),
        ("birth_year", "1965-03-12", "1965"),
        ("birth_dotted", "1965-03-12(음)", "1965.03.12(음)"),
        ("birth_words", "1965-03-12", "1965년 3월 12일"),
        ("birth_words", "1965-03-12(음)", "1965년 3월 12일(음)"),
        ("birth_words", "65-03-12", "65-03-12"),
        ("birth_digit", "1965", "1965"),
        ("birth_placeholder", "1965-03-12", "1900-01-01"),
        ("birth_placeholder", "", ""),
        ("sex_wrong", "M", "F"),
        ("sex_wrong", "F", "M"),
        ("rrn_check", "900101-1970015", "900101-1970016"),
        ("rrn_check", "900101-1970019", "900101-1970010"),
        ("rrn_lost_zero", "050110-3970011", "501103970011"),
        ("rrn_lost_zero", "900101-1970015", "900101-1970015"),
        ("mobile_plain", "010-2345-6789", "01023456789"),
        ("mobile_spaced", "010-2345-6789", "010 2345 6789"),
        ("mobile_country", "010-2345-6789", "+82-10-2345-6789"),
        ("mobile_bracket", "010-2345-6789", "(010)2345-6789"),
        ("mobile_bracket", "01023456789", "01023456789"),
        ("mobile_wide", "010-2345", "０１０－２３４５"),
        ("mobile_lost_zero", "010-2345-6789", "1023456789"),
        ("email_typo", "a@example.com", "a@example.com"),
        ("postcode_lost_zero", "06236", "6236"),
        ("employee_lost_zero", "000123", "123"),
        ("address_spaces", "서울 강남구", "서울  강남구"),
        ("company_wide", "(주)한빛12", "（주）한빛１２"),
    ],
)
def test_damage_of_one_kind(kind, value, expected):
    assert spoiled(kind, value) == expected


@pytest.mark.parametrize("value", ["010-2345-6789", "01023456789"])
def test_damage_of_one_digit_changes_one_of_the_last_four(value):
    changed = spoiled("mobile_digit", value)

    assert (changed[:-4], sum(a != b for a, b in zip(changed, value, strict=True))) == (value[:-4], 1)


def test_damage_spoils_the_share_it_was_told():
    columns = {"sex": table(["M"] * 10_000 + [""] * 10_000)}

    damage(np.random.default_rng(1), columns, {"sex_wrong": 0.1})

    assert 900 < (columns["sex"] == "F").sum() < 1_100
    assert (columns["sex"][10_000:] == "").all()


def test_damage_of_a_mail_domain_keeps_the_local_part():
    assert spoiled("email_typo", "kim@naver.com").split("@")[0] == "kim"
    assert spoiled("email_typo", "kim@naver.com") != "kim@naver.com"
