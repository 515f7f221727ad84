"""Copies outside the database that hold destroyed customers: files that were made for use outside, and reject files.

They go when the destruction is committed; a process that dies right then leaves them to the days that the settings give
such files (`EXPORT_FILE_HOURS`, `FEED_REJECT_DAYS`).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from django.db import connection, transaction

from accounts.services.exports import remove_files
from customers.holders.accounts import TAKEN
from customers.models import FeedRun
from customers.services.receiving import reject_file


def remove_copies_on_commit(*, customers: Sequence[int], keys: Collection[str]) -> None:
    """Remove the files that these customers stand in, and their rows from reject files, once all is committed.

    keys: source keys and contract numbers of theirs.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT taken.id FROM ({TAKEN}) taken (customer, id)", {"customers": list(customers)})  # noqa: S608 - constants
        exports = [pk for (pk,) in cursor.fetchall()]
    remove_files(exports=exports)
    if keys:
        transaction.on_commit(lambda: _clean_reject_files(frozenset(keys)))


def _clean_reject_files(keys: frozenset[str]) -> None:
    for run in FeedRun.objects.exclude(reject_path="").order_by("pk"):
        path = reject_file(run)
        if path is not None:
            _without_rows(path, keys)


def _without_rows(path: Path, keys: frozenset[str]) -> None:
    """Take the rows that name one of these keys out of a file, which keeps its age and its reader."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    kept = [row for row in rows if not keys.intersection(cell.strip() for cell in row)]
    if len(kept) == len(rows):
        return
    times, draft = path.stat(), path.with_suffix(".draft")
    with open(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig", newline=""
    ) as file:
        csv.writer(file).writerows(kept)
    os.utime(draft, (times.st_atime, times.st_mtime))
    os.replace(draft, path)
