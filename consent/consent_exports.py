"""The list of answers as a file, listed in `settings.EXPORT_LISTS`; it reads as its page does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.exporting.lists import Cell, Conditions, Told
from accounts.models import Staff
from consent.forms.consents import ConsentFilterForm
from consent.models import Consent
from consent.reports.consents_lists import consent_lines, current, with_people
from customers.reading import Place

CHUNK = 1_000
LONGEST = 200  # letters of a word of an address that are kept


def _first(words: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Each word of an address once."""
    return {name: (value if isinstance(value, str) else value[-1])[:LONGEST] for name, value in words.items() if value}


class ConsentExport:
    """The list of answers."""

    title: Promise = gettext_lazy("Answers of customers")
    permission = "consent.view_consent"
    page = "consent:consent-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The filters that were understood."""
        return ConsentFilterForm(_first(words)).condition

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The filters; the purpose stays its code."""
        fields, told = ConsentFilterForm.base_fields, []
        for name, value in conditions.items():
            choices = dict(getattr(fields[name], "choices", ())) if name in ("channel", "answer") else {}
            is_box = name.startswith("is_")
            told.append((str(fields[name].label), str(_("yes")) if is_box else str(choices.get(value, value))))
        return told

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list."""
        heads = [_("Customer number"), _("Name"), _("Purpose"), pgettext("consent", "For"), _("Answer")]
        return [*heads, pgettext("consent", "Since"), pgettext("consent", "Until"), _("Proof"), _("Recorded after")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Answers under these filters."""
        return self._consents(staff, conditions).order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The newest first."""
        rows = with_people(self._consents(staff, conditions)).order_by("-pk").iterator(chunk_size=CHUNK)
        today = timezone.localdate()
        while chunk := list(islice(rows, CHUNK)):
            for line in consent_lines(chunk, staff, today, Place.EXPORT):
                told = [line.number, line.name, line.purpose, line.of, line.answer, line.since, line.until, line.proof]
                yield [*told, line.because or line.took]

    def _consents(self, staff: Staff, conditions: Conditions) -> QuerySet[Consent]:
        return current(staff, ConsentFilterForm(_first(conditions)).words, timezone.localdate())
