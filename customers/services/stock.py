"""Work on the whole stock: matching it again, exporting its links."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from accounts.models import Staff
from customers.models import MatchRun
from customers.services import linking, projection
from customers.services.events import record_events

EXPORT = """
COPY (
    SELECT source.code AS source, record.source_key, customer.number AS customer_number
    FROM customers_link link
    JOIN customers_sourcerecord record ON record.id = link.record_id
    JOIN customers_sourcesystem source ON source.id = record.source_id
    JOIN customers_customer customer ON customer.id = link.customer_id
    ORDER BY source.code, record.source_key
) TO STDOUT (FORMAT csv, HEADER)
"""


def match_stock(*, at: datetime, by: Staff | None) -> MatchRun:
    """Link the whole stock again, project what changed, and return the run with its counts."""
    run = MatchRun.objects.create(scope=MatchRun.Scope.STOCK, started_at=at, requested_by=by)
    try:
        with transaction.atomic():
            linked = linking.link_records(at=at, feed_run_id=None, whole_stock=True)
            projected, events = projection.project_customers(at=at)
            record_events(events=events, at=at)
            run.counts = {
                "records_linked": linked.records,
                "customers_created": linked.customers_created,
                "customers_merged": linked.customers_merged,
                "customers_changed": projected.customers_changed,
                "pairs_found": linked.pairs_found,
            }
            run.state, run.finished_at = MatchRun.State.DONE, datetime.now(at.tzinfo)
            run.save(update_fields=["counts", "state", "finished_at"])
    except BaseException:
        MatchRun.objects.filter(pk=run.pk).update(state=MatchRun.State.FAILED, finished_at=datetime.now(at.tzinfo))
        raise
    return run


def export_links(*, path: Path) -> int:
    """Write every link as `source,source_key,customer_number` to `path`, whole or not at all; returns their number.

    Raises OSError where it cannot be written, and where something else than a file would have to give way to it.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a plain file")
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as file, connection.cursor() as cursor:
            with cursor.copy(EXPORT) as copy:
                for piece in copy:
                    file.write(piece)
            count = cursor.rowcount
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return count
