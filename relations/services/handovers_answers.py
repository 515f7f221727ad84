"""What people say to a handover: the receiver accepts or returns, the one who leaves notes and proposes, the manager
accepts for a receiver who does not answer, and the customer is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Func, JSONField, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.services.notices import notify
from accounts.trail import saw
from relations.models import Handover, HandoverItem
from relations.services.handovers import OPEN_STATES, ItemState, NotOpen, State, locked
from relations.services.keepers import who_may_keep

SHORTEST_REASON = 5


class NothingOffered(Exception):
    """None of these customers waits for this person's answer."""


class ReasonMissing(Exception):
    """Without a reason nothing is returned, nor accepted for somebody else."""


class NotYours(Exception):
    """The customer is handed over by somebody else."""


class CannotReceive(Exception):
    """The person proposed does not work here, keeps no customers, or is the one who leaves."""


class VisitTooLate(Exception):
    """The visit would be before today, or after the day of the handover."""


@transaction.atomic
def accept_items(*, handover: Handover, staff: Staff, at: datetime, item_ids: Iterable[int] | None = None) -> int:
    """The receiver accepts what is offered; item_ids: None for all of it. Returns how many. The customer stays with
    the one who leaves until the day. Raises NotOpen, BeingPlanned, NothingOffered.
    """
    waiting = _waiting(handover, staff, item_ids)
    return waiting.update(state=ItemState.ACCEPTED, answered_at=at)


@transaction.atomic
def return_items(
    *, handover: Handover, staff: Staff, reason: str, at: datetime, item_ids: Iterable[int] | None = None
) -> int:
    """The receiver returns what is offered, for a reason; it is never offered to the same person again.

    Whoever planned is told. Raises ReasonMissing, NotOpen, BeingPlanned, NothingOffered.
    """
    reason = _reason(reason)
    waiting = _waiting(handover, staff, item_ids)
    before = Coalesce("held__returned_by", Value([], JSONField()), output_field=JSONField())
    added = _Joined("held", _object("returned_by", _Joined(before, Value([staff.pk], JSONField()))))
    count = waiting.update(state=ItemState.RETURNED, answered_at=at, return_reason=reason, held=added)
    if handover.drafted_by is not None:
        what = {"count": count, "by": staff.employee_number}
        url = reverse("relations:handover-detail", args=[handover.pk])
        notify(staff=[handover.drafted_by], kind="HANDOVER_RETURNED", at=at, what=what, url=url)
    return count


@transaction.atomic
def accept_for(*, handover: Handover, receiver: Staff, reason: str, by: Staff, at: datetime) -> int:
    """A manager accepts for a receiver who did not answer; silence alone never counts as a yes.

    Returns how many. Raises ReasonMissing, NotOpen, BeingPlanned, NothingOffered.
    """
    reason = _reason(reason)
    waiting = _waiting(handover, receiver, None)
    said = Value({"accepted_for": {"by": by.pk, "reason": reason}}, JSONField())
    return waiting.update(state=ItemState.ACCEPTED, answered_at=at, held=_Joined("held", said))


def _waiting(handover: Handover, staff: Staff, item_ids: Iterable[int] | None) -> QuerySet[HandoverItem]:
    locked(handover, (State.OFFERED, State.REFUSED))
    offered = HandoverItem.objects.filter(handover=handover, to_staff=staff, state=ItemState.OFFERED)
    if item_ids is not None:
        offered = offered.filter(pk__in=list(item_ids))
    found = dict(offered.values_list("pk", "customer"))
    if not found:
        raise NothingOffered
    saw(found.values())
    return HandoverItem.objects.filter(pk__in=found, state=ItemState.OFFERED, to_staff=staff)


def _reason(text: str) -> str:
    text = without_resident_numbers(text.strip())
    if len(text) < SHORTEST_REASON:
        raise ReasonMissing
    return text


class _Joined(Func):
    """Two values of JSON, one behind or over the other."""

    template = "%(expressions)s"
    arg_joiner = " || "
    output_field = JSONField()


def _object(name: str, value: Func) -> Func:
    return Func(Value(name), value, function="jsonb_build_object", output_field=JSONField())


@transaction.atomic
def prepare_item(
    *,
    item: HandoverItem,
    staff: Staff,
    at: datetime,
    note: str = "",
    proposed: Staff | None = None,
    joint_visit_on: date | None = None,
) -> HandoverItem:
    """The one who leaves says what the receiver should know, whom they propose, and when both visit the customer.

    A proposal counts when receivers are chosen again. Raises NotYours, NotOpen, BeingPlanned, CannotReceive,
    VisitTooLate.
    """
    handover = locked(item.handover, OPEN_STATES)
    item = HandoverItem.objects.select_for_update().get(pk=item.pk)
    if item.from_staff_id != staff.pk:
        raise NotYours
    if proposed is not None and (proposed.pk == staff.pk or not who_may_keep().filter(pk=proposed.pk).exists()):
        raise CannotReceive
    today = timezone.localdate(at)
    if joint_visit_on is not None and not today <= joint_visit_on <= handover.takes_effect_on:
        raise VisitTooLate
    item.note = without_resident_numbers(note.strip())
    item.proposed_staff, item.joint_visit_on = proposed, joint_visit_on
    item.save(update_fields=["note", "proposed_staff", "joint_visit_on"])
    saw([item.customer_id])
    return item


@transaction.atomic
def note_letter(*, item: HandoverItem, at: datetime) -> HandoverItem:
    """The customer was told of the change today, by the letter. Raises NotOpen for a handover that was called off."""
    item = HandoverItem.objects.select_for_update(of=("self",)).select_related("handover").get(pk=item.pk)
    if item.handover.state == State.CANCELLED:
        raise NotOpen
    item.notice_sent_on = timezone.localdate(at)
    item.save(update_fields=["notice_sent_on"])
    saw([item.customer_id])
    return item
