"""What stands for nothing, and codes of few values."""

import pytest

from customers.standard import is_placeholder, sex, yes_no
from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, UNUSABLE

SEXES = [
    ("M", "M", CERTAIN, ""),
    ("f", "F", CERTAIN, ""),
    ("남", "M", CERTAIN, ""),
    ("여", "F", CERTAIN, ""),
    ("남자", "M", CERTAIN, ""),
    (" 여성 ", "F", CERTAIN, ""),
    ("女", "F", CERTAIN, ""),
    ("(남)", "M", CERTAIN, ""),
    ("1", "M", CERTAIN, ""),
    ("02", "F", CERTAIN, ""),
    ("1.0", "M", CERTAIN, ""),
    ("Ｍ", "M", CERTAIN, ""),
    ("3", "M", DOUBTFUL, "RESIDENT_DIGIT"),
    ("4", "F", DOUBTFUL, "RESIDENT_DIGIT"),
    ("7", "M", DOUBTFUL, "RESIDENT_DIGIT"),
    ("8", "F", DOUBTFUL, "RESIDENT_DIGIT"),
    ("9", "", UNUSABLE, "UNKNOWN_CODE"),
    ("X", "", UNUSABLE, "UNKNOWN_CODE"),
    ("모름", "", UNUSABLE, "PLACEHOLDER"),
    ("", "", EMPTY, ""),
]
ANSWERS = [
    ("Y", "Y", CERTAIN, ""),
    ("예", "Y", CERTAIN, ""),
    ("동의함", "Y", CERTAIN, ""),
    ("1", "Y", CERTAIN, ""),
    ("여", "Y", CERTAIN, ""),
    ("N", "N", CERTAIN, ""),
    ("아니오", "N", CERTAIN, ""),
    ("미동의", "N", CERTAIN, ""),
    ("0", "N", CERTAIN, ""),
    ("부", "N", CERTAIN, ""),
    ("글쎄", "", UNUSABLE, "UNKNOWN_CODE"),
    ("미상", "", UNUSABLE, "PLACEHOLDER"),
    ("", "", EMPTY, ""),
]


@pytest.mark.parametrize(
    "raw",
    "없음 무 모름 미상 불명 해당없음 테스트 test TEST ㅇㅇ ㅁㄴㅇㄹ . - --- ? 홍길동 아무개 000000 1111111 123456 "
    "ㅋㅋㅋ aaa N/A null ０００".split()
    + ["해당 없음", "없음\u200b", " - "],
)
def test_placeholder_is_recognised(raw):
    assert is_placeholder(raw)


@pytest.mark.parametrize("raw", ["", " ", "김무", "무수", "테스트김", "11", "ㄱ", "없음동", "12345", "010", "Noh"])
def test_placeholder_is_not_seen_in_what_says_something(raw):
    assert not is_placeholder(raw)


@pytest.mark.parametrize(("raw", "value", "certainty", "problems"), SEXES)
def test_sex_has_one_standard_form(raw, value, certainty, problems):
    assert sex(raw) == (value, certainty, tuple(problems.split()))


@pytest.mark.parametrize(("raw", "value", "certainty", "problems"), ANSWERS)
def test_yes_no_has_one_standard_form(raw, value, certainty, problems):
    assert yes_no(raw) == (value, certainty, tuple(problems.split()))
