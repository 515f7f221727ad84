"""The two kinds of file: written row by row, so that length costs no memory, and readable to their owner alone."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from accounts.exporting.cells import harmless, plain_text
from accounts.exporting.lists import Cell
from accounts.exporting.watermark import Watermark
from accounts.models import Export

MOST_ROWS_OF_SHEET = 1_048_576
WIDTH = 18
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Writer(Protocol):
    """Takes rows, as a context; the file is whole once that ended without a problem."""

    def __enter__(self) -> Writer: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, row: Sequence[Cell]) -> None: ...


def open_private(path: Path) -> BinaryIO:
    """A new file that nobody but its owner can read."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


class CsvWriter:
    """UTF-8 with a mark, as spreadsheets need it, else as RFC 4180 has it; a line with the watermark comes first."""

    def __init__(self, path: Path, columns: Sequence[str], watermark: Watermark) -> None:
        open_private(path).close()
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._writer.writerow([harmless(f"# {watermark.line}")])
        self.write(columns)

    def __enter__(self) -> CsvWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())

    def write(self, row: Sequence[Cell]) -> None:
        """Add a row."""
        self._writer.writerow([cell if isinstance(cell, int) else harmless(cell) for cell in row])


class XlsxWriter:
    """A workbook of the list and of the facts of the file; every text is a text, whatever it begins with."""

    def __init__(self, path: Path, columns: Sequence[str], watermark: Watermark) -> None:
        self._file, self._watermark, self._row = open_private(path), watermark, 0
        options = SAFE | {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = Workbook(self._file, options)
        self._book.use_zip64()
        self._sheet = self._marked_sheet(_("List"))
        self._sheet.set_column(0, max(0, len(columns) - 1), WIDTH)
        self._sheet.freeze_panes(2, 0)
        self._sheet.repeat_rows(0, 1)
        self.write([watermark.line])
        self.write(columns)

    def __enter__(self) -> XlsxWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if problem is None:
                self._add_facts()
            self._book.close()  # also where the file is given up: only this removes what was laid aside for it
            self._file.flush()
            os.fsync(self._file.fileno())

    def _marked_sheet(self, name: str) -> object:
        sheet = self._book.add_worksheet(name)
        sheet.set_header(self._watermark.for_header)
        sheet.set_footer(self._watermark.for_header + "&R&P/&N")
        return sheet

    def write(self, row: Sequence[Cell]) -> None:
        """Add a row."""
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                self._sheet.write_number(self._row, column, cell)
            else:
                self._sheet.write_string(self._row, column, plain_text(cell))
        self._row += 1

    def _add_facts(self) -> None:
        facts = self._marked_sheet(_("About this file"))
        facts.set_column(0, 0, WIDTH)
        for row, (label, value) in enumerate(self._watermark.facts):
            facts.write_string(row, 0, label)
            facts.write_string(row, 1, plain_text(value))


WRITERS: dict[str, type[CsvWriter] | type[XlsxWriter]] = {Export.Format.CSV: CsvWriter, Export.Format.XLSX: XlsxWriter}


def fingerprint_of(file: BinaryIO) -> str:
    """SHA-256 of a file from its beginning, in hexadecimal digits."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
