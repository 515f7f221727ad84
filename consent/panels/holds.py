"""The holds in force on a customer, on the page of the customer; a query where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.models import Staff
from consent.models import Hold
from consent.panels.gate import history_of
from consent.reports.holds import holds_on
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads, to


@dataclass(frozen=True)
class HoldPanel:
    """can_place: whether the reader may place and release holds."""

    holds: tuple[Hold, ...]
    number: str
    can_place: bool


@heads("holds", gettext_lazy("Holds"), "lock", opens=to("consent.view_hold"), is_certain=False)
def holds(customer: Customer, viewer: Staff) -> Panel | None:
    """Why the customer must not be destroyed; hidden from those who may see none, and while there is none from those
    who may not place one."""
    can_place = viewer.has_perm("consent.place_hold")
    found = tuple(holds_on(customer)) if history_of(dossier_of(customer, viewer)).has_holds else ()
    if not found and not can_place:
        return None
    content = HoldPanel(found, customer.number, can_place)
    return Panel("consent/_hold_panel.html", content, count=len(found), is_side=True)
