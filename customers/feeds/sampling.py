"""A mapping tried on a sample: what feeds which column, what the rows become, which would be rejected. Nothing is kept.

The rows take the very way of a feed up to the lines that would be written, so a sample cannot differ from a load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from customers import masking
from customers.feeds.customer_rows import Outcome, RunContext
from customers.feeds.mapping import CompiledMapping, compile_mapping, folded
from customers.feeds.parsing import Parsed, Reject, name_of, parse
from customers.feeds.reading import Chunk, Opened
from customers.feeds.worker import ROW_KINDS
from customers.sealing import Sealer, SealingKeys
from customers.standard import Region

MOST_ROWS = 1_000
MOST_SHOWN = 5
MOST_REJECTS = 20
MASKS = {"rrn": "RESIDENT_NUMBER", "ci": "ALL", "passport": "ALL", "account_no": "ACCOUNT"}
# Where the standard form of a canonical column stands in the line of a record.
STANDS_IN = {"rrn": "rrn_mask", "passport": "passport_mask", "account_no": "account_mask", "ci": "ci_sealed"}
# What the findings on a column are listed under, where that is not the column itself.
FOUND_UNDER = {"company_name": "company", "postcode": ""}
ESCAPED = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
NULL = r"\N"


@dataclass(frozen=True)
class ColumnUse:
    """What makes a canonical column. headers: those of the rule that the file has; missing: those it has not."""

    column: str
    headers: tuple[str, ...]
    missing: tuple[str, ...]
    constant: str | None


@dataclass(frozen=True)
class SampleCell:
    """A canonical column of one row: as sent, as the mapping makes it, as it would be kept, and findings (codes)."""

    column: str
    sent: str
    mapped: str
    kept: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class SampleRow:
    """One row of the sample by its line number in the file."""

    line: int
    cells: tuple[SampleCell, ...]


@dataclass(frozen=True)
class SampleReject:
    """A row that would be rejected. column: as the file calls it; reason: a code of `feeds.reasons`."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Sample:
    """What a mapping makes of a sample. rows, rejects: the first of them; is_cut: the file has more rows than that.

    Identifiers are masked everywhere.
    """

    encoding: str
    delimiter: str
    uses: tuple[ColumnUse, ...]
    unused: tuple[str, ...]
    rows: tuple[SampleRow, ...]
    rejects: tuple[SampleReject, ...]
    findings: Mapping[str, int]
    read_count: int
    reject_count: int
    is_cut: bool


def take_sample(
    opened: Opened,
    layout: str,
    definition: Mapping[str, object],
    at: datetime,
    keys: SealingKeys,
    regions: Sequence[Region],
) -> Sample:
    """Try a definition on an open file. at: the instant of the test, in Korean time. Raises MappingProblem."""
    compiled = compile_mapping(layout, definition, opened.header)
    chunk, is_cut = _first_rows(opened)
    parsed = parse(chunk, opened.dialect, compiled)
    mapped = dict(parsed.columns)
    context = RunContext(0, "SAMPLE", 0, at.isoformat(" "), at.date(), tuple(regions))
    outcome = ROW_KINDS[layout](context, compiled, Sealer(keys)).process(parsed)
    return Sample(
        encoding=opened.dialect.encoding,
        delimiter=opened.dialect.delimiter,
        uses=_uses(definition["columns"], compiled),
        unused=_unused(compiled),
        rows=tuple(_rows(parsed, mapped, outcome, compiled)),
        rejects=tuple(
            _reject(reject, compiled) for reject in sorted(outcome.rejects, key=attrgetter("line"))[:MOST_REJECTS]
        ),
        findings=dict(outcome.problems),
        read_count=outcome.rows_read,
        reject_count=len(outcome.rejects),
        is_cut=is_cut,
    )


def _first_rows(opened: Opened) -> tuple[Chunk, bool]:
    chunk = next(opened.chunks, None)
    if chunk is None:
        is_text = bool(opened.dialect.delimiter)
        return Chunk(2, opened.size, lines=[] if is_text else None, rows=None if is_text else []), False
    held = chunk.lines if chunk.rows is None else chunk.rows
    if len(held) <= MOST_ROWS:
        return chunk, False
    if chunk.rows is not None:
        return replace(chunk, rows=chunk.rows[:MOST_ROWS]), True
    left_open = frozenset(index for index in chunk.left_open if index < MOST_ROWS)
    return replace(chunk, lines=chunk.lines[:MOST_ROWS], left_open=left_open), True


def _uses(columns: Mapping[str, Mapping[str, object]], compiled: CompiledMapping) -> tuple[ColumnUse, ...]:
    """In the order of the layout."""
    uses = []
    for column in compiled.layout.all_columns:
        if column in columns:
            headers = tuple(compiled.header[cell] for cell in compiled.cells.get(column, ()))
            found = {folded(header) for header in headers}
            missing = tuple(name for name in columns[column].get("from", []) if folded(name) not in found)
            uses.append(ColumnUse(column, headers, missing, columns[column].get("constant")))
    return tuple(uses)


def _unused(compiled: CompiledMapping) -> tuple[str, ...]:
    used = {cell for cells in compiled.cells.values() for cell in cells}
    return tuple(name for cell, name in enumerate(compiled.header) if name and cell not in used)


def _rows(
    parsed: Parsed, mapped: Mapping[str, Sequence[str]], outcome: Outcome, compiled: CompiledMapping
) -> Iterator[SampleRow]:
    """The first rows that would be kept, beside what would be kept of them."""
    rejected = {reject.line for reject in outcome.rejects}
    taken = [row for row, line in enumerate(parsed.lines) if line not in rejected]
    names = ROW_KINDS[compiled.layout.name].columns
    for row, line in list(zip(taken, outcome.lines, strict=True))[:MOST_SHOWN]:
        kept = dict(zip(names, map(_unescaped, line.removesuffix("\n").split("\t")), strict=True))
        cells = (
            SampleCell(
                column=column,
                sent=_masked(column, " + ".join(parsed.rows[row][cell] for cell in compiled.cells[column])),
                mapped=_masked(column, mapped[column][row].removesuffix(" 00:00:00")),
                kept=_kept(column, kept),
                findings=_findings(column, kept.get("problems", "")),
            )
            for column in compiled.layout.all_columns
            if column in compiled.cells
        )
        yield SampleRow(parsed.lines[row], tuple(cells))


def _kept(column: str, kept: Mapping[str, str]) -> str:
    """The standard form of a column as the line of the record has it."""
    if column == "birth_date":
        return kept["birth_date"] or kept["birth_year"]
    text = kept.get(STANDS_IN.get(column, column), "")
    return masking.everything(text) if column == "ci" else masking.without_resident_numbers(text)


def _findings(column: str, problems: str) -> tuple[str, ...]:
    item = FOUND_UNDER.get(column, column)
    return tuple(code for found, _colon, code in (p.partition(":") for p in problems.split()) if found == item)


def _reject(reject: Reject, compiled: CompiledMapping) -> SampleReject:
    is_hidden = reject.column in {name_of(compiled, column) for column in compiled.layout.identifiers}
    value = "" if is_hidden else masking.without_resident_numbers(reject.value)
    return SampleReject(reject.line, reject.column, value, reject.reason)


def _masked(column: str, text: str) -> str:
    return masking.mask(MASKS[column], text) if column in MASKS else masking.without_resident_numbers(text)


def _unescaped(text: str) -> str:
    """A cell of a line for COPY as plain text; '' for none."""
    return "" if text == NULL else ESCAPED.sub(lambda found: ESCAPES.get(found[1], found[1]), text)
