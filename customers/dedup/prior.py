"""What levels weigh before anything has been learned, in bits: the expectation that learning starts from. Pure.

Order of magnitude: an agreement weighs as much as its value is rare among strangers (a birth date one in 25,000 is 14
bits, less what is lost to registration errors), a disagreement as much as errors are rare among records of one person.
"""

from __future__ import annotations

import numpy as np

from customers.dedup.comparison import LEVELS
from customers.dedup.model import Cut, Model, Weights

IDENTIFIER_WEIGHTS = {
    "rrn": {"same": 12.0, "other": -6.0},
    "ci": {"same": 16.0, "other": -20.0},
    "brn": {"same": 24.0, "other": -9.0},
    "crn": {"same": 24.0, "other": -12.0},
}
PERSON = {
    "name": {"exact": 9.0, "near": 6.0, "alike": 3.0, "part": -1.0, "other": -6.0, "sounded": 3.0, "apart": -4.0},
    "birth": {"exact": 11.0, "year": 1.0, "slip": 5.0, "shifted": 4.0, "calendar": 3.0, "other": -6.0},
    "sex": {"same": 0.5, "other": -4.0},
    "mobile": {"same": 9.0, "prefix": 8.0, "digit": 3.0, "other": -1.0},
    "phone": {"same": 5.0, "other": -0.5},
    "email": {"same": 11.0, "alike": 5.0, "other": -0.7},
    "address": {
        "dwelling": 7.0,
        "building": 4.0,
        "neighbour": 1.0,
        "unit": 4.0,
        "style": 4.0,
        "postcode": 3.0,
        "district": 1.0,
        "other": -1.0,
    },
    "employee": {"same": 9.0, "other": -2.0},
    "rarity": {"rare": 1.5, "uncommon": 0.0, "common": -1.5, "very_common": -3.0},
    "mobile_crowd": {"three": -1.0, "few": -3.0, "many": -5.0, "crowd": -7.0},
    "phone_crowd": {"three": -0.5, "few": -1.5, "many": -3.0, "crowd": -4.0},
}
ORGANISATION = {
    "name": {"exact": 9.0, "near": 3.0, "alike": 1.0, "part": -4.0, "other": -7.0, "sounded": 2.0, "apart": -4.0},
    "phone": {"same": 6.0, "other": -1.0},
    "mobile": {"same": 5.0, "prefix": 4.0, "digit": 1.0, "other": -0.5},
    "email": {"same": 7.0, "alike": 3.0, "other": -0.5},
    "address": PERSON["address"],
}
PERSON_BASE, ORGANISATION_BASE = -21.0, -13.0
CUT = Cut(auto=0.0, review=-6.0)


def weights(singles: dict[str, dict[str, float]], base: float) -> Weights:
    """The weights of a table of levels by name; what it does not name weighs nothing."""
    table = {
        field: np.array([named.get(level, 0.0) for level in LEVELS[field]])
        for field, named in (singles | IDENTIFIER_WEIGHTS).items()
    }
    return Weights(base, table, {})


def prior_model() -> Model:
    """The model before any learning, version 0."""
    return Model(
        version=0,
        person=weights(PERSON, PERSON_BASE),
        organisation=weights(ORGANISATION, ORGANISATION_BASE),
        common_names=np.empty(0, np.uint64),
        common_levels=np.empty(0, np.int8),
        cuts={("*", "*"): CUT},
    )
