"""What must hold before the web server answers."""

from django.conf import settings
from django.contrib.auth.hashers import check_password


class OpenDemonstration(Exception):
    """Accounts of the demonstration are open with its well-known password, and this is none."""


def refuse_demonstration_accounts() -> None:
    """Raise OpenDemonstration unless this is a demonstration, or nobody can log in as one of its accounts."""
    from accounts.models import Staff  # not before the apps are ready

    if settings.IS_DEMONSTRATION:
        return
    accounts = Staff.objects.filter(employee_number__in=settings.DEMO_STAFF, is_active=True).order_by("employee_number")
    known = [staff.employee_number for staff in accounts if check_password(settings.DEMO_PASSWORD, staff.password)]
    if known:
        raise OpenDemonstration(
            f"These accounts are open with the password of the demonstration: {', '.join(known)}. Close them, or set "
            "HANNUN_DEMO=1 if this is a demonstration."
        )
