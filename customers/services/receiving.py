"""Receiving files: keeping an upload, picking one up from the inbox, feeding one again, removing what is not needed."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Staff
from customers.feeds.reasons import file_reason
from customers.models import FeedRun, Mapping, SourceSystem
from customers.services.feeds import RECEIVED, REJECTS, RESUMABLE, FeedFile, FeedRefused, request_feed

log = logging.getLogger(__name__)


class RunNotOver(Exception):
    """The run is still waiting or at work, so its file is not free yet."""


class AlreadyRequested(Exception):
    """The same copy of the file is loaded already, or is about to be."""


class FileGone(Exception):
    """The file of the run is not kept any more."""


class FileChanged(Exception):
    """The file was changed since the run, so the counts of the run say nothing of it."""


class MappingNotLive(Exception):
    """The mapping of the run was retired since."""


@dataclass(frozen=True)
class InboxFile:
    """A file in the inbox folder. size: bytes."""

    name: str
    size: int


def receive_upload(
    *,
    source: SourceSystem,
    layout: str,
    mapping: Mapping | None,
    upload: UploadedFile,
    is_dry_run: bool,
    by: Staff,
    at: datetime,
) -> FeedRun:
    """Keep an uploaded file and queue its run. Raises FeedRefused when it cannot be kept."""
    try:
        path = keep_upload(upload, settings.FEED_DIR / RECEIVED, at)
    except OSError as problem:
        raise FeedRefused(file_reason("DISK", {})) from problem
    return request_feed(
        source=source,
        layout=layout,
        mapping=mapping,
        file=FeedFile(path, Path(upload.name).name),
        is_dry_run=is_dry_run,
        by=by,
        at=at,
    )


def keep_upload(upload: UploadedFile, folder: Path, at: datetime) -> Path:
    """Keep an upload in a folder, under a name that nobody guesses; half a file is not left behind. Raises OSError."""
    path = folder / f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(6)}{Path(upload.name).suffix.lower()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, upload)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def write_private(path: Path, upload: UploadedFile) -> None:
    """Write an upload to a new file that its owner alone can read."""
    with path.open("xb") as file:
        path.chmod(0o600)
        for piece in upload.chunks():
            file.write(piece)


def pick_up(
    *, source: SourceSystem, layout: str, mapping: Mapping | None, name: str, is_dry_run: bool, by: Staff, at: datetime
) -> FeedRun:
    """Queue a run of a file that lies in the inbox folder. Raises FeedRefused when it is not there."""
    if name not in {waiting.name for waiting in inbox()}:
        raise FeedRefused(file_reason("NO_FILE", {"file": name}))
    return request_feed(
        source=source,
        layout=layout,
        mapping=mapping,
        file=FeedFile(settings.FEED_INBOX / name, name),
        is_dry_run=is_dry_run,
        by=by,
        at=at,
    )


def inbox() -> list[InboxFile]:
    """The files that wait in the inbox folder, by name; links are left out, for they may lead anywhere, and so are
    names in another encoding, which no page can show."""
    found = []
    if settings.FEED_INBOX.is_dir():
        for entry in os.scandir(settings.FEED_INBOX):
            with suppress(FileNotFoundError):  # taken away since the folder was read
                if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".") and _is_text(entry.name):
                    found.append(InboxFile(entry.name, entry.stat().st_size))
    return sorted(found, key=lambda file: file.name)


def _is_text(name: str) -> bool:
    """Whether a name is Unicode; of bytes that are not, the system makes half characters."""
    return name.encode("utf-8", "replace").decode() == name


@transaction.atomic
def repeat_feed(*, run: FeedRun, is_dry_run: bool, by: Staff, at: datetime) -> FeedRun:
    """Queue another run of the very file of `run`, in the same layout and by the same mapping.

    Raises RunNotOver, AlreadyRequested, MappingNotLive, FileGone, FileChanged.
    """
    run = FeedRun.objects.select_for_update(of=["self"]).select_related("source", "mapping").get(pk=run.pk)
    if not run.is_over:
        raise RunNotOver
    if run.mapping and run.mapping.state != Mapping.State.LIVE:
        raise MappingNotLive
    path = Path(run.file_path)
    if _is_ours(path) and _real_runs(run).exists():
        raise AlreadyRequested
    if not path.is_file():
        raise FileGone
    if path.stat().st_mtime > run.requested_at.timestamp() and not _is_ours(path):
        raise FileChanged
    return request_feed(
        source=run.source,
        layout=run.layout,
        mapping=run.mapping,
        file=FeedFile(path, run.file_name),
        is_dry_run=is_dry_run,
        by=by,
        at=at,
    )


def can_repeat(run: FeedRun) -> bool:
    """Whether the file of a run that is over is still there to be fed again."""
    path = Path(run.file_path)
    return run.is_over and path.is_file() and not (_is_ours(path) and _real_runs(run).exists())


def kept_until(run: FeedRun) -> datetime | None:
    """When our copy of the file is removed; None for a file of the inbox, which is its sender's."""
    path = Path(run.file_path)
    if not (_is_ours(path) and path.is_file()):
        return None
    received_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return received_at + timedelta(hours=settings.FEED_COPY_HOURS)


def _is_ours(path: Path) -> bool:
    return path.parent == settings.FEED_DIR / RECEIVED


def _real_runs(run: FeedRun) -> QuerySet[FeedRun]:
    """Runs of the same copy, other than dry ones, that have taken it in or may still do so."""
    runs = FeedRun.objects.filter(file_path=run.file_path, is_dry_run=False)
    return runs.exclude(state=FeedRun.State.FAILED)


def reject_file(run: FeedRun) -> Path | None:
    """The reject file of a run, None where it has none or it is not kept any more."""
    path = Path(run.reject_path)
    is_kept = run.reject_path and path.parent == settings.FEED_DIR / REJECTS and path.is_file()
    return path if is_kept else None


def remove_old_files(*, at: datetime) -> int:
    """Remove copies of uploads and reject files that are older than the settings allow; returns how many.

    Both hold resident numbers in the clear. A file that a run is still waiting for stays.
    """
    needed = set(FeedRun.objects.filter(state__in=RESUMABLE).values_list("file_path", flat=True))
    copies = _older_than(settings.FEED_DIR / RECEIVED, at - timedelta(hours=settings.FEED_COPY_HOURS))
    rejects = _older_than(settings.FEED_DIR / REJECTS, at - timedelta(days=settings.FEED_REJECT_DAYS))
    removed = [path for path in (*copies, *rejects) if str(path) not in needed]
    for path in removed:
        path.unlink(missing_ok=True)
    if removed:
        log.info("Removed %s feed files that had been kept long enough.", len(removed))
    return len(removed)


def _older_than(folder: Path, limit: datetime) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.stat().st_mtime < limit.timestamp())
