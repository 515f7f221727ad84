"""Group cover on the 360° page: of a person by whom it is given, of an organisation how many it covers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.purposes import purpose_of
from customers.dossier import Dossier, dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads
from relations import wall
from relations.reports.groups import period
from relations.words import rosters as words

ITEM, ASKED = "group_cover", "panel"
MOST = 20
PERSON, ORGANISATION = "relations/_panel_group_covers.html", "relations/_panel_group_contracts.html"


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover of the customer. url: of the group contract."""

    employer: str
    contract: str
    contract_id: int
    relation: str
    cover: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """How many a group contract of the customer covers, and how many of them are customers."""

    contract: str
    contract_id: int
    covered: int
    linked: int


def _opens(_customer: Customer, viewer: Staff) -> bool:
    return viewer.has_perm("relations.view_groupmember") and wall.lets_through(viewer)


@heads("group-cover", gettext_lazy("Group cover"), "building", opens=_opens, is_certain=False)
def group_cover(customer: Customer, viewer: Staff) -> Panel | None:
    """Group cover, in one query. Hidden from whoever may not see members or looks for a purpose beyond the wall, and
    where there is none."""
    dossier = dossier_of(customer, viewer)
    rows = _contracts(dossier) if customer.kind == "ORG" else _covers(dossier)
    if not rows:
        return None
    return Panel(
        ORGANISATION if customer.kind == "ORG" else PERSON,
        rows,
        count=len(rows),
        now=dossier.now,
    )


def _covers(dossier: Dossier) -> list[Cover]:
    viewer, reading = dossier.viewer, dossier.reading
    if not reading.show(ITEM, "1").text:
        return []
    members = wall.covers_for(purpose_of(viewer), viewer, dossier.customer, ASKED)
    rows = members.select_related("organisation", "contract").order_by("-cover_from", "-pk")[:MOST]
    return [
        Cover(
            reading.show(ITEM, row.organisation.name).text,
            reading.show(ITEM, row.contract.contract_no).text,
            row.contract_id,
            words.relation(row.relation),
            reading.show(ITEM, period(row.cover_from, row.cover_until)).text,
            row.cover_until is not None,
        )
        for row in rows
    ]


def _contracts(dossier: Dossier) -> list[Covered]:
    members = wall.members_for(purpose_of(dossier.viewer), dossier.viewer, ASKED).filter(organisation=dossier.customer)
    is_open = Q(cover_until=None)
    counted = members.values("contract", "contract__contract_no").annotate(
        covered=Count("pk", filter=is_open), linked=Count("pk", filter=is_open & Q(customer__isnull=False))
    )
    return [
        Covered(row["contract__contract_no"], row["contract"], row["covered"], row["linked"])
        for row in counted.order_by("-contract")[:MOST]
    ]
