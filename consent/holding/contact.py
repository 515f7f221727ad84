"""What is held of customers about contacting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from customers.holding import Counts, ForeignKeyHolder


class Refusals(ForeignKeyHolder):
    """That the customer wants no contact."""

    model = "consent.ContactRefusal"


class Circumstances(ForeignKeyHolder):
    """Deaths, complaints, claims, contact points that reach nobody."""

    model = "consent.Circumstance"


class DoNotCallNumbers(ForeignKeyHolder):
    """Registrations not to be called. A destroyed customer's number goes on being registered, without the customer:
    whoever has it next is not to be called either, and the register knows nobody."""

    model = "consent.DoNotCallNumber"
    told = ("registered_on", "expires_on", "released_at", "release_reason")

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        return {self.model: self._rows().filter(self._about(customers)).update(customer=None)}


class Decisions(ForeignKeyHolder):
    """What was answered when somebody asked whether the customer may be contacted. It proves that we kept to the law,
    holds nothing of the person but the number, and stays after a destruction (신용정보법 제20조 제2항); so it is given
    out to the person, and not counted among what is destroyed."""

    model = "consent.ContactDecision"

    def count(self, customers: Sequence[int]) -> Counts:
        return {self.model: {}}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        return {self.model: 0}
