"""What relations know that keeps somebody from taking files."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Staff
from relations.reports import handovers


def gives_up_customers(staff: Staff, on: date) -> str:
    """The lock of a handover: on the day on which customers go to others, whoever gives them up takes none along."""
    if not handovers.gives_up_customers(staff, on):
        return ""
    return _("Today your customers are handed over to others, so you take no files. Ask your branch manager for them.")
