"""Excel workbooks, opened in a process of their own that may take only so much memory. Pure.

A workbook of one kilobyte can claim a cell at the last row and column, or unpack to gigabytes; whoever opened it would
be killed. So a child opens it, and what it writes are the rows as JSON, one a line, into a file without a name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO

from customers.feeds.mapping import folded
from customers.feeds.pipeline import die_with_parent
from customers.feeds.refusal import UnreadableFile

MOST_MEMORY = 4_000_000_000  # bytes; a sheet of 10,000,000 filled cells takes about a quarter of it
ROOT = Path(__file__).resolve().parents[2]


def rows_of(path: Path, sheet: str | None, headers: Collection[str]) -> Iterator[list[str]]:
    """The rows of a sheet as people see them; without a name, of the first sheet with the most of these headers.

    Raises UnreadableFile before the first row.
    """
    with tempfile.TemporaryFile() as answer:
        asked = json.dumps([os.getpid(), str(path.absolute()), sheet, list(headers), MOST_MEMORY])
        child = subprocess.run(
            [sys.executable, "-m", "customers.feeds.workbooks"],
            cwd=ROOT,
            input=asked.encode(),
            stdout=answer,
            stderr=subprocess.DEVNULL,  # what a library complains of may quote a cell
            check=False,
        )
        answer.seek(0)
        outcome = answer.readline()
        if child.returncode or not outcome.endswith(b"\n"):
            raise UnreadableFile("TOO_LARGE_TO_OPEN", file=path.name)
        if problem := json.loads(outcome):
            raise UnreadableFile(problem["code"], **problem["details"])
        yield from map(json.loads, answer)


def main() -> None:
    """The child: what is asked comes in as JSON; the answer is null or a problem, and then the rows."""
    parent, path, sheet, headers, most_memory = json.load(sys.stdin)
    die_with_parent(parent)
    _limit(most_memory)
    answer = sys.stdout.buffer
    try:
        rows = _rows(Path(path), sheet, headers)
    except UnreadableFile as problem:
        _tell(answer, {"code": problem.code, "details": problem.details})
        return
    _tell(answer, None)
    for row in rows:
        _tell(answer, [cell_text(cell) for cell in row])


def _limit(most_memory: int) -> None:
    """Take no more address space than this, where the system knows such a limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(answer: BinaryIO, said: object) -> None:
    answer.write(json.dumps(said).encode() + b"\n")


def _rows(path: Path, sheet: str | None, headers: Collection[str]) -> Iterator[list[object]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise UnreadableFile("NO_SHEET", sheet=str(sheet), sheets=", ".join(names))
        return book.get_sheet_by_name(sheet or _likely_sheet(book, headers)).iter_rows()
    except (CalamineError, IndexError, OSError) as problem:
        raise UnreadableFile("NOT_EXCEL", file=path.name) from problem


def _likely_sheet(book: object, headers: Collection[str]) -> str:
    """The first sheet with the most of these headers: others are covers and notes."""
    wanted = {folded(header) for header in headers}
    names = book.sheet_names
    if len(names) == 1 or not wanted:
        return names[0]
    firsts = (next(book.get_sheet_by_name(name).iter_rows(), ()) for name in names)
    found = [len(wanted & {folded(str(cell)) for cell in first}) for first in firsts]
    return names[found.index(max(found))]


def cell_text(cell: object) -> str:
    """An Excel cell as the text that a person sees: whole numbers without a point, dates as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    main()
