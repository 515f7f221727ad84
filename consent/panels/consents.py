"""What the customer consents to, on the 360° page: purpose by channel, in a query beside the answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Staff
from consent.dossier import answers_of
from consent.reports.consents import ITEM, StateReport, state_report
from customers.access import Level
from customers.dossier import dossier_of
from customers.formats import amount
from customers.models import Customer
from customers.panels.panel import Panel, heads


@dataclass(frozen=True)
class ConsentPanel:
    """What the panel shows. can_record, can_withdraw: what the reader may do."""

    report: StateReport
    number: str
    can_record: bool
    can_withdraw: bool


def _opens(customer: Customer, viewer: Staff) -> bool:
    is_permitted = viewer.has_perm("consent.view_consent")
    return is_permitted and dossier_of(customer, viewer).reading.decide(ITEM).level is Level.FULL


@heads("consents", gettext_lazy("Consents"), "shield-check", opens=_opens)
def consents(customer: Customer, viewer: Staff) -> Panel | None:
    """What holds now; hidden from those who may not see it."""
    dossier = dossier_of(customer, viewer)
    report = state_report(customer, dossier.reading, dossier.now, answers_of(dossier))
    is_active = customer.is_active_customer
    told = ngettext("%(count)s consent holds", "%(count)s consents hold", report.given_count)
    return Panel(
        "consent/_consent_panel.html",
        ConsentPanel(
            report,
            customer.number,
            is_active and viewer.has_perm("consent.record_consent"),
            is_active and viewer.has_perm("consent.withdraw_consent"),
        ),
        summary=told % {"count": amount(report.given_count)} if report.given_count else "",
        count=report.given_count,
        now=dossier.now,
    )
