"""Rights that nobody uses, by the trail: roles of people who do not come, single grants that opened nothing, accounts
that were never signed in. Page by page in the order of employee numbers or from the oldest grant on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import AccessEntry, RightsChange, Staff
from accounts.roles import role_name
from customers.models import CustomerStaffGrant
from customers.numbering import written_number
from customers.paging import PAGE_SIZE, is_id

GIVEN_LATELY = ["HIRED", "REACTIVATED", "ROLE_GIVEN"]
# The newest look of each of these people at each of these customers; the index of the customer's looks finds them.
LAST_LOOKS = """
SELECT wanted.grant_id, looked.at
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS wanted (grant_id, customer, number)
CROSS JOIN LATERAL (
    SELECT max(at) AS at FROM accounts_accessentry
    WHERE customers @> ARRAY[wanted.customer] AND employee_number = wanted.number AND result < 400
) looked
"""


@dataclass(frozen=True)
class StaffLine:
    """Somebody whose roles lie idle or who never came. last_at: their newest entry on the trail, None without any."""

    number: str
    name: str
    branch: str
    roles: str
    last_at: datetime | None


@dataclass(frozen=True)
class GrantLine:
    """A single grant that holds. last_at: when its holder last looked at the customer, None for never."""

    staff: str
    customer: str
    kind: str
    granted_at: datetime
    ends_at: datetime | None
    last_at: datetime | None
    is_unused: bool


@dataclass(frozen=True)
class UnusedPage:
    """Lines of a list. after: what the next page is asked for by, None at the end; days: how long is idle."""

    lines: tuple[StaffLine | GrantLine, ...]
    after: str | None
    days: int


def idle_holders(*, after: str = "") -> UnusedPage:
    """People with roles who left no entry on the trail for `settings.RIGHTS_UNUSED_DAYS` days, nor got a right in them.

    after: the employee number behind which the page begins.
    """
    since = timezone.now() - timedelta(days=settings.RIGHTS_UNUSED_DAYS)
    months = {"month__gte": timezone.localdate(since).replace(day=1) - timedelta(days=31)}  # leaves partitions unread
    came = AccessEntry.objects.filter(employee_number=OuterRef("employee_number"), at__gte=since, **months)
    given = RightsChange.objects.filter(staff=OuterRef("pk"), at__gte=since, kind__in=GIVEN_LATELY)
    holds = Staff.groups.through.objects.filter(staff=OuterRef("pk"))
    rows = Staff.objects.filter(Exists(holds), ~Exists(came), ~Exists(given), is_active=True)
    newest = AccessEntry.objects.filter(employee_number=OuterRef("employee_number")).order_by("-at")
    return _staff_page(rows.annotate(last_at=Subquery(newest.values("at")[:1])), after)


def never_signed_in(*, after: str = "") -> UnusedPage:
    """Open accounts that nobody has ever signed in with, among those that have a role."""
    holds = Staff.groups.through.objects.filter(staff=OuterRef("pk"))
    return _staff_page(Staff.objects.filter(Exists(holds), is_active=True, last_login=None), after)


def single_grants(*, after: str = "") -> UnusedPage:
    """The single grants that hold, from the oldest on, each with when its holder last looked at the customer.

    after: the id of the grant behind which the page begins.
    """
    now = timezone.now()
    rows = CustomerStaffGrant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now)).select_related(
        "user", "content_object"
    )
    if is_id(after):
        rows = rows.filter(pk__gt=int(after))
    found = list(rows.order_by("pk")[: PAGE_SIZE + 1])
    shown, last = found[:PAGE_SIZE], _last_looks(found[:PAGE_SIZE])
    since = now - timedelta(days=settings.RIGHTS_UNUSED_DAYS)
    lines = tuple(_grant_line(one, last.get(one.pk), since) for one in shown)
    return UnusedPage(lines, str(shown[-1].pk) if len(found) > PAGE_SIZE else None, settings.RIGHTS_UNUSED_DAYS)


def _staff_page(rows: QuerySet[Staff], after: str) -> UnusedPage:
    if after:
        rows = rows.filter(employee_number__gt=after)
    rows = rows.select_related("branch").prefetch_related("groups")
    found = list(rows.order_by("employee_number")[: PAGE_SIZE + 1])
    lines = tuple(map(_staff_line, found[:PAGE_SIZE]))
    return UnusedPage(lines, lines[-1].number if len(found) > PAGE_SIZE else None, settings.RIGHTS_UNUSED_DAYS)


def _staff_line(staff: Staff) -> StaffLine:
    roles = sorted(role_name(group.name) for group in staff.groups.all())
    return StaffLine(
        number=staff.employee_number,
        name=staff.name,
        branch=str(staff.branch or ""),
        roles=", ".join(roles),
        last_at=getattr(staff, "last_at", None),
    )


def _grant_line(grant: CustomerStaffGrant, last_at: datetime | None, since: datetime) -> GrantLine:
    return GrantLine(
        staff=str(grant.user),
        customer=written_number(grant.content_object.number),
        kind=grant.get_kind_display(),
        granted_at=grant.granted_at,
        ends_at=grant.ends_at,
        last_at=last_at,
        is_unused=(last_at or grant.granted_at) < since,
    )


def _last_looks(grants: Sequence[CustomerStaffGrant]) -> Mapping[int, datetime]:
    """{grant id: when its holder last looked}, of all of a page in one query."""
    if not grants:
        return {}
    asked = [
        [grant.pk for grant in grants],
        [grant.content_object_id for grant in grants],
        [grant.user.employee_number for grant in grants],
    ]
    with connection.cursor() as cursor:
        cursor.execute(LAST_LOOKS, asked)
        return {grant: at for grant, at in cursor.fetchall() if at is not None}
