"""Keyset pages of rows in the order in which they were made, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from customers.paging import PAGE_SIZE, is_id


@dataclass(frozen=True)
class OldestPage:
    """Rows from the oldest up. after, before: ids by which the neighbouring pages are asked for."""

    rows: tuple[Model, ...]
    after: str | None
    before: str | None


def oldest_page(rows: QuerySet, request: HttpRequest) -> OldestPage:
    """The page of rows behind the id `after` of the address, or of those just in front of `before`; else the oldest."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if is_back := is_id(before) and not is_id(after):
        rows = rows.filter(pk__lt=int(before)).order_by("-pk")
    elif is_id(after):
        rows = rows.filter(pk__gt=int(after)).order_by("pk")
    else:
        rows = rows.order_by("pk")
    found = list(rows[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_back:
        found.reverse()
    if not found:
        return OldestPage((), None, None)
    has_after = is_back or has_further
    has_before = has_further if is_back else is_id(after)
    return OldestPage(tuple(found), str(found[-1].pk) if has_after else None, str(found[0].pk) if has_before else None)
