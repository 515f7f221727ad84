"""The circle of a customer: who lives with him, and who is what to him, fetched once for all panels of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, F, Q, When

from accounts.models import Staff
from customers.dossier import dossier_of
from customers.models import Customer
from relations.models import Membership
from relations.people import Face, faces
from relations.ties import Relation, ties_of

RELATION_LIMIT = 50
MEMBERSHIP_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around one customer, as one reader may see them.

    memberships: the customer's own places in households, those that hold first, the primary one before others.
    housemates: the places that others hold now in those households, in the order of joining. relations: the first 50
    of `relation_count`. faces: {customer id: face} of everybody named in them.
    """

    memberships: tuple[Membership, ...] = ()
    housemates: tuple[Membership, ...] = ()
    relations: tuple[Relation, ...] = ()
    relation_count: int = 0
    faces: Mapping[int, Face] = field(default_factory=dict)

    @property
    def hidden_count(self) -> int:
        return self.relation_count - len(self.relations)


def circle_of(customer: Customer, viewer: Staff) -> Circle:
    """The circle of this customer for this reader, fetched once per page in three queries. What the reader has no
    permission for is left empty.
    """
    dossier = dossier_of(customer, viewer)
    kept = dossier.__dict__.get("circle")
    if kept is None:
        kept = dossier.__dict__["circle"] = _circle(customer, viewer)
    return kept


def _circle(customer: Customer, viewer: Staff) -> Circle:
    own, others = _places(customer) if viewer.has_perm("relations.view_household") else ((), ())
    relations, count = _relations(customer) if viewer.has_perm("relations.view_relationship") else ((), 0)
    around = {place.customer_id for place in others} | {relation.other_id for relation in relations}
    return Circle(own, others, relations, count, faces(viewer, around))


def _places(customer: Customer) -> tuple[tuple[Membership, ...], tuple[Membership, ...]]:
    """The customer's own places, and those that others hold now where he has one that holds."""
    # A retired customer may have kept a place beside that of its survivor; it is nobody's housemate.
    housemate = Q(customer__state=Customer.State.ACTIVE, ended_at=None)
    homes = Membership.objects.filter(customer=customer).values("household")
    around = Membership.objects.filter(housemate | Q(customer=customer), household__in=homes)
    # The customer's own come first, so that a great household cannot crowd them out.
    is_own = Case(When(customer=customer, then=0), default=1)
    order = (is_own, F("ended_at").desc(nulls_first=True), "-is_primary", F("started_on").desc(nulls_last=True), "pk")
    found = list(around.select_related("household").order_by(*order)[:MEMBERSHIP_LIMIT])
    own = tuple(place for place in found if place.customer_id == customer.pk)
    lived_in = {place.household_id for place in own if place.is_open}
    others = [place for place in found if place.customer_id != customer.pk and place.household_id in lived_in]
    return own, tuple(sorted(others, key=lambda place: place.pk))


def _relations(customer: Customer) -> tuple[tuple[Relation, ...], int]:
    ties = ties_of([customer.pk], most=RELATION_LIMIT)
    return ties.relations, ties.counts.get(customer.pk, 0)
