"""The rows of the list of organisations, for its page and for its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import Place, read
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.querysets import DatedQuerySet
from relations.rules.organisations import legal_form
from relations.words import organisations as words

FIELDS = (
    "number",
    "name",
    "sort_name",
    "kind",
    "company_name",
    "company_no",
    "employee_no",
    "address",
    "postcode",
    "source_count",
    "difference_count",
    "main_branch__code",
    "main_branch__name",
    "keeper__employee_number",
    "keeper__name",
)
"""What a row reads of its customer."""


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list. head_office: its address of today, '' where none is known."""

    number: str
    written: str
    name: str
    company: str
    legal_form: str
    head_office: str
    has_head_office: bool
    places: int
    affiliates: int
    officers: int
    keeper: str
    sources: int
    differences: int


def organisation_lines(organisations: Sequence[Customer], viewer: Staff, place: Place) -> list[OrganisationLine]:
    """The rows of these organisations, in three queries however many they are. organisations: with FIELDS."""
    ids = [organisation.pk for organisation in organisations]
    today = timezone.localdate()
    places, offices = _places(ids)
    affiliates = _affiliates(ids)
    officers = _counted(Officer.objects.held_on(today).filter(organisation__in=ids))
    return [
        _line(each, viewer, place, places.get(each.pk, 0), offices.get(each.pk), affiliates, officers)
        for each in organisations
    ]


def _line(
    organisation: Customer,
    viewer: Staff,
    place: Place,
    places: int,
    office: PlaceOfBusiness | None,
    affiliates: Mapping[int, int],
    officers: Mapping[int, int],
) -> OrganisationLine:
    reading = read(organisation, viewer, place)
    name = reading["name"].text
    return OrganisationLine(
        organisation.number,
        written_number(organisation.number),
        name,
        reading["company"].text,
        words.legal_form(legal_form(organisation.name)) if name else "",
        reading.show("address", office.address).text if office else "",
        office is not None,
        places,
        affiliates.get(organisation.pk, 0),
        officers.get(organisation.pk, 0),
        str(getattr(organisation.keeper, "name", "") or ""),
        organisation.source_count,
        organisation.difference_count,
    )


def _places(ids: Sequence[int]) -> tuple[dict[int, int], dict[int, PlaceOfBusiness]]:
    """{organisation: places of today} and {organisation: its head office}."""
    counts: dict[int, int] = {}
    offices = {}
    for place in DatedQuerySet(PlaceOfBusiness).held_on(timezone.localdate()).filter(organisation__in=ids):
        counts[place.organisation_id] = counts.get(place.organisation_id, 0) + 1
        if place.kind == PlaceOfBusiness.Kind.HEAD_OFFICE:
            offices[place.organisation_id] = place
    return counts, offices


def _affiliates(ids: Sequence[int]) -> dict[int, int]:
    """{organisation: how many stand directly below it, or above}."""
    held = Affiliation.objects.between_active().held_on(timezone.localdate())
    counts: dict[int, int] = {}
    for ends in held.filter(Q(parent__in=ids) | Q(child__in=ids)).values_list("parent", "child"):
        for end in ends:
            counts[end] = counts.get(end, 0) + 1
    return counts


def _counted(rows: QuerySet) -> dict[int, int]:
    return dict(rows.values_list("organisation").annotate(count=Count("pk")).order_by())
