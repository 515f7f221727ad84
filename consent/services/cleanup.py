"""The standing clean-up of customers out of scope: what each is asked at the next contact, until when (A59, M9).

Questions are opened and closed in sets by the night; people note what came of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Staff
from accounts.trail import saw
from consent.models import CleanupAsk
from consent.numbers import numbers_on
from consent.rules.roles_end import MONTHS, add_months

AGAIN_AFTER_DAYS = 7  # somebody noted that it was done, and no proof has come since
OF_AGE_WITHIN_DAYS = 60  # a birthday that was missed, while the job stood still, is found later
DONE, REFUSED, NOT_REACHED = "DONE", "REFUSED", "NOT_REACHED"
OUTCOMES = (DONE, REFUSED, NOT_REACHED)
SOURCE = """
LEFT JOIN customers_sourcerecord record ON record.id = (customer.provenance -> 'name' ->> 0)::bigint
"""
ROW = "customer_id, kind, state, source_id, branch_code, opened_on, due_on, tries"
OPEN_SOME = f"""
INSERT INTO consent_cleanupask ({ROW})
SELECT customer.id, %(kind)s, 'OPEN', record.source_id, coalesce(customer.main_branch_id, ''), %(day)s, %(due)s, 0
FROM customers_customer customer {SOURCE}
WHERE customer.id = ANY(%(customers)s) AND customer.state = 'ACTIVE'
ON CONFLICT (customer_id, kind) WHERE state = 'OPEN' DO NOTHING
"""  # noqa: S608 - SQL of our own; every value is a parameter
# What a customer lacks, each a question of its own; a child's consent is asked of the representative.
LACKING = """
(VALUES ('VERIFY_NAME', customer.gate IN ('UNVERIFIED', 'NEITHER')),
    ('GUARDIAN', customer.gate IN ('NO_CONSENT', 'NEITHER') AND young.is_child),
    ('ASK_CONSENT', customer.gate IN ('NO_CONSENT', 'NEITHER') AND NOT young.is_child)) lacking(kind, is_lacking)
"""
YOUNG = """
LATERAL (SELECT (customer.kind = 'PERSON' AND customer.birth_date > %(grown)s) IS TRUE AS is_child) young
"""
# What was refused, or not reached in time, is asked again only when the proof came and went since. What was noted as
# done without a proof coming keeps its day.
OPEN_LACKING = f"""
INSERT INTO consent_cleanupask ({ROW})
SELECT customer.id, lacking.kind, 'OPEN', record.source_id, coalesce(customer.main_branch_id, ''), %(day)s,
    CASE WHEN last.state = 'DONE' AND NOT since.is_lost THEN greatest(last.due_on, %(day)s) ELSE %(due)s END, 0
FROM customers_customer customer
CROSS JOIN {YOUNG} CROSS JOIN LATERAL {LACKING} {SOURCE}
LEFT JOIN LATERAL (
    SELECT ask.state, ask.closed_on, ask.due_on FROM consent_cleanupask ask
    WHERE ask.customer_id = customer.id AND ask.kind = lacking.kind ORDER BY ask.id DESC LIMIT 1
) last ON true
CROSS JOIN LATERAL (SELECT last.closed_on IS NOT NULL AND EXISTS (
    SELECT FROM consent_gatechange change
    WHERE change.customer_id = customer.id AND (change.at AT TIME ZONE 'Asia/Seoul')::date > last.closed_on
        AND change.before = ANY(CASE lacking.kind WHEN 'VERIFY_NAME' THEN ARRAY['IN_SCOPE', 'NO_CONSENT']
            ELSE ARRAY['IN_SCOPE', 'UNVERIFIED'] END)
) AS is_lost) since
WHERE customer.state = 'ACTIVE' AND customer.gate <> 'IN_SCOPE' AND lacking.is_lacking AND (
    last.state IS NULL OR last.state = 'GONE' OR (last.state = 'DONE' AND last.closed_on <= %(again)s)
    OR (last.state <> 'OPEN' AND since.is_lost)
)
ON CONFLICT (customer_id, kind) WHERE state = 'OPEN' DO NOTHING
"""  # noqa: S608 - as above
# Whoever's representative consented, and who has come of age since without having answered in person.
OPEN_OF_AGE = f"""
INSERT INTO consent_cleanupask ({ROW})
SELECT customer.id, 'OF_AGE', 'OPEN', record.source_id, coalesce(customer.main_branch_id, ''), %(day)s, %(due)s, 0
FROM customers_customer customer {SOURCE}
WHERE customer.state = 'ACTIVE' AND customer.kind = 'PERSON'
    AND customer.birth_date <= %(grown)s AND customer.birth_date > %(grown_before)s
    AND EXISTS (
        SELECT FROM consent_consent consent JOIN consent_receipt receipt ON receipt.id = consent.receipt_id
        WHERE consent.customer_id = customer.id AND consent.answer = 'GIVEN' AND receipt.by_role = 'LEGAL_REP'
    )
    AND NOT EXISTS (
        SELECT FROM consent_receipt own WHERE own.customer_id = customer.id AND own.by_role = 'SELF'
    )
    AND NOT EXISTS (SELECT FROM consent_cleanupask ask WHERE ask.customer_id = customer.id AND ask.kind = 'OF_AGE')
ON CONFLICT (customer_id, kind) WHERE state = 'OPEN' DO NOTHING
"""  # noqa: S608 - as above
# The proof has come, be it late, or the customer is no longer one to ask; who was asked has done it.
CLOSE_GONE = f"""
UPDATE consent_cleanupask ask SET closed_on = %(day)s,
    state = CASE WHEN ask.asked_at IS NULL OR customer.state <> 'ACTIVE' THEN 'GONE' ELSE 'DONE' END
FROM customers_customer customer CROSS JOIN {YOUNG}
WHERE ask.customer_id = customer.id AND ask.state IN ('OPEN', 'REFUSED', 'UNREACHED')
    AND (%(all)s OR customer.id = ANY(%(customers)s)) AND (
    customer.state <> 'ACTIVE'
    OR (ask.kind = 'VERIFY_NAME' AND customer.gate IN ('IN_SCOPE', 'NO_CONSENT'))
    OR (ask.kind IN ('ASK_CONSENT', 'GUARDIAN') AND customer.gate IN ('IN_SCOPE', 'UNVERIFIED'))
    OR (ask.kind = 'GUARDIAN' AND NOT young.is_child) OR (ask.kind = 'ASK_CONSENT' AND young.is_child)
    OR (ask.kind IN ('OF_AGE', 'RECONFIRM') AND EXISTS (
        SELECT FROM consent_receipt receipt WHERE receipt.customer_id = customer.id AND receipt.by_role = 'SELF'
            AND (receipt.answered_at AT TIME ZONE 'Asia/Seoul')::date >= ask.opened_on
    ))
)
"""  # noqa: S608 - as above
CLOSE_LATE = """
UPDATE consent_cleanupask SET state = 'UNREACHED', closed_on = %(day)s WHERE state = 'OPEN' AND due_on < %(day)s
"""


class AskClosed(Exception):
    """The question was settled, or is not to be asked any more."""


@transaction.atomic
def open_asks(*, kind: str, customers: Iterable[int], due_on: date, at: datetime) -> int:
    """Open a question of one kind to many customers, until a day; returns how many were opened.

    Whoever has it open already keeps the earlier one; nobody else than active customers is asked.
    """
    words = {
        "kind": CleanupAsk.Kind(kind),
        "customers": sorted(set(customers)),
        "day": timezone.localdate(at),
        "due": due_on,
    }
    return _run(OPEN_SOME, words)


@transaction.atomic
def follow_asks(*, at: datetime) -> dict[str, int]:
    """Open and close questions of all customers by what the gate says now; returns {what: how many}. Repeatable.

    Two writers of the same questions follow each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consent.cleanup'))")
    words = _days(at) | {"all": True, "customers": []}
    return {
        "gone": _run(CLOSE_GONE, words),
        "late": _run(CLOSE_LATE, words),
        "opened": _run(OPEN_LACKING, words),
        "of_age": _run(OPEN_OF_AGE, words),
    }


@transaction.atomic
def close_settled(*, customers: Iterable[int], at: datetime) -> int:
    """Close the open questions of customers whose proof has come; returns how many."""
    return _run(CLOSE_GONE, _days(at) | {"all": False, "customers": sorted(set(customers))})


@transaction.atomic
def answer_ask(*, ask: CleanupAsk, outcome: str, by: Staff, at: datetime) -> CleanupAsk:
    """Note what came of asking a customer. outcome: of OUTCOMES; NOT_REACHED leaves the question open.

    Raises AskClosed, ValueError for another outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    ask = CleanupAsk.objects.select_for_update().get(pk=ask.pk)
    if ask.state != CleanupAsk.State.OPEN:
        raise AskClosed
    saw([ask.customer_id])
    ask.tries, ask.asked_at, ask.asked_by = ask.tries + 1, at, by
    if outcome != NOT_REACHED:
        ask.state, ask.closed_on = CleanupAsk.State(outcome), timezone.localdate(at)
    ask.save(update_fields=["tries", "asked_at", "asked_by", "state", "closed_on"])
    return ask


def _days(at: datetime) -> dict[str, object]:
    """The days that the statements of the night speak of. grown: whoever was born later is a child."""
    day = timezone.localdate(at)
    numbers = numbers_on(day)
    grown = add_months(day, -numbers["guardian_age"] * MONTHS)
    return {
        "day": day,
        "grown": grown,
        "grown_before": grown - timedelta(days=OF_AGE_WITHIN_DAYS),
        "due": day + timedelta(days=numbers["cleanup_days"]),
        "again": day - timedelta(days=AGAIN_AFTER_DAYS),
    }


def _run(statement: str, words: Mapping[str, object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(words))
        return cursor.rowcount
