"""Plans by which customers change keepers on a day: drafting one, offering it, choosing again, calling it off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Branch, Staff
from accounts.services.notices import notify
from relations.models import Handover, HandoverItem, StaffMove
from relations.rules.distribution import WEIGHTS
from relations.services.handovers_plan import fill_items, give_out

State, ItemState = Handover.State, HandoverItem.State
OPEN_STATES = (State.DRAFT, State.OFFERED, State.REFUSED)
UNDER_WAY = (*OPEN_STATES, State.RUNNING)


class NobodyGoes(Exception):
    """A handover without anybody who goes hands nothing over."""


class DayOver(Exception):
    """The day lies before today."""


class InAnotherHandover(Exception):
    """Some of these people are in another handover that is under way; `staff` are their ids."""

    def __init__(self, staff: Iterable[int]) -> None:
        self.staff = sorted(staff)
        super().__init__(self.staff)


class NotOpen(Exception):
    """The handover is being carried out, done or called off."""


class NotADraft(Exception):
    """The handover was offered already."""


class NobodyToOffer(Exception):
    """No customer of the handover has a receiver."""


@dataclass(frozen=True)
class PlannedMove:
    """Who goes, how, and whereto. kind: `StaffMove.Kind`."""

    staff: Staff
    kind: str
    to_branch: Branch | None = None


@transaction.atomic
def plan_handover(
    *,
    title: str,
    takes_effect_on: date,
    moves: Sequence[PlannedMove],
    branch: Branch | None,
    by: Staff | None,
    at: datetime,
    file_name: str = "",
    refused_rows: Sequence[tuple[int, str, str]] = (),
) -> Handover:
    """Draft a handover: count whatever those who go hold, and choose a receiver for every customer by the rules.

    branch: who plans; those below it and above see the plan. refused_rows: of the file, (line, number, code), to be
    told with the plan. Nothing is told to anybody yet. Raises NobodyGoes, DayOver, InAnotherHandover.
    """
    if not moves:
        raise NobodyGoes
    if takes_effect_on < timezone.localdate(at):
        raise DayOver
    staff = [move.staff.pk for move in moves]
    # One plan after the other for each person, so that two at once do not both find nobody in another one.
    list(Staff.objects.select_for_update(no_key=True).filter(pk__in=staff).order_by("pk").values_list("pk"))
    taken = StaffMove.objects.filter(staff__in=staff, handover__state__in=UNDER_WAY).values_list("staff", flat=True)
    if taken:
        raise InAnotherHandover(taken)
    handover = Handover.objects.create(
        title=without_resident_numbers(title.strip()),
        takes_effect_on=takes_effect_on,
        branch=branch,
        rules=dict(WEIGHTS),
        file_name=without_resident_numbers(file_name),
        drafted_by=by,
        drafted_at=at,
    )
    StaffMove.objects.bulk_create(
        [StaffMove(handover=handover, staff=move.staff, kind=move.kind, to_branch=move.to_branch) for move in moves]
    )
    fill_items(handover=handover)
    handover.counts = dict(give_out(handover=handover, at=at, is_offered=False))
    if refused_rows:
        handover.counts["refused_rows"] = [list(row) for row in refused_rows]
    handover.save(update_fields=["counts"])
    return handover


@transaction.atomic
def plan_again(*, handover: Handover, at: datetime) -> Handover:
    """Take in whoever came since, and choose for all who have no receiver or were returned. Raises NotOpen.

    Of a handover that was offered, those who are chosen now are offered it at once.
    """
    handover = locked(handover, OPEN_STATES)
    is_offered = handover.state != State.DRAFT
    before = set(_offered(handover)) if is_offered else set()
    fill_items(handover=handover)
    handover.counts = handover.counts | dict(give_out(handover=handover, at=at, is_offered=is_offered))
    handover.save(update_fields=["counts"])
    _tell_receivers(handover, at, [staff for staff in _offered(handover) if staff not in before] if is_offered else [])
    return handover


@transaction.atomic
def offer_handover(*, handover: Handover, at: datetime) -> Handover:
    """Offer every customer to the receiver that was chosen, who is told. Raises NotADraft, NobodyToOffer."""
    handover = _locked(handover)
    if handover.state != State.DRAFT:
        raise NotADraft
    planned = HandoverItem.objects.filter(handover=handover, state=ItemState.PLANNED).exclude(to_staff=None)
    is_taken_along = HandoverItem.objects.filter(handover=handover, state=ItemState.ACCEPTED).exists()
    if not planned.update(state=ItemState.OFFERED) and not is_taken_along:
        raise NobodyToOffer
    handover.state, handover.offered_at = State.OFFERED, at
    handover.save(update_fields=["state", "offered_at"])
    _tell_receivers(handover, at, _offered(handover))
    return handover


@transaction.atomic
def cancel_handover(*, handover: Handover, at: datetime) -> Handover:
    """Call a handover off; everybody keeps whom they kept. Raises NotOpen."""
    handover = locked(handover, OPEN_STATES)
    handover.state, handover.finished_at = State.CANCELLED, at
    handover.save(update_fields=["state", "finished_at"])
    return handover


def locked(handover: Handover, states: Sequence[str]) -> Handover:
    """The handover as it stands, and nobody else changes it until the transaction ends. Raises NotOpen."""
    found = _locked(handover)
    if found.state not in states:
        raise NotOpen
    return found


def _locked(handover: Handover) -> Handover:
    return Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)


def _offered(handover: Handover) -> list[int]:
    """The staff who have something of this handover to answer."""
    offered = HandoverItem.objects.filter(handover=handover, state=ItemState.OFFERED)
    return list(offered.values_list("to_staff", flat=True).order_by("to_staff").distinct())


def _tell_receivers(handover: Handover, at: datetime, staff: Sequence[int]) -> None:
    offered = HandoverItem.objects.filter(handover=handover, state=ItemState.OFFERED, to_staff__in=staff)
    counted = dict(offered.values_list("to_staff").annotate(count=Count("pk")).order_by())
    url = reverse("relations:handover-offered")
    for receiver in Staff.objects.filter(pk__in=staff).order_by("pk"):
        what = {"count": counted[receiver.pk], "day": handover.takes_effect_on.isoformat()}
        notify(staff=[receiver], kind="HANDOVER_OFFERED", at=at, what=what, url=url)
