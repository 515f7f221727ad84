"""What leaves the house: recording outflows and transfers, ending an outflow, proof of return or destruction (PO7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from consent.models import Outflow, Purpose, Recipient, Transfer
from consent.rules.outflows import beyond, may_flow

Fate = Outflow.Fate
ENDS = (Fate.RETURNED, Fate.DESTROYED)


class Closed(Exception):
    """The recipient or the purpose is closed."""


class WrongPurpose(Exception):
    """A third party is given data only for a purpose that is a provision, which people consent to on its own."""


class ItemsBeyond(Exception):
    """Items that the purpose does not name; `items` are their codes."""

    def __init__(self, items: Sequence[str]) -> None:
        self.items = list(items)
        super().__init__(self.items)


class RunsAlready(Exception):
    """Data flow to this recipient for this purpose already."""


class DayWrong(Exception):
    """The day is still to come, or lies before the beginning."""


class NotRunning(Exception):
    """The outflow has ended."""


class NotAsked(Exception):
    """Nobody asked the recipient for return or destruction, or it answered already."""


class ProofMissing(Exception):
    """Return or destruction is believed by a proof alone."""


class SentWrong(Exception):
    """The transfer lies in the future, or outside the time of the outflow."""


class ReferenceReused(Exception):
    """Another transfer of this outflow has the same reference."""


@transaction.atomic
def record_outflow(
    *,
    recipient: Recipient,
    purpose: Purpose,
    items: Sequence[str],
    clause: str,
    way: str,
    started_on: date,
    by: Staff | None,
    at: datetime,
) -> Outflow:
    """Note that data of customers go to a recipient for a purpose. items: codes that the purpose names.

    Raises Closed, WrongPurpose, ItemsBeyond, DayWrong, RunsAlready.
    """
    recipient = Recipient.objects.select_for_update().get(pk=recipient.pk)  # two at once become one after the other
    if recipient.closed_on is not None or purpose.closed_on is not None:
        raise Closed
    if not may_flow(recipient.kind, purpose.kind):
        raise WrongPurpose
    if odd := beyond(items, purpose.items):
        raise ItemsBeyond(odd)
    if started_on > timezone.localdate(at):
        raise DayWrong
    if Outflow.objects.filter(recipient=recipient, purpose=purpose, ended_on=None).exists():
        raise RunsAlready
    return Outflow.objects.create(
        recipient=recipient,
        purpose=purpose,
        items=list(items),
        clause=without_resident_numbers(clause.strip()),
        way=without_resident_numbers(way.strip()),
        started_on=started_on,
        recorded_by=by,
        recorded_at=at,
    )


@transaction.atomic
def record_transfer(
    *,
    outflow: Outflow,
    sent_at: datetime,
    customer_count: int,
    by: Staff | None,
    at: datetime,
    reference: str = "",
    digest: str = "",
) -> Transfer:
    """Note that data went out once. reference: of the sender; the same transfer told again is one, and returned.

    Raises SentWrong, ReferenceReused.
    """
    outflow = Outflow.objects.select_for_update().get(pk=outflow.pk)
    reference = without_resident_numbers(reference.strip())
    told = {"sent_at": sent_at, "customer_count": customer_count, "digest": digest.strip().lower()}
    if reference and (known := Transfer.objects.filter(outflow=outflow, reference=reference).first()):
        if any(getattr(known, name) != value for name, value in told.items()):
            raise ReferenceReused
        return known
    day = timezone.localdate(sent_at)
    if sent_at > at or day < outflow.started_on or (outflow.ended_on is not None and day > outflow.ended_on):
        raise SentWrong
    return Transfer.objects.create(outflow=outflow, reference=reference, recorded_by=by, **told)


@transaction.atomic
def end_outflow(*, outflow: Outflow, ended_on: date, by: Staff, at: datetime) -> Outflow:
    """Nothing goes to the recipient for this purpose after that day; it is asked to give back or destroy what it has.

    Raises NotRunning, DayWrong.
    """
    outflow = Outflow.objects.select_for_update().get(pk=outflow.pk)
    if outflow.fate != Fate.RUNNING:
        raise NotRunning
    newest = outflow.transfers.order_by("-sent_at").values_list("sent_at", flat=True).first()
    earliest = max(outflow.started_on, timezone.localdate(newest) if newest else outflow.started_on)
    if not earliest <= ended_on <= timezone.localdate(at):
        raise DayWrong
    outflow.ended_on, outflow.fate = ended_on, Fate.RETURN_ASKED
    outflow.save(update_fields=["ended_on", "fate"])
    return outflow


@transaction.atomic
def prove_end(*, outflow: Outflow, fate: str, fate_on: date, proof: str, by: Staff, at: datetime) -> Outflow:
    """Note what became of the data, and by what it is proven. fate: RETURNED or DESTROYED.

    Raises NotAsked, ProofMissing, DayWrong.
    """
    outflow = Outflow.objects.select_for_update().get(pk=outflow.pk)
    if outflow.fate != Fate.RETURN_ASKED or fate not in ENDS:
        raise NotAsked
    if not proof.strip():
        raise ProofMissing
    if not outflow.ended_on <= fate_on <= timezone.localdate(at):
        raise DayWrong
    outflow.fate, outflow.fate_on, outflow.fate_proof = fate, fate_on, without_resident_numbers(proof.strip())
    outflow.save(update_fields=["fate", "fate_on", "fate_proof"])
    return outflow
