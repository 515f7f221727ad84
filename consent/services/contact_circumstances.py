"""What stands against contacting a customer for a time: recorded by people or sent by systems, each message once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent.models import Channel, Circumstance
from consent.services.contact_refusals import hold_customer
from customers.models import Customer


class AlreadyRecorded(Exception):
    """The same stands already. circumstance: that which stands."""

    def __init__(self, circumstance: Circumstance) -> None:
        super().__init__(circumstance.pk)
        self.circumstance = circumstance


class StartsLater(Exception):
    """It is said to begin in the future."""


class ChannelWrong(Exception):
    """Which contact point is dead is not said; or a channel is, of what concerns all of them."""


class EndsWrong(Exception):
    """It would end before it began, or in the future."""


class AlreadyEnded(Exception):
    """It is over already."""


@transaction.atomic
def record_circumstance(
    *,
    customer: Customer,
    kind: str,
    channel: str = Channel.ANY,
    reference: str = "",
    started_on: date,
    by: Staff | None,
    at: datetime,
) -> Circumstance:
    """Record a death, an open complaint or claim, or a contact point that does not reach the customer.

    reference: of the sender, such as the number of the complaint. Raises AlreadyRecorded, StartsLater, ChannelWrong,
    consent.services.contact_refusals.NotHere, ValueError.
    """
    kind, channel = Circumstance.Kind(kind), Channel(channel)
    if (kind == Circumstance.Kind.DEAD_CONTACT) == (channel == Channel.ANY):
        raise ChannelWrong
    if started_on > timezone.localdate(at):
        raise StartsLater
    customer = hold_customer(customer)
    same = {"kind": kind, "channel": channel, "reference": without_resident_numbers(reference.strip())}
    standing = Circumstance.objects.filter(customer=customer, ended_at=None, **same).first()
    if standing is not None:
        raise AlreadyRecorded(standing)
    return Circumstance.objects.create(customer=customer, started_on=started_on, recorded_by=by, recorded_at=at, **same)


@transaction.atomic
def end_circumstance(*, circumstance: Circumstance, ended_on: date, by: Staff | None, at: datetime) -> Circumstance:
    """Record that a circumstance is over, or that it was a mistake. Raises AlreadyEnded, EndsWrong."""
    circumstance = Circumstance.objects.select_for_update().get(pk=circumstance.pk)
    if circumstance.ended_at is not None:
        raise AlreadyEnded
    if not circumstance.started_on <= ended_on <= timezone.localdate(at):
        raise EndsWrong
    circumstance.ended_on, circumstance.ended_by, circumstance.ended_at = ended_on, by, at
    circumstance.save(update_fields=["ended_on", "ended_by", "ended_at"])
    return circumstance
