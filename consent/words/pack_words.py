"""What the words of a kind of rows are, in an answer pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class KindWords(NamedTuple):
    """What a kind of rows is called, in which area it stands, what to know of it, and the words of its own fields."""

    title: str
    area: str
    note: str = ""
    fields: Mapping[str, str] = {}
