"""The register of files: who took what, until when a copy may live, and which file a fingerprint is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.exporting.lists import in_one_line, title_of, told
from accounts.exporting.watermark import export_number
from accounts.exporting.words import TONES
from accounts.models import Export, Staff

PAGE_SIZE = 50
LONGEST_ID = 18  # digits; no id of the database has more
MOST_COUNTED = 10_000
MINE, WAITING, ALL, OVERDUE = "mine", "waiting", "all", "overdue"


@dataclass(frozen=True)
class ExportLine:
    """A file in the register. conditions: in one line, masked for all but whoever asked; is_overdue: nobody confirmed
    that the copy is destroyed."""

    export: Export
    number: str
    title: str
    conditions: str
    tone: str
    is_overdue: bool


@dataclass(frozen=True)
class RegisterPage:
    """Files from the newest down. older_than, newer_than: ids by which the neighbouring pages are asked for."""

    rows: tuple[Export, ...]
    older_than: str | None
    newer_than: str | None


def overdue(*, on: date) -> QuerySet[Export]:
    """Files that were downloaded, whose copies should have been destroyed before this day."""
    return Export.objects.filter(destroy_by__lt=on, destroyed_at=None, downloaded_count__gt=0)


def visible_exports(staff: Staff) -> QuerySet[Export]:
    """The files that `staff` may know of: all of them by right, else their own."""
    if staff.has_perm("accounts.view_every_export"):
        return Export.objects.all()
    return Export.objects.filter(requested_by=staff)


def decidable_exports(staff: Staff) -> QuerySet[Export]:
    """The requests that wait for a second person such as `staff`, and those that they decided."""
    if staff.branch is None or not staff.has_perm("accounts.approve_export"):
        return Export.objects.none()
    others = Export.objects.exclude(requested_by=staff).filter(state=Export.State.PROPOSED)
    if staff.branch.parent_id is not None:
        others = others.filter(requested_by__branch__path__startswith=staff.branch.path)
    return others


def knowable_exports(staff: Staff) -> QuerySet[Export]:
    """The files whose page `staff` may open: those they may know of, decide about, or decided about."""
    waiting = decidable_exports(staff).values("pk")
    own = Q(pk__in=visible_exports(staff).values("pk"))
    return Export.objects.filter(own | Q(pk__in=waiting) | Q(decided_by=staff))


def export_lines(exports: Iterable[Export], viewer: Staff, *, on: date) -> list[ExportLine]:
    """Files in words, without a query. exports: with requested_by."""
    return [_line(export, viewer, on) for export in exports]


def _line(export: Export, viewer: Staff, on: date) -> ExportLine:
    is_own = export.requested_by_id == viewer.pk
    return ExportLine(
        export=export,
        number=export_number(export),
        title=title_of(export.list_code),
        conditions=in_one_line(told(export.list_code, export.conditions, is_whole=is_own)),
        tone=TONES[Export.State(export.state)],
        is_overdue=bool(
            export.downloaded_count and export.destroyed_at is None and export.destroy_by and export.destroy_by < on
        ),
    )


def register_page(exports: QuerySet[Export], *, older_than: str = "", newer_than: str = "") -> RegisterPage:
    """The page of files with lower ids than `older_than`, or of those just above `newer_than`; else the newest."""
    if is_upwards := _is_id(newer_than) and not _is_id(older_than):
        exports = exports.filter(pk__gt=int(newer_than)).order_by("pk")
    elif _is_id(older_than):
        exports = exports.filter(pk__lt=int(older_than)).order_by("-pk")
    else:
        exports = exports.order_by("-pk")
    found = list(exports[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_upwards:
        found.reverse()
    if not found:
        return RegisterPage((), None, None)
    has_older = is_upwards or has_further
    has_newer = has_further if is_upwards else _is_id(older_than)
    return RegisterPage(tuple(found), str(found[-1].pk) if has_older else None, str(found[0].pk) if has_newer else None)


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_ID


def by_fingerprint(fingerprint: str, viewer: Staff) -> Export | None:
    """The file with this SHA-256 among those that `viewer` may know of, expired ones too."""
    found = visible_exports(viewer).filter(fingerprint=fingerprint.lower())
    return found.select_related("requested_by").order_by("pk").first() if fingerprint else None
