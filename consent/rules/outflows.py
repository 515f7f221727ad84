"""What may flow to whom, and when an outflow is late. Pure.

Sources: 개인정보 보호법 제17조·제26조·제28조의8, 신용정보법 제17조·제32조.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

PURPOSES_OF: Mapping[str, frozenset[str]] = {
    "THIRD_PARTY": frozenset({"PROVISION"}),
    "ABROAD": frozenset({"ABROAD", "PROVISION"}),
}
"""{kind of a recipient: kinds of purposes for which it may be given data}; others may for every purpose, since they act
for us."""
CONTRACT_OVER, RETURN_LATE = "CONTRACT_OVER", "RETURN_LATE"


def may_flow(recipient_kind: str, purpose_kind: str) -> bool:
    """Whether data may go to such a recipient for such a purpose: a third party uses them for itself, so that the
    purpose must be a provision that people consent to on its own (개인정보 보호법 제22조 제1항)."""
    allowed = PURPOSES_OF.get(recipient_kind)
    return allowed is None or purpose_kind in allowed


def beyond(items: Collection[str], allowed: Collection[str]) -> list[str]:
    """The items that the purpose does not name, in their order."""
    return [item for item in items if item not in set(allowed)]


def return_due(ended_on: date, answer_days: int) -> date:
    """Until when a recipient says what became of the data after the outflow ended."""
    return ended_on + timedelta(days=answer_days)


def lateness(
    fate: str, ended_on: date | None, contract_until: date | None, today: date, answer_days: int
) -> tuple[str, ...]:
    """Codes of what is late: data flow though the contract is over; nobody says what became of them."""
    late = []
    if fate == "RUNNING" and contract_until is not None and contract_until < today:
        late.append(CONTRACT_OVER)
    if fate == "RETURN_ASKED" and ended_on is not None and return_due(ended_on, answer_days) < today:
        late.append(RETURN_LATE)
    return tuple(late)
