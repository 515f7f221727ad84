"""A model changed by hand."""

import pytest

from customers.dedup.drafting import ALL_OTHERS, UnknownKey, UnknownLevel, changed, differences
from customers.dedup.model import Cut
from customers.dedup.prior import prior_model


def test_what_was_changed_is_told_and_nothing_else():
    old = prior_model()

    new = changed(
        old,
        {ALL_OTHERS: Cut(0.0, -6.0), ("TM", "FP"): Cut(2.0004, -1.0)},
        {"organisation": {"brn": {"same": 20.0}}, "person": {"name": {"exact": 9.0}}},
    )

    assert differences(old, new) == {
        "cuts": {"FP~TM": [None, [2.0, -1.0]]},
        "weights": {"organisation": {"brn": {"same": [24.0, 20.0]}}},
        "keys": {},
    }
    assert old.organisation.single["brn"][1] == 24.0
    assert differences(old, old) == {"cuts": {}, "weights": {}, "keys": {}}


def test_a_cut_that_goes_is_told():
    old = changed(prior_model(), {ALL_OTHERS: Cut(0.0, -6.0), ("FP", "TM"): Cut(2.0, -1.0)}, {})

    assert differences(old, changed(old, {ALL_OTHERS: Cut(0.0, -6.0)}, {}))["cuts"] == {"FP~TM": [[2.0, -1.0], None]}


def test_keys_that_are_left_out_or_taken_up_again_are_told():
    cuts = {ALL_OTHERS: Cut(0.0, -6.0)}
    old = changed(prior_model(), cuts, {}, ["name_year", "email_key"])

    assert differences(prior_model(), old)["keys"] == {"email_key": [True, False], "name_year": [True, False]}
    assert differences(old, changed(old, cuts, {}, ["email_key"]))["keys"] == {"name_year": [False, True]}
    with pytest.raises(UnknownKey):
        changed(old, cuts, {}, ["rrn"])


def test_a_refusal_names_the_place():
    with pytest.raises(UnknownLevel) as refusal:
        changed(prior_model(), {ALL_OTHERS: Cut(0.0, -6.0)}, {"person": {"name": {"louder": 1.0}}})

    assert refusal.value.place == ("person", "name", "louder")
