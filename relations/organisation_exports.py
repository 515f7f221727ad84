"""The list of organisations as a file, listed in `settings.EXPORT_LISTS`; it reads as its page does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exporting.lists import Cell, Conditions, Told
from accounts.models import Staff
from customers import masking
from customers.reading import Place, prepare
from relations.organisation_filters import OrganisationFilter, organisation_filter
from relations.reports.organisation_lists import FIELDS, OrganisationLine, organisation_lines

CHUNK = 1_000
LONGEST = 200  # characters of a word of an address that are kept


class OrganisationExport:
    """The organisations, by name."""

    title: Promise = gettext_lazy("Organisations")
    permission = "relations.view_organisation"
    page = "relations:organisation-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The filters that were understood."""
        return organisation_filter({word: _first(value) for word, value in words.items()}, staff).condition

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The filters; a name is that of an organisation, and no secret."""
        form = OrganisationFilter({word: _first(value) for word, value in conditions.items()})
        return [(active.label, active.value) for active in form.active] if form.is_valid() else []

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list."""
        heads = [_("Customer number"), _("Name"), _("Legal form"), _("Business number"), _("Head office")]
        heads += [_("Places of business"), _("Affiliates"), _("Contact persons"), _("Keeper")]
        return [*heads, _("Sources"), _("Differences")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Organisations that `staff` sees under these filters."""
        return organisation_filter(conditions, staff).qs.order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """By name."""
        found = organisation_filter(conditions, staff).qs.select_related("main_branch", "keeper").only(*FIELDS)
        rows = iter(found.order_by("sort_name", "id").iterator(chunk_size=CHUNK))
        while chunk := list(islice(rows, CHUNK)):
            prepare(staff, chunk)
            yield from map(_cells, organisation_lines(chunk, staff, Place.EXPORT))


def _cells(line: OrganisationLine) -> list[Cell]:
    told = [line.written, line.name, line.legal_form, line.company, line.head_office]
    return [*told, line.places, line.affiliates, line.officers, line.keeper, line.sources, line.differences]


def _first(value: str | Sequence[str]) -> str:
    """A word of an address that may stand in it more than once."""
    found = value if isinstance(value, str) else (value[-1] if value else "")
    return masking.without_resident_numbers(found)[:LONGEST]
