"""All ways to reach the customer, from every record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.golden.explain import certainty_of
from customers.golden.survivorship import ITEMS
from customers.models import Customer, SourceRecord
from customers.panels.panel import Panel, heads
from customers.reading import Shown

CONTACT_ITEMS = tuple(item for item in ITEMS if item.code in ("mobile", "phone_home", "email", "address"))
ICONS = {"mobile": "device-mobile", "phone_home": "phone", "email": "mail", "address": "map-pin"}
GOOD = 3  # plausible or certain


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One distinct phone number, e-mail or address, with the sources that hold it, newest first."""

    icon: str
    label: str
    value: Shown
    sources: str
    as_of: str
    age: str
    certainty: str
    is_good: bool
    is_golden: bool


@heads("contact-points", gettext_lazy("Contact points"), "phone", leads=True)
def contact_points(customer: Customer, viewer: Staff) -> Panel:
    """Every distinct phone, e-mail and address of all linked records; the golden one of each kind first."""
    dossier = dossier_of(customer, viewer)
    points = [point for item in CONTACT_ITEMS for point in _points(item, dossier)]
    return Panel(
        "customers/_panel_contact_points.html",
        points,
        sources=dossier.source_names,
        as_of=dossier.as_of,
        count=len(points),
        empty_reason="" if points else _("No linked record holds a phone number, an e-mail address or an address."),
        is_side=True,
        now=dossier.now,
    )


def _points(item: object, dossier: Dossier) -> Iterator[ContactPoint]:
    holders: dict[str, list[SourceRecord]] = {}
    for record in dossier.records:
        if value := getattr(record, item.code):
            holders.setdefault(value, []).append(record)
    golden = getattr(dossier.customer, item.code)
    newest = {value: max(record.as_of for record in records) for value, records in holders.items()}
    for value in sorted(holders, key=lambda value: (value == golden, newest[value]), reverse=True):
        yield _point(item, holders[value], newest[value], value == golden, dossier)


def _point(
    item: object, records: list[SourceRecord], newest: datetime, is_golden: bool, dossier: Dossier
) -> ContactPoint:
    certainty = max(certainty_of(record, item) for record in records)
    names = dict.fromkeys(str(dossier.sources.get(record.source_id, "")) for record in reversed(records))
    return ContactPoint(
        icon=ICONS[item.code],
        label=dossier.reading.label(item.code),
        value=dossier.reading.of(item.code, max(records, key=lambda record: record.as_of)),
        sources=", ".join(names),
        as_of=formats.day(newest),
        age=wording.age(newest, dossier.now),
        certainty=wording.certainty(certainty),
        is_good=certainty >= GOOD,
        is_golden=is_golden,
    )
