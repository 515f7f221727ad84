"""Correcting a value of a customer: a correction is a record of the source STEWARD, so nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from customers.golden.corrected import Correction, columns_of, read_correction
from customers.models import Act, Code, Customer, Link, Ruling, SourceRecord, SourceSystem, Wish
from customers.sealing import Sealer
from customers.seeds import STEWARD
from customers.services.acting import begin_act, untaken
from customers.services.intake import CannotRead, run_of_typed
from customers.services.locks import hold_golden_soon
from customers.services.projection import project_again
from customers.services.wishes import hold_customer, mark_taken_back
from customers.standard.record import Standardiser


class NothingTyped(Exception):
    """There is no value to correct."""


class NoRecord(Exception):
    """No source record is linked to the customer, so there is nothing to correct."""


class NotACorrection(Exception):
    """The act corrected nothing."""


@transaction.atomic
def correct_value(
    *,
    customer: Customer,
    values: Mapping[str, str],
    by: Staff,
    at: datetime,
    reason_code: str,
    comment: str = "",
) -> Act:
    """Let these values be golden from now on, until the correction is taken back.

    values: {canonical column: what was typed}, of `golden.corrected.COLUMNS`; a resident number is sealed. The record
    that holds them belongs to the customer of its oldest other record for ever, wherever that goes.

    Raises wishes.NotActive, NothingTyped, CannotRead, NoRecord, locks.StockBusy.
    """
    customer = hold_customer(customer)
    correction = read_correction(values, customer.kind, Standardiser(timezone.localdate(at), Code.objects.regions()))
    if correction.problems:
        raise CannotRead(correction.problems)
    if not correction.items:
        raise NothingTyped
    oldest = _oldest_record(customer)
    details = {"items": list(correction.items)}
    act = begin_act(
        kind=Act.Kind.CORRECT,
        by=by,
        at=at,
        customers=[customer.pk],
        reason_code=reason_code,
        comment=comment,
        details=details,
    )
    record = _keep(correction, act, at)
    _bind(record, oldest, customer, act)
    Wish.objects.bulk_create([Wish(customer=customer, act=act, item=item, record=record) for item in correction.items])
    project_again(customer_ids=[customer.pk], at=at, by=by)
    return act


@transaction.atomic
def take_back_correction(*, act: Act, by: Staff, at: datetime, reason_code: str = "", comment: str = "") -> Act:
    """Take a correction back as a whole: its record stays, but belongs to no customer any more.

    Raises acting.AlreadyTakenBack, NotACorrection, locks.StockBusy.
    """
    hold_golden_soon()
    act = untaken(act)
    if act.kind != Act.Kind.CORRECT:
        raise NotACorrection
    record = record_of(act)
    customers = list(Customer.objects.filter(links__record=record))
    act.wishes.filter(withdrawn_at=None).update(withdrawn_at=at)
    act.rulings.filter(withdrawn_at=None).update(withdrawn_at=at)
    record.withdrawn_at = at
    record.save(update_fields=["withdrawn_at"])
    Link.objects.filter(record=record).delete()
    undone = begin_act(
        kind=Act.Kind.TAKE_BACK,
        by=by,
        at=at,
        customers=[customer.pk for customer in customers],
        reason_code=reason_code,
        comment=comment,
        details={"act": act.pk},
    )
    mark_taken_back(act, undone)
    project_again(customer_ids=[customer.pk for customer in customers], at=at, by=by)
    return undone


def record_of(act: Act) -> SourceRecord:
    """The record that holds what a correction typed."""
    return SourceRecord.objects.get(source__code=STEWARD, source_key=key_of(act))


def key_of(act: Act) -> str:
    """The source key of the record of a correction."""
    return f"A{act.pk}"


def _oldest_record(customer: Customer) -> SourceRecord:
    """The record that a correction follows: the oldest that a source sent. Raises NoRecord."""
    linked = SourceRecord.objects.filter(link__customer=customer)
    oldest = linked.exclude(source__code=STEWARD).order_by("pk").first()
    if oldest is None:
        raise NoRecord
    return oldest


def _keep(correction: Correction, act: Act, at: datetime) -> SourceRecord:
    source = SourceSystem.objects.get(code=STEWARD)
    run = run_of_typed(source, at)
    columns = columns_of(correction, Sealer(settings.KEYS), source.code, key_of(act))
    return SourceRecord.objects.create(
        source=source, source_key=key_of(act), feed_run=run, as_of=at, loaded_at=at, **columns
    )


def _bind(record: SourceRecord, oldest: SourceRecord, customer: Customer, act: Act) -> None:
    """Link the record of a correction, and rule that it is of one customer with the oldest record, whatever comes."""
    Link.objects.create(
        record=record,
        customer=customer,
        rule=Link.Rule.RULING,
        evidence_record=oldest,
        linked_by=act.by,
        linked_at=act.at,
    )
    Ruling.objects.create(
        left=oldest, right=record, answer=Ruling.Answer.SAME, act=act, ruled_by=act.by, ruled_at=act.at
    )
