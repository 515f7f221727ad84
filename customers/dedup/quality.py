"""How good a model is, by pairs that did not teach it. Pure."""

from __future__ import annotations

import numpy as np

from customers.dedup.fitting import Lesson, with_births_hidden, without_identifiers
from customers.dedup.model import Model

STEPS = tuple(range(-12, 17, 2))  # bits


def report(model: Model, lesson: Lesson) -> dict[str, object]:
    """Judged by what the identifiers say, which the model is not shown: precision and recall at every cut; how often
    pairs of each weight are one person, beside how often the model expects it (calibration). Shares are 0 to 1.
    """
    held = lesson.held_out
    hidden = without_identifiers(lesson.levels[held])
    return {
        "all": _judged(model, hidden, lesson.is_same[held]),
        "without_birth": _judged(model, *_unborn(hidden, lesson.is_same[held])),
    }


def _unborn(levels: np.ndarray, is_same: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    levels, is_same_too = with_births_hidden(levels, is_same)
    return levels[len(is_same) :], is_same_too[len(is_same) :]


def _judged(model: Model, levels: np.ndarray, is_same: np.ndarray) -> dict[str, object]:
    weight = model.weigh(levels) if len(levels) else np.empty(0)
    return {
        "pairs": len(levels),
        "same": int(is_same.sum()),
        "cuts": [_at_cut(weight, is_same, cut) for cut in STEPS],
        "calibration": [_band(weight, is_same, low) for low in STEPS[:-1]],
    }


def _at_cut(weight: np.ndarray, is_same: np.ndarray, cut: float) -> dict[str, object]:
    above = weight >= cut
    right = int((above & is_same).sum())
    return {
        "cut": cut,
        "precision": round(right / int(above.sum()), 5) if above.any() else None,
        "recall": round(right / int(is_same.sum()), 5) if is_same.any() else None,
    }


def _band(weight: np.ndarray, is_same: np.ndarray, low: float) -> dict[str, object]:
    inside = (weight >= low) & (weight < low + STEPS[1] - STEPS[0])
    expected = 1 / (1 + 2 ** -weight[inside])
    return {
        "from": low,
        "pairs": int(inside.sum()),
        "same": round(float(is_same[inside].mean()), 4) if inside.any() else None,
        "expected": round(float(expected.mean()), 4) if inside.any() else None,
    }
