"""Emergency access: somebody opens a customer outside their scope for an hour, and the privacy officer hears of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import RightsChange, Staff
from accounts.purposes import Purpose, purposes_of
from accounts.services.notices import notify, notify_role
from accounts.services.rights import record_change
from accounts.trail import describe, saw
from customers import formats
from customers.masking import without_resident_numbers
from customers.models import Customer, CustomerStaffGrant
from customers.numbering import written_number
from customers.services.grants import open_customer

KIND = "GLASS_BROKEN"
TOLD_ROLE = "PRIVACY_OFFICER"
ONE_DAY = timedelta(days=1)


class OwnScope(Exception):
    """The person sees the customer without an emergency. Its argument is the customer."""


class NotYourPurpose(Exception):
    """No role of the person works for this purpose."""


class TooManyToday(Exception):
    """The person has used this as often as one may in a day."""


@transaction.atomic
def break_glass(*, number: str, purpose: Purpose, reason: str, by: Staff, at: datetime) -> CustomerStaffGrant | None:
    """Open the customer of this number, or whom it was merged into, to `by` for `settings.BREAK_GLASS_MINUTES`.

    Every privacy officer and the keeper are told at once. None where no customer has the number: it counts and is
    recorded all the same, so that numbers cannot be tried out. Raises NotYourPurpose, OwnScope, TooManyToday.
    """
    if purpose not in purposes_of(by):
        raise NotYourPurpose
    reason = without_resident_numbers(reason)
    Staff.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once are counted one after the other
    customer = _answering(number)
    if customer and Customer.objects.visible_to(by).filter(pk=customer.pk).exists():
        raise OwnScope(customer)
    if left_today(by, at) < 1:
        raise TooManyToday
    describe(reason=reason, purpose=purpose, conditions={"break_glass": number})
    ends_at = at + timedelta(minutes=settings.BREAK_GLASS_MINUTES)
    what = {"customer": number, "purpose": str(purpose), "is_found": customer is not None}
    record_change(staff=by, by=by, at=at, kind=KIND, what=what | {"ends_at": ends_at.isoformat()}, reason=reason)
    if customer is None:
        return None
    return _opened(customer, reason, ends_at, by, at)


def _opened(customer: Customer, reason: str, ends_at: datetime, by: Staff, at: datetime) -> CustomerStaffGrant:
    kind = CustomerStaffGrant.Kind.BREAK_GLASS
    made = open_customer(customer=customer, staff=by, kind=kind, reason=reason, ends_at=ends_at, by=by, at=at)
    saw(customer.pk)
    what = {
        "by": by.employee_number,
        "number": written_number(customer.number),
        "ends": formats.moment(ends_at),
    }
    watching = reverse("customers:customer-grant-list", args=[customer.number])
    notify_role(role=TOLD_ROLE, kind=KIND, at=at, what=what, url=watching)
    keeper = Staff.objects.filter(employee_number=customer.keeper_id, is_active=True)
    notify(staff=keeper, kind=f"KEPT_{KIND}", at=at, what=what, url=customer.get_absolute_url())
    return made


def left_today(staff: Staff, at: datetime) -> int:
    """How often `staff` may still use this until midnight in Korea."""
    midnight = datetime.combine(at.astimezone(formats.KOREA), time.min, formats.KOREA)
    # Also what is recorded after `at`: of two at once the one that began later may be recorded first.
    used = RightsChange.objects.filter(staff=staff, kind=KIND, at__gte=midnight, at__lt=midnight + ONE_DAY).count()
    return max(0, settings.BREAK_GLASS_PER_DAY - used)


def _answering(number: str) -> Customer | None:
    """The active customer of a number, or whom a retired one was merged into."""
    named = Customer.objects.filter(number=number).select_related("merged_into").first()
    return named.merged_into or named if named else None
