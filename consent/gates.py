"""What the registers of consent say of the two proofs of the gate; listed in settings.CUSTOMER_GATES."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from consent.state import held_of
from consent.words.gate import MISSING
from customers.gates import Proof, Said, Told

# A success holds until its day, unless a later attempt failed; of two in the same minute the one recorded later counts.
VERIFIED = """
SELECT customer_id, CASE WHEN is_held THEN 'NAME_VERIFIED' WHEN is_failed THEN 'NAME_MISMATCH' ELSE 'NAME_EXPIRED' END
FROM (
    SELECT customer_id,
        bool_or(is_verified AND (expires_on IS NULL OR expires_on > %(day)s) AND failed_later = 0) AS is_held,
        bool_or(NOT is_verified AND verified_later = 0) AS is_failed
    FROM (
        SELECT customer_id, is_verified, expires_on,
            count(*) FILTER (WHERE NOT is_verified) OVER later AS failed_later,
            count(*) FILTER (WHERE is_verified) OVER later AS verified_later
        FROM consent_verification WHERE customer_id = ANY(%(customers)s)
        WINDOW later AS (PARTITION BY customer_id ORDER BY verified_at DESC, id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) tried
    GROUP BY customer_id
) judged
"""
OPENING = """consent.purpose_id IN (
    SELECT id FROM consent_purpose WHERE opens_gate AND (closed_on IS NULL OR closed_on > %(day)s)
)"""
# One consent that holds is enough; where none does, the newest word says why.
CONSENTED = f"""
SELECT customer_id, CASE WHEN bool_or(answer = 'GIVEN') THEN 'CONSENT_GIVEN'
    ELSE 'CONSENT_' || (array_agg(answer ORDER BY since DESC, consent_id DESC))[1] END
FROM ({held_of(OPENING)}) held GROUP BY customer_id
"""  # noqa: S608 - SQL of our own; every value is a parameter
# CONSENTED begins with a WITH RECURSIVE of its own, so that it stands in brackets.
SAID = f"""
SELECT 'NAME', named.* FROM ({VERIFIED}) named UNION ALL SELECT 'CONSENT', consented.* FROM ({CONSENTED}) consented
"""  # noqa: S608 - SQL of our own
HELD = {"NAME_VERIFIED", "CONSENT_GIVEN"}


def proofs(customers: Sequence[int], day: date) -> Told:
    """Whether the real name is verified, of those of whom a verification was tried here, and whether a consent that
    opens the gate holds, of those who answered to one here. One query."""
    codes = {code: Said(code in HELD, code, MISSING.get(code, "")) for code in (*HELD, *MISSING)}
    told: dict[int, dict[Proof, Said]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"customers": list(customers), "day": day, "at": _instant(day)})
        for proof, customer, because in cursor.fetchall():
            told.setdefault(customer, {})[Proof(proof)] = codes[because]
    return told


def _instant(day: date) -> datetime:
    """Today it is this moment; of another day, its last one."""
    now = timezone.now()
    if day == timezone.localdate(now):
        return now
    end = datetime.max.time()
    return timezone.make_aware(datetime.combine(day, end))
