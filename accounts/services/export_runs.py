"""Making a file: read for whoever asked, as they may see it now; ready only when the trail says whose data it holds.

A run that is cut off begins anew. What stands in the folder of the run is readable to nobody else and goes with it.
"""

from __future__ import annotations

import logging
import os
import shutil
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation

from accounts.exporting.ceilings import ceiling_of
from accounts.exporting.lists import Cell, ExportList, export_list, may_export
from accounts.exporting.watermark import export_number, watermark_of
from accounts.exporting.writing import WRITERS, Writer, fingerprint_of
from accounts.models import AccessEntry, Export, Staff
from accounts.purposes import purposes_of
from accounts.services.exports import FOLDER, address_of_export
from accounts.services.notices import notify
from accounts.services.turns import alone
from accounts.trail import TrailUnavailable, describe, looking, saw
from accounts.trail.looking import gathering

log = logging.getLogger(__name__)
State = Export.State
AT_WORK = (State.QUEUED, State.RUNNING)
EXPORT_LOCK = 4_208_001  # the class of advisory locks on single files
ROWS_PER_STEP = 1_000
CUSTOMERS_PER_ENTRY = 50_000
GROWTH = 20  # an approved file may have grown by a twentieth since
PAGE = "accounts:export-detail"


class ExportBusy(Exception):
    """Another process is making this file."""


class _CannotBeMade(Exception):
    """Why not: a key of `accounts.exporting.words.FAILURES`."""


@dataclass(frozen=True)
class _Made:
    """A file that is written, and whose data it holds."""

    path: Path
    fingerprint: str
    size: int
    rows: int
    customers: Sequence[int]
    destroy_by: date


def make_export(*, export: Export) -> Export:
    """Make the file; returns the request as it stands then. One that is done already stays as it is.

    Raises ExportBusy when another process is at it, and OperationalError or InterfaceError when the database is away;
    it may then be called again.
    """
    with alone(EXPORT_LOCK, export.pk, busy=ExportBusy):
        if begun := _begin(export):
            _make(begun)
    export.refresh_from_db()
    return export


def resume_exports() -> list[int]:
    """Make the files that a dead process left behind; returns their ids. Safe to call at any time."""
    resumed = []
    for export in Export.objects.filter(state__in=AT_WORK).order_by("pk"):
        try:
            make_export(export=export)
        except ExportBusy:
            continue
        resumed.append(export.pk)
    return resumed


@transaction.atomic
def _begin(export: Export) -> Export | None:
    export = Export.objects.select_for_update().filter(pk=export.pk, state__in=AT_WORK).first()
    if export is not None:
        export.state, export.rows_done = State.RUNNING, 0
        export.save(update_fields=["state", "rows_done"])
    return export


def _make(export: Export) -> None:
    folder = Path(settings.MEDIA_ROOT) / FOLDER / f"{export.pk}.making"
    try:
        made = _written(export, folder)
        _hand_out(export, made)
    except _CannotBeMade as reason:
        _fail(export, str(reason))
    except TrailUnavailable:
        log.exception("File %s was not handed out: the trail cannot be written", export.pk)
        _fail(export, "TRAIL")
    except (OperationalError, InterfaceError):
        connection.close()
        raise
    except Exception as problem:  # whatever it was, whoever waits for the file is to know
        places = "".join(traceback.format_tb(problem.__traceback__))
        log.error("File %s could not be made: %s\n%s", export.pk, type(problem).__name__, places)
        _fail(export, "UNEXPECTED")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(export: Export, folder: Path) -> _Made:
    staff, wanted = _requester(export)
    destroy_by = timezone.localdate() + timedelta(days=settings.EXPORT_DESTROY_DAYS)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(mode=0o700)
    path = folder / f"{export.pk}.{export.format.lower()}"
    export.requested_by = staff
    with translation.override(staff.language), gathering() as look:
        columns = wanted.columns(staff, export.conditions)
        with WRITERS[export.format](path, columns, watermark_of(export, destroy_by)) as writer:
            rows = _write_rows(export, writer, wanted.rows(staff, export.conditions), _most_rows(export, staff))
    with path.open("rb") as file:
        fingerprint = fingerprint_of(file)
    return _Made(path, fingerprint, path.stat().st_size, rows, list(look.customers), destroy_by)


def _requester(export: Export) -> tuple[Staff, ExportList]:
    """Whoever asked, with the rights of now and the purpose of then. Raises _CannotBeMade."""
    staff = Staff.objects.select_related("branch").get(pk=export.requested_by_id)
    if not may_export(staff, export.list_code) or export.purpose not in purposes_of(staff):
        raise _CannotBeMade("LOST_RIGHT")
    staff.declared_purpose = export.purpose
    return staff, export_list(export.list_code)


def _most_rows(export: Export, staff: Staff) -> int:
    """How many rows may be taken: the ceiling of the role, or somewhat more than was approved."""
    if export.decided_by_id is None:
        return ceiling_of(staff)
    return max(ceiling_of(staff), min(export.row_count + export.row_count // GROWTH, settings.EXPORT_MOST_ROWS))


def _write_rows(export: Export, writer: Writer, rows: Iterator[list[Cell]], most: int) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        if count > most:
            raise _CannotBeMade("GREW")
        writer.write(row)
        if count % ROWS_PER_STEP == 0:
            Export.objects.filter(pk=export.pk).update(rows_done=count)
    return count


@transaction.atomic
def _hand_out(export: Export, made: _Made) -> None:
    """The entries of the trail and the state of the file: both hold, or neither."""
    export = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    staff, _list = _requester(export)
    export.file = f"{FOLDER}/{made.path.name}"
    export.fingerprint, export.size, export.destroy_by = made.fingerprint, made.size, made.destroy_by
    export.row_count = export.rows_done = made.rows
    export.state, export.finished_at = State.READY, timezone.now()
    export.expires_at = export.finished_at + timedelta(hours=settings.EXPORT_FILE_HOURS)
    export.save()
    _write_trail(export, staff, made.customers)
    os.replace(made.path, Path(settings.MEDIA_ROOT) / export.file)


def _write_trail(export: Export, staff: Staff, customers: Sequence[int]) -> None:
    """Everyone whose data the file holds, in as many entries as it takes. Raises TrailUnavailable."""
    conditions = {"export": export_number(export), "list": export.list_code, "fingerprint": export.fingerprint}
    for first in range(0, max(1, len(customers)), CUSTOMERS_PER_ENTRY):
        shown = customers[first : first + CUSTOMERS_PER_ENTRY]
        with looking(
            staff=staff, page=PAGE, kind=AccessEntry.Kind.EXPORT, reason=export.reason, target=f"pk={export.pk}"
        ):
            saw(shown)
            describe(purpose=export.purpose, conditions=conditions, count=len(shown))


@transaction.atomic
def _fail(export: Export, code: str) -> None:
    export = Export.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=export.pk)
    export.state, export.error, export.finished_at = State.FAILED, code, timezone.now()
    export.save(update_fields=["state", "error", "finished_at"])
    what = {"number": export_number(export)}
    notify(
        staff=[export.requested_by],
        kind="EXPORT_FAILED",
        at=export.finished_at,
        what=what,
        url=address_of_export(export),
    )
