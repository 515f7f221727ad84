"""What is not used of customers until a correction that they asked for is decided (신용정보법 제38조 제3항)."""

from __future__ import annotations

from collections.abc import Iterable

from consent.models import RightsItem, RightsRequest


def stopped_items(customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """{customer id: codes of items of the catalogue} of those who have any, in one query."""
    waiting = RightsItem.objects.filter(
        is_stopped=True,
        request__customer__in=list(customer_ids),
        request__state=RightsRequest.State.ACCEPTED,
    )
    found: dict[int, list[str]] = {}
    for customer, item in waiting.order_by("pk").values_list("request__customer", "item"):
        found.setdefault(customer, []).append(item)
    return found
