"""Mapping a source's own columns to a canonical layout. A mapping is data: what an administrator edits and tests. Pure.

A definition is `{"encoding", "delimiter", "sheet", "columns": {canonical column: spec}}`; a spec is
`{"from": [header, …], "join": " ", "values": {as sent: canonical}, "format": strptime format, "constant": text,
"on_bad": "reject" | "keep"}`. With `"on_bad": "keep"` a cell that cannot be read is dropped with a finding instead of
rejecting the row.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from customers.feeds.layouts import LAYOUTS, CanonicalLayout

ENCODINGS = ("auto", "utf-8", "utf-8-sig", "cp949", "euc-kr")
DEFINITION_KEYS = {"encoding", "delimiter", "sheet", "columns", "source", "layout"}
EXAMPLE = datetime(2026, 11, 23, 9, 8, 7)
SPEC_KEYS = {"from", "join", "values", "format", "constant", "on_bad"}


class MappingProblem(Exception):
    """The mapping does not fit the layout or the file; the arguments say what is wrong: code and details."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code, details)
        self.code, self.details = code, details


@dataclass(frozen=True)
class CompiledMapping:
    """A mapping made ready for one header.

    cells: per canonical column, the positions of the cells that make it; identifier_cells: positions whose content is
    sealed, by position the canonical column; crn_cells: positions that hold corporate numbers.
    """

    layout: CanonicalLayout
    header: tuple[str, ...]
    builders: Mapping[str, Callable[[Sequence[Sequence[str]]], list[str]]]
    cells: Mapping[str, tuple[int, ...]]
    keeps_bad: frozenset[str] = field(default_factory=frozenset)

    @property
    def width(self) -> int:
        return len(self.header)

    @property
    def identifier_cells(self) -> dict[int, str]:
        return {cell: column for column in self.layout.identifiers for cell in self.cells.get(column, ())}


def canonical_definition(layout: str) -> dict[str, object]:
    """The mapping of the canonical layout itself: every column is called by its own name."""
    return {"columns": {column: {"from": [column]} for column in LAYOUTS[layout].all_columns}}


def headers_of(definition: Mapping[str, object]) -> list[str]:
    """The headers that a definition takes from a file."""
    return [header for spec in definition["columns"].values() for header in spec.get("from", [])]


def check_definition(layout: str, definition: object) -> list[str]:
    """What is wrong with a mapping definition, as codes with details `CODE:detail`; an empty list when it is fit."""
    if layout not in LAYOUTS:
        return [f"UNKNOWN_LAYOUT:{layout}"]
    if not isinstance(definition, dict) or not isinstance(definition.get("columns"), dict):
        return ["NO_COLUMNS:"]
    problems = [f"UNKNOWN_SETTING:{key}" for key in definition.keys() - DEFINITION_KEYS]
    if str(definition.get("encoding", "auto")).lower() not in ENCODINGS:
        problems.append(f"UNKNOWN_ENCODING:{definition['encoding']}")
    delimiter = definition.get("delimiter", ",")
    if not isinstance(delimiter, str) or (delimiter != "auto" and not _is_delimiter(delimiter)):
        problems.append(f"DELIMITER_NOT_ONE_CHARACTER:{delimiter}")
    problems += [f"NOT_TEXT:{key}" for key in ("sheet", "source", "layout") if not _is_text(definition.get(key, ""))]
    columns = definition["columns"]
    problems += [f"UNKNOWN_COLUMN:{column}" for column in columns if column not in LAYOUTS[layout].all_columns]
    problems += [f"REQUIRED_COLUMN_MISSING:{column}" for column in LAYOUTS[layout].required if column not in columns]
    for column, spec in columns.items():
        problems += _check_spec(column, spec)
    return problems


def _check_spec(column: str, spec: object) -> list[str]:
    if not isinstance(spec, dict):
        return [f"COLUMN_NOT_A_RULE:{column}"]
    problems = [f"UNKNOWN_SETTING:{column}.{key}" for key in spec.keys() - SPEC_KEYS]
    headers = spec.get("from", [])
    if ("constant" in spec) == bool(headers):
        problems.append(f"EITHER_FROM_OR_CONSTANT:{column}")
    if not isinstance(headers, list) or not all(isinstance(header, str) for header in headers):
        problems.append(f"FROM_NOT_A_LIST:{column}")
    values = spec.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        problems.append(f"VALUES_NOT_A_TABLE:{column}")
    if spec.get("on_bad", "reject") not in ("reject", "keep"):
        problems.append(f"ON_BAD_UNKNOWN:{column}")
    problems += [f"NOT_TEXT:{column}.{key}" for key in ("join", "constant") if not _is_text(spec.get(key, ""))]
    if "format" in spec and not _is_format(spec["format"]):
        problems.append(f"FORMAT_UNREADABLE:{column}")
    return problems


def _is_delimiter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text not in '"\r\n\0'


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_format(value: object) -> bool:
    """Whether a date written in this format can be read again, its year at least."""
    if not _is_text(value):
        return False
    try:
        return datetime.strptime(EXAMPLE.strftime(value), value).year == EXAMPLE.year
    except (ValueError, re.error):  # re: the same part of a date twice
        return False


def compile_mapping(layout: str, definition: Mapping[str, object], header: Sequence[str]) -> CompiledMapping:
    """Fit a definition to the header of a file. Raises MappingProblem when a column it needs is not there.

    A canonical column whose headers are all absent counts as empty, unless the layout requires it.
    """
    known = LAYOUTS[layout]
    names = [folded(name) for name in header]
    twice = {name for name, times in Counter(names).items() if name and times > 1}
    builders, cells, missing = {}, {}, {}
    for column, spec in definition["columns"].items():
        wanted = [folded(name) for name in spec.get("from", [])]
        if twice & set(wanted):
            raise MappingProblem("HEADER_TWICE", column=", ".join(sorted(twice & set(wanted))))
        positions = tuple(names.index(name) for name in wanted if name in names)
        if not positions and "constant" not in spec:
            missing[column] = " + ".join(spec["from"])
            continue
        cells[column] = positions
        builders[column] = _builder(spec, positions)
    if needed := [missing[column] for column in known.required if column in missing]:
        raise MappingProblem("HEADER_MISSING", column=", ".join(needed))
    keeps_bad = frozenset(c for c, spec in definition["columns"].items() if spec.get("on_bad") == "keep")
    return CompiledMapping(known, tuple(header), builders, cells, keeps_bad)


def folded(name: str) -> str:
    """A header as it is compared: without byte order mark, blanks and case, in one Unicode form, on one line."""
    return " ".join(unicodedata.normalize("NFKC", name.replace("\ufeff", "")).split()).casefold()


def _builder(spec: Mapping[str, object], positions: tuple[int, ...]) -> Callable[[Sequence[Sequence[str]]], list[str]]:
    """A function from the columns of a chunk, as sent, to one canonical column."""
    if "constant" in spec:
        constant = str(spec["constant"])
        return lambda columns: [constant] * (len(columns[0]) if columns else 0)
    build = _joined(positions, str(spec.get("join", " ")))
    if values := spec.get("values"):
        build = _translated(build, dict(values))
    if format_ := spec.get("format"):
        build = _dated(build, str(format_))
    return build


def _joined(positions: tuple[int, ...], join: str) -> Callable[[Sequence[Sequence[str]]], list[str]]:
    if len(positions) == 1:
        position = positions[0]
        return lambda columns: list(columns[position])
    return lambda columns: [
        join.join(filter(None, cells)) for cells in zip(*(columns[position] for position in positions), strict=True)
    ]


def _translated(
    build: Callable[[Sequence[Sequence[str]]], list[str]], values: dict[str, str]
) -> Callable[[Sequence[Sequence[str]]], list[str]]:
    return lambda columns: [values.get(cell.strip(), cell) for cell in build(columns)]


def _dated(
    build: Callable[[Sequence[Sequence[str]]], list[str]], format_: str
) -> Callable[[Sequence[Sequence[str]]], list[str]]:
    @lru_cache(maxsize=100_000)
    def read(cell: str) -> str:
        try:
            return datetime.strptime(cell.strip(), format_).isoformat(" ") if cell.strip() else ""
        except ValueError:
            return cell

    return lambda columns: [read(cell) for cell in build(columns)]
