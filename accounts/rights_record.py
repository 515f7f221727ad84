"""Reading the record of rights: by person, period and kind, page by page from the newest down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import RightsChange, Staff
from accounts.rights_words import details_in_words, kind_in_words

PAGE_SIZE = 50


@dataclass(frozen=True)
class RightsLine:
    """One change of rights. staff: name and number of whom it is about, '' for everybody; by: '' for the command
    line; details: label and text of what it names."""

    at: datetime
    kind: str
    staff: str
    by: str
    details: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True)
class RightsPage:
    """Changes from the newest down. older_than, newer_than: ids by which the neighbouring pages are asked for."""

    lines: tuple[RightsLine, ...]
    older_than: str | None
    newer_than: str | None


def changes(
    *, employee_number: str = "", first: date | None = None, last: date | None = None, kind: str = ""
) -> QuerySet[RightsChange]:
    """The record, narrowed by what is given. employee_number: whom it is about or who did it. first, last: days of the
    time zone of the settings, both included."""
    rows = RightsChange.objects.select_related("staff", "by")
    if employee_number:
        known = Staff.objects.filter(employee_number=employee_number).values_list("pk", flat=True).first()
        rows = rows.filter(Q(staff=known) | Q(by=known)) if known is not None else rows.none()
    if first:
        rows = rows.filter(at__gte=_midnight(first))
    if last:
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    return rows.filter(kind=kind) if kind else rows


def rights_page(rows: QuerySet[RightsChange], *, older_than: str = "", newer_than: str = "") -> RightsPage:
    """The page of changes older than the one of that id, or just newer; else the newest."""
    is_upwards = bool(newer_than and not older_than)
    edge = _edge(older_than or newer_than)
    if edge is None:
        is_upwards = False
    else:
        rows = rows.filter(_beyond(edge, is_upwards))
    found = list(rows.order_by(*(("at", "pk") if is_upwards else ("-at", "-pk")))[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_upwards:
        found.reverse()
    if not found:
        return RightsPage((), None, None)
    has_older = is_upwards or has_further
    has_newer = has_further if is_upwards else edge is not None
    return RightsPage(
        tuple(map(_line, found)),
        str(found[-1].pk) if has_older else None,
        str(found[0].pk) if has_newer else None,
    )


def _edge(pk: str) -> tuple[datetime, int] | None:
    if not (pk.isdecimal() and len(pk) <= 18):
        return None
    return RightsChange.objects.filter(pk=int(pk)).values_list("at", "pk").first()


def _beyond(edge: tuple[datetime, int], is_upwards: bool) -> Q:
    """Rows behind the edge: a range of the index by instant, the id parting its ties."""
    (at, pk), beyond = edge, "gt" if is_upwards else "lt"
    ties: Mapping[str, object] = {f"at__{beyond}": at}
    return Q(**{f"at__{beyond}e": at}) & (Q(**ties) | Q(**{f"pk__{beyond}": pk}))


def _line(row: RightsChange) -> RightsLine:
    return RightsLine(
        at=row.at,
        kind=kind_in_words(row.kind),
        staff=str(row.staff or ""),
        by=str(row.by or ""),
        details=tuple(details_in_words(row.what)),
        reason=row.reason,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
