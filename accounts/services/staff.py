"""Members of staff: hiring, moving, leaving, their language. What changes rights goes into the record of rights."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Branch, Channel, Staff, StaffSession
from accounts.services.branches import BranchClosed
from accounts.services.passwords import OwnAccess
from accounts.services.rights import record_change
from accounts.services.sessions import end_sessions


class EmployeeNumberTaken(Exception):
    """The employee number belongs to somebody else, perhaps to someone who left; numbers are never used again."""


@transaction.atomic
def hire_staff(
    *,
    employee_number: str,
    name: str,
    branch: Branch | None = None,
    job: str = "",
    channel: Channel | None = None,
    password: str | None = None,
    by: Staff | None = None,
    at: datetime | None = None,
    **fields: object,
) -> Staff:
    """Enter a member of staff; without a password nobody can log in as them.

    by: who enters them, None for the command line. at: now, if not given. fields: further fields of Staff, such as
    joined_on and language. Raises EmployeeNumberTaken, BranchClosed.
    """
    _check_branch(branch)
    try:
        with transaction.atomic():
            staff = Staff.objects.create_user(
                employee_number, password, name=name, branch=branch, job=job, channel=channel, **fields
            )
    except IntegrityError:
        if Staff.objects.filter(employee_number=employee_number).exists():
            raise EmployeeNumberTaken from None
        raise
    what = {"branch": _code(branch), "channel": _code(channel)} | ({} if staff.is_active else {"active": False})
    record_change(staff=staff, by=by, at=at or timezone.now(), kind="HIRED", what=what)
    return staff


@transaction.atomic
def move_staff(
    *, staff: Staff, branch: Branch | None, by: Staff | None = None, at: datetime | None = None, reason: str = ""
) -> Staff:
    """Place `staff` in another branch; what they saw as members of the old one is closed to their next request.

    by, at: as in `hire_staff`. Raises BranchClosed.
    """
    staff = Staff.objects.select_for_update(of=["self"]).select_related("branch").get(pk=staff.pk)
    if staff.branch == branch:
        return staff
    _check_branch(branch)
    what = {"from": _code(staff.branch), "to": _code(branch)}
    staff.branch = branch
    staff.save(update_fields=["branch"])
    record_change(staff=staff, by=by, at=at or timezone.now(), kind="MOVED", what=what, reason=reason)
    return staff


@transaction.atomic
def change_channel(
    *, staff: Staff, channel: Channel | None, by: Staff | None = None, at: datetime | None = None, reason: str = ""
) -> Staff:
    """Let `staff` work in another channel, whose limits hold from the next request on. by, at: as in `hire_staff`."""
    staff = Staff.objects.select_for_update(of=["self"]).get(pk=staff.pk)
    if (staff.channel_id or "") == _code(channel):
        return staff
    what = {"from": staff.channel_id or "", "to": _code(channel)}
    staff.channel = channel
    staff.save(update_fields=["channel"])
    record_change(staff=staff, by=by, at=at or timezone.now(), kind="CHANNEL_CHANGED", what=what, reason=reason)
    return staff


class AlreadyInactive(Exception):
    """The account is closed already, at an instant that must stand."""


@transaction.atomic
def deactivate_staff(*, staff: Staff, at: datetime, by: Staff | None = None, reason: str = "") -> Staff:
    """Close the account of a leaver and end every session of it; roles stay for the record, and open nothing.

    by: None for the command line. Raises AlreadyInactive, OwnAccess.
    """
    if by is not None and by.pk == staff.pk:
        raise OwnAccess
    staff = Staff.objects.select_for_update(of=["self"]).get(pk=staff.pk)
    if not staff.is_active:
        raise AlreadyInactive
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    end_sessions(staff=staff, because=StaffSession.Ending.DEACTIVATED, at=at)
    record_change(staff=staff, by=by, at=at, kind="DEACTIVATED", reason=reason)
    return staff


class AlreadyActive(Exception):
    """The account is open."""


@transaction.atomic
def reactivate_staff(*, staff: Staff, at: datetime, by: Staff | None = None, reason: str = "") -> Staff:
    """Open a closed account again, with the roles that it has. Raises AlreadyActive, OwnAccess."""
    if by is not None and by.pk == staff.pk:
        raise OwnAccess
    staff = Staff.objects.select_for_update(of=["self"]).get(pk=staff.pk)
    if staff.is_active:
        raise AlreadyActive
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    record_change(staff=staff, by=by, at=at, kind="REACTIVATED", reason=reason)
    return staff


@transaction.atomic
def set_language(*, staff: Staff, language: str) -> Staff:
    """Show Hannun to `staff` in another language, one of `Staff.Language`. Raises ValueError."""
    staff.language = Staff.Language(language)
    staff.save(update_fields=["language"])
    return staff


def _code(place: Branch | Channel | None) -> str:
    return place.code if place is not None else ""


def _check_branch(branch: Branch | None) -> None:
    if branch is not None and branch.closed_on is not None:
        raise BranchClosed
