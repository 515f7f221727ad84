"""One record against a handful: it weighs what it would weigh in a run over the whole stock."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.comparison import FIELDS, LEVELS
from customers.dedup.engine import weigh_pairs
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import levels_of, pattern_of
from customers.dedup.online import NOTHING, SAME, SIMILAR, plain_agreement, rank
from customers.dedup.records import Rows
from customers.dedup.storing import shipped_model
from customers.sealing import Sealer
from customers.standard.matching import MATCH_RECORD
from customers.standard.record import Standardiser
from customers.typed import read_typed
from tests.customers.builders import make_brn, make_ci, make_rrn

MODEL = shipped_model()
TODAY = date(2026, 11, 23)
HOME = "서울특별시 양천구 목동동로 100, 101동 1001호"
KIM = {"name": "김철수", "birth_date": "1980-05-17", "mobile": "010-3477-3122"}
OTHERS = [
    "이영희",
    "박민준",
    "최서연",
    "정하준",
    "강지우",
    "조도윤",
    "윤서준",
    "장하은",
    "임지호",
    "한유진",
    "오수아",
    "서건우",
]


class Keys:
    active, encryption, index = "k", {"k": bytes(32)}, bytes(32)


def row(**cells: str) -> np.ndarray:
    """A record as the engine reads it, alone in an array."""
    return read_typed(cells, Standardiser(TODAY), Sealer(Keys())).record


def rows(*records: dict[str, str]) -> np.ndarray:
    return np.concatenate([np.empty(0, MATCH_RECORD), *(row(**cells) for cells in records)])


def in_batch(stock: np.ndarray, query: np.ndarray) -> tuple[list[float], list[int]]:
    """Weights and patterns of the query against each record, as a run over them all finds them."""
    held = Rows.of(np.concatenate([stock, query]))
    count = len(stock)
    scored = weigh_pairs(held, circumstances_of(held, MODEL), MODEL, np.arange(count), np.full(count, count))
    return scored.weight.tolist(), scored.pattern.tolist()


FAMILY = [{"name": name, "mobile": "010-3477-3122", "address": HOME} for name in OTHERS]
STOCK = [
    KIM,
    KIM | {"birth_date": "1980-05-18", "address": HOME},
    {"name": "김철수", "birth_date": "1980-05-17", "email": "chulsoo80@naver.com"},
    {"name": "Kim Cheolsu", "birth_date": "1980-05-17", "mobile": "010-3477-3122"},
    {"name": "김철슈", "mobile": "010-3477-3122", "rrn": make_rrn("800517")},
    {"kind": "ORG", "name": "(주)한빛상사", "mobile": "010-3477-3122", "company_no": make_brn()},
    *FAMILY,
]
STRANGERS = [{"name": name, "mobile": f"010-9999-{place:04}"} for place, name in enumerate(OTHERS)]


@pytest.mark.parametrize(
    "query",
    [
        KIM,
        KIM | {"rrn": make_rrn("800517"), "address": HOME},
        {"name": "김철수", "email": "chulsoo80@naver.com", "phone_home": "010-3477-3122"},
        {"kind": "ORG", "name": "한빛상사", "mobile": "010-3477-3122", "company_no": make_brn()},
        {"name": "신사람", "mobile": "010-3477-3122"},
    ],
)
def test_rank_weighs_as_the_batch_does_where_the_candidates_are_complete(query):
    candidates, everybody = rows(*STOCK), rows(*STOCK, *STRANGERS)

    ranking = rank(candidates, row(**query), MODEL)

    weights, patterns = in_batch(everybody, row(**query))
    assert ranking.weight.tolist() == [weights[place] for place in ranking.order]
    assert ranking.pattern.tolist() == [patterns[place] for place in ranking.order]
    assert sorted(ranking.order.tolist()) == list(range(len(candidates)))


RECORDS = st.fixed_dictionaries(
    {"name": st.sampled_from(["", "Kim Cheolsu", "김*수", *OTHERS])},
    optional={
        "mobile": st.sampled_from(["010-3477-3122", "010-8254-9071"]),
        "phone_home": st.sampled_from(["02-2653-7701", "010-3477-3122"]),
        "rrn": st.sampled_from([make_rrn("800517"), make_rrn("850302", 2)]),
        "ci": st.just(make_ci(1)),
        "birth_date": st.sampled_from(["1980-05-17", "1985-03-02"]),
        "kind": st.just("ORG"),
    },
)


@settings(deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=16), RECORDS)
def test_rank_reads_and_counts_a_few_records_as_the_batch_does_any_number(stock, query):
    ranking = rank(rows(*stock), row(**query), MODEL)

    weights, patterns = in_batch(rows(*stock), row(**query))
    assert ranking.order.tolist() == sorted(range(len(stock)), key=lambda place: -weights[place])
    assert ranking.weight.tolist() == [weights[place] for place in ranking.order]
    assert ranking.pattern.tolist() == [patterns[place] for place in ranking.order]


def test_a_number_under_more_names_than_one_person_can_bear_counts_as_none():
    rrn, place = make_rrn("800517"), FIELDS.index("rrn")
    found = {}

    for count in (3, 4):
        stock = rows(*({"name": name, "rrn": rrn} for name in OTHERS[:count]))
        ranking = rank(stock, row(name="김철수", rrn=rrn), MODEL)
        found[count] = {LEVELS["rrn"][level] for level in levels_of(ranking.pattern)[:, place]}

    assert found == {3: {"same"}, 4: {"unknown"}}


def test_rank_changes_nothing_of_what_it_is_given():
    stock = rows(*({"name": name, "rrn": make_rrn("800517")} for name in OTHERS))
    before = stock.copy()

    rank(stock, stock[:1], MODEL)

    assert stock.tobytes() == before.tobytes()


def test_the_querys_own_name_counts_among_the_names_on_a_number():
    crowd = FIELDS.index("mobile_crowd")
    found = {}

    for count in (1, 2, 3, 12):
        ranking = rank(rows(*FAMILY[:count]), row(**KIM), MODEL)
        found[count] = {LEVELS["mobile_crowd"][level] for level in levels_of(ranking.pattern)[:, crowd]}

    assert found == {1: {"two"}, 2: {"three"}, 3: {"few"}, 12: {"crowd"}}


def test_rank_puts_the_heaviest_first_and_equal_ones_in_their_order():
    stranger = {"name": "박영희", "birth_date": "1955-01-02"}

    ranking = rank(rows(stranger, KIM, stranger, KIM), row(**KIM), MODEL)

    assert ranking.order.tolist() == [1, 3, 0, 2]
    assert [position for position, _weight, _pattern in ranking.entries()] == [1, 3, 0, 2]
    assert ranking.weight[0] == ranking.weight[1] > ranking.weight[2] == ranking.weight[3]


def test_rank_of_nobody_is_empty():
    ranking = rank(rows(), row(**KIM), MODEL)

    assert list(ranking.entries()) == []
    assert plain_agreement(ranking.pattern).tolist() == []


@pytest.mark.parametrize(
    ("held", "typed", "expected"),
    [
        (KIM, KIM, SAME),
        ({"name": "김철수", "rrn": make_rrn("800517")}, {"rrn": make_rrn("800517")}, SAME),
        (KIM | {"mobile": "", "address": HOME}, KIM | {"mobile": "", "address": HOME}, SAME),
        ({"kind": "ORG", "name": "한빛", "company_no": make_brn()}, {"kind": "ORG", "company_no": make_brn()}, SAME),
        (KIM, KIM | {"mobile": "010-3477-3123"}, SIMILAR),
        (KIM, KIM | {"mobile": "010-8254-9071"}, SIMILAR),
        (KIM, KIM | {"name": "김철슈"}, SIMILAR),
        (KIM, KIM | {"birth_date": "1980-05-18"}, SIMILAR),
        (KIM | {"email": "chulsoo80@naver.com"}, {"name": "김철수", "email": "chulsoo80@naver.com"}, SIMILAR),
        (KIM, {"name": "김철수", "birth_date": "1980"}, NOTHING),
        (KIM, {"name": "김철수"}, NOTHING),
        (KIM, {"mobile": "010-3477-3122"}, NOTHING),
        (KIM, {"name": "김철슈", "birth_date": "1980-05-18", "mobile": "010-3477-3122"}, NOTHING),
        (KIM, KIM | {"kind": "ORG"}, NOTHING),
    ],
)
def test_plain_agreement(held, typed, expected):
    ranking = rank(row(**held), row(**typed), MODEL)

    assert plain_agreement(ranking.pattern).tolist() == [expected]


@given(
    st.lists(st.integers(0, 8), min_size=len(FIELDS), max_size=len(FIELDS)), st.sampled_from(FIELDS), st.integers(0, 8)
)
def test_another_value_never_says_more_than_the_same_one(drawn, field, instead):
    levels = np.array([[level % len(LEVELS[name]) for level, name in zip(drawn, FIELDS, strict=True)]], np.int8)
    place, closest = FIELDS.index(field), {"name": "exact", "birth": "exact", "address": "dwelling"}.get(field, "same")
    if closest not in LEVELS[field]:
        return
    levels[0, place] = LEVELS[field].index(closest)
    misspelt = levels.copy()
    misspelt[0, place] = instead % len(LEVELS[field])

    right, wrong = plain_agreement(pattern_of(np.concatenate([levels, misspelt])))

    assert wrong <= right
