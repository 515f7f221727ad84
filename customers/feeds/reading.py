"""Files as sources send them, cut into chunks of whole rows: delimited text in any encoding, and Excel. Pure."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from customers.feeds import workbooks
from customers.feeds.refusal import UnreadableFile

CHUNK_ROWS = 20_000
SAMPLE_BYTES = 4_000_000
DELIMITERS = ",\t;|^~"
MARKED = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
EXCEL_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
EXCEL_BEGINNINGS = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
MAX_ROW_LINES = 100
csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Dialect:
    """How a file is written. encoding: a Python codec; delimiter: one character; skipped: how many cells at the
    beginning of every row are the notes of a reject file."""

    encoding: str
    delimiter: str
    skipped: int = 0


@dataclass(frozen=True)
class Chunk:
    """Some whole rows of a file. first_line: line number of the first row (the header is line 1).

    lines: one row each, as bytes, for text; left_open: indexes of rows with a quote that is never closed.
    rows: cells, for Excel. position: bytes of the file read so far.
    """

    first_line: int
    position: int
    lines: list[bytes] | None = None
    left_open: frozenset[int] = frozenset()
    rows: list[list[str]] | None = None


@dataclass(frozen=True)
class Opened:
    """A file that is ready to be read: its dialect, header, size in bytes, and the chunks that follow."""

    dialect: Dialect
    header: list[str]
    size: int
    chunks: Iterator[Chunk]


def open_feed(
    path: Path,
    encoding: str = "auto",
    delimiter: str = "auto",
    sheet: str | None = None,
    headers: Collection[str] = (),
) -> Opened:
    """Open a feed file by its kind. Raises UnreadableFile.

    headers: what the columns are called; of a workbook whose sheet is not named, the first sheet that has the most of
    them in its first row is read.
    """
    if not path.is_file():
        raise UnreadableFile("NO_FILE", file=path.name)
    if path.stat().st_size == 0:
        raise UnreadableFile("EMPTY_FILE", file=path.name)
    if is_excel(path):
        return _open_excel(path, sheet, headers)
    return _open_text(path, encoding, delimiter)


def is_excel(path: Path) -> bool:
    """Whether a file is a workbook by its name or its first bytes."""
    if path.suffix.lower() in EXCEL_SUFFIXES or not path.is_file():
        return path.suffix.lower() in EXCEL_SUFFIXES
    with path.open("rb") as file:
        return file.read(8).startswith(EXCEL_BEGINNINGS)


def _open_text(path: Path, encoding: str, delimiter: str) -> Opened:
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if encoding == "auto" or sample.startswith(tuple(MARKED)):
        encoding = detect_encoding(sample)
    if _is_binary(sample):
        raise UnreadableFile("NOT_TEXT", file=path.name)
    lines = _lines(path, _line_end(sample))
    head = _head(lines, delimiter, encoding)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    if delimiter == "auto":
        delimiter = detect_delimiter(text)
    header = _header(text, delimiter, path.name)
    if not any(cell.strip() for cell in header):
        raise UnreadableFile("NO_HEADER", file=path.name)
    dialect = Dialect(encoding, delimiter)
    rows = _Rows(lines, delimiter.encode(encoding), len(header))
    chunks = _text_chunks(rows, 1 + max(1, head.count(b"\n")), len(head))
    return Opened(dialect, [cell.strip() for cell in header], path.stat().st_size, chunks)


def _is_binary(sample: bytes) -> bool:
    """Whether zero bytes stand in the header or all over the file; in single rows they are the rows' own fault."""
    lines = sample.split(b"\n")
    return b"\0" in lines[0] or 3 * sum(b"\0" in line for line in lines) > len(lines)


def _line_end(sample: bytes) -> bytes:
    """Line feed, unless carriage returns that stand alone outnumber them."""
    alone = sample.count(b"\r") - sample.count(b"\r\n")
    return b"\r" if alone > sample.count(b"\n") else b"\n"


def _lines(path: Path, end: bytes) -> Iterator[bytes]:
    """The physical lines with their ends. end: line feed, or the carriage return of old Macintosh files."""
    with path.open("rb", buffering=1 << 20) as file:
        if end == b"\n":
            yield from file
            return
        begun = b""
        while piece := file.read(1 << 20):
            *whole, begun = (begun + piece).split(end)
            yield from (line + end for line in whole)
        if begun:
            yield begun


def _head(lines: Iterator[bytes], delimiter: str, encoding: str) -> bytes:
    """The header row, whose names may hold line breaks when they are quoted."""
    head = next(lines)
    if delimiter == "auto":
        delimiter = detect_delimiter(head.decode(encoding, "replace"))
    cut = delimiter.encode(encoding)
    taken = [head.removeprefix(codecs.BOM_UTF8)]
    while is_open(b"".join(taken), cut) and len(taken) < MAX_ROW_LINES and (following := next(lines, None)):
        taken.append(following)
    return head + b"".join(taken[1:])


def _header(text: str, delimiter: str, file: str) -> list[str]:
    """The cells of the header row. A second row in it means that lines end in different ways; none may be lost."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:  # a cell beyond all measure
        rows = []
    if len(rows) > 1 or (not rows and text.strip()):
        raise UnreadableFile("HEADER_UNREADABLE", file=file)
    return rows[0] if rows else []


def detect_encoding(sample: bytes) -> str:
    """UTF-8 (with or without mark) or CP949: whichever fails on fewer lines; UTF-8 where both read."""
    for mark, encoding in MARKED.items():
        if sample.startswith(mark):
            if encoding == "utf-16":
                raise UnreadableFile("UTF16")
            return "utf-8"
    lines = sample.split(b"\n")
    if len(sample) == SAMPLE_BYTES:
        lines.pop()
    return min(("utf-8", "cp949"), key=lambda encoding: sum(not _decodes(line, encoding) for line in lines))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def detect_delimiter(header: str) -> str:
    """The delimiter that the header line holds most often; a comma when it holds none."""
    return max(DELIMITERS, key=lambda delimiter: (header.count(delimiter), delimiter == ","))


@lru_cache
def _quoting(delimiter: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A whole quoted beginning of a cell, and a quote that begins a cell."""
    start = rb"(?:^|(?<=" + re.escape(delimiter) + rb"))"
    return re.compile(start + rb'"[^"]*(?:""[^"]*)*"(?!")'), re.compile(start + rb'"')


def is_open(text: bytes, delimiter: bytes) -> bool:
    """Whether a quoted cell begins in `text` and does not end there. `text` is the beginning of one row."""
    if b'"' not in text:
        return False
    closed, opening = _quoting(delimiter)
    return bool(opening.search(closed.sub(b"-", text)))


class _Rows:
    """Physical lines joined to rows. A cell may hold line breaks when it is quoted; a quote that is never closed
    must not swallow its neighbours, so a row is joined only if it closes soon and has as many cells as the header."""

    def __init__(self, lines: Iterator[bytes], delimiter: bytes, width: int) -> None:
        self._lines, self._delimiter, self._width = lines, delimiter, width
        self._returned: deque[bytes] = deque()

    def __iter__(self) -> Iterator[tuple[bytes, bool]]:
        """Each row as bytes, and whether its last cell was left open."""
        while (line := self._next()) is not None:
            if b'"' not in line or not is_open(line, self._delimiter):
                yield line, False
            else:
                yield self._joined(line)

    def _next(self) -> bytes | None:
        return self._returned.popleft() if self._returned else next(self._lines, None)

    def _joined(self, line: bytes) -> tuple[bytes, bool]:
        taken = [line]
        while len(taken) < MAX_ROW_LINES and (following := self._next()) is not None:
            taken.append(following)
            if b'"' in following and not is_open(b"".join(taken), self._delimiter):
                row = b"".join(taken)
                if self._cells(row) == self._width:
                    return row, False
                break
        self._returned.extendleft(reversed(taken[1:]))
        return line, True

    def _cells(self, row: bytes) -> int:
        """How many cells a row has, 0 where a quoted cell goes on behind its end: two rows with a stray quote each."""
        delimiter = self._delimiter.decode("latin-1")
        try:
            return len(next(csv.reader([row.decode("latin-1")], delimiter=delimiter, strict=True)))
        except csv.Error:
            return 0


def _text_chunks(rows: _Rows, first: int, position: int) -> Iterator[Chunk]:
    held: list[bytes] = []
    left_open: set[int] = set()
    line_number = first
    for row, is_broken in rows:
        if is_broken:
            left_open.add(len(held))
        held.append(row)
        position += len(row)
        line_number += row.count(b"\n") if b'"' in row else 1
        if len(held) >= CHUNK_ROWS:
            yield Chunk(first, position, lines=held, left_open=frozenset(left_open))
            held, left_open, first = [], set(), line_number
    if held:
        yield Chunk(first, position, lines=held, left_open=frozenset(left_open))


def _open_excel(path: Path, sheet: str | None, headers: Collection[str]) -> Opened:
    rows = workbooks.rows_of(path, sheet, headers)
    header = [cell.strip() for cell in next(rows, [])]
    if not any(header):
        raise UnreadableFile("NO_HEADER", file=path.name)
    size = path.stat().st_size
    return Opened(Dialect("excel", ""), header, size, _excel_chunks(rows, size))


def _excel_chunks(rows: Iterator[list[str]], size: int) -> Iterator[Chunk]:
    """Chunks of an open sheet; how far the file is read cannot be told, so the position stays at its end."""
    first = 2
    while held := list(islice(rows, CHUNK_ROWS)):
        yield Chunk(first, size, rows=held)
        first += len(held)
