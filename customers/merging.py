"""Merging: customers that turned out to be one. Whatever hangs on a customer moves by its participant.

`settings.CUSTOMER_MERGE_PARTICIPANTS` lists functions `(merges, at) -> {kind: moved}`; merges are pairs of customer ids
(retired, into). `customers` moves links and grants itself; every app above that points at a customer brings its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from customers.models import Customer
from customers.services.events import record_events

Merges = Sequence[tuple[int, int]]
Participant = Callable[[Merges, datetime], Mapping[str, int]]
MOVED_BY_MASTER = ("customers.Link",)
STAY = {
    "customers.ChangeEvent": "what happened under the retired number happened under that number",
    "customers.Customer": "forwarded to the new survivor by the act of retiring",
}
"""Models that point at a customer and are not moved: {app.Model: why}."""


def moves(*labels: str) -> Callable[[Participant], Participant]:
    """Says which models (`app.Model`) a merge participant moves; a model that nobody moves fails a test."""

    def mark(participant: Participant) -> Participant:
        participant.moves = labels
        return participant

    return mark


@transaction.atomic
def absorb(*, merges: Merges, at: datetime) -> dict[str, int]:
    """Retire customers into others, by rule. Links move, participants run, the retired number keeps answering.

    Returns how many of each kind moved. Golden values of the survivors are not chosen here: project them afterwards.
    """
    moved = {"links": _move_links(merges)}
    for path in settings.CUSTOMER_MERGE_PARTICIPANTS:
        for kind, count in import_string(path)(merges, at).items():
            moved[kind] = moved.get(kind, 0) + count
    _retire(merges, at)
    record_events(events=[(str(retired), "MERGED", "{}") for retired, _into in merges], at=at)
    return moved


@moves("customers.CustomerStaffGrant", "customers.CustomerGroupGrant")
def merge_grants(merges: Merges, at: datetime) -> dict[str, int]:
    """Grants on a retired customer hold for its survivor; a grant that the survivor has already is dropped."""
    moved = 0
    for table, holder in (("customers_customerstaffgrant", "user_id"), ("customers_customergroupgrant", "group_id")):
        for retired, into in merges:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {table} grant_ SET content_object_id = %s WHERE content_object_id = %s AND NOT EXISTS "  # noqa: S608 - table and column are our own words
                    f"(SELECT FROM {table} held WHERE held.content_object_id = %s AND held.{holder} = grant_.{holder} "
                    "AND held.permission_id = grant_.permission_id)",
                    [into, retired, into],
                )
                moved += cursor.rowcount
                cursor.execute(f"DELETE FROM {table} WHERE content_object_id = %s", [retired])  # noqa: S608 - as above
    return {"grants": moved}


def _move_links(merges: Merges) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_link link SET customer_id = merge.into_id "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS merge(retired_id, into_id) "
            "WHERE link.customer_id = merge.retired_id",
            [[retired for retired, _into in merges], [into for _retired, into in merges]],
        )
        return cursor.rowcount


RETIRE = """
UPDATE customers_customer customer
SET state = 'MERGED', merged_into_id = merge.into_id, merged_at = %s, updated_at = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS merge(retired_id, into_id)
WHERE customer.id = merge.retired_id
"""
FORWARD = """
UPDATE customers_customer customer SET merged_into_id = merge.into_id
FROM unnest(%s::bigint[], %s::bigint[]) AS merge(retired_id, into_id)
WHERE customer.merged_into_id = merge.retired_id
"""


def _retire(merges: Merges, at: datetime) -> None:
    """Mark the retired, point those retired into them earlier at the new survivor too, and keep it in the history."""
    retired, into = [pair[0] for pair in merges], [pair[1] for pair in merges]
    columns = ", ".join(
        field.column for field in Customer.history.model._meta.concrete_fields if not field.name.startswith("history_")
    )
    with connection.cursor() as cursor:
        cursor.execute(RETIRE, [at, at, retired, into])
        cursor.execute(FORWARD, [retired, into])
        cursor.execute(
            f"INSERT INTO customers_historicalcustomer ({columns}, history_date, history_type) "  # noqa: S608 - column names of our own model
            f"SELECT {columns}, %s, '~' FROM customers_customer WHERE id = ANY(%s)",
            [at, retired],
        )
