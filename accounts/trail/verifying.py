"""Whether the trail is whole: every change, gap, insertion and deletion since it began, or within some days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import connection

from accounts.models import TrailAnchor, TrailHead, TrailMonth
from accounts.trail.anchoring import forged, month_signature
from accounts.trail.chain import CANONICAL_SQL, START, WORDS, fingerprint, trail_key
from accounts.trail.walking import Walk

BATCH = 20_000
MOST_NAMED = 20
Chain = tuple[date, int]


class FaultKind(StrEnum):
    """What was done to the trail. MISSING_DAY: a day without anchors, or all entries between two anchored days."""

    CHANGED = "CHANGED"
    SWAPPED = "SWAPPED"
    INSERTED = "INSERTED"
    DELETED = "DELETED"
    MISSING_DAY = "MISSING_DAY"
    TRUNCATED = "TRUNCATED"
    HEAD = "HEAD"
    ANCHOR = "ANCHOR"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. number, last: of the first and the last entry that it is about, where it is of some."""

    kind: FaultKind
    month: date | None = None
    lane: int | None = None
    number: int | None = None
    last: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. anchored_until: the last day whose end was signed, None before the first."""

    faults: tuple[Fault, ...]
    entries: int
    chains: int
    anchored_until: date | None


@dataclass
class Ledger:
    """What should be there: ends of chains, anchors that are genuine, months that were dropped, months that exist."""

    heads: dict[Chain, tuple[int, bytes]] = field(default_factory=dict)
    anchors: dict[Chain, list[TrailAnchor]] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    dropped: set[date] = field(default_factory=set)
    partitions: set[date] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is read of a chain: the entries after number `start`, whose hash is `before`, up to `end`.

    is_open: whether that is the end of the chain.
    """

    chain: Chain
    start: int
    before: bytes
    end: int
    is_open: bool


def verify(
    *, first: date | None = None, last: date | None = None, on_progress: Callable[[int, int], None] | None = None
) -> Verdict:
    """Read the trail of these days, both included, or all of it, and tell what does not fit.

    Entries that are written meanwhile are left out. on_progress: is told how many entries of how many are read.
    """
    ledger = read_ledger()
    stretches = [_stretch(ledger, chain, first, last) for chain in _chains(ledger, first, last)]
    total, done = sum(stretch.end - stretch.start for stretch in stretches), 0
    faults = [fault for fault in ledger.faults if _is_within(fault, first, last)]
    for stretch in stretches:
        for step in _verified(ledger, stretch, faults):
            done += step
            if on_progress:
                on_progress(done, total)
    return Verdict(tuple(faults), done, len(stretches), max(ledger.days, default=None))


def read_ledger() -> Ledger:
    """What the small tables say, and what is wrong with them by themselves."""
    ledger = Ledger(partitions=months_with_tables())
    heads = TrailHead.objects.order_by("month", "lane").values_list("month", "lane", "number", "hash")
    ledger.heads = {(month, lane): (number, bytes(end)) for month, lane, number, end in heads}
    anchors = list(TrailAnchor.objects.order_by("day", "month", "lane"))
    wrong = {anchor.pk for anchor in forged(anchors)}
    for anchor in anchors:
        if anchor.pk in wrong:
            ledger.faults.append(Fault(FaultKind.ANCHOR, anchor.month, anchor.lane, anchor.number, day=anchor.day))
        else:
            ledger.anchors.setdefault((anchor.month, anchor.lane), []).append(anchor)
    ledger.days = sorted({anchor.day for anchor in anchors})
    ledger.faults += [
        Fault(FaultKind.MISSING_DAY, day=before + timedelta(days=ahead))
        for before, after in zip(ledger.days, ledger.days[1:], strict=False)
        for ahead in range(1, (after - before).days)
    ]
    for month in TrailMonth.objects.order_by("month"):
        if bytes(month.signature) == month_signature(month):
            ledger.dropped.add(month.month)
        else:
            ledger.faults.append(Fault(FaultKind.MONTH, month.month))
    return ledger


def months_with_tables() -> set[date]:
    """The months that have a table."""
    query = (
        "SELECT right(relname, 7) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
        "WHERE inhparent = 'accounts_accessentry'::regclass"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {datetime.strptime(name, "%Y_%m").date() for (name,) in cursor.fetchall()}


def _chains(ledger: Ledger, first: date | None, last: date | None) -> list[Chain]:
    """The chains that may hold entries of these days: of their months, and of the neighbours for a clock set wrong."""
    known = ledger.heads.keys() | ledger.anchors.keys()
    known |= {(month, lane) for month in ledger.partitions for lane in _lanes(month)}
    low = _around(first, -1) if first else date.min
    high = _around(last, 1) if last else date.max
    return sorted(chain for chain in known if low <= chain[0] <= high and chain[0] not in ledger.dropped)


def _lanes(month: date) -> Iterator[int]:
    """The lanes that stand in a month, one probe of the index for each."""
    query = "SELECT min(lane) FROM accounts_accessentry WHERE month = %s AND lane > %s"
    lane: int | None = -1
    with connection.cursor() as cursor:
        while lane is not None:
            cursor.execute(query, [month, lane])
            (lane,) = cursor.fetchone()
            if lane is not None:
                yield lane


def _around(day: date, months: int) -> date:
    """The first day of the month before (-1) or after (1) that of `day`."""
    return (day.replace(day=1) + timedelta(days=31 if months > 0 else -1)).replace(day=1)


def _stretch(ledger: Ledger, chain: Chain, first: date | None, last: date | None) -> Stretch:
    """From the anchor of a day before the first one to that of the last day, or of one after it."""
    anchors = ledger.anchors.get(chain, [])
    earlier = [anchor for anchor in anchors if first and anchor.day < first]
    start, before = (earlier[-1].number, bytes(earlier[-1].hash)) if earlier else (0, START)
    later = [anchor for anchor in anchors if last and anchor.day >= last]
    if later:
        return Stretch(chain, start, before, max(start, later[0].number), False)
    furthest = max((anchor.number for anchor in anchors), default=0)
    end = ledger.heads[chain][0] if chain in ledger.heads else _last_number(chain)
    return Stretch(chain, start, before, max(start, furthest, end), True)


def _last_number(chain: Chain) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM accounts_accessentry WHERE month = %s AND lane = %s", chain)
        return cursor.fetchone()[0] or 0


def _is_within(fault: Fault, first: date | None, last: date | None) -> bool:
    """Whether a fault of the small tables touches these days; what is of no day always does."""
    return fault.day is None or ((first is None or first <= fault.day) and (last is None or fault.day <= last))


def _verified(ledger: Ledger, stretch: Stretch, faults: list[Fault]) -> Iterator[int]:
    """Read a stretch; gives how many entries each batch had, and adds what is wrong to `faults`."""
    anchored = {anchor.number: bytes(anchor.hash) for anchor in ledger.anchors.get(stretch.chain, [])}
    walk = Walk(trail_key(settings.KEYS.index), number=stretch.start, before=stretch.before, anchored=anchored)
    is_there = stretch.chain[0] in ledger.partitions
    reworded: list[int] = []
    while is_there and walk.reached < stretch.end and not walk.is_hopeless:
        rows = _rows(stretch.chain, walk.number, stretch.end + walk.pushed)
        for number, entry_hash, content in rows:
            walk.take(number, bytes(entry_hash), (content or "").encode())
        if not rows:
            break
        reworded += _reworded(stretch.chain, rows[0][0], rows[-1][0])
        yield len(rows)
    walk.settle(stretch.end)
    within = list(_faults_within(ledger, stretch, walk))
    # Beside entries that were moved or taken away, words fit none: those faults tell more.
    faults += within or [Fault(FaultKind.CHANGED, *stretch.chain, number) for number in reworded]
    if not walk.is_hopeless:
        faults += _faults_at_the_end(ledger, stretch, walk, is_there=is_there)


def _rows(chain: Chain, number: int, end: int) -> list[tuple[int, bytes, str | None]]:
    query = (
        f"SELECT number, hash, {CANONICAL_SQL} FROM accounts_accessentry "  # noqa: S608 - constants
        "WHERE month = %s AND lane = %s AND number > %s AND number <= %s ORDER BY number LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*chain, number, end, BATCH])
        return cursor.fetchall()


def _reworded(chain: Chain, first: int, last: int) -> list[int]:
    """The entries of a stretch beside which other words stand than were written. That they are gone is no fault."""
    query = (
        "SELECT number, words.salt, words.reason, entry.reason, words.conditions, entry.conditions "
        "FROM accounts_trailwords words JOIN accounts_accessentry entry USING (month, lane, number) "
        "WHERE month = %s AND lane = %s AND number BETWEEN %s AND %s ORDER BY number"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*chain, first, last])
        return [
            number
            for number, salt, *texts in cursor.fetchall()
            if any(
                fingerprint(bytes(salt), name, texts[2 * place]) != texts[2 * place + 1]
                for place, name in enumerate(WORDS)
            )
        ]


def _faults_within(ledger: Ledger, stretch: Stretch, walk: Walk) -> Iterator[Fault]:
    changed, swapped = walk.altered()
    for kind, numbers in (
        (FaultKind.CHANGED, changed),
        (FaultKind.SWAPPED, swapped),
        (FaultKind.INSERTED, walk.inserted),
        (FaultKind.ANCHOR, walk.differing),
    ):
        yield from (Fault(kind, *stretch.chain, number) for number in numbers)
    for first, last in walk.gaps:
        yield _gone(ledger, stretch.chain, first, last)


def _gone(ledger: Ledger, chain: Chain, first: int, last: int) -> Fault:
    """Entries that are not there: some, or all of a day where two anchors show that they were."""
    anchors = ledger.anchors.get(chain, [])
    for before, after in zip(anchors, anchors[1:], strict=False):
        if first <= before.number + 1 <= after.number <= last:
            return Fault(FaultKind.MISSING_DAY, *chain, first, last, after.day)
    return Fault(FaultKind.DELETED, *chain, first, last)


def _faults_at_the_end(ledger: Ledger, stretch: Stretch, walk: Walk, *, is_there: bool) -> Iterator[Fault]:
    if walk.reached < stretch.end:
        if not is_there:
            yield Fault(FaultKind.MONTH, *stretch.chain, walk.number + 1, stretch.end)
        elif not walk.count and not stretch.start:
            yield Fault(FaultKind.TRUNCATED, *stretch.chain, 1, stretch.end)
        else:
            yield _gone(ledger, stretch.chain, walk.number + 1, stretch.end)
    if not stretch.is_open:
        return
    number, end = ledger.heads.get(stretch.chain, (0, START))
    is_tied = not walk.suspects or walk.suspects[-1].number != walk.number
    if number < stretch.end or (walk.number == number and walk.count and is_tied and walk.before != end):
        yield Fault(FaultKind.HEAD, *stretch.chain, number)
    if is_there:
        added = (beyond for beyond in _beyond(stretch.chain) if beyond > walk.number)
        yield from (Fault(FaultKind.INSERTED, *stretch.chain, beyond) for beyond in added)


def _beyond(chain: Chain) -> list[int]:
    """Numbers above the end of the chain as it is now; one statement sees both at one instant."""
    query = (
        "SELECT number FROM accounts_accessentry WHERE month = %(month)s AND lane = %(lane)s AND number > coalesce(("
        "SELECT number FROM accounts_trailhead WHERE month = %(month)s AND lane = %(lane)s), 0) "
        "ORDER BY number LIMIT %(most)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"month": chain[0], "lane": chain[1], "most": MOST_NAMED})
        return [number for (number,) in cursor.fetchall()]
