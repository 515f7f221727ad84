"""Everything that consent measures, on the stock at hand, for `manage.py bench --above`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accounts.models import Staff
from consent.bench import consents, contact, gate, night, retention, wall


def measure(staff: Staff) -> Iterator[tuple[str, Mapping[str, object]]]:
    """(area, {figure: value}), each when it is measured. staff: somebody who sees the whole stock. Nothing of what
    it writes stays."""
    yield "consents", consents.measure()
    yield "contacts", contact.measure(staff)
    yield "gate", gate.measure(staff)
    yield "retention", retention.measure(staff)
    yield "night", night.measure()
    yield "whole company", wall.measure(staff)
