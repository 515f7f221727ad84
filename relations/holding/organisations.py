"""What is held of organisations, and of people as their contact persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from customers.holding import ForeignKeyHolder
from relations.models import Officer


class Places(ForeignKeyHolder):
    """Places of business of an organisation."""

    model = "relations.PlaceOfBusiness"
    columns = ("organisation",)


class Affiliations(ForeignKeyHolder):
    """Affiliates, on either side."""

    model = "relations.Affiliation"
    columns = ("parent", "child")


class Officers(ForeignKeyHolder):
    """Contact persons of an organisation, and the duties of a person."""

    model = "relations.Officer"
    columns = ("organisation", "customer")

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        gone = self._rows().filter(self._about(customers))
        Officer.objects.filter(successor__in=gone).update(successor=None)  # whoever they followed stays
        return super().erase(customers, at)
