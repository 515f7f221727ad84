"""Whom the company makes keeper of customers; the golden customer follows at once, and scope with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Staff
from customers.models import Keeping
from customers.services.locks import hold_golden
from customers.services.projection import project_again

KEEP = """
INSERT INTO customers_keeping (customer_id, keeper_id, branch_id, since)
SELECT customer_id, keeper_id, nullif(branch_id, ''), %s
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS assigned(customer_id, keeper_id, branch_id)
ON CONFLICT (customer_id)
DO UPDATE SET keeper_id = excluded.keeper_id, branch_id = excluded.branch_id, since = excluded.since
"""


@transaction.atomic
def assign_keepers(*, rows: Sequence[tuple[int, str, str]], at: datetime, by: Staff | None) -> int:
    """Make staff the keepers of customers, against whatever the sources say; returns how many customers changed.

    rows: (customer id, employee number, branch code or '' to leave the branch to the sources). Waits for other writers
    of golden customers; call it last in a transaction.
    """
    hold_golden()
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [at, *columns])
    return project_again(customer_ids=columns[0], at=at, by=by)


@transaction.atomic
def release_keepers(*, customer_ids: Iterable[int], at: datetime, by: Staff | None) -> int:
    """Let the sources say again who keeps these customers; returns how many customers changed."""
    hold_golden()
    ids = sorted(set(customer_ids))
    Keeping.objects.filter(customer__in=ids).delete()
    return project_again(customer_ids=ids, at=at, by=by)
