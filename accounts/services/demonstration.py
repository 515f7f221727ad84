"""The accounts of the demonstration: one per role, all with one password that is printed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Branch, Staff
from accounts.services.roles import assign_role
from accounts.services.staff import deactivate_staff, hire_staff, move_staff, reactivate_staff


class DemonstrationRefused(Exception):
    """This installation is not a demonstration, or the branch or keeper named does not exist."""


@dataclass(frozen=True)
class DemoAccount:
    """Who to log in as for a role."""

    role: str
    employee_number: str


@transaction.atomic
def refresh_demo_staff(*, password: str, keeper: str = "", branch: str = "") -> list[DemoAccount]:
    """Enter or refresh one account per role, in the order of `settings.DEMO_STAFF`. Raises DemonstrationRefused.

    keeper: employee number of an FP who keeps customers and becomes the account of that role; branch: code of the
    branch for those who work in one. Without them whoever was taken before stays, and those who work in a branch
    already stay there; others come to the keeper's, or else to the first branch by code, or to the head office.
    """
    if not settings.IS_DEMONSTRATION:
        raise DemonstrationRefused("Demo accounts are for demonstrations: set HANNUN_DEMO=1 if this is one.")
    planner = _planner(keeper)
    place = _place(branch, planner)
    return list(_accounts(password, planner, place, is_given=bool(branch)))


def _planner(keeper: str) -> Staff | None:
    """The FP whose account is taken: the one named, or the one taken before."""
    if not keeper:
        taken = Staff.objects.filter(groups__name="FP").exclude(employee_number__in=settings.DEMO_STAFF)
        return next((staff for staff in taken.order_by("pk") if staff.has_usable_password()), None)
    planner = Staff.objects.select_related("branch").filter(employee_number=keeper).first()
    if planner is None:
        raise DemonstrationRefused(f"Nobody has the employee number {keeper}.")
    return planner


def _place(code: str, planner: Staff | None) -> Branch | None:
    """Where the FP and the branch manager work; None as long as there is no branch but the head office."""
    if not code and planner is not None and planner.branch is not None:
        return planner.branch
    open_ones = Branch.objects.filter(kind=Branch.Kind.BRANCH, closed_on__isnull=True).order_by("code")
    if not code:
        return open_ones.first()
    found = open_ones.filter(code=code).first()
    if found is None:
        raise DemonstrationRefused(f"There is no open branch {code}.")
    return found


def _accounts(password: str, planner: Staff | None, place: Branch | None, *, is_given: bool) -> Iterator[DemoAccount]:
    head_office = Branch.objects.filter(kind=Branch.Kind.HEAD_OFFICE).order_by("code").first()
    for number, (role, name, job, kind) in settings.DEMO_STAFF.items():
        if role == "FP" and planner is not None:
            staff = planner
            for idle in Staff.objects.filter(employee_number=number, is_active=True):
                deactivate_staff(staff=idle, at=timezone.now())  # nobody's customers, a dead end
        else:
            staff = _enter(number, name=name, job=job)
            if kind == Branch.Kind.HEAD_OFFICE or place is None:
                staff = move_staff(staff=staff, branch=head_office)
            elif is_given or staff.branch is None or staff.branch.kind != kind:
                staff = move_staff(staff=staff, branch=place)
        if not staff.is_active:
            staff = reactivate_staff(staff=staff, at=timezone.now())
        staff.set_password(password)
        staff.save(update_fields=["password"])
        assign_role(staff=staff, role=role)
        yield DemoAccount(role, staff.employee_number)


def _enter(number: str, *, name: str, job: str) -> Staff:
    staff = Staff.objects.select_related("branch").filter(employee_number=number).first()
    if staff is None:
        return hire_staff(employee_number=number, name=name, job=job)
    staff.name, staff.job = name, job
    staff.save(update_fields=["name", "job"])
    return staff
