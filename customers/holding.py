"""Who holds what of a customer: so that it can be given out to that person, and destroyed, without forgetting a table.

`settings.CUSTOMER_HOLDERS` lists classes like `Holder`; every app above that points at a customer brings its own, and
a model that nobody holds fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

Counts = Mapping[str, Mapping[int, int]]
Rows = Mapping[str, Sequence[Mapping[str, object]]]


class Holder(Protocol):
    """What an app does with what it holds of customers. Made without arguments; kinds are `app.Model`."""

    holds: ClassVar[tuple[str, ...]]

    def count(self, customers: Sequence[int]) -> Counts:
        """How many rows of each kind are about these customers: {kind: {customer id: count}}."""

    def export(self, customer: int) -> Rows:
        """Everything that is held of one customer, in plain values, oldest first: {kind: [{field: value}]}."""

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        """Destroy what is held of these customers; returns how many rows of each kind: {kind: count}."""


class ForeignKeyHolder:
    """A holder of one model whose rows are about a customer by its foreign keys `columns`, and are deleted whole.

    told: the fields that are given out; None for all but keys.
    """

    model: ClassVar[str]
    columns: ClassVar[tuple[str, ...]] = ("customer",)
    told: ClassVar[tuple[str, ...] | None] = None

    def __init_subclass__(cls) -> None:
        cls.holds = (cls.model,)

    def count(self, customers: Sequence[int]) -> Counts:
        counted: dict[int, int] = {}
        for column in self.columns:
            held = self._rows().filter(**{f"{column}__in": customers}).values_list(column)
            for customer, count in held.annotate(count=models.Count("pk")).order_by():
                counted[customer] = counted.get(customer, 0) + count
        return {self.model: counted}

    def export(self, customer: int) -> Rows:
        rows = self._rows().filter(self._about([customer])).order_by("pk")
        return {self.model: list(rows.values(*self._told()))}

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        _count, deleted = self._rows().filter(self._about(customers)).delete()
        return {self.model: deleted.get(self.model, 0)}

    def _rows(self) -> models.QuerySet:
        return apps.get_model(self.model)._base_manager.all()

    def _about(self, customers: Sequence[int]) -> Q:
        return Q(*((f"{column}__in", customers) for column in self.columns), _connector=Q.OR)

    def _told(self) -> tuple[str, ...]:
        if self.told is not None:
            return self.told
        fields = apps.get_model(self.model)._meta.concrete_fields
        return tuple(field.name for field in fields if not field.is_relation and not field.primary_key)


def holders() -> list[Holder]:
    """All who hold something, in the order of the settings."""
    return [import_string(path)() for path in settings.CUSTOMER_HOLDERS]


def counts(customers: Sequence[int]) -> dict[str, dict[int, int]]:
    """How many rows of each kind are held of these customers: {kind: {customer id: count}}."""
    counted: dict[str, dict[int, int]] = {}
    for holder in holders():
        counted |= {kind: dict(found) for kind, found in holder.count(customers).items()}
    return counted


def export(customer: int) -> dict[str, list[Mapping[str, object]]]:
    """Everything that all holders hold of one customer: {kind: [{field: value}]}."""
    exported: dict[str, list[Mapping[str, object]]] = {}
    for holder in holders():
        exported |= {kind: list(rows) for kind, rows in holder.export(customer).items()}
    return exported


@transaction.atomic
def erase(customers: Sequence[int], at: datetime) -> dict[str, int]:
    """Destroy what all holders hold of these customers, all of it or nothing; returns {kind: rows}."""
    erased: dict[str, int] = {}
    for holder in holders():
        erased |= holder.erase(customers, at)
    return erased
