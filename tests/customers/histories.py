"""Plain builders of the past: deliveries, merges and returns that happened at a given instant."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.models import Staff
from customers import merging
from customers.models import Act, Customer, Link, Merge
from tests.customers.builders import feed, make_customer


def fed(rows: Iterable[Mapping[str, str]], source: str = "POLICY", *, at: datetime) -> Customer:
    """The newest customer after rows came in at that instant, as if the clock had stood there."""
    kept = set(Customer.history.values_list("history_id", flat=True))
    linked, known = (set(model.objects.values_list("pk", flat=True)) for model in (Link, Customer))
    feed(rows, source, at=at)
    Customer.history.exclude(history_id__in=kept).update(history_date=at)
    Link.objects.exclude(pk__in=linked).update(linked_at=at)
    Customer.objects.exclude(pk__in=known).update(created_at=at)
    return Customer.objects.latest("pk")


def changed(customer: Customer, *, at: datetime, by: Staff | None = None, **fields: object) -> Customer:
    """The customer after it got these values at that instant."""
    for name, value in fields.items():
        setattr(customer, name, value)
    customer._history_date, customer._history_user = at, by
    customer.save()
    return customer


def born(*, at: datetime, **fields: object) -> Customer:
    """A customer without records who came to be at that instant."""
    customer = make_customer(created_at=at, **fields)
    customer.history.update(history_date=at)
    return customer


def make_act(*customers: Customer, kind: str = "MERGE", at: datetime, **fields: object) -> Act:
    """An act about these customers; without `by` one of a rule."""
    act = Act.objects.create(kind=kind, at=at, **fields)
    merging.name_customers(act, [customer.pk for customer in customers])
    return act


def move(records: Iterable[int], into: Customer, act: Act) -> None:
    """Records that an act moved to another customer."""
    merging.move_links(records=list(records), into=into.pk, at=act.at, act=act)


def merge(retired: Customer, survivor: Customer, *, at: datetime, **fields: object) -> Merge:
    """The merge of one customer into another, without a choice of golden values. fields: of its act."""
    act = make_act(at=at, **fields)
    merging.absorb(merges=[(retired.pk, survivor.pk)], at=at, act=act)
    return act.merges.get()


def bring_back(merged: Merge, *, at: datetime, **fields: object) -> Customer:
    """The retired customer after its merge was taken back. fields: of the act."""
    merged = Merge.objects.select_related("retired").get(pk=merged.pk)
    merging.restore(merges=[merged], at=at, act=make_act(kind="UNMERGE", at=at, **fields))
    return Customer.objects.get(pk=merged.retired_id)
