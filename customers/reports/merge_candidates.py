"""Customers that may be the same as another one: whom a person may want to merge it with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats
from customers.models import Customer, Pair
from customers.reports.merges import Named, named
from customers.services.duplicates import check_duplicates

MOST_CANDIDATES = 10


@dataclass(frozen=True)
class Candidate:
    """A customer that may be the same as another one. why: what speaks for it, in words."""

    customer: Named
    why: str


def candidates_for(customer: Customer, viewer: Staff, at: datetime) -> tuple[Candidate, ...]:
    """Customers that may be the same one: those of its open pairs, the heaviest first, then those that the duplicate
    check finds. at: the instant of asking."""
    why = _of_pairs(customer)
    for other, reason in _of_check(customer, viewer, at):
        why.setdefault(other, reason)
    why.pop(customer.pk, None)
    visible = Customer.objects.visible_to(viewer).filter(state=Customer.State.ACTIVE, kind=customer.kind).in_bulk(why)
    shown = [pk for pk in why if pk in visible][:MOST_CANDIDATES]
    return tuple(Candidate(named(visible[pk], viewer), why[pk]) for pk in shown)


def _of_pairs(customer: Customer) -> dict[int, str]:
    """{customer: why its pair waits}"""
    own = customer.links.values("record")
    pairs = Pair.objects.filter(Q(left__in=own) | Q(right__in=own), state=Pair.State.OPEN)
    pairs = pairs.select_related("left__link", "right__link").only(
        *("reason", "weight", "left__link__customer", "right__link__customer")
    )
    found: dict[int, str] = {}
    for pair in pairs.order_by("-weight", "pk")[: 2 * MOST_CANDIDATES]:
        reason = _("An open pair: %(reason)s") % {"reason": pair.get_reason_display()}
        for side in (pair.left, pair.right):
            if hasattr(side, "link"):
                found.setdefault(side.link.customer_id, reason)
    return found


def _of_check(customer: Customer, viewer: Staff, at: datetime) -> Iterator[tuple[int, str]]:
    """(customer, why), as if the golden values had been typed in."""
    if customer.kind != "PERSON":
        return
    typed = {
        "name": customer.name,
        "birth_date": formats.day(customer.birth_date),
        **{item: getattr(customer, item) for item in ("mobile", "phone_home", "email", "address")},
    }
    for match in check_duplicates(record=typed, asked_by=viewer, at=at).matches:
        yield match.customer_id, _("The duplicate check finds it alike")
