"""A chunk of a file becomes canonical columns and rejected rows. Pure; runs in worker processes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from hashlib import blake2b

from customers.feeds.mapping import CompiledMapping
from customers.feeds.reading import Chunk, Dialect
from customers.masking import BETWEEN_HALVES
from customers.standard import instant, plain_date

# What may be a resident number in any cell: a plausible date, a kind digit, six more digits, in either width.
_DIGIT = "[0-9０-９]"
RESIDENT_NUMBER = re.compile(
    rf"(?<!{_DIGIT})({_DIGIT}{{2}}(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0０][1-9１-９]|[12１２]{_DIGIT}|[3３][01０１]))"
    rf"{BETWEEN_HALVES}({_DIGIT}){_DIGIT}{{6}}(?!{_DIGIT})"
)
# Its coarse shape in bytes, which is looked for first: digits as 0, blanks and hyphens as -, what begins a character
# of a wide hyphen or digit as ~, and the rest of a wide digit as ^9.
TO_SHAPE = bytes.maketrans(
    b"0123456789 \t\r\n._/:~-\xc2\xe2\xe3\xef\xbc" + bytes(range(0x90, 0x9A)),
    b"0000000000----------~~~~^" + b"9" * 10,
)
SHAPES = (
    *(b"000000" + b"-" * hyphens + b"0000000" for hyphens in range(4)),
    *(b"000000" + b"-" * hyphens + b"~" for hyphens in range(3)),
    b"~^9",
)
KEY_LIKE_RESIDENT_NUMBER = re.compile(r"^[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[0-9]{7}$")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
CONTROL_BYTES = bytes(byte for byte in range(128) if CONTROL.match(chr(byte)))
OTHER_BYTES = bytes(byte for byte in range(256) if byte not in CONTROL_BYTES)
# What a spreadsheet takes for a formula at the beginning of a cell; behind an apostrophe it is shown as it stands.
RISKY_IN_SPREADSHEETS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
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
        rows, lines = _cut(chunk, dialect, mapping.header, parsed)
    if dialect.skipped:
        rows = [list(map(risky_again, row[dialect.skipped :])) for row in rows]
    width = mapping.width
    for row, line in zip(rows, lines, strict=True):
        if len(row) == width:
            pass
        elif not any(cell.strip() for cell in row):
            continue
        elif not any(row[width:]) and (len(row) > width or chunk.rows is not None):
            row = (row + [""] * width)[:width]
        else:
            reason = "TOO_FEW_CELLS" if len(row) < width else "TOO_MANY_CELLS"
            parsed.rejects.append(Reject(line, "", f"{len(row)} / {width}", reason, tuple(row)))
            continue
        parsed.rows.append(row)
        parsed.lines.append(line)
    _drop_blank(parsed)
    if chunk.rows is not None or b"".join(chunk.lines).translate(None, OTHER_BYTES):
        _drop_control(parsed, mapping.header)
    if dialect.skipped:
        _drop_uncorrected(parsed, mapping.header)
    build_columns(parsed, mapping)
    return parsed


def _drop_blank(parsed: Parsed) -> None:
    blank = [
        row
        for row, cells in enumerate(parsed.rows)
        if (not cells[0] or cells[0].isspace()) and not any(cell.strip() for cell in cells)
    ]
    for row in reversed(blank):
        del parsed.rows[row], parsed.lines[row]


def _drop_control(parsed: Parsed, header: Sequence[str]) -> None:
    """Reject rows that hold control characters other than blanks: no person typed them."""
    for row in range(len(parsed.rows) - 1, -1, -1):
        cells = parsed.rows[row]
        bad = next((place for place, cell in enumerate(cells) if CONTROL.search(cell)), None)
        if bad is not None:
            shown = tuple(CONTROL.sub("", cell) for cell in cells)
            parsed.rejects.append(Reject(parsed.lines[row], header[bad], shown[bad], "CONTROL_CHARACTER", shown))
            del parsed.rows[row], parsed.lines[row]


def _drop_uncorrected(parsed: Parsed, header: Sequence[str]) -> None:
    """Reject rows of a reject file that still hold what could not be read when they were rejected first."""
    for row in range(len(parsed.rows) - 1, -1, -1):
        cells = parsed.rows[row]
        for place, cell in enumerate(cells):
            if "\ufffd" in cell or cell.startswith('"'):
                reason = "NOT_IN_ENCODING" if "\ufffd" in cell else "QUOTE_NOT_CLOSED"
                parsed.rejects.append(Reject(parsed.lines[row], header[place], cell, reason, tuple(cells)))
                del parsed.rows[row], parsed.lines[row]
                break


def build_columns(parsed: Parsed, mapping: CompiledMapping) -> None:
    """(Re)build the canonical columns of the rows that are left."""
    sent = list(zip(*parsed.rows, strict=True))
    empty = [""] * len(parsed.rows)
    parsed.columns = {
        column: mapping.builders[column](sent) if sent and column in mapping.builders else empty
        for column in mapping.layout.all_columns
    }


def _cut(chunk: Chunk, dialect: Dialect, header: Sequence[str], parsed: Parsed) -> tuple[list[list[str]], list[int]]:
    """The cells of every readable row, with its line number; the unreadable are rejected."""
    texts, lines = [], []
    line = chunk.first_line
    for index, item in enumerate(chunk.lines):
        try:
            text = item.decode(dialect.encoding)
        except UnicodeDecodeError as problem:
            parsed.rejects.append(_undecodable(item, problem, line, dialect, header))
        else:
            if index in chunk.left_open:
                parsed.rejects.append(_left_open(text, line, dialect, header))
            else:
                texts.append(text)
                lines.append(line)
        line += item.count(b"\n") if b'"' in item else 1
    return _rows(texts, lines, dialect.delimiter, parsed)


def _undecodable(
    item: bytes, problem: UnicodeDecodeError, line: int, dialect: Dialect, header: Sequence[str]
) -> Reject:
    """The reject of a row with bytes that are no characters; its cells have a mark where they stood."""
    readable = item.decode(dialect.encoding, "replace").rstrip("\r\n")
    cells = cut_row(readable, dialect.delimiter)[dialect.skipped :]
    bad = next((place for place, cell in enumerate(cells) if "\ufffd" in cell), 0)
    if len(cells) != len(header):
        return Reject(line, "", item[problem.start : problem.end].hex(" "), "NOT_IN_ENCODING", (readable,))
    return Reject(line, header[bad], cells[bad], "NOT_IN_ENCODING", tuple(cells))


def _left_open(text: str, line: int, dialect: Dialect, header: Sequence[str]) -> Reject:
    """The reject of a row with a quote that is never closed; its cells are cut as if quotes meant nothing."""
    text = text.rstrip("\r\n")
    sure = cut_row(text, dialect.delimiter)[dialect.skipped :]
    column = header[len(sure) - 1] if 0 < len(sure) <= len(header) else ""
    cells = cut_row(text, dialect.delimiter, csv.QUOTE_NONE)[dialect.skipped :]
    shown = tuple(cells) if len(cells) == len(header) else (text,)
    return Reject(line, column, sure[-1] if sure else "", "QUOTE_NOT_CLOSED", shown)


def cut_row(text: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> list[str]:
    """The cells of one row, none where it cannot be cut."""
    try:
        return next(csv.reader([text], delimiter=delimiter, quoting=quoting), [])
    except csv.Error:
        return []


def _rows(texts: list[str], lines: list[int], delimiter: str, parsed: Parsed) -> tuple[list[list[str]], list[int]]:
    """Texts cut into cells. All at once where that is possible; a text that cannot be cut is rejected."""
    try:
        rows = list(csv.reader(texts, delimiter=delimiter))
        if len(rows) == len(texts):
            return rows, lines
    except csv.Error:  # a line break in the middle of a row, or a cell beyond all measure
        pass
    rows, kept = [], []
    for text, line in zip(texts, lines, strict=True):
        row = cut_row(text, delimiter)
        if row or not text.strip():
            rows.append(row)
            kept.append(line)
        else:
            shown = CONTROL.sub("", text.replace("\r", " ")).strip()
            reason = "TOO_LONG" if len(text) > csv.field_size_limit() else "CONTROL_CHARACTER"
            parsed.rejects.append(Reject(line, "", "", reason, (shown,)))
    return rows, kept


def harmless(cell: str) -> str:
    """The cell so that a spreadsheet shows it and does not compute it; `risky_again` takes that back."""
    return f"'{cell}" if cell.lstrip("'").startswith(RISKY_IN_SPREADSHEETS) else cell


def risky_again(cell: str) -> str:
    """The cell before `harmless`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(RISKY_IN_SPREADSHEETS) else cell


def check_cells(parsed: Parsed, mapping: CompiledMapping, today: date) -> dict[int, Reject]:
    """Check what every layout asks for: required cells, codes, dates, instants. Codes, dates and instants are
    replaced by their canonical text. Returns {row: its first reject}.

    today: an instant after tomorrow is refused, for the row would outlive every later one of its key.
    """
    found: dict[int, Reject] = {}
    for column in mapping.layout.required:
        for row, cell in enumerate(parsed.columns[column]):
            if not cell or not cell.strip():
                found.setdefault(row, parsed.reject(row, name_of(mapping, column), cell, "REQUIRED"))
    for column, most in mapping.layout.limits.items():
        if max(map(len, parsed.columns[column]), default=0) > most:
            for row, cell in enumerate(parsed.columns[column]):
                if len(cell.strip()) > most:
                    found.setdefault(row, parsed.reject(row, name_of(mapping, column), cell[:40], "TOO_LONG"))
    for column, codes in mapping.layout.codes.items():
        fallback = mapping.layout.fallbacks.get(column)
        reader = lru_cache(100_000)(lambda cell, codes=codes, fallback=fallback: _code(cell, codes, fallback))
        _replace(parsed, mapping, column, reader, "UNKNOWN_CODE", found)
    for column in mapping.layout.dates:
        _replace(parsed, mapping, column, read_date, "NOT_A_DATE", found)
    for column in mapping.layout.instants:
        _replace(parsed, mapping, column, read_instant, "NOT_A_DATE", found)
        _replace(parsed, mapping, column, partial(_until, (today + timedelta(days=1)).isoformat()), "FUTURE", found)
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


def _until(day: str, instant_: str) -> str | None:
    """An instant as `read_instant` has it, None where it lies after that day."""
    return None if instant_[:10] > day else instant_


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
    kept = [*cells] if skipped else cells
    for position in sorted(skipped, reverse=True):
        del kept[position]
    return blake2b("\x1f".join(kept).encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def may_hold_resident_number(cells: Sequence[str]) -> bool:
    """Whether one of the cells may hold a resident number; seldom true where none does, never false where one does."""
    shape = "\x1f".join(cells).encode("utf-8", "surrogatepass").translate(TO_SHAPE)
    return any(wanted in shape for wanted in SHAPES)


def redact(parsed: Parsed, mapping: CompiledMapping, exempt: frozenset[int] = frozenset()) -> None:
    """Mask resident numbers that stand in other cells than `exempt`, before anything is made of the cells.

    Each column is searched as one text; only where that finds something are the rows looked at one by one.
    """
    suspect = [
        position
        for position, cells in enumerate(zip(*parsed.rows, strict=True))
        if position not in exempt and may_hold_resident_number(cells)
    ]
    if not suspect:
        return
    parsed.rows = [
        redacted(cells, exempt) if any(RESIDENT_NUMBER.search(cells[place]) for place in suspect) else cells
        for cells in parsed.rows
    ]
    build_columns(parsed, mapping)


def redacted(cells: list[str], exempt: frozenset[int]) -> list[str]:
    """The cells with everything that looks like a resident number masked, but for the cells of `exempt`."""
    return [cell if position in exempt else without_resident_numbers(cell) for position, cell in enumerate(cells)]


def without_resident_numbers(cell: str) -> str:
    """The cell with everything that looks like a resident number masked."""
    return RESIDENT_NUMBER.sub(r"\1-\2******", cell)


def as_json(cells: Sequence[str]) -> str:
    """The cells as a JSON array."""
    text = "".join(cells)
    if text.isprintable() and '"' not in text and "\\" not in text:  # nothing to escape: three times faster
        return '["' + '","'.join(cells) + '"]'
    return json.dumps(cells, ensure_ascii=False)


def copy_text(text: str) -> str:
    """Text as COPY wants it: backslash, tab and line breaks escaped."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text
