"""What a stock without identifiers teaches by its agreements alone."""

import numpy as np
import pytest

from customers.dedup import unlabelled
from customers.dedup.blocking import candidates
from customers.dedup.blocks import mixed, sides_of
from customers.dedup.comparison import Circumstances, compare
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Model
from customers.dedup.prior import prior_model
from customers.dedup.records import Rows
from customers.dedup.unlabelled import NothingToTellApart, fit_without_identifiers
from customers.standard.matching import HANGUL, MATCH_RECORD

PRIOR = prior_model()
PERSONS, POSTCODES, NAMES, WRONG = 1_500, 50, 700, 0.05
TRUE_SHARE = PERSONS / (2 * PERSONS * (2 * PERSONS - 1) / 2)


def stock(persons: int = PERSONS, copies: int = 2) -> np.ndarray:
    """Records of persons, some sent twice; each item but the postcode is another one in WRONG of the records. Every
    postcode is that of dozens of people, so that most candidates are strangers."""
    draw = np.random.default_rng(5)
    person = np.repeat(np.arange(persons), copies)
    records = np.zeros(len(person), MATCH_RECORD)
    name = draw.integers(0, NAMES, persons)[person]
    name = np.where(draw.random(len(person)) < WRONG, draw.integers(0, NAMES, len(person)), name)
    text = np.zeros((len(person), 15), "<u2")
    text[:, 0] = 0xAC00 + 588 * (name % 19)
    text[:, 1] = 0xAC00 + 588 * (name // 19 % 19) + 28 * 4
    text[:, 2] = 0xAC00 + 588 * (name // 361) + 28 * 8
    records["name"], records["name_text"], records["name_script"] = key(name), text.view("V30").ravel(), HANGUL
    days = draw.integers(-3_650, 14_000, persons)[person]
    days = np.where(draw.random(len(person)) < WRONG, draw.integers(-3_650, 14_000, len(person)), days)
    records["birth"] = [int(str(day).replace("-", "")) for day in days.astype("M8[D]")]
    mailbox = np.where(draw.random(len(person)) < WRONG, 10 * persons + np.arange(len(person)), person)
    records["email"], records["mailbox"] = key(mailbox), key(mailbox)
    records["mailbox_text"] = [f"somebody{number:09}{number % 97:03}" for number in mailbox]
    records["postcode"] = 100_001 + draw.integers(0, POSTCODES, persons)[person]
    records["street"] = key(np.arange(len(person)))
    return records


def key(number: np.ndarray) -> np.ndarray:
    return mixed((number + 1).astype(np.uint64))


@pytest.fixture(scope="module")
def rows() -> Rows:
    return Rows.of(stock())


@pytest.fixture(scope="module")
def model(rows) -> Model:
    return fit_without_identifiers(rows, PRIOR).model


def weighed(rows: Rows, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """The weight of every candidate, and whether it is one person."""
    circumstances: Circumstances = circumstances_of(rows, model)
    left, right = sides_of(candidates(rows, model.rarity_of(rows["name"]) <= 1))
    return model.weigh(compare(rows, circumstances, left, right)), left // 2 == right // 2


def test_how_many_are_one_person_is_found_among_many_strangers_that_share_a_postcode(rows, model):
    _weight, is_one = weighed(rows, model)

    assert is_one.mean() < 0.05
    assert model.person.base == pytest.approx(np.log2(TRUE_SHARE), abs=0.1)


def test_nearly_all_are_told_apart(rows, model):
    weight, is_one = weighed(rows, model)

    found = weight > 0
    assert (is_one[found].mean() > 0.99, found[is_one].mean() > 0.95) == (True, True)


def test_weights_are_odds_that_add_up_to_how_many_are_one_person(rows, model):
    weight, is_one = weighed(rows, model)

    assert (1 / (1 + 2.0**-weight)).sum() == pytest.approx(is_one.sum(), rel=0.03)


def test_a_part_of_the_candidates_teaches_the_same(rows, model, monkeypatch):
    monkeypatch.setattr(unlabelled, "MOST_CANDIDATES", 40_000)

    of_a_part = fit_without_identifiers(rows, PRIOR).model

    assert of_a_part.person.base == pytest.approx(model.person.base, abs=0.2)


def test_nothing_is_learned_where_nobody_was_sent_twice():
    with pytest.raises(NothingToTellApart):
        fit_without_identifiers(Rows.of(stock(copies=1)), PRIOR)


def test_nothing_is_learned_without_agreement_from_a_stock_that_carries_identifiers():
    records = stock()
    records["rrn"][::50] = key(np.arange(len(records[::50])))

    with pytest.raises(NothingToTellApart):
        fit_without_identifiers(Rows.of(records), PRIOR)


def test_nothing_is_learned_from_a_handful():
    with pytest.raises(NothingToTellApart):
        fit_without_identifiers(Rows.of(stock(persons=100)), PRIOR)
