"""Stops of contacts for the whole company: they hold from the next question on, since no answer is remembered (CO6)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.urls import reverse

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.services.notices import notify_role
from consent.models import Channel, ContactStop, Purpose

TOLD = ("COMPLIANCE_OFFICER", "PRIVACY_OFFICER")


class AlreadyStopped(Exception):
    """The same purpose and channel is stopped already."""


class AlreadyEnded(Exception):
    """The stop is over already."""


@transaction.atomic
def stop_contacts(
    *, purpose: Purpose | None, channel: str = Channel.ANY, reason: str, by: Staff, at: datetime
) -> ContactStop:
    """Let nobody be contacted for a purpose, or for any (None), by a channel or by all (`ANY`), from now on; those who
    watch over it are told. Raises AlreadyStopped, ValueError."""
    channel = Channel(channel)
    # There are few stops and this is rare: one writer at a time, so that the same is never stopped twice.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE consent_contactstop IN SHARE ROW EXCLUSIVE MODE")
    if ContactStop.objects.filter(purpose=purpose, channel=channel, ended_at=None).exists():
        raise AlreadyStopped
    stop = ContactStop.objects.create(
        purpose=purpose,
        channel=channel,
        reason=without_resident_numbers(reason.strip()),
        started_at=at,
        started_by=by,
    )
    _tell("CONTACTS_STOPPED", stop, by, at)
    return stop


@transaction.atomic
def end_stop(*, stop: ContactStop, because: str, by: Staff, at: datetime) -> ContactStop:
    """Let contacts be made again, for a reason; what did not go out meanwhile stays unsent. Raises AlreadyEnded."""
    stop = ContactStop.objects.select_for_update().get(pk=stop.pk)
    if stop.ended_at is not None:
        raise AlreadyEnded
    stop.ended_at, stop.ended_by = at, by
    stop.ended_because = without_resident_numbers(because.strip())
    stop.save(update_fields=["ended_at", "ended_by", "ended_because"])
    _tell("CONTACTS_STOP_ENDED", stop, by, at)
    return stop


def _tell(kind: str, stop: ContactStop, by: Staff, at: datetime) -> None:
    url = reverse("consent:stop-detail", args=[stop.pk])
    for role in TOLD:
        notify_role(role=role, kind=kind, at=at, what={"by": by.name}, url=url)
