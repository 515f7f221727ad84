"""A model that is written down and read again, also by another version of the engine."""

import json
from dataclasses import replace

import numpy as np
import pytest

from customers.dedup.comparison import FIELDS, LEVELS
from customers.dedup.model import TOGETHER, Cut, Model, Weights
from customers.dedup.prior import prior_model
from customers.dedup.storing import SHIPPED, from_json, shipped_model, to_json
from tests.customers.dedup.rows import levels, names_of

PRIOR = prior_model()
RNG = np.random.default_rng(7)
LEARNED = replace(
    PRIOR,
    version=9,
    person=Weights(
        -3.25,
        {field: RNG.integers(-9000, 9000, len(held)) / 1000 for field, held in LEVELS.items() if field != "kind"},
        {(one, two): RNG.integers(-9000, 9000, (len(LEVELS[one]), len(LEVELS[two]))) / 1000 for one, two in TOGETHER},
    ),
    common_names=np.array([3, 2**40, 2**64 - 1], np.uint64),
    common_levels=np.array([2, 3, 4], np.int8),
    cuts={("*", "*"): Cut(0.5, -6.0), ("CALL", "POLICY"): Cut(8.0, 2.0)},
)
Written = dict[str, object]


def written(model: Model) -> Written:
    """The definition of a model after it was text."""
    return json.loads(json.dumps(to_json(model)))


def read(definition: Written) -> Model:
    return from_json(9, definition)


def held(model: Model) -> dict[str, object]:
    """All of a model as plain values."""
    kinds = {"person": model.person, "organisation": model.organisation}
    return {
        "version": model.version,
        "base": {kind: weights.base for kind, weights in kinds.items()},
        "single": {
            kind: {field: table.tolist() for field, table in weights.single.items()} for kind, weights in kinds.items()
        },
        "together": {
            kind: {two: table.tolist() for two, table in weights.together.items()} for kind, weights in kinds.items()
        },
        "names": dict(zip(model.common_names.tolist(), model.common_levels.tolist(), strict=True)),
        "cuts": dict(model.cuts),
    }


def renamed(definition: Written, field: str, level: str, name: str) -> Written:
    """The definition of an engine that called a level otherwise."""
    named = {**definition["levels"]}
    named[field] = [name if each == level else each for each in named[field]]
    return definition | {"levels": named}


@pytest.mark.parametrize("model", [LEARNED, replace(PRIOR, version=9)], ids=["learned", "prior"])
def test_a_model_is_read_as_it_was_written(model):
    assert held(read(written(model))) == held(model)


def test_weights_are_written_to_a_thousandth_of_a_bit():
    person = Weights(-1.23456, {"name": np.full(8, 1.00049)}, {("name", "sex"): np.full((8, 3), -0.9996)})

    definition = written(replace(PRIOR, person=person))

    assert definition["person"] == {
        "base": -1.235,
        "single": {"name": [1.0] * 8},
        "together": {"name~sex": [[-1.0] * 3] * 8},
    }


def test_a_definition_names_its_levels_and_not_its_version():
    definition = written(LEARNED)

    assert definition["levels"] == {field: list(names) for field, names in LEVELS.items()}
    assert sorted(definition) == ["common_levels", "common_names", "cuts", "levels", "organisation", "person"]
    assert from_json(4, definition).version == 4


def test_names_that_are_read_are_known_again():
    model = read(written(LEARNED))

    assert model.rarity_of(np.array([2**64 - 1, 3, 4, 0], np.uint64)).tolist() == [4, 2, 1, 0]


def test_levels_in_another_order_weigh_the_same():
    definition = written(LEARNED)
    turned = {field: list(reversed(names)) for field, names in definition["levels"].items()}
    person = {
        "base": definition["person"]["base"],
        "single": {field: table[::-1] for field, table in definition["person"]["single"].items()},
        "together": {
            two: [row[::-1] for row in table[::-1]] for two, table in definition["person"]["together"].items()
        },
    }
    organisation = definition["organisation"] | {
        "single": {field: table[::-1] for field, table in definition["organisation"]["single"].items()}
    }

    model = read(definition | {"levels": turned, "person": person, "organisation": organisation})

    assert held(model) == held(LEARNED)


def test_a_level_that_no_longer_exists_is_left_out_and_one_that_is_new_weighs_nothing():
    near = LEVELS["name"].index("near")

    model = read(renamed(written(LEARNED), "name", "near", "nearly"))

    name, name_and_birth = LEARNED.person.single["name"].copy(), LEARNED.person.together["name", "birth"].copy()
    name[near], name_and_birth[near] = 0, 0
    assert model.person.single["name"].tolist() == name.tolist()
    assert model.person.together["name", "birth"].tolist() == name_and_birth.tolist()
    assert model.person.single["birth"].tolist() == LEARNED.person.single["birth"].tolist()


def test_a_level_on_the_second_side_of_two_that_no_longer_exists_is_left_out():
    model = read(renamed(written(LEARNED), "birth", "slip", "slipped"))

    expected = LEARNED.person.together["name", "birth"].copy()
    expected[:, LEVELS["birth"].index("slip")] = 0
    assert model.person.together["name", "birth"].tolist() == expected.tolist()


def test_a_level_more_than_this_engine_has_moves_no_other():
    definition = written(PRIOR)
    definition["levels"]["sex"].insert(1, "guessed")
    definition["person"]["single"]["sex"].insert(1, 7.0)

    assert read(definition).person.single["sex"].tolist() == PRIOR.person.single["sex"].tolist()


def test_a_field_that_is_newer_than_the_definition_weighs_nothing():
    definition = written(PRIOR)
    del definition["levels"]["employee"], definition["person"]["single"]["employee"]

    model = read(definition)

    one, other = levels(name="exact", employee="same"), levels(name="exact")
    assert model.weigh(one).tolist() == model.weigh(other).tolist() == PRIOR.weigh(other).tolist()


def test_a_field_that_no_longer_exists_is_left_out():
    definition = written(PRIOR)
    definition["levels"]["pager"] = ["unknown", "same"]
    definition["person"]["single"]["pager"] = [0.0, 5.0]

    assert held(read(definition)) == held(replace(PRIOR, version=9))


def test_the_shipped_model_is_version_0_and_read_once():
    assert shipped_model().version == 0
    assert shipped_model() is shipped_model()
    assert shipped_model().cuts["*", "*"].review < shipped_model().cuts["*", "*"].auto


def test_the_shipped_model_was_written_for_the_levels_of_this_engine():
    definition = json.loads(SHIPPED.read_text("utf-8"))

    assert definition["levels"] == {field: list(names) for field, names in LEVELS.items()}
    assert set(shipped_model().person.single) == set(FIELDS) - {"kind", "age"}
    assert set(shipped_model().person.together) == set(TOGETHER)


def test_the_shipped_model_is_the_same_when_written_again():
    assert held(from_json(0, written(shipped_model()))) == held(shipped_model())


def test_the_shipped_model_knows_common_names():
    model = shipped_model()

    found = [LEVELS["rarity"][level] for level in model.rarity_of(names_of("김영희", "뷁쒧뙓", "")["name"])]

    assert found == ["very_common", "rare", "unknown"]
    assert model.common_names.tolist() == sorted(set(model.common_names.tolist()))
    assert {LEVELS["rarity"][level] for level in model.common_levels.tolist()} == {"uncommon", "common", "very_common"}
