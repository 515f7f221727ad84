"""The reject file: every row that could not be loaded, with line, column, value and reason, ready to be corrected.

It is UTF-8 with a mark (spreadsheets need it), comma-delimited, and keeps the file's own header behind four columns of
its own. Fed again, the four are dropped and the rest goes through the same mapping, as if the source had sent it.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import TextIO

from customers.feeds.parsing import Reject, harmless, risky_again
from customers.feeds.reading import Opened
from customers.feeds.reasons import row_reason

OWN_COLUMNS = ("오류행", "오류항목", "오류값", "오류사유")


class RejectFile:
    """Writes rejects as they come. The file exists only once there is a reject; only its owner can read it."""

    def __init__(self, path: Path, header: Iterable[str]) -> None:
        self.path, self._header = path, list(header)
        self.reasons: Counter[str] = Counter()
        self._file: TextIO | None = None

    def __enter__(self) -> RejectFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append the rejects of a chunk by their lines; reasons are written in the language that is active."""
        for reject in sorted(rejects, key=attrgetter("line")):
            if self._file is None:
                self._open()
            self.reasons[reject.reason] += 1
            shown = map(harmless, (reject.column, reject.value, row_reason(reject.reason), *reject.cells))
            self._writer.writerow([reject.line, *shown])

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([*OWN_COLUMNS, *map(harmless, self._header)])


def is_reject_file(header: Iterable[str]) -> bool:
    """Whether a file is a reject file of ours, to be read in our own dialect whatever its source sends."""
    return tuple(list(header)[: len(OWN_COLUMNS)]) == OWN_COLUMNS


def without_notes(opened: Opened) -> Opened:
    """A reject file as the source would have sent it: without our own columns."""
    notes = len(OWN_COLUMNS)
    header = list(map(risky_again, opened.header[notes:]))
    return replace(opened, header=header, dialect=replace(opened.dialect, skipped=notes))
