"""Weighing a few records against each other outside of any run, as they stand now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from customers.dedup.comparison import by_field
from customers.dedup.engine import weigh_pairs
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import IDENTIFIERS, levels_of
from customers.dedup.records import Rows
from customers.models import SourceRecord
from customers.services.match_models import live_model
from customers.standard.matching import MATCH_RECORD


def strongest_pattern(one: Sequence[int], other: Sequence[int]) -> int | None:
    """The pattern of the pair across two sets of records on which an identifier agrees, if there is any: evidence that
    a ruling on the two sets has taken into account. Else that of their first records."""
    patterns, _weights = weighed([*one, *other], len(one))
    if not len(patterns):
        return None
    held = by_field(levels_of(patterns.ravel()))
    agreed = np.sum([held[name] == 1 for name in IDENTIFIERS], axis=0)
    return int(patterns.ravel()[int(agreed.argmax())])


def weighed(records: Sequence[int], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Patterns and weights of the first `count` records against the rest, as matrices (first, rest)."""
    keys = dict(SourceRecord.objects.filter(pk__in=records).values_list("pk", "match_keys"))
    rows = Rows.of(np.frombuffer(b"".join(bytes(keys[record]) for record in records), MATCH_RECORD).copy())
    model = live_model()
    left, right = (
        side.ravel() for side in np.meshgrid(np.arange(count), np.arange(count, len(records)), indexing="ij")
    )
    found = weigh_pairs(rows, circumstances_of(rows, model), model, left, right)
    shape = (count, len(records) - count)
    return found.pattern.reshape(shape), found.weight.reshape(shape)
