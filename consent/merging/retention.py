"""Holds, proposals of destruction and uses of separated data in a merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from customers.merging import ForeignKeyChildren, Merges, Moved


class Holds(ForeignKeyChildren):
    """What keeps a number from being destroyed keeps the survivor too, and goes back with its own number."""

    model = "consent.Hold"


class RetentionStays:
    """What was proposed or looked at was that number; a run leaves a merged number out and says so."""

    moves: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[Mapping[str, str]] = {
        "consent.DestructionItem": "that number was proposed; a batch that is carried out leaves merged numbers out",
        "consent.SeparatedUse": "somebody looked at the data of that number while they were kept apart",
    }

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        return {}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        return []

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return []
