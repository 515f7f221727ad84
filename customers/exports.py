"""The lists of customers that can be taken as files, listed in `settings.EXPORT_LISTS`.

Each reads as its page does, through the same filters, order, columns and masks; all customers shown pass `read`, or are
noted for the trail where only their numbers stand in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode

import django_filters as filters
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exporting.lists import Cell, Conditions, Told
from accounts.models import Staff
from accounts.trail import saw
from customers import formats, masking, tables
from customers.filters import NO_NARROWING, CustomerFilter, customer_filter
from customers.forms.merges import ActFilterForm
from customers.models import Act, Customer, Pair, Protection
from customers.numbering import parse_customer_number
from customers.paging import DEFAULT_SORT, SORTS
from customers.pair_filters import PairFilter
from customers.reading import Place, prepare, read
from customers.reports.acts import act_lines, narrowed_acts
from customers.reports.grants import protection_lines, protections_of
from customers.reports.match_pairs import with_records
from customers.reports.match_records import Side, sides_of

CHUNK = 1_000
LONGEST = 200  # characters of a word of an address that are kept
TYPED = {"name": masking.name, "phone": lambda digits: masking.STAR * 4 + digits[-4:], "keeper": masking.name}
"""Filters into which people type what may be a person's; others than whoever typed it see it masked."""
Row = TypeVar("Row")


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _first(value: str | Sequence[str]) -> str:
    """A word of an address that may stand in it more than once."""
    found = value if isinstance(value, str) else (value[-1] if value else "")
    return masking.without_resident_numbers(found)[:LONGEST]


def _told_filters(known: Mapping[str, filters.Filter], conditions: Conditions, is_whole: bool) -> Told:
    """The filters in use in words; what a query would have to name stays a code."""
    told = []
    for word, one in known.items():
        value = conditions.get(word, "")
        if not isinstance(value, str) or value in ("", NO_NARROWING.get(word)):
            continue
        if isinstance(one, filters.BooleanFilter):
            told.append((str(one.label), ""))
            continue
        typed = value if is_whole or word not in TYPED else TYPED[word](value)
        told.append((str(one.label), str(_choices(one).get(value, typed))))
    return told


def _choices(one: filters.Filter) -> dict[str, object]:
    """{code: words} of a filter, where no query is needed for them."""
    choices = one.extra.get("choices", ())
    choices = getattr(choices, "choices", choices)
    return {} if callable(choices) else dict(choices)


class CustomerExport:
    """The customer list, with the columns that were chosen on it."""

    title: Promise = gettext_lazy("Customers")
    permission = "customers.view_customer"
    page = "customers:customer-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """Filters, order, and columns, where any were chosen."""
        known = {word: _first(words[word]) for word in CustomerFilter.base_filters if word in words}
        wrong = set(self._filter(known, staff).form.errors)
        kept = {word: value for word, value in known.items() if word not in wrong and (value or word in NO_NARROWING)}
        sort = _first(words.get("sort", ""))
        if sort.removeprefix("-") in SORTS:
            kept["sort"] = sort
        columns = words.get("columns") or tables.USUAL
        return kept | {"columns": [column.code for column in tables.chosen_columns(columns)]}

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The filters, all states among them; order and columns narrow nothing."""
        told = _told_filters(CustomerFilter.base_filters, conditions, is_whole)
        if conditions.get("state") == "":
            told.append((str(CustomerFilter.base_filters["state"].label), _("all")))
        return told

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """The heads of the list."""
        return [str(column.label) for column in self._columns(conditions)]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Customers that `staff` sees under these filters."""
        return self._filter(conditions, staff).qs.order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The rows of the list, figures as figures."""
        columns = self._columns(conditions)
        sort = str(conditions.get("sort", DEFAULT_SORT))
        keys = SORTS[sort.removeprefix("-")]
        found = self._filter(conditions, staff).qs.select_related("main_branch", "keeper")
        ordered = found.only(*tables.fields_of(columns)).order_by(
            *(F(key).desc() if sort.startswith("-") else F(key).asc() for key in keys)
        )
        for chunk in _chunks(ordered.iterator(chunk_size=CHUNK)):
            prepare(staff, chunk)
            for customer in chunk:
                cells = tables.cells_of(customer, columns, read(customer, staff, Place.EXPORT))
                yield [_figure(cell.text) if cell.column.is_number else cell.text for cell in cells]

    def _columns(self, conditions: Conditions) -> tuple[tables.Column, ...]:
        return tables.chosen_columns(conditions.get("columns") or tables.USUAL)

    def _filter(self, conditions: Conditions, staff: Staff) -> CustomerFilter:
        narrowing = {word: value for word, value in conditions.items() if word in CustomerFilter.base_filters}
        return customer_filter(QueryDict(urlencode(narrowing)), staff)


def _figure(text: str) -> Cell:
    return int(text) if text.isdecimal() else text


class PairExport:
    """The queue of pairs."""

    title: Promise = gettext_lazy("Pairs for review")
    permission = "customers.view_pair"
    page = "customers:pair-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The filters that were understood; without a state it is the queue."""
        return PairFilter({word: _first(value) for word, value in words.items()}, viewer=staff).condition

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """The filters, the state first."""
        return _told_filters(PairFilter.base_filters, conditions, is_whole)

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list, each record with the number of its customer."""
        first, second = _("First record"), _("Second record")
        of_side = [_("Source"), _("Customer number"), _("Name")]
        heads = [_("Reason"), _("Worth"), _("Weight")]
        heads += [f"{side}: {head}" for side in (first, second) for head in of_side]
        return [*heads, _("Found at"), _("Put off until")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Pairs under these filters."""
        return self._pairs(staff, conditions).order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """What a decision is worth most first."""
        pairs = with_records(self._pairs(staff, conditions)).order_by(F("worth").desc(nulls_last=True), "pk")
        for chunk in _chunks(pairs.iterator(chunk_size=CHUNK)):
            sides = sides_of((record for pair in chunk for record in (pair.left, pair.right)), staff)
            prepare(staff, [side.reading.customer for side in sides.values() if side.reading])
            for pair in chunk:
                left, right = sides[pair.left_id], sides[pair.right_id]
                yield [
                    str(pair.get_reason_display()),
                    "" if pair.worth is None else f"{pair.worth:.1f}",
                    "" if pair.weight is None else f"{pair.weight:.1f}",
                    *_side_cells(left, staff),
                    *_side_cells(right, staff),
                    formats.moment(pair.found_at),
                    formats.day(pair.hold_until),
                ]

    def _pairs(self, staff: Staff, conditions: Conditions) -> QuerySet[Pair]:
        return PairFilter(conditions, viewer=staff).qs


def _side_cells(side: Side, staff: Staff) -> list[Cell]:
    """Source, customer and name of a record; of a customer that may not be seen only the source."""
    if side.reading is None:
        return [side.source, "", str(_("not visible to you"))]
    reading = read(side.reading.customer, staff, Place.EXPORT)
    return [side.source, side.number, reading.of("name", side.record).text]


class ActExport:
    """The log of decisions."""

    title: Promise = gettext_lazy("Decisions")
    permission = "customers.view_act"
    page = "customers:act-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The filters that were understood."""
        form = ActFilterForm({word: _first(value) for word, value in words.items()})
        return {word: _first(words[word]) for word in form.words}

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """Kind, day and whose."""
        kinds, fields = dict(Act.Kind.choices), ActFilterForm.base_fields
        told = []
        for word, value in conditions.items():
            text = "" if word == "mine" else str(kinds.get(str(value), value))
            told.append((str(fields[word].label), text))
        return told

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list."""
        heads = [_("Decision"), _("When"), _("By"), _("Customers"), _("Why"), _("Comment"), _("Taken back")]
        return [str(head) for head in heads]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Acts under these filters."""
        return self._acts(staff, conditions).order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The newest first."""
        acts = self._acts(staff, conditions).select_related("by").order_by("-pk")
        for chunk in _chunks(acts.iterator(chunk_size=CHUNK)):
            lines = act_lines(chunk, staff)
            _saw_numbers({link.number for line in lines for link in line.customers if link.number})
            for line in lines:
                numbers = [link.number or str(_("not visible to you")) for link in line.customers]
                told = ", ".join([*numbers, *([str(_("and more"))] if line.has_more else [])])
                taken_back = str(_("taken back")) if line.is_taken_back else ""
                yield [line.kind, line.at, line.by, told, line.why, line.comment, taken_back]

    def _acts(self, staff: Staff, conditions: Conditions) -> QuerySet[Act]:
        return narrowed_acts(ActFilterForm(conditions).words, staff)


def _saw_numbers(written: Iterable[str]) -> None:
    """Note the customers of these numbers, as written, for the trail."""
    numbers = [parse_customer_number(number) for number in written]
    saw(Customer.objects.filter(number__in=numbers).values_list("pk", flat=True))


class ProtectedExport:
    """The protected customers."""

    title: Promise = gettext_lazy("Protected customers")
    permission = "customers.protect_customer"
    page = "customers:protection-list"

    def understood(self, words: Mapping[str, Sequence[str]], staff: Staff) -> Conditions:
        """The list has no filters."""
        return {}

    def in_words(self, conditions: Conditions, *, is_whole: bool) -> Told:
        """Nothing is narrowed."""
        return []

    def columns(self, staff: Staff, conditions: Conditions) -> list[str]:
        """Those of the list."""
        heads = [_("Name"), _("Customer number"), _("Who the customer is"), _("Reason"), _("Keeper")]
        return [*heads, _("Named people"), _("Protected by"), _("When")]

    def count(self, staff: Staff, conditions: Conditions, most: int) -> int:
        """Protections of customers that `staff` sees."""
        return self._protections(staff).order_by()[:most].count()

    def rows(self, staff: Staff, conditions: Conditions) -> Iterator[list[Cell]]:
        """The newest first."""
        for chunk in _chunks(self._protections(staff).order_by("-pk").iterator(chunk_size=CHUNK)):
            for line in protection_lines(chunk, staff):
                reading = read(line.protection.customer, staff, Place.EXPORT)
                reason = masking.without_resident_numbers(line.protection.reason)
                told = [reading["name"].text, line.number, line.kind, reason, line.keeper]
                yield [*told, line.people, line.by, line.at]

    def _protections(self, staff: Staff) -> QuerySet[Protection]:
        return protections_of(staff, timezone.now())
