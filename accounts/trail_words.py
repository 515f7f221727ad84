"""The trail in words: kinds, pages, results and faults, for pages and commands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import AccessEntry
from accounts.purposes import Purpose
from accounts.trail.verifying import Fault, FaultKind

ADMINISTRATION = "admin:"
FAULTS: Mapping[str, Promise] = {
    FaultKind.CHANGED: gettext_lazy("Changed: entry %(number)s"),
    FaultKind.SWAPPED: gettext_lazy("In another's place: entry %(number)s"),
    FaultKind.INSERTED: gettext_lazy("Put in: entry %(number)s"),
    FaultKind.DELETED: gettext_lazy("Deleted: entries %(number)s to %(last)s"),
    FaultKind.MISSING_DAY: gettext_lazy("Missing: all of %(day)s"),
    FaultKind.TRUNCATED: gettext_lazy("Emptied: entries %(number)s to %(last)s"),
    FaultKind.HEAD: gettext_lazy("The noted end is not the end: entry %(number)s"),
    FaultKind.ANCHOR: gettext_lazy("The signature of an anchor is wrong: entry %(number)s"),
    FaultKind.MONTH: gettext_lazy("The month is gone without a signed note"),
}
CONDITIONS: Mapping[str, Promise] = {
    "q": gettext_lazy("Words typed"),
    "fields": gettext_lazy("Fields filled in"),
    "columns": gettext_lazy("Columns"),
    "staff": gettext_lazy("Member of staff"),
    "customer": gettext_lazy("Customer number"),
    "first": gettext_lazy("First day"),
    "last": gettext_lazy("Last day"),
    "kind": gettext_lazy("Kind"),
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone number"),
    "state": gettext_lazy("State"),
    "grade": gettext_lazy("Grade"),
    "gate": gettext_lazy("Gate"),
    "branch": gettext_lazy("Branch"),
    "keeper": gettext_lazy("Keeper"),
    "region": gettext_lazy("Region"),
    "born_from": gettext_lazy("Born from"),
    "born_to": gettext_lazy("Born until"),
    "sources": gettext_lazy("Sources, at least"),
    "differs": gettext_lazy("Only where sources disagree"),
    "reason": gettext_lazy("Reason"),
    "source": gettext_lazy("Source"),
    "since": gettext_lazy("Since"),
    "mine": gettext_lazy("Only mine"),
    "item": gettext_lazy("Item"),
    "break_glass": gettext_lazy("Emergency access"),
    "page": gettext_lazy("Page"),
    "list": gettext_lazy("List"),
    "export": gettext_lazy("File number"),
    "download": gettext_lazy("Download"),
    "fingerprint": gettext_lazy("Fingerprint"),
    "review": gettext_lazy("Review of access"),
    "entry": gettext_lazy("Entry under review"),
    "report": gettext_lazy("Signed report"),
    "case": gettext_lazy("Case of access"),
    "cases": gettext_lazy("Cases of access"),
}
"""What conditions are called; others go by their own name."""


def fault_words(fault: Fault) -> str:
    """A fault in one line: month, chain, what was done."""
    place = []
    if fault.month:
        place.append(f"{fault.month:%Y-%m}")
    if fault.lane is not None:
        place.append(_("chain %(lane)s") % {"lane": fault.lane})
    words = {"number": fault.number, "last": fault.last or fault.number, "day": fault.day}
    return " · ".join([*place, f"{fault.kind}", str(FAULTS[fault.kind]) % words])


def page_words(page: str) -> str:
    """What a page is called, by its name in the addresses; the name itself where nobody called it anything."""
    if page.startswith(ADMINISTRATION):
        return f"{_('Administration')} · {page.removeprefix(ADMINISTRATION)}"
    words = settings.TRAIL_PAGES.get(page)
    return _(words) if words else page


def kind_words(kind: str) -> str:
    """What a kind of entry is called."""
    return str(dict(AccessEntry.Kind.choices).get(kind, kind))


def purpose_words(purpose: str) -> str:
    """What a purpose is called; '' for none."""
    return str(dict(Purpose.choices).get(purpose, purpose))


def result_words(result: int) -> str:
    """How it ended: shown, refused, not found, broken off."""
    if result < 400:
        return _("Done")
    if result in (401, 403, 429):
        return pgettext("access", "Refused")
    if result in (404, 410):
        return _("Not visible to the reader")
    return _("Broken off") if result >= 500 else _("Not accepted")


def condition_words(conditions: str) -> Iterator[tuple[str, str]]:
    """Name and value of each condition of an entry that has a value."""
    try:
        kept = json.loads(conditions or "{}")
    except ValueError:
        kept = {"": conditions}
    for name, value in kept.items():
        if value not in ("", None):
            text = page_words(value) if name == "page" else _("Yes") if value is True else str(value)
            yield str(CONDITIONS.get(name, name)), text
