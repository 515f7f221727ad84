"""Rulings whose last day is over: the rules decide again about their records, and people about their pairs."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from customers.models import Ruling
from customers.services import locks
from customers.services.relinking import link_anew

# Their pairs are open before the records are linked anew, which closes those about which there is nothing to ask. What
# was decided is noted on them afterwards, for linking says only what speaks against a decision that still holds.
OPEN_PAIRS = """
UPDATE customers_pair pair SET state = 'OPEN', closed_at = NULL, overtaken_by = '', assigned_to_id = NULL,
    assigned_at = NULL, hold_until = NULL, worth = NULL
FROM customers_ruling ruling
WHERE ruling.id = ANY(%s) AND (pair.left_id, pair.right_id) = (ruling.left_id, ruling.right_id)
    AND pair.state IN ('SAME', 'DIFFERENT')
"""
NOTE_DECISIONS = """
UPDATE customers_pair pair SET contradicts_id = ruling.id
FROM customers_ruling ruling
WHERE ruling.id = ANY(%s) AND (pair.left_id, pair.right_id) = (ruling.left_id, ruling.right_id)
"""


@transaction.atomic
def end_rulings(*, at: datetime) -> list[int]:
    """Withdraw the rulings whose last day is over at `at`, in Korea; returns their ids. Safe to call at any time.

    Their pairs are open again with the ended ruling told, and their records are linked anew: what the rules join or
    find to have too little in common closes its pair as it does after a feed.
    """
    locks.hold_golden()
    over = Ruling.objects.filter(withdrawn_at=None, ends_on__lt=timezone.localdate(at))
    ended = list(over.select_for_update().order_by("pk"))
    if not ended:
        return []
    ids = [ruling.pk for ruling in ended]
    Ruling.objects.filter(pk__in=ids).update(withdrawn_at=at)
    _on_pairs(OPEN_PAIRS, ids)
    link_anew(record_ids=_records_of(ended), at=at)
    _on_pairs(NOTE_DECISIONS, ids)
    return ids


def _records_of(rulings: list[Ruling]) -> list[int]:
    held = ((each.left_id, each.right_id, *each.left_also, *each.right_also) for each in rulings)
    return sorted({record for records in held for record in records})


def _on_pairs(statement: str, rulings: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [rulings])
