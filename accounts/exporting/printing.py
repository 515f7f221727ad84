"""What was on a page that somebody prints: whose data the trail says it showed them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import AccessEntry, Staff


def customers_on_page(staff: Staff, page: str, target: str, *, at: datetime) -> list[int]:
    """Ids of the customers that the page showed `staff` last, today or yesterday. page, target: as in entries."""
    today = timezone.localdate(at)
    entries = AccessEntry.objects.of_staff(staff).between(today - timedelta(days=1), today)
    newest = entries.filter(page=page, target=target, result=200).newest_first().values_list("customers", flat=True)
    return newest.first() or []
