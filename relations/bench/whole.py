"""Everything that relations measure, on the stock at hand, for `manage.py bench --above`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from accounts.models import Staff
from relations.bench import finances, groups, handovers, households, organisations, prospects, relationships


def measure(staff: Staff) -> Mapping[str, Mapping[str, object]]:
    """{area: {figure: value}}. staff: somebody who sees the whole stock. Suggested households are written and stay."""
    return {
        "households": households.measure(),
        "relationships": relationships.measure(viewer=staff),
        "organisations": organisations.measure(viewer=staff, at=timezone.now()),
        "groups": groups.measure(staff=staff),
        "finances": finances.measure(staff=staff),
        "prospects": prospects.measure(),
        "handovers": handovers.measure(),
    }
