"""Verifications, changes of the gate and questions of the clean-up in a merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from customers.merging import ForeignKeyChildren, Merges, Moved


class Verifications(ForeignKeyChildren):
    """Whose name was verified, under whichever number, is the person that the survivor is; each goes back with its own
    number. A name that did not agree keeps the survivor out as it kept the retired one."""

    model = "consent.Verification"


class GateStays:
    """What happened at the gate, and what was asked for it, happened under that number."""

    moves: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[Mapping[str, str]] = {
        "consent.GateChange": "a number came in scope or left it, whoever it is now",
        "consent.CleanupAsk": "the night closes questions of merged numbers, and asks the survivor what is missing",
    }

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        return {}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        return []

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return []
