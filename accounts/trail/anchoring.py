"""What makes an anchor of the trail, and the note of a dropped month, genuine: signatures that only Hannun can make."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import TrailAnchor, TrailMonth
from accounts.trail.chain import signature_of, trail_key

ANCHORED_MONTHS = 3
"""The newest so many months that have entries are anchored each day: a clock that was set back writes into old ones."""


def ends_of(day: date) -> list[tuple[date, int, int, bytes]]:
    """Month, lane, number and hash of the last entry of each chain that was written before the end of `day`."""
    query = (
        "SELECT head.month, head.lane, entry.number, entry.hash FROM accounts_trailhead head CROSS JOIN LATERAL ("
        "SELECT number, hash FROM accounts_accessentry entry WHERE entry.month = head.month AND entry.lane = head.lane "
        "AND at < %s ORDER BY number DESC LIMIT 1) entry WHERE head.month IN (SELECT DISTINCT month FROM "
        "accounts_trailhead WHERE number > 0 AND month <= %s ORDER BY month DESC LIMIT %s) ORDER BY 1, 2"
    )
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    with connection.cursor() as cursor:
        cursor.execute(query, [midnight, _month_after(day), ANCHORED_MONTHS])
        return [(month, lane, number, bytes(end)) for month, lane, number, end in cursor.fetchall()]


def anchor_signature(anchor: TrailAnchor, *, count: int) -> bytes:
    """What the anchor must be signed with. count: of all anchors of its day, so that none is taken away."""
    written = (anchor.day, anchor.month, anchor.lane, anchor.number, bytes(anchor.hash), _instant(anchor.made_at))
    return signature_of(trail_key(settings.KEYS.index), "anchor", *written, count)


def month_signature(dropped: TrailMonth) -> bytes:
    """What the note of a dropped month must be signed with."""
    key = trail_key(settings.KEYS.index)
    return signature_of(key, "month", dropped.month, dropped.count, _instant(dropped.dropped_at))


def forged(anchors: Collection[TrailAnchor]) -> list[TrailAnchor]:
    """The anchors whose signature is wrong; `anchors` are all of each day."""
    counts = Counter(anchor.day for anchor in anchors)
    return [
        anchor for anchor in anchors if bytes(anchor.signature) != anchor_signature(anchor, count=counts[anchor.day])
    ]


def digest_of(anchors: Iterable[TrailAnchor]) -> str:
    """A short word for all anchors of a day, for the log: who keeps logs elsewhere can tell later what they said."""
    return hashlib.sha256(b"".join(bytes(anchor.signature) for anchor in anchors)).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _month_after(day: date) -> date:
    """The first day of the month after that of `day`: a clock that runs ahead may have opened it."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
