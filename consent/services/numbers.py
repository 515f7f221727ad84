"""Setting the numbers of the law: from a day on, with a reason; rows are never changed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.services.notices import notify
from consent.models import LegalNumber
from consent.numbers import NUMBERS, numbers_on
from consent.rules.numbers import first_day, is_possible

WATCHERS = ("COMPLIANCE_OFFICER", "PRIVACY_OFFICER")


class UnknownNumber(Exception):
    """No number of the law has this name."""


class TooEarly(Exception):
    """The day is today or over: what was decided by the number of today must stay explained by it."""


class NotPossible(Exception):
    """A number of this unit cannot have this value."""


class SameValue(Exception):
    """The number has this value on that day already."""


@transaction.atomic
def set_legal_number(*, name: str, value: int, starts_on: date, reason: str, by: Staff, at: datetime) -> LegalNumber:
    """Let a number of the law have another value from a day on, tomorrow at the earliest, and tell all who watch it.

    One person sets it; the others learn it at once and have the time until that day to set it back (README, decision).
    A value that is planned already is followed by this one. Raises UnknownNumber, TooEarly, NotPossible, SameValue.
    """
    if name not in NUMBERS:
        raise UnknownNumber(name)
    if starts_on < first_day(timezone.localdate(at)):
        raise TooEarly
    if not is_possible(value, NUMBERS[name].unit):
        raise NotPossible
    if numbers_on(starts_on)[name] == value:
        raise SameValue
    said = without_resident_numbers(reason.strip())
    made = LegalNumber.objects.create(name=name, value=value, starts_on=starts_on, reason=said, set_by=by, set_at=at)
    watchers = Staff.objects.filter(groups__name__in=WATCHERS, is_active=True).exclude(pk=by.pk).distinct()
    notify(
        staff=watchers.order_by("pk"),
        kind="LEGAL_NUMBER_SET",
        at=at,
        what={"by": by.name, "day": starts_on.isoformat()},
        url=f"{reverse('consent:number-list')}#{name}",
    )
    return made
