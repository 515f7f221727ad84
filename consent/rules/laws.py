"""The registry of laws: days that follow from days, and who owns an item. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from consent.rules.roles_end import add_months

SEVERAL = re.compile(r"\s*(?:[,;/·&]|\s및\s|\s또는\s|\sand\s)\s*")


class Gap(StrEnum):
    """What is wrong with the ownership of an item."""

    NO_OWNER = "NO_OWNER"
    TWO_OWNERS = "TWO_OWNERS"
    NO_STEWARD = "NO_STEWARD"
    TWO_STEWARDS = "TWO_STEWARDS"


class Owned(NamedTuple):
    """An item with the departments that own and keep it, as somebody wrote them."""

    code: str
    owner: str
    steward: str


def departments(text: str) -> tuple[str, ...]:
    """The departments that a text names; "고객정보관리부, 계약관리부" names two."""
    return tuple(part for part in SEVERAL.split(text.strip()) if part)


def gaps_of(item: Owned) -> tuple[Gap, ...]:
    """What is wrong with an item; each is to have exactly one owner and one steward (CO7, M6)."""
    owners, stewards = len(departments(item.owner)), len(departments(item.steward))
    found = (
        (Gap.NO_OWNER, owners == 0),
        (Gap.TWO_OWNERS, owners > 1),
        (Gap.NO_STEWARD, stewards == 0),
        (Gap.TWO_STEWARDS, stewards > 1),
    )
    return tuple(gap for gap, is_so in found if is_so)


def badly_owned(items: Iterable[Owned]) -> dict[str, tuple[Gap, ...]]:
    """{item: what is wrong}; items in order are absent."""
    return {item.code: gaps for item in items if (gaps := gaps_of(item))}


def task_due(starts_on: date, today: date, days: int) -> date:
    """Until when somebody looks at what hangs on a changed clause: before it begins, but never less than `days` from
    today; a clause that began already leaves that time too.
    """
    return max(starts_on - timedelta(days=1), today + timedelta(days=days))


def next_review(today: date, months: int) -> date:
    """When a law is looked at again."""
    return add_months(today, months)
