"""What the lists can be narrowed by; the filters stand in the address."""

from __future__ import annotations

from dataclasses import dataclass

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Staff
from accounts.styling import styled
from customers.models import Customer, FeedRun, Mapping, SourceSystem
from customers.models.source import Layout, SourceRow
from customers.querysets import STANDING, CustomerQuerySet
from customers.search.conditions import named, with_phone_tail
from customers.search.terms import LOCAL_DIGITS, names_of
from customers.standard.regions import REGIONS
from customers.standard.text import tidy

MOST_KEEPERS = 50
MOST_BRANCHES = 500
# The filters that stand open; the others unfold.
FIRST = ("name", "phone", "kind", "grade", "gate", "branch")
# The last four, or a number with or without its prefix: by one digit more at a time a masked number would be told.
PHONE_DIGITS = {4, *LOCAL_DIGITS, *range(9, 12)}
# Whoever is kept apart or destroyed stands in no list.
STATES = [choice for choice in Customer.State.choices if choice[0] in STANDING]
NO_NARROWING = {"state": Customer.State.ACTIVE}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in use. value: what it was set to, in words; empty for a check box."""

    name: str
    label: str
    value: str


class CustomerFilter(filters.FilterSet):
    """The filters of the customer list; `data` is the query string, unknown words in it are ignored."""

    name = filters.CharFilter(label=_("Name or initial consonants"), method="filter_name")
    phone = filters.CharFilter(label=_("Phone number, last 4 digits or the whole"), method="filter_phone")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=SourceRow.Kind, empty_label=_("all"))
    grade = filters.ChoiceFilter(label=_("Grade"), choices=Customer.Grade, empty_label=_("all"))
    gate = filters.ChoiceFilter(label=_("Gate"), choices=Customer.Gate, empty_label=_("all"))
    branch = filters.ChoiceFilter(
        label=_("Main branch and below"),
        choices=lambda: branch_choices(),
        method="filter_branch",
        empty_label=_("all"),
    )
    keeper = filters.CharFilter(label=_("Keeper (name or employee number)"), method="filter_keeper")
    region = filters.ChoiceFilter(
        label=_("Region"),
        choices=[(name, name) for name in dict.fromkeys(r.name for r in REGIONS)],
        empty_label=_("all"),
    )
    born_from = filters.DateFilter(label=_("Born from"), field_name="birth_date", lookup_expr="gte", widget=DateInput)
    born_to = filters.DateFilter(label=_("Born until"), field_name="birth_date", lookup_expr="lte", widget=DateInput)
    sources = filters.NumberFilter(
        label=_("Sources, at least"), field_name="source_count", lookup_expr="gte", min_value=0, max_value=99
    )
    differs = filters.BooleanFilter(
        label=_("Only where sources disagree"), method="filter_differs", widget=forms.CheckboxInput
    )
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("all"))

    class Meta:
        model = Customer
        fields: list[str] = []

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The fields that stand open."""
        return [self.form[name] for name in FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The fields that unfold."""
        return [field for field in self.form if field.name not in FIRST]

    @property
    def unfolds(self) -> bool:
        """Whether one of the unfolding fields is in use or was refused."""
        used = {active.name for active in self.active} | set(self.form.errors)
        return any(field.name in used for field in self.more_fields)

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in use; to show only active customers is no narrowing."""
        values = self.form.cleaned_data
        return [
            ActiveFilter(name, str(self.filters[name].label), written_value(self.form[name]))
            for name in self.filters
            if values.get(name) not in (None, "", False) and values[name] != NO_NARROWING.get(name)
        ]

    def filter_name(self, customers: CustomerQuerySet, _field: str, text: str) -> CustomerQuerySet:
        names, initials = names_of(tidy(text))
        return named(customers, names, initials) if names or initials else customers.none()

    def filter_phone(self, customers: CustomerQuerySet, _field: str, digits: str) -> CustomerQuerySet:
        digits = "".join(filter(str.isdecimal, digits))
        return with_phone_tail(customers, digits) if len(digits) in PHONE_DIGITS else customers.none()

    def filter_branch(self, customers: CustomerQuerySet, _field: str, code: str) -> CustomerQuerySet:
        branch = Branch.objects.filter(code=code).first()
        below = Branch.objects.subtree_of(branch) if branch else Branch.objects.none()
        return customers.filter(main_branch__in=list(below.values_list("code", flat=True)))

    def filter_keeper(self, customers: CustomerQuerySet, _field: str, text: str) -> CustomerQuerySet:
        staff = Staff.objects.filter(name=text) | Staff.objects.filter(employee_number=text)
        return customers.filter(keeper__in=list(staff.values_list("employee_number", flat=True)[:MOST_KEEPERS]))

    def filter_differs(self, customers: CustomerQuerySet, _field: str, wanted: bool) -> CustomerQuerySet:
        return customers.filter(difference_count__gt=0) if wanted else customers


def customer_filter(data: QueryDict, viewer: Staff) -> CustomerFilter:
    """The filter of this query string over the customers that `viewer` may see; active ones unless it says so."""
    data = data.copy()
    for name, value in NO_NARROWING.items():
        data.setdefault(name, value)
    narrowed = CustomerFilter(data, Customer.objects.visible_to(viewer))
    styled(narrowed.form)
    return narrowed


def written_value(field: forms.BoundField) -> str:
    """The value of a field as its reader chose it."""
    if isinstance(field.field.widget, forms.CheckboxInput):
        return ""
    choices = {str(code): str(words) for code, words in getattr(field.field, "choices", ())}
    return choices.get(str(field.value()), str(field.value())).strip()


def branch_choices() -> list[tuple[str, str]]:
    """Branches by their place in the tree, indented by depth."""
    rows = Branch.objects.order_by("path").values_list("code", "name", "path")[:MOST_BRANCHES]
    return [(code, "\u2003" * (path.count("/") - 2) + name) for code, name, path in rows]


class FeedRunFilter(filters.FilterSet):
    """The filters of the run history."""

    source = filters.ChoiceFilter(
        label=_("Source"), field_name="source__code", choices=lambda: source_choices(), empty_label=_("all")
    )
    layout = filters.ChoiceFilter(label=_("Rows of the file"), choices=Layout, empty_label=_("all"))
    state = filters.ChoiceFilter(label=_("State"), choices=FeedRun.State, empty_label=_("all"))
    dry = filters.ChoiceFilter(
        label=_("Dry runs"),
        field_name="is_dry_run",
        choices=[("1", _("only dry runs")), ("0", _("only real runs"))],
        empty_label=_("all"),
    )

    class Meta:
        model = FeedRun
        fields: list[str] = []


class MappingFilter(filters.FilterSet):
    """The filters of the list of mappings."""

    source = filters.ChoiceFilter(
        label=_("Source"), field_name="source__code", choices=lambda: source_choices(), empty_label=_("all")
    )
    layout = filters.ChoiceFilter(label=_("Rows of the file"), choices=Layout, empty_label=_("all"))
    state = filters.ChoiceFilter(label=_("State"), choices=Mapping.State, empty_label=_("all"))

    class Meta:
        model = Mapping
        fields: list[str] = []


def source_choices() -> list[tuple[str, str]]:
    return [(source.code, str(source)) for source in SourceSystem.objects.order_by("code")]
