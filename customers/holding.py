"""Who holds what of a customer: so that it can be given out to that person, and destroyed, without forgetting a table.

`settings.CUSTOMER_HOLDERS` lists classes like `Holder`; every app above that points at a customer brings its own, and
a model that nobody holds fails a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

Counts = Mapping[str, Mapping[int, int]]
Rows = Mapping[str, Sequence[Mapping[str, object]]]
Touched = Mapping[str, set[tuple[int, object]]]
"""{kind: {(customer id, key of a row)}}; a row that is about several customers is named with each."""


class Holder(Protocol):
    """What an app does with what it holds of customers. Made without arguments; kinds are `app.Model`."""

    holds: ClassVar[tuple[str, ...]]

    def count(self, customers: Sequence[int]) -> Counts:
        """How many rows of each kind are about these customers: {kind: {customer id: count}}."""

    def export(self, customer: int) -> Rows:
        """Everything that is held of one customer, in plain values, oldest first: {kind: [{field: value}]}."""

    def erase(self, customers: Sequence[int], at: datetime) -> Mapping[str, int]:
        """Destroy what is held of these customers; returns how many rows of each kind: {kind: count}."""

    # A holder whose `erase` changes rows that neither point at a customer nor at a row that does says which by
    # `touches(customers) -> Touched`, so that they can be kept apart and given back; `touched` finds the others.


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


def going_apart() -> list[Holder]:
    """The holders whose rows go apart with a customer: all but those that say `stays_apart`."""
    return [holder for holder in holders() if not getattr(holder, "stays_apart", False)]


def touched(customers: Sequence[int]) -> Touched:
    """The rows that would be changed or deleted as these customers go apart, and some that would be left."""
    found: dict[str, set[tuple[int, object]]] = {}
    for holder in going_apart():
        own = getattr(holder, "touches", None)
        for kind, pairs in (own(customers) if own else touched_by_keys(holder.holds, customers)).items():
            found.setdefault(kind, set()).update(pairs)
    return found


def touched_by_keys(
    kinds: Iterable[str], customers: Sequence[int], also: Touched | None = None
) -> dict[str, set[tuple[int, object]]]:
    """The rows of these kinds that point at the customers, those of `also`, what points at those rows, and so on."""
    found: dict[str, set[tuple[int, object]]] = {}
    waiting = [(model, _pointing(model, customers)) for model in map(apps.get_model, kinds)]
    waiting += [(apps.get_model(kind), set(pairs)) for kind, pairs in (also or {}).items()]
    while waiting:
        model, pairs = waiting.pop()
        known = found.setdefault(model._meta.label, set())
        fresh = pairs - known
        known |= fresh
        if fresh:
            waiting += [(child.model, _children(child, fresh)) for child in _keys_to(model)]
    return found


def columns_to_customers(model: type[models.Model]) -> list[models.Field]:
    """The foreign keys of a model that lead to customers."""
    customer = apps.get_model("customers.Customer")
    return [field for field in model._meta.concrete_fields if field.is_relation and field.related_model is customer]


def _pointing(model: type[models.Model], customers: Sequence[int]) -> set[tuple[int, object]]:
    return {
        pair
        for field in columns_to_customers(model)
        for pair in model._base_manager.filter(**{f"{field.name}__in": customers}).values_list(field.attname, "pk")
    }


def _keys_to(model: type[models.Model]) -> list[models.Field]:
    """The foreign keys of all models that lead to rows of this one."""
    relations = model._meta.get_fields(include_hidden=True)
    return [one.field for one in relations if one.auto_created and not one.concrete and not one.many_to_many]


def _children(key: models.Field, parents: set[tuple[int, object]]) -> set[tuple[int, object]]:
    customers: dict[object, set[int]] = {}
    for customer, parent in parents:
        customers.setdefault(parent, set()).add(customer)
    rows = key.model._base_manager.filter(**{f"{key.name}__in": list(customers)}).values_list(key.attname, "pk")
    return {(customer, row) for parent, row in rows for customer in customers[parent]}


def counts(customers: Sequence[int]) -> dict[str, dict[int, int]]:
    """How many rows of each kind are held of these customers: {kind: {customer id: count}}."""
    counted: dict[str, dict[int, int]] = {}
    for holder in holders():
        for kind, found in holder.count(customers).items():
            of_kind = counted.setdefault(kind, {})
            for customer, count in found.items():
                of_kind[customer] = of_kind.get(customer, 0) + count
    return counted


def export(customer: int) -> dict[str, list[Mapping[str, object]]]:
    """Everything that all holders hold of one customer: {kind: [{field: value}]}."""
    exported: dict[str, list[Mapping[str, object]]] = {}
    for holder in holders():
        for kind, rows in holder.export(customer).items():
            exported.setdefault(kind, []).extend(rows)
    return exported


@transaction.atomic
def erase(customers: Sequence[int], at: datetime, by: Sequence[Holder] | None = None) -> dict[str, int]:
    """Destroy what all holders, or those of `by`, hold of these customers, all or nothing; returns {kind: rows}."""
    erased: dict[str, int] = {}
    for holder in holders() if by is None else by:
        for kind, count in holder.erase(customers, at).items():
            erased[kind] = erased.get(kind, 0) + count
    return erased
