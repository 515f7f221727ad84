"""Why a pair weighs what it weighs: one bar per field, and what would have decided otherwise. Pure.

All of it follows from the pattern of a pair and the version of the model, both kept with the decision; so it reads the
same after the model has changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.dedup.comparison import BELONGS_TO, FIELDS, LEVELS
from customers.dedup.model import CONTRADICTED, HARDLY, STRANGERS, TWINS, Model, levels_of, limits, told_otherwise

COMPARED = tuple(field for field in FIELDS if field not in (*BELONGS_TO, "kind"))
VETO_OF_LIMIT = {HARDLY: "NAME_AND_BIRTH", STRANGERS: "STRANGERS", CONTRADICTED: "CONTRADICTED", TWINS: "TWINS"}
MOST_ALTERNATIVES = 3
AGREES = 1  # the level of full agreement, whatever the field
# What may be said of whom: an organisation is not born, a person has no business number of its own.
OF_PERSONS, OF_ORGANISATIONS = ("birth", "sex", "rrn", "ci", "employee"), ("brn", "crn")
RELEVANT = {
    "person": tuple(field for field in COMPARED if field not in OF_ORGANISATIONS),
    "organisation": tuple(field for field in COMPARED if field not in OF_PERSONS),
    "mixed": (),
}


@dataclass(frozen=True)
class Bar:
    """What one field adds. level: of LEVELS[field]; bits: its share of the sum, half of what it weighs together with
    another field included; circumstance: level of the circumstance that qualifies it, '' for none."""

    field: str
    level: str
    bits: float
    circumstance: str


@dataclass(frozen=True)
class Alternative:
    """Had one field agreed otherwise, the pair would have weighed `bits`, and been decided otherwise."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True)
class Account:
    """The whole reckoning of a pair: base and bars add up to `sum`; `bits` is what counted after any veto."""

    base: float
    bars: tuple[Bar, ...]
    sum: float
    bits: float
    veto: str
    alternatives: tuple[Alternative, ...]


def account_of(pattern: int, model: Model, cut: float) -> Account:
    """The reckoning of a pattern. cut: bits from which such a pair is linked, for the alternatives."""
    levels = levels_of(np.array([pattern], np.int64))
    named = {field: LEVELS[field][level] for field, level in zip(FIELDS, levels[0].tolist(), strict=True)}
    weights = model.organisation if named["kind"] == "organisation" else model.person
    shares = dict.fromkeys(FIELDS, 0.0)
    for fields, part in weights.parts(levels).items():
        for field in fields:
            shares[field] += float(part[0]) / len(fields)
    for circumstance, field in BELONGS_TO.items():
        shares[field] += shares[circumstance]
    qualified = {field: named[circumstance] for circumstance, field in BELONGS_TO.items()}
    bars = tuple(
        Bar(field, named[field], shares[field], qualified.get(field, "")) for field in COMPARED if _counts(field, named)
    )
    total = float(weights.total(levels)[0])
    bits = float(model.weigh_levels(levels)[0])
    rest = total - weights.base - sum(bar.bits for bar in bars)
    veto = _veto(levels, named, total)
    return Account(weights.base + rest, bars, total, bits, veto, _otherwise(levels, model, cut))


def _counts(field: str, named: dict[str, str]) -> bool:
    """Whether both records have the field."""
    return named[field] != "unknown"


def _veto(levels: np.ndarray, named: dict[str, str], total: float) -> str:
    """The rule that set or limited the weight: TOLD_OTHERWISE, KIND, CONTRADICTED, NAME_AND_BIRTH, STRANGERS, TWINS, or
    '' where none did."""
    if told_otherwise(levels)[0]:
        return "TOLD_OTHERWISE"
    if named["kind"] == "mixed":
        return "KIND"
    limit = float(limits(levels)[0])
    if np.isnan(limit) or limit >= total:
        return ""
    return VETO_OF_LIMIT[limit]


def _otherwise(levels: np.ndarray, model: Model, cut: float) -> tuple[Alternative, ...]:
    """The single changes that turn the decision, those nearest to the cut first: below the cut one field more that
    agreed in full, above it one that agrees and would have differed."""
    is_linked = float(model.weigh_levels(levels)[0]) >= cut
    found = []
    for field in RELEVANT[LEVELS["kind"][int(levels[0, FIELDS.index("kind")])]]:
        place, differs = FIELDS.index(field), LEVELS[field].index("other")
        held = int(levels[0, place])
        level = differs if is_linked else AGREES
        if held == level or is_linked and held in (0, differs):
            continue
        changed = levels.copy()
        changed[0, place] = level
        bits = float(model.weigh_levels(changed)[0])
        if (bits >= cut) != is_linked:
            found.append(Alternative(field, LEVELS[field][level], bits))
    found.sort(key=lambda other: (abs(other.bits - cut), COMPARED.index(other.field)))
    return tuple(found[:MOST_ALTERNATIVES])
