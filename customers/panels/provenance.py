"""The source records behind the golden customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.models import Customer, SourceRecord
from customers.panels.panel import Panel, heads, to
from customers.reading import Reading


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A source record, what was found wrong with it, and why it belongs to this customer.

    anchor: the id of the place in the page where the row as sent is shown.
    """

    anchor: str
    source: str
    key: str
    url: str
    as_of: str
    age: str
    version: int
    rule: str
    evidence: str
    linked_by: str
    linked_at: str
    problems: tuple[str, ...]


@heads("sources", gettext_lazy("Source records"), "database", opens=to("customers.view_sourcerecord"))
def sources(customer: Customer, viewer: Staff) -> Panel | None:
    """Every linked record with its link and findings; hidden from those who may not see source records."""
    dossier = dossier_of(customer, viewer)
    written = {record.pk: _written(record, dossier) for record in dossier.records}
    return Panel(
        "customers/_panel_sources.html",
        [_linked(record, written, dossier) for record in dossier.records],
        summary=_("Records: %(count)s · sources: %(sources)s")
        % {"count": formats.amount(customer.record_count), "sources": len(dossier.source_names)},
        sources=dossier.source_names,
        as_of=dossier.as_of,
        count=max(customer.record_count, len(dossier.records)),
        empty_reason="" if dossier.records else _("No source record is linked to this customer."),
        now=dossier.now,
    )


def anchor_of(record: SourceRecord) -> str:
    """The id of the place in the 360° page where the row as sent is shown."""
    return f"record-{record.pk}"


def _written(record: SourceRecord, dossier: Dossier) -> str:
    return f"{wording.source_name(dossier.sources.get(record.source_id))} {record.source_key}"


def _linked(record: SourceRecord, written: dict[int, str], dossier: Dossier) -> LinkedRecord:
    link = record.link
    return LinkedRecord(
        anchor=anchor_of(record),
        source=wording.source_name(dossier.sources.get(record.source_id)),
        key=record.source_key,
        url=reverse("customers:record-detail", args=[dossier.customer.number, record.pk]),
        as_of=formats.day(record.as_of),
        age=wording.age(record.as_of, dossier.now),
        version=record.version,
        rule=link.get_rule_display(),
        evidence=written.get(link.evidence_record_id, ""),
        linked_by=str(link.linked_by) if link.linked_by else "",
        linked_at=formats.moment(link.linked_at),
        problems=problems_of(record, dossier.reading),
    )


def problems_of(record: SourceRecord, reading: Reading) -> tuple[str, ...]:
    """What the standard forms found, in sentences: `mobile:RETIRED` → *Mobile: The number belongs to …*."""
    found = (finding.partition(":") for finding in record.problems.split())
    return tuple(f"{reading.label(item)}: {wording.problem(code)}" for item, _colon, code in found)
