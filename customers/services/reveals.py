"""Opening a masked value for a minute: for a purpose and a reason, matched with declared work, on the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db import transaction

from accounts.models import AccessEntry, Staff
from accounts.purposes import Purpose, purposes_of
from accounts.services.notices import notify
from accounts.trail import describe, saw
from customers import formats
from customers.declared_work import fitting_work
from customers.masking import without_resident_numbers
from customers.models import Customer, Reveal, SourceRecord
from customers.numbering import written_number
from customers.reading import TEXTS, Place, read
from customers.sealing import Sealer, place_of

SEALED: Mapping[str, str] = {"rrn": "rrn_sealed", "passport": "passport_sealed", "account_no": "account_sealed"}
"""{identifier: the column of a source record that holds it under seal}."""


class NotRevealable(Exception):
    """The rules of access do not let this person open the item of this customer for this purpose."""


class NothingHeld(Exception):
    """The customer has no value of the item."""


class TooManyToday(Exception):
    """The person has opened as many values as one may in a day."""


@dataclass(frozen=True)
class Revealed:
    """An opened value. It is shown once and kept nowhere; `repr` leaves it out, so that no log shows it."""

    text: str
    reveal: Reveal

    def __repr__(self) -> str:
        return f"Revealed({self.reveal!r})"


@transaction.atomic
def reveal_value(*, customer: Customer, item: str, purpose: Purpose, reason: str, by: Staff, at: datetime) -> Revealed:
    """Open the golden value of an item to `by`, note it with the declared work it fits, and tell the keeper.

    Raises NotRevealable, NothingHeld, TooManyToday, `customers.sealing.CannotOpen`.
    """
    if not may_reveal(customer, item, purpose, by):
        raise NotRevealable
    Staff.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once are counted one after the other
    if left_today(by, at) < 1:
        raise TooManyToday
    text = _value(customer, item)
    if not text:
        raise NothingHeld
    reason = without_resident_numbers(reason)
    describe(kind=AccessEntry.Kind.REVEAL, reason=reason, purpose=purpose)
    saw(customer.pk, items=[item])
    is_first = not _of_day(at).filter(customer=customer, staff=by).exists()
    work = fitting_work(by, customer, at.astimezone(formats.KOREA).date())
    made = Reveal.objects.create(
        customer=customer, item=item, staff=by, purpose=purpose, reason=reason, at=at, work=work.key if work else ""
    )
    if is_first:
        _tell_keeper(customer, by, at)
    return Revealed(text, made)


def may_reveal(customer: Customer, item: str, purpose: Purpose, staff: Staff) -> bool:
    """Whether the rules let `staff` open the item of this customer for this purpose, which must be one of theirs."""
    if purpose not in purposes_of(staff):
        return False
    return read(customer, staff, Place.PROFILE, purpose).decide(item).may_reveal


def left_today(staff: Staff, at: datetime) -> int:
    """How many values `staff` may still open until midnight in Korea."""
    return max(0, settings.REVEALS_PER_DAY - _of_day(at).filter(staff=staff).count())


def _of_day(at: datetime) -> object:
    """What was opened since the last midnight in Korea."""
    return Reveal.objects.filter(at__gte=datetime.combine(at.astimezone(formats.KOREA), time.min, formats.KOREA))


def _value(customer: Customer, item: str) -> str:
    """The golden value whole; an identifier from the record whose value won, of which the customer has the mask."""
    if item not in SEALED:
        return TEXTS[item](customer)
    won = customer.provenance.get(item)
    record = (
        SourceRecord.objects.filter(pk=won[0], link__customer=customer).select_related("source").first()
        if won
        else None
    )
    sealed = getattr(record, SEALED[item]) if record else None
    if sealed is None:
        return ""
    opened = Sealer(settings.KEYS).open(sealed, place_of(item, record.source.code, record.source_key))
    return f"{opened[:6]}-{opened[6:]}" if item == "rrn" and len(opened) == 13 else opened


def _tell_keeper(customer: Customer, by: Staff, at: datetime) -> None:
    keeper = Staff.objects.filter(employee_number=customer.keeper_id, is_active=True).exclude(pk=by.pk)
    what = {"by": by.employee_number, "number": written_number(customer.number), "day": formats.day(at)}
    notify(staff=keeper, kind="VALUE_REVEALED", at=at, what=what, url=customer.get_absolute_url())
