"""Duties: what members of staff are to look at because something changed after they had acted on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from customers.models import Duty


class NotYourDuty(Exception):
    """A duty is done by whom it was given to."""


class AlreadyDone(Exception):
    """The duty was marked as done before."""


@transaction.atomic
def finish_duty(*, duty: Duty, by: Staff, at: datetime) -> Duty:
    """Mark a duty as done. Raises NotYourDuty, AlreadyDone."""
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    if duty.staff_id != by.pk:
        raise NotYourDuty
    if duty.done_at is not None:
        raise AlreadyDone
    duty.done_at = at
    duty.save(update_fields=["done_at"])
    return duty
