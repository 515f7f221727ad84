"""Taking in one record that somebody types: it becomes a record of one of Hannun's own sources and is linked by the
very engine of the feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from customers.golden.corrected import COLUMNS, columns_of, read_correction
from customers.models import Code, Customer, FeedRun, Link, SourceRecord, SourceSystem
from customers.models.source import Layout
from customers.sealing import Sealer
from customers.services import linking, queue
from customers.services.events import record_events
from customers.services.locks import hold_golden_soon
from customers.services.projection import project_again, project_customers
from customers.standard.record import Standardiser
from customers.typed import Problem, read_typed


class CannotRead(Exception):
    """What was typed cannot be read as the values of a customer; `problems` says of each column why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*(f"{problem.item}:{problem.code}" for problem in problems))
        self.problems = tuple(problems)


class KeyTaken(Exception):
    """The source has a record of this key already."""


@dataclass(frozen=True)
class TakenIn:
    """A record and the customer it became, or was linked to."""

    record: SourceRecord
    customer: Customer
    is_new_customer: bool


@transaction.atomic
def take_in_record(
    *,
    source_code: str,
    source_key: str,
    cells: Mapping[str, str],
    kind: str,
    at: datetime,
    by: Staff | None,
    fp_code: str = "",
    branch_code: str = "",
    consented_on: date | None = None,
) -> TakenIn:
    """Keep what was typed as a record of an own source, link it, and project whatever that touches.

    cells: {canonical column: text}, of `golden.corrected.COLUMNS`; kind: PERSON or ORG. Waits for other writers of the
    stock for a few seconds. Raises CannotRead, KeyTaken, locks.StockBusy.
    """
    hold_golden_soon()
    source = SourceSystem.objects.get(code=source_code)
    if SourceRecord.objects.filter(source=source, source_key=source_key).exists():
        raise KeyTaken
    today, sealer = timezone.localdate(at), Sealer(settings.KEYS)
    regions = Code.objects.regions()
    read = read_correction(cells, kind, Standardiser(today, regions))
    typed = read_typed({**cells, "kind": kind}, Standardiser(today, regions), sealer)
    if read.problems:
        raise CannotRead(read.problems)
    columns = columns_of(read, sealer, source_code, source_key) | {
        "match_keys": typed.record.tobytes(),
        **{name: int(key) if key else None for name, key in typed.keys.items() if name.endswith("_key")},
        "ci_index": None,
        "fp_code": fp_code,
        "branch_code": branch_code,
        "marketing_consent_on": consented_on,
    }
    record = SourceRecord.objects.create(
        source=source, source_key=source_key, feed_run=run_of_typed(source, at), as_of=at, loaded_at=at, **columns
    )
    return _linked(record, at, by)


def _linked(record: SourceRecord, at: datetime, by: Staff | None) -> TakenIn:
    linking.link_records(at=at, feed_run_id=None, record_ids=[record.pk])
    _counts, events = project_customers(at=at, by=by)
    queue.reckon_worth_of_touched()
    record_events(events=events, at=at)
    customer = Customer.objects.get(links__record=record)
    return TakenIn(record, customer, customer.created_at == at)


@transaction.atomic
def withdraw_record(*, record: SourceRecord, at: datetime, by: Staff | None) -> Customer | None:
    """Take a record of an own source out of the customer it is linked to; the record itself stays.

    Returns the customer that has other records still, None where it had no other: it keeps its values and number.
    Raises locks.StockBusy.
    """
    hold_golden_soon()
    customer = Customer.objects.filter(links__record=record).first()
    record.withdrawn_at = at
    record.save(update_fields=["withdrawn_at"])
    Link.objects.filter(record=record).delete()
    if customer is None or not customer.links.exists():
        return None
    project_again(customer_ids=[customer.pk], at=at, by=by)
    return customer


def run_of_typed(source: SourceSystem, at: datetime) -> FeedRun:
    """The one feed run that all records of an own source belong to, since every record belongs to one."""
    run = FeedRun.objects.filter(source=source, layout=Layout.CUSTOMERS).order_by("pk").first()
    return run or FeedRun.objects.create(
        source=source,
        layout=Layout.CUSTOMERS,
        file_name=source.code,
        state=FeedRun.State.DONE,
        step=FeedRun.Step.FINISHED,
        columns=list(COLUMNS),
        requested_at=at,
        started_at=at,
        finished_at=at,
    )
