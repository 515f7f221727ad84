"""The gate of the demonstration: verifications that were recorded here, and a clean-up that has been going on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils import timezone

from consent.models import CleanupAsk, GateChange, Verification
from consent.numbers import numbers_on
from consent.rules.roles_end import MONTHS, add_months
from consent.services.cleanup import SOURCE, follow_asks
from customers.services.gating import regate_all

# A fifth of those whom a source calls verified were verified at a counter or by mobile; some of that is over by now,
# and a few names did not agree.
VERIFIED = """
INSERT INTO consent_verification (customer_id, method, agency, reference, is_verified, mismatch, verified_at,
    expires_on, evidence, evidence_digest, recorded_at)
SELECT id, method, CASE method WHEN 'MOBILE' THEN 'NICE평가정보' WHEN 'CERTIFICATE' THEN '금융결제원' ELSE '' END,
    CASE WHEN method IN ('MOBILE', 'CERTIFICATE') THEN 'D' || number ELSE '' END,
    true, '', verified_at,
    CASE WHEN draw < 2 THEN %(day)s::date - (draw + 3)
        WHEN method = 'CERTIFICATE' THEN %(day)s::date + 300 + draw END,
    CASE method WHEN 'ID_CARD' THEN '신분증 원본 확인' WHEN 'REGISTRY' THEN '사업자등록증 대조' ELSE '' END,
    '', verified_at
FROM (
    SELECT customer.id, customer.number, (customer.id * 7919 %% 100)::int AS draw,
        CASE WHEN customer.kind = 'ORG' THEN 'REGISTRY'
            ELSE (ARRAY['ID_CARD', 'MOBILE', 'CERTIFICATE', 'ACCOUNT'])[1 + customer.id %% 4] END AS method,
        least((customer.real_name_verified_on + time '10:30') AT TIME ZONE 'Asia/Seoul', %(at)s) AS verified_at
    FROM customers_customer customer
    WHERE customer.state = 'ACTIVE' AND customer.real_name_verified_on IS NOT NULL AND customer.id * 7919 %% 100 < 20
) drawn
"""
FAILED = """
INSERT INTO consent_verification (customer_id, method, agency, reference, is_verified, mismatch, verified_at,
    expires_on, evidence, evidence_digest, recorded_at)
SELECT customer.id, 'MOBILE', 'NICE평가정보', 'F' || customer.number, false,
    (ARRAY['NAME', 'BIRTH_DATE', 'PHONE'])[1 + customer.id %% 3],
    %(at)s - make_interval(days => (customer.id %% 60)::int), NULL, '', '', %(at)s
FROM customers_customer customer
WHERE customer.state = 'ACTIVE' AND customer.kind = 'PERSON' AND customer.real_name_verified_on IS NULL
    AND customer.id * 7919 %% 100 < 6
"""
# What was asked, of those who are still out of scope and of those who came in since.
ASKED = f"""
INSERT INTO consent_cleanupask (customer_id, kind, state, source_id, branch_code, opened_on, due_on, tries, asked_at,
    asked_by_id, closed_on)
SELECT id, kind, state, source_id, branch_code, opened_on, opened_on + %(days)s,
    CASE WHEN state = 'OPEN' THEN (draw %% 3)::int ELSE 1 END,
    CASE WHEN state <> 'OPEN' THEN (coalesce(closed_on, %(day)s) - 1 + time '14:00') AT TIME ZONE 'Asia/Seoul'
        WHEN draw %% 3 > 0 THEN %(at)s - make_interval(days => (5 + draw %% 20)::int) END,
    keeper_id, closed_on
FROM (
    SELECT drawn.*,
        CASE state WHEN 'UNREACHED' THEN %(day)s::date - %(days)s - 9
            ELSE %(day)s::date - 20 - (draw * 3 / 2) END AS opened_on,
        CASE state WHEN 'UNREACHED' THEN %(day)s::date - 8 WHEN 'REFUSED' THEN %(day)s::date - 2 - draw
            WHEN 'DONE' THEN %(day)s::date - 1 - draw * 3 / 5 END AS closed_on
    FROM (
        SELECT customer.id, (customer.id * 7919 %% 100)::int AS draw, record.source_id,
            coalesce(customer.main_branch_id, '') AS branch_code, staff.id AS keeper_id,
            CASE WHEN customer.gate IN ('UNVERIFIED', 'NEITHER')
                OR (customer.gate = 'IN_SCOPE' AND customer.id %% 2 = 0) THEN 'VERIFY_NAME'
                WHEN (customer.kind = 'PERSON' AND customer.birth_date > %(grown)s) IS TRUE THEN 'GUARDIAN'
                ELSE 'ASK_CONSENT' END AS kind,
            CASE WHEN customer.gate = 'IN_SCOPE' THEN 'DONE'
                WHEN customer.id * 7919 %% 100 < 3 THEN 'UNREACHED' WHEN customer.id * 7919 %% 100 < 8 THEN 'REFUSED'
                ELSE 'OPEN' END AS state
        FROM customers_customer customer {SOURCE}
        LEFT JOIN accounts_staff staff ON staff.employee_number = customer.keeper_id
        WHERE customer.state = 'ACTIVE' AND (customer.gate <> 'IN_SCOPE' OR customer.id * 7919 %% 100 < 25)
    ) drawn
) dated
"""  # noqa: S608 - SQL of our own; every value is a parameter


def seed(at: datetime) -> dict[str, int]:
    """Verifications and a clean-up under way; nothing where somebody was asked or verified already."""
    counts = {"verifications": 0, "changes of the gate": 0, "questions of the clean-up": 0}
    if CleanupAsk.objects.exists() or Verification.objects.exists():
        return counts
    day = timezone.localdate(at)
    numbers = numbers_on(day)
    grown = add_months(day, -numbers["guardian_age"] * MONTHS)
    words = {"at": at, "day": day, "days": numbers["cleanup_days"], "grown": grown}
    known = GateChange.objects.count()
    counts["verifications"] = _run(VERIFIED, words) + _run(FAILED, words)
    regate_all(at=at, because="NIGHT")
    counts["changes of the gate"] = GateChange.objects.count() - known
    _run(ASKED, words)
    follow_asks(at=at)
    counts["questions of the clean-up"] = CleanupAsk.objects.count()
    return counts


def _run(statement: str, words: Mapping[str, object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(words))
        return cursor.rowcount
