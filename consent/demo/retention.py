"""Retention in the demonstration: holds, proposals of the night, a batch that waits for copies, a certificate, somebody
who is kept apart and was looked at. Deterministic; may be repeated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Staff
from consent.holds import live_roles, obstacles
from consent.models import CopyAnswer, DestructionBatch, Hold, SeparatedUse
from consent.rules.retention import Due
from consent.services import batches_copies, batches_running, holds, retention_batches, separated
from customers.models import Customer

HELD = (
    ("보험금 청구 소송이 진행 중입니다.", "민사소송법 제344조", "2026가단10233", 21, "EVERYTHING"),
    ("금융감독원 민원 조사 대상입니다.", "금융소비자보호법 제28조", "민원-2026-0417", 4, "EVERYTHING"),
    ("보험사기 조사를 위해 보존합니다.", "신용정보법 제20조의2 제2항 제3호", "SIU-2026-088", 60, "DESTRUCTION"),
    ("휴면보험금 지급 대상입니다.", "신용정보법 제20조의2 제2항 제2호", "", 180, "DESTRUCTION"),
)
CLAUSE = "개인정보 보호법 제21조 제1항"
BASES = {
    "DESTROY": "보유 기간이 지나 파기합니다.",
    "SEPARATE": "거래가 끝난 뒤 3개월이 지나 분리하여 보관합니다.",
}
NEEDED = 40


def seed(at: datetime) -> dict[str, int]:
    """Once; what is there already stays."""
    privacy = Staff.objects.filter(employee_number="privacy").first()
    compliance = Staff.objects.filter(employee_number="compliance").first()
    if privacy is None or compliance is None or Hold.objects.exists() or DestructionBatch.objects.exists():
        return {"holds": 0, "batches": 0}
    free = _free()
    if len(free) < NEEDED:
        return {"holds": 0, "batches": 0}
    for customer, (reason, clause, reference, days, scope) in zip(free[:4], HELD, strict=True):
        holds.place_hold(
            customer=customer, reason=reason, clause=clause, reference=reference, scope=scope,
            review_on=timezone.localdate(at) + timedelta(days=days), by=compliance, at=at,
        )  # fmt: skip
    _certified(free[4:10], compliance, privacy, at)
    _waiting(free[10:18], compliance, privacy, at)
    _looked_at(free[18:22], compliance, privacy, at)
    _propose(free[22:30], "SEPARATE", None, at)
    _propose(free[30:35], "DESTROY", compliance, at)
    return {"holds": Hold.objects.count(), "batches": DestructionBatch.objects.count()}


def _free() -> list[Customer]:
    """The newest customers of one record who are party to nothing live, in a steady order; none of them is a pair whose
    truth the demonstration knows."""
    found = Customer.objects.filter(state=Customer.State.ACTIVE, kind="PERSON", record_count=1, absorbed=None)
    ids = list(found.order_by("-pk").values_list("pk", flat=True)[:400])
    kept = live_roles(ids) | obstacles(ids, action="DESTROY").keys()
    rows = Customer.objects.in_bulk([pk for pk in ids if pk not in kept][:NEEDED])
    return [rows[pk] for pk in sorted(rows)]


def _propose(customers: list[Customer], action: str, by: Staff | None, at: datetime) -> DestructionBatch:
    day = timezone.localdate(at)
    due = Due("PROSPECT", CLAUSE, _years_before(day), day)
    return retention_batches.propose_batch(
        action=action, origin="RETENTION", customers={customer.pk: due for customer in customers}, by=by, at=at,
        basis=BASES[action],
    )  # fmt: skip


def _years_before(day: date) -> date:
    return day - timedelta(days=365)


def _run(customers: list[Customer], action: str, by: Staff, decider: Staff, at: datetime) -> DestructionBatch:
    batch = _propose(customers, action, by, at)
    retention_batches.approve_batch(batch=batch, by=decider, at=at)
    return batches_running.run_batch(batch=batch)


def _certified(customers: list[Customer], by: Staff, decider: Staff, at: datetime) -> None:
    """Everybody answered, one source keeps one copy for a reason."""
    batch = _run(customers, "DESTROY", by, decider, at)
    for place, copy in enumerate(batch.copies.order_by("pk")):
        kept = {}
        if place == 0 and copy.customers:
            kept = {
                copy.customers[0]: batches_copies.Kept("세무 자료 보존", timezone.localdate(at) + timedelta(days=700))
            }
        batches_copies.answer_copy(copy=copy, kept=kept, by=by, at=batch.finished_at or at)


def _waiting(customers: list[Customer], by: Staff, decider: Staff, at: datetime) -> None:
    """One has answered, the others are silent."""
    batch = _run(customers, "DESTROY", by, decider, at)
    first = batch.copies.filter(state=CopyAnswer.State.WAITING).order_by("pk").first()
    if first is not None and batch.copies.count() > 1:
        batches_copies.answer_copy(copy=first, by=by, at=batch.finished_at or at)


def _looked_at(customers: list[Customer], by: Staff, decider: Staff, at: datetime) -> None:
    _run(customers, "SEPARATE", by, decider, at)
    customer = Customer.objects.get(pk=customers[0].pk)
    if customer.state == Customer.State.SEPARATED and not SeparatedUse.objects.exists():
        separated.use_separated(
            customer=customer,
            reason="휴면보험금 지급 여부 확인",
            clause="신용정보법 제20조의2 제2항 제2호",
            by=decider,
            at=at,
        )
