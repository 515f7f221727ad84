"""Everything that relations measure, on the stock at hand, for `manage.py bench --above`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone

from accounts.models import Staff
from relations.bench import finances, groups, handovers, households, organisations, prospects, relationships


def measure(staff: Staff) -> Iterator[tuple[str, Mapping[str, object]]]:
    """(area, {figure: value}), each when it is measured. staff: somebody who sees the whole stock. Suggested households
    are written and stay."""
    yield "households", households.measure()
    yield "relationships", relationships.measure(viewer=staff)
    yield "organisations", organisations.measure(viewer=staff, at=timezone.now())
    yield "groups", groups.measure(staff=staff)
    yield "finances", finances.measure(staff=staff)
    yield "prospects", prospects.measure()
    yield "handovers", handovers.measure()
