"""What the pages of a mapping and of its test tell."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from customers.feeds.labels import column_label, counted_findings, delimiter_label
from customers.feeds.layouts import LAYOUTS
from customers.feeds.reasons import definition_problems, row_reason
from customers.feeds.sampling import ColumnUse, Sample, SampleCell, SampleReject
from customers.models import Mapping
from customers.wording import problem


@dataclass(frozen=True)
class Rule:
    """One canonical column of a mapping. values: as sent → canonical; on_bad: reject or keep; is_required by layout."""

    column: str
    label: str
    headers: tuple[str, ...]
    join: str
    constant: str | None
    values: tuple[tuple[str, str], ...]
    format: str
    keeps_bad: bool
    is_required: bool


@dataclass(frozen=True)
class MappingReport:
    """A mapping for its reader. problems: sentences; without: labels of the columns that no rule feeds."""

    mapping: Mapping
    problems: tuple[str, ...]
    rules: tuple[Rule, ...]
    without: tuple[str, ...]
    encoding: str
    delimiter: str | Promise
    sheet: str


def mapping_report(mapping: Mapping) -> MappingReport:
    """A mapping in words; of a faulty definition as much as can be read."""
    definition = mapping.definition if isinstance(mapping.definition, dict) else {}
    columns = definition.get("columns") if isinstance(definition.get("columns"), dict) else {}
    layout = LAYOUTS[mapping.layout]
    return MappingReport(
        mapping=mapping,
        problems=tuple(definition_problems(mapping.layout, mapping.definition)),
        rules=tuple(
            _rule(column, columns[column], column in layout.required)
            for column in layout.all_columns
            if isinstance(columns.get(column), dict)
        ),
        without=tuple(column_label(column) for column in layout.all_columns if column not in columns),
        encoding=str(definition.get("encoding", "auto")),
        delimiter=delimiter_label(str(definition.get("delimiter", "auto"))),
        sheet=str(definition.get("sheet") or ""),
    )


def _rule(column: str, spec: dict[str, object], is_required: bool) -> Rule:
    headers, values = spec.get("from", []), spec.get("values", {})
    return Rule(
        column=column,
        label=column_label(column),
        headers=tuple(map(str, headers)) if isinstance(headers, list) else (),
        join=str(spec.get("join", " ")),
        constant=str(spec["constant"]) if "constant" in spec else None,
        values=tuple((str(sent), str(meant)) for sent, meant in values.items()) if isinstance(values, dict) else (),
        format=str(spec.get("format", "")),
        keeps_bad=spec.get("on_bad") == "keep",
        is_required=is_required,
    )


@dataclass(frozen=True)
class SampleReport:
    """A test in words. columns: (label, use) per canonical column; rows: line and (label, cell, findings in words)."""

    sample: Sample
    delimiter: str | Promise
    columns: tuple[tuple[str, ColumnUse], ...]
    rows: tuple[tuple[int, tuple[tuple[str, SampleCell, tuple[str, ...]], ...]], ...]
    rejects: tuple[tuple[SampleReject, str], ...]
    findings: tuple[tuple[str, str, int], ...]
    taken_count: int


def sample_report(sample: Sample) -> SampleReport:
    """What a test found, for its reader."""
    return SampleReport(
        sample=sample,
        delimiter=delimiter_label(sample.delimiter),
        columns=tuple((column_label(use.column), use) for use in sample.uses),
        rows=tuple(
            (
                row.line,
                tuple((column_label(cell.column), cell, tuple(map(problem, cell.findings))) for cell in row.cells),
            )
            for row in sample.rows
        ),
        rejects=tuple((reject, row_reason(reject.reason)) for reject in sample.rejects),
        findings=tuple(counted_findings(sample.findings)),
        taken_count=sample.read_count - sample.reject_count,
    )
