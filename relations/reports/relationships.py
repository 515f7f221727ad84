"""The relations of a customer as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats, wording
from customers.models import ContractParty, Customer
from customers.numbering import written_number
from relations.circle import Circle
from relations.models import Membership, Relationship
from relations.people import Face, faces
from relations.rules.relationships import is_minor
from relations.rules.ties import Origin, months_later
from relations.ties import Relation, ties_of
from relations.words.relationships import HIDDEN, ORIGINS, SEEN_AS, UNLIKELY

PAGE_LIMIT = 200
REPRESENTATIVES = ("LEGAL_REP", "GUARDIAN")


@dataclass(frozen=True, slots=True)
class Written:
    """What only the row of a written relationship knows."""

    evidence: str
    recorded_by: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationLine:
    """One relation in words. name and url are empty for a silhouette, of whom `hidden` says why it is one.

    state: in force, to be asked again, or over, with its tone. contracts: how many, empty where none gives it. pk: of
    what was written down and still holds, so that it can be ended.
    """

    customer_id: int
    name: str
    number: str
    url: str
    icon: str
    hidden: str
    seen_as: str
    origin: str
    is_inferred: bool
    state: str
    tone: str
    since: str
    until: str
    valid_until: str
    contracts: str
    roles: str
    as_of: str
    is_open: bool
    pk: int | None
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody around a customer with all that they are to it now. As for the person, see RelationLine."""

    name: str
    number: str
    url: str
    icon: str
    hidden: str
    ties: tuple[RelationLine, ...]


@dataclass(frozen=True, slots=True)
class RelationPage:
    """All relations of a customer in lines, as far as the page holds them. hidden_count: how many it does not."""

    lines: tuple[RelationLine, ...]
    hidden_count: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody around a customer of whom it may be said what they are. why: how they are known."""

    name: str
    number: str
    written_number: str
    why: str


def relation_page(customer: Customer, viewer: Staff, on: date) -> RelationPage:
    """The relations of a customer, those that hold first; at most 200."""
    ties = ties_of([customer.pk], most=PAGE_LIMIT)
    people = faces(viewer, {relation.other_id for relation in ties.relations})
    written = written_rows(ties.relations)
    lines = tuple(line_of(relation, people[relation.other_id], on, written) for relation in ties.relations)
    return RelationPage(lines, ties.counts.get(customer.pk, 0) - len(lines))


def candidates_of(circle: Circle) -> list[Candidate]:
    """Those whom the customer's contracts and households name, and of whom nothing is written down yet."""
    said = {relation.other_id for relation in circle.relations if relation.pk and relation.is_open}
    why: dict[int, str] = {}
    for place in circle.housemates:
        why.setdefault(place.customer_id, _("Same household"))
    for relation in circle.relations:
        if relation.origin is Origin.CONTRACT:
            why.setdefault(relation.other_id, str(SEEN_AS[relation.seen_as]))
    known = [(circle.faces[pk], reason) for pk, reason in why.items() if pk not in said]
    return [
        Candidate(name_of(face), face.number, written_number(face.number), reason)
        for face, reason in known
        if not face.is_silhouette
    ]


def person_lines(circle: Circle, on: date) -> tuple[PersonLine, ...]:
    """Everybody who is something to the customer now, by relations first, then by living together. on: the day of
    reading."""
    ties: dict[int, list[RelationLine]] = {}
    for relation in circle.relations:
        if relation.is_open:
            line = line_of(relation, circle.faces[relation.other_id], on, {})
            ties.setdefault(relation.other_id, []).append(line)
    for place in circle.housemates:
        if place.customer_id not in ties:
            ties[place.customer_id] = [_at_home(place, circle.faces[place.customer_id])]
    return tuple(_person(lines) for lines in ties.values())


def _person(lines: Sequence[RelationLine]) -> PersonLine:
    first = lines[0]
    return PersonLine(first.name, first.number, first.url, first.icon, first.hidden, tuple(lines))


def _at_home(place: Membership, face: Face) -> RelationLine:
    """A place in the customer's household in the words of a relation."""
    return RelationLine(
        customer_id=place.customer_id,
        **_who(face),
        seen_as=_("Same household"),
        origin=str(place.get_basis_display()),
        is_inferred=False,
        state=_("Holds now"),
        tone="green",
        since=formats.day(place.started_on),
        until="",
        valid_until="",
        contracts="",
        roles="",
        as_of=formats.day(place.recorded_at),
        is_open=True,
        pk=None,
    )


def _who(face: Face) -> dict[str, str]:
    """How somebody is told: the fields of a line."""
    return {
        "name": name_of(face),
        "number": written_number(face.number) if face.number else "",
        "url": face.url,
        "icon": icon_of(face),
        "hidden": str(HIDDEN[face.hidden]) if face.hidden else "",
    }


def line_of(relation: Relation, face: Face, on: date, written: Mapping[int, Relationship]) -> RelationLine:
    """One relation in words."""
    state, tone = state_of(relation, on)
    row = written.get(relation.pk)
    return RelationLine(
        customer_id=relation.other_id,
        **_who(face),
        seen_as=str(SEEN_AS[relation.seen_as]),
        origin=str(ORIGINS[relation.origin]),
        is_inferred=relation.is_inferred,
        state=state,
        tone=tone,
        since=formats.day(relation.since),
        until=formats.day(relation.until),
        valid_until=formats.day(relation.valid_until),
        contracts=_contracts(relation),
        roles=wording.listed([label for role, label in ContractParty.Role.choices if role in relation.roles]),
        as_of=formats.day(relation.as_of),
        is_open=relation.is_open,
        pk=relation.pk if relation.is_open else None,
        # What was seen or heard may name the other.
        written=_written(row, with_evidence=not face.is_silhouette) if row else None,
    )


def is_fresh(relation: Relation, on: date) -> bool:
    """Whether a relation needs no asking: what was said is still believed; what contracts give was sent lately."""
    if relation.origin is not Origin.CONTRACT:
        return relation.is_believed(on)
    sent_on = relation.as_of.astimezone(formats.KOREA).date() if relation.as_of else None
    return sent_on is not None and months_later(sent_on, settings.RELATIONSHIP_VALID_MONTHS["CONTRACT"]) >= on


def state_of(relation: Relation, on: date) -> tuple[str, str]:
    """Whether it holds, in a word, and the tone of that."""
    if not relation.is_open:
        return _("Ended"), "secondary"
    return (_("Holds now"), "green") if is_fresh(relation, on) else (_("Ask again"), "yellow")


def name_of(face: Face) -> str:
    """The name of somebody beside a customer; of a silhouette no more than that there is somebody."""
    if face.is_silhouette:
        return _("Organisation not shown") if face.kind == "ORG" else _("Person not shown")
    return face.name or _("(no name)")


def icon_of(face: Face) -> str:
    """The icon of a person, an organisation, or a silhouette of a person."""
    if face.kind == "ORG":
        return "building"
    return "user-question" if face.is_silhouette else "user"


def lacks_representative(customer: Customer, circle: Circle, on: date) -> bool:
    """Whether the customer is a minor for whom nobody is known to act (민법 제909조, 제928조)."""
    if customer.kind != "PERSON" or not is_minor(customer.birth_date, on, settings.RELATIONSHIP_ADULT_AGE):
        return False
    return not any(relation.is_open and relation.seen_as in REPRESENTATIVES for relation in circle.relations)


def written_rows(relations: Iterable[Relation]) -> dict[int, Relationship]:
    """{id: row} of the relations that were written down, with who wrote them, in one query."""
    pks = [relation.pk for relation in relations if relation.pk]
    return Relationship.objects.select_related("recorded_by").in_bulk(pks)


def _contracts(relation: Relation) -> str:
    if not relation.contract_count:
        return ""
    words = {"count": formats.amount(relation.contract_count), "live": formats.amount(relation.live_count)}
    return _("Contracts: %(count)s, in force: %(live)s") % words


def _written(row: Relationship, *, with_evidence: bool) -> Written:
    return Written(
        evidence=row.evidence if with_evidence else "",
        recorded_by=str(row.recorded_by) if row.recorded_by else "",
        warnings=tuple(str(UNLIKELY[code]) for code in row.warnings if code in UNLIKELY),
    )
