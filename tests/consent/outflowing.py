"""Plain builders of outflows and breaches."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.models import AccessEntry, Staff
from accounts.trail import append
from consent.models import Breach, Outflow, Purpose, Recipient
from consent.services.breaches import record_breach
from consent.services.outflows import record_outflow
from tests.customers.builders import NOW

WORDS = {
    "circumstances": "협력사 계정이 도용되어 고객 화면이 열람되었습니다.",
    "protection": "비밀번호를 바꾸고 모르는 전화를 조심해 주십시오.",
    "response": "계정을 정지했고, 피해가 확인되면 보상합니다.",
    "contact": "개인정보보호부 02-100-2000",
}


def make_outflow(
    recipient: str = "CALL_CENTRE", purpose: str = "CONTRACT_SERVICE", *, by: Staff | None = None, **fields: object
) -> Outflow:
    """An outflow that runs since the beginning of the year."""
    to, what = Recipient.objects.get(code=recipient), Purpose.objects.get(code=purpose)
    given = {"items": ["name"], "clause": "위탁계약 제3조", "way": "전용선", "started_on": date(2026, 1, 2), "at": NOW}
    return record_outflow(recipient=to, purpose=what, by=by, **(given | fields))


def make_breach(*, by: Staff | None = None, **fields: object) -> Breach:
    """A breach that became known two hours before NOW, with all its words."""
    given = {"kind": "LEAK", "known_at": NOW - timedelta(hours=2), "happened_at": None, "items": ["name", "mobile"]}
    return record_breach(by=by, **(given | WORDS | {"has_credit_data": False, "at": NOW} | fields))


def looked(customers: list[int], at: datetime, *, staff: Staff | None = None, **fields: object) -> None:
    """An entry of the trail: somebody saw these customers."""
    given = {"kind": AccessEntry.Kind.VIEW, "page": "customers:customer-detail", "address": "10.0.0.1", "result": 200}
    number = staff.employee_number if staff else "E-STOLEN"
    append(
        at=at, staff_id=staff.pk if staff else None, employee_number=number, customers=customers, count=len(customers),
        **(given | fields),
    )  # fmt: skip
