"""Plain builders of staff and branches."""

from itertools import count

from django.contrib.auth.models import Group

from accounts import services
from accounts.models import Branch, Staff
from tests.snapshots import ROLES

NUMBERS = count(1)
PASSWORD = "nine-lives-of-a-cat"


def make_branch(code: str | None = None, *, parent: Branch | None = None, kind: str | None = None) -> Branch:
    """A branch below `parent`; without one a head office."""
    code = code or f"B{next(NUMBERS):03}"
    kind = kind or ("BRANCH" if parent else "HEAD_OFFICE")
    return services.open_branch(code=code, name=f"{code} 지점", kind=kind, parent=parent)


def make_staff(*roles: str, employee_number: str | None = None, password: str | None = None, **fields: object) -> Staff:
    """A member of staff who holds `roles`."""
    number = employee_number or f"E{next(NUMBERS):05}"
    staff = services.hire_staff(employee_number=number, password=password, **{"name": "김하나"} | fields)
    if roles and not Group.objects.filter(name__in=roles).exists():
        ROLES.put()
    for role in roles:
        services.assign_role(staff=staff, role=role)
    return Staff.objects.get(pk=staff.pk)
