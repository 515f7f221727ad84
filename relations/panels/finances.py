"""What is known of the finances of a person, on the page of the customer; one query."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads
from relations.reports.finances_known import finances_of, sees_finances
from relations.reports.finances_lines import FinanceReport, finance_report


@dataclass(frozen=True)
class FinancePanel:
    """can_record: whether the reader may add to what is known."""

    report: FinanceReport
    number: str
    can_record: bool


def _opens(customer: Customer, viewer: Staff) -> bool:
    return customer.kind == "PERSON" and sees_finances(viewer)


@heads("finances", gettext_lazy("Finances"), "cash", opens=_opens)
def finances(customer: Customer, viewer: Staff) -> Panel | None:
    """Income, wealth, policies elsewhere and risk profile as they are worth today; hidden from those who may see none,
    and of organisations."""
    dossier = dossier_of(customer, viewer)
    known = finances_of([customer.pk], timezone.localdate(dossier.now))[customer.pk]
    report = finance_report(known, dossier.reading)
    can_record = viewer.has_perm("relations.record_finance") and customer.is_active_customer
    return Panel(
        "relations/_finance_panel.html",
        FinancePanel(report, customer.number, can_record),
        count=len(report.current) + len(report.policies) + (report.profile is not None),
        now=dossier.now,
    )
