"""Linking the records of a feed: they and whatever they touch, in sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from psycopg import sql

from customers.dedup.blocking import INDEXED_KEYS
from customers.dedup.blocks import MOST_IN_BLOCK
from customers.dedup.engine import decide, weigh_part
from customers.dedup.fitting import circumstances_of
from customers.dedup.records import Records
from customers.services.links import CREATE_TOUCHED_CUSTOMER, LinkCounts, write_linking
from customers.services.locks import hold_golden
from customers.services.match_models import cuts_of, live_model
from customers.services.snapshot import read_touched, rulings_within

TOUCHED = """
CREATE TEMP TABLE touched_record ON COMMIT DROP AS
SELECT record.id, true AS is_fresh FROM customers_sourcerecord record
LEFT JOIN customers_link link ON link.record_id = record.id
WHERE (record.feed_run_id = %s OR record.id = ANY(%s) OR link.record_id IS NULL) AND record.withdrawn_at IS NULL
"""
# What shares a key with a record is its neighbour: {key of a record: where its holders are}.
KEYS = {
    **{name: f"{name} = shared.key" for name in ("rrn_index", "ci_index", *INDEXED_KEYS)},
    "nullif(mobile, '')": "mobile = shared.key AND mobile <> ''",
    "nullif(crn, '')": "crn = shared.key AND crn <> ''",
    "CASE kind WHEN 'ORG' THEN nullif(company_no, '') END": (
        "company_no = shared.key AND kind = 'ORG' AND company_no <> ''"
    ),
}
# Each key is asked for once, for a source may send one number with every row; and what more records share than a block
# may hold says nothing about anybody.
NEIGHBOURS_OF_KEY = """
INSERT INTO near_record (id)
SELECT near.id
FROM (
    SELECT DISTINCT {key} AS key FROM touched_record JOIN customers_sourcerecord USING (id) WHERE {key} IS NOT NULL
) shared
CROSS JOIN LATERAL (SELECT id, withdrawn_at FROM customers_sourcerecord WHERE {condition} LIMIT {most}) near
WHERE near.withdrawn_at IS NULL
"""
# The records of neighbours' customers come with them: a customer is looked at whole or not at all.
KIN = """
INSERT INTO touched_record (id, is_fresh)
WITH kin AS (
    SELECT id FROM near_record
    UNION SELECT other.record_id FROM (
            SELECT DISTINCT customer_id FROM (SELECT id FROM near_record UNION ALL SELECT id FROM touched_record) known
            JOIN customers_link link ON link.record_id = known.id
        ) holder
        JOIN customers_link other USING (customer_id)
)
SELECT kin.id, false FROM kin WHERE NOT EXISTS (SELECT FROM touched_record touched WHERE touched.id = kin.id)
"""
JOINED = [f"customers_{name}" for name in ("sourcerecord", "link", "pair", "customer", "contract", "contractparty")]
# Tables of ten pages and more whose rows the planner believes to be none, or too few for the pages they fill.
OUTGROWN = """
SELECT relname FROM pg_class
WHERE relname = ANY(%(tables)s) AND relkind = 'r' AND pg_table_is_visible(oid) AND pg_relation_size(oid) > 10 * 8192
    AND (reltuples <= 0 OR pg_relation_size(oid) > 1.2 * relpages * 8192 OR reltuples < 2 * relpages)
ORDER BY relname
"""
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


@transaction.atomic
def link_records(*, at: datetime, feed_run_id: int | None, record_ids: Sequence[int] = ()) -> LinkCounts:
    """Link the records of a feed run, those of `record_ids`, and whatever else is unlinked; note whose golden values
    that touches.

    Fills the temporary table `touched_customer (id, is_new)` for the projection that must follow in the same
    transaction.
    """
    hold_golden()
    know_sizes()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS touched_record, touched_customer")
        cursor.execute(TOUCHED, [feed_run_id, list(record_ids)])
        cursor.execute("ALTER TABLE touched_record ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE touched_record")
        cursor.execute(CREATE_TOUCHED_CUSTOMER)
        if _stock_is_larger(cursor):
            _add_neighbours(cursor)
    records = read_touched()
    if not len(records):
        return LinkCounts()
    return _link(records, at)


def _link(records: Records, at: datetime) -> LinkCounts:
    model = live_model()
    cuts = cuts_of(model)
    circumstances = circumstances_of(records.rows, model)
    scored = weigh_part(records.rows, circumstances, model, cuts.lowest, part=0, parts=1)
    linking = decide(records, circumstances, model, scored, rulings_within(records.ids), cuts)
    return write_linking(records, linking, model_version=model.version, at=at, is_whole_stock=False)


def _add_neighbours(cursor: object) -> None:
    """Add to `touched_record` what shares a key with it, and the kin of both."""
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS near_record (id bigint) ON COMMIT DROP")
    cursor.execute("TRUNCATE near_record")
    for key, condition in KEYS.items():
        cursor.execute(NEIGHBOURS_OF_KEY.format(key=key, condition=condition, most=MOST_IN_BLOCK + 1))
    cursor.execute("ANALYZE near_record")
    cursor.execute(KIN)


def know_sizes() -> None:
    """Let the planner look again at tables that have outgrown what it knows of them, at the latest now.

    A first load, or one after a crash of the database, comes before any automatic ANALYZE: the joins that follow would
    be planned for empty tables and take hours. Only the one writer of golden customers may call it: ANALYZE keeps its
    table until the transaction ends, and two who looked before their turn would wait for each other.
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
    hold_golden()
    know_sizes()
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
