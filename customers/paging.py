"""Keyset paging: a page is asked for by the customer after which, or before which, it begins. Never by an offset.

The address carries a customer number and no name, so that no personal data stands in logs of addresses.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Model, Q, QuerySet

from customers.models import Customer
from customers.querysets import CustomerQuerySet

PAGE_SIZE = 50
MOST_COUNTED = 10_000
SORTS = {"name": ("sort_name", "id"), "number": ("number", "id")}
DEFAULT_SORT = "name"
LONGEST_ID = 18  # digits; no id of the database has more


@dataclass(frozen=True)
class Page:
    """Customers in order. before, after: numbers by which the neighbouring pages are asked for, None where none is."""

    customers: tuple[Customer, ...]
    before: str | None
    after: str | None


def page_of(
    customers: CustomerQuerySet,
    *,
    scope: CustomerQuerySet,
    sort: str,
    is_descending: bool,
    after: str = "",
    before: str = "",
) -> Page:
    """The page behind the customer with number `after`, or in front of `before`; the first one where neither is known.

    scope: all that the reader may see, whatever the filters; no other customer is known, or the page would tell where
    its name stands among theirs. sort: a key of SORTS; another one is taken as the default.
    """
    keys = SORTS.get(sort, SORTS[DEFAULT_SORT])
    number = after or before
    edge = scope.filter(number=number).values_list(*keys).first() if number else None
    is_backwards = bool(before and not after and edge)
    reads_down = is_descending != is_backwards
    if edge:
        customers = customers.filter(_beyond(keys, edge, reads_down))
    ordered = customers.order_by(*(F(key).desc() if reads_down else F(key).asc() for key in keys))
    found = list(ordered[: PAGE_SIZE + 1])
    has_further, rows = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_backwards:
        rows.reverse()
    if not rows:
        return Page((), None, None)
    has_before = has_further if is_backwards else bool(edge)
    has_after = bool(edge) if is_backwards else has_further
    return Page(tuple(rows), rows[0].number if has_before else None, rows[-1].number if has_after else None)


def _beyond(keys: tuple[str, ...], edge: tuple[object, ...], reads_down: bool) -> Q:
    """Rows behind the edge: a range of the index by the first key, the second one parting its ties."""
    (first, second), (value, tie), beyond = keys, edge, "lt" if reads_down else "gt"
    return Q(**{f"{first}__{beyond}e": value}) & (
        Q(**{f"{first}__{beyond}": value}) | Q(**{f"{second}__{beyond}": tie})
    )


def bounded_count(rows: QuerySet) -> tuple[int, bool]:
    """How many there are, and whether that is all: nothing beyond 10,000 is counted."""
    count = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(count, MOST_COUNTED), count <= MOST_COUNTED


def is_id(text: str) -> bool:
    """Whether a word of an address can be the id of a row."""
    return text.isdecimal() and len(text) <= LONGEST_ID


@dataclass(frozen=True)
class NewestPage:
    """Rows from the newest down. older_than, newer_than: ids by which the neighbouring pages are asked for."""

    rows: tuple[Model, ...]
    older_than: str | None
    newer_than: str | None


@dataclass(frozen=True)
class OldestPage:
    """Rows from the oldest up. after, before: ids by which the neighbouring pages are asked for."""

    rows: tuple[Model, ...]
    after: str | None
    before: str | None


def newest_page(rows: QuerySet, *, older_than: str = "", newer_than: str = "") -> NewestPage:
    """The page of rows with lower ids than `older_than`, or of those just above `newer_than`; else the newest."""
    return NewestPage(*_by_id(rows, onward=older_than, back=newer_than, is_descending=True))


def oldest_page(rows: QuerySet, *, after: str = "", before: str = "") -> OldestPage:
    """The page of rows with higher ids than `after`, or of those just below `before`; else the oldest."""
    return OldestPage(*_by_id(rows, onward=after, back=before, is_descending=False))


def _by_id(
    rows: QuerySet, *, onward: str, back: str, is_descending: bool
) -> tuple[tuple[Model, ...], str | None, str | None]:
    """A page by ids, the id behind which the next one begins, and that in front of which the one before ends."""
    is_back = is_id(back) and not is_id(onward)
    reads_down = is_descending != is_back
    edge = back if is_back else onward
    if is_id(edge):
        rows = rows.filter(**{"pk__lt" if reads_down else "pk__gt": int(edge)})
    found = list(rows.order_by("-pk" if reads_down else "pk")[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_back:
        found.reverse()
    if not found:
        return (), None, None
    has_next = is_back or has_further
    has_before = has_further if is_back else is_id(onward)
    return tuple(found), str(found[-1].pk) if has_next else None, str(found[0].pk) if has_before else None
