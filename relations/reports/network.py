"""The people around a customer to three hops, with a cap: as nodes and ties for a drawing, and as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers.dossier import dossier_of
from customers.models import Customer
from customers.numbering import written_number
from relations.models import Membership
from relations.people import Face, faces
from relations.reports.graph import GROUPS
from relations.reports.relationships import icon_of, is_fresh, name_of
from relations.ties import ties_of
from relations.words.relationships import SEEN_AS

MOST_HOPS = 3
MOST_OF_ONE = 50


@dataclass(frozen=True, slots=True)
class Tie:
    """What one person of the network is to another. words: what `other` is to `one`; both are places in the list of
    people."""

    one: int
    other: int
    words: str
    group: str
    is_dashed: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or an organisation of the network. hop: how far from the customer; through: of whom they are what, in
    words, by the tie that led to them."""

    name: str
    number: str
    url: str
    icon: str
    is_silhouette: bool
    hop: int
    through: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """The people, the customer first and the nearest before others, and their ties. hidden_count: how many were found
    and left out for the cap; what lies behind them is not known."""

    people: tuple[Somebody, ...]
    ties: tuple[Tie, ...]
    hidden_count: int

    @property
    def hops(self) -> list[tuple[int, list[Somebody]]]:
        """(hop, the people at that distance), without the customer itself."""
        far = sorted({each.hop for each in self.people} - {0})
        return [(hop, [each for each in self.people if each.hop == hop]) for hop in far]


@dataclass
class _Walk:
    """How far a walk has come. hop: {customer id: distance}, in the order of finding."""

    viewer: Staff
    on: date
    hop: dict[int, int]
    faces: dict[int, Face] = field(default_factory=dict)
    ties: dict[tuple[int, int], _Found] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


@dataclass
class _Found:
    """What ties two, seen from the first of them."""

    words: dict[str, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    is_certain: bool = False


def network_of(customer: Customer, viewer: Staff, *, hops: int, most: int) -> Network:
    """Everybody within so many hops (1–3) by relations that hold, at most `most` people with the customer.

    The walk does not go on behind silhouettes, of whom nothing may be known, nor through organisations: whoever has the
    same employer or association is nobody's acquaintance by that.
    """
    dossier = dossier_of(customer, viewer)
    walk = _Walk(viewer, timezone.localdate(dossier.now), {customer.pk: 0})
    frontier = [customer.pk]
    for hop in range(1, hops + 1):
        frontier = _step(walk, frontier, hop, most)
        if not frontier:
            break
    return _network(customer, dossier.reading["name"].text, walk)


def _step(walk: _Walk, frontier: Sequence[int], hop: int, most: int) -> list[int]:
    """Go one hop on from these; returns those from whom it may go on."""
    found: list[int] = []
    for one, other, words, kind, is_certain in _ties(walk, frontier):
        if other not in walk.hop:
            if len(walk.hop) >= most:
                walk.hidden.add(other)
                continue
            walk.hop[other] = hop
            found.append(other)
        tie = walk.ties.get((other, one)) or walk.ties.setdefault((one, other), _Found())
        if (other, one) not in walk.ties:
            tie.words[words] = None
        tie.kinds.add(kind)
        tie.is_certain |= is_certain
    walk.faces |= faces(walk.viewer, found)
    return [one for one in found if not walk.faces[one].is_silhouette and walk.faces[one].kind != "ORG"]


def _ties(walk: _Walk, frontier: Sequence[int]) -> Iterable[tuple[int, int, str, str, bool]]:
    """(one, other, what the other is, kind, whether it is certain) of everybody in the frontier."""
    for tie in ties_of(frontier, most=MOST_OF_ONE, only_open=True).relations:
        is_certain = not tie.is_inferred and is_fresh(tie, walk.on)
        yield tie.customer_id, tie.other_id, str(SEEN_AS[tie.seen_as]), tie.kind, is_certain
    if walk.viewer.has_perm("relations.view_household"):
        for one, other in _housemates(frontier):
            yield one, other, _("Same household"), "COHABITANT", True


def _housemates(frontier: Sequence[int]) -> Iterable[tuple[int, int]]:
    """(one, other) of everybody who shares a household with somebody in the frontier now."""
    homes = Membership.objects.still_open().filter(customer__in=frontier).values("household")
    places = Membership.objects.still_open().filter(household__in=homes, customer__state=Customer.State.ACTIVE)
    members: dict[int, list[int]] = {}
    for household, customer in places.order_by("household", "pk").values_list("household", "customer"):
        members.setdefault(household, []).append(customer)
    wanted = set(frontier)
    for household in members.values():
        yield from ((one, other) for one in household if one in wanted for other in household if other != one)


def _network(customer: Customer, name: str, walk: _Walk) -> Network:
    places = {pk: place for place, pk in enumerate(walk.hop)}
    own = Somebody(
        name=name or _("(no name)"),
        number=written_number(customer.number),
        url=customer.get_absolute_url(),
        icon="building" if customer.kind == "ORG" else "user",
        is_silhouette=False,
        hop=0,
    )
    others = [_somebody(walk, pk, own.name, places) for pk in list(walk.hop)[1:]]
    ties = [_tie(places[one], places[other], found) for (one, other), found in walk.ties.items()]
    return Network((own, *others), tuple(ties), len(walk.hidden))


def _somebody(walk: _Walk, pk: int, own: str, places: Mapping[int, int]) -> Somebody:
    face = walk.faces[pk]
    one, found = next((one, found) for (one, other), found in walk.ties.items() if other == pk)
    name = own if places[one] == 0 else name_of(walk.faces[one])
    return Somebody(
        name=name_of(face),
        number=written_number(face.number) if face.number else "",
        url=face.url,
        icon=icon_of(face),
        is_silhouette=face.is_silhouette,
        hop=walk.hop[pk],
        through=_("%(name)s: %(words)s") % {"name": name, "words": " · ".join(found.words)},
    )


def _tie(one: int, other: int, found: _Found) -> Tie:
    groups = {GROUPS.get(kind, "other") for kind in found.kinds}
    group = next(group for group in ("family", "care", "contract", "other") if group in groups)
    return Tie(one, other, " · ".join(found.words), group, not found.is_certain)
