"""The conditions of search and list, each written so that one index answers it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Right

from customers.querysets import CustomerQuerySet

LAST = "\U0010ffff"  # no text with the same beginning sorts after it, in the order of code points


def starting_with(column: str, prefixes: Iterable[str]) -> Q:
    """Rows whose column begins with one of the prefixes, as ranges of the column's index."""
    found = Q()
    for prefix in prefixes:
        found |= Q(**{f"{column}__gte": prefix, f"{column}__lt": prefix + LAST})
    return found


def named(customers: CustomerQuerySet, names: Iterable[str], initials: str) -> CustomerQuerySet:
    """Customers by prefixes of the sorted name, by initial consonants, or by both at once (김ㅊㅅ)."""
    names = tuple(names)
    if names:
        customers = customers.filter(starting_with("sort_name", names))
    return customers.filter(starting_with("initials", [initials])) if initials else customers


def with_phone_tail(customers: CustomerQuerySet, digits: str) -> CustomerQuerySet:
    """Customers whose mobile or home phone ends in these digits, at least four."""
    tails = customers.alias(mobile_tail=Right("mobile", 4), home_tail=Right("phone_home", 4))
    mobile, home = Q(mobile_tail=digits[-4:]), Q(home_tail=digits[-4:]) & ~Q(phone_home="")
    if len(digits) > 4:
        mobile, home = mobile & Q(mobile__endswith=digits), home & Q(phone_home__endswith=digits)
    return tails.filter(mobile | home)
