"""The items of a request: granted, and with that carried out, or refused with clause, explanation and until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.trail import saw
from consent.models import RightsItem, RightsRequest
from consent.services.rights import NothingSaid, NotWaiting, held
from consent.services.rights_effects import carry_out

Decision = RightsItem.Decision


class AlreadyDecided(Exception):
    """Somebody decided about the item before."""


class UntilIsOver(Exception):
    """The day until which something is refused is over."""


@transaction.atomic
def grant_item(*, item: RightsItem, by: Staff, at: datetime, explanation: str = "") -> RightsItem:
    """Grant what is asked and do it at once: correct, withdraw, stop, propose the destruction. What is given out is
    granted here and goes out with the pack.

    Raises NotWaiting, AlreadyDecided, and whatever `rights_effects.carry_out` raises.
    """
    item = _open(item)
    carry_out(item, by=by, at=at)
    return _decide(item, Decision.GRANTED, by, at, explanation=explanation)


@transaction.atomic
def refuse_item(
    *, item: RightsItem, clause: str, explanation: str, by: Staff, at: datetime, until: date | None = None
) -> RightsItem:
    """Refuse what is asked, with the clause, so that whoever asked understands it. until: the last day on which the
    reason holds, where it is known.

    Raises NotWaiting, AlreadyDecided, NothingSaid, UntilIsOver.
    """
    item = _open(item)
    if not (clause.strip() and explanation.strip()):
        raise NothingSaid
    if until is not None and until < timezone.localdate(at):
        raise UntilIsOver
    return _decide(item, Decision.REFUSED, by, at, clause=clause, explanation=explanation, until=until)


def _open(item: RightsItem) -> RightsItem:
    """The item with its request, both locked. Raises NotWaiting, AlreadyDecided."""
    request = held(RightsRequest(pk=item.request_id), RightsRequest.State.ACCEPTED)
    item = RightsItem.objects.select_for_update().get(pk=item.pk)
    if item.decision != Decision.OPEN:
        raise AlreadyDecided
    item.request = request
    return item


def _decide(
    item: RightsItem,
    decision: str,
    by: Staff,
    at: datetime,
    *,
    clause: str = "",
    explanation: str = "",
    until: date | None = None,
) -> RightsItem:
    item.decision, item.decided_by, item.decided_at, item.is_stopped = decision, by, at, False
    item.clause, item.until = clause.strip(), until
    item.explanation = without_resident_numbers(explanation.strip())
    fields = ["decision", "decided_by", "decided_at", "is_stopped", "clause", "until", "explanation"]
    item.save(update_fields=fields)
    if item.request.customer_id is not None:
        saw(item.request.customer_id)
    return item


__all__ = ["AlreadyDecided", "NotWaiting", "NothingSaid", "UntilIsOver", "grant_item", "refuse_item"]
