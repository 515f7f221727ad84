"""What a person decides about suggested households: that they are one, that they are none, and that this was wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations

from django.db import transaction

from accounts.models import Staff
from customers.models import Customer
from relations.models import Household, HouseholdRefusal, HouseholdSuggestion, Membership, SuggestedMember
from relations.services.household_places import (
    Deed,
    Entry,
    begin_places,
    check_day,
    has_head,
    held_anybody,
    held_household,
    held_persons,
    open_places,
)
from relations.services.households import open_household

State = HouseholdSuggestion.State
FEWEST = 2


class AlreadyDecided(Exception):
    """Somebody decided the suggestion meanwhile, or a search or a merge has overtaken it."""


class TooFew(Exception):
    """A household that was suggested has two members at least."""


class NotSuggested(Exception):
    """Somebody was named who is not in the suggestion."""


class AlreadyWithdrawn(Exception):
    """The refusal was withdrawn before."""


@transaction.atomic
def confirm_suggestion(
    *, suggestion: HouseholdSuggestion, deed: Deed, chosen: Collection[int] | None = None
) -> Household:
    """Make a household of a suggestion, or let the one it names grow; returns the household.

    chosen: ids of the customers who belong to it, all without; whom it leaves out is refused with those it keeps.
    deed.on: since when, None where that is unknown. Raises AlreadyDecided, TooFew, NotSuggested, Retired, NotAPerson,
    HouseholdClosed, PrimaryTaken and TooLate.
    """
    suggestion = _held(suggestion)
    members = list(suggestion.members.order_by("position"))
    kept = _chosen(members, chosen)
    if suggestion.household is not None:
        held_household(suggestion.household)  # before its people, as all verbs on households take them
    persons = held_persons(member.customer_id for member in members)
    check_day(deed.on, deed)
    household = _grown(suggestion, kept, persons, deed)
    _decide(suggestion, State.CONFIRMED, deed)
    left_out = [member.customer_id for member in members if member not in kept]
    if left_out:
        inside = [place.customer_id for place in open_places(household)]
        _refuse(((out, one) for out in left_out for one in inside if out not in inside), suggestion.kind, deed)
    _overtake(suggestion, [member.customer_id for member in kept], deed.at)
    return household


@transaction.atomic
def refuse_suggestion(
    *, suggestion: HouseholdSuggestion, deed: Deed, pairs: Collection[tuple[int, int]] | None = None
) -> int:
    """Say that the members are no household of this kind, or that the given pairs are not; returns how many pairs are
    remembered. No search suggests these pairs again; who is in a household together stays in it.

    pairs: of customer ids. Raises AlreadyDecided and NotSuggested.
    """
    suggestion = _held(suggestion)
    members = [member.customer_id for member in suggestion.members.order_by("position")]
    if pairs is not None and not {one for pair in pairs for one in pair} <= set(members):
        raise NotSuggested
    held_anybody(members)
    together = _together(suggestion)
    wanted = pairs if pairs is not None else combinations(members, 2)
    _decide(suggestion, State.REFUSED, deed)
    return _refuse((pair for pair in wanted if not set(pair) <= together), suggestion.kind, deed)


@transaction.atomic
def withdraw_refusal(*, refusal: HouseholdRefusal, by: Staff, at: datetime) -> HouseholdRefusal:
    """Let searches suggest two customers again. Raises AlreadyWithdrawn."""
    refusal = HouseholdRefusal.objects.select_for_update().get(pk=refusal.pk)
    if refusal.withdrawn_at is not None:
        raise AlreadyWithdrawn
    held_anybody([refusal.first_id, refusal.second_id])
    refusal.withdrawn_by, refusal.withdrawn_at = by, at
    refusal.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return refusal


def _held(suggestion: HouseholdSuggestion) -> HouseholdSuggestion:
    suggestion = HouseholdSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if suggestion.state != State.OPEN:
        raise AlreadyDecided
    return suggestion


def _chosen(members: list[SuggestedMember], chosen: Collection[int] | None) -> list[SuggestedMember]:
    if chosen is None:
        return members
    if not set(chosen) <= {member.customer_id for member in members}:
        raise NotSuggested
    kept = [member for member in members if member.customer_id in set(chosen)]
    if len(kept) < FEWEST:
        raise TooFew
    return kept


def _grown(
    suggestion: HouseholdSuggestion, kept: list[SuggestedMember], persons: dict[int, Customer], deed: Deed
) -> Household:
    """The household that the suggestion names with whoever is not in it yet, or a new one."""
    if suggestion.household_id is None:
        entries = _entries(kept, persons, is_headed=False)
        return open_household(kind=suggestion.kind, entries=entries, basis=Membership.Basis.SUGGESTION, deed=deed)
    household = held_household(suggestion.household)
    places = open_places(household)
    inside = {place.customer_id for place in places}
    coming = [member for member in kept if member.customer_id not in inside]
    entries = _entries(coming, persons, is_headed=has_head(household))
    begin_places(household, entries, Membership.Basis.SUGGESTION, deed)
    return household


def _entries(members: list[SuggestedMember], persons: dict[int, Customer], *, is_headed: bool) -> list[Entry]:
    """The members with their likely roles; where the head was left out, or there is one, nobody is made head unasked
    but the first of a household that has none."""
    entries = []
    for member in members:
        role = member.role
        if role == Membership.Role.HEAD and is_headed:
            role = Membership.Role.RELATIVE
        is_headed = is_headed or role == Membership.Role.HEAD
        entries.append(Entry(persons[member.customer_id], role))
    return entries


def _decide(suggestion: HouseholdSuggestion, state: str, deed: Deed) -> None:
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, deed.by, deed.at
    suggestion.comment = deed.comment
    suggestion.save(update_fields=["state", "decided_by", "decided_at", "comment"])


def _together(suggestion: HouseholdSuggestion) -> set[int]:
    """Who of a suggestion is in the household that it would let grow."""
    if suggestion.household_id is None:
        return set()
    return {place.customer_id for place in open_places(suggestion.household)}


def _refuse(pairs: Iterable[tuple[int, int]], kind: str, deed: Deed) -> int:
    rows = [
        HouseholdRefusal(
            first_id=first, second_id=second, kind=kind, refused_by=deed.by, refused_at=deed.at, comment=deed.comment
        )
        for first, second in sorted({(min(pair), max(pair)) for pair in pairs})
    ]
    HouseholdRefusal.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _overtake(suggestion: HouseholdSuggestion, customers: list[int], at: datetime) -> None:
    """Other suggestions of the kind about the same persons are no longer true."""
    others = HouseholdSuggestion.objects.filter(
        state=State.OPEN, kind=suggestion.kind, members__customer__in=customers
    ).exclude(pk=suggestion.pk)
    HouseholdSuggestion.objects.filter(pk__in=others.values("pk")).update(state=State.OVERTAKEN, decided_at=at)
