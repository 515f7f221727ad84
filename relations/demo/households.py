"""Households of the demonstration: the stock is searched, the surest suggestions are confirmed, a few are refused, and
in some households life has gone on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from relations.models import Household, HouseholdSuggestion, LifeEvent, Membership
from relations.services import households
from relations.services.household_places import Deed
from relations.services.household_runs import do_search, request_search
from relations.services.household_suggestions import confirm_suggestion, refuse_suggestion

CONFIRMED, REFUSED, EVERY = 120, 20, 3  # of the surest every third; what lies between waits for a steward
EVENTS = 4  # households that split, and as many whom somebody left
SURE = 0.95


def seed(at: datetime) -> dict[str, int]:
    """Households, and suggestions that wait; none where there are any."""
    if Household.objects.exists() or HouseholdSuggestion.objects.exists():
        return {"households": 0, "suggested households": 0}
    do_search(run=request_search(by=None, at=at, is_queued=False))
    today = timezone.localdate(at)
    waiting = HouseholdSuggestion.objects.waiting()
    sure = list(waiting.filter(score__gte=SURE)[: CONFIRMED * EVERY : EVERY])
    opened = [
        confirm_suggestion(suggestion=each, deed=Deed(None, at, today - timedelta(days=400 + 37 * place)))
        for place, each in enumerate(sure)
    ]
    for each in list(HouseholdSuggestion.objects.waiting().reverse()[:REFUSED]):
        refuse_suggestion(suggestion=each, deed=Deed(None, at))
    _live_on(opened, at, today)
    return {
        "households": Household.objects.count(),
        "suggested households": HouseholdSuggestion.objects.waiting().count(),
    }


def _live_on(opened: list[Household], at: datetime, today: date) -> None:
    """Divorces and grown-up children who leave, some months ago."""
    large = [household for household in opened if household.memberships.still_open().count() > 2]
    for place, household in enumerate(large[: 2 * EVENTS]):
        deed = Deed(None, at, today - timedelta(days=30 + place))
        last = household.memberships.still_open().exclude(role=Membership.Role.HEAD).order_by("-pk").first()
        if last is None:
            continue
        if place % 2:
            moved = Deed(deed.by, at, deed.on, LifeEvent.MOVED_OUT)
            households.remove_member(household=household, customer=last.customer, deed=moved)
        else:
            parted = Deed(deed.by, at, deed.on, LifeEvent.DIVORCE)
            households.split_household(household=household, leavers=[last.customer], deed=parted)
