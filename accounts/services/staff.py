"""Members of staff: hiring, moving, their language, their lock after failed logins."""

from axes.utils import reset
from django.db import IntegrityError, transaction

from accounts.models import Branch, Channel, Staff
from accounts.services.branches import BranchClosed


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
    **fields: object,
) -> Staff:
    """Enter a member of staff; without a password nobody can log in as them.

    fields: further fields of Staff, such as joined_on and language. Raises EmployeeNumberTaken, BranchClosed.
    """
    _check_branch(branch)
    try:
        with transaction.atomic():
            return Staff.objects.create_user(
                employee_number, password, name=name, branch=branch, job=job, channel=channel, **fields
            )
    except IntegrityError:
        if Staff.objects.filter(employee_number=employee_number).exists():
            raise EmployeeNumberTaken from None
        raise


@transaction.atomic
def move_staff(*, staff: Staff, branch: Branch | None) -> Staff:
    """Place `staff` in another branch. Raises BranchClosed."""
    _check_branch(branch)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    staff.branch = branch
    staff.save(update_fields=["branch"])
    return staff


@transaction.atomic
def set_language(*, staff: Staff, language: str) -> Staff:
    """Show Hannun to `staff` in another language, one of `Staff.Language`. Raises ValueError."""
    staff.language = Staff.Language(language)
    staff.save(update_fields=["language"])
    return staff


def unlock_staff(*, staff: Staff) -> int:
    """Forget the failed logins of `staff`, so that they may try again at once; how many entries there were."""
    return reset(username=staff.employee_number)


def _check_branch(branch: Branch | None) -> None:
    if branch is not None and branch.closed_on is not None:
        raise BranchClosed
