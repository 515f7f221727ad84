"""Hangul taken apart and put together, and the tidying of text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.standard import fold_spelling, from_keyboard, initials, jamo, tidy

SYLLABLES = st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("김철수", "ㄱㅊㅅ"),
        ("꽃님 이", "ㄲㄴㅇ"),
        ("Kim 철수 2", "KIMㅊㅅ2"),
        ("ㄱㅊㅅ", "ㄱㅊㅅ"),
        ("한빛(주)", "ㅎㅂㅈ"),
        ("", ""),
    ],
)
def test_initials_are_the_first_sounds(text, expected):
    assert initials(text) == initials(unicodedata.normalize("NFD", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("강", "ㄱㅏㅇ"), ("값", "ㄱㅏㅄ"), ("괜", "ㄱㅙㄴ"), ("이a", "ㅇㅣa"), ("", "")]
)
def test_jamo_are_the_letters_of_each_syllable(text, expected):
    assert jamo(text) == jamo(unicodedata.normalize("NFD", text)) == expected


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("rlacjftn", "김철수"),
        ("RLACJFTN", "김철수"),
        ("qkrtkfkd", "박사랑"),
        ("dlrkdsla", "이강님"),
        ("ghkd", "황"),
        ("rkqt", "값"),
        ("rkqtdl", "값이"),
        ("dhoskgks", "왜나한"),
        ("Rhc", "꽃"),
        ("a1b", "ㅁ1ㅠ"),
    ],
)
def test_from_keyboard_reads_english_mode_as_hangul(keys, text):
    assert from_keyboard(keys) == text


@pytest.mark.parametrize(
    ("name", "folded"),
    [("류진", "유진"), ("유진", "유진"), ("이류", "이류"), ("라라", "나라"), ("KIM", "KIM"), ("", "")],
)
def test_fold_spelling_changes_the_first_syllable_only(name, folded):
    assert fold_spelling(name) == folded


@given(SYLLABLES)
def test_initials_begin_the_jamo_of_every_syllable(text):
    assert initials(text) == "".join(jamo(syllable)[0] for syllable in text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, ""),
        (12, "12"),
        (" a  b ", "a b"),
        ("\u3000가\t나\n", "가 나"),
        ("가\u200b나\ufeff", "가나"),
        ("㈜한빛", "(주)한빛"),
        ("（주）", "(주)"),
        ("１２Ａ", "12A"),
        (unicodedata.normalize("NFD", "한글"), "한글"),
        ("ㄱㅏ", "ㄱㅏ"),
        ("a\u2028b", "a b"),
        ("a\x00b\x1f", "a b"),
        ("\ud800가", "가"),
    ],
)
def test_tidy_gives_one_form_of_what_looks_alike(raw, expected):
    assert tidy(raw) == expected
