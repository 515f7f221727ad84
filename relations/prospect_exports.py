"""The lists of prospects that can be taken as files, listed in `settings.EXPORT_LISTS`; each reads as its page does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exporting.lists import Cell, Conditions, Told
from accounts.models import Staff
from customers.reading import Place
from relations.forms.prospects import STATES, PeriodForm, ProspectFilterForm
from relations.models import Prospect
from relations.reports.fairness import COLUMNS, fairness_report
from relations.reports.prospects import narrowed, prospect_lines, with_people
from relations.words.fairness import HEADS

CHUNK = 1_000
LONGEST = 200  # letters of a word of an address that are kept


def _first(words: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Each word of an address once."""
    return {name: (value if isinstance(value, str) else value[-1])[:LONGEST] for name, value in words.items() if value}


class ProspectExport:
    """The list of prospects."""

    title: Promise = gettext_lazy("Prospects")
    permission = "relations.view_prospect"
    page = "relations:prospect-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The filters that were understood; without a state it is what is in force."""
        return ProspectFilterForm(_first(words), viewer=staff).condition

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The filters; the branch stays its code."""
        fields, states = ProspectFilterForm.base_fields, dict(STATES)
        told = [(str(_("State")), str(states.get(str(conditions.get("state", "")), "")))]
        happened = dict(fields["happened"].choices)
        for name in ("receipt", "branch", "happened", "first", "last"):
            if name in conditions:
                value = str(conditions[name])
                told.append((str(fields[name].label), str(happened.get(value, value))))
        return told

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list."""
        heads = [_("Receipt"), _("Name"), _("Customer number"), _("State"), _("Planner"), _("Branch")]
        return [*heads, _("Registered on"), _("Protected until"), _("Consent holds until")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Prospects under these filters."""
        return self._prospects(staff, conditions).order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The newest first."""
        rows = with_people(self._prospects(staff, conditions)).order_by("-pk").iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            for line in prospect_lines(chunk, staff, timezone.now(), Place.EXPORT):
                told = [line.receipt, line.name, line.number, line.state, line.planner, line.branch]
                yield [*told, line.registered, line.protected, line.expires]

    def _prospects(self, staff: Staff, conditions: Conditions) -> QuerySet[Prospect]:
        return narrowed(staff, ProspectFilterForm(_first(conditions), viewer=staff).words)


class FairnessExport:
    """The fairness report."""

    title: Promise = gettext_lazy("Fairness of prospects")
    permission = "relations.view_fairness"
    page = "relations:fairness-report"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The two days."""
        first, last = _days(words)
        return {"first": first.isoformat(), "last": last.isoformat()}

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The two days."""
        return [(str(_("First day")), str(conditions["first"])), (str(_("Last day")), str(conditions["last"]))]

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the report."""
        return [_("Branch"), *(str(HEADS[column]) for column in COLUMNS), _("Why")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Branches that had anything."""
        return min(most, len(fairness_report(staff, *_days(conditions)).branches))

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """By place in the company."""
        for line in fairness_report(staff, *_days(conditions)).branches:
            yield [line.name, *(figure.count for figure in line.figures), line.why]


def _days(words: Mapping[str, str | Sequence[str]]) -> tuple[date, date]:
    form = PeriodForm(_first(words))
    today = timezone.localdate()
    if not form.is_valid():
        return today.replace(month=1, day=1), today
    return form.cleaned_data["first"], form.cleaned_data["last"]
