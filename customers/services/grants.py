"""Single customers opened to single people, for a reason and a time; what ended is taken away and recorded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q

from accounts.models import Staff
from accounts.services.notices import notify
from accounts.services.rights import record_change
from accounts.trail import saw
from customers import formats
from customers.masking import without_resident_numbers
from customers.models import Customer, CustomerStaffGrant
from customers.numbering import written_number

BATCH_ROWS = 1_000
GIVEN = (CustomerStaffGrant.Kind.CASE, CustomerStaffGrant.Kind.NAMED)
"""Kinds that one person gives to another; an emergency is taken, not given."""


class NotActive(Exception):
    """The customer was merged into another one meanwhile."""


class OwnGrant(Exception):
    """Nobody opens a customer to themselves."""


class CannotLook(Exception):
    """The person does not work here any more, or no role of theirs shows customers."""


class AlreadyGranted(Exception):
    """The person has a grant on this customer that still holds; end it first."""


class EndsTooSoon(Exception):
    """The grant would be over already."""


class EndsTooLate(Exception):
    """The grant would hold longer than `settings.CUSTOMER_GRANT_DAYS`."""


class AlreadyEnded(Exception):
    """The grant was ended before, or is over."""


@transaction.atomic
def grant_customer(
    *, customer: Customer, staff: Staff, kind: str, reason: str, ends_at: datetime, by: Staff, at: datetime
) -> CustomerStaffGrant:
    """Let `staff` see one customer until `ends_at`, and tell them. kind: one of GIVEN.

    Raises NotActive, OwnGrant, CannotLook, AlreadyGranted, EndsTooSoon, EndsTooLate.
    """
    if kind not in GIVEN:
        raise ValueError(f"{kind} is not given by one person to another")
    if staff.pk == by.pk:
        raise OwnGrant
    if ends_at <= at:
        raise EndsTooSoon
    if ends_at > latest_end(at):
        raise EndsTooLate
    made = open_customer(customer=customer, staff=staff, kind=kind, reason=reason, ends_at=ends_at, by=by, at=at)
    what = {"number": written_number(customer.number), "ends": formats.moment(ends_at)}
    notify(staff=[staff], kind="CUSTOMER_GRANTED", at=at, what=what, url=customer.get_absolute_url())
    record_change(staff=staff, by=by, at=at, kind="CUSTOMER_GRANTED", what=_what(made), reason=made.reason)
    return made


def latest_end(at: datetime) -> datetime:
    """Until when a grant made at `at` may hold at most: the end of the last day allowed, in Korea."""
    last = at.astimezone(formats.KOREA) + timedelta(days=settings.CUSTOMER_GRANT_DAYS)
    return last.replace(hour=23, minute=59, second=59, microsecond=999_999)


def open_customer(
    *, customer: Customer, staff: Staff, kind: str, reason: str, ends_at: datetime, by: Staff, at: datetime
) -> CustomerStaffGrant:
    """Make the row of a grant, in place of one that is over. To be called within a transaction that records it.

    Raises NotActive, CannotLook, AlreadyGranted.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if not customer.is_active_customer:
        raise NotActive
    staff = Staff.objects.get(pk=staff.pk)  # as their roles are now
    if not staff.is_active or not staff.has_perm("customers.view_customer"):
        raise CannotLook
    end_overdue_grants(at=at, customers=[customer.pk])
    held = CustomerStaffGrant.objects.filter(content_object=customer, user=staff, permission=_viewing())
    if held.exists():
        raise AlreadyGranted
    saw(customer.pk)
    return CustomerStaffGrant.objects.create(
        content_object=customer,
        user=staff,
        permission=_viewing(),
        kind=kind,
        reason=without_resident_numbers(reason),
        granted_by=by,
        granted_at=at,
        ends_at=ends_at,
    )


@transaction.atomic
def end_grant(*, grant: CustomerStaffGrant, by: Staff, at: datetime, reason: str = "") -> None:
    """Take a grant away before its time, and tell whom it was given to. Raises AlreadyEnded."""
    standing = _standing(at).select_for_update(of=("self",)).filter(pk=grant.pk).first()
    if standing is None:
        raise AlreadyEnded
    saw(standing.content_object_id)
    number = written_number(standing.content_object.number)
    notify(staff=[standing.user], kind="GRANT_ENDED", at=at, what={"by": by.employee_number, "number": number})
    _end(standing, by=by, at=at, because="PERSON", reason=without_resident_numbers(reason))


@transaction.atomic
def end_overdue_grants(*, at: datetime, customers: Collection[int] | None = None) -> int:
    """Take away the grants whose time is over, and say so in the record of rights; returns how many.

    customers: only those on these, by id. They open nothing any more, so this only tidies; at most 1,000 at a time.
    """
    over = CustomerStaffGrant.objects.filter(ends_at__lte=at).select_related("content_object", "user")
    if customers is not None:
        over = over.filter(content_object__in=customers)
    rows = list(over.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH_ROWS])
    for row in rows:
        _end(row, by=None, at=at, because="TIME", reason="")
    return len(rows)


def _end(grant: CustomerStaffGrant, *, by: Staff | None, at: datetime, because: str, reason: str) -> None:
    what = _what(grant) | {"because": because}
    staff = grant.user
    grant.delete()
    record_change(staff=staff, by=by, at=at, kind="GRANT_ENDED", what=what, reason=reason)


def _standing(at: datetime) -> object:
    holds = Q(ends_at=None) | Q(ends_at__gt=at)
    return CustomerStaffGrant.objects.filter(holds).select_related("content_object", "user")


def _viewing() -> Permission:
    return Permission.objects.get(codename="view_customer", content_type__app_label="customers")


def _what(grant: CustomerStaffGrant) -> dict[str, object]:
    """A grant as the record of rights keeps it."""
    return {
        "customer": grant.content_object.number,
        "kind": grant.kind,
        "granted_at": grant.granted_at.isoformat(),
        "ends_at": grant.ends_at.isoformat() if grant.ends_at else None,
    }
