"""Whether the customer is in scope and why: verifications and changes of the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from accounts.models import Staff
from consent.reports.gate import ChangeLine
from consent.reports.verification import GateHistory, VerificationLine, gate_history
from customers.dossier import Dossier, dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads, to
from customers.tones import GATES, PLAIN

MOST = 3


@dataclass(frozen=True)
class GatePanel:
    """What the panel shows. may_verify: whether the reader may record a verification."""

    number: str
    state: str
    tone: str
    verifications: tuple[VerificationLine, ...]
    changes: tuple[ChangeLine, ...]
    may_verify: bool
    now: datetime


@heads("gate", gettext_lazy("Real name and scope"), "id", opens=to("consent.view_consent"))
def gate(customer: Customer, viewer: Staff) -> Panel | None:
    """Verifications of the real name and changes of the gate; hidden from those who may see no consents."""
    dossier = dossier_of(customer, viewer)
    history = history_of(dossier)
    state = dossier.reading.show("consent", str(customer.get_gate_display())).text
    may_verify = viewer.has_perm("consent.record_verification") and customer.is_active_customer
    return Panel(
        "consent/_gate_panel.html",
        GatePanel(
            customer.number,
            state,
            GATES.get(customer.gate, PLAIN),
            history.verifications,
            history.changes,
            may_verify,
            dossier.now,
        ),
        is_side=True,
        now=dossier.now,
    )


def history_of(dossier: Dossier) -> GateHistory:
    """Verifications, changes and open questions, fetched once per page in one query."""
    kept = dossier.__dict__.get("gate_history")
    if kept is None:
        sees_changes = dossier.viewer.has_perm("consent.view_gatechange")
        kept = gate_history(dossier.customer, dossier.reading, most=MOST, sees_changes=sees_changes)
        dossier.__dict__["gate_history"] = kept
    return kept
