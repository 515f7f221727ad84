"""What people decided about the customer, and which numbers were merged into it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers.dossier import dossier_of
from customers.models import Customer
from customers.numbering import written_number
from customers.panels.panel import Panel, heads, to
from customers.reports.acts import ActLine, bare_lines

MOST_ACTS = 8


@dataclass(frozen=True)
class Absorbed:
    """A number that was merged into the customer, and that the reader may let live again."""

    number: str
    digits: str


@dataclass(frozen=True)
class Decisions:
    """absorbed: the numbers that came last; can_merge: whether the reader may merge and unmerge."""

    acts: tuple[ActLine, ...]
    has_more: bool
    absorbed: tuple[Absorbed, ...]
    can_merge: bool


@heads("decisions", gettext_lazy("Decisions about this customer"), "user-check", opens=to("customers.view_act"))
def decisions(customer: Customer, viewer: Staff) -> Panel | None:
    """The newest decisions and the numbers merged into the customer; hidden from those who may not see acts."""
    dossier = dossier_of(customer, viewer)
    acts = dossier.newest_acts
    content = Decisions(
        acts=bare_lines(acts[:MOST_ACTS], viewer),
        has_more=len(acts) > MOST_ACTS,
        absorbed=tuple(Absorbed(written_number(number), number) for number in (acts[0].absorbed if acts else ())),
        can_merge=viewer.has_perm("customers.merge_customer") and customer.is_active_customer,
    )
    return Panel(
        "customers/_merge_decisions.html",
        content,
        as_of=acts[0].at if acts else None,
        is_side=True,
        now=dossier.now,
    )
