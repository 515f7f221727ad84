"""The graph of one hop around a customer: whom it shows, how sure each tie is, and where everything lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from relations.circle import Circle
from relations.models import Membership
from relations.people import Face
from relations.reports.relationships import is_fresh, name_of
from relations.rules import graph
from relations.rules.graph import Spot, spots
from relations.words.relationships import SEEN_AS

LONGEST_NAME, LONGEST_WORDS = 9, 18
GROUPS = {
    **dict.fromkeys(("SPOUSE", "PARENT", "GRANDPARENT", "SIBLING", "RELATIVE", "COHABITANT"), "family"),
    **dict.fromkeys(("LEGAL_REP", "GUARDIAN", "CONTACT", "CLAIM_AGENT"), "care"),
    **dict.fromkeys(("POLICYHOLDER", "BENEFICIARY", "PAYER"), "contract"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody around the customer. words: what they are to the customer, short enough for the drawing; group: family,
    care, contract or other, for the colour of the line; is_dashed: nobody said it, or not lately."""

    name: str
    words: str
    group: str
    letter: str
    is_organisation: bool
    is_silhouette: bool
    is_dashed: bool
    spot: Spot


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing of the people around a customer. hidden_count: how many more are in the list alone; is_crowded: too
    many for names on a narrow screen."""

    letter: str
    nodes: tuple[Node, ...]
    hidden_count: int
    height: int
    centre_y: str
    is_crowded: bool
    width: int = graph.WIDTH
    centre_x: str = f"{graph.CENTRE_X:.1f}"
    centre_radius: str = f"{graph.CENTRE_RADIUS:.1f}"
    radius: str = f"{graph.RADIUS:.1f}"
    side: str = f"{2 * graph.RADIUS:.1f}"


@dataclass
class _Ties:
    """What is known of one other person, gathered."""

    words: dict[str, None]
    kinds: set[str]
    is_certain: bool = False


def graph_of(circle: Circle, name: str, on: date) -> Graph:
    """The people who are something to the customer now, those at home first; at most settings.GRAPH_MOST of them.

    name: the customer's, as the reader may see it.
    """
    gathered = _gathered(circle, on)
    shown = list(gathered.items())[: settings.GRAPH_MOST]
    nodes = [
        _node(circle.faces[customer], ties, spot)
        for (customer, ties), spot in zip(shown, spots(len(shown)), strict=True)
    ]
    rings = graph.rings_of(len(nodes))
    return Graph(
        letter=_letter(name),
        nodes=tuple(nodes),
        hidden_count=len(gathered) - len(nodes),
        height=graph.height_of(len(nodes)),
        centre_y=f"{rings.centre_y:.1f}",
        is_crowded=rings is graph.TWO_RINGS,
    )


def _gathered(circle: Circle, on: date) -> dict[int, _Ties]:
    """{other customer: what ties them}: written and contractual relations that hold, then living together."""
    found: dict[int, _Ties] = {}
    for relation in circle.relations:
        if relation.is_open:
            ties = found.setdefault(relation.other_id, _Ties({}, set()))
            ties.words[str(SEEN_AS[relation.seen_as])] = None
            ties.kinds.add(relation.kind)
            ties.is_certain |= not relation.is_inferred and is_fresh(relation, on)
    for place in _with_place(circle.housemates):
        ties = found.setdefault(place.customer_id, _Ties({}, set()))
        if not ties.words:
            ties.words[_("Same household")] = None
            ties.kinds.add("COHABITANT")
            ties.is_certain = True
    at_home = {place.customer_id for place in circle.housemates}
    return dict(sorted(found.items(), key=lambda item: item[0] not in at_home))


def _with_place(housemates: Iterable[Membership]) -> Iterable[Membership]:
    """One place of each, as somebody may share two households with the customer."""
    return {place.customer_id: place for place in housemates}.values()


def _node(face: Face, ties: _Ties, spot: Spot) -> Node:
    name = name_of(face)
    groups = [GROUPS.get(kind, "other") for kind in ties.kinds]
    return Node(
        name=_short(name, LONGEST_NAME),
        words=_short(" · ".join(ties.words), LONGEST_WORDS),
        group=next(group for group in ("family", "care", "contract", "other") if group in groups),
        letter="?" if face.is_silhouette else _letter(face.name),
        is_organisation=face.kind == "ORG",
        is_silhouette=face.is_silhouette,
        is_dashed=not ties.is_certain,
        spot=spot,
    )


def _letter(name: str) -> str:
    return name[:1] or "?"


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
