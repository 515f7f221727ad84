"""Whose data the words of an address are about, for the trail of changes, and for a search of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from customers.models import Customer
from customers.numbering import parse_customer_number


def of_number(words: Mapping[str, object]) -> set[int]:
    """The customer whose number stands in the address, and whom that one was merged into."""
    number = words.get("number")
    if not isinstance(number, str):
        return set()
    found = Customer.objects.filter(number=number).values_list("pk", "merged_into")
    return {customer for row in found for customer in row if customer is not None}


def of_written_number(words: Mapping[str, object]) -> set[int]:
    """The same for a number as people write it."""
    written = words.get("written")
    number = parse_customer_number(written) if isinstance(written, str) else None
    return of_number({"number": number}) if number else set()


def everyone_in(customer: Customer) -> list[int]:
    """Ids under which the trail may hold this customer: their own, and of those that were merged into them."""
    found = Customer.objects.filter(Q(pk=customer.pk) | Q(merged_into=customer.pk))
    return list(found.order_by("pk").values_list("pk", flat=True))
