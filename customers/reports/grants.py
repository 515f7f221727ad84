"""Who may see single customers: grants with their last use, and protected customers with their named people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.models import Staff
from customers import formats
from customers.models import Customer, CustomerStaffGrant, Protection
from customers.numbering import written_number
from customers.reading import Place, prepare, read

# The last time that somebody saw a customer since it was opened to them; the index by customer answers each.
LAST_USES = """
SELECT asked.id, (
    SELECT max(entry.at) FROM accounts_accessentry entry
    WHERE entry.customers @> ARRAY[asked.customer] AND entry.employee_number = asked.employee_number
        AND entry.result < 400 AND entry.at >= asked.since
        AND entry.month >= date_trunc('month', asked.since AT TIME ZONE 'Asia/Seoul')::date
)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[]) AS asked(id, customer, employee_number, since)
"""


@dataclass(frozen=True)
class GrantLine:
    """A grant in a list. number, name, url: of the customer; used: when it was used last, '' for never."""

    grant: CustomerStaffGrant
    kind: str
    number: str
    name: str
    url: str
    staff: str
    staff_place: str
    granted_by: str
    granted: str
    ends: str
    is_over: bool
    used: str

    @property
    def tone(self) -> str:
        """Of the badge of its kind."""
        return "red" if self.grant.kind == CustomerStaffGrant.Kind.BREAK_GLASS else "secondary"


@dataclass(frozen=True)
class ProtectionLine:
    """A protection in a list. people: how many people see the customer by a grant of their own now."""

    protection: Protection
    kind: str
    number: str
    name: str
    url: str
    keeper: str
    by: str
    at: str
    people: int


def grants_of(viewer: Staff) -> QuerySet[CustomerStaffGrant]:
    """The grants on customers that `viewer` may see."""
    visible = Customer.objects.visible_to(viewer)
    return CustomerStaffGrant.objects.filter(content_object__in=visible, permission__codename="view_customer")


def grant_lines(grants: Sequence[CustomerStaffGrant], viewer: Staff, at: datetime) -> list[GrantLine]:
    """Grants as lines, in one query more for the last use of all. grants: with content_object, user, granted_by."""
    used = _last_uses(grants)
    prepare(viewer, [grant.content_object for grant in grants])
    return [_grant_line(grant, viewer, at, used.get(grant.pk)) for grant in grants]


def _last_uses(grants: Sequence[CustomerStaffGrant]) -> dict[int, datetime]:
    if not grants:
        return {}
    asked = [(grant.pk, grant.content_object_id, grant.user.employee_number, grant.granted_at) for grant in grants]
    with connection.cursor() as cursor:
        cursor.execute(LAST_USES, [list(column) for column in zip(*asked, strict=True)])
        return {pk: at for pk, at in cursor.fetchall() if at is not None}


def _grant_line(grant: CustomerStaffGrant, viewer: Staff, at: datetime, used: datetime | None) -> GrantLine:
    customer, staff = grant.content_object, grant.user
    return GrantLine(
        grant=grant,
        kind=str(grant.get_kind_display()),
        number=written_number(customer.number),
        name=str(read(customer, viewer, Place.LIST)["name"]),
        url=customer.get_absolute_url(),
        staff=str(staff),
        staff_place=str(staff.branch) if staff.branch else "",
        granted_by=str(grant.granted_by) if grant.granted_by else "",
        granted=formats.moment(grant.granted_at),
        ends=formats.moment(grant.ends_at),
        is_over=grant.ends_at is not None and grant.ends_at <= at,
        used=formats.moment(used),
    )


def protections_of(viewer: Staff, at: datetime) -> QuerySet[Protection]:
    """Protections of customers that `viewer` may see, with how many people were named."""
    holds = Q(customer__customerstaffgrant__ends_at=None) | Q(customer__customerstaffgrant__ends_at__gt=at)
    people = Count("customer__customerstaffgrant__user", filter=holds, distinct=True)
    visible = Customer.objects.visible_to(viewer)
    shown = Protection.objects.filter(customer__in=visible, customer__state=Customer.State.ACTIVE)
    return shown.annotate(people=people).select_related("customer__keeper", "protected_by")


def protection_lines(protections: Sequence[Protection], viewer: Staff) -> list[ProtectionLine]:
    """Protections as lines. protections: of `protections_of`."""
    prepare(viewer, [protection.customer for protection in protections])
    return [_protection_line(protection, viewer) for protection in protections]


def _protection_line(protection: Protection, viewer: Staff) -> ProtectionLine:
    customer = protection.customer
    return ProtectionLine(
        protection=protection,
        kind=str(protection.get_kind_display()),
        number=written_number(customer.number),
        name=str(read(customer, viewer, Place.LIST)["name"]),
        url=customer.get_absolute_url(),
        keeper=str(customer.keeper) if customer.keeper else "",
        by=str(protection.protected_by) if protection.protected_by else "",
        at=formats.moment(protection.protected_at),
        people=protection.people,
    )
