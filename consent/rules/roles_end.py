"""When the commercial relationship with somebody ended: the latest end over all their roles. Pure.

Source: 신용정보법 시행령 제17조의2 제5항 (expiry, cancellation, prescription), 상법 제662조 (claims lapse).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = 12
LIVE = frozenset({"APPLIED", "IN_FORCE", "GRACE", "REINSTATED", "REDUCED_PAID_UP", "PAID_UP", "WAIVED"})
"""Statuses of contracts that go on, or are about to begin. One that lapsed has ended: whoever may still have it
reinstated is kept by the years until claims lapse, which are as many."""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is to a contract. ended_on: the day on which it ended, None while it is live; paid_on: of the last
    benefit, where one is known."""

    is_live: bool
    ended_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The ends over all roles. relationship_on: of the last claim; contract_on: of the last contract."""

    relationship_on: date
    contract_on: date


def add_months(day: date, months: int) -> date:
    """The same day so many months later, and the last of the month where it has none (29 February, the 31st).

    Source: 민법 제160조 제3항.
    """
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def contract_ended_on(status: str, ends_on: date | None, said_on: date) -> date | None:
    """The day on which a contract ended, None while it is live. said_on: when the source said that it has this status:
    an agreed end that lies after it (a surrender before maturity) was not waited for."""
    if status in LIVE:
        return None
    return ends_on if ends_on is not None and ends_on <= said_on else said_on


def role_of(status: str, ends_on: date | None, said_on: date) -> Role:
    """A role on a contract of this status."""
    ended_on = contract_ended_on(status, ends_on, said_on)
    return Role(ended_on is None, ended_on)


def ends_of(roles: Iterable[Role], claim_years: int) -> Ended | None:
    """When it all ended; None while one role is live, wherever, and where there is none.

    The relationship goes on until claims of the last contract, and from the last benefit, have lapsed.
    """
    held = list(roles)
    if not held or any(role.is_live or role.ended_on is None for role in held):
        return None
    contract_on = max(role.ended_on for role in held)
    last = max((role.paid_on for role in held if role.paid_on), default=contract_on)
    return Ended(add_months(max(contract_on, last), claim_years * MONTHS), contract_on)
