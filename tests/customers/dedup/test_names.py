"""Two names as sources write them, and how they agree."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.names import NAME_LEVELS, Level, name_levels
from customers.dedup.names.hangul import BAND, FEW, distance, hangul_levels, jamo_of, syllables_of
from customers.dedup.names.roman import best_order
from customers.dedup.names.sound import rough, spellings
from customers.standard.matching import HANGUL, MASKED, MATCH_RECORD, NO_NAME, ROMAN, name_text
from tests.customers.dedup.rows import names_of

CASES = [
    # one name, and what sources write around it: the standard form has taken it off
    ("김철수", "김철수", Level.EXACT),
    ("김철수", "김 철 수", Level.EXACT),
    ("김철수", "김철수님", Level.EXACT),
    ("김철수", "김철수 고객님", Level.EXACT),
    ("김철수", "故김철수", Level.EXACT),
    ("김철수", "김철수(부산)", Level.EXACT),
    ("김철수", "김철수2", Level.EXACT),
    ("김철수", "rlacjftn", Level.EXACT),
    ("KIM CHULSOO", "KIM CHUL SOO", Level.EXACT),
    ("KIM CHULSOO", "kim chulsoo", Level.EXACT),
    ("NGUYEN VAN HUNG", "Nguyễn Văn Hùng", Level.EXACT),
    ("金哲洙", "金哲洙", Level.EXACT),
    # no name to be matched
    ("김철수", "", Level.UNKNOWN),
    ("", "", Level.UNKNOWN),
    ("김철수", "없음", Level.UNKNOWN),
    ("김철수", "***", Level.UNKNOWN),
    ("김철수", "김철수 배우자", Level.UNKNOWN),
    ("김철수", "김씨", Level.UNKNOWN),
    # one jamo replaced or left out
    ("김철수", "김철슈", Level.NEAR),
    ("김철수", "긴철수", Level.NEAR),
    ("김철수", "김청수", Level.NEAR),
    ("김철수", "김철우", Level.NEAR),
    ("강하늘", "강하느", Level.NEAR),
    ("김민수", "김민서", Level.NEAR),
    ("남궁민수", "남궁민주", Level.NEAR),
    ("알렉산더 스미스", "알렉산더 스미쓰", Level.NEAR),
    # vowels that nobody tells apart, in any number
    ("김재민", "김제민", Level.NEAR),
    ("김혜진", "김헤진", Level.NEAR),
    ("김왜민", "김웨민", Level.NEAR),
    ("김외민", "김왜민", Level.NEAR),
    ("김외민", "김웨민", Level.NEAR),
    ("김얘민", "김예민", Level.NEAR),
    ("배재혜", "베제혜", Level.NEAR),
    ("배재왜민", "베제외민", Level.NEAR),
    # the initial sound rule: at the head of a name the standard form knows the usual syllables, the rest is folded here
    ("류현진", "유현진", Level.EXACT),
    ("리영희", "이영희", Level.EXACT),
    ("라미란", "나미란", Level.EXACT),
    ("녀수진", "여수진", Level.NEAR),
    ("뇨수진", "요수진", Level.NEAR),
    ("례수진", "예수진", Level.NEAR),
    ("뢰재민", "뇌제민", Level.NEAR),
    ("선동렬", "선동열", Level.NEAR),
    ("김창률", "김창율", Level.NEAR),
    ("선재렬", "선제열", Level.NEAR),
    ("김량제", "김양재", Level.NEAR),
    ("박률녀", "박율여", Level.NEAR),
    # two jamo
    ("김철수", "김칠소", Level.ALIKE),
    ("김병률", "김병열", Level.ALIKE),
    ("남궁민수", "남궁민호", Level.ALIKE),
    ("김철수", "김철", Level.ALIKE),
    ("김영", "이영", Level.ALIKE),
    ("박은아", "박으나", Level.ALIKE),
    # the same syllables in another order
    ("김철수", "김수철", Level.ALIKE),
    ("김철수", "철수김", Level.ALIKE),
    ("알렉산더 스미스", "스미스 알렉산더", Level.ALIKE),
    # one syllable is another, or there is one more behind
    ("김철수", "김철민", Level.PART),
    ("김철수", "김영수", Level.PART),
    ("김영희", "박영희", Level.PART),
    ("김민", "김민준", Level.PART),
    ("남궁민", "남궁민준", Level.PART),
    # other names, changed names
    ("김철수", "김영희", Level.OTHER),
    ("김철수", "박민준", Level.OTHER),
    ("김순자", "김서윤", Level.OTHER),
    ("김철수", "김청호", Level.OTHER),
    ("김영", "박수", Level.OTHER),
    ("김", "김철", Level.UNKNOWN),
    ("김철수", "알렉산더 스미스", Level.OTHER),
    # masked
    ("김*수", "김철수", Level.ALIKE),
    ("김**", "김철수", Level.ALIKE),
    ("*철수", "김철수", Level.ALIKE),
    ("김○수", "김철수", Level.ALIKE),
    ("김X수", "김철수", Level.ALIKE),
    ("김*수", "김*수", Level.ALIKE),
    ("김*수", "김철*", Level.ALIKE),
    ("김*수", "이철수", Level.OTHER),
    ("김*수", "김철호", Level.OTHER),
    ("김*수", "김철", Level.OTHER),
    ("김*", "김철수", Level.OTHER),
    ("**수", "김**", Level.OTHER),
    ("김*수", "KIM CHULSOO", Level.UNKNOWN),
    ("류*진", "류현진", Level.ALIKE),
    ("류*진", "유현진", Level.ALIKE),
    ("김*렬", "김창열", Level.ALIKE),
    ("KIM C******", "KIM CHULSOO", Level.ALIKE),
    ("KIM C******", "LEE CHULSOO", Level.OTHER),
    ("KIM C******", "KIM C******", Level.ALIKE),
    ("KIM C******", "김철수", Level.UNKNOWN),
    # Roman letters: order, spaces, one letter
    ("KIM CHULSOO", "CHULSOO KIM", Level.EXACT),
    ("KIM CHUL SOO", "SOO CHUL KIM", Level.NEAR),
    ("JOHN SMITH", "JON SMITH", Level.NEAR),
    ("JOHN SMITH", "SMITH, JON", Level.NEAR),
    ("JOHN SMITH", "JOHN SMYTH", Level.ALIKE),
    ("KIM CHULSOO", "KIM CHULSU", Level.ALIKE),
    # a middle name left out
    ("JOHN SMITH", "JOHN PAUL SMITH", Level.ALIKE),
    ("JOHN SMITH", "SMITH JOHN PAUL", Level.ALIKE),
    ("MARIA GARCIA", "MARIA GARCIA LOPEZ", Level.ALIKE),
    # one word of two is another
    ("JOHN SMITH", "MARY SMITH", Level.PART),
    ("JOHN SMITH", "JOHN WALKER", Level.PART),
    ("KIM CHULSOO", "KIM CHEOLSU", Level.PART),
    ("NGUYEN VAN A", "NGUYEN VAN B", Level.PART),
    ("NGUYEN VAN HUNG", "NGUYEN VAN HUY", Level.PART),
    ("LE MINH TUAN", "LE MINH TAUN", Level.NEAR),
    ("JOHN SMITH", "MARY JONES", Level.OTHER),
    ("KIM CHULSOO", "PARK YOUNGHEE", Level.OTHER),
    # other scripts
    ("金哲洙", "金哲秀", Level.OTHER),
    ("金哲洙", "KIM CHULSOO", Level.UNKNOWN),
    ("金哲洙", "김철수", Level.UNKNOWN),
    ("Иван Петров", "IVAN PETROV", Level.UNKNOWN),
    # Hangul and Roman letters that do not sound alike
    ("김철수", "KIM YOUNGHEE", Level.APART),
    ("김철수", "PARK CHULSOO", Level.APART),
    ("김민호", "LEE MINHO", Level.APART),
    ("김철수", "JOHN SMITH", Level.APART),
    ("남궁민", "KIM MIN", Level.APART),
]
# Passports and cards: the surnames that are written in most ways, first or last, the given name in one word or two.
SOUNDED = {
    "김철수": "KIM CHULSOO/GIM CHEOLSU/KIM CHUL SOO/CHULSOO KIM/CHUL SOO KIM/KIM, CHUL SOO",
    "이영희": "LEE YOUNGHEE/LEE YOUNG HEE/YI YEONGHUI/RHEE YOUNGHEE/LI YOUNG HEE/I YEONGHUI/YOUNG HEE LEE",
    "박민준": "PARK MINJUN/PAK MIN JOON/BAK MINJUN/BARK MINJUN/MINJUN PARK",
    "최서연": "CHOI SEOYEON/CHOE SEO YEON/SEOYEON CHOI",
    "정하준": "JUNG HAJUN/JEONG HA JUN/CHUNG HAJOON/CHEONG HA JUN/HAJUN JUNG",
    "임지호": "LIM JIHO/IM JIHO/RIM JI HO/JIHO LIM",
    "유현진": "YOO HYUN JIN/YU HYEONJIN/RYU HYUNJIN/YOU HYUNJIN",
    "류현진": "RYU HYUN JIN/RYOO HYUNJIN/YOO HYUNJIN",
    "노무현": "ROH MOOHYUN/NOH MU HYUN/NO MUHYEON",
    "조도윤": "CHO DOYOON/JO DO YUN",
    "강지우": "KANG JIWOO/GANG JI U",
    "신사임": "SHIN SAIM/SIN SAIM",
    "권혁": "KWON HYUK/GWON HYEOK",
    "허준": "HUH JOON/HEO JUN/HUR JUN",
    "백종원": "PAIK JONGWON/BAEK JONG WON",
    "안철수": "AHN CHEOLSOO/AN CHULSU",
    "문재인": "MOON JAEIN/MUN JAE IN",
    "서건우": "SUH GUNWOO/SEO GEONU",
    "우서연": "WOO SEO YEON/U SEOYEON",
    "남궁민": "NAMGUNG MIN/NAMKOONG MIN",
}
ONCE_MISSED = [
    ("KIM CHULSOO", "CHUL SOO KIM", Level.EXACT),
    ("우지호", "WOO JIHO", Level.SOUNDED),
    ("JOHN", "JOHN SMITH", Level.PART),
    ("김철수", "KIM CHUL-SOO", Level.SOUNDED),
    ("NGUYEN VAN HUNG", "Nguyễn Văn Hùnk", Level.NEAR),
    ("O'BRIEN PATRICK", "OBRIEN PATRIC", Level.NEAR),
]


def level(one: str, other: str) -> Level:
    return Level(name_levels(names_of(one), names_of(other))[0])


@pytest.mark.parametrize(("one", "other", "expected"), CASES)
def test_name_levels(one, other, expected):
    assert (level(one, other), level(other, one)) == (expected, expected)


@pytest.mark.parametrize(
    ("hangul", "roman"), [(hangul, roman) for hangul, romans in SOUNDED.items() for roman in romans.split("/")]
)
def test_name_levels_of_hangul_and_its_usual_roman_spellings(hangul, roman):
    assert (level(hangul, roman), level(roman, hangul)) == (Level.SOUNDED, Level.SOUNDED)


@pytest.mark.parametrize(("one", "other", "expected"), ONCE_MISSED)
def test_name_levels_see_through_hyphens_accents_and_order(one, other, expected):
    assert (level(one, other), level(other, one)) == (expected, expected)


def test_every_level_is_in_the_table_under_its_name():
    seen = {expected for _one, _other, expected in CASES} | {Level.SOUNDED}

    assert seen == set(Level)
    assert NAME_LEVELS == ("unknown", "exact", "near", "alike", "part", "other", "sounded", "apart")


def test_name_levels_of_all_cases_at_once_are_those_of_each_alone():
    left, right = (names_of(*(case[side] for case in CASES * 2)) for side in (0, 1))

    assert name_levels(left, right).tolist() == [expected for _one, _other, expected in CASES * 2]


def test_roman_names_of_one_key_whose_words_are_other_ones_are_each_looked_at():
    pairs = [(one, other) for one in ("KIM MINJI", "KIMMIN JI") for other in ("MINJI KIM", "PARK MINJI", "MINJI LEE")]
    left, right = (names_of(*side) for side in zip(*pairs, strict=True))
    alone = [int(name_levels(left[[row]], right[[row]])[0]) for row in range(len(pairs))]

    for order in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 4, 5, 0, 1, 2]):
        assert name_levels(left[order], right[order]).tolist() == [alone[row] for row in order]
    assert alone == [Level.EXACT, Level.PART, Level.PART, Level.EXACT, Level.OTHER, Level.OTHER]


def test_name_levels_of_nobody_are_none():
    assert name_levels(names_of(), names_of()).tolist() == []


SYLLABLES = st.text("김이박류유녀려렬열철수민호재제왜외", min_size=2, max_size=6)
STARRED = st.text("김철수*", min_size=2, max_size=4)
WORDS = st.lists(st.sampled_from("KIM GIM CHUL CHUL SOO CHULSOO LEE JOHN SMITH SMYTH PAUL".split()), max_size=3)
NAMES = SYLLABLES | STARRED | WORDS.map(" ".join)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=6))
@settings(max_examples=80, deadline=None)
def test_name_levels_are_symmetric_and_exact_for_a_name_and_itself(pairs):
    left, right = (names_of(*(pair[side] for pair in pairs)) for side in (0, 1))

    forth, back, same = name_levels(left, right), name_levels(right, left), name_levels(left, left)

    assert forth.tolist() == back.tolist()
    of_itself = {HANGUL: Level.EXACT, ROMAN: Level.EXACT, MASKED: Level.ALIKE, NO_NAME: Level.UNKNOWN}
    assert same.tolist() == [of_itself[script] for script in left["name_script"].tolist()]


def plain_distance(one: list[int], other: list[int]) -> int:
    """Optimal string alignment by the whole table."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            steps = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                steps.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(steps)
    return table[len(one), len(other)]


def as_rows(texts: list[list[int]], width: int) -> np.ndarray:
    rows = np.zeros((len(texts), width), np.int8)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = text
    return rows


def test_distance_of_all_short_texts_is_that_of_the_whole_table_up_to_the_band():
    texts = [list(text) for length in range(5) for text in product((1, 2, 3), repeat=length)]
    pairs = list(product(texts, texts))
    left, right = (as_rows([pair[side] for pair in pairs], 4) for side in (0, 1))

    apart = [min(plain_distance(one, other), BAND) for one, other in pairs]
    assert distance(left, right).tolist() == apart
    assert [distance(*pair).item() for pair in zip(left[:, None], right[:, None], strict=True)] == apart


@st.composite
def slipped(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """A text and the same after up to three slips."""
    text = draw(st.lists(st.integers(1, 60), max_size=9))
    other = list(text)
    for place, letter in draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60)), max_size=3)):
        pair = other[place : place + 2]
        other[place : place + 2] = draw(st.sampled_from([pair[::-1], pair[1:], [*pair, letter], [letter, *pair[1:]]]))
    return text, [letter for letter in other if letter]


@given(st.lists(slipped(), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_distance_of_a_text_and_itself_with_slips(pairs):
    left, right = (as_rows([pair[side] for pair in pairs], 12) for side in (0, 1))
    many = [np.tile(side, (FEW, 1)) for side in (left, right)]

    apart = [min(plain_distance(one, other), BAND) for one, other in pairs]
    assert distance(left, right).tolist() == apart
    assert distance(*many).tolist() == apart * FEW


def test_hangul_levels_pass_over_no_pair_that_is_close():
    names = ["".join(syllables) for syllables in product("김긴길이리니류유율률철칠수소재제", repeat=2)]
    rows = np.zeros(len(names), MATCH_RECORD)
    rows["name_text"] = [np.void(name_text(name, name)[2:]) for name in names]
    left, right = np.repeat(rows, len(rows)), np.tile(rows, len(rows))
    apart = distance(jamo_of(syllables_of(left)), jamo_of(syllables_of(right)))

    levels = hangul_levels(left, right)

    assert set(levels[apart <= 1].tolist()) == {Level.NEAR}
    assert set(levels[apart == 2].tolist()) == {Level.NEAR, Level.ALIKE}


def test_jamo_stand_close_together_and_differ_by_their_place():
    rows = jamo_of(syllables_of(names_of("각나", "나각")))

    assert [len(set(row[:5].tolist())) for row in rows] == [4, 4]
    assert (rows[0, :5] > 0).all() and not rows[:, 5:].any()
    assert rows[0, :5].tolist() == [*rows[1, 2:5], *rows[1, :2]]


def test_best_order_takes_every_word_once():
    assert best_order(["kim", "kim"], ["kim", "lee", "min"])[0] == 1.0
    assert len(best_order(["kim", "kim"], ["kim", "lee", "min"])) == 2
    assert best_order(["soo", "kim"], ["kim", "soo"]) == [1.0, 1.0]
    assert best_order([], ["kim"]) == []


def test_rough_brings_the_usual_variants_together_and_keeps_others_apart():
    variants = [
        "kim gim",
        "lee rhee rhie ri",
        "yi i",
        "park pak bak",
        "choi choe",
        "jung jeong chung cheong",
        "ryu ryoo",
    ]

    spelt = [{rough(roman) for roman in group.split()} for group in variants]

    assert [len(group) for group in spelt] == [1] * len(variants)
    assert len(set.union(*spelt)) == len(variants)


def test_spellings_are_more_than_one_where_the_surname_has_several():
    assert list(spellings("이철수")) == ["iculsu", "liculsu"]
    assert list(spellings("김철수")) == ["kimculsu"]
