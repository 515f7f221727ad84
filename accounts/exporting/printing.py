"""What was on a page that somebody prints: whose data the trail says it showed them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import AccessEntry, Staff

# A rest that failed may have been asked for again.
MOST_PARTS = 5


def customers_on_page(staff: Staff, page: str, target: str, *, at: datetime) -> list[int]:
    """Ids of the customers that the page showed `staff` last, today or yesterday. page, target: as in entries.

    Where others came into view after the page itself had been noted, they are a list beside it (`trail.carry_on`).
    """
    today = timezone.localdate(at)
    entries = AccessEntry.objects.of_staff(staff).between(today - timedelta(days=1), today)
    shown = entries.filter(page=page, target=target, result=200).newest_first().values_list("kind", "customers")
    newest = list(shown[:MOST_PARTS])
    kinds = [kind for kind, _customers in newest]
    own = kinds.index(AccessEntry.Kind.VIEW) if AccessEntry.Kind.VIEW in kinds else 0
    parts = (customers for _kind, customers in reversed(newest[: own + 1]))
    return list(dict.fromkeys(customer for customers in parts for customer in customers))
