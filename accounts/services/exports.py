"""Files made from lists: asking for one, deciding about it, taking it, confirming that the copy is destroyed.

Making the files is in `accounts.services.export_runs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.downloads import why_locked
from accounts.exporting.ceilings import ceiling_of
from accounts.exporting.lists import Conditions, ExportList, export_list, may_export
from accounts.exporting.register import overdue
from accounts.exporting.watermark import export_number
from accounts.free_text import without_resident_numbers
from accounts.models import Export, Notice, Staff
from accounts.purposes import purposes_of
from accounts.services.notices import notify
from accounts.trail import describe

State = Export.State
SHORTEST_REASON = 10
FOLDER = "exports"
STRAY_HOURS = 24


class NotExportable(Exception):
    """There is no such list, or the person may not take it."""


class ReasonTooShort(Exception):
    """The reason does not say enough for a reviewer."""


class NotYourPurpose(Exception):
    """No role of the person works for this purpose."""


class NothingToExport(Exception):
    """The list has no rows under these conditions."""


class TooManyRows(Exception):
    """No file holds so many rows, with or without approval."""


class OwnRequest(Exception):
    """Nobody approves what they asked for themselves."""


class NotYoursToDecide(Exception):
    """The person does not decide about files, or not about those of this branch."""


class NotWaiting(Exception):
    """The request was decided already."""


class DownloadsLocked(Exception):
    """Something keeps the person from taking files today; `accounts.downloads.why_locked` says what."""


class NotYours(Exception):
    """The file was asked for by somebody else."""


class NotReady(Exception):
    """There is no file: it is not made yet, could not be made, or has expired."""


class NothingTaken(Exception):
    """The file was never downloaded, so that there is no copy."""


class AlreadyDestroyed(Exception):
    """It was confirmed already."""


def request_export(
    *,
    list_code: str,
    conditions: Mapping[str, Sequence[str]],
    format: str,
    purpose: str,
    reason: str,
    by: Staff,
    at: datetime,
) -> Export:
    """Ask for a file of a list; above the ceiling of the role it waits for a second person.

    conditions: words of the address of the list. Raises NotExportable, NotYourPurpose, ReasonTooShort, NothingToExport,
    TooManyRows, DownloadsLocked.
    """
    wanted = _takeable(list_code, by)
    if why_locked(by, timezone.localdate(at)):
        raise DownloadsLocked
    if purpose not in purposes_of(by):
        raise NotYourPurpose
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    understood = wanted.understood(conditions, by)
    count = rows_of(wanted, understood, by)
    export = _write_request(
        list_code=list_code,
        conditions=dict(understood),
        format=Export.Format(format),
        purpose=purpose,
        reason=without_resident_numbers(reason.strip()),
        requested_by=by,
        requested_at=at,
        row_count=count,
        state=State.QUEUED if count <= ceiling_of(by) else State.PROPOSED,
    )
    describe(purpose=purpose, reason=export.reason, conditions={"export": export_number(export)}, count=count)
    return export


def _takeable(code: str, by: Staff) -> ExportList:
    wanted = export_list(code)
    if wanted is None or not may_export(by, code):
        raise NotExportable
    return wanted


def rows_of(wanted: ExportList, conditions: Conditions, by: Staff) -> int:
    """How many rows a file would have. Raises NothingToExport, TooManyRows."""
    count = wanted.count(by, conditions, settings.EXPORT_MOST_ROWS + 1)
    if not count:
        raise NothingToExport
    if count > settings.EXPORT_MOST_ROWS:
        raise TooManyRows
    return count


@transaction.atomic
def _write_request(**fields: object) -> Export:
    export = Export.objects.create(**fields)
    if export.state == State.PROPOSED:
        _tell(deciders_of(export), "EXPORT_TO_APPROVE", export, export.requested_at)
    else:
        tasks.make_export.delay_on_commit(export_id=export.pk)
    return export


def deciders_of(export: Export) -> list[Staff]:
    """Who may decide about a request: those with the right whose branch stands above, or is, that of the requester."""
    holders = Staff.objects.filter(
        is_active=True,
        groups__permissions__codename="approve_export",
        groups__permissions__content_type__app_label="accounts",
    )
    found = holders.exclude(pk=export.requested_by_id).select_related("branch").distinct().order_by("pk")
    return [staff for staff in found if _is_above(staff, export.requested_by)]


def may_decide(staff: Staff, export: Export) -> bool:
    """Whether `staff` is a second person for this request."""
    is_another = staff.pk != export.requested_by_id
    return is_another and staff.has_perm("accounts.approve_export") and _is_above(staff, export.requested_by)


def _is_above(staff: Staff, requester: Staff) -> bool:
    if staff.branch is None:
        return False
    return staff.branch.parent_id is None or bool(
        requester.branch and requester.branch.path.startswith(staff.branch.path)
    )


def _tell(staff: Iterable[Staff], kind: str, export: Export, at: datetime, by: Staff | None = None) -> None:
    """by: who is told of, the requester where nobody else is."""
    what = {"number": export_number(export), "by": (by or export.requested_by).employee_number}
    if export.destroy_by:
        what["day"] = export.destroy_by.isoformat()
    notify(staff=staff, kind=kind, at=at, what=what, url=address_of_export(export))


def address_of_export(export: Export) -> str:
    """The address of the page of a file."""
    return reverse("accounts:export-detail", args=[export.pk])


@transaction.atomic
def approve_export(*, export: Export, by: Staff, at: datetime, comment: str = "") -> Export:
    """Let a file above the ceiling be made. Raises NotWaiting, OwnRequest, NotYoursToDecide."""
    export = _decided(export, by=by, at=at, decision=comment, state=State.QUEUED)
    _tell([export.requested_by], "EXPORT_APPROVED", export, at, by)
    tasks.make_export.delay_on_commit(export_id=export.pk)
    return export


@transaction.atomic
def refuse_export(*, export: Export, by: Staff, at: datetime, reason: str) -> Export:
    """Refuse a file above the ceiling. Raises NotWaiting, OwnRequest, NotYoursToDecide, ReasonTooShort."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    export = _decided(export, by=by, at=at, decision=reason.strip(), state=State.REFUSED)
    _tell([export.requested_by], "EXPORT_REFUSED", export, at, by)
    return export


def _decided(export: Export, *, by: Staff, at: datetime, decision: str, state: str) -> Export:
    export = _locked(export)
    if export.requested_by_id == by.pk:
        raise OwnRequest
    if not may_decide(by, export):
        raise NotYoursToDecide
    if export.state != State.PROPOSED:
        raise NotWaiting
    export.decided_by, export.decided_at, export.state = by, at, state
    export.decision = without_resident_numbers(decision)
    export.save(update_fields=["decided_by", "decided_at", "decision", "state"])
    return export


def _locked(export: Export) -> Export:
    locked = Export.objects.select_for_update(of=("self",)).select_related("requested_by__branch")
    return locked.get(pk=export.pk)


def path_of(export: Export) -> Path:
    """Where the file lies, also when it is gone."""
    return Path(settings.MEDIA_ROOT) / export.file


@transaction.atomic
def take_export(*, export: Export, by: Staff, at: datetime) -> Export:
    """Note that the file is downloaded once more. Raises NotYours, NotReady, NotExportable, DownloadsLocked."""
    export = _locked(export)
    if export.requested_by_id != by.pk:
        raise NotYours
    if export.state != State.READY or export.expires_at <= at or not path_of(export).is_file():
        raise NotReady
    if not may_export(by, export.list_code):
        raise NotExportable
    if why_locked(by, timezone.localdate(at)):
        raise DownloadsLocked
    export.downloaded_count += 1
    export.save(update_fields=["downloaded_count"])
    return export


@transaction.atomic
def confirm_destroyed(*, export: Export, by: Staff, at: datetime) -> Export:
    """Note that whoever took the file has destroyed the copy; the file here goes too.

    Raises NotYours, NothingTaken, AlreadyDestroyed.
    """
    export = _locked(export)
    if export.requested_by_id != by.pk:
        raise NotYours
    if export.destroyed_at is not None:
        raise AlreadyDestroyed
    if not export.downloaded_count:
        raise NothingTaken
    export.destroyed_at = at
    if export.state == State.READY:
        export.state = State.EXPIRED
    export.save(update_fields=["destroyed_at", "state"])
    transaction.on_commit(lambda: path_of(export).unlink(missing_ok=True))
    return export


def expire_exports(*, at: datetime) -> int:
    """Remove the files whose time is over, and what dead processes left in their folder; returns how many expired."""
    due = Export.objects.filter(state=State.READY, expires_at__lte=at).order_by("pk")
    expired = [export for export in due if _expire(export, at)]
    _remove_strays(at)
    return len(expired)


@transaction.atomic
def _expire(export: Export, at: datetime) -> bool:
    export = _locked(export)
    if export.state != State.READY or export.expires_at > at:
        return False
    export.state = State.EXPIRED
    export.save(update_fields=["state"])
    path_of(export).unlink(missing_ok=True)
    return True


@transaction.atomic
def remove_files(*, exports: Sequence[int]) -> int:
    """Remove the files of these requests before their time, since they hold what nobody may hold any more; the copies
    that were taken stay to be confirmed. Returns how many files go, after commit."""
    ready = list(Export.objects.select_for_update().filter(pk__in=exports, state=State.READY).order_by("pk"))
    Export.objects.filter(pk__in=[export.pk for export in ready]).update(state=State.EXPIRED)
    paths = [path_of(export) for export in ready]
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])
    return len(ready)


def _remove_strays(at: datetime) -> None:
    """Files that no row answers for, once they are so old that nobody writes them any more."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    kept = set(Export.objects.filter(state=State.READY).values_list("file", flat=True))
    oldest = (at - timedelta(hours=STRAY_HOURS)).timestamp()
    for path in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
        if path.relative_to(settings.MEDIA_ROOT).as_posix() in kept or path.stat().st_mtime > oldest:
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)


def remind_of_destruction(*, at: datetime) -> int:
    """Tell those whose copies should be destroyed by now, and the overseers, once a file; returns of how many files."""
    late = overdue(on=timezone.localdate(at)).order_by("pk")
    return sum([_remind(export, at) for export in late])


@transaction.atomic
def _remind(export: Export, at: datetime) -> bool:
    export = _locked(export)
    own = {"staff": export.requested_by, "kind": "EXPORT_OVERDUE", "what__number": export_number(export)}
    if export.destroyed_at is not None or Notice.objects.filter(**own).exists():
        return False
    _tell([export.requested_by], "EXPORT_OVERDUE", export, at)
    holders = Staff.objects.filter(is_active=True, groups__name__in=settings.EXPORT_OVERSEERS).distinct().order_by("pk")
    _tell(holders.exclude(pk=export.requested_by_id), "EXPORT_OVERDUE_OF", export, at)
    return True
