"""How many rows a person may take without a second person, by role."""

from __future__ import annotations

from django.conf import settings

from accounts.models import Staff
from accounts.purposes import roles_of


def ceiling_of(staff: Staff) -> int:
    """The highest ceiling of the roles of `staff`; 0: they take no lists at all."""
    return max((settings.EXPORT_CEILINGS.get(role, 0) for role in roles_of(staff)), default=0)
