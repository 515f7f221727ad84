"""Two source records side by side, as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import Staff
from customers import matching_words as words
from customers import wording
from customers.models import Customer, SourceRecord
from customers.numbering import written_number
from customers.reading import Place, Reading, read

PERSON_ITEMS = {
    "name": "name",
    "birth": "birth_date",
    "sex": "sex",
    "rrn": "rrn",
    "ci": "",
    "mobile": "mobile",
    "phone": "phone_home",
    "email": "email",
    "address": "address",
    "employee": "",
}
ORGANISATION_ITEMS = {
    "name": "name",
    "brn": "company",
    "crn": "crn",
    "phone": "phone_home",
    "mobile": "mobile",
    "email": "email",
    "address": "address",
}
"""The compared fields of a record and the items that hold them; '' where the value is shown to nobody."""
DIFFERENCES_FIRST = ("other", "alike", "same", "unknown")
OF_CUSTOMER = ("number", "kind", "main_branch", "keeper")


@dataclass(frozen=True)
class Side:
    """A record as the reader may see it. number, url, reading: '' and None where its customer may not be seen;
    record_url: likewise, or where rows as sent may not be."""

    record: SourceRecord
    source: str
    number: str = ""
    url: str = ""
    record_url: str = ""
    reading: Reading | None = None

    @property
    def name(self) -> str:
        """The name that the record holds."""
        return self.value("name")

    def value(self, item: str) -> str:
        """What the record holds of an item, as far as the reader may see it."""
        return self.reading.of(item, self.record).text if self.reading and item else ""


@dataclass(frozen=True)
class Compared:
    """A field of two records. tone: as `matching_words.tone`; is_sealed: the values are shown to nobody."""

    label: Promise
    left: str
    right: str
    level: Promise
    tone: str
    is_sealed: bool


def sides_of(records: Iterable[SourceRecord], viewer: Staff, *, page_of: Customer | None = None) -> dict[int, Side]:
    """{record id: side}, in one query. records: with source and link; page_of: the customer on whose own page they
    stand."""
    records = list(records)
    held = {record.link.customer_id for record in records if hasattr(record, "link")}
    visible = Customer.objects.visible_to(viewer).only(*OF_CUSTOMER).in_bulk(held) if held else {}
    return {record.pk: _side(record, visible, viewer, page_of) for record in records}


def _side(record: SourceRecord, visible: Mapping[int, Customer], viewer: Staff, page_of: Customer | None) -> Side:
    source = wording.source_name(record.source)
    customer = visible.get(record.link.customer_id) if hasattr(record, "link") else None
    if customer is None:
        return Side(record, source)
    opens_row = viewer.has_perm("customers.view_sourcerecord")
    return Side(
        record,
        source,
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        record_url=reverse("customers:record-detail", args=[customer.number, record.pk]) if opens_row else "",
        reading=read(customer, viewer, Place.PROFILE if customer == page_of else Place.LIST),
    )


def compared(left: Side, right: Side, levels: Mapping[str, str]) -> tuple[Compared, ...]:
    """The fields that one of the two holds, as far as the reader may see, differences first. levels: {field: level} of
    those that both hold."""
    items = ORGANISATION_ITEMS if left.record.kind == right.record.kind == "ORG" else PERSON_ITEMS
    rows = [_compared(field, left.value(item), right.value(item), levels, not item) for field, item in items.items()]
    shown = (row for row in rows if row.left or row.right or row.tone != "unknown")
    return tuple(sorted(shown, key=lambda row: DIFFERENCES_FIRST.index(row.tone)))


def _compared(field: str, left: str, right: str, levels: Mapping[str, str], is_sealed: bool) -> Compared:
    level = levels.get(field, "unknown")
    return Compared(words.FIELDS[field], left, right, words.LEVELS[field][level], words.tone(level), is_sealed)
