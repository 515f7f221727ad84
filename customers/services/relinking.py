"""Records that the engine looks at once more, because what people ruled about them has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from customers.services import linking, projection
from customers.services.events import record_events


@transaction.atomic
def link_anew(*, record_ids: Sequence[int], at: datetime, by: Staff | None = None) -> None:
    """Link these records and whatever they touch by the rules and rulings of now, with their golden values. Call it
    last in a transaction. by: whom the history names."""
    linking.link_records(at=at, feed_run_id=None, record_ids=record_ids)
    _counts, events = projection.project_customers(at=at, by=by)
    record_events(events=events, at=at)
