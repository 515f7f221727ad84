"""Ends of group cover as a planner sees them: whose, and on which day; of the employer nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Staff
from customers.access import Place
from relations.models import CoverEnd
from relations.people import Face, faces


@dataclass(frozen=True, slots=True)
class CoverEndLine:
    """The end of somebody's group cover. is_ahead: the day has not come."""

    pk: int
    face: Face
    on: date
    is_ahead: bool
    is_seen: bool


def cover_end_lines(ends: Sequence[CoverEnd], viewer: Staff, today: date) -> list[CoverEndLine]:
    """The lines of some ends of `wall.cover_ends_for`, with `member` fetched."""
    shown = faces(viewer, [end.member.customer_id for end in ends], Place.LIST)
    return [
        CoverEndLine(end.pk, shown[end.member.customer_id], end.on, end.on > today, end.seen_at is not None)
        for end in ends
        if end.member.customer_id in shown
    ]
