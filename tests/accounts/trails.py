"""Entries of the trail for tests, in months of their own, since the tables of the trail keep what they are given."""

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from accounts.models import Staff
from accounts.trail import append

KST = ZoneInfo("Asia/Seoul")
MINUTES = count()


def at(text: str) -> datetime:
    """An instant in Korea, such as "2031-03-03 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=KST)


def saw_them(
    staff: Staff, when: str, customers: list[int] | range = (1,), kind: str = "VIEW", **more: object
) -> tuple[object, int, int]:
    """An entry of `staff` that showed these customers, at a time such as "2031-03-03 10:00"."""
    fields = {"page": "customers:customer-detail", "result": 200, "purpose": "SERVICE", "count": len(customers)}
    return append(
        at=at(when),
        kind=kind,
        staff_id=staff.pk,
        employee_number=staff.employee_number,
        branch_code=staff.branch.code if staff.branch else "",
        customers=customers,
        **fields | more,
    )
