"""Holds and uses of separated data as people look at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Staff
from consent.models import Hold, SeparatedUse
from consent.rules.roles_end import add_months
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, prepare, read

SOON_DAYS = 14
USES_MONTHS = 36


@dataclass(frozen=True)
class HoldLine:
    """A hold in a list. days: until it is looked at again, below 0 when that is late."""

    hold: Hold
    number: str
    name: str
    url: str
    days: int
    tone: str

    @property
    def late_days(self) -> int:
        return -self.days


@dataclass(frozen=True)
class UseLine:
    """A look at separated data."""

    use: SeparatedUse
    number: str
    url: str


def holds_of(viewer: Staff, state: str, day: date) -> QuerySet[Hold]:
    """Holds on customers that the reader may see: those in force, `late` ones to be looked at, or `released` ones."""
    rows = Hold.objects.filter(customer__in=Customer.objects.visible_to(viewer))
    if state == "released":
        return rows.filter(released_at__isnull=False)
    rows = rows.filter(released_at=None)
    return rows.filter(review_on__lte=day) if state == "late" else rows


def hold_lines(holds: Iterable[Hold], viewer: Staff, day: date) -> list[HoldLine]:
    """Holds in words; holds: with customer and who placed them."""
    rows = list(holds)
    prepare(viewer, [hold.customer for hold in rows])
    return [_hold_line(hold, viewer, day) for hold in rows]


def holds_on(customer: Customer) -> list[Hold]:
    """The holds in force on one customer, the one that is looked at first first."""
    standing = Hold.objects.filter(customer=customer, released_at=None).select_related("placed_by")
    return list(standing.order_by("review_on", "pk"))


def uses(*, told: str, day: date) -> QuerySet[SeparatedUse]:
    """Looks at separated data of the last three years; told: `no` for those of which the customer was not told."""
    rows = SeparatedUse.objects.filter(used_at__date__gte=add_months(day, -USES_MONTHS))
    return rows.filter(told_at=None) if told == "no" else rows


def use_lines(rows: Iterable[SeparatedUse]) -> list[UseLine]:
    """Looks in words; rows: with customer and who looked."""
    return [UseLine(use, written_number(use.customer.number), use.customer.get_absolute_url()) for use in rows]


def _hold_line(hold: Hold, viewer: Staff, day: date) -> HoldLine:
    days = (hold.review_on - day).days
    tone = "red" if days <= 0 else "yellow" if days <= SOON_DAYS else "secondary"
    return HoldLine(
        hold=hold,
        number=written_number(hold.customer.number),
        name=read(hold.customer, viewer, Place.LIST)["name"].text,
        url=hold.customer.get_absolute_url(),
        days=days,
        tone="secondary" if hold.released_at else tone,
    )
