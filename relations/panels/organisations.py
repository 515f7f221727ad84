"""What surrounds an organisation, on its 360° page: where it works, its group, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats
from customers.dossier import Dossier, dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.people import Face, faces
from relations.querysets import DatedQuerySet

MOST = 200
SHOWN = 5
Row = tuple[str, str, str, str, str, str, int | None]


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """A place of business, in short."""

    kind: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class GroupNote:
    """An organisation directly above or below."""

    face: Face | None
    kind: str
    is_above: bool


@dataclass(frozen=True, slots=True)
class OfficerNote:
    """A contact person, in short. face: the same person as a customer, where that is known."""

    duty: str
    name: str
    title: str
    phone: str
    email: str
    face: Face | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The first few of each; the counts are of all that hold today, capped at 200 together."""

    number: str
    places: tuple[PlaceNote, ...]
    group: tuple[GroupNote, ...]
    officers: tuple[OfficerNote, ...]
    place_count: int
    group_count: int
    officer_count: int


def _opens(customer: Customer, viewer: Staff) -> bool:
    return customer.kind == "ORG" and viewer.has_perm("relations.view_organisation")


@heads("organisation", gettext_lazy("Organisation"), "building-skyscraper", opens=_opens)
def organisation(customer: Customer, viewer: Staff) -> Panel | None:
    """Places, affiliates and contact persons of today, in two queries; None for people and for those who may not."""
    dossier = dossier_of(customer, viewer)
    rows = list(_rows(customer, timezone.localdate(dossier.now))[:MOST])
    content = _surroundings(dossier, rows, faces(viewer, {row[6] for row in rows if row[6]}))
    return Panel(
        "relations/_panel_organisation.html",
        content,
        count=len(rows),
        now=dossier.now,
    )


def _rows(customer: Customer, day: date) -> QuerySet:
    """Everything that holds on the day, as rows (what, kind, name, title, phone, address or e-mail, customer)."""
    empty, nobody = Value("", TextField()), Value(None, Officer._meta.pk)
    places = DatedQuerySet(PlaceOfBusiness).held_on(day).filter(organisation=customer)
    held = Affiliation.objects.between_active().held_on(day)

    def told(rows: QuerySet, what: str, *columns: object) -> QuerySet:
        named = ("f_kind", "f_name", "f_title", "f_phone", "f_place", "f_customer")
        fields = dict(zip(named, columns, strict=True))
        return rows.annotate(f_what=Value(what, TextField()), **fields).values_list("f_what", *named)

    def text(column: str) -> Cast:
        return Cast(column, TextField())

    return (
        told(places, "1", text("kind"), F("name"), empty, F("phone"), F("address"), nobody)
        .union(
            told(held.filter(child=customer), "2", text("kind"), empty, empty, empty, empty, F("parent_id")),
            told(held.filter(parent=customer), "3", text("kind"), empty, empty, empty, empty, F("child_id")),
            told(
                Officer.objects.held_on(day).filter(organisation=customer),
                "4",
                *(text("duty"), F("name"), F("title"), F("phone"), F("email"), F("customer_id")),
            ),
            all=True,
        )
        .order_by("f_what", "f_kind", "f_name")
    )


def _surroundings(dossier: Dossier, rows: list[Row], people: Mapping[int, Face]) -> Surroundings:
    places = [row for row in rows if row[0] == "1"]
    places.sort(key=lambda row: row[1] != PlaceOfBusiness.Kind.HEAD_OFFICE)
    group = [row for row in rows if row[0] in "23"]
    officers = [row for row in rows if row[0] == "4"]
    return Surroundings(
        dossier.customer.number,
        tuple(_place(row, dossier) for row in places[:SHOWN]),
        tuple(
            GroupNote(people.get(row[6]), str(Affiliation.Kind(row[1]).label), row[0] == "2") for row in group[:SHOWN]
        ),
        tuple(_officer(row, dossier, people) for row in officers[:SHOWN]),
        len(places),
        len(group),
        len(officers),
    )


def _place(row: Row, dossier: Dossier) -> PlaceNote:
    show = dossier.reading.show
    kind = str(PlaceOfBusiness.Kind(row[1]).label)
    return PlaceNote(kind, row[2], show("address", row[5]).text, show("phone_home", formats.phone(row[4])).text)


def _officer(row: Row, dossier: Dossier, people: Mapping[int, Face]) -> OfficerNote:
    show = dossier.reading.show
    return OfficerNote(
        str(Officer.Duty(row[1]).label),
        show("officer", row[2]).text,
        row[3],
        show("mobile", formats.phone(row[4])).text,
        show("email", row[5]).text,
        people.get(row[6]) if row[6] else None,
    )
