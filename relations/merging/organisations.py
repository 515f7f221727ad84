"""What happens to places, affiliates and contact persons when organisations are merged, and when they come apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from customers.merging import Merges, Moved
from customers.models import Customer
from relations.models import Affiliation, PlaceOfBusiness
from relations.models.dated import Dated


class DatedChildren:
    """A participant for one model whose rows are moved one by one, as far as they fit beside those of the survivor.

    A row that does not fit stays with the retired number and is read again when that comes back.
    """

    model: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls.moves = (cls.model,)

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        counted: dict[int, int] = {}
        for column in self.columns:
            rows = self._rows().filter(**{f"{column}__in": customers}).values_list(column)
            for customer, count in rows.annotate(count=Count("pk")).order_by():
                counted[customer] = counted.get(customer, 0) + count
        return {self.model: counted}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        into = dict(merges)
        return [moved for column in self.columns for moved in self._moved(column, into)]

    def _moved(self, column: str, into: Mapping[int, int]) -> Iterable[Moved]:
        for row in self._rows().filter(**{f"{column}__in": into}).order_by("pk"):
            retired = getattr(row, f"{column}_id")
            if self.fits(row, column, into[retired]):
                self._rows().filter(pk=row.pk).update(**{column: into[retired]})
                yield Moved(self.model, row.pk, retired, into[retired], {"column": column})

    def fits(self, row: Dated, column: str, into: int) -> bool:
        """Whether a row may hang on `into`."""
        return True

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return [back for one in moved for back in self._given_back(one)]

    def _given_back(self, moved: Moved) -> Iterable[Moved]:
        """From where the row is now: the survivor, or a number merged into that since, with which it had to stay."""
        column = moved.note["column"]
        held = self._rows().filter(pk=moved.object_id).values_list(column, flat=True).first()
        if held is None:
            return
        if held == moved.into_id or Customer.objects.filter(pk=held, merged_into=moved.into_id).exists():
            self._rows().filter(pk=moved.object_id).update(**{column: moved.from_id})
            yield Moved(self.model, moved.object_id, moved.from_id, held, moved.note)

    def _rows(self) -> QuerySet:
        return apps.get_model(self.model)._base_manager.all()


class Places(DatedChildren):
    """Places of business go over; a head office only where the survivor has none on any of its days."""

    model = "relations.PlaceOfBusiness"
    columns = ("organisation",)

    def fits(self, row: PlaceOfBusiness, column: str, into: int) -> bool:
        """Whether the survivor has no other head office then."""
        if row.kind != PlaceOfBusiness.Kind.HEAD_OFFICE:
            return True
        others = self._rows().filter(organisation=into, kind=row.kind).exclude(pk=row.pk)
        return not others.filter(_overlapping(row)).exists()


class Affiliations(DatedChildren):
    """Affiliates go over from either side, but for those that would put the survivor below itself, below two parents at
    a time, or into a circle."""

    model = "relations.Affiliation"
    columns = ("parent", "child")

    def fits(self, row: Affiliation, column: str, into: int) -> bool:
        """Whether the affiliation holds as well of the survivor."""
        parent, child = (into, row.child_id) if column == "parent" else (row.parent_id, into)
        if parent == child:
            return False
        others = self._rows().filter(child=child).exclude(pk=row.pk)
        if column == "child" and others.filter(_overlapping(row)).exists():
            return False
        days = {"started_on": row.started_on, "ended_on": row.ended_on}
        return not Affiliation.objects.closes_circle(parent=parent, child=child, without=row.pk, **days)


class Officers(DatedChildren):
    """Contact persons go over with their organisation, and with the person that they are as a customer."""

    model = "relations.Officer"
    columns = ("organisation", "customer")


def _overlapping(row: Dated) -> Q:
    """Rows that hold on a day on which this one does."""
    begins = Q() if row.ended_on is None else Q(started_on=None) | Q(started_on__lt=row.ended_on)
    ends = Q() if row.started_on is None else Q(ended_on=None) | Q(ended_on__gt=row.started_on)
    return begins & ends
