"""Consents in a merge: they stay with the number that gave them, and the strictest holds for the survivor.

What the two had answered differently becomes a conflict, which goes with a later merge and ends with an unmerge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.db.models import Count

from accounts.models import Staff
from consent.reports.consents_merges import cautions
from consent.services.consents_conflicts import give_back, open_conflicts, take_over
from customers.merging import Caution, Merges, Moved
from customers.models import Customer

CONFLICT = "consent.ConsentConflict"


class Consents:
    """Receipts and consents, and the conflicts between them."""

    moves = (CONFLICT,)
    stays: ClassVar[Mapping[str, str]] = {
        "consent.Receipt": "an answer is of the number that gave it; an unmerge must not have to part them",
        "consent.Consent": "an answer is of the number that gave it; an unmerge must not have to part them",
    }

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        counted = {}
        for kind in self.stays:
            rows = apps.get_model(kind).objects.filter(customer__in=customers).values_list("customer")
            counted[kind] = dict(rows.annotate(count=Count("pk")).order_by())
        return counted

    def cautions(self, customers: Sequence[Customer], viewer: Staff) -> list[Caution]:
        """What they have answered differently, and what would hold."""
        return cautions(customers, viewer)

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        taken = take_over(merges=merges)
        opened = open_conflicts(merges=merges, at=at)
        own = [(conflict.pk, conflict.other_id, conflict.customer_id) for conflict in opened]
        return [Moved(CONFLICT, *one) for one in (*taken, *own)]

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        back = set(give_back(moved=[(one.object_id, one.from_id, one.into_id) for one in moved], at=at))
        return [one for one in moved if one.object_id in back]
