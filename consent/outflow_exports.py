"""The lists of outflows and of the affected of a breach as files, listed in `settings.EXPORT_LISTS`; each reads as its
page does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exporting.lists import Cell, Conditions, Told
from accounts.models import Staff
from consent.models import Breach, BreachNotice, Outflow
from consent.reports.breaches import STATES, narrowed, notice_lines
from consent.reports.outflows import outflow_lines, outflows_in, with_volumes
from consent.words.outflows import TABS
from customers import wording
from customers.formats import day, moment
from customers.reading import Place

CHUNK = 1_000
NUMBER = re.compile(r"BREACH-[0-9]{4}-[0-9]{4,9}")
TOLD_STATES = {
    "untold": gettext_lazy("Not told"),
    "sent": gettext_lazy("Were told"),
    "unreached": gettext_lazy("Not reached"),
}


def _last(words: Mapping[str, str | Sequence[str]], name: str) -> str:
    """A word of an address that may stand in it more than once."""
    value = words.get(name, "")
    return value if isinstance(value, str) else (value[-1] if value else "")


class OutflowExport:
    """The outflows."""

    title: Promise = gettext_lazy("Outflows")
    permission = "consent.view_outflow"
    page = "consent:outflow-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The tab."""
        show = _last(words, "show")
        return {"show": show} if show in dict(TABS) and show else {}

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The tab."""
        return [(_("Which outflows"), str(dict(TABS)[_last(conditions, "show")]))]

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list, with what the page of an outflow adds."""
        heads = [_("Recipient"), _("Kind"), _("Country"), _("Purpose"), _("Basis"), _("Clause"), _("Items"), _("Way")]
        heads += [
            _("Flows since"),
            _("Flows until"),
            _("Sent in 12 months"),
            _("Transfers in 12 months"),
            _("Last transfer"),
        ]
        return [*heads, _("Contract until"), _("Consents behind it"), _("State"), _("Late")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Outflows of this tab."""
        return self._rows(conditions)[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The newest first."""
        rows = iter(with_volumes(self._rows(conditions), timezone.now()).order_by("-pk").iterator(chunk_size=CHUNK))
        while chunk := list(islice(rows, CHUNK)):
            for line in outflow_lines(chunk, timezone.now()):
                flow, recipient = line.outflow, line.outflow.recipient
                told: list[Cell] = [
                    line.recipient,
                    line.kind,
                    recipient.country_words,
                    line.purpose,
                    line.basis,
                    flow.clause,
                ]
                told += [wording.listed(list(line.items)), flow.way, day(flow.started_on), day(flow.ended_on)]
                told += [line.volume, line.transfers, moment(line.last_at), day(recipient.contract_until)]
                resting: Cell = "" if line.resting is None else line.resting
                yield [*told, resting, line.fate, wording.listed(list(line.late))]

    def _rows(self, conditions: Conditions) -> QuerySet[Outflow]:
        return outflows_in(_last(conditions, "show"), timezone.localdate())


class AffectedExport:
    """The affected of a breach, so that they can be told."""

    title: Promise = gettext_lazy("The affected of a breach")
    permission = "consent.handle_breach"
    page = "consent:breach-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The breach, and who of its list."""
        breach, state = _last(words, "breach"), _last(words, "state")
        return {"breach": breach if NUMBER.fullmatch(breach) else ""} | ({"state": state} if state in STATES else {})

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The breach by its number, and who of its list."""
        told = [(_("Breach"), _last(conditions, "breach"))]
        state = _last(conditions, "state")
        return [*told, (_("Whom to show"), str(TOLD_STATES[state]))] if state in TOLD_STATES else told

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list."""
        return [
            _("Customer number"),
            _("Name"),
            _("Entries of the trail"),
            _("State"),
            _("Way and time of telling"),
            _("Proof"),
        ]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Notices of this breach."""
        return self._rows(staff, conditions)[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """In the order of the list."""
        breach = Breach.objects.filter(number=_last(conditions, "breach")).first()
        rows = iter(self._rows(staff, conditions).order_by("pk").iterator(chunk_size=CHUNK))
        while breach and (chunk := list(islice(rows, CHUNK))):
            for line in notice_lines(chunk, breach, staff, Place.EXPORT):
                yield [line.number, line.name, line.entries, line.state, line.told, line.proof]

    def _rows(self, staff: Staff, conditions: Conditions) -> QuerySet[BreachNotice]:
        breach = Breach.objects.filter(number=_last(conditions, "breach")).first()
        if breach is None or not staff.has_perm("customers.view_customer"):
            return BreachNotice.objects.none()
        return narrowed(breach, _last(conditions, "state"))
