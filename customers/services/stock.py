"""Work on the whole stock: matching it again, exporting its links."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path

from django.db import connection

from accounts.models import Staff
from customers.models import MatchRun
from customers.services import matching

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


def match_stock(*, at: datetime, by: Staff | None, parts: int | None = None) -> MatchRun:
    """Match the whole stock now and here, with the help of whatever workers there are; returns the run.

    A run that was left behind is taken up. Raises matching.RunBusy while another process leads it.
    """
    run = matching.request_match_run(by=by, at=at, is_queued=False)
    return matching.lead_match_run(run=run, parts=parts)


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
