"""Outflows of the demonstration: every recipient with a year of transfers, one that gave its data back, one that does
not answer; a closed breach of the summer and one whose clock runs; a number of the law that will change."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import AccessEntry, Staff
from consent.models import Breach, LegalNumber, Outflow, Purpose, Recipient, Transfer
from consent.rules.breaches import Conditions
from consent.services import breaches, breaches_draws, breaches_notices, numbers, outflows
from customers.models import Customer

COMPLIANCE, PRIVACY = "compliance", "privacy"
# recipient, purpose, clause, way, days since the beginning, days between transfers, share of the stock in thousandths
FLOWS = (
    ("CREDIT_REGISTRY", "PROVISION_CREDIT", "신용정보법 제25조", "전용선 전문 송신", 700, 7, 40),
    ("AFFILIATE_CARD", "PROVISION_AFFILIATE", "제휴계약 제5조, 개인정보 보호법 제17조", "암호화 파일", 420, 30, 60),
    ("CALL_CENTRE", "CONTRACT_SERVICE", "위탁계약 제3조, 개인정보 보호법 제26조", "전용선 화면 조회", 900, 7, 90),
    ("MAIL_HOUSE", "CONTRACT_SERVICE", "위탁계약 제3조, 개인정보 보호법 제26조", "암호화 파일", 900, 30, 300),
    ("MAIL_HOUSE", "MARKETING", "위탁계약 제3조, 개인정보 보호법 제26조", "암호화 파일", 400, 91, 120),
    ("REINSURER", "TRANSFER_ABROAD", "재보험협약 제8조, 개인정보 보호법 제28조의8", "암호화 파일", 600, 91, 5),
    ("WAREHOUSE", "INTEGRATED_USE", "내부관리계획 제12조", "야간 전송", 900, 7, 1000),
)  # fmt: skip
CONTRACT_DAYS = {"CREDIT_REGISTRY": 500, "AFFILIATE_CARD": -12, "CALL_CENTRE": 210, "MAIL_HOUSE": 90, "REINSURER": 720}
# What has ended: recipient, purpose, days since the end, days since the proof (None: nobody answered)
ENDED = (("CALL_CENTRE", "MARKETING", 200, 196), ("CALL_CENTRE", "INTEGRATED_USE", 20, None))
CLOSED_WORDS = {
    "circumstances": "우편 발송 대행사의 출력 오류로 다른 고객의 안내장이 한 봉투에 들어가 발송되었습니다.",
    "protection": "다른 사람의 안내장을 받으셨다면 펼치지 마시고 동봉한 회신 봉투로 보내 주십시오.",
    "response": "출력 공정을 멈추고 전량을 다시 점검했으며, 회수한 안내장은 파기했습니다. 피해가 확인되면 보상합니다.",
    "contact": "개인정보보호부 02-100-2000, privacy@hannun.example",
}
OPEN_WORDS = {
    "circumstances": "조사 중: 퇴사한 설계사의 계정으로 접속한 흔적이 발견되어 그 계정이 본 고객을 확인하고 있습니다.",
    "protection": "회사를 사칭하는 전화와 문자에 응하지 마시고, 의심되면 대표번호로 확인해 주십시오.",
    "response": "",
    "contact": "개인정보보호부 02-100-2000, privacy@hannun.example",
}
ITEMS = ["name", "mobile", "address"]
OPEN_PEOPLE = 38


def seed(at: datetime) -> dict[str, int]:
    """What the demonstration shows of outflows, breaches and numbers; none of it where some of it is there already."""
    compliance = Staff.objects.filter(employee_number=COMPLIANCE).first()
    privacy = Staff.objects.filter(employee_number=PRIVACY).first()
    if compliance is None or privacy is None or Outflow.objects.exists() or Breach.objects.exists():
        return {"outflows": 0, "transfers": 0, "breaches": 0}
    counts = {"outflows": _flows(at, compliance), "transfers": _transfers(at)}
    counts["outflows"] += _ended(at, compliance)
    counts["breaches"] = _closed_breach(at, privacy) + _open_breach(at, privacy)
    if not LegalNumber.objects.exists():
        first = (timezone.localdate(at).replace(day=1) + timedelta(days=62)).replace(day=1)
        numbers.set_legal_number(
            name="contacts_per_month", value=3, starts_on=first, reason="금융소비자보호위원회 의결 2026-11",
            by=compliance, at=at,
        )  # fmt: skip
    return counts


def _flows(at: datetime, by: Staff) -> int:
    today = timezone.localdate(at)
    for code, days in CONTRACT_DAYS.items():
        Recipient.objects.filter(code=code, contract_until=None).update(contract_until=today + timedelta(days=days))
    for recipient, purpose, clause, way, days, _every, _share in FLOWS:
        _record(recipient, purpose, clause, way, days, at, by)
    return len(FLOWS)


def _record(recipient: str, purpose: str, clause: str, way: str, days: int, at: datetime, by: Staff) -> Outflow:
    what = Purpose.objects.get(code=purpose)
    return outflows.record_outflow(
        recipient=Recipient.objects.get(code=recipient), purpose=what, items=what.items, clause=clause, way=way,
        started_on=timezone.localdate(at) - timedelta(days=days), by=by, at=at,
    )  # fmt: skip


def _transfers(at: datetime) -> int:
    """A year of transfers of each, as a set; the count of customers swings with the season."""
    size, made = Customer.objects.filter(state=Customer.State.ACTIVE).count(), []
    flows = {(flow.recipient.code, flow.purpose.code): flow for flow in _running()}
    for recipient, purpose, _clause, _way, days, every, share in FLOWS:
        flow = flows[recipient, purpose]
        for place in range(min(days, 365) // every):
            sent_at = at - timedelta(days=1 + place * every, hours=place % 5)
            count = max(1, size * share * (90 + (place * 7) % 20) // 100_000)
            reference = f"{recipient[:4]}-{timezone.localdate(sent_at):%y%m%d}"
            digest = hashlib.sha256(f"{flow.pk} {reference}".encode()).hexdigest()
            made.append(
                Transfer(outflow=flow, sent_at=sent_at, customer_count=count, reference=reference, digest=digest)
            )
    return len(Transfer.objects.bulk_create(sorted(made, key=lambda one: one.sent_at)))


def _running() -> list[Outflow]:
    return list(Outflow.objects.filter(fate=Outflow.Fate.RUNNING).select_related("recipient", "purpose"))


def _ended(at: datetime, by: Staff) -> int:
    today = timezone.localdate(at)
    for recipient, purpose, ended, proven in ENDED:
        flow = _record(recipient, purpose, "계약 제9조(종료)", "암호화 파일", 400, at, by)
        outflows.end_outflow(outflow=flow, ended_on=today - timedelta(days=ended), by=by, at=at)
        if proven is not None:
            outflows.prove_end(
                outflow=flow, fate=Outflow.Fate.DESTROYED, fate_on=today - timedelta(days=proven),
                proof="파기확인서 2026-014, 문서고 A-3", by=by, at=at,
            )  # fmt: skip
    return len(ENDED)


def _closed_breach(at: datetime, by: Staff) -> int:
    """A small one of the summer, told within a day and closed."""
    known_at = at - timedelta(days=110)
    breach = breaches.record_breach(
        kind=Breach.Kind.LEAK, known_at=known_at, happened_at=known_at - timedelta(hours=20), items=ITEMS,
        has_credit_data=False, by=by, at=known_at + timedelta(hours=1), **CLOSED_WORDS,
    )  # fmt: skip
    people = list(Customer.objects.filter(state=Customer.State.ACTIVE).order_by("pk")[:12])
    if people:
        breaches_notices.add_affected(breach=breach, customers=people, by=by, at=known_at + timedelta(hours=2))
        told_at = known_at + timedelta(hours=22)
        breaches_notices.record_notices(
            breach=breach, customers=None, channel="MAIL", sent_at=told_at, proof="등기 2026-0814-001~012", by=by,
            at=told_at,
        )  # fmt: skip
    closed_at = known_at + timedelta(days=9)
    reasons = dict.fromkeys(("TELL", "POST"), "대상 고객 없음")
    note = "안내장 12통 회수, 대행사 재발 방지 대책 확인"
    breaches.close_breach(breach=breach, note=note, reasons=reasons, by=by, at=closed_at)
    return 1


def _open_breach(at: datetime, by: Staff) -> int:
    """One that may have happened, forty hours ago: the affected are drawn from the trail, if there is one."""
    known_at = at - timedelta(hours=40)
    breach = breaches.record_breach(
        kind=Breach.Kind.POSSIBLE, known_at=known_at, happened_at=known_at - timedelta(days=3), items=ITEMS,
        by_hacking=True, affected_count=40, by=by, at=known_at + timedelta(minutes=30), **OPEN_WORDS,
    )  # fmt: skip
    conditions = Conditions(breach.happened_at, known_at, kinds=(AccessEntry.Kind.VIEW, AccessEntry.Kind.LIST))
    draw = breaches_draws.request_draw(
        breach=breach, conditions=conditions, reason="퇴사자 계정으로 본 화면", by=by, at=at, is_queued=False
    )
    if not breaches_draws.run_draw(draw=draw).found_count:  # a fresh installation has no trail of last week
        people = Customer.objects.filter(state=Customer.State.ACTIVE).order_by("-pk")[:OPEN_PEOPLE]
        breaches_notices.add_affected(breach=breach, customers=list(people), by=by, at=at)
    return 1
