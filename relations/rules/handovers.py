"""The file of transfers that the personnel department sends (인사발령), row by row. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

COLUMNS = ("사번", "구분", "발령지점", "발령일")
KINDS = {
    **dict.fromkeys(("퇴사", "퇴직", "해촉", "위촉해지"), "LEAVES"),
    **dict.fromkeys(("전보", "이동", "전출"), "MOVES"),
    **dict.fromkeys(("동반전보", "동반이동"), "TAKES_ALONG"),
}
"""{word of the file: `StaffMove.Kind`}"""
DAY = re.compile(r"^(\d{4})[-./]?\s?(\d{1,2})[-./]?\s?(\d{1,2})\.?$")
MOST_ROWS = 10_000
LONGEST_CODE = 20


class HeaderUnknown(Exception):
    """The file lacks columns; `missing` names them."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(missing)
        self.missing = list(missing)


class TooManyRows(Exception):
    """The file has more rows than one handover holds."""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A row as understood. line: where it stands in the file; kind: `StaffMove.Kind`; branch: a code, '' for none."""

    line: int
    number: str
    kind: str
    branch: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, with the code of the reason; words are in `relations.words.handovers`."""

    line: int
    number: str
    code: str


def read_moves(header: Sequence[str], rows: Iterable[Sequence[str]], first_line: int = 2) -> list[MoveLine | Refused]:
    """The rows of a file of transfers, each understood or refused. Raises HeaderUnknown, TooManyRows.

    A row without day is for whichever day is planned. Nobody is moved twice: the later row is refused.
    """
    places = {name.strip().replace(" ", ""): place for place, name in enumerate(header)}
    missing = [name for name in COLUMNS[:2] if name not in places]
    if missing:
        raise HeaderUnknown(missing)
    found: list[MoveLine | Refused] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, first_line):
        if not any(cell.strip() for cell in row):
            continue
        if len(found) == MOST_ROWS:
            raise TooManyRows
        understood = _understood(line, dict(_cells(places, row)))
        if isinstance(understood, MoveLine) and understood.number in seen:
            understood = Refused(line, understood.number, "TWICE")
        seen.add(understood.number)
        found.append(understood)
    return found


def _cells(places: dict[str, int], row: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in COLUMNS:
        place = places.get(name)
        yield name, row[place].strip() if place is not None and place < len(row) else ""


def _understood(line: int, cells: dict[str, str]) -> MoveLine | Refused:
    number, kind, branch, written = (cells[name] for name in COLUMNS)
    number = number.removesuffix(".0")  # a number that a sheet kept as one
    day = read_day(written)
    if not number:
        return Refused(line, "", "NO_NUMBER")
    if not _is_code(number):
        return Refused(line, "", "UNKNOWN_STAFF")
    if not _is_code(branch):
        return Refused(line, number, "UNKNOWN_BRANCH")
    if kind.replace(" ", "") not in KINDS:
        return Refused(line, number, "UNKNOWN_KIND")
    if written and day is None:
        return Refused(line, number, "BAD_DAY")
    meant = KINDS[kind.replace(" ", "")]
    if meant != "LEAVES" and not branch:
        return Refused(line, number, "NO_BRANCH")
    return MoveLine(line, number, meant, branch if meant != "LEAVES" else "", day)


def _is_code(text: str) -> bool:
    """Whether a cell can be somebody's number or a branch's code at all; nothing else is looked up or shown again."""
    return len(text) <= LONGEST_CODE and text.isprintable()


def read_day(text: str) -> date | None:
    """2026-12-01, 2026.12.1., 20261201, with or without a time behind it; None for anything else."""
    found = DAY.match(text.strip().split("T")[0].removesuffix(" 00:00:00").strip())
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
