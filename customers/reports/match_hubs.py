"""Values that stand on many people: a company's number, a family's phone, a dormitory's address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from customers import masking
from customers.dossier import UNREAD
from customers.models import Item, MatchRun, SourceRecord
from customers.reports.match_records import Side, sides_of

KINDS: dict[str, tuple[Promise, str, str, tuple[str, ...]]] = {
    "mobile": (_("Mobile"), "device-mobile", Item.Mask.PHONE, ("mobile", "phone_home")),
    "phone": (_("Phone"), "phone", Item.Mask.PHONE, ("phone_home", "mobile")),
    "email": (_("E-mail"), "mail", Item.Mask.EMAIL, ("email",)),
    "dwelling": (_("Address"), "map-pin", Item.Mask.ADDRESS, ("address",)),
}
"""What a run counts: its name, icon and mask, and the items that may hold it; a phone stands in either column."""
MOBILE_PREFIX = "01"


@dataclass(frozen=True)
class Hub:
    """A value. text: always masked, '' where the reader may not see the record that tells it; side: that record."""

    text: str
    names: int
    records: int
    side: Side


@dataclass(frozen=True)
class HubGroup:
    """The values of one kind, those under the most names first."""

    kind: str
    label: Promise
    icon: str
    hubs: tuple[Hub, ...]


@dataclass(frozen=True)
class HubReport:
    """run: the one that counted them, None where none did yet."""

    run: MatchRun | None
    groups: tuple[HubGroup, ...]


def hub_report(viewer: Staff) -> HubReport:
    """What the newest finished run counted, in three queries."""
    run = MatchRun.objects.filter(state=MatchRun.State.DONE).order_by("-pk").first()
    if run is None:
        return HubReport(None, ())
    ids = [row[0] for rows in run.hubs.values() for row in rows]
    records = SourceRecord.objects.filter(pk__in=ids).select_related("source", "link").defer(*UNREAD)
    sides = sides_of(records, viewer)
    return HubReport(
        run,
        tuple(
            HubGroup(kind, label, icon, _hubs(kind, run.hubs.get(kind, ()), sides))
            for kind, (label, icon, _mask, _items) in KINDS.items()
        ),
    )


def _hubs(kind: str, rows: Sequence[Sequence[int]], sides: dict[int, Side]) -> tuple[Hub, ...]:
    return tuple(
        Hub(_masked(kind, sides[record]), names, records, sides[record])
        for record, names, records in rows
        if record in sides
    )


def _masked(kind: str, side: Side) -> str:
    """The value as the record has it now, masked for everybody, since nobody need know whose number this is."""
    _label, _icon, mask, items = KINDS[kind]
    held = [item for item in items if getattr(side.record, item)]
    if len(held) > 1:
        held = [item for item in held if getattr(side.record, item).startswith(MOBILE_PREFIX) == (kind == "mobile")]
    return masking.mask(mask, side.value(held[0])) if held else ""
