"""Locks after failed logins: on the account, and with a limit of its own on the address."""

from datetime import datetime

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest


class LoginLocks(AxesDatabaseHandler):
    """Counts failures by account, and by address; that one locks later, for a branch may share it."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """The failures of the account, or those of the address as far as they come near its own limit.

        The caller compares the answer with the limit of accounts; so the two limits meet there.
        """
        of_account = super().get_failures(request, credentials)
        distance = settings.LOGIN_ADDRESS_FAILURES - settings.AXES_FAILURE_LIMIT
        return max(of_account, failures_from(request.axes_ip_address, since=_since(request)) - distance)


def failures_from(address: str | None, *, since: datetime) -> int:
    """How many logins from the address failed, of any account, whose newest failure lies after `since`."""
    if not address:
        return 0
    recent = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    return recent.aggregate(count=Sum("failures_since_start"))["count"] or 0


def locked_until(request: HttpRequest, number: str) -> datetime | None:
    """When the account of that employee number, whether or not there is one, and the address may try again.

    None where neither failed lately.
    """
    cool_off = get_cool_off(request)
    recent = AccessAttempt.objects.filter(attempt_time__gte=_since(request))
    of_account = recent.filter(username=number).aggregate(count=Sum("failures_since_start"), at=Max("attempt_time"))
    of_address = recent.filter(ip_address=request.axes_ip_address).aggregate(
        count=Sum("failures_since_start"), at=Max("attempt_time")
    )
    limits = ((of_account, settings.AXES_FAILURE_LIMIT), (of_address, settings.LOGIN_ADDRESS_FAILURES))
    ends = [found["at"] + cool_off for found, limit in limits if (found["count"] or 0) >= limit]
    return max(ends, default=None)


def _since(request: HttpRequest) -> datetime:
    return request.axes_attempt_time - get_cool_off(request)
