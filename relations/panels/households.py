"""The households of the customer: where he belongs, as what, since when, and who else is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads
from relations.circle import circle_of
from relations.models import Household, Membership
from relations.reports.households import Who, who_is
from relations.words.households import KIND_TONES, ROLES


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody else in a household."""

    who: Who
    role: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the customer. is_open: whether it holds now; since, until: in words, '' where unknown."""

    household: Household
    tone: str
    role: str
    is_primary: bool
    is_open: bool
    since: str
    until: str
    because: str
    mates: tuple[Mate, ...]


@dataclass(frozen=True, slots=True)
class Homes:
    """What the panel shows."""

    number: str
    now: tuple[PlaceLine, ...]
    before: tuple[PlaceLine, ...]


def _opens(customer: Customer, viewer: Staff) -> bool:
    return customer.kind == "PERSON" and viewer.has_perm("relations.view_household")


@heads("households", gettext_lazy("Households"), "users-group", opens=_opens)
def households(customer: Customer, viewer: Staff) -> Panel | None:
    """The customer's households, the primary one first; hidden from those who may not see households, and of
    organisations."""
    dossier, circle = dossier_of(customer, viewer), circle_of(customer, viewer)
    mates: dict[int, list[Mate]] = {}
    for place in circle.housemates:
        who = who_is(circle.faces[place.customer_id])
        mates.setdefault(place.household_id, []).append(Mate(who, str(ROLES[place.role])))
    lines = [_line(place, mates.get(place.household_id, [])) for place in circle.memberships if _counts(place)]
    now = tuple(line for line in lines if line.is_open)
    people = 1 + len({mate.who.customer_id for line in now[:1] for mate in line.mates})
    return Panel(
        "relations/_household_panel.html",
        Homes(customer.number, now, tuple(line for line in lines if not line.is_open)),
        summary=_("Persons in the household: %(count)s") % {"count": formats.amount(people)} if now else "",
        count=len(now),
        now=dossier.now,
    )


def _counts(place: Membership) -> bool:
    """Whether a place is worth a line: a row that ended because another one went on is not."""
    return place.is_open or bool(place.ended_because)


def _line(place: Membership, mates: list[Mate]) -> PlaceLine:
    return PlaceLine(
        place.household,
        KIND_TONES[place.household.kind],
        str(ROLES[place.role]),
        place.is_primary and place.is_open,
        place.is_open,
        formats.day(place.started_on),
        formats.day(place.ended_on),
        place.get_ended_because_display(),
        tuple(mates) if place.is_open else (),
    )
