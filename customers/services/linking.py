"""Linking: from source records to customers, for one feed or for the whole stock, in sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from psycopg import sql

from customers.dedup import first
from customers.dedup.records import Records, unpack_keys
from customers.merging import absorb
from customers.models import Customer
from customers.services.locks import hold_golden
from customers.standard.record import MATCH_KEYS

KEY_BYTES = len(MATCH_KEYS) * 8
ROW = np.dtype(
    [
        ("columns", ">i2"),
        ("id_length", ">i4"),
        ("id", ">i8"),
        ("org_length", ">i4"),
        ("is_org", "u1"),
        ("customer_length", ">i4"),
        ("customer", ">i8"),
        ("fresh_length", ">i4"),
        ("is_fresh", "u1"),
        ("keys_length", ">i4"),
        ("keys", "u1", (KEY_BYTES,)),
    ]
)
COPY_HEADER_BYTES = 19
COPY_TRAILER_BYTES = 2
NULL = "\\N"

TOUCHED = """
CREATE TEMP TABLE touched_record ON COMMIT DROP AS
SELECT record.id, true AS is_fresh FROM customers_sourcerecord record
LEFT JOIN customers_link link ON link.record_id = record.id
WHERE {which} link.record_id IS NULL
"""
# Each key is asked for once: a source may send one number, or one name and birth date, with every row.
NEIGHBOURS = """
INSERT INTO touched_record (id, is_fresh)
WITH fresh AS MATERIALIZED (
    SELECT record.id, record.kind, record.rrn_index, record.ci_index, record.name_birth_key, record.mobile, record.crn,
           record.company_no
    FROM touched_record JOIN customers_sourcerecord record USING (id)
), near AS (
    SELECT record.id FROM (SELECT DISTINCT rrn_index FROM fresh) key
        JOIN customers_sourcerecord record USING (rrn_index)
    UNION SELECT record.id FROM (SELECT DISTINCT ci_index FROM fresh) key
        JOIN customers_sourcerecord record USING (ci_index)
    UNION SELECT record.id FROM (SELECT DISTINCT name_birth_key FROM fresh) key
        JOIN customers_sourcerecord record USING (name_birth_key)
    UNION SELECT record.id FROM (
            SELECT mobile, bool_or(name_birth_key IS NULL) AS is_vague FROM fresh WHERE mobile <> '' GROUP BY mobile
        ) key
        JOIN customers_sourcerecord record ON record.mobile = key.mobile AND record.mobile <> ''
        WHERE key.is_vague OR record.name_birth_key IS NULL
    UNION SELECT record.id FROM (SELECT DISTINCT company_no FROM fresh WHERE kind = 'ORG' AND company_no <> '') key
        JOIN customers_sourcerecord record ON record.company_no = key.company_no
            AND record.kind = 'ORG' AND record.company_no <> ''
    UNION SELECT record.id FROM (SELECT DISTINCT crn FROM fresh WHERE crn <> '') key
        JOIN customers_sourcerecord record ON record.crn = key.crn AND record.crn <> ''
), kin AS (
    SELECT id FROM near
    UNION SELECT other.record_id FROM (
            SELECT DISTINCT customer_id FROM near JOIN customers_link link ON link.record_id = near.id
        ) holder
        JOIN customers_link other USING (customer_id)
)
SELECT kin.id, false FROM kin WHERE NOT EXISTS (SELECT FROM touched_record touched WHERE touched.id = kin.id)
"""
READ = """
COPY (
    SELECT record.id, record.kind = 'ORG', coalesce(link.customer_id, 0), touched.is_fresh, record.match_keys
    FROM touched_record touched
    JOIN customers_sourcerecord record USING (id)
    LEFT JOIN customers_link link ON link.record_id = record.id
    ORDER BY record.id
) TO STDOUT (FORMAT binary)
"""
JOINED = [f"customers_{name}" for name in ("sourcerecord", "link", "customer", "contract", "contractparty")]
# Tables of 100 pages and more whose rows the planner believes to be none, or too few for the pages they fill.
OUTGROWN = """
SELECT relname FROM pg_class
WHERE relname = ANY(%(tables)s) AND relkind = 'r' AND pg_table_is_visible(oid) AND pg_relation_size(oid) > 100 * 8192
    AND (reltuples <= 0 OR pg_relation_size(oid) > 1.2 * relpages * 8192 OR reltuples < 2 * relpages)
ORDER BY relname
"""
CREATE_TOUCHED_CUSTOMER = (
    "CREATE TEMP TABLE IF NOT EXISTS touched_customer (id bigint PRIMARY KEY, is_new boolean) ON COMMIT DROP"
)
CUSTOMERS_OF_CONTRACTS = """
INSERT INTO touched_customer
WITH written AS (
    SELECT source_id, contract_no FROM customers_contract WHERE feed_run_id = %s
    UNION SELECT source_id, contract_no FROM customers_contractparty WHERE feed_run_id = %s
)
SELECT DISTINCT link.customer_id, false
FROM written
JOIN customers_contractparty party USING (source_id, contract_no)
JOIN customers_sourcerecord record
    ON record.source_id = party.source_id AND record.source_key = party.party_source_key
JOIN customers_link link ON link.record_id = record.id
"""


@dataclass(frozen=True)
class LinkCounts:
    """What linking did: records linked, customers made and merged, pairs left for review."""

    records: int = 0
    customers_created: int = 0
    customers_merged: int = 0
    pairs_found: int = 0


@transaction.atomic
def link_records(*, at: datetime, feed_run_id: int | None, whole_stock: bool = False) -> LinkCounts:
    """Link the records of a feed run with what is unlinked, or look again at the whole stock; note who was touched.

    Fills the temporary table `touched_customer (id, is_new)` for the projection that must follow in the same
    transaction.
    """
    know_sizes()
    hold_golden()
    with connection.cursor() as cursor:
        which = "true OR" if whole_stock else "record.feed_run_id = %s OR"
        cursor.execute("DROP TABLE IF EXISTS touched_record, touched_customer")
        cursor.execute(TOUCHED.format(which=which), [] if whole_stock else [feed_run_id])
        cursor.execute("ALTER TABLE touched_record ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE touched_record")
        cursor.execute(CREATE_TOUCHED_CUSTOMER)
        if _stock_is_larger(cursor):
            cursor.execute(NEIGHBOURS)
    records = _read_records()
    if not len(records):
        return LinkCounts()
    return _write(records, first.link(records), at)


def know_sizes() -> None:
    """Let the planner look again at tables that have outgrown what it knows of them, at the latest now.

    A first load, or one after a crash of the database, comes before any automatic ANALYZE: the joins that follow would
    be planned for empty tables and take hours.
    """
    with connection.cursor() as cursor:
        cursor.execute(OUTGROWN, {"tables": JOINED})
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


def note_customers_of_keys(*, source_id: int, keys: Sequence[str]) -> None:
    """Add the customers of these records to `touched_customer`."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE_TOUCHED_CUSTOMER)
        cursor.execute(
            "INSERT INTO touched_customer SELECT DISTINCT link.customer_id, false FROM customers_sourcerecord record "
            "JOIN customers_link link ON link.record_id = record.id "
            "WHERE record.source_id = %s AND record.source_key = ANY(%s) ON CONFLICT DO NOTHING",
            [source_id, list(keys)],
        )


def note_customers_of_contracts(*, feed_run_id: int) -> None:
    """Fill `touched_customer` with the customers of the contracts and parties that a feed run wrote."""
    know_sizes()
    hold_golden()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS touched_customer")
        cursor.execute(CREATE_TOUCHED_CUSTOMER)
        cursor.execute(CUSTOMERS_OF_CONTRACTS, [feed_run_id, feed_run_id])
        cursor.execute("ANALYZE touched_customer")


def _stock_is_larger(cursor: object) -> bool:
    """Whether there are records beyond those touched, among which neighbours might be."""
    cursor.execute(
        "SELECT EXISTS (SELECT FROM customers_sourcerecord record "
        "WHERE NOT EXISTS (SELECT FROM touched_record touched WHERE touched.id = record.id))"
    )
    return cursor.fetchone()[0]


def _read_records() -> Records:
    with connection.cursor() as cursor, cursor.copy(READ) as copy:
        content = b"".join(copy)
    count = (len(content) - COPY_HEADER_BYTES - COPY_TRAILER_BYTES) // ROW.itemsize
    rows = np.frombuffer(content, ROW, count, COPY_HEADER_BYTES)
    return Records(
        ids=rows["id"].astype(np.int64),
        is_org=rows["is_org"].astype(bool),
        customer=rows["customer"].astype(np.int64),
        is_fresh=rows["is_fresh"].astype(bool),
        keys=unpack_keys(np.ascontiguousarray(rows["keys"])),
    )


def _write(records: Records, linking: first.Linking, at: datetime) -> LinkCounts:
    groups = int(linking.group.max()) + 1
    survivor = np.full(groups, np.iinfo(np.int64).max)
    linked = records.customer > 0
    np.minimum.at(survivor, linking.group[linked], records.customer[linked])
    unlinked = ~linked
    is_new = survivor == np.iinfo(np.int64).max
    fresh_groups = np.unique(linking.group[unlinked & is_new[linking.group]])
    survivor[fresh_groups] = _new_customer_ids(len(fresh_groups))
    merges = _merges(records, linking, survivor)
    created = _write_links(records, linking, survivor, unlinked, at)
    if merges:
        absorb(merges=merges, at=at)
    touched = np.unique(survivor[linking.group[records.is_fresh]])
    touched = np.union1d(touched, np.array([into for _customer, into in merges], np.int64))
    _note_touched(touched, set(survivor[fresh_groups].tolist()))
    pairs = _write_pairs(records, linking, at)
    return LinkCounts(created, len(fresh_groups), len(merges), pairs)


def _new_customer_ids(count: int) -> np.ndarray:
    """Serials for new customers, ascending; never given out twice, even when this transaction fails."""
    table = Customer._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, int(count)]
        )
        return np.sort(np.array([serial for (serial,) in cursor.fetchall()], np.int64))


def _merges(records: Records, linking: first.Linking, survivor: np.ndarray) -> list[tuple[int, int]]:
    """Customers that turned out to be one with an older one: (customer, into)."""
    moved = (records.customer > 0) & (records.customer != survivor[linking.group])
    pairs = np.unique(np.stack([records.customer[moved], survivor[linking.group[moved]]], axis=1), axis=0)
    return [(int(customer), int(into)) for customer, into in pairs]


def _write_links(
    records: Records, linking: first.Linking, survivor: np.ndarray, unlinked: np.ndarray, at: datetime
) -> int:
    rows = np.flatnonzero(unlinked)
    evidence = linking.evidence[rows]
    evidence_ids = np.where(evidence >= 0, records.ids[evidence], -1).tolist()
    ids, customers = records.ids[rows].tolist(), survivor[linking.group[rows]].tolist()
    rules = linking.rule[rows].tolist()
    tail = f"\t{first.RULE_VERSION}\t{at.isoformat()}\n"
    first_of_group = _first_rows(linking.group)[rows].tolist()
    lines = [
        f"{record}\t{customer}\t{'FIRST' if is_first else first.RULES[rule]}\t"
        f"{other if other >= 0 and not is_first else NULL}{tail}"
        for record, customer, rule, other, is_first in zip(
            ids, customers, rules, evidence_ids, first_of_group, strict=True
        )
    ]
    statement = (
        "COPY customers_link (record_id, customer_id, rule, evidence_record_id, rule_version, linked_at) FROM STDIN"
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines).encode())
    return len(lines)


def _first_rows(group: np.ndarray) -> np.ndarray:
    """Whether a record is the first of its group."""
    result = np.zeros(len(group), bool)
    result[np.unique(group, return_index=True)[1]] = True
    return result


def _note_touched(customers: np.ndarray, new: set[int]) -> None:
    lines = [f"{customer}\t{'t' if customer in new else 'f'}\n" for customer in customers.tolist()]
    with connection.cursor() as cursor:
        with cursor.copy("COPY touched_customer FROM STDIN") as copy:
            copy.write("".join(lines).encode())
        cursor.execute("ANALYZE touched_customer")


def _write_pairs(records: Records, linking: first.Linking, at: datetime) -> int:
    pairs = linking.pairs
    left, right = records.ids[pairs.left].tolist(), records.ids[pairs.right].tolist()
    reasons = [first.REASONS[code] for code in pairs.code.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS found_pair (left_id bigint, right_id bigint, reason text) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE found_pair")
        with cursor.copy("COPY found_pair FROM STDIN") as copy:
            copy.write("".join(f"{a}\t{b}\t{c}\n" for a, b, c in zip(left, right, reasons, strict=True)).encode())
        cursor.execute(
            "INSERT INTO customers_pair (left_id, right_id, reason, state, found_at) "
            "SELECT left_id, right_id, reason, 'OPEN', %s FROM found_pair ORDER BY left_id, right_id "
            "ON CONFLICT (left_id, right_id) DO NOTHING",
            [at],
        )
        return cursor.rowcount
