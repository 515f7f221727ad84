"""Verifications of the real name as people read them, and what the gate made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from consent.models import CleanupAsk, Verification
from consent.reports.gate import ChangeLine, change_line
from consent.words.gate import MISMATCHES
from customers.access import Level
from customers.formats import day, moment
from customers.models import Customer
from customers.reading import Reading

MOST = 100
# Short reads as one; each row says what it is.
HISTORY = """
(SELECT 'VERIFICATION' AS what, jsonb_build_object(
    'method', verification.method, 'agency', verification.agency, 'reference', verification.reference,
    'is_verified', verification.is_verified, 'mismatch', verification.mismatch, 'at', verification.verified_at,
    'until', verification.expires_on, 'evidence', verification.evidence,
    'by', staff.name || ' (' || staff.employee_number || ')') AS told
FROM consent_verification verification LEFT JOIN accounts_staff staff ON staff.id = verification.recorded_by_id
WHERE verification.customer_id = %(customer)s
ORDER BY verification.verified_at DESC, verification.id DESC LIMIT %(most)s)
UNION ALL
(SELECT 'CHANGE', jsonb_build_object('before', change.before, 'after', change.after, 'because', change.because,
    'at', change.at)
FROM consent_gatechange change WHERE change.customer_id = %(customer)s AND %(sees_changes)s
ORDER BY change.at DESC, change.id DESC LIMIT %(most)s)
UNION ALL
(SELECT 'ASK', jsonb_build_object('id', ask.id, 'kind', ask.kind, 'due', ask.due_on, 'tries', ask.tries,
    'asked', ask.asked_at)
FROM consent_cleanupask ask WHERE ask.customer_id = %(customer)s AND ask.state = 'OPEN' ORDER BY ask.id)
UNION ALL
(SELECT 'HOLD', 'null'::jsonb FROM consent_hold WHERE customer_id = %(customer)s AND released_at IS NULL LIMIT 1)
UNION ALL
(SELECT 'REQUEST', 'null'::jsonb FROM consent_rightsrequest WHERE customer_id = %(customer)s LIMIT 1)
"""


@dataclass(frozen=True)
class VerificationLine:
    """One attempt to verify a name. outcome: what did not agree, where it failed; '' else."""

    method: str
    agency: str
    reference: str
    is_verified: bool
    is_expired: bool
    mismatch: str
    at: str
    until: str
    evidence: str
    by: str

    @property
    def tone(self) -> str:
        return "red" if not self.is_verified else "yellow" if self.is_expired else "green"


@dataclass(frozen=True)
class GateHistory:
    """What was verified, what the gate made of it, what is still open to be asked, and whether holds stand or requests
    were made, for those who may look for them."""

    verifications: tuple[VerificationLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    asks: tuple[CleanupAsk, ...] = ()
    has_holds: bool = True
    has_requests: bool = True


def gate_history(customer: Customer, reading: Reading, *, most: int = MOST, sees_changes: bool = True) -> GateHistory:
    """The newest verifications and changes of the gate, so many of each at most, and the open questions; one query.

    Nothing of them where the reader is not shown what the catalogue calls consent.
    """
    if reading.decide("consent").level is not Level.FULL:
        return GateHistory()
    kinds = ("VERIFICATION", "CHANGE", "ASK", "HOLD", "REQUEST")
    rows: dict[str, list[Mapping[str, object]]] = {kind: [] for kind in kinds}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, {"customer": customer.pk, "most": most, "sees_changes": sees_changes})
        for what, told in cursor.fetchall():
            rows[what].append(json.loads(told) if isinstance(told, str) else told)
    today = timezone.localdate()
    return GateHistory(
        tuple(_verification(told, today) for told in rows["VERIFICATION"]),
        tuple(map(_change, rows["CHANGE"])),
        tuple(map(_ask, rows["ASK"])),
        has_holds=bool(rows["HOLD"]),
        has_requests=bool(rows["REQUEST"]),
    )


def _verification(told: Mapping[str, object], today: date) -> VerificationLine:
    until = date.fromisoformat(told["until"]) if told["until"] else None
    return VerificationLine(
        method=str(Verification.Method(told["method"]).label),
        agency=told["agency"],
        reference=told["reference"],
        is_verified=told["is_verified"],
        is_expired=until is not None and until <= today,
        mismatch=str(MISMATCHES.get(told["mismatch"], told["mismatch"])),
        at=moment(datetime.fromisoformat(told["at"])),
        until=day(until),
        evidence=told["evidence"],
        by=told["by"] or "",
    )


def _ask(told: Mapping[str, object]) -> CleanupAsk:
    return CleanupAsk(
        pk=told["id"],
        kind=told["kind"],
        due_on=date.fromisoformat(told["due"]),
        tries=told["tries"],
        asked_at=datetime.fromisoformat(told["asked"]) if told["asked"] else None,
    )


def _change(told: Mapping[str, object]) -> ChangeLine:
    return change_line(told["before"], told["after"], told["because"], datetime.fromisoformat(told["at"]))
