"""What becomes of refusals, circumstances and registrations when two customers are one: they stay where they were said,
and count for the survivor as well (`consent.reports.contact_facts`), so that coming apart revives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.db import models

from accounts.models import Staff
from consent.reports.contact_merges import cautions
from customers.merging import Caution, Merges, Moved
from customers.models import Customer


class StandsAgainstContacts:
    """Everything that stands against contacting a number, and what was answered about it."""

    moves = ()
    stays: ClassVar[Mapping[str, str]] = {
        "consent.ContactRefusal": "counts for the survivor too until its customer takes it back",
        "consent.Circumstance": "counts for the survivor too while it lasts",
        "consent.DoNotCallNumber": "counts for the survivor too until somebody decides",
        "consent.ContactDecision": "what was answered was answered about that number",
    }
    counted = ("consent.ContactRefusal", "consent.Circumstance", "consent.DoNotCallNumber")

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        found = {}
        for kind in self.counted:
            rows = apps.get_model(kind)._base_manager.filter(customer__in=customers).values_list("customer")
            found[kind] = dict(rows.annotate(count=models.Count("pk")).order_by())
        return found

    def cautions(self, customers: Sequence[Customer], viewer: Staff) -> list[Caution]:
        """Who wants no contact, which would hold for the survivor."""
        return cautions(customers, viewer)

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        return []

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return []
