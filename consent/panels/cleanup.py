"""The one thing to ask the customer today, on the page that whoever is with the customer has open (M9)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from consent.models import CleanupAsk
from consent.panels.gate import history_of
from consent.reports.cleanup import AskLine, ask_of
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads


@dataclass(frozen=True)
class AskPanel:
    """What the panel shows. may_answer: whether the reader may note what came of it; may_verify: record a
    verification."""

    number: str
    line: AskLine
    may_answer: bool
    may_verify: bool


def _opens(customer: Customer, viewer: Staff) -> bool:
    return viewer.has_perm("consent.view_cleanupask") and customer.is_active_customer


@heads("cleanup", gettext_lazy("To ask today"), "user-question", opens=_opens, leads=True, is_certain=False)
def ask(customer: Customer, viewer: Staff) -> Panel | None:
    """What to ask; hidden where there is nothing to ask, or from those who ask nobody."""
    dossier = dossier_of(customer, viewer)
    asks = history_of(dossier).asks
    line = ask_of(asks, customer, dossier.reading, timezone.localdate(dossier.now))
    if line is None:
        return None
    is_of_name = line.kind == CleanupAsk.Kind.VERIFY_NAME
    return Panel(
        "consent/_cleanup_panel.html",
        AskPanel(
            customer.number,
            line,
            may_answer=viewer.has_perm("consent.answer_cleanupask"),
            may_verify=is_of_name and viewer.has_perm("consent.record_verification"),
        ),
        now=dossier.now,
    )
