"""What is held of a customer about holds, destruction and the use of separated data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import Count, QuerySet

from consent.models import DestructionItem, Hold, SeparatedUse
from customers.holding import Counts, ForeignKeyHolder, Rows

ITEM, USE = "consent.DestructionItem", "consent.SeparatedUse"


class Holds(ForeignKeyHolder):
    """Holds that were released. One in force is what keeps the customer, so it stays where it is found: while the data
    are kept apart too, and nobody who has one is destroyed."""

    model = "consent.Hold"
    told = ("reason", "clause", "reference", "scope", "review_on", "placed_at", "released_at", "released_because")

    def export(self, customer: int) -> Rows:
        return {self.model: list(Hold.objects.filter(customer=customer).order_by("pk").values(*self.told))}

    def _rows(self) -> QuerySet[Hold]:
        return Hold.objects.filter(released_at__isnull=False)


class DestructionItems:
    """That the customer was proposed for separation or destruction, and what became of it.

    They prove the destruction (신용정보법 제20조 제2항: three years) and hold nothing of the person but the number and
    the day on which the period began, so they stay and are counted with nobody.
    """

    holds: ClassVar[tuple[str, ...]] = (ITEM,)

    def count(self, customers: Sequence[int]) -> Counts:
        return {ITEM: {}}

    def export(self, customer: int) -> Rows:
        told = ("data_class", "clause", "ended_on", "due_on", "state", "refusal", "done_at")
        return {ITEM: list(DestructionItem.objects.filter(customer=customer).order_by("pk").values(*told))}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        return {ITEM: 0}


class SeparatedUses:
    """Who looked at separated data. That somebody did is proven for three years (신용정보업감독규정 별표 4의2), so the
    row stays; the reason, which tells of the person, goes."""

    holds: ClassVar[tuple[str, ...]] = (USE,)

    def count(self, customers: Sequence[int]) -> Counts:
        rows = self._telling(customers).values_list("customer").annotate(count=Count("pk")).order_by()
        return {USE: dict(rows)}

    def export(self, customer: int) -> Rows:
        told = ("reason", "clause", "used_at", "told_at", "told_how")
        return {USE: list(SeparatedUse.objects.filter(customer=customer).order_by("pk").values(*told))}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        return {USE: self._telling(customers).update(reason="", told_how="")}

    def _telling(self, customers: Sequence[int]) -> QuerySet[SeparatedUse]:
        return SeparatedUse.objects.filter(customer__in=customers).exclude(reason="", told_how="")
