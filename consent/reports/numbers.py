"""The numbers of the law as people read them: the value of today, what is planned, what was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from consent.models import LegalNumber
from consent.numbers import NUMBERS
from consent.words.numbers import GROUPS, OTHERS, in_unit

MOST_CHANGES = 2_000  # in the whole life of an installation; more are not read


@dataclass(frozen=True)
class NumberChange:
    """A value from a day on. by: who set it, '' for what the installation began with."""

    starts_on: date | None
    value: str
    reason: str
    by: str
    is_ahead: bool


@dataclass(frozen=True)
class NumberLine:
    """A number. since: None for the value that the installation began with; ahead: what is planned, the nearest first;
    past: what held and was set before, the newest first, the value of today among them."""

    name: str
    title: str
    clause: str
    value: str
    since: date | None
    ahead: tuple[NumberChange, ...]
    past: tuple[NumberChange, ...]


@dataclass(frozen=True)
class NumberGroup:
    """Numbers about one thing."""

    title: str
    lines: tuple[NumberLine, ...]


def number_groups(today: date) -> list[NumberGroup]:
    """All numbers, by what they are about; in one query."""
    said: dict[str, list[LegalNumber]] = defaultdict(list)
    rows = LegalNumber.objects.select_related("set_by").order_by("-starts_on", "-pk")
    for row in rows[:MOST_CHANGES]:
        said[row.name].append(row)
    named = {name for _title, names in GROUPS for name in names}
    others = tuple(name for name in NUMBERS if name not in named)
    groups = (*GROUPS, (OTHERS, others)) if others else GROUPS
    return [
        NumberGroup(str(title), tuple(_line(name, said[name], today) for name in names if name in NUMBERS))
        for title, names in groups
    ]


def number_line(name: str, today: date) -> NumberLine:
    """One number of `NUMBERS`."""
    rows = LegalNumber.objects.filter(name=name).select_related("set_by").order_by("-starts_on", "-pk")
    return _line(name, list(rows), today)


def _line(name: str, rows: Sequence[LegalNumber], today: date) -> NumberLine:
    """rows: the newest first; of two for one day the one that was set last holds."""
    meaning = NUMBERS[name]
    changes = [_change(row, meaning.unit, today) for row in rows]
    past = tuple(change for change in changes if not change.is_ahead)
    now = past[0].value if past else in_unit(meaning.default, meaning.unit)
    since = past[0].starts_on if past else None
    first = NumberChange(None, in_unit(meaning.default, meaning.unit), "", "", False)
    ahead = tuple(change for change in reversed(changes) if change.is_ahead)
    return NumberLine(name, str(meaning.title), meaning.clause, now, since, ahead, (*past, first))


def _change(row: LegalNumber, unit: str, today: date) -> NumberChange:
    by = row.set_by.name if row.set_by else ""
    return NumberChange(row.starts_on, in_unit(row.value, unit), row.reason, by, row.starts_on > today)
