"""What a stock teaches by its own identifiers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from customers.dedup import fitting
from customers.dedup.blocks import mixed
from customers.dedup.comparison import LEVELS, Circumstances, compare
from customers.dedup.fitting import (
    HELD_OUT,
    LEAST_PAIRS,
    Fitted,
    TooLittleToLearn,
    circumstances_of,
    common_names,
    fit,
    with_births_hidden,
)
from customers.dedup.model import IDENTIFIERS, Cut, Weights
from customers.dedup.prior import prior_model
from customers.dedup.records import Rows
from customers.standard.matching import HANGUL, MATCH_RECORD, ORGANISATION
from tests.customers.dedup.rows import levels, rows

PRIOR = prior_model()
ONE_HOUSEHOLD = {"mobile": "same", "phone": "same", "address": "dwelling"}
HOUSEHOLDS, MEMBERS, COPIES = 1500, 2, 2
SURNAMES, GIVEN_NAMES = 20, 400
FIRST_BIRTH, LAST_BIRTH = np.datetime64("1960-01-01"), np.datetime64("2008-12-31")
FIRST_SYLLABLE, INITIAL, MEDIAL = 0xAC00, 588, 28


def household_stock(households: int = HOUSEHOLDS) -> np.ndarray:
    """Records of households: two members of one surname, with one mobile, phone and dwelling, each sent twice; all
    have resident numbers."""
    draw = np.random.default_rng(11)
    person = np.repeat(np.arange(households * MEMBERS), COPIES)
    household = person // MEMBERS
    records = np.zeros(len(person), MATCH_RECORD)
    surname = draw.integers(0, SURNAMES, households)[household]
    given = draw.integers(0, GIVEN_NAMES, households * MEMBERS)[person]
    text = np.zeros((len(person), 15), "<u2")
    text[:, 0] = FIRST_SYLLABLE + INITIAL * (surname % 19) + MEDIAL * (surname // 19)
    text[:, 1] = FIRST_SYLLABLE + INITIAL * (given % 19) + 5 * MEDIAL
    text[:, 2] = FIRST_SYLLABLE + INITIAL * (given // 22) + 9 * MEDIAL
    records["name"] = key(surname * GIVEN_NAMES + given)
    records["name_text"], records["name_script"] = text.view("V30").ravel(), HANGUL
    day = draw.integers(FIRST_BIRTH.astype(int), LAST_BIRTH.astype(int), households * MEMBERS)[person]
    records["birth"] = [int(str(birth).replace("-", "")) for birth in day.astype("M8[D]")]
    records["rrn"] = key(person)
    records["mobile"], records["phone"] = 101_030_000_000 + household * 10_007, 10_230_000_000 + household
    records["dwelling"], records["street"] = key(household), key(household // 3)
    records["unit"], records["district"] = household % 900 + 1, household % 50 + 1
    records["postcode"] = 100_000 + household // 3
    return records


def key(number: np.ndarray) -> np.ndarray:
    return mixed((number + 1).astype(np.uint64))


@pytest.fixture(scope="module")
def stock() -> np.ndarray:
    return household_stock()


@pytest.fixture(scope="module")
def fitted(stock) -> Fitted:
    return fit(Rows.of(stock), PRIOR)


def test_a_household_is_learned_not_to_be_one_person(fitted):
    for birth in ("other", "unknown"):
        strangers = levels(name="other", birth=birth, rarity="common", **ONE_HOUSEHOLD)

        assert fitted.model.person.total(strangers)[0] < PRIOR.person.total(strangers)[0] - 5


def test_one_person_in_a_household_stays_one(fitted):
    for birth in ("exact", "unknown"):
        same = levels(
            name="exact", birth=birth, rarity="common", mobile_crowd="two", phone_crowd="two", **ONE_HOUSEHOLD
        )

        assert fitted.model.weigh(same)[0] > 3


def test_what_never_occurs_keeps_its_weight(fitted):
    person = fitted.model.person

    assert person.single["email"][1:].tolist() == PRIOR.person.single["email"][1:].tolist()
    assert person.single["employee"][1:].tolist() == PRIOR.person.single["employee"][1:].tolist()
    assert set(person.together["name", "email"][:, 1:].ravel().tolist()) == {0.0}


def test_what_seldom_occurs_hardly_moves(fitted):
    seldom = [LEVELS["birth"].index(level) for level in ("year", "slip", "calendar")]

    learned, before = (model.person.single["birth"][seldom] for model in (fitted.model, PRIOR))

    assert learned.tolist() == pytest.approx(before.tolist(), abs=0.1)


def test_identifiers_and_organisations_keep_their_weights(fitted):
    for identifier in IDENTIFIERS:
        learned, before = (model.person.single[identifier] for model in (fitted.model, PRIOR))

        assert learned.tolist() == before.tolist()
    assert fitted.model.organisation is PRIOR.organisation


def test_fit_remembers_names_and_cuts(stock):
    cuts = {("*", "*"): Cut(1.0, -2.0)}

    model = fit(Rows.of(stock), PRIOR, cuts).model

    assert model.cuts == cuts
    assert [table.tolist() for table in (model.common_names, model.common_levels)] == [
        table.tolist() for table in common_names(Rows.of(stock))
    ]


def test_fit_tells_what_it_learned_from(fitted):
    lesson = fitted.lesson

    assert fitted.training == {
        "records": HOUSEHOLDS * MEMBERS * COPIES,
        "pairs": int((~lesson.held_out).sum()),
        "same": int(lesson.is_same[~lesson.held_out].sum()),
        "held_out": int(lesson.held_out.sum()),
        "common_names": len(fitted.model.common_names),
    }
    assert lesson.is_same.sum() == HOUSEHOLDS * MEMBERS
    assert np.flatnonzero(lesson.held_out).tolist() == [*range(0, len(lesson.levels), HELD_OUT)]


def weights_of(model_weights: Weights) -> list[object]:
    tables = (*model_weights.single.items(), *model_weights.together.items())
    return [model_weights.base, *((fields, table.tolist()) for fields, table in tables)]


def test_the_order_of_the_records_makes_no_difference(stock, fitted):
    shuffled = np.random.default_rng(3).permutation(stock)

    assert weights_of(fit(Rows.of(shuffled), PRIOR).model.person) == weights_of(fitted.model.person)


Comparison = Callable[[Rows, Circumstances, np.ndarray, np.ndarray], np.ndarray]


def spoiling(first: int) -> Comparison:
    """A comparison that finds nothing out about every fifth pair, counted from `first`."""

    def spoiled(held: Rows, around: Circumstances, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        found = compare(held, around, left, right)
        found[first::HELD_OUT] = 0
        return found

    return spoiled


def test_pairs_that_are_held_out_do_not_teach(stock, fitted, monkeypatch):
    monkeypatch.setattr(fitting, "compare", spoiling(0))
    without_them = fit(Rows.of(stock), PRIOR)
    monkeypatch.setattr(fitting, "compare", spoiling(1))
    without_others = fit(Rows.of(stock), PRIOR)

    assert weights_of(without_them.model.person) == weights_of(fitted.model.person)
    assert weights_of(without_others.model.person) != weights_of(fitted.model.person)


def test_fit_refuses_too_few_pairs_of_one_person():
    just_enough = fit(Rows.of(household_stock(LEAST_PAIRS // MEMBERS)), PRIOR)

    assert just_enough.lesson.is_same.sum() == LEAST_PAIRS
    with pytest.raises(TooLittleToLearn):
        fit(Rows.of(household_stock(LEAST_PAIRS // MEMBERS - 1)), PRIOR)


def test_fit_refuses_where_no_two_are_told_apart(stock):
    alone = stock.copy()
    alone["rrn"][2::4] = alone["rrn"][3::4] = 0

    with pytest.raises(TooLittleToLearn):
        fit(Rows.of(alone), PRIOR)


def test_fit_refuses_an_empty_stock():
    with pytest.raises(TooLittleToLearn):
        fit(rows(), PRIOR)


def test_organisations_do_not_teach(stock):
    firms = stock.copy()
    firms["flags"] = ORGANISATION

    with pytest.raises(TooLittleToLearn):
        fit(Rows.of(firms), PRIOR)


@pytest.mark.parametrize(
    ("held", "is_found"),
    [
        ({"name": "exact", "mobile": "same"}, True),
        ({"name": "exact", "mobile": "prefix"}, True),
        ({"name": "exact", "phone": "same"}, True),
        ({"name": "exact", "address": "dwelling"}, True),
        ({"name": "exact", "address": "building"}, True),
        ({"name": "exact", "address": "neighbour"}, True),
        ({"name": "exact", "address": "unit"}, True),
        ({"name": "exact", "address": "postcode"}, True),
        ({"name": "exact", "address": "district"}, False),
        ({"name": "exact"}, False),
        ({"name": "near", "phone": "same"}, False),
        ({"name": "near", "address": "dwelling"}, False),
        ({"name": "other", "mobile": "same"}, True),
        ({"name": "other", "mobile": "prefix"}, False),
        ({"name": "other", "email": "same"}, True),
        ({"name": "other", "email": "alike"}, False),
        ({"name": "other", "employee": "same"}, True),
    ],
)
def test_a_pair_teaches_again_without_births_where_it_would_be_found_without(held, is_found):
    born = held | {"birth": "exact", "sex": "same", "age": "child"}
    unborn = held | {"birth": "unknown", "sex": "unknown", "age": "unknown"}

    taught, is_same = with_births_hidden(levels(**born), np.array([True]))

    again = levels(**unborn).tolist() if is_found else []
    assert taught.tolist() == [*levels(**born).tolist(), *again]
    assert is_same.tolist() == [True] * len(taught)


def test_common_names_are_told_by_bearers_per_million_persons():
    bearers = {1: 2, 2: 3, 3: 11, 4: 12, 5: 49, 6: 50}
    names = np.concatenate([np.full(count, name) for name, count in bearers.items()])
    records = np.zeros(100_050, MATCH_RECORD)
    records["name"][: len(names)] = names
    records["name"][len(names) : 100_000] = 1000 + np.arange(100_000 - len(names))
    records["name"][100_000:], records["flags"][100_000:] = 7, ORGANISATION

    keys, found = common_names(Rows.of(records))

    assert keys.tolist() == [2, 3, 4, 5, 6]
    assert [LEVELS["rarity"][level] for level in found] == ["uncommon"] * 2 + ["common"] * 2 + ["very_common"]


def test_no_name_is_common_because_a_small_stock_holds_it_once():
    keys, found = common_names(rows({"name": "김철수"}, {"name": "박영희"}, {"name": "박영희"}, {}))

    assert (keys.tolist(), found.tolist()) == (rows({"name": "박영희"})["name"].tolist(), [4])


def test_circumstances_of_records():
    held = rows(
        {"name": "김철수", "mobile": "010-3477-3122", "phone": "02-345-6789"},
        {"name": "박영희", "mobile": "010-3477-3122"},
        {"name": "박영희", "phone": "02-345-6789"},
        {},
    )
    name = held["name"][:1]

    around = circumstances_of(held, replace(PRIOR, common_names=name, common_levels=np.array([3], np.int8)))

    assert around.rarity.tolist() == [3, 1, 1, 0]
    assert around.names_on_mobile.tolist() == [2, 2, 0, 0]
    assert around.names_on_phone.tolist() == [2, 0, 2, 0]
