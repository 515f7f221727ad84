"""A model as JSON, and the model that Hannun brings. Pure.

The JSON names its own fields and levels, so that what an older version decided can be read after the engine changed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from customers.dedup.comparison import LEVELS
from customers.dedup.model import Cut, Model, Weights

SHIPPED = Path(__file__).with_name("shipped_model.json")
DIGITS = 3


def to_json(model: Model) -> dict[str, object]:
    """All of a model but its version."""
    return {
        "levels": {field: list(levels) for field, levels in LEVELS.items()},
        "person": _weights_to_json(model.person),
        "organisation": _weights_to_json(model.organisation),
        "common_names": base64.b64encode(model.common_names.astype("<u8").tobytes()).decode(),
        "common_levels": base64.b64encode(model.common_levels.astype("i1").tobytes()).decode(),
        "cuts": {"~".join(sources): [cut.auto, cut.review] for sources, cut in model.cuts.items()},
        **({"keys_off": sorted(model.keys_off)} if model.keys_off else {}),
    }


def from_json(version: int, definition: Mapping[str, object]) -> Model:
    """The model of a definition. Weights of levels that this engine does not know are left out."""
    return Model(
        version=version,
        person=_weights_from_json(definition["person"], definition["levels"]),
        organisation=_weights_from_json(definition["organisation"], definition["levels"]),
        common_names=np.frombuffer(base64.b64decode(definition["common_names"]), "<u8"),
        common_levels=np.frombuffer(base64.b64decode(definition["common_levels"]), "i1"),
        cuts={tuple(sources.split("~")): Cut(*cut) for sources, cut in definition["cuts"].items()},
        keys_off=frozenset(definition.get("keys_off", ())),
    )


@cache
def shipped_model() -> Model:
    """The model for a stock that has taught nothing yet: version 0."""
    return from_json(0, json.loads(SHIPPED.read_text("utf-8")))


def _weights_to_json(weights: Weights) -> dict[str, object]:
    return {
        "base": round(weights.base, DIGITS),
        "single": {field: np.round(table, DIGITS).tolist() for field, table in weights.single.items()},
        "together": {"~".join(two): np.round(table, DIGITS).tolist() for two, table in weights.together.items()},
    }


def _weights_from_json(written: Mapping[str, object], levels: Mapping[str, list[str]]) -> Weights:
    """Tables in the order of this engine's levels, whatever the order they were written in."""
    single = {
        field: _arranged(np.array(table), (field,), levels)
        for field, table in written["single"].items()
        if field in LEVELS
    }
    together = {
        tuple(two.split("~")): _arranged(np.array(table), tuple(two.split("~")), levels)
        for two, table in written["together"].items()
        if set(two.split("~")) <= LEVELS.keys()
    }
    return Weights(written["base"], single, together)


def _arranged(table: np.ndarray, fields: tuple[str, ...], levels: Mapping[str, list[str]]) -> np.ndarray:
    for axis, field in enumerate(fields):
        places = [levels[field].index(level) if level in levels[field] else -1 for level in LEVELS[field]]
        padded = np.concatenate([table, np.zeros_like(np.take(table, [0], axis=axis))], axis=axis)
        table = np.take(padded, places, axis=axis)
    return table
