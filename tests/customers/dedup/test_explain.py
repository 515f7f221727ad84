"""Why a pair weighs what it weighs."""

from dataclasses import replace

import numpy as np
import pytest

from customers.dedup.comparison import FIELDS, LEVELS
from customers.dedup.explain import (
    BELONGS_TO,
    COMPARED,
    MOST_ALTERNATIVES,
    RELEVANT,
    Account,
    Alternative,
    Bar,
    account_of,
)
from customers.dedup.model import (
    CONTRADICTED,
    HARDLY,
    MOST,
    NEVER,
    SIZES,
    TOLD_OTHERWISE,
    TWINS,
    Model,
    Weights,
    levels_of,
    pattern_of,
)
from customers.dedup.prior import prior_model
from customers.dedup.storing import shipped_model
from tests.customers.dedup.rows import levels, named, pattern

PRIOR = prior_model()
MODELS = {"prior": PRIOR, "shipped": shipped_model()}
CUTS = (-6.0, 0.0, 5.0)


def drawn_patterns(count: int) -> list[int]:
    """Patterns of levels drawn at random; of each field the half is at its first level, as in life."""
    draw = np.random.default_rng(13)
    held = draw.integers(0, SIZES, (count, len(SIZES))) * draw.integers(0, 2, (count, len(SIZES)))
    return pattern_of(held).tolist()


def table(field: str, **bits: float) -> np.ndarray:
    return np.array([bits.get(level, 0.0) for level in LEVELS[field]])


def tiny_model() -> Model:
    """Names, births and phones, alone and together, with weights that tell themselves apart."""
    name_and_birth = np.zeros((len(LEVELS["name"]), len(LEVELS["birth"])))
    name_and_birth[LEVELS["name"].index("exact"), LEVELS["birth"].index("exact")] = 0.5
    name_and_rarity = np.zeros((len(LEVELS["name"]), len(LEVELS["rarity"])))
    name_and_rarity[LEVELS["name"].index("exact"), LEVELS["rarity"].index("common")] = -0.25
    single = {
        "name": table("name", exact=8.0, other=-8.0),
        "birth": table("birth", exact=4.0, other=-4.0),
        "rarity": table("rarity", common=-2.0),
        "phone": table("phone", unknown=0.125, same=2.0),
        "phone_crowd": table("phone_crowd", few=-1.0),
        "age": table("age", child=-0.5),
    }
    together = {("name", "birth"): name_and_birth, ("name", "rarity"): name_and_rarity}
    return replace(PRIOR, person=Weights(-10.0, single, together))


def weight_of(model: Model, one: int) -> float:
    return float(model.weigh(levels_of(np.array([one])))[0])


def held_in(one: int) -> dict[str, str]:
    """The levels of a pattern by name."""
    return named(levels_of(np.array([one])))


def changed(one: int, field: str, level: str) -> int:
    """The pattern with one field at another level."""
    return pattern(**held_in(one) | {field: level})


def test_an_account_tells_every_field_that_both_records_have():
    account = account_of(
        pattern(name="exact", birth="exact", rarity="common", phone="same", phone_crowd="few", age="child"),
        tiny_model(),
        0.0,
    )

    assert account == Account(
        base=-10.0,
        bars=(
            Bar("name", "exact", 8.0 + 0.25 - 2.0 - 0.25, "common"),
            Bar("birth", "exact", 4.0 + 0.25 - 0.5, "child"),
            Bar("phone", "same", 2.0 - 1.0, "few"),
        ),
        sum=0.75,
        bits=0.75,
        veto="",
        alternatives=account.alternatives,
    )


def test_what_is_unknown_has_no_bar_and_counts_for_the_base():
    account = account_of(pattern(name="other", age="unknown"), tiny_model(), 0.0)

    assert (account.base, account.bars) == (-10.0 + 0.125, (Bar("name", "other", -8.0, "unknown"),))


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_nothing_known_is_no_bar(model):
    account = account_of(pattern(), model, 0.0)

    assert account.bars == ()
    assert account.sum == account.bits
    assert account.base == pytest.approx(account.sum)
    assert account.sum == pytest.approx(float(model.person.total(levels())[0]))


def test_organisations_are_reckoned_by_their_own_weights():
    account = account_of(pattern(kind="organisation", name="exact", phone="same", brn="other"), PRIOR, 0.0)

    assert (account.base, account.sum, account.bits, account.veto) == (-13.0, -7.0, -7.0, "")
    assert [(bar.field, bar.bits) for bar in account.bars] == [("name", 9.0), ("phone", 6.0), ("brn", -9.0)]


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_base_and_bars_add_up_to_the_sum(model):
    for one in drawn_patterns(40):
        account = account_of(one, model, 0.0)

        found, held = levels_of(np.array([one])), held_in(one)
        weights = model.organisation if held["kind"] == "organisation" else model.person
        assert account.sum == float(weights.total(found)[0])
        assert account.base + sum(bar.bits for bar in account.bars) == pytest.approx(account.sum)
        assert account.bits == weight_of(model, one)
        assert [(bar.field, bar.level) for bar in account.bars] == [
            (field, held[field]) for field in COMPARED if held[field] != "unknown"
        ]
        assert [bar.circumstance for bar in account.bars] == [
            next((held[qualifying] for qualifying, of in BELONGS_TO.items() if of == bar.field), "")
            for bar in account.bars
        ]


def test_every_field_is_compared_or_belongs_to_one_that_is():
    assert {*COMPARED, *BELONGS_TO, "kind"} == {*FIELDS}
    assert set(BELONGS_TO.values()) <= set(COMPARED)


@pytest.mark.parametrize("base", [-20.0, 0.0, 95.0])
def test_a_pair_without_a_veto_counts_as_its_sum_or_the_most(base):
    model = replace(PRIOR, person=replace(PRIOR.person, base=base))
    accounts = [account_of(one, model, 0.0) for one in drawn_patterns(40)]

    for account in accounts:
        assert (account.bits == min(account.sum, MOST)) or account.veto != ""


UNLIKE = {"name": "other", "birth": "other"}
ALIKE = {"name": "exact", "birth": "exact", "mobile": "same", "email": "same"}
TWIN = {"name": "near", "birth": "exact", "address": "dwelling", "phone": "same"}
VETOED = [
    ("TOLD_OTHERWISE", UNLIKE | {"rrn": "same"}, TOLD_OTHERWISE),
    ("TOLD_OTHERWISE", UNLIKE | {"ci": "same", "mobile": "same"}, TOLD_OTHERWISE),
    ("KIND", ALIKE | {"kind": "mixed"}, NEVER),
    ("CONTRADICTED", ALIKE | {"rrn": "other"}, CONTRADICTED),
    ("CONTRADICTED", ALIKE | {"ci": "other", "address": "dwelling"}, CONTRADICTED),
    ("NAME_AND_BIRTH", UNLIKE | {"mobile": "same", "email": "same", "employee": "same"}, HARDLY),
    ("TWINS", TWIN, TWINS),
]


@pytest.mark.parametrize(("veto", "held", "bits"), VETOED)
def test_a_veto_is_named(veto, held, bits):
    account = account_of(pattern(**held), PRIOR, 0.0)

    assert (account.veto, account.bits) == (veto, bits)
    assert account.sum != bits


@pytest.mark.parametrize(("veto", "held", "bits"), VETOED[3:])
def test_a_limit_that_the_sum_stays_below_is_no_veto(veto, held, bits):
    light = replace(PRIOR, person=replace(PRIOR.person, base=-90.0))

    account = account_of(pattern(**held), light, 0.0)

    assert (account.veto, account.bits) == ("", account.sum)
    assert account.sum < bits


def test_of_two_vetoes_the_one_is_named_that_set_the_limit():
    account = account_of(
        pattern(**UNLIKE, rrn="other", mobile="same", email="same", employee="same", address="dwelling"), PRIOR, 0.0
    )

    assert (account.veto, account.bits) == ("NAME_AND_BIRTH", HARDLY)


def turning(one: int, model: Model, cut: float) -> list[Alternative]:
    """Every field that turns the decision: below the cut by agreeing in full, above it by differing after all."""
    held = held_in(one)
    is_linked = weight_of(model, one) >= cut
    found = []
    for field in RELEVANT[held["kind"]]:
        level = "other" if is_linked else LEVELS[field][1]
        bits = weight_of(model, changed(one, field, level))
        is_change = held[field] not in (("unknown", "other") if is_linked else (level,))
        if is_change and (bits >= cut) != is_linked:
            found.append(Alternative(field, level, bits))
    return found


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("cut", CUTS)
def test_alternatives_turn_the_decision(model, cut):
    accounts = {one: account_of(one, model, cut) for one in drawn_patterns(20)}

    for one, account in accounts.items():
        for other in account.alternatives:
            assert other.bits == weight_of(model, changed(one, other.field, other.level))
            assert (other.bits >= cut) != (account.bits >= cut)
    assert any(account.alternatives for account in accounts.values())


LIKELY = {
    "nothing known": {},
    "name and birth": {"name": "exact", "birth": "exact"},
    "name and mobile": {"name": "exact", "mobile": "same"},
    "name, birth and mobile": ALIKE | {"email": "unknown"},
    "twins": TWIN,
    "resident numbers differ": ALIKE | {"rrn": "other"},
    "a person and an organisation": ALIKE | {"kind": "mixed"},
    "two branches": {"kind": "organisation", "name": "exact", "phone": "other"},
}


@pytest.mark.parametrize("held", LIKELY.values(), ids=LIKELY)
@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_alternatives_are_all_that_turn_the_decision_the_nearest_first(model, held):
    one = pattern(**held)

    alternatives = account_of(one, model, 0.0).alternatives

    expected = turning(one, model, 0.0)
    assert list(alternatives) == sorted(expected, key=lambda other: abs(other.bits))[:MOST_ALTERNATIVES]


def test_what_would_have_linked_a_pair():
    account = account_of(pattern(name="exact", birth="exact"), PRIOR, 0.0)

    assert account.sum == -1.0
    assert account.alternatives == (
        Alternative("phone", "same", 4.0),
        Alternative("address", "dwelling", 6.0),
        Alternative("mobile", "same", 8.0),
    )


def test_what_would_have_parted_a_pair():
    account = account_of(pattern(name="exact", birth="exact", email="alike"), PRIOR, 0.0)

    assert account.sum == 4.0
    assert account.alternatives == (
        Alternative("email", "other", -1.7),
        Alternative("name", "other", -11.0),
        Alternative("birth", "other", -13.0),
    )


def test_above_the_cut_only_what_agrees_is_said_to_part_a_pair():
    account = account_of(pattern(name="exact", birth="exact", mobile="same"), PRIOR, 0.0)

    assert {other.field for other in account.alternatives} == {"name", "birth", "mobile"}


def test_of_a_person_and_an_organisation_nothing_turns_the_decision():
    assert account_of(pattern(**ALIKE, kind="mixed"), PRIOR, 0.0).alternatives == ()
