"""Who may see the customer beside those in whose scope it is, for those who decide that."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer, Protection
from customers.panels.panel import Panel, heads

# One row with the count at least; it holds no protection where there is none.
DECIDED = """
SELECT protection.*, staff.name || ' (' || staff.employee_number || ')' AS by, counted.grant_count
FROM (
    SELECT count(*) AS grant_count
    FROM customers_customerstaffgrant held
    JOIN auth_permission permission ON permission.id = held.permission_id AND permission.codename = 'view_customer'
    WHERE held.content_object_id = %(customer)s AND (held.ends_at IS NULL OR held.ends_at > %(now)s)
) counted
LEFT JOIN customers_protection protection ON protection.customer_id = %(customer)s
LEFT JOIN accounts_staff staff ON staff.id = protection.protected_by_id
ORDER BY protection.id
"""


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


def _opens(customer: Customer, viewer: Staff) -> bool:
    may_decide = viewer.has_perm("customers.protect_customer") or viewer.has_perm("customers.grant_customer")
    return may_decide and customer.is_active_customer


@heads("named-people", gettext_lazy("Who may see this customer"), "shield-lock", opens=_opens)
def named_people(customer: Customer, viewer: Staff) -> Panel | None:
    """Protections and grants; hidden from those who may neither protect nor grant."""
    may_protect = viewer.has_perm("customers.protect_customer")
    may_grant = viewer.has_perm("customers.grant_customer")
    dossier = dossier_of(customer, viewer)
    found = list(Protection.objects.raw(DECIDED, {"customer": customer.pk, "now": dossier.now}))
    rows = tuple(
        ProtectionRow(
            each.pk, str(each.get_kind_display()), each.reason, each.by or "", formats.moment(each.protected_at)
        )
        for each in found
        if each.pk is not None
    )
    content = NamedPeople(rows, customer.number, found[0].grant_count, may_protect, may_grant)
    return Panel(
        "customers/_panel_named_people.html",
        content,
        is_side=True,
        now=dossier.now,
    )
