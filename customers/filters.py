"""What the customer list can be narrowed by; the filters stand in the address."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Staff
from customers.models import Customer
from customers.models.source import SourceRow
from customers.querysets import CustomerQuerySet
from customers.search.conditions import named, with_phone_tail
from customers.search.terms import names_of
from customers.standard.regions import REGIONS
from customers.standard.text import tidy

MOST_KEEPERS = 50
MOST_BRANCHES = 500


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CustomerFilter(filters.FilterSet):
    """The filters of the customer list; `data` is the query string, unknown words in it are ignored."""

    name = filters.CharFilter(label=_("Name or initial consonants"), method="filter_name")
    phone = filters.CharFilter(label=_("End of phone number"), method="filter_phone")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=SourceRow.Kind, empty_label=_("all"))
    grade = filters.ChoiceFilter(label=_("Grade"), choices=Customer.Grade, empty_label=_("all"))
    gate = filters.ChoiceFilter(label=_("Gate"), choices=Customer.Gate, empty_label=_("all"))
    branch = filters.ChoiceFilter(
        label=_("Main branch and below"),
        choices=lambda: _branch_choices(),
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
    state = filters.ChoiceFilter(label=_("State"), choices=Customer.State, empty_label=_("all"))

    class Meta:
        model = Customer
        fields: list[str] = []

    def filter_name(self, customers: CustomerQuerySet, _field: str, text: str) -> CustomerQuerySet:
        names, initials = names_of(tidy(text))
        return named(customers, names, initials) if names or initials else customers.none()

    def filter_phone(self, customers: CustomerQuerySet, _field: str, digits: str) -> CustomerQuerySet:
        digits = "".join(filter(str.isdecimal, digits))
        return with_phone_tail(customers, digits) if 4 <= len(digits) <= 11 else customers.none()

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
    data.setdefault("state", Customer.State.ACTIVE)
    return CustomerFilter(data, Customer.objects.visible_to(viewer))


def _branch_choices() -> list[tuple[str, str]]:
    """Branches by their place in the tree, indented by depth."""
    rows = Branch.objects.order_by("path").values_list("code", "name", "path")[:MOST_BRANCHES]
    return [(code, "\u2003" * (path.count("/") - 2) + name) for code, name, path in rows]
