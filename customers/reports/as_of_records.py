"""The source records of a customer in the versions that were in force at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import formats, wording
from customers.dedup.blocking import INDEXED_KEYS
from customers.dossier import UNREAD, Dossier
from customers.models import Act, Customer, Link, Merge, MovedChild, SourceRecord, SourceRecordVersion
from customers.models.source import SourceRow

UNREAD_OF_VERSION = [column for column in UNREAD if column not in INDEXED_KEYS]
THERE, LATE, ELSEWHERE = "there", "late", "elsewhere"
PRESENCES: Mapping[str, Promise] = {
    THERE: gettext_lazy("There already"),
    LATE: gettext_lazy("Arrived only later"),
    ELSEWHERE: gettext_lazy("Came to this customer only later"),
}
"""Whether a record could be seen on the page of the number then."""


@dataclass(frozen=True, slots=True)
class ThenRecord:
    """A record in the version in force then. row: that version, with the columns of every item; its as-of is at most
    the instant. presence: of PRESENCES; since: when it arrived or came, in words, '' where it was there already.

    url: of the row as sent, '' where a newer version has replaced it since.
    """

    row: SourceRow
    source: str
    key: str
    version: int
    as_of: str
    arrived_at: str
    presence: str
    since: str
    url: str

    @property
    def presence_word(self) -> str:
        return str(PRESENCES[self.presence])


@dataclass(frozen=True, slots=True)
class RecordsThen:
    """The records in force then, in order of arrival. gone_count: records that belonged to the customer then and belong
    to another one now; gone_on: the day when the last of them went."""

    records: tuple[ThenRecord, ...] = ()
    gone_count: int = 0
    gone_on: str = ""


@dataclass(frozen=True, slots=True)
class _Move:
    """A link that came to the customer, or left it."""

    is_coming: bool
    at: datetime


def records_then(dossier: Dossier, own: Customer, instant: datetime) -> RecordsThen:
    """Of each record that belongs to the customer now, what was in force at the instant, as seen from `own`: that very
    customer, or one that was merged into it. Four queries more at most.
    """
    rows = _in_force(dossier.records, instant)
    moves = _moves_since(own, instant)
    found = []
    for record in dossier.records:
        if record.pk in rows:
            came_at = _came_at(record, moves.get(record.pk, []), own, instant)
            found.append(_then(record, rows[record.pk], came_at, instant, dossier))
    held = {record.pk for record in dossier.records}
    gone = [each[-1].at for record, each in moves.items() if record not in held and not each[0].is_coming]
    return RecordsThen(tuple(found), len(gone), formats.day(max(gone, default=None)))


def _in_force(records: Iterable[SourceRecord], instant: datetime) -> dict[int, SourceRow]:
    """{record id: its newest version that was true at the instant}."""
    rows: dict[int, SourceRow] = {record.pk: record for record in records if _begin(record) <= instant}
    later = [record.pk for record in records if record.pk not in rows]
    kept = SourceRecordVersion.objects.filter(Q(as_of__lte=instant) | Q(loaded_at__lte=instant), record__in=later)
    newest = kept.order_by("record", "-version").distinct("record").defer(*UNREAD_OF_VERSION)
    for version in newest:
        version.pk = version.record_id  # by which wishes name the record
        rows[version.pk] = version
    return {pk: _as_known(row, instant) for pk, row in rows.items()}


def _begin(row: SourceRow) -> datetime:
    """Since when a row holds. A source that confirms a row moves its as-of on; the day it was loaded stays."""
    return min(row.as_of, row.loaded_at)


def _as_known(row: SourceRow, instant: datetime) -> SourceRow:
    if row.as_of <= instant:
        return row
    confirmed_later = copy(row)
    confirmed_later.as_of = row.loaded_at
    return confirmed_later


def _moves_since(own: Customer, instant: datetime) -> dict[int, list[_Move]]:
    """{record id: how acts moved it to the customer and away from it after the instant, in order}.

    One act of the engine merges customers of the whole stock, so its moves are asked for by where they came from.
    """
    acts = dict(Act.objects.filter(customers__customer=own, at__gt=instant).values_list("pk", "kind"))
    small = [pk for pk, kind in acts.items() if kind != Act.Kind.MERGE]
    absorbed = Merge.objects.filter(survivor=own, act__in=acts).values_list("retired", flat=True)
    noted = MovedChild.objects.filter(
        Q(act__in=acts, from_id__in=[own.pk, *absorbed]) | Q(act__in=small, into_id=own.pk), kind=Link._meta.label
    )
    moves: dict[int, list[_Move]] = {}
    for record, into, at in noted.order_by("act__at", "pk").values_list("object_id", "into_id", "act__at"):
        moves.setdefault(record, []).append(_Move(into == own.pk, at))
    return moves


def _came_at(record: SourceRecord, moves: list[_Move], own: Customer, instant: datetime) -> datetime | None:
    """When a record came to `own` after the instant; None where it was there already."""
    if moves:
        coming = [move.at for move in moves if move.is_coming]
        return coming[-1] if moves[0].is_coming else None
    linked_at = record.link.linked_at
    if own.merged_at is None:
        return linked_at if linked_at > instant else None
    # Merges by rule of before there were acts made the links of the retired anew; all others are the survivor's own.
    return None if linked_at == own.merged_at else own.merged_at


def _then(
    record: SourceRecord, row: SourceRow, came_at: datetime | None, instant: datetime, dossier: Dossier
) -> ThenRecord:
    presence, since = _presence(row, came_at, instant)
    is_current = row.version == record.version
    return ThenRecord(
        row=row,
        source=wording.source_name(dossier.sources.get(record.source_id)),
        key=record.source_key,
        version=row.version,
        as_of=formats.day(row.as_of),
        arrived_at=formats.moment(row.loaded_at),
        presence=presence,
        since=since,
        url=reverse("customers:record-detail", args=[dossier.customer.number, record.pk]) if is_current else "",
    )


def _presence(row: SourceRow, came_at: datetime | None, instant: datetime) -> tuple[str, str]:
    if row.loaded_at > instant:
        return LATE, _("arrived on %(day)s") % {"day": formats.day(row.loaded_at)}
    if came_at:
        return ELSEWHERE, _("with this customer since %(day)s") % {"day": formats.day(came_at)}
    return THERE, ""
