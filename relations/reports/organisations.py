"""One organisation as its page shows it: places, group, contact persons, group contracts, and what each system says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats, wording
from customers.dossier import Dossier, dossier_of
from customers.models import Contract, Customer, Pair
from customers.panels.holdings import TONES
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.models.dated import Dated
from relations.people import Face, faces
from relations.reports.organisation_owners import standing_owners
from relations.reports.organisation_sides import SideBySide, side_by_side
from relations.rules.organisations import legal_form, tree_of
from relations.words import organisations as words

CONTRACT_LIMIT = 50
TREE_LIMIT = 200
DEEPEST = 12
# The organisations above one, and those below the topmost, as they stood on one day.
ABOVE = """
WITH RECURSIVE above AS (
  SELECT parent_id, 1 AS depth FROM ({held}) held WHERE child_id = %(customer)s
  UNION
  SELECT held.parent_id, depth + 1 FROM ({held}) held JOIN above ON held.child_id = above.parent_id
  WHERE depth < %(deepest)s
)
SELECT parent_id FROM above ORDER BY depth DESC LIMIT 1
"""
BELOW = """
WITH RECURSIVE below AS (
  SELECT id, child_id, 1 AS depth FROM ({held}) held WHERE parent_id = %(customer)s
  UNION
  SELECT held.id, held.child_id, depth + 1 FROM ({held}) held JOIN below ON held.parent_id = below.child_id
  WHERE depth < %(deepest)s
)
SELECT id FROM below ORDER BY depth, id LIMIT %(limit)s
"""
HELD = """
SELECT affiliation.id, affiliation.parent_id, affiliation.child_id FROM relations_affiliation affiliation
JOIN customers_customer parent ON parent.id = affiliation.parent_id AND parent.state = 'ACTIVE'
JOIN customers_customer child ON child.id = affiliation.child_id AND child.state = 'ACTIVE'
WHERE (affiliation.started_on IS NULL OR affiliation.started_on <= %(day)s)
  AND (affiliation.ended_on IS NULL OR affiliation.ended_on > %(day)s)
"""
# Tied by source and number, which the tables leave without foreign keys so that either may arrive first.
GROUP_CONTRACTS = """
SELECT DISTINCT contract.* FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
  ON party.source_id = record.source_id AND party.party_source_key = record.source_key AND party.role = 'POLICYHOLDER'
JOIN customers_contract contract
  ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
WHERE link.customer_id = %s AND contract.product_group = 'GROUP'
ORDER BY contract.started_on DESC NULLS LAST, contract.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Since when and until when a row holds, in words. is_now: on the day that the page is about; may_end: nobody has
    recorded an end."""

    pk: int
    period: str
    basis: str
    is_now: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of business, its values as the reader may see them."""

    held: Held
    kind: str
    is_head_office: bool
    name: str
    company_no: str
    address: str
    phone: str
    employees: str


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """A contact person. face: the same person as a customer, where that is known; successor: the one who followed."""

    held: Held
    duty: str
    name: str
    title: str
    phone: str
    email: str
    face: Face | None
    successor: str


@dataclass(frozen=True, slots=True)
class TreeLine:
    """An organisation of the group. indent: 0 for the topmost; is_self: the one whose page it is; held: None for the
    topmost; is_edge: the affiliation is one of this organisation's own."""

    face: Face | None
    url_number: str
    indent: int
    is_self: bool
    kind: str
    share: str
    held: Held | None
    is_edge: bool


@dataclass(frozen=True, slots=True)
class GroupContract:
    """A group contract of which the organisation is the policyholder. premium: won per cycle."""

    number: str
    product: str
    status: str
    tone: str
    premium: Decimal | None
    cycle: str
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class OrganisationReport:
    """All that the page of one organisation shows, as of `day`. has_more_below: the group is larger than shown;
    contracts: None where the reader may not see contracts; pairs: possible duplicates, None likewise."""

    dossier: Dossier
    day: date
    legal_form: str
    places: tuple[PlaceLine, ...]
    earlier_places: tuple[PlaceLine, ...]
    tree: tuple[TreeLine, ...]
    has_more_below: bool
    officers: tuple[OfficerLine, ...]
    earlier_officers: tuple[OfficerLine, ...]
    contracts: tuple[GroupContract, ...] | None
    sides: SideBySide
    pairs: tuple[Pair, ...] | None

    @property
    def has_head_office(self) -> bool:
        """Whether a head office is known for the day."""
        return any(place.is_head_office for place in self.places)

    @property
    def has_group(self) -> bool:
        """Whether it stands above or below another organisation."""
        return len(self.tree) > 1


def organisation_report(organisation: Customer, viewer: Staff, day: date) -> OrganisationReport:
    """The page of one organisation, that `viewer` may see, as it stood on `day`."""
    dossier = dossier_of(organisation, viewer)
    places = list(PlaceOfBusiness.objects.filter(organisation=organisation).order_by("-started_on", "-pk"))
    officers = list(Officer.objects.filter(organisation=organisation).order_by("-started_on", "-pk"))
    edges = _edges(organisation, day)
    known = {end for edge in edges for end in (edge.parent_id, edge.child_id)}
    known |= {officer.customer_id for officer in officers if officer.customer_id}
    people = faces(viewer, known)
    place_lines = [place_line(place, dossier, day) for place in places]
    officer_lines = [officer_line(officer, dossier, people, day) for officer in officers]
    return OrganisationReport(
        dossier,
        day,
        words.legal_form(legal_form(organisation.name)),
        tuple(sorted((line for line in place_lines if line.held.is_now), key=lambda line: not line.is_head_office)),
        tuple(line for line in place_lines if not line.held.is_now),
        tuple(_tree(organisation, edges, people, day)),
        len(edges) >= TREE_LIMIT,
        tuple(line for line in officer_lines if line.held.is_now),
        tuple(line for line in officer_lines if not line.held.is_now),
        _group_contracts(dossier) if viewer.has_perm("customers.view_contract") else None,
        side_by_side(dossier, standing_owners()),
        _open_pairs(dossier) if viewer.has_perm("customers.view_pair") else None,
    )


def held_of(row: Dated, day: date) -> Held:
    """The days of a row in words."""
    begun = row.started_on is None or row.started_on <= day
    is_now = begun and (row.ended_on is None or row.ended_on > day)
    return Held(row.pk, _period(row), str(row.get_basis_display()), is_now, row.is_open)


def _period(row: Dated) -> str:
    """since 2024-01-01; 2024-01-01 ~ 2026-03-01."""
    since, until = formats.day(row.started_on), formats.day(row.ended_on)
    if until:
        return f"{since} ~ {until}".strip()
    return _("since %(day)s") % {"day": since} if since else _("since unknown")


def place_line(place: PlaceOfBusiness, dossier: Dossier, day: date) -> PlaceLine:
    """A place as this reader may see it."""
    show = dossier.reading.show
    address = f"{place.address} ({place.postcode})" if place.address and place.postcode else place.address
    kind = str(place.get_kind_display())
    return PlaceLine(
        held_of(place, day),
        kind,
        place.kind == PlaceOfBusiness.Kind.HEAD_OFFICE,
        "" if place.name == kind else place.name,
        show("company", formats.business_number(place.company_no)).text,
        show("address", address).text,
        show("phone_home", formats.phone(place.phone)).text,
        formats.amount(place.employee_count),
    )


def officer_line(officer: Officer, dossier: Dossier, people: Mapping[int, Face], day: date) -> OfficerLine:
    """A contact person as this reader may see them."""
    show = dossier.reading.show
    after = formats.day(officer.ended_on) if officer.successor_id else ""
    return OfficerLine(
        held_of(officer, day),
        str(officer.get_duty_display()),
        show("officer", officer.name).text,
        officer.title,
        show("mobile", formats.phone(officer.phone)).text,
        show("email", officer.email).text,
        people.get(officer.customer_id) if officer.customer_id else None,
        after,
    )


def _edges(organisation: Customer, day: date) -> list[Affiliation]:
    """The affiliations of the whole group of an organisation on a day, at most 200, nearest to the top first."""
    asked = {"customer": organisation.pk, "day": day, "deepest": DEEPEST, "limit": TREE_LIMIT}
    with connection.cursor() as cursor:
        cursor.execute(ABOVE.format(held=HELD), asked)
        found = cursor.fetchone()
        cursor.execute(BELOW.format(held=HELD), asked | {"customer": found[0] if found else organisation.pk})
        below = [pk for (pk,) in cursor.fetchall()]
    return list(Affiliation.objects.filter(pk__in=below).order_by("kind", "started_on", "pk"))


def _tree(
    organisation: Customer, edges: Sequence[Affiliation], people: Mapping[int, Face], day: date
) -> list[TreeLine]:
    by_pk = {edge.pk: edge for edge in edges}
    children = {edge.child_id for edge in edges}
    top = next((edge.parent_id for edge in edges if edge.parent_id not in children), organisation.pk)
    lines = []
    for branch in tree_of(top, [(edge.pk, edge.parent_id, edge.child_id) for edge in edges]):
        edge = by_pk.get(branch.edge)
        is_self = branch.customer == organisation.pk
        face = people.get(branch.customer)
        lines.append(
            TreeLine(
                face,
                face.number if face and not is_self else "",
                branch.depth,
                is_self,
                str(edge.get_kind_display()) if edge else "",
                f"{edge.share_percent.normalize():f}%" if edge and edge.share_percent is not None else "",
                held_of(edge, day) if edge else None,
                edge is not None and organisation.pk in (edge.parent_id, edge.child_id),
            )
        )
    return lines


def _group_contracts(dossier: Dossier) -> tuple[GroupContract, ...]:
    rows = Contract.objects.raw(GROUP_CONTRACTS, [dossier.customer.pk, CONTRACT_LIMIT])
    return tuple(
        GroupContract(
            row.contract_no,
            row.product_name or str(row.get_product_group_display()),
            str(row.get_status_display()),
            TONES.get(row.status, "secondary"),
            row.premium,
            str(row.get_premium_cycle_display()),
            formats.day(row.started_on),
            wording.source_name(dossier.sources.get(row.source_id)),
        )
        for row in rows
    )


def _open_pairs(dossier: Dossier) -> tuple[Pair, ...]:
    """The first of the undecided pairs that hold one of the records."""
    ids = [record.pk for record in dossier.records]
    found = Pair.objects.filter(Q(left__in=ids) | Q(right__in=ids), state=Pair.State.OPEN)
    return tuple(found.only("pk", "reason", "weight", "found_at").order_by("-worth", "pk")[:10])
