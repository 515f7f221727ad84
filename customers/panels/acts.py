"""What people decided about the customer, and which numbers were merged into it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Staff
from customers.dossier import dossier_of
from customers.models import Act, Customer, Merge
from customers.numbering import written_number
from customers.panels.panel import Panel
from customers.reports.acts import ActLine, act_lines

MOST_ACTS = 8
MOST_ABSORBED = 8


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


def decisions(customer: Customer, viewer: Staff) -> Panel | None:
    """The newest decisions and the numbers merged into the customer; hidden from those who may not see acts."""
    if not viewer.has_perm("customers.view_act"):
        return None
    acts = list(Act.objects.of_customer(customer).select_related("by")[: MOST_ACTS + 1])
    merges = Merge.objects.filter(retired__merged_into=customer, ended_by=None).select_related("retired")
    content = Decisions(
        acts=act_lines(acts[:MOST_ACTS], viewer),
        has_more=len(acts) > MOST_ACTS,
        absorbed=tuple(
            Absorbed(written_number(merge.retired.number), merge.retired.number)
            for merge in merges.order_by("-pk")[:MOST_ABSORBED]
        ),
        can_merge=viewer.has_perm("customers.merge_customer") and customer.is_active_customer,
    )
    return Panel(
        "decisions",
        _("Decisions about this customer"),
        "user-check",
        "customers/_merge_decisions.html",
        content,
        as_of=acts[0].at if acts else None,
        is_side=True,
        now=dossier_of(customer, viewer).now,
    )
