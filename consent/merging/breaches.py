"""Notices of breaches in a merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from customers.merging import Merges, Moved


class BreachNotices:
    """Who was told of a breach was told under that number, and is told once for each number that was shown."""

    moves: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[Mapping[str, str]] = {
        "consent.BreachNotice": "data were shown, and somebody was told, under that number",
    }

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        return {}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        return []

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return []
