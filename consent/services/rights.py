"""The rights desk: a request is recorded, whoever asks is checked, it is accepted, put off, refused, taken back.

What becomes of its items is in `consent.services.rights_items`, what is given out in `consent.services.packs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.trail import saw
from consent.models import RetentionRules, RightsItem, RightsRequest, Text
from consent.numbers import numbers_on
from consent.rules import rights as rules
from customers.models import Customer

State, Kind = RightsRequest.State, RightsRequest.Kind
Decision = RightsItem.Decision
CORRECTIONS = (Kind.CORRECTION, Kind.CREDIT_CORRECTION)


class NothingAsked(Exception):
    """The request names nothing that it asks for, or the same thing twice."""


class ReceivedLater(Exception):
    """The request was received on a day that is still to come."""


class NothingSaid(Exception):
    """A reason, a way or a clause is missing, without which the act would not be proven."""


class NotWaiting(Exception):
    """The request is not at the step that the act needs: it was answered, refused or taken back, or is not so far."""


class NotIdentified(Exception):
    """Nobody has checked who asks, so that nothing may be given out."""


class CustomerGone(Exception):
    """The number is no customer in use: merged into another, kept apart, or destroyed. args[0]: its state."""


class StillOpen(Exception):
    """An item waits for its decision."""


class PackMissing(Exception):
    """Something is granted that is given out by a pack, and no pack was made."""


@dataclass(frozen=True)
class Asked:
    """One thing that is asked for. item: a code of `consent.words.rights.ITEMS`, of the catalogue of items or of a
    purpose; wish: of a correction, the value that is said to be right."""

    item: str
    wish: str = ""


@transaction.atomic
def record_request(
    *,
    kind: str,
    via: str,
    wording: str,
    items: Sequence[Asked],
    received_on: date,
    by: Staff,
    at: datetime,
    asker: str = RightsRequest.Asker.SELF,
) -> RightsRequest:
    """Take a request in, and let its clock run; whose it is, is found when identity is checked.

    Raises NothingAsked, NothingSaid, ReceivedLater.
    """
    codes = [asked.item for asked in items]
    if not codes or len(set(codes)) < len(codes):
        raise NothingAsked
    if not wording.strip():
        raise NothingSaid
    if received_on > timezone.localdate(at):
        raise ReceivedLater
    key = _next_key()
    request = RightsRequest.objects.create(
        pk=key,
        number=f"RIGHT-{received_on.year}-{key:06}",
        kind=kind,
        via=via,
        asker=asker,
        wording=without_resident_numbers(wording.strip()),
        received_on=received_on,
        due_on=rules.due_on(kind, received_on, numbers_on(received_on)),
        recorded_by=by,
        recorded_at=at,
    )
    RightsItem.objects.bulk_create(
        RightsItem(request=request, item=asked.item, wish=without_resident_numbers(asked.wish.strip()))
        for asked in items
    )
    return request


def _next_key() -> int:
    """A key that nobody else gets, for the number is made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('consent_rightsrequest', 'id'))")
        return cursor.fetchone()[0]


@transaction.atomic
def check_identity(*, request: RightsRequest, customer: Customer, how: str, by: Staff, at: datetime) -> RightsRequest:
    """Note who asks and how that, or the proxy's power, was checked; the reference stands in `how`.

    Raises NotWaiting, NothingSaid, CustomerGone.
    """
    request = held(request, State.RECEIVED)
    if not how.strip():
        raise NothingSaid
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # a destruction waits for this
    if customer.state != Customer.State.ACTIVE:
        raise CustomerGone(customer.state)
    request.customer, request.identified_by, request.identified_at = customer, by, at
    request.identified_how = without_resident_numbers(how.strip())
    request.save(update_fields=["customer", "identified_how", "identified_by", "identified_at"])
    saw(customer.pk)
    return request


@transaction.atomic
def accept_request(*, request: RightsRequest, by: Staff, at: datetime) -> RightsRequest:
    """Begin to answer: what the law and the texts say today is frozen into the request; whatever a correction is
    asked of is not used until it is decided (개인정보 보호법 제36조, 신용정보법 제38조).

    Raises NotWaiting, NotIdentified.
    """
    request = held(request, State.RECEIVED)
    if request.identified_at is None:
        raise NotIdentified
    request.state, request.accepted_at, request.policy = State.ACCEPTED, at, _policy(timezone.localdate(at))
    request.save(update_fields=["state", "accepted_at", "policy"])
    if request.kind in CORRECTIONS:
        request.items.filter(decision=Decision.OPEN).update(is_stopped=True)
    _saw(request)
    return request


def _policy(day: date) -> dict[str, object]:
    """What holds on a day: the numbers of the law, the published texts, the rules of retention."""
    texts = Text.objects.published().order_by("purpose__code").values_list("purpose__code", "number")
    live = RetentionRules.objects.filter(state=RetentionRules.State.LIVE).values_list("version", flat=True).first()
    return {"day": day.isoformat(), "numbers": numbers_on(day), "texts": dict(texts), "retention": live or 0}


@transaction.atomic
def put_off_request(
    *, request: RightsRequest, reason: str, by: Staff, at: datetime, until: date | None = None
) -> RightsRequest:
    """Answer later, for a reason that whoever asked is told. until: needed but for automated decisions.

    Raises NotWaiting, NothingSaid, consent.rules.rights.CannotPutOff.
    """
    request = held(request, *rules.OPEN_STATES)
    if not reason.strip():
        raise NothingSaid
    if until is not None and until <= timezone.localdate(at):
        raise rules.CannotPutOff(rules.NotPutOff.PAST)
    numbers = request.policy.get("numbers") or numbers_on(timezone.localdate(at))
    request.due_on = rules.put_off(request.kind, request.due_on, request.extension_count, numbers, until)
    said = without_resident_numbers(reason.strip())
    request.extension_reason = "\n".join(filter(None, (request.extension_reason, said)))
    request.extension_count += 1
    request.save(update_fields=["due_on", "extension_count", "extension_reason"])
    _saw(request)
    return request


@transaction.atomic
def refuse_request(
    *, request: RightsRequest, clause: str, explanation: str, how: str, by: Staff, at: datetime
) -> RightsRequest:
    """Refuse it as a whole, such as when nobody could be identified; every open item is refused with it.

    how: by what means whoever asked was told. Raises NotWaiting, NothingSaid.
    """
    request = held(request, *rules.OPEN_STATES)
    if not (clause.strip() and explanation.strip() and how.strip()):
        raise NothingSaid
    request.items.filter(decision=Decision.OPEN).update(
        decision=Decision.REFUSED,
        clause=clause.strip(),
        explanation=without_resident_numbers(explanation.strip()),
        is_stopped=False,
        decided_by=by,
        decided_at=at,
    )
    return _close(request, State.REFUSED, how, by, at)


@transaction.atomic
def take_back_request(*, request: RightsRequest, how: str, by: Staff, at: datetime) -> RightsRequest:
    """Whoever asked wants it no more; what was granted meanwhile stays done. Raises NotWaiting, NothingSaid."""
    request = held(request, *rules.OPEN_STATES)
    if not how.strip():
        raise NothingSaid
    request.items.filter(is_stopped=True).update(is_stopped=False)
    return _close(request, State.TAKEN_BACK, how, by, at)


@transaction.atomic
def tell_answer(*, request: RightsRequest, how: str, by: Staff, at: datetime) -> RightsRequest:
    """Note that whoever asked was told, by what means; the request is over.

    Raises NotWaiting, NothingSaid, StillOpen, PackMissing.
    """
    request = held(request, State.ACCEPTED)
    if not how.strip():
        raise NothingSaid
    came_to = rules.outcome(request.items.values_list("decision", flat=True))
    if came_to is None:
        raise StillOpen
    if came_to == State.ANSWERED and request.kind in rules.WITH_PACK and not request.packs.exists():
        raise PackMissing
    return _close(request, State(came_to), how, by, at)


def _close(request: RightsRequest, state: str, how: str, by: Staff, at: datetime) -> RightsRequest:
    request.state, request.answered_by, request.answered_at = state, by, at
    request.told_how = without_resident_numbers(how.strip())
    request.save(update_fields=["state", "told_how", "answered_by", "answered_at"])
    _saw(request)
    return request


def held(request: RightsRequest, *states: str) -> RightsRequest:
    """The request as it is now, kept from others until the transaction ends. Raises NotWaiting where it is in none of
    these states."""
    request = RightsRequest.objects.select_for_update().get(pk=request.pk)
    if request.state not in states:
        raise NotWaiting
    return request


def _saw(request: RightsRequest) -> None:
    if request.customer_id is not None:
        saw(request.customer_id)
