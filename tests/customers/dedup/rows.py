"""Rows of `MATCH_RECORD` from readable cells, through the real standard forms."""

from __future__ import annotations

from datetime import date

import numpy as np

from customers.dedup.comparison import FIELDS, LEVELS, compare
from customers.dedup.fitting import circumstances_of
from customers.dedup.model import Model, pattern_of
from customers.dedup.prior import prior_model
from customers.dedup.records import NAME_FIELDS, Records, Rows
from customers.standard.assembling import completed, forms_of, match_record
from customers.standard.matching import MATCH_RECORD
from customers.standard.record import Standardiser, hashed

STANDARD = Standardiser(date(2026, 11, 23))
# By the name of a cell the column of the canonical layout.
COLUMNS = {
    "name": "name",
    "birth": "birth_date",
    "sex": "sex",
    "mobile": "mobile",
    "phone": "phone_home",
    "email": "email",
    "address": "address",
    "postcode": "postcode",
}
STAND_INS = ("rrn", "ci", "brn", "crn", "employee")
Cells = dict[str, str]


def row(*, kind: str = "PERSON", **cells: str) -> np.ndarray:
    """A record as the engine reads it, alone in an array.

    cells: of COLUMNS, as a source would send them; of STAND_INS any text, equal for equal numbers and nothing more: a
    resident number "A" tells no birth date.
    """
    columns = {column: [cells.get(cell, "")] for cell, column in COLUMNS.items()}
    forms, _problems = completed(forms_of(columns, [kind], STANDARD))
    packed = match_record(
        tuple(held[0] for held in forms.values()),
        is_organisation=kind == "ORG",
        employee_no="",
        rrn_index=b"",
        ci_index=b"",
    )
    record = np.frombuffer(packed, MATCH_RECORD).copy()
    for cell in STAND_INS:
        record[cell] = number(cells.get(cell, ""))
    unknown = cells.keys() - COLUMNS.keys() - set(STAND_INS)
    if unknown:
        raise KeyError(*unknown)
    return record


def number(text: str) -> int:
    """The key of a stand-in, 0 for none."""
    return int.from_bytes(hashed(text), "little")


def packed(*records: Cells) -> np.ndarray:
    """The records of these cells in one array."""
    return np.concatenate([np.empty(0, MATCH_RECORD), *(row(**cells) for cells in records)])


def rows(*records: Cells) -> Rows:
    """The records of these cells as columns."""
    return Rows.of(packed(*records))


def names_of(*names: str) -> np.ndarray:
    """Names of persons as `name_levels` reads them."""
    records, held = packed(*({"name": name} for name in names)), np.empty(len(names), NAME_FIELDS)
    for field in NAME_FIELDS.names:
        held[field] = records[field]
    return held


def blank(count: int, **columns: object) -> np.ndarray:
    """Records that hold nothing but these columns of `MATCH_RECORD`: one value for all, or one each."""
    records = np.zeros(count, MATCH_RECORD)
    for column, values in columns.items():
        records[column] = values
    return records


def records_of(*records: Cells, sources: list[int] | None = None, is_fresh: list[bool] | None = None) -> Records:
    """Source records, unlinked. sources: id of the source of each, 1 unless given; is_fresh: all unless given."""
    count = len(records)
    return Records(
        ids=np.arange(1, count + 1),
        source=np.array(sources or [1] * count, np.int64),
        customer=np.zeros(count, np.int64),
        is_fresh=np.array(is_fresh or [True] * count, bool),
        rows=rows(*records),
    )


def compared(one: Cells, other: Cells, model: Model | None = None) -> np.ndarray:
    """The levels of two records that are alone in the world, as one row."""
    held = rows(one, other)
    return compare(held, circumstances_of(held, model or prior_model()), np.array([0]), np.array([1]))


def named(levels: np.ndarray) -> dict[str, str]:
    """The first row of levels by name."""
    return {field: LEVELS[field][level] for field, level in zip(FIELDS, levels[0].tolist(), strict=True)}


def levels(**held: str) -> np.ndarray:
    """One row of levels by name; every field not named is at its level 0."""
    return np.array([[LEVELS[field].index(held.get(field, LEVELS[field][0])) for field in FIELDS]], np.int8)


def pattern(**held: str) -> int:
    """The pattern of levels by name."""
    return int(pattern_of(levels(**held))[0])
