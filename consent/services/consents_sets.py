"""Consents in sets: those that sources tell of are adopted, those that ran out lapse. Again it finds nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from consent.models import Channel
from consent.numbers import numbers_on
from customers.numbering import DAMM, SERIAL_DIGITS

SOURCE_CHANNELS = (Channel.PHONE, Channel.SMS, Channel.EMAIL, Channel.MAIL)
"""What a consent to marketing means that a source tells by its date alone (README, decision): the channels that the
paper forms of those days asked for together. Whoever is reached otherwise is asked for that channel."""
# The months after which a consent is confirmed again: those of the purpose, and for advertisements the law's if sooner.
MONTHS = """
nullif(CASE WHEN purpose.kind IN ('MARKETING', 'NIGHT')
    THEN coalesce(least(nullif(purpose.reconfirm_months, 0), nullif(%(months)s, 0)), 0)
    ELSE purpose.reconfirm_months END, 0)
"""
# A record that a merge brought is still of the number that it came from, so that an unmerge takes its consent along.
OWNERS = """
origins AS (
    SELECT DISTINCT ON (moved.object_id) moved.object_id AS record_id, moved.from_id AS customer_id
    FROM customers_movedchild moved
    JOIN customers_merge merge
        ON merge.act_id = moved.act_id AND merge.retired_id = moved.from_id AND merge.ended_by_id IS NULL
    WHERE moved.kind = 'customers.Link'
    ORDER BY moved.object_id, moved.id
), owners AS (
    SELECT record.id AS record_id, record.source_id, record.marketing_consent_on AS said_on, record.withdrawn_at,
        coalesce(origin.id, link.customer_id) AS customer_id
    FROM customers_sourcerecord record
    JOIN customers_link link ON link.record_id = record.id
    LEFT JOIN origins ON origins.record_id = record.id
    LEFT JOIN customers_customer origin
        ON origin.id = origins.customer_id AND origin.merged_into_id = link.customer_id
)
"""
# What the receipt of a record's day is known by. One whose record goes to somebody else has another one there.
KEY = "'REC:' || owners.record_id || ':' || to_char(owners.said_on, 'YYYYMMDD') || ':' || owners.customer_id"
FIND = f"""
CREATE TEMPORARY TABLE adopted ON COMMIT DROP AS
WITH {OWNERS}
SELECT nextval(pg_get_serial_sequence('consent_receipt', 'id')) AS id, found.*
FROM (
    SELECT owners.customer_id, owners.source_id, owners.said_on,
        {KEY} AS key
    FROM owners JOIN customers_customer customer ON customer.id = owners.customer_id
    WHERE owners.said_on <= %(day)s AND owners.withdrawn_at IS NULL AND customer.state IN ('ACTIVE', 'MERGED')
        AND (customer.birth_date IS NULL
            OR customer.birth_date <= owners.said_on - make_interval(years => %(guardian_age)s))
        AND NOT EXISTS (
            SELECT FROM consent_receipt receipt WHERE receipt.source_id = owners.source_id
                AND receipt.key = {KEY})
    ORDER BY owners.record_id
) found
"""  # noqa: S608 - constants
RECEIPTS = """
INSERT INTO consent_receipt (id, number, customer_id, method, proof, evidence, evidence_digest, by_role, source_id, key,
    answered_at, recorded_at)
SELECT id, 'R' || digits || {check_digit}, customer_id, 'SOURCE', 3, '', '', 'SELF', source_id,
    key, said_on::timestamp AT TIME ZONE 'Asia/Seoul', %(at)s
FROM (SELECT *, lpad(id::text, {width}, '0') AS digits FROM adopted) numbered
"""
CONSENTS = f"""
INSERT INTO consent_consent (receipt_id, customer_id, purpose_id, channel, answer, at, expires_on, because, recorded_at)
SELECT adopted.id, adopted.customer_id, purpose.id, asked.channel, 'GIVEN',
    adopted.said_on::timestamp AT TIME ZONE 'Asia/Seoul',
    (adopted.said_on + make_interval(months => {MONTHS}))::date, 'SOURCE', %(at)s
FROM adopted
JOIN consent_purpose purpose ON purpose.code = 'MARKETING'
CROSS JOIN unnest(%(channels)s::text[]) asked(channel)
WHERE asked.channel = ANY(purpose.channels)
ORDER BY adopted.id, asked.channel
"""  # noqa: S608 - constants
# What a source told and tells no more, and what a record told that is of somebody else by now: taken back under the
# number that had it, unless that answered anew since.
TAKE_BACK = f"""
WITH {OWNERS}
INSERT INTO consent_consent (receipt_id, customer_id, purpose_id, channel, answer, at, because, recorded_at)
SELECT consent.receipt_id, consent.customer_id, consent.purpose_id, consent.channel, 'WITHDRAWN', %(at)s,
    CASE WHEN owners.customer_id = consent.customer_id THEN 'SOURCE_TOOK_BACK' ELSE 'RECORD_MOVED' END, %(at)s
FROM consent_receipt receipt
JOIN consent_consent consent ON consent.receipt_id = receipt.id AND consent.answer = 'GIVEN'
JOIN owners ON owners.record_id = split_part(receipt.key, ':', 2)::bigint AND owners.source_id = receipt.source_id
WHERE receipt.method = 'SOURCE' AND receipt.key LIKE 'REC:%%'
    AND (owners.customer_id <> consent.customer_id OR owners.said_on IS NULL OR owners.withdrawn_at IS NOT NULL
        OR owners.said_on < (receipt.answered_at AT TIME ZONE 'Asia/Seoul')::date)
    AND NOT EXISTS (
        SELECT FROM consent_consent later
        WHERE later.customer_id = consent.customer_id AND later.purpose_id = consent.purpose_id
            AND later.channel = consent.channel AND later.recipient_id IS NOT DISTINCT FROM consent.recipient_id
            AND later.answer <> 'LAPSED' AND later.id <> consent.id AND later.at >= consent.at)
"""  # noqa: S608 - constants
# A consent past its day that nothing of its number took the place of, and that is not written as lapsed.
OVER = """
FROM consent_consent given
JOIN consent_purpose purpose ON purpose.id = given.purpose_id
WHERE given.answer = 'GIVEN' AND given.expires_on <= %(day)s
    AND NOT EXISTS (
        SELECT FROM consent_consent later
        WHERE later.customer_id = given.customer_id AND later.purpose_id = given.purpose_id
            AND later.channel = given.channel AND later.recipient_id IS NOT DISTINCT FROM given.recipient_id
            AND CASE WHEN later.answer = 'LAPSED'
                THEN later.at >= given.expires_on::timestamp AT TIME ZONE 'Asia/Seoul'
                ELSE later.at > given.at OR (later.at = given.at AND later.id > given.id) END)
"""
COLUMNS = "receipt_id, customer_id, purpose_id, text_id, channel, recipient_id, answer, at, because, recorded_at"
FROM_THEN = "given.expires_on::timestamp AT TIME ZONE 'Asia/Seoul'"
LAPSE = f"""
INSERT INTO consent_consent ({COLUMNS})
SELECT given.receipt_id, given.customer_id, given.purpose_id, given.text_id, given.channel, given.recipient_id,
    'LAPSED', {FROM_THEN}, 'EXPIRED', %(at)s
{OVER}
"""
KEEP = f"""
INSERT INTO consent_consent ({COLUMNS}, expires_on)
SELECT given.receipt_id, given.customer_id, given.purpose_id, given.text_id, given.channel, given.recipient_id,
    'GIVEN', {FROM_THEN}, 'SILENCE', %(at)s, (given.expires_on + make_interval(months => {MONTHS}))::date
{OVER}
"""


def check_digit_in_sql(digits: str) -> str:
    """`customers.numbering.check_digit` as an expression. digits: the name of a column of nine digits."""
    table = "{" + ",".join(str(cell) for row in DAMM for cell in row) + "}"
    state = "0"
    for place in range(1, SERIAL_DIGITS + 1):
        state = f"('{table}'::int[])[10 * {state} + substr({digits}, {place}, 1)::int + 1]"
    return state


@transaction.atomic
def adopt_consents(*, at: datetime) -> int:
    """Make receipts and consents of the days on which sources say that a customer consented to marketing.

    Each record and day is adopted once; a later day renews it; a day that a source no longer tells, and one of a record
    that is of another customer by now, is taken back. Days to come wait, those of children are left out. Returns how
    many receipts were made.
    """
    day = timezone.localdate(at)
    legal = numbers_on(day)
    words = {"at": at, "day": day, "months": legal["reconfirm_months"], "guardian_age": legal["guardian_age"]}
    words["channels"] = [str(channel) for channel in SOURCE_CHANNELS]
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, words)
        cursor.execute(FIND, words)
        cursor.execute(RECEIPTS.format(check_digit=check_digit_in_sql("digits"), width=SERIAL_DIGITS), words)
        made = cursor.rowcount
        cursor.execute(CONSENTS, words)
        cursor.execute("DROP TABLE adopted")
    return made


@transaction.atomic
def lapse_consents(*, day: date, at: datetime) -> int:
    """Write down which consents ran out by `day`; returns how many.

    Where the numbers of the law say that silence keeps a consent, it is given anew from its day on instead.
    """
    legal = numbers_on(day)
    words = {"day": day, "at": at, "months": legal["reconfirm_months"]}
    if not legal["silence_keeps_consent"]:
        return _write(LAPSE, words)
    kept = 0
    while found := _write(KEEP, words):
        kept += found
    return kept


def _write(statement: str, words: Mapping[str, object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, words)
        return cursor.rowcount
