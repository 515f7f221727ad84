"""What the list of organisations can be narrowed by; the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.styling import styled
from customers.filters import ActiveFilter, written_value
from customers.models import Contract, ContractParty, Customer, Link
from customers.querysets import CustomerQuerySet
from customers.search.conditions import named
from customers.search.terms import names_of
from customers.standard.numbers import business_number
from customers.standard.text import tidy
from relations.models import Affiliation, PlaceOfBusiness
from relations.querysets import DatedQuerySet, one_by_one
from relations.words.organisations import LEGAL_FORMS

MARKS: Mapping[str, str] = {
    "STOCK": r"\(주\)",
    "LIMITED": r"\(유\)",
    "LLC": "유한책임회사",
    "GENERAL_PARTNERSHIP": "합명회사",
    "LIMITED_PARTNERSHIP": "합자회사",
    "FOUNDATION": r"\(재\)",
    "ASSOCIATION": r"\(사\)",
    "SCHOOL": r"\(학\)",
    "MEDICAL": r"\(의\)",
    "WELFARE": r"\(복\)",
    "COOPERATIVE": "협동조합",
    "AGRICULTURAL": "농업회사법인|영농조합법인",
}
"""How the standard form of a name writes each legal form."""
# All of them, found from the few contracts of groups.
GROUP_HOLDERS = """
SELECT link.customer_id FROM customers_contract contract
JOIN customers_contractparty party
    ON party.source_id = contract.source_id AND party.contract_no = contract.contract_no AND party.role = 'POLICYHOLDER'
JOIN customers_sourcerecord record
    ON record.source_id = party.source_id AND record.source_key = party.party_source_key
JOIN customers_link link ON link.record_id = record.id
WHERE contract.product_group = 'GROUP'
"""


class OrganisationFilter(filters.FilterSet):
    """The filters of the list; `data` is the query string, unknown words in it are ignored."""

    name = filters.CharFilter(label=_("Name or initial consonants"), method="filter_name")
    brn = filters.CharFilter(label=_("Business number"), method="filter_brn", max_length=20)
    legal_form = filters.ChoiceFilter(
        label=_("Legal form"),
        choices=[(code, LEGAL_FORMS[code]) for code in MARKS],
        method="filter_legal_form",
        empty_label=_("all"),
    )
    affiliates = filters.BooleanFilter(
        label=_("Only with affiliates"), method="filter_affiliates", widget=forms.CheckboxInput
    )
    group_contract = filters.BooleanFilter(
        label=_("Only with a group contract"), method="filter_group_contract", widget=forms.CheckboxInput
    )
    homeless = filters.BooleanFilter(
        label=_("Only without a head office"), method="filter_homeless", widget=forms.CheckboxInput
    )
    differs = filters.BooleanFilter(
        label=_("Only where sources disagree"), method="filter_differs", widget=forms.CheckboxInput
    )

    is_page = False

    class Meta:
        model = Customer
        fields: list[str] = []

    @property
    def page_qs(self) -> CustomerQuerySet:
        """The same as `qs`, asked for one organisation after the other: quick for the first of many, slow for all."""
        other = OrganisationFilter(self.data, self.queryset)
        other.is_page = True
        return other.qs

    @property
    def condition(self) -> dict[str, str]:
        """The words in use that were understood: what to keep, or to put into an address."""
        return {
            word: str(value)
            for word, value in self.data.items()
            if word in self.base_filters and value and word not in self.form.errors
        }

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in use."""
        values = self.form.cleaned_data
        return [
            ActiveFilter(name, str(self.filters[name].label), written_value(self.form[name]))
            for name in self.filters
            if values.get(name) not in (None, "", False)
        ]

    def filter_name(self, customers: CustomerQuerySet, _field: str, text: str) -> CustomerQuerySet:
        names, initials = names_of(tidy(text))
        return named(customers, names, initials) if names or initials else customers.none()

    def filter_brn(self, customers: CustomerQuerySet, _field: str, text: str) -> CustomerQuerySet:
        number = business_number(text).value
        return customers.filter(company_no=number) if number else customers.none()

    def filter_legal_form(self, customers: CustomerQuerySet, _field: str, code: str) -> CustomerQuerySet:
        return customers.filter(name__regex=MARKS[code])

    def filter_affiliates(self, customers: CustomerQuerySet, _field: str, wanted: bool) -> CustomerQuerySet:
        if not wanted:
            return customers
        held = Affiliation.objects.between_active().held_on(timezone.localdate())
        return customers.filter(pk__in=held.values("parent").union(held.values("child")))

    def filter_group_contract(self, customers: CustomerQuerySet, _field: str, wanted: bool) -> CustomerQuerySet:
        if not wanted:
            return customers
        if self.is_page:
            return customers.filter(one_by_one(_linked_group_contracts()))
        return customers.filter(pk__in=RawSQL(GROUP_HOLDERS, []))  # noqa: S611 - words of our own

    def filter_homeless(self, customers: CustomerQuerySet, _field: str, wanted: bool) -> CustomerQuerySet:
        return customers.filter(~Exists(head_offices())) if wanted else customers

    def filter_differs(self, customers: CustomerQuerySet, _field: str, wanted: bool) -> CustomerQuerySet:
        return customers.filter(difference_count__gt=0) if wanted else customers


def organisation_filter(data: Mapping[str, str], viewer: Staff) -> OrganisationFilter:
    """The filter of this query string over the organisations that `viewer` may see and that answer today."""
    scope = Customer.objects.visible_to(viewer).filter(kind="ORG", state=Customer.State.ACTIVE)
    narrowed = OrganisationFilter(data, scope)
    styled(narrowed.form)
    return narrowed


def head_offices() -> QuerySet[PlaceOfBusiness]:
    """The head office of today of the customer of the query around it."""
    held = DatedQuerySet(PlaceOfBusiness).held_on(timezone.localdate())
    return held.filter(organisation=OuterRef("pk"), kind=PlaceOfBusiness.Kind.HEAD_OFFICE)


def _linked_group_contracts() -> QuerySet[Link]:
    """Links of the customer of the query around it whose record is policyholder of a group contract."""
    group = Contract.objects.filter(
        source=OuterRef("source"), contract_no=OuterRef("contract_no"), product_group=Contract.ProductGroup.GROUP
    )
    holding = ContractParty.objects.filter(
        Exists(group),
        source=OuterRef("record__source"),
        party_source_key=OuterRef("record__source_key"),
        role=ContractParty.Role.POLICYHOLDER,
    )
    return Link.objects.filter(Exists(holding), customer=OuterRef("pk"))
