"""What levels weigh together, and what no sum can outweigh."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.comparison import FIELDS, LEVELS
from customers.dedup.model import (
    CONTRADICTED,
    HARDLY,
    MANY_NAMES,
    MOST,
    NAME_SHIFT,
    NEVER,
    PATTERN_BITS,
    SIZES,
    TOGETHER,
    TOLD_OTHERWISE,
    TWINS,
    Weights,
    contradicts,
    distinct_patterns,
    levels_of,
    limits,
    may_be_twins,
    pattern_of,
    told_otherwise,
)
from customers.dedup.prior import IDENTIFIER_WEIGHTS, PERSON, PERSON_BASE, prior_model, weights
from customers.dedup.storing import shipped_model
from tests.customers.dedup.rows import levels

MODEL = prior_model()
RNG = np.random.default_rng(5)
LEARNED = replace(
    MODEL,
    person=Weights(
        -3.0,
        {field: RNG.normal(0, 2, len(held)) for field, held in LEVELS.items()},
        {(one, two): RNG.normal(0, 1, (len(LEVELS[one]), len(LEVELS[two]))) for one, two in TOGETHER},
    ),
)
DRAWN = st.lists(st.tuples(*(st.integers(0, size - 1) for size in SIZES)), max_size=20).map(
    lambda drawn: np.array(drawn, np.int8).reshape(-1, len(SIZES))
)


@given(DRAWN)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_levels_and_patterns_are_each_others_reverse(drawn):
    patterns = pattern_of(drawn)

    assert levels_of(patterns).tolist() == drawn.tolist()
    assert pattern_of(levels_of(patterns)).tolist() == patterns.tolist()


def test_patterns_reach_from_nothing_to_36_bits_without_a_gap():
    highest = np.array([[size - 1 for size in SIZES]], np.int8)

    assert pattern_of(levels()).tolist() == [0]
    assert pattern_of(highest).tolist() == [int(np.prod(SIZES, dtype=np.int64)) - 1]
    assert int(pattern_of(highest)[0]).bit_length() == 36


def test_patterns_of_other_sizes():
    held = np.array([[1, 2], [0, 3]], np.int8)

    assert pattern_of(held, (2, 4)).tolist() == [6, 3]
    assert levels_of(np.array([6, 3]), (2, 4)).tolist() == held.tolist()


@given(DRAWN)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_total_is_the_base_and_all_parts(drawn):
    for row, total in zip(drawn, LEARNED.person.total(drawn).tolist(), strict=True):
        held = dict(zip(FIELDS, row.tolist(), strict=True))
        singles = sum(table[held[field]] for field, table in LEARNED.person.single.items())
        both = sum(table[held[one], held[two]] for (one, two), table in LEARNED.person.together.items())

        assert total == pytest.approx(-3.0 + singles + both)


@given(DRAWN)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_weigh_is_the_total_within_its_limits(drawn):
    for model in (MODEL, LEARNED, shipped_model()):
        found = model.weigh(drawn)

        for row, bits in zip(drawn, found.tolist(), strict=True):
            one = row[None]
            total = (model.organisation if one[0, FIELDS.index("kind")] == 1 else model.person).total(one)[0]
            limit = limits(one)[0]
            expected = min(total, MOST if np.isnan(limit) else limit)
            assert bits == pytest.approx(TOLD_OTHERWISE if told_otherwise(one)[0] else expected)


def test_weigh_of_no_pair_is_empty():
    assert MODEL.weigh(np.empty((0, len(FIELDS)), np.int8)).tolist() == []


def test_the_prior_adds_up_what_agrees():
    agreed = levels(name="exact", birth="exact", mobile="same", sex="other")

    assert MODEL.weigh(agreed).tolist() == [PERSON_BASE + 9.0 + 11.0 + 9.0 - 4.0]


def test_what_a_table_does_not_name_weighs_nothing():
    made = weights({"name": {"exact": 2.0}}, 1.0)

    assert made.single["name"].tolist() == [0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert {field: table.tolist() for field, table in made.single.items() if field != "name"} == {
        identifier: [0.0, told["same"], told["other"]] for identifier, told in IDENTIFIER_WEIGHTS.items()
    }
    assert (made.base, made.together) == (1.0, {})


@pytest.mark.parametrize("field", PERSON)
def test_the_prior_names_no_level_that_does_not_exist(field):
    assert set(PERSON[field]) - set(LEVELS[field]) == set()


PROOF = {"name": "exact", "birth": "exact", "mobile": "same", "email": "same", "address": "dwelling"}
UNLIKE = {"name": "other", "birth": "other"}
TWIN = {"name": "alike", "birth": "exact", "address": "dwelling", "phone": "same"}
LIMITED = [
    ("nothing known", {}, None),
    ("full agreement", PROOF, None),
    ("resident numbers differ", PROOF | {"rrn": "other"}, CONTRADICTED),
    ("connecting informations differ", PROOF | {"ci": "other"}, CONTRADICTED),
    ("resident numbers and connecting informations differ", PROOF | {"rrn": "other", "ci": "other"}, CONTRADICTED),
    ("resident numbers differ, connecting information agrees", PROOF | {"rrn": "other", "ci": "same"}, None),
    ("connecting informations differ, resident number agrees", PROOF | {"ci": "other", "rrn": "same"}, None),
    ("name and birth differ", UNLIKE | {"mobile": "same"}, HARDLY),
    ("name in other letters and birth differ", UNLIKE | {"name": "apart"}, HARDLY),
    ("name and birth differ, numbers too", UNLIKE | {"rrn": "other"}, HARDLY),
    ("name and birth differ, an identifier agrees", UNLIKE | {"rrn": "same"}, None),
    ("name differs, birth unknown", {"name": "other", "mobile": "same"}, None),
    ("birth differs, name alike", {"name": "alike", "birth": "other"}, None),
    ("twins", TWIN, TWINS),
    ("twins whose names differ by a letter", TWIN | {"name": "near"}, TWINS),
    ("twins whose names differ by a syllable", TWIN | {"name": "part"}, TWINS),
    ("twins with a parent's mobile", TWIN | {"mobile": "same", "age": "child"}, TWINS),
    ("like names, a mobile of one's own", TWIN | {"mobile": "same", "age": "adult"}, None),
    ("like names, one e-mail", TWIN | {"email": "same"}, None),
    ("like names, e-mails alike", TWIN | {"email": "alike"}, None),
    ("like names, one day, no home in common", {"name": "alike", "birth": "exact", "address": "neighbour"}, None),
    ("twins known by one building", {"name": "alike", "birth": "exact", "address": "building"}, TWINS),
    ("twins known by one phone", {"name": "alike", "birth": "exact", "phone": "same"}, TWINS),
    ("twins known by a parent's mobile", {"name": "alike", "birth": "exact", "mobile": "same", "age": "child"}, TWINS),
    ("twins of wholly unlike names", TWIN | {"name": "other"}, TWINS),
    ("grown twins of wholly unlike names, one mobile", TWIN | {"name": "other", "mobile": "same"}, TWINS),
    ("like names, one employee number", TWIN | {"employee": "same"}, None),
    ("like names, one resident number", TWIN | {"rrn": "same"}, None),
    ("like names, born about one day", TWIN | {"birth": "slip"}, None),
    ("twins with two resident numbers", TWIN | {"rrn": "other"}, CONTRADICTED),
    ("a person and an organisation", PROOF | {"kind": "mixed"}, NEVER),
    ("a person and an organisation, unlike", UNLIKE | {"kind": "mixed"}, NEVER),
    ("organisations of other names", {"kind": "organisation", "name": "other", "birth": "other"}, None),
    ("organisations of like names", TWIN | {"kind": "organisation"}, None),
]


@pytest.mark.parametrize(("case", "held", "limit"), LIMITED, ids=[case[0] for case in LIMITED])
def test_limits(case, held, limit):
    found = limits(levels(**held)).tolist()

    assert np.array_equal(found, [np.nan if limit is None else limit], equal_nan=True)


@pytest.mark.parametrize(("case", "held", "limit"), [case for case in LIMITED if case[2] is not None])
def test_no_sum_outweighs_a_limit(case, held, limit):
    heavy = replace(MODEL, person=replace(MODEL.person, base=90.0), organisation=replace(MODEL.organisation, base=90.0))
    light = replace(MODEL, person=replace(MODEL.person, base=-900.0))

    assert heavy.weigh(levels(**held)).tolist() == [limit]
    assert light.weigh(levels(**held))[0] < -800


def test_twins_may_have_wholly_unlike_names():
    assert may_be_twins(levels(**TWIN | {"name": "other"})).tolist() == [True]


def test_nothing_weighs_more_than_the_most():
    heavy = replace(MODEL, person=replace(MODEL.person, base=900.0))

    assert heavy.weigh(levels(**PROOF)).tolist() == [MOST]


@pytest.mark.parametrize("identifier", ["rrn", "ci"])
def test_where_an_identifier_agrees_and_name_and_birth_differ_a_person_is_asked(identifier):
    held = levels(**UNLIKE, **{identifier: "same"})

    assert told_otherwise(held).tolist() == [True]
    for base in (-900.0, 90.0):
        assert replace(MODEL, person=replace(MODEL.person, base=base)).weigh(held).tolist() == [TOLD_OTHERWISE]


@pytest.mark.parametrize(
    "held",
    [
        {"name": "other", "birth": "exact", "rrn": "same"},
        {"name": "exact", "birth": "other", "rrn": "same"},
        {"name": "other", "birth": "unknown", "rrn": "same"},
        {"name": "other", "birth": "other", "rrn": "other"},
        {"name": "other", "birth": "other", "rrn": "other", "brn": "same"},
        {"name": "other", "birth": "other", "brn": "same", "kind": "organisation"},
    ],
)
def test_told_otherwise_takes_both_name_and_birth_of_a_person(held):
    assert told_otherwise(levels(**held)).tolist() == [False]


@pytest.mark.parametrize(
    ("rrn", "ci", "expected"),
    [
        ("unknown", "unknown", False),
        ("same", "unknown", False),
        ("other", "unknown", True),
        ("unknown", "other", True),
        ("other", "other", True),
        ("other", "same", False),
        ("same", "other", False),
        ("same", "same", False),
    ],
)
def test_contradicts(rrn, ci, expected):
    assert contradicts(levels(rrn=rrn, ci=ci)).tolist() == [expected]


def test_rarity_of():
    model = replace(MODEL, common_names=np.array([10, 20, 30], np.uint64), common_levels=np.array([2, 3, 4], np.int8))

    assert model.rarity_of(np.array([30, 0, 15, 10, 20, 99, 1], np.uint64)).tolist() == [4, 0, 1, 2, 3, 1, 1]
    assert model.rarity_of(np.array([], np.uint64)).tolist() == []


def test_rarity_of_many_names_is_that_of_each():
    random = np.random.default_rng(3)
    crowded = (np.uint64(7) << NAME_SHIFT) + np.arange(40, dtype=np.uint64)  # names that begin with the same bits
    keys = np.unique(np.concatenate([random.integers(1, 2**63, 3000).astype(np.uint64), crowded[::2], [2**64 - 1]]))
    model = replace(MODEL, common_names=keys, common_levels=random.integers(2, 5, len(keys)).astype(np.int8))
    rare = random.integers(1, 2**63, MANY_NAMES).astype(np.uint64)
    names = random.permutation(np.concatenate([keys, crowded, rare, np.zeros(5, np.uint64)]))

    found = model.rarity_of(names)

    assert found.tolist() == [level for name in np.array_split(names, 9) for level in model.rarity_of(name).tolist()]
    assert np.bincount(found)[:2].tolist() == [5, len(rare) + 20]


@given(st.lists(st.integers(0, 2**PATTERN_BITS - 1), max_size=30), st.integers(1, 3))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_distinct_patterns_are_each_once_and_tell_which_each_was(drawn, times):
    patterns = np.array(drawn * times, np.int64)

    distinct, place = distinct_patterns(patterns)

    assert distinct.tolist() == sorted(set(drawn))
    assert distinct[place].tolist() == patterns.tolist()


def test_without_common_names_nothing_is_known_of_rarity():
    assert MODEL.rarity_of(np.array([30, 0], np.uint64)).tolist() == [0, 0]
