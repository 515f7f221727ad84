"""Customers whose data are kept apart, come back from there, or are destroyed, with everything merged into them.

Each call is whole or not at all; callers give at most `MOST_AT_ONCE` customers, so that a run over many can go on
where it stopped. Whether somebody may go is not asked here: `consent` asks it before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from accounts.trail import saw
from customers import holding
from customers.gone_keys import CONTRACT, RECORD, digest_of
from customers.holders.records import OWN, OWN_CONTRACTS
from customers.models import Customer, GoneKey, SourceSystem
from customers.services import apart, copies
from customers.services.events import record_events
from customers.services.locks import hold_golden, hold_source

MOST_AT_ONCE = 500
State = Customer.State
RECORD_KEYS = f"{OWN} SELECT customer_id, source_id, source_key FROM own"  # noqa: S608 - constants
CONTRACT_KEYS = (
    f"SELECT held.customer_id, contract.source_id, contract.contract_no FROM ({OWN_CONTRACTS}) held (customer_id, id) "  # noqa: S608 - constants
    "JOIN customers_contract contract ON contract.id = held.id"
)


class UnknownCustomers(Exception):
    """Some of these are no customers, or are numbers that were merged into another. args[0]: their ids."""


class AlreadyApart(Exception):
    """Some of these are kept apart already. args[0]: their ids."""


class NotApart(Exception):
    """Some of these are not kept apart. args[0]: their ids."""


class AlreadyDestroyed(Exception):
    """Some of these are destroyed already. args[0]: their ids."""


class TooManyAtOnce(Exception):
    """More than `MOST_AT_ONCE` customers."""


class SomethingIsLeft(Exception):
    """A holder still holds something of the destroyed; nothing was destroyed. args[0]: {kind: {customer: rows}}."""


@dataclass(frozen=True)
class Destroyed:
    """Rows before and after, {kind: {customer id: rows}}; what was merged into a customer counts with that customer."""

    before: Mapping[str, Mapping[int, int]]
    after: Mapping[str, Mapping[int, int]]


@transaction.atomic
def separate_customers(*, customers: Sequence[int], at: datetime) -> dict[str, int]:
    """Keep these active customers apart; returns how many rows of each kind went, {kind: rows}.

    Waits for feeds and runs that are writing. Raises TooManyAtOnce, UnknownCustomers, AlreadyApart, AlreadyDestroyed.
    """
    everyone = _held(customers, {State.SEPARATED: AlreadyApart})
    _bar_keys(everyone, at)
    apart.open_stage()
    touched = holding.touched(list(everyone))
    apart.note_leaving(touched, everyone)
    with _erasing():
        holding.erase(list(everyone), at, by=holding.going_apart())
    kept = apart.keep_what_left(sorted(touched), at)
    Customer.objects.filter(pk__in=everyone).update(state=State.SEPARATED, separated_at=at)
    _tell(everyone, "APART", at)
    return kept


@transaction.atomic
def return_customers(*, customers: Sequence[int], at: datetime) -> dict[str, int]:
    """Bring these back from being kept apart, exactly as they went; returns {kind: rows}.

    What they share with somebody who is still kept apart comes back with that one. Raises TooManyAtOnce,
    UnknownCustomers, NotApart, AlreadyDestroyed.
    """
    everyone = _held(customers, {State.ACTIVE: NotApart})
    returned = _return(customers, everyone)
    _tell(everyone, "APART", at)
    return returned


@transaction.atomic
def destroy_customers(*, customers: Sequence[int], at: datetime) -> Destroyed:
    """Destroy these customers, active or kept apart: of each only the number stays, and the day.

    Waits for feeds and runs that are writing. Raises TooManyAtOnce, UnknownCustomers, AlreadyDestroyed,
    SomethingIsLeft.
    """
    everyone = _held(customers, {})
    kept_apart = Customer.objects.filter(pk__in=customers, state=State.SEPARATED)
    if returning := list(kept_apart.values_list("pk", flat=True)):
        _return(returning, {one: head for one, head in everyone.items() if head in set(returning)})
    keys = _bar_keys(everyone, at)
    before = _summed(holding.counts(list(everyone)), everyone)
    with _erasing():
        holding.erase(list(everyone), at)
    apart.forget(list(everyone))
    gone = {"state": State.DESTROYED, "destroyed_at": at, "separated_at": None}
    Customer.objects.filter(pk__in=everyone).update(**gone, merged_into=None, merged_at=None)
    after = _summed(holding.counts(list(everyone)), everyone)
    if left := {kind: found for kind, found in after.items() if found}:
        raise SomethingIsLeft(left)
    copies.remove_copies_on_commit(customers=list(everyone), keys=keys)
    _tell(everyone, "DESTROYED", at)
    return Destroyed(before, after)


def hold_customers(customers: Collection[int]) -> list[tuple[int, int | None, str]]:
    """[(id, merged into, state)] of these customers and all that was merged into them; nobody else writes them, or
    records something about them, until the transaction ends. Waits for feeds and runs."""
    for source in SourceSystem.objects.order_by("pk").values_list("pk", flat=True):
        hold_source(source)  # before the golden lock, as feeds do
    hold_golden()
    wanted = Q(pk__in=customers) | Q(merged_into__in=customers)
    rows = Customer.objects.select_for_update().filter(wanted).order_by("pk")
    return list(rows.values_list("pk", "merged_into", "state"))


def _held(customers: Sequence[int], refused: Mapping[str, type[Exception]]) -> dict[int, int]:
    """{id: whom it is kept under} of these customers and all that was merged into them, locked; nobody else writes
    them until the transaction ends. refused: what is raised for customers of a state."""
    if len(customers) > MOST_AT_ONCE:
        raise TooManyAtOnce
    rows = hold_customers(customers)
    states = {pk: state for pk, into, state in rows if into is None}
    _refuse(UnknownCustomers, [one for one in customers if one not in states])
    for state, problem in {State.DESTROYED: AlreadyDestroyed, **refused}.items():
        _refuse(problem, [one for one in customers if states[one] == state])
    saw(customers)
    return {pk: into or pk for pk, into, _state in rows}


def _refuse(problem: type[Exception], customers: Collection[int]) -> None:
    if customers:
        raise problem(sorted(customers))


def _return(heads: Sequence[int], everyone: Collection[int]) -> dict[str, int]:
    GoneKey.objects.filter(customer__in=everyone).delete()
    apart.open_stage()
    return apart.give_back(heads)


@contextmanager
def _erasing() -> Iterator[None]:
    """Let rows go that are otherwise kept for ever; the database asks for this word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hannun.destroying', 'on', true)")
        yield
        cursor.execute("SELECT set_config('hannun.destroying', '', true)")


def _bar_keys(everyone: Mapping[int, int], at: datetime) -> set[str]:
    """Note the rows of sources that are about to go, so that no file brings them back; returns their keys."""
    found = []
    with connection.cursor() as cursor:
        for kind, query in ((RECORD, RECORD_KEYS), (CONTRACT, CONTRACT_KEYS)):
            cursor.execute(query, {"customers": list(everyone)})
            found += [(kind, *row) for row in cursor.fetchall()]
    barred = {
        digest_of(settings.KEYS.index, kind, source, key): everyone[customer] for kind, customer, source, key in found
    }
    rows = [GoneKey(digest=digest, customer_id=customer, since=at) for digest, customer in barred.items()]
    GoneKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    return {key for _kind, _customer, _source, key in found}


def _summed(counts: Mapping[str, Mapping[int, int]], everyone: Mapping[int, int]) -> dict[str, dict[int, int]]:
    """What was merged into a customer counts with that customer."""
    summed: dict[str, dict[int, int]] = {}
    for kind, found in counts.items():
        of_kind = summed.setdefault(kind, {})
        for customer, count in found.items():
            if customer in everyone and count:
                of_kind[everyone[customer]] = of_kind.get(everyone[customer], 0) + count
    return summed


def _tell(everyone: Collection[int], kind: str, at: datetime) -> None:
    record_events(events=[(str(one), kind, "{}") for one in sorted(everyone)], at=at)
