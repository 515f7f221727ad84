"""The people around a customer as a reader may see them: by name, or as a silhouette of whom no more is told than that
there is somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import Staff
from accounts.purposes import Purpose, purpose_of
from customers import reading
from customers.access import Place
from customers.models import ContractParty, Customer, Link
from customers.reading import Reading

KNOWN_FOR_WORK = {Purpose.STEWARDSHIP, Purpose.OVERSIGHT}
"""Purposes that need the person whether or not they consented; what they see is on the trail."""


class Hidden(StrEnum):
    """Why somebody is a silhouette."""

    SCOPE = "SCOPE"  # not among the reader's customers
    CONSENT = "CONSENT"  # neither consented nor party to a contract


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody beside a customer. name, number, url and reading are empty for a silhouette; hidden: why it is one."""

    customer_id: int
    kind: str
    name: str = ""
    number: str = ""
    url: str = ""
    reading: Reading | None = None
    hidden: Hidden | None = None

    @property
    def is_silhouette(self) -> bool:
        return self.hidden is not None


def faces(viewer: Staff, customers: Iterable[int], place: Place = Place.PROFILE) -> Mapping[int, Face]:
    """{customer id: face} of these customers, in one query however many they are, and one more where the viewer's
    channel is limited. Only those who are shown by name are on the trail as seen.
    """
    wanted = set(customers)
    if not wanted:
        return {}
    found = list(_looked_at(viewer, wanted))
    reading.prepare(viewer, [customer for customer in found if customer.is_seen])
    return {customer.pk: _face(viewer, customer, place) for customer in found}


def _looked_at(viewer: Staff, wanted: set[int]) -> QuerySet[Customer]:
    """These customers with `is_seen`, whether the reader may see them at all, and `has_basis`, whether they consented
    or are party to a contract."""
    seen = Customer.objects.visible_to(viewer).filter(pk=OuterRef("pk"))
    return Customer.objects.filter(pk__in=wanted).annotate(
        is_seen=Exists(seen), has_basis=ExpressionWrapper(has_basis(), output_field=BooleanField())
    )


def has_basis() -> Q:
    """Customers who consented or are party to a contract, and all organisations: whom others may be told of by name."""
    party = ContractParty.objects.filter(
        source=OuterRef("record__source"), party_source_key=OuterRef("record__source_key")
    )
    on_contract = Link.objects.filter(Exists(party), customer=OuterRef("pk"))
    return Q(marketing_consent_on__isnull=False) | Q(kind="ORG") | Q(Exists(on_contract))


def _face(viewer: Staff, customer: Customer, place: Place) -> Face:
    if not customer.is_seen:
        return Face(customer.pk, customer.kind, hidden=Hidden.SCOPE)
    if not customer.has_basis and purpose_of(viewer) not in KNOWN_FOR_WORK:
        return Face(customer.pk, customer.kind, hidden=Hidden.CONSENT)
    seen = reading.read(customer, viewer, place)
    return Face(customer.pk, customer.kind, seen["name"].text, customer.number, customer.get_absolute_url(), seen)
