"""What a detector of unusual access is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff

MOST_CUSTOMERS = 500


@dataclass(frozen=True)
class Found:
    """Unusual access of one person on one day. facts: `{word: number or code}`, which explain it; customers: ids."""

    staff_id: int
    facts: Mapping[str, object]
    customers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Detector:
    """Looks for one kind of unusual access. explain: the facts as a sentence in the language of the reader."""

    code: str
    name: Promise
    find: Callable[[date], Iterable[Found]] = field(repr=False)
    explain: Callable[[Mapping[str, object]], str] = field(repr=False)


@dataclass(frozen=True)
class Work:
    """Something that somebody did or was given to do. text: in the language of the reader; customers: ids;
    is_declared: False for what fits no declared work."""

    at: datetime
    text: str
    customers: tuple[int, ...] = ()
    is_declared: bool = True


@dataclass(frozen=True)
class Reference:
    """A customer by number. url: '' where the reader may not see them."""

    number: str
    url: str = ""


def _nothing(day: date) -> Iterable[Found]:
    return ()


def _escalated(facts: Mapping[str, object]) -> str:
    return _("The monthly review handed on what was seen on this day. Entries: %(entries)s.") % facts


ESCALATED = Detector("REVIEW", gettext_lazy("From the monthly review"), _nothing, _escalated)


def detectors() -> Mapping[str, Detector]:
    """{code: detector}, in the order of the settings, and the review, which opens cases as well."""
    found = [import_string(path) for path in settings.ACCESS_DETECTORS]
    return {detector.code: detector for detector in (*found, ESCALATED)}


def work_of(staff: Staff, day: date) -> list[Work]:
    """What `staff` worked on that day by their own acts, the earliest first."""
    found = (work for path in settings.ACCESS_WORK for work in import_string(path)(staff, day))
    return sorted(found, key=lambda work: work.at)


def references(customers: Iterable[int], viewer: Staff) -> Mapping[int, Reference]:
    """{id: number, with a way to it where `viewer` may see the customer}."""
    found: dict[int, Reference] = {}
    if ids := set(customers):
        for path in settings.ACCESS_REFERENCES:
            found |= import_string(path)(ids, viewer)
    return found
