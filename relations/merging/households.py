"""Households in a merge. They are left alone by default (README, decision on households): both stay as they are, and
the survivor has the places of the retired number beside its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from django.db.models import Count

from customers.merging import Merges, Moved
from relations.models import HouseholdSuggestion, Membership, SuggestedMember

PLACE = "relations.Membership"
SUGGESTED = "relations.SuggestedMember"


class Memberships:
    """The places of a customer in households.

    Of two primary ones on the same days the survivor's stays primary; that of the retired number goes over as a further
    one, and is primary again when the number comes back. A place in a household where the survivor has one on the same
    days stays with the retired number, and is read again when that comes back.
    """

    moves = (PLACE,)

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        rows = Membership.objects.filter(customer__in=customers).values_list("customer")
        return {PLACE: dict(rows.annotate(count=Count("pk")).order_by())}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        into = dict(merges)
        held = _held({*into, *into.values()})
        moved = []
        for retired, survivor in merges:
            for place in list(held.get(retired, ())):
                others = held.setdefault(survivor, [])
                if any(place.household_id == other.household_id and _overlap(place, other) for other in others):
                    continue
                was_primary = place.is_primary
                place.is_primary = was_primary and not _meets_primary(place, others)
                place.customer_id = survivor
                place.save(update_fields=["customer", "is_primary"])
                others.append(place)
                note = {"was_primary": True} if was_primary and not place.is_primary else {}
                moved.append(Moved(PLACE, place.pk, retired, survivor, note))
        return moved

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        rows = Membership.objects.in_bulk([one.object_id for one in moved])
        held = _held({one.from_id for one in moved})
        returned = []
        for one in moved:
            place = rows.get(one.object_id)
            if place is None or place.customer_id != one.into_id:
                continue
            others = held.setdefault(one.from_id, [])
            if any(place.household_id == other.household_id and _overlap(place, other) for other in others):
                continue
            place.is_primary = (place.is_primary or "was_primary" in one.note) and not _meets_primary(place, others)
            place.customer_id = one.from_id
            place.save(update_fields=["customer", "is_primary"])
            others.append(place)
            returned.append(one)
        return returned


class Suggestions:
    """Places in suggestions that wait. They stay as they are, for they say whom a suggestion named; but one that names
    a retired number is overtaken, and waits again when that comes back."""

    moves = (SUGGESTED,)
    stays: ClassVar[Mapping[str, str]] = {
        "relations.HouseholdEvent": "it tells what happened to the number of then",
        "relations.HouseholdRefusal": "it was said of the number of then; a search reads it for the survivor",
    }

    def count(self, customers: Sequence[int]) -> Mapping[str, Mapping[int, int]]:
        rows = SuggestedMember.objects.filter(customer__in=customers, suggestion__state="OPEN").values_list("customer")
        return {SUGGESTED: dict(rows.annotate(count=Count("pk")).order_by())}

    def move(self, merges: Merges, at: datetime) -> list[Moved]:
        into = dict(merges)
        named = SuggestedMember.objects.filter(customer__in=into, suggestion__state="OPEN").order_by("pk")
        rows = list(named.values_list("pk", "suggestion", "customer"))
        waiting = HouseholdSuggestion.objects.select_for_update().filter(
            pk__in={suggestion for _pk, suggestion, _customer in rows}, state="OPEN"
        )
        overtaken = set(waiting.order_by("pk").values_list("pk", flat=True))
        HouseholdSuggestion.objects.filter(pk__in=overtaken).update(state="OVERTAKEN", decided_at=at)
        return [
            Moved(SUGGESTED, pk, customer, into[customer])
            for pk, suggestion, customer in rows
            if suggestion in overtaken
        ]

    def give_back(self, moved: Sequence[Moved], at: datetime) -> list[Moved]:
        back = {one.from_id for one in moved}
        rows = SuggestedMember.objects.filter(pk__in=[one.object_id for one in moved])
        suggestion_of = dict(rows.values_list("pk", "suggestion"))
        # Another of its members may have been merged since.
        merged = SuggestedMember.objects.filter(suggestion__in=suggestion_of.values()).exclude(customer__state="ACTIVE")
        lost = set(merged.exclude(customer__in=back).values_list("suggestion", flat=True))
        still = HouseholdSuggestion.objects.filter(
            pk__in=set(suggestion_of.values()) - lost, state="OVERTAKEN", decided_by=None
        )
        again = set(still.values_list("pk", flat=True))
        HouseholdSuggestion.objects.filter(pk__in=again).update(state="OPEN", decided_at=None)
        return [one for one in moved if suggestion_of.get(one.object_id) in again]


def _held(customers: set[int]) -> dict[int, list[Membership]]:
    """The places of these customers, the oldest first."""
    held: dict[int, list[Membership]] = {}
    for place in Membership.objects.filter(customer__in=customers).order_by("pk"):
        held.setdefault(place.customer_id, []).append(place)
    return held


def _meets_primary(place: Membership, others: Sequence[Membership]) -> bool:
    return any(other.is_primary and _overlap(place, other) for other in others)


def _overlap(one: Membership, other: Membership) -> bool:
    """Whether two places held on one day; the first day on which a place no longer holds is none of its days."""
    starts, ends = (one.started_on, other.started_on), (one.ended_on, other.ended_on)
    is_empty = any(end is not None and end == start for start, end in zip(starts, ends, strict=True))
    begun = max((start for start in starts if start is not None), default=date.min)
    over = min((end for end in ends if end is not None), default=date.max)
    return not is_empty and begun < over
