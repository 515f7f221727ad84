"""Change events: one gap-free sequence, written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from customers.models import EventCounter

Event = tuple[str, str, str]


@transaction.atomic
def record_events(*, events: Sequence[Event], at: datetime, feed_run_id: int | None = None) -> int:
    """Append events `(customer id, kind, items as a PostgreSQL array)` in order; returns the last sequence number.

    The counter stays locked until the caller's transaction ends, so call this last: other writers wait here.
    """
    EventCounter.objects.get_or_create(pk=1)
    counter = EventCounter.objects.select_for_update().get(pk=1)
    run = str(feed_run_id) if feed_run_id is not None else "\\N"
    written_at = at.isoformat()
    lines = [
        f"{sequence}\t{customer}\t{kind}\t{items}\t{run}\t{written_at}\n"
        for sequence, (customer, kind, items) in enumerate(events, counter.last + 1)
    ]
    if lines:
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY customers_changeevent (sequence, customer_id, kind, items, feed_run_id, occurred_at) FROM STDIN"
            ) as copy,
        ):
            copy.write("".join(lines).encode())
        counter.last += len(lines)
        counter.save(update_fields=["last"])
    return counter.last
