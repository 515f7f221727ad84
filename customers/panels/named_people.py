"""Who may see the customer beside those in whose scope it is, for those who decide that."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer, CustomerStaffGrant
from customers.panels.panel import Panel


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """Why only named people see the customer."""

    pk: int
    kind: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """What is decided about who sees the customer; may_protect, may_grant: what the reader may do about it."""

    protections: tuple[ProtectionRow, ...]
    number: str
    grant_count: int
    may_protect: bool
    may_grant: bool


def named_people(customer: Customer, viewer: Staff) -> Panel | None:
    """Protections and grants; hidden from those who may neither protect nor grant."""
    may_protect = viewer.has_perm("customers.protect_customer")
    may_grant = viewer.has_perm("customers.grant_customer")
    if not customer.is_active_customer or not (may_protect or may_grant):
        return None
    dossier = dossier_of(customer, viewer)
    holds = Q(ends_at=None) | Q(ends_at__gt=dossier.now)
    held = CustomerStaffGrant.objects.filter(holds, content_object=customer, permission__codename="view_customer")
    rows = tuple(
        ProtectionRow(
            each.pk,
            str(each.get_kind_display()),
            each.reason,
            str(each.protected_by) if each.protected_by else "",
            formats.moment(each.protected_at),
        )
        for each in dossier.protections
    )
    content = NamedPeople(rows, customer.number, held.count(), may_protect, may_grant)
    return Panel(
        "named-people",
        _("Who may see this customer"),
        "shield-lock",
        "customers/_panel_named_people.html",
        content,
        is_side=True,
        now=dossier.now,
    )
