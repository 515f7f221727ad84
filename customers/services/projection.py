"""Writing golden customers: whatever the projection says has changed, with its history and change events."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from accounts.models import Staff
from customers.feeds.pipeline import ordered_map
from customers.gates import Proof, told_by_registers
from customers.golden.projection import (
    GOLDEN_COLUMNS,
    HISTORY_COLUMNS,
    RECORD_COLUMNS,
    Assignment,
    Piece,
    Projected,
    projector,
)
from customers.golden.wishing import Wanted
from customers.models import SourceSystem
from customers.models.contract import ContractRow
from customers.numbering import customer_number
from customers.services.events import Event, record_events
from customers.services.gating import tell_moves
from customers.services.golden_rules import live_rules
from customers.services.links import CREATE_TOUCHED_CUSTOMER
from customers.services.locks import hold_golden

PIECE_CUSTOMERS = 20_000
ONE_PROCESS_UP_TO = 20_000
NEW_COLUMNS = ("id", "number", "state", "message", "created_at", "updated_at", *GOLDEN_COLUMNS)
HISTORY_HEAD = ("id", "number", "state", "message", "created_at", "updated_at")
HISTORY_TAIL = ("history_date", "history_type", "history_user_id")
SECONDS_TO_1970 = 62_135_596_800
SPECIAL = {
    "customer_id": "link.customer_id",
    "seconds": f"floor(extract(epoch FROM record.as_of))::bigint + {SECONDS_TO_1970}",
    "rrn_key": "coalesce(encode(record.rrn_index, 'hex'), '')",
}
READ_RECORDS = f"""
COPY (
    SELECT {", ".join(SPECIAL.get(column, f"record.{column}") for column in RECORD_COLUMNS)}
    FROM touched_customer touched
    JOIN customers_link link ON link.customer_id = touched.id
    JOIN customers_sourcerecord record ON record.id = link.record_id
    WHERE touched.id > {{after}} AND touched.id <= {{upto}}
    ORDER BY link.customer_id, record.id
) TO STDOUT
"""  # noqa: S608 - columns of our own; the bounds come in as literals
READ_GOLDEN = f"""
COPY (
    SELECT customer.id, {", ".join(f"customer.{column}" for column in GOLDEN_COLUMNS)}
    FROM touched_customer touched JOIN customers_customer customer USING (id)
    WHERE NOT touched.is_new AND touched.id > {{after}} AND touched.id <= {{upto}}
) TO STDOUT
"""  # noqa: S608 - as above
TOUCH = """
INSERT INTO touched_customer
SELECT wanted.id, NOT EXISTS (SELECT FROM customers_customer customer WHERE customer.id = wanted.id)
FROM unnest(%s::bigint[]) AS wanted(id)
"""
READ_ASSIGNMENTS = """
SELECT link.customer_id::text,
    coalesce((array_agg(contract.branch_code ORDER BY contract.status = ANY(%(live)s) DESC,
        contract.started_on DESC NULLS LAST, contract.contract_no) FILTER (WHERE contract.branch_code <> ''))[1], ''),
    coalesce((array_agg(contract.fp_code ORDER BY contract.status = ANY(%(live)s) DESC,
        contract.started_on DESC NULLS LAST, contract.contract_no) FILTER (WHERE contract.fp_code <> ''))[1], ''),
    coalesce(sum(contract.premium / (%(months)s::jsonb ->> contract.premium_cycle)::int)
        FILTER (WHERE contract.status = ANY(%(paying)s) AND party.role = 'POLICYHOLDER'), 0)::bigint
FROM touched_customer touched
JOIN customers_link link ON link.customer_id = touched.id
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
    AND party.role IN ('POLICYHOLDER', 'INSURED')
JOIN customers_contract contract
    ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
WHERE touched.id > %(after)s AND touched.id <= %(upto)s
GROUP BY link.customer_id
"""
ANY_PARTY = "SELECT EXISTS (SELECT FROM customers_contractparty)"
ANY_KEEPING = "SELECT EXISTS (SELECT FROM customers_keeping)"
READ_KEEPINGS = """
SELECT keeping.customer_id::text, coalesce(keeping.branch_id, ''), keeping.keeper_id
FROM touched_customer touched JOIN customers_keeping keeping ON keeping.customer_id = touched.id
WHERE touched.id > %(after)s AND touched.id <= %(upto)s
"""
ANY_WISH = "SELECT EXISTS (SELECT FROM customers_wish WHERE withdrawn_at IS NULL)"
# A pin and a preference are the customer's; a correction follows its record to wherever that is linked.
READ_WISHES = """
SELECT held.customer_id::text, held.item, coalesce(held.record_id, 0), coalesce(held.source_id, 0)
FROM touched_customer touched
JOIN (
    SELECT wish.customer_id, wish.id, wish.item, wish.record_id, wish.source_id, act.at
    FROM customers_wish wish JOIN customers_act act ON act.id = wish.act_id
    WHERE act.kind <> 'CORRECT' AND wish.withdrawn_at IS NULL AND (wish.ends_on IS NULL OR wish.ends_on >= %(today)s)
    UNION ALL
    SELECT link.customer_id, wish.id, wish.item, wish.record_id, wish.source_id, act.at
    FROM customers_wish wish JOIN customers_act act ON act.id = wish.act_id
    JOIN customers_link link ON link.record_id = wish.record_id
    WHERE act.kind = 'CORRECT' AND wish.withdrawn_at IS NULL AND (wish.ends_on IS NULL OR wish.ends_on >= %(today)s)
) held ON held.customer_id = touched.id
WHERE touched.id > %(after)s AND touched.id <= %(upto)s
ORDER BY held.at, held.id
"""


@dataclass(frozen=True)
class ProjectCounts:
    """What projecting did to golden customers."""

    customers_new: int = 0
    customers_changed: int = 0


@transaction.atomic
def project_again(*, customer_ids: Iterable[int], at: datetime, by: Staff | None = None) -> int:
    """Project these customers now and record the change events; returns how many changed or came to be.

    An id that no customer has yet becomes one, if records are linked to it. by: whom the history names. Waits for
    other writers of golden customers; call it last in a transaction.
    """
    hold_golden()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS touched_customer")
        cursor.execute(CREATE_TOUCHED_CUSTOMER)
        cursor.execute(TOUCH, [sorted(set(customer_ids))])
    counts, events = project_customers(at=at, by=by)
    record_events(events=events, at=at)
    return counts.customers_new + counts.customers_changed


@transaction.atomic
def project_customers(
    *,
    at: datetime,
    by: Staff | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[ProjectCounts, list[Event]]:
    """Project every customer of the temporary table `touched_customer` again; returns counts and change events.

    The caller records the events, last of all in its transaction.
    """
    bounds = _bounds()
    total = sum(size for _after, _upto, size in bounds)
    workers = settings.FEED_WORKERS if total > ONE_PROCESS_UP_TO else 1
    read = piece_reader(timezone.localdate(at))
    new = changed = done = 0
    events: list[Event] = []
    gates: list[tuple[int, str, str]] = []
    with ordered_map(projector, (*basis(), live_rules()), workers) as project:
        pieces = (pickle.dumps(read(after, upto)) for after, upto, _size in bounds)
        for (_after, _upto, size), projected in zip(bounds, project(pieces), strict=True):
            _write(projected, at, by)
            new, changed = new + len(projected.new), changed + len(projected.changed)
            events += projected.events
            gates += projected.gates
            done += size
            on_progress(done, total)
    tell_moves(changed=gates, at=at, because="SOURCES")
    return ProjectCounts(new, changed), events


def _bounds() -> list[tuple[int, int, int]]:
    """Pieces as (after id, up to id, customers)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id), count(*) FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS piece "
            "FROM touched_customer) numbered GROUP BY piece ORDER BY piece",
            [PIECE_CUSTOMERS],
        )
        rows = cursor.fetchall()
    starts = [0, *(upto for upto, _size in rows)]
    return [(after, upto, size) for after, (upto, size) in zip(starts, rows, strict=False)]


def basis() -> tuple[dict[int, int], list[tuple[str, int]]]:
    """What every choice rests on beside the rules: {source id: trust}, and the grades."""
    return dict(SourceSystem.objects.values_list("pk", "trust")), settings.CUSTOMER_GRADES


def piece_reader(today: date) -> Callable[[int, int], Piece]:
    """A function that reads the customers of `touched_customer` with ids after one number and up to another.

    today: a wish that ended before it counts no more.
    """
    with_contracts, with_wishes, with_keepings = map(_has_any, (ANY_PARTY, ANY_WISH, ANY_KEEPING))

    def read(after: int, upto: int) -> Piece:
        span = {"after": sql.Literal(after), "upto": sql.Literal(upto)}
        golden = {}
        for line in _copied(sql.SQL(READ_GOLDEN).format(**span)).decode().split("\n")[:-1]:
            customer, *values = line.split("\t")
            golden[customer] = tuple(values)
        records = _copied(sql.SQL(READ_RECORDS).format(**span))
        assignments = _assignments(after, upto) if with_contracts else {}
        wishes = _wishes(after, upto, today) if with_wishes else {}
        keepings = _keepings(after, upto) if with_keepings else {}
        return Piece(records, golden, assignments, wishes, keepings, _proofs(list(map(int, golden)), today))

    return read


def _proofs(customers: Sequence[int], today: date) -> dict[str, tuple[bool | None, bool | None]]:
    """What the registers say of customers that were there before; of a new one they know nothing yet."""
    told = told_by_registers(customers, today)
    return {
        str(customer): tuple(said[proof].is_held if proof in said else None for proof in Proof)
        for customer, said in told.items()
    }


def _has_any(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _wishes(after: int, upto: int, today: date) -> dict[str, list[Wanted]]:
    """The wishes in force of each customer, oldest first."""
    found: dict[str, list[Wanted]] = {}
    with connection.cursor() as cursor:
        cursor.execute(READ_WISHES, {"after": after, "upto": upto, "today": today})
        for customer, item, record_id, source_id in cursor.fetchall():
            found.setdefault(customer, []).append(Wanted(item, record_id, source_id))
    return found


def _keepings(after: int, upto: int) -> dict[str, tuple[str, str]]:
    """{customer: (branch, keeper)} as the company assigned them; no branch is ''."""
    with connection.cursor() as cursor:
        cursor.execute(READ_KEEPINGS, {"after": after, "upto": upto})
        return {customer: (branch, keeper) for customer, branch, keeper in cursor.fetchall()}


def _copied(statement: sql.Composed) -> bytes:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(copy)


def _assignments(after: int, upto: int) -> dict[str, Assignment]:
    with connection.cursor() as cursor:
        cursor.execute(
            READ_ASSIGNMENTS,
            {
                "after": after,
                "upto": upto,
                "live": list(ContractRow.LIVE_STATUSES),
                "paying": list(ContractRow.PAYING_STATUSES),
                "months": json.dumps(ContractRow.MONTHS_PER_CYCLE),
            },
        )
        return {customer: Assignment(branch, fp, premium) for customer, branch, fp, premium in cursor.fetchall()}


def _write(projected: Projected, at: datetime, by: Staff | None) -> None:
    written_at, author = at.isoformat(), str(by.pk) if by else "\\N"
    if projected.new:
        heads = {c: (c, customer_number(int(c)), "ACTIVE", "", written_at, written_at) for c in projected.new}
        lines = ["\t".join((*heads[customer], *row)) + "\n" for customer, row in projected.new.items()]
        _copy("customers_customer", NEW_COLUMNS, lines)
        kept = itemgetter(*(GOLDEN_COLUMNS.index(column) for column in HISTORY_COLUMNS))
        history = [
            "\t".join((*heads[customer], *kept(row), written_at, "+", author)) + "\n"
            for customer, row in projected.new.items()
        ]
        _copy("customers_historicalcustomer", (*HISTORY_HEAD, *HISTORY_COLUMNS, *HISTORY_TAIL), history)
    if projected.changed:
        _update(projected.changed, at, by)


def _copy(table: str, columns: tuple[str, ...], lines: list[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines).encode())


def _update(changed: dict[str, tuple[str, ...]], at: datetime, by: Staff | None) -> None:
    """Replace golden rows and add a history row for each that differs in what history keeps."""
    columns = ("id", *GOLDEN_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE IF NOT EXISTS stage_customer ON COMMIT DROP AS SELECT {} FROM customers_customer "
                "LIMIT 0"
            ).format(sql.SQL(", ").join(map(sql.Identifier, columns)))
        )
        cursor.execute("TRUNCATE stage_customer")
    _copy("stage_customer", columns, ["\t".join((customer, *row)) + "\n" for customer, row in changed.items()])
    with connection.cursor() as cursor:
        cursor.execute(_history_of_changed(), [at, at, by.pk if by else None])
        cursor.execute(
            sql.SQL(
                "UPDATE customers_customer customer SET updated_at = %s, {} FROM stage_customer stage "
                "WHERE customer.id = stage.id"
            ).format(
                sql.SQL(", ").join(
                    sql.SQL("{} = {}").format(sql.Identifier(column), sql.Identifier("stage", column))
                    for column in GOLDEN_COLUMNS
                )
            ),
            [at],
        )


def _history_of_changed() -> sql.Composed:
    staged = sql.SQL(", ").join(sql.Identifier("stage", column) for column in HISTORY_COLUMNS)
    held = sql.SQL(", ").join(sql.Identifier("customer", column) for column in HISTORY_COLUMNS)
    return sql.SQL(
        "INSERT INTO customers_historicalcustomer (id, number, state, merged_into_id, merged_at, message, created_at, "
        "updated_at, {columns}, history_date, history_type, history_user_id) "
        "SELECT customer.id, customer.number, customer.state, customer.merged_into_id, customer.merged_at, "
        "customer.message, customer.created_at, %s, {staged}, %s, '~', %s "
        "FROM stage_customer stage JOIN customers_customer customer USING (id) "
        "WHERE ROW({staged}) IS DISTINCT FROM ROW({held})"
    ).format(columns=sql.SQL(", ").join(map(sql.Identifier, HISTORY_COLUMNS)), staged=staged, held=held)
