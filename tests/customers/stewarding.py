"""What the tests of merging and of taking back share: customers, and the whole of what the master holds of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from accounts.models import Staff
from customers.golden.projection import GOLDEN_COLUMNS
from customers.models import (
    Customer,
    CustomerGroupGrant,
    CustomerStaffGrant,
    Link,
    Pair,
    Ruling,
    SourceRecord,
    Wish,
)
from customers.services import merges, unmerges
from tests.customers.builders import NOW, feed, person

NAMES = ("김하나", "박두리", "최세라", "정네모", "한다솜", "오여름", "임가을", "서겨울")
TICKS = count(1)


def now() -> datetime:
    """A new instant, later than all before it, and than whatever a feed does in a test."""
    return NOW + timedelta(days=3650, minutes=next(TICKS))


def people(number: int, **cells: str) -> list[Customer]:
    """So many customers of one record each who have nothing in common, the oldest first; their keys are K0, K1, …"""
    feed(
        [
            person(source_key=f"K{place}", birth_date=f"19{60 + place}-03-{place + 10}", name=NAMES[place], **cells)
            for place in range(number)
        ]
    )
    return list(Customer.objects.order_by("pk"))


def merge(survivor: Customer, *retired: Customer, by: Staff, **more: object) -> object:
    """Merge with the consent of a second person, where it takes one."""
    more = {"at": now(), "is_approved": True, "reason_code": "DOCUMENT"} | more
    return merges.merge_customers(survivor=survivor, retired=retired, by=by, **more)


def unmerge(retired: Customer, *, by: Staff, **more: object) -> object:
    """Take a merge back; what came since stays where it is unless `answers` say otherwise."""
    return unmerges.unmerge_customer(retired=retired, by=by, **{"at": now(), "answers": {}} | more)


def record(key: str) -> SourceRecord:
    return SourceRecord.objects.select_related("source").get(source_key=key)


def holders() -> dict[str, str]:
    """{source key: number of the customer that has the record}"""
    return dict(Link.objects.values_list("record__source_key", "customer__number"))


def together() -> list[list[str]]:
    """The source keys of each customer, whoever it is."""
    groups: dict[int, list[str]] = {}
    for customer, key in Link.objects.order_by("record__source_key").values_list("customer", "record__source_key"):
        groups.setdefault(customer, []).append(key)
    return sorted(groups.values())


def golden(customer: Customer) -> dict[str, object]:
    """Every golden column as it stands, with where it comes from."""
    return Customer.objects.filter(pk=customer.pk).values(*GOLDEN_COLUMNS).get()


def rulings_in_force() -> list[tuple[list[str], str, list[str]]]:
    """(keys of one side, answer, keys of the other), by ruling."""
    keys = dict(SourceRecord.objects.values_list("pk", "source_key"))
    return [
        (
            sorted(keys[each] for each in (ruling.left_id, *ruling.left_also)),
            ruling.answer,
            sorted(keys[each] for each in (ruling.right_id, *ruling.right_also)),
        )
        for ruling in Ruling.objects.filter(withdrawn_at=None).order_by("pk")
    ]


def everything() -> dict[str, list[object]]:
    """All that a decision may change, but for what only ever grows: acts, events, histories, instants of changes."""
    return {
        "customers": list(
            Customer.objects.order_by("pk").values("number", "state", "merged_into", "merged_at", *GOLDEN_COLUMNS)
        ),
        "links": list(Link.objects.order_by("pk").values()),
        "wishes": list(Wish.objects.filter(withdrawn_at=None).order_by("pk").values()),
        "staff_grants": list(CustomerStaffGrant.objects.order_by("pk").values()),
        "group_grants": list(CustomerGroupGrant.objects.order_by("pk").values()),
        "rulings": list(Ruling.objects.filter(withdrawn_at=None).order_by("pk").values()),
        "pairs": list(Pair.objects.order_by("pk").values()),
    }


def differences(before: dict[str, list[object]], after: dict[str, list[object]]) -> Iterator[str]:
    """Where two of `everything` differ."""
    for kind, rows in before.items():
        if rows != after[kind]:
            yield kind
