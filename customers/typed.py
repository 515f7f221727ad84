"""A customer as a person types it: standard forms by the very code of the feeds, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from customers.dedup.blocking import indexed_keys
from customers.feeds.layouts import CUSTOMERS
from customers.feeds.parsing import without_resident_numbers
from customers.golden.naming import sort_name
from customers.sealing import Sealer
from customers.standard.assembling import completed, forms_of, match_record
from customers.standard.certainty import DOUBTFUL, UNUSABLE
from customers.standard.matching import MATCH_RECORD
from customers.standard.record import Form, Standardiser, kinds_of

COMPARED = tuple(
    "kind name birth_date sex rrn ci mobile phone_home email address postcode company_no crn employee_no".split()
)
KNOWN = frozenset(CUSTOMERS.all_columns)
MAY_HOLD_NUMBERS = {*CUSTOMERS.identifiers, "crn"}
LONGEST = 300  # letters of a value; no source may send a longer name
# What nobody types, and what no text of the database can hold.
UNTYPED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class Problem(NamedTuple):
    """What is wrong with a value. item: as in `CERTAINTY_ORDER`, or a column; code: of `standard.PROBLEMS`,
    `feeds.reasons.ROW_REASONS`, UNKNOWN_COLUMN or NOT_TEXT; is_used: whether the value counted all the same."""

    item: str
    code: str
    is_used: bool


class Typed(NamedTuple):
    """record: of `MATCH_RECORD`, alone in an array. keys: {by what the database finds others: its value as text}, None
    where the record has none: blind indexes, numbers, `INDEXED_KEYS`, and the name as golden customers are sorted."""

    record: np.ndarray
    keys: dict[str, str | None]
    problems: tuple[Problem, ...]


def read_typed(cells: Mapping[str, str], standard: Standardiser, sealer: Sealer) -> Typed:
    """What is typed, read as a feed reads a row; what cannot be read is told and left out.

    cells: canonical columns. standard: a fresh one each time, for it remembers what it has read.
    """
    readable, problems = _readable(cells)
    # A form for nothing is made as slowly as any other, and most columns of most records are empty.
    columns = {column: [readable[column]] for column in COMPARED if readable.get(column)}
    columns.setdefault("name", [""])
    kinds = kinds_of(columns, standard)
    sent = forms_of(columns, kinds, standard)
    items, more = completed(sent)
    forms = {item: held[0] for item, held in items.items()}
    indexes = {item: sealer.index(item, forms[item].value) if forms[item].value else b"" for item in ("rrn", "ci")}
    packed = match_record(
        tuple(forms.values()),
        is_organisation=kinds[0] == "ORG",
        employee_no=readable.get("employee_no", "").strip(),
        rrn_index=indexes["rrn"],
        ci_index=indexes["ci"],
    )
    record = np.frombuffer(packed, MATCH_RECORD)
    return Typed(
        record,
        _keys(record, forms, indexes, kinds[0]),
        (*problems, *_doubts((held[0] for held in sent.values()), more[0])),
    )


def _readable(cells: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The cells that can be read at all, and why others cannot."""
    readable, problems = {}, []
    for column, cell in cells.items():
        code = _why_unreadable(column, cell)
        if code:
            problems.append(Problem(str(column)[:LONGEST], code, is_used=False))
        elif column == "kind":
            readable[column] = CUSTOMERS.codes["kind"][cell.strip().upper()] if cell.strip() else ""
        elif cell:
            readable[column] = cell if column in MAY_HOLD_NUMBERS else without_resident_numbers(cell)
    return readable, problems


def _why_unreadable(column: object, cell: object) -> str:
    if column not in KNOWN:
        return "UNKNOWN_COLUMN"
    if not isinstance(cell, str):
        return "NOT_TEXT"
    if len(cell) > LONGEST:
        return "TOO_LONG"
    if UNTYPED.search(cell):
        return "CONTROL_CHARACTER"
    if column == "kind" and cell.strip() and cell.strip().upper() not in CUSTOMERS.codes["kind"]:
        return "UNKNOWN_CODE"
    return ""


def _doubts(forms: Iterable[Form], more: str) -> list[Problem]:
    """What the standard forms found wrong with values that they doubt or refuse. more: findings across items."""
    found = [
        (problem, form.certainty > UNUSABLE)
        for form in forms
        if form.certainty <= DOUBTFUL
        for problem in form.problems.split()
    ]
    found += [(problem, True) for problem in more.split()]
    return [Problem(*problem.split(":", 1), is_used=is_used) for problem, is_used in found]


def _keys(
    record: np.ndarray, forms: Mapping[str, Form], indexes: Mapping[str, bytes], kind: str
) -> dict[str, str | None]:
    mobile = int(record["mobile"][0])
    plain = {
        "mobile": str(mobile)[1:],  # behind the 1
        "company_no": forms["company_no"].value if kind == "ORG" else "",
        "crn": forms["crn"].value,
    }
    keys = {f"{item}_index": f"\\x{index.hex()}" if index else None for item, index in indexes.items()}
    keys |= {name: value or None for name, value in plain.items()}
    for name, key in indexed_keys(record).items():
        keys[name] = str(key.view(np.int64)[0]) if key[0] else None
    keys["sort_name"] = sort_name(kind, forms["name"].value) or None
    return keys
