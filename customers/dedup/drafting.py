"""A model changed by hand: other cuts, other weights of single levels, keys that are left out. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace

from customers.dedup.blocking import OPTIONAL_KEYS
from customers.dedup.comparison import LEVELS
from customers.dedup.model import Cut, Model, Weights

Sources = tuple[str, str]
Levels = Mapping[str, Mapping[str, float]]
"""{field: {level: bits}}"""

ALL_OTHERS = ("*", "*")
KINDS = ("person", "organisation")
# A person would be asked about nearly every pair of candidates below the first, and the second outweighs any weight.
LEAST_CUT, MOST_CUT = -12.0, 60.0
MOST_WEIGHT = 60.0
DIGITS = 3  # as a model is stored


class UnfitDraft(ValueError):
    """The changes make no model. place: the sources of a cut, or (kind, field, level) of a weight."""

    def __init__(self, place: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join(place))
        self.place = place


class NoDefaultCut(UnfitDraft):
    """There is no cut for all the sources that have none of their own."""


class CutsCrossed(UnfitDraft):
    """A pair would be linked from fewer bits on than a person is asked from."""


class CutOutOfRange(UnfitDraft):
    """A cut is no number, or none that could be meant."""


class UnknownLevel(UnfitDraft):
    """The model has no such weight."""


class UnknownKey(UnfitDraft):
    """There is no such key, or none that may be left out."""


class WeightOutOfRange(UnfitDraft):
    """A weight is no number, or none that could be meant."""


def changed(
    model: Model, cuts: Mapping[Sources, Cut], weights: Mapping[str, Levels], keys_off: Collection[str] = ()
) -> Model:
    """The model with these cuts and keys in place of all its own, and these weights in place of those it has.

    weights: {"person" or "organisation": {field: {level: bits}}}; keys_off: of `blocking.OPTIONAL_KEYS`. Raises
    UnfitDraft.
    """
    if ALL_OTHERS not in cuts:
        raise NoDefaultCut(ALL_OTHERS)
    for sources, cut in cuts.items():
        if not all(LEAST_CUT <= bits <= MOST_CUT for bits in (cut.auto, cut.review)):
            raise CutOutOfRange(sources)
        if cut.auto < cut.review:
            raise CutsCrossed(sources)
    for kind in weights:
        if kind not in KINDS:
            raise UnknownLevel((kind,))
    if unknown := set(keys_off) - set(OPTIONAL_KEYS):
        raise UnknownKey(tuple(sorted(unknown)))
    ordered = {tuple(sorted(sources)): _rounded(cut) for sources, cut in sorted(cuts.items())}
    return replace(
        model,
        cuts=ordered,
        keys_off=frozenset(keys_off),
        **{kind: _reweighed(kind, getattr(model, kind), weights.get(kind, {})) for kind in KINDS},
    )


def _rounded(cut: Cut) -> Cut:
    return Cut(round(cut.auto, DIGITS), round(cut.review, DIGITS))


def _reweighed(kind: str, weights: Weights, levels: Levels) -> Weights:
    single = {field: table.copy() for field, table in weights.single.items()}
    for field, bits_of in levels.items():
        for level, bits in bits_of.items():
            if field not in single or level not in LEVELS[field]:
                raise UnknownLevel((kind, field, level))
            if not math.isfinite(bits) or abs(bits) > MOST_WEIGHT:
                raise WeightOutOfRange((kind, field, level))
            single[field][LEVELS[field].index(level)] = round(bits, DIGITS)
    return replace(weights, single=single)


def differences(old: Model, new: Model) -> dict[str, object]:
    """What differs, as JSON: {"cuts": {"FP~TM": [[auto, review] or None before, after]}, "weights": {kind: {field:
    {level: [before, after]}}}, "keys": {key: [is used before, after]}}, each without what is the same."""
    return {
        "cuts": {
            "~".join(sources): [_written(old.cuts.get(sources)), _written(new.cuts.get(sources))]
            for sources in sorted({*old.cuts, *new.cuts})
            if _written(old.cuts.get(sources)) != _written(new.cuts.get(sources))
        },
        "weights": {kind: fields for kind in KINDS if (fields := _reweighings(getattr(old, kind), getattr(new, kind)))},
        "keys": {key: [key not in old.keys_off, key in old.keys_off] for key in sorted(old.keys_off ^ new.keys_off)},
    }


def _written(cut: Cut | None) -> list[float] | None:
    return [cut.auto, cut.review] if cut else None


def _reweighings(old: Weights, new: Weights) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {}
    for field, table in new.single.items():
        for level, before, after in zip(LEVELS[field], old.single[field].tolist(), table.tolist(), strict=True):
            if round(before, DIGITS) != round(after, DIGITS):
                found.setdefault(field, {})[level] = [before, after]
    return found
