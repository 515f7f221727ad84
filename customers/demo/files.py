"""Writing columns as files: each source's own form by its mapping, or the canonical layout."""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import numpy as np
import xlsxwriter

from .layouts import DATE_COLUMNS
from .text import table

Columns = Mapping[str, np.ndarray]

MOST_SHEET_ROWS = 400_000
_BLOCK = 20_000
_COMPACT_DATES = {"policy-customers", "policy-contracts", "banca-customers", "banca-contracts", "corp-contracts"}
_WITHOUT_HYPHENS = {"banca-customers": {"rrn", "mobile", "account_no"}}
_QUOTED = {"tm-customers", "fp-customers"}
_NUMBER_CELLS = {"휴대전화", "우편번호", "사번"}  # a spreadsheet keeps them as numbers once their noughts are lost


def own_columns(name: str, mapping: Mapping, columns: Columns) -> dict[str, np.ndarray]:
    """The columns of a source's own file by header; name: of the mapping."""
    own = {}
    for target, spec in mapping["columns"].items():
        if "constant" in spec:
            continue
        if len(spec["from"]) == 2:
            parts = (columns[f"{target}_{part}"] for part in ("base", "detail"))
            own |= dict(zip(spec["from"], parts, strict=True))
        else:
            own[spec["from"][0]] = _own_values(name, target, spec, columns[target])
    return own


def _own_values(name: str, target: str, spec: Mapping, values: np.ndarray) -> np.ndarray:
    if "values" in spec:
        return _coded(values, spec["values"])
    if target in DATE_COLUMNS and "format" in spec:
        return _replaced(values, "-", spec["format"][2])
    if target in DATE_COLUMNS and name in _COMPACT_DATES or target in _WITHOUT_HYPHENS.get(name, ()):
        return _replaced(values, "-", "")
    return values


def _replaced(values: np.ndarray, old: str, new: str) -> np.ndarray:
    return table(text.replace(old, new) for text in values)


def _coded(values: np.ndarray, codes: Mapping[str, str]) -> np.ndarray:
    """The source's codes; where several mean the same they take turns, the first one mostly."""
    coded = values.copy()
    for canonical in dict.fromkeys(codes.values()):
        own = [code for code, meaning in codes.items() if meaning == canonical]
        rows = np.flatnonzero(values == canonical)
        turn = np.where(rows % 4 == 3, rows // 4 % len(own), 0)
        coded[rows] = table(own)[turn]
    return coded


def write_delimited(
    path: Path, columns: Columns, *, encoding: str = "utf-8", delimiter: str = ",", quoted: bool = False
) -> int:
    """A delimited file with a header; gives the number of rows."""
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    rows = len(next(iter(columns.values())))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=style, lineterminator="\r\n")
        writer.writerow(columns)
        for start in range(0, rows, _BLOCK):
            block = [column[start : start + _BLOCK].tolist() for column in columns.values()]
            writer.writerows(zip(*block, strict=True))
    return rows


def write_workbook(path: Path, columns: Columns, sheet: str, today: date) -> int:
    """A workbook with a cover sheet and the rows on `sheet`; gives the number of rows."""
    rows = len(next(iter(columns.values())))
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(today.year, today.month, today.day)})
        workbook.add_worksheet("안내").write_string(0, 0, f"단체업무시스템 추출 {today.isoformat()}")
        page = workbook.add_worksheet(sheet)
        for place, header in enumerate(columns):
            page.write_string(0, place, header)
        numbers = {place for place, header in enumerate(columns) if header in _NUMBER_CELLS}
        for number, row in enumerate(zip(*(column.tolist() for column in columns.values()), strict=True), start=1):
            _write_row(page, number, row, numbers)
    return rows


def _write_row(page: xlsxwriter.worksheet.Worksheet, number: int, row: tuple[str, ...], numbers: set[int]) -> None:
    for place, text in enumerate(row):
        if not text:
            continue
        if place in numbers and text[0] != "0" and text.isdecimal():
            page.write_number(number, place, int(text))
        else:
            page.write_string(number, place, text)


def write_own(folder: Path, name: str, mapping: Mapping, columns: Columns, today: date) -> tuple[str, int]:
    """The file of one mapping in its source's own form; gives its name and rows."""
    stem = name.replace("-", "_")
    rows = len(next(iter(columns.values())))
    if "sheet" in mapping and rows <= MOST_SHEET_ROWS:
        return f"{stem}.xlsx", write_workbook(folder / f"{stem}.xlsx", columns, mapping["sheet"], today)
    file = f"{stem}.tsv" if mapping["delimiter"] == "\t" else f"{stem}.csv"
    form = {"encoding": mapping["encoding"], "delimiter": mapping["delimiter"], "quoted": name in _QUOTED}
    return file, write_delimited(folder / file, columns, **form)
