"""Writing what the engine decided: only links that change, customers that come and go, and the pairs for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection

from customers.dedup.blocking import unique_sorted
from customers.dedup.engine import REASONS, RULES, Linking
from customers.dedup.plan import plan_of
from customers.dedup.records import Records
from customers.merging import absorb
from customers.models import Act, Customer
from customers.services.acting import begin_act
from customers.services.copying import copy_columns

# One stride over the sequence instead of a million steps; only the holder of the golden lock gives out numbers.
NEW_IDS = """
SELECT setval(sequence, nextval(sequence) + %s - 1) FROM CAST(pg_get_serial_sequence(%s, 'id') AS regclass) sequence
"""
CREATE_MOVED = (
    "CREATE TEMP TABLE moved_link (record_id bigint, customer_id bigint, rule text, weight float8, "
    "evidence_record_id bigint, pattern bigint) ON COMMIT DROP"
)
MOVE = """
UPDATE customers_link link
SET customer_id = moved.customer_id, rule = moved.rule, pattern = nullif(moved.pattern, -1),
    weight = CASE WHEN moved.pattern >= 0 THEN moved.weight END,
    evidence_record_id = nullif(moved.evidence_record_id, -1), model_version = %s, linked_by_id = NULL, linked_at = %s
FROM moved_link moved WHERE link.record_id = moved.record_id
"""
CREATE_TOUCHED_CUSTOMER = (
    "CREATE TEMP TABLE IF NOT EXISTS touched_customer (id bigint PRIMARY KEY, is_new boolean) ON COMMIT DROP"
)
# For a million customers: the key comes when they are in.
CREATE_TOUCHED_ANEW = "CREATE TEMP TABLE touched_customer (id bigint, is_new boolean) ON COMMIT DROP"
KEY_OF_TOUCHED = "ALTER TABLE touched_customer ADD PRIMARY KEY (id)"
CREATE_FOUND = (
    "CREATE TEMP TABLE found_pair (left_id bigint, right_id bigint, reason text, weight float8, pattern bigint) "
    "ON COMMIT DROP"
)
ADD_PAIRS = """
INSERT INTO customers_pair (
    left_id, right_id, reason, state, weight, pattern, contradicts_id, model_version, found_at, overtaken_by
)
SELECT left_id, right_id, reason, 'OPEN', weight, pattern,
    CASE WHEN reason = 'CONTRADICTED' THEN (
        SELECT max(ruling.id) FROM customers_ruling ruling
        WHERE ruling.withdrawn_at IS NULL
            AND (found.left_id = ANY(ruling.left_id || ruling.left_also)
                AND found.right_id = ANY(ruling.right_id || ruling.right_also)
                OR found.right_id = ANY(ruling.left_id || ruling.left_also)
                AND found.left_id = ANY(ruling.right_id || ruling.right_also))
    ) END, %s, %s, ''
FROM found_pair found ORDER BY left_id, right_id
ON CONFLICT (left_id, right_id) DO UPDATE
SET reason = excluded.reason, weight = excluded.weight, pattern = excluded.pattern, state = 'OPEN', closed_at = NULL,
    model_version = excluded.model_version, contradicts_id = excluded.contradicts_id, overtaken_by = '', worth = NULL
WHERE customers_pair.state = 'OVERTAKEN'
    OR customers_pair.state = 'OPEN' AND customers_pair.pattern IS DISTINCT FROM excluded.pattern
    OR excluded.reason = 'CONTRADICTED' AND customers_pair.state IN ('SAME', 'DIFFERENT')
RETURNING xmax = 0
"""
NEWEST_PAIR = "SELECT coalesce(max(id), 0) FROM customers_pair"
# A pair is overtaken when its records have become one customer, or when a new look at it finds too little in common,
# never by the look that found it: those are not joined with the links, of which there may be millions.
# One that speaks against a decision for one customer is open although its records are one customer.
CLOSE_PAIRS = """
UPDATE customers_pair pair SET state = 'OVERTAKEN', closed_at = %s, assigned_to_id = NULL, assigned_at = NULL,
    overtaken_by = CASE WHEN one.customer_id = other.customer_id THEN 'JOINED' ELSE 'CHANGED' END
FROM customers_link one, customers_link other
WHERE pair.state = 'OPEN' AND pair.id <= %s AND one.record_id = pair.left_id AND other.record_id = pair.right_id
    AND (one.customer_id = other.customer_id AND NOT EXISTS (
            SELECT FROM customers_ruling held WHERE held.id = pair.contradicts_id AND held.answer = 'SAME'
        )
        OR NOT EXISTS (
            SELECT FROM found_pair found WHERE (found.left_id, found.right_id) = (pair.left_id, pair.right_id)
        ))
"""
# Of two old records nothing new is known, but a new one may have brought them together.
OF_TOUCHED = """
    AND pair.id IN (
        SELECT looked.id FROM customers_pair looked
        JOIN touched_record one ON one.id = looked.left_id JOIN touched_record other ON other.id = looked.right_id
        WHERE one.is_fresh OR other.is_fresh
            OR looked.contradicts_id IS NULL AND EXISTS (
                SELECT FROM customers_link own JOIN customers_link its USING (customer_id)
                WHERE own.record_id = looked.left_id AND its.record_id = looked.right_id
            )
    )
"""


@dataclass(frozen=True)
class LinkCounts:
    """What linking did: records linked and moved, customers made and merged, pairs left for review."""

    records: int = 0
    records_moved: int = 0
    customers_created: int = 0
    customers_merged: int = 0
    pairs_found: int = 0


def write_linking(
    records: Records, linking: Linking, *, model_version: int, at: datetime, is_whole_stock: bool
) -> LinkCounts:
    """Write a linking of these records, which hold every record of each customer among them.

    Unless they are the whole stock, they are those of the temporary table `touched_record`. Fills the temporary table
    `touched_customer (id, is_new)` for the projection that must follow in the same transaction: customers that gained
    or lost a record, and those of fresh records, whose values may differ now.
    """
    plan = plan_of(records, linking.group)
    new = new_customer_ids(plan.created)
    customer = plan.with_ids(new)
    if plan.merges:  # first of all, so that what follows a customer into another one is noted
        absorb(merges=plan.merges, at=at, act=begin_act(kind=Act.Kind.MERGE, by=None, at=at, version=model_version))
    _add_links(records, linking, customer, plan.unlinked, model_version, at)
    _move_links(records, linking, customer, plan.moved, model_version, at)
    left = records.customer[plan.moving & ~plan.is_retired]
    touched = np.concatenate([customer[plan.unlinked | plan.moved], left])
    if not is_whole_stock:
        touched = np.concatenate([touched, customer[records.is_fresh]])
    _note_touched(unique_sorted(touched), new, begins_anew=is_whole_stock)
    pairs = _write_pairs(records, linking, model_version, at, is_whole_stock)
    return LinkCounts(**plan.counts(), pairs_found=pairs)


def new_customer_ids(count: int) -> np.ndarray:
    """Serials for new customers, ascending; never given out twice, even when this transaction fails."""
    if not count:
        return np.empty(0, np.int64)
    with connection.cursor() as cursor:
        cursor.execute(NEW_IDS, [int(count), Customer._meta.db_table])
        last = cursor.fetchone()[0]
    return np.arange(last - count + 1, last + 1)


def _add_links(
    records: Records, linking: Linking, customer: np.ndarray, which: np.ndarray, version: int, at: datetime
) -> None:
    rule = _rules(linking)
    for code in np.unique(rule[which]).tolist():
        for has_evidence in (True, False):
            rows = np.flatnonzero(which & (rule == code) & ((linking.evidence >= 0) == has_evidence))
            if not len(rows):
                continue
            is_reckoned = has_evidence and RULES[code] != "RULED"
            columns = {
                "record_id": records.ids[rows],
                "customer_id": customer[rows],
                "rule": RULES[code],
                "model_version": np.full(len(rows), version, np.int32),
                "weight": linking.weight[rows] if is_reckoned else None,
                "pattern": linking.pattern[rows] if is_reckoned else None,
                "evidence_record_id": records.ids[linking.evidence[rows]] if has_evidence else None,
                "linked_at": at,
            }
            copy_columns("customers_link", columns)


def _rules(linking: Linking) -> np.ndarray:
    """Index into RULES per record, the first record of every customer as FIRST."""
    rule = linking.rule.copy()
    first = np.unique(linking.group, return_index=True)[1]
    alone = np.ones(len(rule), bool)
    alone[first] = False
    rule[alone & (rule == 0)] = RULES.index("MODEL")
    rule[first] = RULES.index("FIRST")
    return rule


def _move_links(
    records: Records, linking: Linking, customer: np.ndarray, which: np.ndarray, version: int, at: datetime
) -> None:
    rows = np.flatnonzero(which)
    if not len(rows):
        return
    rule = _rules(linking)
    evidence = np.where(linking.evidence[rows] >= 0, records.ids[linking.evidence[rows]], -1)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS moved_link")
        cursor.execute(CREATE_MOVED)
        for code in np.unique(rule[rows]).tolist():
            of_code = rule[rows] == code
            copy_columns(
                "moved_link",
                {
                    "record_id": records.ids[rows][of_code],
                    "customer_id": customer[rows][of_code],
                    "rule": RULES[code],
                    "weight": linking.weight[rows][of_code],
                    "evidence_record_id": evidence[of_code],
                    "pattern": linking.pattern[rows][of_code],
                },
            )
        cursor.execute(MOVE, [version, at])


def _note_touched(customers: np.ndarray, new: np.ndarray, *, begins_anew: bool) -> None:
    with connection.cursor() as cursor:
        if begins_anew:
            cursor.execute("DROP TABLE IF EXISTS touched_customer")
        cursor.execute(CREATE_TOUCHED_ANEW if begins_anew else CREATE_TOUCHED_CUSTOMER)
        is_new = np.isin(customers, new)
        for flag in (True, False):
            if (is_new == flag).any():
                copy_columns("touched_customer", {"id": customers[is_new == flag], "is_new": flag})
        if begins_anew:
            cursor.execute(KEY_OF_TOUCHED)
        cursor.execute("ANALYZE touched_customer")


def _write_pairs(records: Records, linking: Linking, version: int, at: datetime, is_whole_stock: bool) -> int:
    """Add the pairs for review, refresh those that stand, close those that are overtaken; returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS found_pair")
        cursor.execute(CREATE_FOUND)
        for code in np.unique(linking.reason).tolist():
            of_code = linking.review.only(linking.reason == code)
            copy_columns(
                "found_pair",
                {
                    "left_id": records.ids[of_code.left],
                    "right_id": records.ids[of_code.right],
                    "reason": REASONS[code],
                    "weight": of_code.weight,
                    "pattern": of_code.pattern,
                },
            )
        cursor.execute(NEWEST_PAIR)
        newest = cursor.fetchone()[0]
        cursor.execute(ADD_PAIRS, [version, at])
        added = sum(is_new for (is_new,) in cursor.fetchall())
        cursor.execute("ANALYZE found_pair")
        cursor.execute(CLOSE_PAIRS if is_whole_stock else CLOSE_PAIRS + OF_TOUCHED, [at, newest])
        return added
