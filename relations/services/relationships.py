"""Writing down who is what to whom: registering it, saying it again, ending it, inferring it from a household."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import permutations

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Staff
from accounts.trail import saw
from customers.models import Customer
from relations.models import Household, Membership, Relationship
from relations.rules.relationships import (
    FAMILY,
    GENERATIONS,
    Claim,
    Impossible,
    Known,
    Side,
    Unlikely,
    believed_until,
    impossible,
    unlikely,
)
from relations.rules.ties import HOUSEHOLD_KINDS
from relations.services.lineage import elders_of, hold_lines, youngers_of


class Refused(Exception):
    """The two cannot be that to one another. reasons: why, the plainest first."""

    def __init__(self, reasons: Sequence[Impossible]) -> None:
        super().__init__(*reasons)
        self.reasons = tuple(reasons)


class NotAccepted(Exception):
    """It is unlikely, and whoever registers it has not said that it is so all the same. warnings: what speaks against
    it, those that were accepted left out."""

    def __init__(self, warnings: Sequence[Unlikely]) -> None:
        super().__init__(*warnings)
        self.warnings = tuple(warnings)


class AlreadyEnded(Exception):
    """The relationship has an earlier end, whose date must stand."""


class EndsBeforeStart(Exception):
    """It cannot end before it began."""


class EndsLater(Exception):
    """An end in days to come is not yet so."""


@transaction.atomic
def register_relationship(
    *,
    first: Customer,
    second: Customer,
    kind: str,
    basis: str,
    by: Staff | None,
    at: datetime,
    started_on: date | None = None,
    valid_until: date | None = None,
    evidence: str = "",
    accepted: Collection[str] = (),
) -> Relationship:
    """Write down that `first` is `kind` to `second`; of kinds alike from both sides the order does not matter.

    by: None for Hannun itself. valid_until: without it, as long as the basis allows. evidence: what was seen or heard,
    in words; with a document it may carry the guardian of an adult. accepted: codes of `Unlikely` that whoever
    registers knows of. Raises Refused, NotAccepted.
    """
    first, second = _held(first, second, kind)
    on = timezone.localdate(at)
    longest = believed_until(basis, on, settings.RELATIONSHIP_VALID_MONTHS)
    claim = Claim(
        kind=kind,
        first=_side(first),
        second=_side(second),
        on=on,
        has_document=basis == Relationship.Basis.DOCUMENT and bool(evidence.strip()),
        started_on=started_on,
        valid_until=valid_until or longest,
        longest=longest,
    )
    warnings = _checked(claim, accepted)
    saw([first.pk, second.pk])
    return Relationship.objects.create(
        first=first,
        second=second,
        kind=kind,
        basis=basis,
        evidence=evidence.strip(),
        started_on=started_on,
        valid_until=claim.valid_until,
        warnings=[str(warning) for warning in warnings],
        recorded_by=by,
        recorded_at=at,
    )


@transaction.atomic
def renew_relationship(
    *, relationship: Relationship, by: Staff, at: datetime, basis: str = "", valid_until: date | None = None
) -> Relationship:
    """Write down that it was said again: the row ends today, and another one of the same begins.

    basis: who says so now, as before where not given. Raises AlreadyEnded, Refused.
    """
    _held(relationship.first, relationship.second, relationship.kind)  # before the row, as a merge takes them
    standing = _standing(relationship)
    _end(standing, on=timezone.localdate(at), because=Relationship.EndedBecause.OTHER, by=by, at=at)
    return register_relationship(
        first=standing.first,
        second=standing.second,
        kind=standing.kind,
        basis=basis or standing.basis,
        by=by,
        at=at,
        started_on=standing.started_on,
        valid_until=valid_until,
        evidence=standing.evidence,
        accepted=list(Unlikely),  # whoever said it first knew; what is new is only the day
    )


@transaction.atomic
def end_relationship(
    *, relationship: Relationship, because: str, by: Staff, at: datetime, ended_on: date | None = None
) -> Relationship:
    """End it on the first day on which it no longer holds, today where none is given. What was never true ends on the
    day on which it was said to begin. Raises AlreadyEnded, EndsBeforeStart, EndsLater.
    """
    standing = _standing(relationship)
    today = timezone.localdate(at)
    ended_on = ended_on or today
    if because == Relationship.EndedBecause.NOT_TRUE:
        ended_on = standing.started_on or today
    if ended_on > today:
        raise EndsLater
    if standing.started_on and ended_on < standing.started_on:
        raise EndsBeforeStart
    saw([standing.first_id, standing.second_id])
    return _end(standing, on=ended_on, because=because, by=by, at=at)


@transaction.atomic
def infer_relationships(*, household: Household, at: datetime, by: Staff | None = None) -> list[Relationship]:
    """Write down what the roles in a confirmed household make likely, as inferred; returns what was written.

    Nothing is inferred between two who are family already by what anybody said, nor what is impossible or unlikely.
    """
    places = household.memberships.still_open().select_related("customer").order_by("customer")
    found = []
    for first, second, kind in _likely(places):
        if not _are_family(first, second):
            try:
                found.append(_inferred(first=first, second=second, kind=kind, by=by, at=at))
            except (Refused, NotAccepted):
                continue  # the roles of a household are too weak a sign to go against what is known
    return found


@transaction.atomic
def _inferred(**claim: object) -> Relationship:
    return register_relationship(basis=Relationship.Basis.INFERRED, **claim)


def _likely(places: Sequence[Membership]) -> Iterator[tuple[Customer, Customer, str]]:
    """(first, second, kind) of all pairs of a household whose roles make one likely."""
    seen = set()
    for one, other in permutations(places, 2):
        kind = HOUSEHOLD_KINDS.get((one.role, other.role))
        pair = (frozenset((one.customer_id, other.customer_id)), kind)
        if kind and pair not in seen:
            seen.add(pair)
            yield one.customer, other.customer, kind


def _are_family(first: Customer, second: Customer) -> bool:
    """Whether anything of the family was ever said of the two but what was not true."""
    said = Relationship.objects.filter(_between(first.pk, second.pk), kind__in=FAMILY)
    # What was not true is not inferred again either.
    return said.exists()


def _held(first: Customer, second: Customer, kind: str) -> tuple[Customer, Customer]:
    """Both as they are now, kept from merges and other registrations until the transaction ends; in the order in which
    the kind is written."""
    if kind in GENERATIONS or kind == Relationship.Kind.SPOUSE:
        hold_lines()
    ids = {first.pk, second.pk}
    held = {one.pk: one for one in Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    first, second = held[first.pk], held[second.pk]
    if kind in Relationship.ALIKE and second.pk < first.pk:
        return second, first
    return first, second


def _side(customer: Customer) -> Side:
    return Side(customer.pk, customer.kind == "PERSON", customer.is_active_customer, customer.birth_date)


def _checked(claim: Claim, accepted: Collection[str]) -> list[Unlikely]:
    """The warnings that were accepted. Raises Refused, NotAccepted."""
    known, adult_age = _known(claim), settings.RELATIONSHIP_ADULT_AGE
    if reasons := impossible(claim, known, adult_age=adult_age):
        raise Refused(reasons)
    warnings = unlikely(claim, known, adult_age=adult_age)
    if open_ones := [warning for warning in warnings if warning not in accepted]:
        raise NotAccepted(open_ones)
    return warnings


def _known(claim: Claim) -> Known:
    """What stands already beside a claim, as far as its kind asks for it."""
    first, second = claim.first.customer_id, claim.second.customer_id
    standing = Relationship.objects.still_open()
    is_spouse = claim.kind == Relationship.Kind.SPOUSE
    lines = [line for each in (first, second) for line in (elders_of(each), youngers_of(each))] if is_spouse else []
    parents = standing.filter(second=second, kind=Relationship.Kind.PARENT)
    return Known(
        is_open_already=standing.filter(first=first, second=second, kind=claim.kind).exists(),
        elders=elders_of(first) if claim.kind in GENERATIONS else (),
        youngers=youngers_of(second) if claim.kind in GENERATIONS else (),
        in_line=frozenset(kin.customer_id for line in lines for kin in line if kin.generations),
        is_married=is_spouse and _has_spouse(first, second),
        parent_count=parents.count() if claim.kind == Relationship.Kind.PARENT else 0,
    )


def _has_spouse(*customers: int) -> bool:
    said = Q(first__in=customers) | Q(second__in=customers)
    return Relationship.objects.still_open().filter(said, kind=Relationship.Kind.SPOUSE).exists()


def _between(first: int, second: int) -> Q:
    return Q(first=first, second=second) | Q(first=second, second=first)


def _standing(relationship: Relationship) -> Relationship:
    """The row as it is now, held until the transaction ends. Raises AlreadyEnded."""
    held = Relationship.objects.select_for_update(of=("self",)).select_related("first", "second")
    standing = held.get(pk=relationship.pk)
    if not standing.is_open:
        raise AlreadyEnded
    return standing


def _end(standing: Relationship, *, on: date, because: str, by: Staff, at: datetime) -> Relationship:
    standing.ended_on, standing.ended_because, standing.ended_by, standing.ended_at = on, because, by, at
    standing.save(update_fields=["ended_on", "ended_because", "ended_by", "ended_at"])
    return standing
