"""May we contact the customer now, by which channel and for what: in a query beside the answers of the customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Staff
from consent.dossier import answers_of
from consent.reports.contact import ContactNow, contact_now
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads, to


@dataclass(frozen=True)
class ContactPanel:
    """What the panel shows. can_record: whether the reader may record a refusal; can_ask: or ask for a contact."""

    contact: ContactNow
    number: str
    can_record: bool
    can_ask: bool


@heads("contacts", gettext_lazy("May we contact?"), "phone", opens=to("consent.view_contactrefusal"), leads=True)
def contacts(customer: Customer, viewer: Staff) -> Panel | None:
    """Yes or no per channel, for service and for solicitation; hidden from those who may not ask."""
    dossier = dossier_of(customer, viewer)
    contact = contact_now(customer, dossier.reading, dossier.now, answers_of(dossier))
    can_record = viewer.has_perm("consent.record_contactrefusal") and customer.is_active_customer
    content = ContactPanel(contact, customer.number, can_record, viewer.has_perm("consent.ask_contact"))
    count = contact.open_count
    told = ngettext("Solicitation by %(count)s channel", "Solicitation by %(count)s channels", count)
    return Panel(
        "consent/_contact_panel.html",
        content,
        summary=told % {"count": count} if contact.is_shown else "",
        is_side=True,
        now=dossier.now,
    )
