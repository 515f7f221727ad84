"""The gate follows the registers of consent: at once where nobody writes the stock, else as soon as that is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from consent import tasks
from consent.services.cleanup import close_settled
from customers.gates import GateMove
from customers.services.gating import regate
from customers.services.locks import GOLDEN_LOCK

MOST_AT_ONCE = 1_000
COPY = "COPY consent_gatechange (customer_id, before, after, because, at) FROM STDIN"


@transaction.atomic
def regate_after(*, customers: Iterable[int], at: datetime, because: str) -> int:
    """Find the gate of customers anew after an answer or a verification; returns how many changed right now.

    Never waits: while a feed or a match run writes the stock, or for very many, a worker does it after the commit. Call
    it last in a transaction. because: see `regate`.
    """
    ids = sorted(set(customers))
    if not ids:
        return 0
    if len(ids) <= MOST_AT_ONCE and _is_free():
        return regate(customers=ids, at=at, because=because)
    tasks.regate_customers.delay_on_commit(customer_ids=ids, because=because)
    return 0


def _is_free() -> bool:
    """Whether this transaction could take the turn of writing golden customers; then it has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [GOLDEN_LOCK])
        return cursor.fetchone()[0]


def note_moves(moves: Sequence[GateMove], at: datetime) -> None:
    """Keep who came in scope and who left it, with the reason, and close what was asked of them for it.

    Listed in settings.CUSTOMER_EVENTS.
    """
    written_at = at.isoformat()
    lines = [f"{move.customer_id}\t{move.before}\t{move.after}\t{move.because}\t{written_at}\n" for move in moves]
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(lines).encode())
    close_settled(customers=[move.customer_id for move in moves], at=at)
