"""The golden values of the whole stock chosen again, block by block, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.cache import cache
from django.db import connection, transaction

from customers.models import Customer
from customers.services.events import record_events
from customers.services.links import CREATE_TOUCHED_CUSTOMER
from customers.services.locks import hold_golden
from customers.services.projection import project_customers

BLOCK_CUSTOMERS = 200_000
PROGRESS_KEY = "golden-progress"
PROGRESS_SECONDS = 60 * 60
TOUCH_BLOCK = """
WITH touched AS (
    INSERT INTO touched_customer
    SELECT id, false FROM customers_customer WHERE state = 'ACTIVE' AND id > %s ORDER BY id LIMIT %s
    RETURNING id
)
SELECT max(id), count(*) FROM touched
"""


def project_stock(*, at: datetime, on_progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Choose every golden value again by the rules in use; returns how many customers changed.

    Running it again changes nothing more, so it may be cut off at any time. Others write between two blocks.
    """
    total = customers_in_all()
    changed = done = after = 0
    while True:
        with transaction.atomic():
            hold_golden()
            upto, size = touch_block(after, BLOCK_CUSTOMERS)
            if not size:
                break
            counts, events = project_customers(at=at)
            record_events(events=events, at=at)
        changed, done, after = changed + counts.customers_changed, done + size, upto
        cache.set(PROGRESS_KEY, (done, max(done, total)), PROGRESS_SECONDS)
        on_progress(done, max(done, total))
    cache.delete(PROGRESS_KEY)
    return changed


def stock_progress() -> tuple[int, int] | None:
    """(customers done, customers in all) while `project_stock` is at work; None otherwise."""
    return cache.get(PROGRESS_KEY)


def customers_in_all() -> int:
    """How many customers there are whose values can be chosen."""
    return Customer.objects.filter(state=Customer.State.ACTIVE).count()


def touch_block(after: int, most: int) -> tuple[int, int]:
    """Make `touched_customer` hold the next customers behind the id `after`; returns the last id and how many."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS touched_customer")
        cursor.execute(CREATE_TOUCHED_CUSTOMER)
        cursor.execute(TOUCH_BLOCK, [after, most])
        upto, size = cursor.fetchone()
        cursor.execute("ANALYZE touched_customer")
    return upto or after, size
