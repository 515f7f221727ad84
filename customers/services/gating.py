"""The gate of customers, found anew from what the sources and the registers above say of their proofs.

A change has its history, its event, and is told to settings.CUSTOMER_EVENTS in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from psycopg import sql

from customers.gates import GateMove, state_of, told_by_registers, why
from customers.golden.projection import HISTORY_COLUMNS
from customers.models import ChangeEvent
from customers.services.events import record_events
from customers.services.locks import hold_golden

PIECE = 50_000
# Only a number that is in use has a gate; one that was merged answers with that of its survivor.
READ = """
SELECT id, gate, real_name_verified_on IS NOT NULL, marketing_consent_on IS NOT NULL
FROM customers_customer WHERE id = ANY(%s) AND state = 'ACTIVE' ORDER BY id
"""
SURVIVORS = "SELECT DISTINCT coalesce(merged_into_id, id) FROM customers_customer WHERE id = ANY(%s) ORDER BY 1"
NEXT_PIECE = """
SELECT array_agg(id ORDER BY id) FROM (
    SELECT id FROM customers_customer WHERE id > %s AND state = 'ACTIVE' ORDER BY id LIMIT %s
) piece
"""
WRITE = """
WITH changed AS (
    UPDATE customers_customer customer SET gate = moved.gate, updated_at = %s
    FROM unnest(%s::bigint[], %s::text[]) AS moved(id, gate) WHERE customer.id = moved.id
    RETURNING customer.*
)
INSERT INTO customers_historicalcustomer (id, number, state, merged_into_id, merged_at, message, created_at,
    updated_at, {columns}, history_date, history_type)
SELECT id, number, state, merged_into_id, merged_at, message, created_at, updated_at, {columns}, %s, '~' FROM changed
"""


@transaction.atomic
def regate(*, customers: Sequence[int], at: datetime, because: str) -> int:
    """Find the gate of these customers anew; returns how many changed. Of a merged number it is the survivor's.

    because: the code told where no register speaks of the proof that came or went. Waits for other writers of golden
    customers; call it last in a transaction.
    """
    hold_golden()
    ids = _survivors(customers)
    moves: list[GateMove] = []
    for start in range(0, len(ids), PIECE):
        moves += _moves(ids[start : start + PIECE], at, because)
    return _write(moves, at)


def regate_all(*, at: datetime, because: str) -> int:
    """`regate` for every customer, a transaction for each piece of 50,000, so that nobody waits long."""
    count = after = 0
    while piece := _piece_after(after):
        count += regate(customers=piece, at=at, because=because)
        after = piece[-1]
    return count


def tell_moves(*, changed: Sequence[tuple[int, str, str]], at: datetime, because: str) -> None:
    """Tell the apps above of gates that somebody else has written. changed: (customer id, before, after)."""
    if changed:
        told = told_by_registers([customer for customer, *_states in changed], timezone.localdate(at))
        _tell([GateMove(*one, why(one[1], one[2], told.get(one[0], {}), because)) for one in changed], at)


def _survivors(customers: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(SURVIVORS, [sorted(set(customers))])
        return [pk for (pk,) in cursor.fetchall()]


def _piece_after(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_PIECE, [after, PIECE])
        return cursor.fetchone()[0] or []


def _moves(ids: Sequence[int], at: datetime, because: str) -> Iterator[GateMove]:
    told = told_by_registers(ids, timezone.localdate(at))
    nothing: dict = {}
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(ids)])
        for pk, before, is_verified, has_consent in cursor.fetchall():
            said = told.get(pk, nothing)
            after = state_of(is_verified, has_consent, said)
            if after != before:
                yield GateMove(pk, before, after, why(before, after, said, because))


def _write(moves: Sequence[GateMove], at: datetime) -> int:
    if not moves:
        return 0
    statement = sql.SQL(WRITE).format(columns=sql.SQL(", ").join(map(sql.Identifier, HISTORY_COLUMNS)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [at, [one.customer_id for one in moves], [one.after for one in moves], at])
    _tell(moves, at)
    record_events(events=[(str(one.customer_id), ChangeEvent.Kind.GATE, "{gate}") for one in moves], at=at)
    return len(moves)


def _tell(moves: Sequence[GateMove], at: datetime) -> None:
    for path in settings.CUSTOMER_EVENTS:
        import_string(path)(moves, at)
