"""What the number of a customer who is gone answers: since when, and no more, for there is no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats
from customers.models import Customer
from customers.numbering import written_number

STATES = (Customer.State.SEPARATED, Customer.State.DESTROYED)


@dataclass(frozen=True, slots=True)
class Gone:
    """A number whose customer is kept apart or destroyed. number: ten digits."""

    number: str
    is_destroyed: bool
    since: datetime

    @property
    def day(self) -> str:
        """The day on which the customer went."""
        return formats.day(self.since)

    @property
    def told(self) -> str:
        """Since when, in a sentence."""
        sentence = (
            _("The customer of the number %(number)s was destroyed on %(day)s.")
            if self.is_destroyed
            else _("The customer of the number %(number)s has been kept apart since %(day)s.")
        )
        return sentence % {"number": written_number(self.number), "day": self.day}


def gone_of(number: str) -> Gone | None:
    """Whether the customer of a number is gone; None where it is not, or there is no such number."""
    customer = Customer.objects.filter(number=number, state__in=STATES).first()
    if customer is None:
        return None
    is_destroyed = customer.state == Customer.State.DESTROYED
    return Gone(number, is_destroyed, customer.destroyed_at if is_destroyed else customer.separated_at)


def gone_for(number: str, viewer: Staff) -> Gone | None:
    """The same for somebody who may ask for any customer of the company.

    A number that is gone has no branch and no keeper any more. To all others it is like one that is not theirs, so that
    nobody learns from the answer which numbers were given out.
    """
    may_ask = viewer.has_perms(["customers.view_customer", "customers.view_every_customer"])
    return gone_of(number) if may_ask else None
