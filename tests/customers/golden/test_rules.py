"""Rules of survivorship as data: what a definition may say, and what it means."""

import pytest

from customers.golden.rules import (
    SHIPPED,
    RulesUnfit,
    changed_items,
    components_for,
    definition_of,
    faults_of,
    rules_of,
)
from customers.golden.survivorship import BITS, CONTACT, IDENTITY, ITEMS, LATEST, Reason

MOBILE_BY_TRUST = (Reason.TRUST, Reason.RECENCY, Reason.CERTAINTY)


def test_the_shipped_rules_say_how_every_item_is_chosen():
    assert SHIPPED.version == 0
    assert list(SHIPPED.ranks) == [item.code for item in ITEMS]
    assert (SHIPPED.ranks["name"], SHIPPED.ranks["mobile"]) == (IDENTITY, CONTACT)
    assert SHIPPED.ranks["marketing_consent_on"] == LATEST


def test_a_definition_orders_components_or_names_a_rule():
    rules = rules_of(3, {"mobile": ["TRUST", "RECENCY", "CERTAINTY"], "name": "CONTACT"})

    assert rules.version == 3
    assert {item: rules.ranks[item] for item in changed_items(rules, SHIPPED)} == {
        "name": CONTACT,
        "mobile": MOBILE_BY_TRUST,
    }


def test_a_definition_survives_being_written_and_read():
    rules = rules_of(1, {"mobile": ["TRUST", "RECENCY", "CERTAINTY"], "email": ["CERTAINTY", "RECENCY", "TRUST"]})

    written = definition_of(rules)
    assert (written["mobile"], written["email"], written["name"]) == (
        ["TRUST", "RECENCY", "CERTAINTY"],
        "CONTACT",
        "IDENTITY",
    )
    assert rules_of(1, written) == rules


@pytest.mark.parametrize(
    ("definition", "faults"),
    [
        ({}, []),
        ({"mobile": ["RECENCY"]}, []),
        ({"marketing_consent_on": ["LATEST_VALUE", "RECENCY"]}, []),
        ([], [":NOT_A_TABLE"]),
        (None, [":NOT_A_TABLE"]),
        ({"shoe": "CONTACT"}, ["shoe:UNKNOWN_ITEM"]),
        ({"mobile": "NEWEST"}, ["mobile:NOT_A_RULE"]),
        ({"mobile": [1]}, ["mobile:NOT_A_RULE"]),
        ({"mobile": {"TRUST": 1}}, ["mobile:NOT_A_RULE"]),
        ({"mobile": []}, ["mobile:EMPTY"]),
        ({"mobile": ["TRUST", "LUCK"]}, ["mobile:UNKNOWN_COMPONENT"]),
        ({"mobile": ["TRUST", "PINNED"]}, ["mobile:UNKNOWN_COMPONENT"]),
        ({"mobile": ["TRUST", "RECENCY", "TRUST"]}, ["mobile:REPEATED"]),
        ({"mobile": ["LATEST_VALUE"]}, ["mobile:ONLY_FOR_DATES"]),
        ({"mobile": "LATEST"}, ["mobile:ONLY_FOR_DATES"]),
        ({"real_name_verified_on": ["LATEST_VALUE", "RECENCY", "TRUST"]}, ["real_name_verified_on:TOO_LONG"]),
        (
            {"name": ["TRUST", "TRUST"], "email": []},
            ["name:REPEATED", "email:EMPTY"],
        ),
    ],
)
def test_a_definition_is_judged_item_by_item(definition, faults):
    assert faults_of(definition) == faults
    if faults:
        with pytest.raises(RulesUnfit) as unfit:
            rules_of(1, definition)
        assert list(unfit.value.args) == faults


def test_every_order_of_the_components_of_a_value_fits_one_rank():
    name, *_others = ITEMS

    assert components_for(name) == (Reason.VERIFIED, Reason.CERTAINTY, Reason.TRUST, Reason.RECENCY)
    assert sum(BITS[component] for component in components_for(name)) <= 63
