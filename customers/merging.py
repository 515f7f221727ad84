"""Merging: customers that turned out to be one, and how they come apart again. What hangs on a customer moves by its
participant, and every move is noted, so that exactly that can go back.

`settings.CUSTOMER_MERGE_PARTICIPANTS` lists classes like `Participant`; every app above that points at a customer
brings its own. Merges are pairs of customer ids (retired, into).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.module_loading import import_string
from psycopg import sql

from accounts.models import Staff
from accounts.trail import saw
from customers.lineage import FORWARDED, still_brought_by
from customers.models import Act, ActCustomer, Customer, Keeping, Merge, MovedChild, Proposal
from customers.services.events import record_events
from customers.services.grants import end_overdue_grants

Merges = Sequence[tuple[int, int]]
STAY = {
    "customers.ActCustomer": "an act was about that number",
    "customers.ChangeEvent": "what happened under the retired number happened under that number",
    "customers.Customer": "forwarded to the new survivor by the act of retiring",
    "customers.Duty": "what somebody is to look at is that number",
    "customers.GoneKey": "only of customers who are gone, and who are never merged",
    "customers.Merge": "says which number went where",
    "customers.Reveal": "somebody saw the value under that number",
    "customers.Proposal": "closed by itself when one of its customers is retired",
}
"""Models that point at a customer and are not moved: {app.Model: why}."""


@dataclass(frozen=True)
class Moved:
    """A child that went from one customer to another. kind: `app.Model`; note: what it takes to give it back."""

    kind: str
    object_id: int
    from_id: int
    into_id: int
    note: Mapping[str, object] = field(default_factory=dict)


class Caution(NamedTuple):
    """What people look at first before they merge: of what it is, how it stands with each customer, and how it would
    stand with the survivor. The customers are in the order in which they were asked about."""

    label: str
    cells: tuple[str, ...]
    then: str


class Participant(Protocol):
    """What an app does in a merge for the children that it hangs on customers. Made without arguments."""

    moves: ClassVar[tuple[str, ...]]
    """The models (`app.Model`) that `move` moves; one that nobody moves fails a test."""
    stays: ClassVar[Mapping[str, str]] = {}
    """Models that stay with the retired number on purpose: `{app.Model: why}`."""

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        """How many children of each kind hang on these customers: {kind: {customer id: count}}."""

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        """Move the children of the retired, and say which."""

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        """Undo moves: from `into_id`, where the child is to be found now, to `from_id`; one that is elsewhere by now
        stays there. Returns the moves that were undone."""


class ForeignKeyChildren:
    """A participant for one model whose foreign key is all that ties it to the customer."""

    model: ClassVar[str]
    column: ClassVar[str] = "customer"

    def __init_subclass__(cls) -> None:
        cls.moves = (cls.model,)

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        rows = apps.get_model(self.model)._base_manager.filter(**{f"{self.column}__in": customers})
        counted = rows.values_list(self.column).annotate(count=models.Count("pk"))
        return {self.model: dict(counted.order_by())}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        rows = self._moved(
            "UPDATE {table} child SET {column} = merge.into_id "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS merge(retired_id, into_id) "
            "WHERE child.{column} = merge.retired_id RETURNING child.{key}, merge.retired_id, merge.into_id",
            [*zip(*merges, strict=True)] if merges else [(), ()],
        )
        return [Moved(self.model, *row) for row in rows]

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        rows = self._moved(
            "UPDATE {table} child SET {column} = back.from_id "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS back(id, from_id, into_id) "
            "WHERE child.{key} = back.id AND child.{column} = back.into_id "
            "RETURNING child.{key}, back.from_id, back.into_id",
            [
                [one.object_id for one in moved],
                [one.from_id for one in moved],
                [one.into_id for one in moved],
            ],
        )
        return [Moved(self.model, *row) for row in rows]

    def _moved(self, statement: str, columns: Iterable[Sequence[int]]) -> list[tuple[int, int, int]]:
        meta = apps.get_model(self.model)._meta
        named = sql.SQL(statement).format(
            table=sql.Identifier(meta.db_table),
            column=sql.Identifier(meta.get_field(self.column).column),
            key=sql.Identifier(meta.pk.column),
        )
        with connection.cursor() as cursor:
            cursor.execute(named, [list(column) for column in columns])
            return sorted(cursor.fetchall())


class Links(ForeignKeyChildren):
    """The source records of a customer."""

    model = "customers.Link"


class Wishes(ForeignKeyChildren):
    """Pins and preferred sources; of two on one item the newest holds, so both may stand side by side."""

    model = "customers.Wish"


class Protections(ForeignKeyChildren):
    """What keeps a customer from all but named people holds for the survivor too, and goes back with its own."""

    model = "customers.Protection"


class Keepings(ForeignKeyChildren):
    """Whom the company made keeper: of two the survivor's holds; where it has none, that of a retired one goes over."""

    model = "customers.Keeping"

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        taken = set(
            Keeping.objects.filter(customer__in=[into for _, into in merges]).values_list("customer", flat=True)
        )
        goes_over = {}
        for retired, into in merges:
            if into not in taken and Keeping.objects.filter(customer=retired).exists():
                taken.add(into)
                goes_over[retired] = into
        return super().move(list(goes_over.items()), at)


class ContractRoles:
    """A customer's roles on contracts. They hang on its source records and go with them."""

    moves = ()
    COUNT = """
SELECT link.customer_id, count(*)
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
WHERE link.customer_id = ANY(%s) GROUP BY link.customer_id
"""

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(self.COUNT, [list(customers)])
            return {"customers.ContractParty": dict(cursor.fetchall())}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        return []

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return []


class Grants:
    """Grants on a retired customer hold for its survivor; one that the survivor has already is dropped, and noted."""

    TABLES: ClassVar[Mapping[str, tuple[str, str]]] = {
        "customers.CustomerStaffGrant": ("customers_customerstaffgrant", "user_id"),
        "customers.CustomerGroupGrant": ("customers_customergroupgrant", "group_id"),
    }
    LOST = ("kind", "reason", "granted_by_id", "granted_at", "ends_at")
    moves = tuple(TABLES)

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        counted = {}
        for kind in self.TABLES:
            rows = apps.get_model(kind).objects.filter(content_object__in=customers).values_list("content_object")
            counted[kind] = dict(rows.annotate(count=models.Count("pk")).order_by())
        return counted

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        into = dict(merges)
        end_overdue_grants(at=at, customers=set(into.values()))  # one that is over must not drop one that holds
        return [
            self._moved(kind, grant, into[grant.content_object_id])
            for kind in self.TABLES
            for grant in apps.get_model(kind).objects.filter(content_object__in=into).order_by("pk")
        ]

    def _moved(self, kind: str, grant: models.Model, into: int) -> Moved:
        holder = self.TABLES[kind][1]
        note = {holder: getattr(grant, holder), "permission_id": grant.permission_id}
        moved = Moved(kind, grant.pk, grant.content_object_id, into, note)
        if type(grant).objects.filter(content_object=into, **note).exists():
            lost = {name: _written(getattr(grant, name)) for name in self.LOST if hasattr(grant, name)}
            grant.delete()
            return Moved(kind, moved.object_id, moved.from_id, into, note | lost | {"is_dropped": True})
        grant.content_object_id = into
        grant.save(update_fields=["content_object"])
        return moved

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        return [one for one in moved if self._given_back(one)]

    def _given_back(self, moved: Moved) -> bool:
        grants = apps.get_model(moved.kind).objects
        wanted = {name: value for name, value in moved.note.items() if name != "is_dropped"}
        if moved.note.get("is_dropped"):
            grants.create(pk=moved.object_id, content_object_id=moved.from_id, **wanted)
            return True
        held = grants.filter(pk=moved.object_id, content_object=moved.into_id)
        return held.update(content_object=moved.from_id) > 0


def _written(value: object) -> object:
    """A value as JSON keeps it; Django reads an instant back from its text."""
    return value.isoformat() if isinstance(value, datetime) else value


def participants() -> list[Participant]:
    """All who take part, in the order of the settings."""
    return [import_string(path)() for path in settings.CUSTOMER_MERGE_PARTICIPANTS]


def cautions(customers: Sequence[Customer], viewer: Staff) -> list[Caution]:
    """What participants that have a method `cautions` say first of a merge of these customers, the survivor first."""
    asked = (getattr(participant, "cautions", None) for participant in participants())
    return [caution for ask in asked if ask for caution in ask(customers, viewer)]


def children(customers: Sequence[int]) -> dict[str, dict[int, int]]:
    """How many children of each kind hang on these customers: {kind: {customer id: count}}."""
    counted: dict[str, dict[int, int]] = {}
    for participant in participants():
        counted |= {kind: dict(counts) for kind, counts in participant.count(customers).items()}
    return counted


@transaction.atomic
def absorb(*, merges: Merges, at: datetime, act: Act) -> dict[str, int]:
    """Retire customers into others. Their children move, and the retired numbers keep answering.

    Returns how many of each kind moved. Golden values of the survivors are not chosen here: project them afterwards.
    """
    moved = [one for participant in participants() for one in participant.move(merges, at)]
    moved += _retire(merges, at, act)
    note_moves(act, moved)
    Merge.objects.bulk_create([Merge(act=act, retired_id=retired, survivor_id=into) for retired, into in merges])
    name_customers(act, {customer for pair in merges for customer in pair})
    overtake_proposals([retired for retired, _into in merges], at)
    record_events(events=[(str(retired), "MERGED", "{}") for retired, _into in merges], at=at)
    return _counted(moved)


@transaction.atomic
def restore(*, merges: Sequence[Merge], at: datetime, act: Act) -> list[Moved]:
    """Let retired customers come back with exactly what their merge moved, as far as it is still where that put it.

    merges: in force, with `act` and `retired`. Returns what went back. Project both sides afterwards.
    """
    returned: list[Moved] = []
    for merge in merges:
        holder = merge.retired.merged_into_id
        back = [Moved(row.kind, row.object_id, row.from_id, holder, row.note) for row in still_brought_by(merge)]
        returned += give_back(back, at) + _forward_again([one for one in back if one.kind == FORWARDED])
        Merge.objects.filter(pk=merge.pk).update(ended_by=act)
    retired = [merge.retired_id for merge in merges]
    Customer.objects.filter(pk__in=retired).update(state="ACTIVE", merged_into=None, merged_at=None, updated_at=at)
    _write_history(retired, at, act)
    # Seen from this act they went the other way: what it moved is told like that of any other.
    note_moves(act, [Moved(one.kind, one.object_id, one.into_id, one.from_id, one.note) for one in returned])
    name_customers(act, {*retired, *(merge.retired.merged_into_id for merge in merges)})
    record_events(events=[(str(customer), "UNMERGED", "{}") for customer in retired], at=at)
    return returned


def give_back(moved: Sequence[Moved], at: datetime) -> list[Moved]:
    """Undo moves of any kinds that participants move; returns those that were undone."""
    by_kind: dict[str, list[Moved]] = defaultdict(list)
    for one in moved:
        by_kind[one.kind].append(one)
    returned: list[Moved] = []
    for participant in participants():
        own = [one for kind in participant.moves for one in by_kind.get(kind, ())]
        if own:
            returned += participant.give_back(own, at)
    return returned


def move_links(*, records: Sequence[int], into: int, at: datetime, act: Act) -> list[Moved]:
    """Move the links of these records to another customer, as a person decided, and note it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_link link SET customer_id = %s FROM customers_link held "
            "WHERE held.record_id = link.record_id AND link.record_id = ANY(%s) AND link.customer_id <> %s "
            "RETURNING link.record_id, held.customer_id",
            [into, list(records), into],
        )
        moved = [Moved(Links.model, record, held, into) for record, held in sorted(cursor.fetchall())]
    note_moves(act, moved)
    return moved


def note_moves(act: Act, moved: Iterable[Moved]) -> None:
    """Keep what an act moved."""
    MovedChild.objects.bulk_create(
        [
            MovedChild(
                act=act,
                kind=one.kind,
                object_id=one.object_id,
                from_id=one.from_id,
                into_id=one.into_id,
                note=dict(one.note),
            )
            for one in moved
        ],
        batch_size=5_000,
    )


def name_customers(act: Act, customers: Iterable[int]) -> None:
    """Note which customers an act was about, with the act and on the trail."""
    customers = set(customers)
    saw(customers)
    rows = [ActCustomer(act=act, customer_id=customer) for customer in sorted(customers)]
    ActCustomer.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)


def overtake_proposals(customers: Iterable[int], at: datetime) -> None:
    """Close the proposals that wait for a decision on one of these customers: it is another customer now."""
    waiting = list(Proposal.objects.waiting())
    changed = set(customers) if waiting else set()
    overtaken = [each.pk for each in waiting if changed & {each.survivor_id, *each.retired_ids}]
    Proposal.objects.filter(pk__in=overtaken).update(state=Proposal.State.OVERTAKEN, decided_at=at)


def _counted(moved: Iterable[Moved]) -> dict[str, int]:
    counts = {kind: 0 for participant in participants() for kind in participant.moves}
    for one in moved:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    return counts


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
RETURNING customer.id, merge.retired_id, merge.into_id
"""
FORWARD_AGAIN = """
UPDATE customers_customer customer SET merged_into_id = back.from_id
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS back(id, from_id, into_id)
WHERE customer.id = back.id AND customer.merged_into_id = back.into_id
RETURNING customer.id, back.from_id, back.into_id
"""


def _retire(merges: Merges, at: datetime, act: Act) -> list[Moved]:
    """Mark the retired, point those retired into them earlier at the new survivor too, and keep it in the history."""
    retired, into = [pair[0] for pair in merges], [pair[1] for pair in merges]
    with connection.cursor() as cursor:
        cursor.execute(RETIRE, [at, at, retired, into])
        cursor.execute(FORWARD, [retired, into])
        forwarded = [Moved(FORWARDED, *row) for row in sorted(cursor.fetchall())]
    _write_history(retired, at, act)
    return forwarded


def _forward_again(forwarded: Sequence[Moved]) -> list[Moved]:
    """Point customers that had been merged into one that came back at it again."""
    if not forwarded:
        return []
    columns = [[getattr(one, name) for one in forwarded] for name in ("object_id", "from_id", "into_id")]
    with connection.cursor() as cursor:
        cursor.execute(FORWARD_AGAIN, columns)
        return [Moved(FORWARDED, *row) for row in sorted(cursor.fetchall())]


def _write_history(customers: Sequence[int], at: datetime, act: Act) -> None:
    """A history row of each customer as it stands now, by whoever acted."""
    columns = ", ".join(
        field.column for field in Customer.history.model._meta.concrete_fields if not field.name.startswith("history_")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO customers_historicalcustomer ({columns}, history_date, history_type, history_user_id) "  # noqa: S608 - column names of our own model
            f"SELECT {columns}, %s, '~', %s FROM customers_customer WHERE id = ANY(%s) ORDER BY id",
            [at, act.by_id, list(customers)],
        )
