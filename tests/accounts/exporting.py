"""A list of numbers that can be taken as a file, and files of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.exporting.lists import Cell, Conditions
from accounts.models import Export, Staff
from accounts.services import export_runs, exports
from accounts.trail import saw
from tests.accounts.builders import make_staff

REASON = "월말 데이터 점검 자료"


class NumbersExport:
    """The numbers from 1 to `size`; each is a customer of that id."""

    title = "Numbers"
    permission = "customers.view_pair"
    page = "home"
    texts: list[str] = []

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        return {word: "".join(words[word]) for word in ("size", "name") if word in words}

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> list[tuple[str, str]]:
        return [(word, value if is_whole or word != "name" else "***") for word, value in conditions.items()]

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        return ["Number", "Text", "Purpose"]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        return min(int(conditions.get("size", 3)), most)

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        for number in range(1, int(conditions.get("size", 3)) + 1):
            saw(number)
            text = self.texts[number - 1] if number <= len(self.texts) else ""
            yield [number, text, str(staff.declared_purpose)]


def asked(by: Staff | None = None, *, size: int = 3, at: datetime | None = None, **fields: object) -> Export:
    """A request for the list of numbers."""
    by = by or make_staff("DATA_STEWARD")
    given = {"list_code": "numbers", "conditions": {"size": str(size)}, "format": "CSV", "purpose": "STEWARDSHIP"}
    return exports.request_export(**given | {"reason": REASON} | fields, by=by, at=at or timezone.now())


def made(by: Staff | None = None, **fields: object) -> Export:
    """A file of the list of numbers."""
    return export_runs.make_export(export=asked(by, **fields))


def path(export: Export) -> Path:
    return Path(settings.MEDIA_ROOT) / export.file
