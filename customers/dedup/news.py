"""What two records agree or differ in by now that a decision on them did not know. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.dedup.comparison import FIELDS, LEVELS
from customers.dedup.explain import COMPARED
from customers.dedup.model import levels_of


@dataclass(frozen=True)
class News:
    """A field whose level of agreement is another one now. before, now: of LEVELS[field]."""

    field: str
    before: str
    now: str


def news_since(before: int | None, now: int | None) -> tuple[News, ...]:
    """What has changed from one pattern of agreement to another, in the order of the fields; nothing where one of the
    two is not known."""
    if before is None or now is None:
        return ()
    then, today = _named(before), _named(now)
    return tuple(News(field, then[field], today[field]) for field in COMPARED if then[field] != today[field])


def _named(pattern: int) -> dict[str, str]:
    levels = levels_of(np.array([pattern], np.int64))[0].tolist()
    return {field: LEVELS[field][level] for field, level in zip(FIELDS, levels, strict=True)}
