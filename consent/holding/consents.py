"""Consents that are held of customers. That the company was allowed to act must be provable when their data are gone
(신용정보법 제32조 제11항): answers stay under the bare number, the words about their proof go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from customers.holding import Counts, ForeignKeyHolder


class Receipts(ForeignKeyHolder):
    """Occasions on which the customer answered. After a destruction they tell when, how and to whom, and not by which
    document or representative; so they are given out to the person, and not counted among what is destroyed."""

    model = "consent.Receipt"
    told = ("number", "method", "proof", "evidence", "evidence_digest", "by_role", "answered_at", "recorded_at")

    def count(self, customers: Sequence[int]) -> Counts:
        return {self.model: {}}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        own = self._rows().filter(self._about(customers))
        own.update(evidence="", evidence_digest="", representative=None)
        self._rows().filter(representative__in=customers).update(representative=None)
        return {self.model: 0}


class Consents(ForeignKeyHolder):
    """The answers: a purpose, a channel, yes or no, and when. They hold nothing of the person but the number."""

    model = "consent.Consent"
    told = (
        *("purpose__name", "text__number", "channel", "recipient__name", "answer", "at", "expires_on", "because"),
        "recorded_at",
    )

    def count(self, customers: Sequence[int]) -> Counts:
        return {self.model: {}}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        return {self.model: 0}


class Conflicts(ForeignKeyHolder):
    """What two numbers that became one had answered differently."""

    model = "consent.ConsentConflict"
    columns = ("customer", "other")
