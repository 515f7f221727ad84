"""What is held of a customer as a prospect, to be given out and destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from customers.holding import ForeignKeyHolder
from relations.models import ProspectDispute, ProspectEvent


class Disputes(ForeignKeyHolder):
    """Questions of the desk in whose way the customer stands; what planners said there is about them."""

    model = "relations.ProspectDispute"
    columns = ("customer",)


class Prospects(ForeignKeyHolder):
    """Registrations of the customer as a prospect, with what happened to them and what was asked about them."""

    model = "relations.Prospect"
    columns = ("customer",)

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        held = self._rows().filter(self._about(customers))
        ProspectEvent.objects.filter(prospect__in=held).delete()
        ProspectDispute.objects.filter(prospect__in=held).delete()
        ProspectDispute.objects.filter(against__in=held).update(against=None)
        return super().erase(customers, at)
