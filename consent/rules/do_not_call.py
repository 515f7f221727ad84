"""Reading a list of the do-not-call register: a telephone number a row and the day of its registration. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from customers.standard.phones import phone

ENCODINGS = ("utf-8-sig", "cp949")
DELIMITERS = ",;\t|"
_DAY = re.compile(r"(\d{4})[-./년 ]*(\d{1,2})[-./월 ]*(\d{1,2})")
NO_NUMBER = frozenset({"", "UNKNOWN"})


class Unreadable(Exception):
    """The file is no text."""


@dataclass(frozen=True)
class Listed:
    """What a list says. numbers: {telephone number as the master writes it: day of registration}; rejects: (line,
    code) of rows that were not taken, counted from 1."""

    numbers: dict[str, date] = field(default_factory=dict)
    rejects: list[tuple[int, str]] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        return len(self.numbers) + len(self.rejects)


def read_list(content: bytes, day: date) -> Listed:
    """The numbers of a file; `day` is the last on which one may have been registered. Raises Unreadable.

    A first line without a digit is taken as the heading. A number that stands twice counts from its first line.
    """
    listed = Listed()
    for line, cells in _rows(_text(content)):
        if line == 1 and not any(letter.isdigit() for cell in cells for letter in cell):
            continue
        number, registered_on = _number(cells), _registered_on(cells)
        if not number:
            listed.rejects.append((line, "NUMBER"))
        elif registered_on is None:
            listed.rejects.append((line, "DAY"))
        elif registered_on > day:
            listed.rejects.append((line, "DAY_TO_COME"))
        elif number in listed.numbers:
            listed.rejects.append((line, "TWICE"))
        else:
            listed.numbers[number] = registered_on
    return listed


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise Unreadable
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, with their number and cells."""
    lines = text.splitlines()
    counts = {mark: sum(mark in line for line in lines[:20]) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: counts[mark])
    for line, text_ in enumerate(lines, 1):
        if text_.strip():
            yield line, [cell.strip() for cell in next(csv.reader([text_], delimiter=delimiter), [])]


def _number(cells: list[str]) -> str:
    found = phone(cells[0]) if cells else None
    return found.value if found and found.kind not in NO_NUMBER else ""


def _registered_on(cells: list[str]) -> date | None:
    found = _DAY.match(cells[1]) if len(cells) > 1 else None
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
