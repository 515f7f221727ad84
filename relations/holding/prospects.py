"""What is held of a customer as a prospect, to be given out and destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from customers.holding import Counts, ForeignKeyHolder, Rows, Touched, touched_by_keys
from customers.models import SourceRecord, SourceRecordVersion
from relations.models import Prospect, ProspectDispute, ProspectEvent


class Disputes(ForeignKeyHolder):
    """Questions of the desk in whose way the customer stands; what planners said there is about them."""

    model = "relations.ProspectDispute"
    columns = ("customer",)


class Prospects(ForeignKeyHolder):
    """Registrations of the customer as a prospect, with what happened to them and what was asked about them.

    One that waits because the customer stands in its way may be about the same person: it is counted and destroyed with
    them, but not given out, for it may be about another. The record of one that was withdrawn is linked to nobody any
    more, so that it is known from here alone.
    """

    model = "relations.Prospect"
    columns = ("customer",)

    def count(self, customers: Sequence[int]) -> Counts:
        counted = dict(super().count(customers)[self.model])
        for customer, _prospect in self._in_the_way(customers):
            counted[customer] = counted.get(customer, 0) + 1
        return {self.model: counted}

    def export(self, customer: int) -> Rows:
        rows = self._rows().filter(super()._about([customer])).order_by("pk")
        return {self.model: list(rows.values(*self._told()))}

    def touches(self, customers: Sequence[int]) -> Touched:
        """Beside the registrations and what hangs on them, the records that are linked to nobody."""
        of = dict(self._unlinked(customers).values_list("record", "customer"))
        versions = SourceRecordVersion.objects.filter(record__in=of).values_list("record", "pk")
        return touched_by_keys(self.holds, customers, {self.model: self._in_the_way(customers)}) | {
            "customers.SourceRecord": {(customer, record) for record, customer in of.items()},
            "customers.SourceRecordVersion": {(of[record], version) for record, version in versions},
        }

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        records = list(self._unlinked(customers).values_list("record", flat=True))
        held = self._rows().filter(
            pk__in=list(self._rows().filter(self._about(customers)).values_list("pk", flat=True))
        )
        ProspectEvent.objects.filter(prospect__in=held).delete()
        ProspectDispute.objects.filter(prospect__in=held).delete()
        ProspectDispute.objects.filter(against__in=held).update(against=None)
        _count, erased = held.delete()
        SourceRecordVersion.objects.filter(record__in=records).delete()
        SourceRecord.objects.filter(pk__in=records).delete()
        return {self.model: erased.get(self.model, 0)}

    def _about(self, customers: Sequence[int]) -> Q:
        return super()._about(customers) | Q(pk__in={prospect for _one, prospect in self._in_the_way(customers)})

    def _in_the_way(self, customers: Sequence[int]) -> set[tuple[int, int]]:
        """(customer, prospect that waits because of them)"""
        asked = ProspectDispute.objects.filter(customer__in=customers, prospect__customer=None)
        return set(asked.values_list("customer", "prospect"))

    def _unlinked(self, customers: Sequence[int]) -> QuerySet[Prospect]:
        return Prospect.objects.filter(self._about(customers), record__isnull=False, record__link=None)
