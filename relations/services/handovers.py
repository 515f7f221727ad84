"""Plans by which customers change keepers on a day: drafting one, offering it, calling it off."""

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
from relations import tasks
from relations.models import Handover, HandoverItem, StaffMove
from relations.rules.distribution import WEIGHTS

State, ItemState, Planning = Handover.State, HandoverItem.State, Handover.Planning
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


class BeingPlanned(Exception):
    """A worker counts and chooses receivers, or is about to; nothing else happens to the handover meanwhile."""


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
def draft_handover(
    *,
    title: str,
    takes_effect_on: date,
    moves: Sequence[PlannedMove],
    branch: Branch | None,
    by: Staff | None,
    at: datetime,
    file_name: str = "",
    refused_rows: Sequence[tuple[int, str, str]] = (),
    is_queued: bool = True,
) -> Handover:
    """Draft a handover of those who go; when `is_queued`, a worker plans it after commit (`plan_handover`).

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
        planning=Planning.WAITING,
        rules=dict(WEIGHTS),
        counts={"refused_rows": [list(row) for row in refused_rows]} if refused_rows else {},
        file_name=without_resident_numbers(file_name),
        drafted_by=by,
        drafted_at=at,
    )
    StaffMove.objects.bulk_create(
        [StaffMove(handover=handover, staff=move.staff, kind=move.kind, to_branch=move.to_branch) for move in moves]
    )
    if is_queued:
        tasks.plan_handover.delay_on_commit(handover_id=handover.pk)
    return handover


@transaction.atomic
def offer_handover(*, handover: Handover, at: datetime) -> Handover:
    """Offer every customer to the receiver that was chosen, who is told. Raises BeingPlanned, NotADraft,
    NobodyToOffer."""
    handover = locked(handover, State.values)
    if handover.state != State.DRAFT:
        raise NotADraft
    planned = HandoverItem.objects.filter(handover=handover, state=ItemState.PLANNED).exclude(to_staff=None)
    is_taken_along = HandoverItem.objects.filter(handover=handover, state=ItemState.ACCEPTED).exists()
    if not planned.update(state=ItemState.OFFERED) and not is_taken_along:
        raise NobodyToOffer
    handover.state, handover.offered_at = State.OFFERED, at
    handover.save(update_fields=["state", "offered_at"])
    tell_receivers(handover, at, offered_staff(handover))
    return handover


@transaction.atomic
def cancel_handover(*, handover: Handover, at: datetime) -> Handover:
    """Call a handover off; everybody keeps whom they kept. Raises NotOpen, BeingPlanned."""
    handover = locked(handover, OPEN_STATES)
    handover.state, handover.finished_at = State.CANCELLED, at
    handover.save(update_fields=["state", "finished_at"])
    return handover


def locked(handover: Handover, states: Sequence[str], *, is_worker: bool = False) -> Handover:
    """The handover as it stands, and nobody else changes it until the transaction ends. is_worker: wait for a planning
    that is at work, which takes some seconds, instead of raising BeingPlanned. Raises NotOpen.
    """
    if not is_worker and Handover.objects.get(pk=handover.pk).is_being_planned:  # whoever plans holds the row
        raise BeingPlanned
    found = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if found.state not in states:
        raise NotOpen
    if found.is_being_planned and not is_worker:
        raise BeingPlanned
    return found


def offered_staff(handover: Handover) -> list[int]:
    """The staff who have something of this handover to answer."""
    offered = HandoverItem.objects.filter(handover=handover, state=ItemState.OFFERED)
    return list(offered.values_list("to_staff", flat=True).order_by("to_staff").distinct())


def tell_receivers(handover: Handover, at: datetime, staff: Sequence[int]) -> None:
    """Notices to these receivers of how much is offered to each."""
    offered = HandoverItem.objects.filter(handover=handover, state=ItemState.OFFERED, to_staff__in=staff)
    counted = dict(offered.values_list("to_staff").annotate(count=Count("pk")).order_by())
    url = reverse("relations:handover-offered")
    for receiver in Staff.objects.filter(pk__in=staff).order_by("pk"):
        what = {"count": counted[receiver.pk], "day": handover.takes_effect_on.isoformat()}
        notify(staff=[receiver], kind="HANDOVER_OFFERED", at=at, what=what, url=url)
