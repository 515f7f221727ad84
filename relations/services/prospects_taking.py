"""What hangs on a prospect in the master: its record, the customer that record makes, and the planner who keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Staff
from customers.golden.corrected import read_correction
from customers.models import Code, Customer, SourceRecord
from customers.seeds import PROSPECT
from customers.services.intake import CannotRead, TakenIn, take_in_record, withdraw_record
from customers.services.keeping import assign_keepers, release_keepers
from customers.standard.record import Standardiser
from customers.typed import Problem
from relations.models import Keeper, Prospect, ProspectEvent
from relations.rules.prospects import ITEMS

EMPTY: Mapping[str, object] = {
    "name": "",
    "birth_date": None,
    "sex": "",
    "mobile": "",
    "email": "",
    "address": "",
}
"""A prospect of whom nothing is kept any more."""
NEXT_SERIAL = "SELECT nextval(pg_get_serial_sequence('relations_prospect', 'id'))"


class IsThere(Exception):
    """The engine takes the person for a customer who is there already; its argument is that customer's id."""


def next_serial() -> int:
    """The serial of the next receipt, which is also the key of its prospect."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_SERIAL)
        return cursor.fetchone()[0]


def read_person(cells: Mapping[str, str], at: datetime) -> dict[str, object]:
    """What was typed of a person, as a prospect keeps it. Raises intake.CannotRead."""
    read = read_correction(cells, "PERSON", Standardiser(timezone.localdate(at), Code.objects.regions()))
    if read.problems:
        raise CannotRead(read.problems)
    if "*" in read.forms["name"].value:
        raise CannotRead([Problem("name", "MASKED", is_used=False)])
    values = {column: read.forms[column].value for column in ITEMS}
    return values | {"birth_date": values["birth_date"] or None}


def filled_of(prospect: Prospect) -> dict[str, str]:
    """{column: text} of what is kept of a prospect."""
    values = {column: getattr(prospect, column) for column in ITEMS}
    return {column: str(value) for column, value in values.items() if value}


def take_in(prospect: Prospect, *, at: datetime, by: Staff | None, is_joined: bool = False, key: str = "") -> TakenIn:
    """Make the record of a prospect, with no keeper in it: whose it is the company says, and for a time.

    is_joined: it may be linked to somebody who is there already. Raises IsThere, upon which nothing was taken in.
    """
    with transaction.atomic():
        taken = take_in_record(
            source_code=PROSPECT,
            source_key=key or prospect.number,
            cells=filled_of(prospect),
            kind="PERSON",
            at=at,
            by=by,
            branch_code=prospect.branch.code if prospect.branch else "",
        )
        if not (taken.is_new_customer or is_joined) and not is_free(taken):
            raise IsThere(taken.customer.pk)
        return taken


def is_free(taken: TakenIn) -> bool:
    """Whether nothing but ended prospects made the customer, apart from the record that has just come."""
    others = SourceRecord.objects.filter(link__customer=taken.customer).exclude(pk=taken.record.pk)
    ended = Prospect.objects.filter(record__in=others, customer=taken.customer, state__in=("EXPIRED", "RELEASED"))
    return set(others.values_list("pk", flat=True)) <= set(ended.values_list("record", flat=True))


def keep(prospect: Prospect, *, at: datetime, by: Staff | None) -> None:
    """Make the planner of an active prospect the keeper of its customer."""
    today = timezone.localdate(at)
    open_ones = Keeper.objects.still_open().filter(customer=prospect.customer_id, kind=Keeper.Kind.FP)
    open_ones.update(ended_on=today, ended_at=at, ended_by=by)
    Keeper.objects.create(
        customer_id=prospect.customer_id,
        staff=prospect.fp,
        kind=Keeper.Kind.FP,
        branch=prospect.branch,
        why=Keeper.Why.PROSPECT,
        started_on=today,
        recorded_by=by,
        recorded_at=at,
    )
    branch = prospect.branch.code if prospect.branch else ""
    assign_keepers(rows=[(prospect.customer_id, prospect.fp.employee_number, branch)], at=at, by=by)


def let_go(prospects: Sequence[Prospect], *, at: datetime, by: Staff | None) -> None:
    """End the assignments that these prospects gave to their planners; their data wait for destruction."""
    kept = {(each.customer_id, each.fp_id) for each in prospects if each.customer_id}
    given = Keeper.objects.still_open().filter(
        customer__in={customer for customer, _fp in kept}, kind=Keeper.Kind.FP, why=Keeper.Why.PROSPECT
    )
    ending = [row for row in given if (row.customer_id, row.staff_id) in kept]
    Keeper.objects.filter(pk__in=[row.pk for row in ending]).update(
        ended_on=timezone.localdate(at), ended_at=at, ended_by=by
    )
    if ending:
        release_keepers(customer_ids={row.customer_id for row in ending}, at=at, by=by)


def retake(prospect: Prospect, columns: Sequence[str], *, at: datetime, by: Staff | None) -> None:
    """Keep of a prospect only these columns: its record gives way to one with fewer cells, or to none.

    Where what is left would not be known for the same customer any more it is not taken in at all.
    """
    before = prospect.record
    for column in EMPTY.keys() - set(columns):
        setattr(prospect, column, EMPTY[column])
    prospect.record = None
    if before is not None:
        if columns:  # the new one first, so that the customer is never without a record
            prospect.record = _taken_again(prospect, before, at, by)
        withdraw_record(record=before, at=at, by=by)
    prospect.save(update_fields=[*EMPTY, "record"])


def _taken_again(prospect: Prospect, before: SourceRecord, at: datetime, by: Staff | None) -> SourceRecord | None:
    class _Elsewhere(Exception):
        """It would be linked to another customer."""

    try:
        with transaction.atomic():
            taken = take_in(prospect, at=at, by=by, is_joined=True, key=_next_key(before))
            if taken.customer.pk != prospect.customer_id:
                raise _Elsewhere
            return taken.record
    except (_Elsewhere, CannotRead):
        return None


def _next_key(before: SourceRecord) -> str:
    """`P0000000019` becomes `P0000000019-2`, that becomes `-3`."""
    number, _dash, taking = before.source_key.partition("-")
    return f"{number}-{int(taking or 1) + 1}"


def write_event(prospect: Prospect, kind: str, *, at: datetime, by: Staff | None, **more: object) -> None:
    """Note what happened to a prospect. more: `on`, a day; `details`, codes and ids."""
    ProspectEvent.objects.create(prospect=prospect, kind=kind, at=at, by=by, **more)


def customer_of(prospect: Prospect) -> Customer | None:
    """The customer of a prospect as it is today, the survivor where it was merged."""
    customer = prospect.customer
    return customer.merged_into or customer if customer else None
