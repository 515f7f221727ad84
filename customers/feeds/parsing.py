"""A chunk of a file becomes canonical columns and rejected rows. Pure; runs in worker processes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b

from customers.feeds.mapping import CompiledMapping
from customers.feeds.reading import Chunk, Dialect
from customers.standard import instant, plain_date

csv.field_size_limit(10_000_000)
# What may be a resident number in any cell: a plausible date, a kind digit, six more digits.
RESIDENT_NUMBER = re.compile(
    r"(?<![0-9])([0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))[ -]?([0-9])[0-9]{6}(?![0-9])"
)
KEY_LIKE_RESIDENT_NUMBER = re.compile(r"^[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[0-9]{7}$")
PLAIN_JSON = re.compile(r'^[^"\\\x00-\x1f]*$')
OFFSET = "+09"  # feeds tell the time of Korea
DIGEST_BYTES = 16


@dataclass(frozen=True)
class Reject:
    """A row that cannot be loaded: where, which column, what was found, why (a code of `feeds.reasons`), and all cells.

    cells: the row as sent; where it could not be cut into cells, one cell with the whole line.
    """

    line: int
    column: str
    value: str
    reason: str
    cells: tuple[str, ...]


@dataclass
class Parsed:
    """The rows of a chunk that can be cut into cells. `rows` and `lines` run in step; columns are canonical."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def reject(self, row: int, column: str, value: str, reason: str) -> Reject:
        """A reject for one of `rows`."""
        return Reject(self.lines[row], column, value, reason, tuple(self.rows[row]))


def parse(chunk: Chunk, dialect: Dialect, mapping: CompiledMapping) -> Parsed:
    """Cut a chunk into rows and build the canonical columns; rows of another width are rejected."""
    parsed = Parsed()
    if chunk.rows is not None:
        rows, lines = chunk.rows, range(chunk.first_line, chunk.first_line + len(chunk.rows))
    else:
        rows, lines = _cut(chunk, dialect, parsed)
    width = mapping.width
    for row, line in zip(rows, lines, strict=True):
        if len(row) == width:
            parsed.rows.append(row)
            parsed.lines.append(line)
        elif not row or not any(cell.strip() for cell in row):
            continue
        elif chunk.rows is not None and not any(row[width:]):
            parsed.rows.append((row + [""] * width)[:width])
            parsed.lines.append(line)
        else:
            reason = "TOO_FEW_CELLS" if len(row) < width else "TOO_MANY_CELLS"
            parsed.rejects.append(Reject(line, "", f"{len(row)} / {width}", reason, tuple(row)))
    _drop_blank(parsed)
    build_columns(parsed, mapping)
    return parsed


def _drop_blank(parsed: Parsed) -> None:
    blank = [row for row, cells in enumerate(parsed.rows) if not cells[0] and not any(cell.strip() for cell in cells)]
    for row in reversed(blank):
        del parsed.rows[row], parsed.lines[row]


def build_columns(parsed: Parsed, mapping: CompiledMapping) -> None:
    """(Re)build the canonical columns of the rows that are left."""
    sent = list(zip(*parsed.rows, strict=True))
    empty = [""] * len(parsed.rows)
    parsed.columns = {
        column: mapping.builders[column](sent) if sent and column in mapping.builders else empty
        for column in mapping.layout.all_columns
    }


def _cut(chunk: Chunk, dialect: Dialect, parsed: Parsed) -> tuple[list[list[str]], list[int]]:
    """The cells of every readable row, with its line number; the unreadable are rejected."""
    texts, lines = [], []
    line = chunk.first_line
    for index, item in enumerate(chunk.lines):
        try:
            text = item.decode(dialect.encoding)
            if index in chunk.left_open:
                parsed.rejects.append(Reject(line, "", "", "QUOTE_NOT_CLOSED", (text.rstrip("\r\n"),)))
            elif "\0" in text:
                parsed.rejects.append(Reject(line, "", "", "CONTROL_CHARACTER", (text.replace("\0", "").rstrip(),)))
            else:
                texts.append(text)
                lines.append(line)
        except UnicodeDecodeError as problem:
            found = item[problem.start : problem.end].hex(" ")
            readable = item.decode(dialect.encoding, "replace").rstrip("\r\n")
            parsed.rejects.append(Reject(line, "", found, "NOT_IN_ENCODING", (readable,)))
        line += item.count(b"\n") if b'"' in item else 1
    return _rows(texts, dialect.delimiter), lines


def _rows(texts: list[str], delimiter: str) -> list[list[str]]:
    rows = list(csv.reader(texts, delimiter=delimiter))
    if len(rows) == len(texts):
        return rows
    return [next(csv.reader([text], delimiter=delimiter), []) for text in texts]


def check_cells(parsed: Parsed, mapping: CompiledMapping) -> dict[int, Reject]:
    """Check what every layout asks for: required cells, codes, dates, instants. Codes, dates and instants are
    replaced by their canonical text. Returns {row: its first reject}."""
    found: dict[int, Reject] = {}
    for column in mapping.layout.required:
        for row, cell in enumerate(parsed.columns[column]):
            if not cell or not cell.strip():
                found.setdefault(row, parsed.reject(row, name_of(mapping, column), cell, "REQUIRED"))
    for column, codes in mapping.layout.codes.items():
        fallback = mapping.layout.fallbacks.get(column)
        reader = lru_cache(100_000)(lambda cell, codes=codes, fallback=fallback: _code(cell, codes, fallback))
        _replace(parsed, mapping, column, reader, "UNKNOWN_CODE", found)
    for column in mapping.layout.dates:
        _replace(parsed, mapping, column, read_date, "NOT_A_DATE", found)
    for column in mapping.layout.instants:
        _replace(parsed, mapping, column, read_instant, "NOT_A_DATE", found)
    return found


def name_of(mapping: CompiledMapping, column: str) -> str:
    """What the file calls a canonical column."""
    positions = mapping.cells.get(column, ())
    return " + ".join(mapping.header[position] for position in positions) or column


def _replace(
    parsed: Parsed,
    mapping: CompiledMapping,
    column: str,
    read: Callable[[str], str | None],
    reason: str,
    found: dict[int, Reject],
) -> None:
    cells = parsed.columns[column]
    canonical = list(map(read, cells))
    if None in canonical:
        for row, value in enumerate(canonical):
            if value is None:
                canonical[row] = ""
                if column not in mapping.keeps_bad:
                    found.setdefault(row, parsed.reject(row, name_of(mapping, column), cells[row], reason))
    parsed.columns[column] = canonical


def _code(cell: str, codes: Mapping[str, str], fallback: str | None) -> str | None:
    cell = cell.strip()
    return codes.get(cell.upper(), fallback) if cell else ""


@lru_cache(maxsize=100_000)
def read_date(cell: str) -> str | None:
    """A date as ISO text, '' for none or an open end, None when it cannot be read."""
    if not cell or not cell.strip():
        return ""
    form = plain_date(cell)
    if isinstance(form.value, date):
        return form.value.isoformat()
    return "" if {"OPEN_END", "PLACEHOLDER"} & set(form.problems) else None


@lru_cache(maxsize=100_000)
def read_instant(cell: str) -> str | None:
    """An instant in Korean time as ISO text with offset, '' for none, None when it cannot be read."""
    if not cell or not cell.strip():
        return ""
    form = instant(cell)
    if isinstance(form.value, datetime):
        return f"{form.value.isoformat(' ')}{OFFSET}"
    return "" if "PLACEHOLDER" in form.problems else None


def digest_of(cells: Sequence[str], skipped: frozenset[int] = frozenset()) -> bytes:
    """The fingerprint of a row as sent, without the cells of `skipped` (its as-of)."""
    kept = [cell for position, cell in enumerate(cells) if position not in skipped] if skipped else cells
    return blake2b("\x1f".join(kept).encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def redacted(cells: list[str], exempt: frozenset[int]) -> list[str]:
    """The cells with everything that looks like a resident number masked, but for the cells of `exempt`."""
    return [
        cell if position in exempt else RESIDENT_NUMBER.sub(r"\1-\2******", cell) for position, cell in enumerate(cells)
    ]


def as_json(cells: Sequence[str]) -> str:
    """The cells as a JSON array."""
    joined = '","'.join(cells)
    if joined.count('"') == 2 * (len(cells) - 1) and PLAIN_JSON.match(joined.replace('","', "")):
        return f'["{joined}"]'
    return json.dumps(cells, ensure_ascii=False)


def copy_text(text: str) -> str:
    """Text as COPY wants it: backslash, tab and line breaks escaped."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text
