"""The customer of a day: as it was shown then, as it is now known to have been then, and as it is now.

What was shown is a row of the history. What is known now is chosen by the rules and wishes of today from the records
that belong to the customer now, each in the version that was in force then, whenever it arrived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import ngettext

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.golden.explain import Explanation, explain
from customers.models import Customer
from customers.panels.changes import MASTER_FIELDS, Holders, holders_of
from customers.panels.golden import items_of
from customers.reading import TEXTS
from customers.reports.as_of_records import RecordsThen, ThenRecord, records_then
from customers.reports.as_of_remarks import Asked, Remark, remarks_of
from customers.services.golden_rules import live_rules
from customers.services.wishes import wanted

SHOWN_FIELDS = ("gate", "grade", "main_branch", "keeper", "message", "source_count", "difference_count")
"""What the page showed of what the master itself keeps; no source sends it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is now known of an item then. reason: why this value; late: when its record arrived at the customer, in
    words, '' where it was there already."""

    text: str
    source: str
    as_of: str
    reason: str
    late: str


@dataclass(frozen=True, slots=True)
class AsOfRow:
    """One item of that day. known: None where no record held it, or where the master itself keeps it.

    is_otherwise: it was shown otherwise than it is now known to have been; is_changed: it is another one now.
    """

    label: str
    shown: str
    known: Known | None
    now: str
    is_otherwise: bool
    is_changed: bool
    is_of_master: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there was never anything to show."""
        return not (self.shown or self.known or self.now)

    @property
    def is_same(self) -> bool:
        """Whether all that is shown of the item is one value."""
        return not (self.is_otherwise or self.is_changed)


@dataclass(frozen=True, slots=True)
class AsOfReport:
    """All that the page tells. customer: of today; number: the one that was asked for, which may be retired by now.

    shown_since: since when the page had shown these values; '' where the customer was not shown then. blanks: labels of
    the items that hold nothing then or now; unread_count: of records that were not looked at.
    """

    number: str
    customer: Customer
    asked: Asked
    shown_since: str
    rows: tuple[AsOfRow, ...]
    blanks: str
    records: tuple[ThenRecord, ...]
    remarks: tuple[Remark, ...]
    unread_count: int

    @property
    def summary(self) -> list[str]:
        """How many items were shown otherwise than they are known to have been, and how many have changed since."""
        otherwise = sum(row.is_otherwise for row in self.rows)
        changed = sum(row.is_changed for row in self.rows)
        told = ngettext("%(count)s item was shown otherwise", "%(count)s items were shown otherwise", otherwise)
        since = ngettext("%(count)s item has changed since", "%(count)s items have changed since", changed)
        return [told % {"count": otherwise}, since % {"count": changed}]


def as_of_report(own: Customer, customer: Customer, viewer: Staff, asked: Asked) -> AsOfReport:
    """The customer `own` as of an instant. customer: where its number leads today, whom `viewer` may see."""
    dossier = dossier_of(customer, viewer)
    state = own.history.filter(history_date__lte=asked.instant).order_by("-history_date", "-history_id").first()
    shown = state if state and state.state == Customer.State.ACTIVE else None
    # What is known of a number that was retired by then is told by the page of its survivor.
    is_told_here = own == customer or shown is not None
    then = records_then(dossier, own, asked.instant) if is_told_here else RecordsThen()
    rows = list(_rows(shown, then, dossier)) if shown or then.records else []
    return AsOfReport(
        number=own.number,
        customer=customer,
        asked=asked,
        shown_since=formats.moment(shown.history_date) if shown else "",
        rows=tuple(row for row in rows if not row.is_blank),
        blanks=wording.listed([row.label for row in rows if row.is_blank]),
        records=then.records if viewer.has_perm("customers.view_sourcerecord") else (),
        remarks=tuple(remarks_of(own, state, customer, then, asked)),
        unread_count=max(0, customer.record_count - len(dossier.records)) if rows else 0,
    )


def _rows(shown: models.Model | None, then: RecordsThen, dossier: Dossier) -> Iterator[AsOfRow]:
    trusts = {source.pk: source.trust for source in dossier.sources.values()}
    wishes = [wanted(wish) for wish in dossier.wishes]
    explained = explain([record.row for record in then.records], trusts, live_rules(), wishes)
    records = {id(record.row): record for record in then.records}
    for code in items_of(dossier.customer):
        yield _item_row(code, shown, explained.get(code), records, dossier)
    if shown:
        holders = holders_of([shown, dossier.customer])
        for field in SHOWN_FIELDS:
            yield _master_row(field, shown, dossier.customer, holders)


def _item_row(
    code: str,
    shown: models.Model | None,
    explained: Explanation | None,
    records: Mapping[int, ThenRecord],
    dossier: Dossier,
) -> AsOfRow:
    """Whether values differ is judged before they are masked."""
    write, reading = TEXTS[code], dossier.reading
    was = write(shown) if shown else ""
    truth = write(explained.winner.record) if explained else ""
    before = truth if records else was
    now = write(dossier.customer)
    return AsOfRow(
        reading.label(code),
        reading.show(code, was).text,
        _known(code, explained, records, dossier) if explained else None,
        reading.show(code, now).text,
        is_otherwise=shown is not None and was != truth,
        is_changed=before != now,
    )


def _known(code: str, explained: Explanation, records: Mapping[int, ThenRecord], dossier: Dossier) -> Known:
    row = explained.winner.record
    record = records[id(row)]
    return Known(
        text=dossier.reading.of(code, row).text,
        source=record.source,
        as_of=record.as_of,
        reason=wording.won(explained, dossier.sources),
        late=record.since,
    )


def _master_row(field: str, shown: models.Model, customer: Customer, holders: Holders) -> AsOfRow:
    was, now = (MASTER_FIELDS[field](row, holders) for row in (shown, customer))
    label = str(Customer._meta.get_field(field).verbose_name)
    return AsOfRow(label, was, None, now, is_otherwise=False, is_changed=was != now, is_of_master=True)
