"""Source records out of the database as the matching engine reads them: by binary COPY, a million in a second."""

from __future__ import annotations

import numpy as np
from django.db import connection

from customers.dedup.records import Records, Rows, Rulings
from customers.services.copying import OtherWidth, read_columns
from customers.standard.matching import MATCH_RECORD

ROW = {"id": ">i8", "source": ">i8", "customer": ">i8", "is_fresh": "u1", "keys": MATCH_RECORD}
COLUMNS = "record.id, record.source_id, coalesce(link.customer_id, 0), {is_fresh}, record.match_keys"
TOUCHED = f"""
SELECT {COLUMNS.format(is_fresh="touched.is_fresh")}
FROM touched_record touched
JOIN customers_sourcerecord record USING (id)
LEFT JOIN customers_link link ON link.record_id = record.id
"""  # noqa: S608 - words of our own
WHOLE_STOCK = f"""
SELECT {COLUMNS.format(is_fresh="true")}
FROM customers_sourcerecord record LEFT JOIN customers_link link ON link.record_id = record.id
"""  # noqa: S608 - words of our own
RULINGS = """
SELECT ruling.left_id, ruling.right_id, ruling.answer = 'SAME' FROM customers_ruling ruling
WHERE withdrawn_at IS NULL AND (ends_on IS NULL OR ends_on >= current_date) ORDER BY ruling.id
"""


class OldForms(Exception):
    """Some records were standardised by an older Hannun, and hold what this engine cannot read; `manage.py setup`
    renews them."""


def read_touched() -> Records:
    """The records of the temporary table `touched_record`, by id."""
    return _read(TOUCHED)


def read_stock() -> Records:
    """Every source record, by id, all of them as if they were new."""
    return _read(WHOLE_STOCK)


def _read(query: str) -> Records:
    try:
        found = read_columns(query, ROW)
    except OtherWidth:
        raise OldForms from None
    ids = found["id"].astype(np.int64)
    if not (ids[1:] > ids[:-1]).all():
        found = found[np.argsort(ids)]
        ids = found["id"].astype(np.int64)
    return Records(
        ids=ids,
        source=found["source"].astype(np.int64),
        customer=found["customer"].astype(np.int64),
        is_fresh=found["is_fresh"].astype(bool),
        rows=Rows.of(found["keys"]),
    )


def rulings_within(ids: np.ndarray) -> Rulings:
    """The rulings in force on pairs of these records, as row numbers. ids: ascending."""
    with connection.cursor() as cursor:
        cursor.execute(RULINGS)
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 3)
    place = np.searchsorted(ids, rows[:, :2]) if len(ids) else np.zeros((len(rows), 2), np.int64)
    held = (ids[np.minimum(place, len(ids) - 1)] == rows[:, :2]).all(axis=1) if len(ids) else np.zeros(len(rows), bool)
    left, right, same = place[held, 0], place[held, 1], rows[held, 2] == 1
    return Rulings(same=(left[same], right[same]), different=(left[~same], right[~same]))
