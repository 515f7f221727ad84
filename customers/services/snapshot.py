"""Source records out of the database as the matching engine reads them: by binary COPY, a million in a second."""

from __future__ import annotations

import numpy as np
from django.db import connection

from customers.dedup.blocks import packed_pairs
from customers.dedup.records import Records, Rows, Rulings
from customers.services.copying import OtherWidth, read_arrays
from customers.standard.matching import MATCH_RECORD

ROW = {"id": ">i8", "source": ">i8", "is_fresh": "u1", "keys": MATCH_RECORD}
LINK = {"record": ">i8", "customer": ">i8"}
# Records and links come one after the other and meet in arrays: as a join they take four times as long.
TOUCHED = """
SELECT record.id, record.source_id, touched.is_fresh, record.match_keys
FROM touched_record touched JOIN customers_sourcerecord record USING (id)
"""
LINKS_OF_TOUCHED = """
SELECT link.record_id, link.customer_id
FROM touched_record touched JOIN customers_link link ON link.record_id = touched.id
"""
WHOLE_STOCK = "SELECT id, source_id, true, match_keys FROM customers_sourcerecord WHERE withdrawn_at IS NULL"
ALL_LINKS = "SELECT record_id, customer_id FROM customers_link"
# A ruling on two customers that were kept apart holds between all their records of then. The newest counts.
RULINGS = """
SELECT l.id, r.id, (ruling.answer = 'SAME')::int, coalesce(ruling.pattern, -1)
FROM customers_ruling ruling, unnest(ruling.left_id || ruling.left_also) AS l(id),
    unnest(ruling.right_id || ruling.right_also) AS r(id)
WHERE withdrawn_at IS NULL AND (starts_on IS NULL OR starts_on <= current_date)
    AND (ends_on IS NULL OR ends_on >= current_date)
ORDER BY ruling.id, l.id, r.id
"""


class OldForms(Exception):
    """Some records were standardised by an older Hannun, and hold what this engine cannot read; `manage.py setup`
    renews them."""


def read_touched() -> Records:
    """The records of the temporary table `touched_record`, by id."""
    return _read(TOUCHED, LINKS_OF_TOUCHED)


def read_stock() -> Records:
    """Every source record, by id, all of them as if they were new."""
    return _read(WHOLE_STOCK, ALL_LINKS)


def _read(query: str, links_query: str) -> Records:
    try:
        found = read_arrays(query, ROW, serial="id")
    except OtherWidth:
        raise OldForms from None
    ids = found["id"].astype(np.int64)
    if not (ids[1:] > ids[:-1]).all():
        found = found[np.argsort(ids, kind="stable")]  # they nearly ascend, which it makes use of
        ids = found["id"].astype(np.int64)
    return Records(
        ids=ids,
        source=found["source"].astype(np.int64),
        customer=_customers_of(ids, read_arrays(links_query, LINK, serial="record")),
        is_fresh=found["is_fresh"].astype(bool),
        rows=Rows.of(found["keys"]),
    )


def _customers_of(ids: np.ndarray, links: np.ndarray) -> np.ndarray:
    """The customer of each record, 0 for one that is not linked. ids: ascending."""
    customer = np.zeros(len(ids), np.int64)
    if len(ids):
        record = links["record"].astype(np.int64)
        place = np.minimum(np.searchsorted(ids, record), len(ids) - 1)
        held = ids[place] == record
        customer[place[held]] = links["customer"][held]
    return customer


def rulings_within(ids: np.ndarray) -> Rulings:
    """The rulings in force on pairs of these records, as row numbers. ids: ascending."""
    with connection.cursor() as cursor:
        cursor.execute(RULINGS)
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 4)
    place = np.searchsorted(ids, rows[:, :2]) if len(ids) else np.zeros((len(rows), 2), np.int64)
    held = (ids[np.minimum(place, len(ids) - 1)] == rows[:, :2]).all(axis=1) if len(ids) else np.zeros(len(rows), bool)
    left, right, same, known = place[held, 0], place[held, 1], rows[held, 2] == 1, rows[held, 3]
    sides = {}
    for name, which in (("same", same), ("different", ~same)):
        newest = _newest(left[which], right[which])
        sides[name] = (left[which][newest], right[which][newest])
        sides[f"{name}_known"] = known[which][newest]
    return Rulings(**sides)


def _newest(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Where each pair stands last, in order of these places."""
    from_behind = packed_pairs(left, right)[::-1]
    return np.sort(len(left) - 1 - np.unique(from_behind, return_index=True)[1])
