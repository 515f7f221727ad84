"""The lists that can be taken as files, composed by `settings.EXPORT_LISTS`: {code: dotted class}."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.exporting.ceilings import ceiling_of
from accounts.models import Staff

WORDS_OF_PAGING = ("after", "before", "older_than", "newer_than")
Cell = str | int
Conditions = Mapping[str, str | Sequence[str]]
Told = list[tuple[str, str]]


class ExportList(Protocol):
    """A list of a page, as a file takes it: the same rows, columns, order and masks as that page shows its reader.

    title: what the list is called; permission: what the page asks for; page: its name, to go back to. conditions: the
    words of the address of the page, of which `understood` keeps those that mean something.
    """

    title: Promise
    permission: str
    page: str

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The words that narrow, order or choose columns, without what may not be kept, such as resident numbers."""

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """[(what was asked for, how)], in no query. is_whole: without masks, for whoever typed it."""

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """The heads of the columns."""

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """How many rows `staff` would get now; counted up to `most`."""

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The rows in the order of the page, read in chunks; each customer shown is noted in the trail's look."""


def export_list(code: str) -> ExportList | None:
    """The list of this code, None where there is none (any more)."""
    path = settings.EXPORT_LISTS.get(code)
    return import_string(path)() if path else None


def may_export(staff: Staff, code: str) -> bool:
    """Whether `staff` may take rows of this list: they may see its page, and their role has a ceiling above nothing."""
    wanted = export_list(code)
    return bool(wanted and staff.is_active and staff.has_perm(wanted.permission) and ceiling_of(staff))


def export_address(staff: Staff, code: str, words: Mapping[str, object]) -> str:
    """The address at which `staff` asks for a file of a list; '' where they may not. words: of the list's page."""
    if not may_export(staff, code):
        return ""
    kept = urlencode({word: value for word, value in words.items() if word not in WORDS_OF_PAGING}, doseq=True)
    address = reverse("accounts:export-request", args=[code])
    return f"{address}?{kept}" if kept else address


def title_of(code: str) -> str:
    """What a list is called; its code where it is gone."""
    wanted = export_list(code)
    return str(wanted.title) if wanted else code


def told(code: str, conditions: Conditions, *, is_whole: bool) -> Told:
    """The conditions of a file in words; none where its list is gone."""
    wanted = export_list(code)
    return wanted.in_words(conditions, is_whole=is_whole) if wanted else []


def in_one_line(told: Iterable[tuple[str, str]]) -> str:
    """`Grade: VIP · Only mine`."""
    return " · ".join(f"{label}: {value}" if value else label for label, value in told)
