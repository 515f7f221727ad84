"""What becomes of a prospect: contacts, a new consent, its release, its end by time, and that it becomes a customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.trail import saw
from customers.services.locks import hold_golden, hold_golden_soon
from relations.models import Prospect, ProspectDispute, ProspectEvent
from relations.rules.prospects import Wrong, carried, wrong_with_consent, wrong_with_items
from relations.services import prospects_taking as taking
from relations.services.disputes_raising import tell
from relations.services.prospects import HoldsResidentNumber, UnfitConsent

State, Kind = Prospect.State, ProspectEvent.Kind
STANDING = (State.REVIEW, State.ACTIVE)
MOST_AT_ONCE = 1_000
# Active prospects who are party to a contract by a record of another source, the oldest first.
ON_CONTRACT = """
SELECT prospect.id FROM relations_prospect prospect
WHERE prospect.state = 'ACTIVE' AND EXISTS (
    SELECT FROM customers_link link
    JOIN customers_sourcerecord record ON record.id = link.record_id
    JOIN customers_contractparty party
        ON party.source_id = record.source_id AND party.party_source_key = record.source_key
    WHERE link.customer_id = prospect.customer_id AND link.record_id IS DISTINCT FROM prospect.record_id
)
ORDER BY prospect.id LIMIT %s
"""
# A record may be linked anew without a merge; of two active prospects of one customer only the older follows.
FOLLOW = """
UPDATE relations_prospect prospect SET customer_id = link.customer_id
FROM customers_link link
WHERE link.record_id = prospect.record_id AND link.customer_id <> prospect.customer_id
    AND prospect.state = ANY(ARRAY['ACTIVE', 'CONVERTED', 'EXPIRED', 'RELEASED'])
    AND (prospect.state <> 'ACTIVE' OR NOT EXISTS (
        SELECT FROM relations_prospect other
        LEFT JOIN customers_link held ON held.record_id = other.record_id
        WHERE other.state = 'ACTIVE' AND other.id <> prospect.id
            AND link.customer_id IN (other.customer_id, held.customer_id)
    ))
"""


class NotActive(Exception):
    """The prospect has ended, or waits for the desk."""


class ContactAhead(Exception):
    """A contact is noted once it has been made, and not before the prospect was registered."""


@transaction.atomic
def record_contact(*, prospect: Prospect, on: date, by: Staff, at: datetime) -> ProspectEvent:
    """Note that the person was contacted on a day. Raises NotActive, ContactAhead."""
    prospect = _active(prospect)
    if not timezone.localdate(prospect.registered_at) <= on <= timezone.localdate(at):
        raise ContactAhead
    return ProspectEvent.objects.create(prospect=prospect, kind=Kind.CONTACTED, on=on, by=by, at=at)


@transaction.atomic
def extend_prospect(
    *,
    prospect: Prospect,
    consented_on: date,
    method: str,
    evidence: str,
    items: Sequence[str],
    expires_on: date,
    by: Staff,
    at: datetime,
) -> Prospect:
    """Take a newer consent, which carries the prospect further; the protection stays as it is.

    What the new consent covers no more is not kept any longer. Raises NotActive, UnfitConsent, HoldsResidentNumber,
    locks.StockBusy.
    """
    if without_resident_numbers(evidence) != evidence:
        raise HoldsResidentNumber
    hold_golden_soon()
    prospect = _active(prospect)
    today = timezone.localdate(at)
    wrong = wrong_with_consent(
        consented_on=consented_on,
        acquired_on=prospect.acquired_on,
        expires_on=expires_on,
        on=today,
        most_days=settings.PROSPECT_MOST_DAYS,
    )
    wrong += wrong_with_items([], items)
    if consented_on <= prospect.consented_on:
        wrong.append(Wrong.NOT_NEWER)
    if wrong:
        raise UnfitConsent(wrong)
    details = {"before": prospect.expires_on.isoformat(), "until": expires_on.isoformat()}
    prospect.consented_on, prospect.consent_method, prospect.consent_evidence = consented_on, method, evidence
    prospect.consent_items, prospect.expires_on = list(items), expires_on
    prospect.save(update_fields=["consented_on", "consent_method", "consent_evidence", "consent_items", "expires_on"])
    filled = tuple(taking.filled_of(prospect))
    kept = carried(filled, items, expires_on, today)
    if kept != filled:
        taking.retake(prospect, kept, at=at, by=by)
    taking.write_event(prospect, Kind.EXTENDED, at=at, by=by, on=consented_on, details=details)
    return prospect


@transaction.atomic
def release_prospect(*, prospect: Prospect, by: Staff, at: datetime) -> Prospect:
    """Give a prospect up: the planner keeps the person no more, and others may register them. Raises NotActive,
    locks.StockBusy."""
    hold_golden_soon()
    prospect = Prospect.objects.select_for_update(of=("self",)).select_related("fp", "branch").get(pk=prospect.pk)
    if prospect.state not in STANDING:
        raise NotActive
    end([prospect], State.RELEASED, Kind.RELEASED, by=by, at=at)
    return prospect


@transaction.atomic
def expire_prospects(*, at: datetime) -> int:
    """End the prospects whose consent has run out, and tell their planners; returns how many. At most 1,000 at once."""
    hold_golden()
    over = Prospect.objects.filter(state__in=STANDING, expires_on__lt=timezone.localdate(at))
    rows = list(
        over.select_for_update(of=("self",), skip_locked=True)
        .select_related("fp", "branch")
        .order_by("pk")[:MOST_AT_ONCE]
    )
    end(rows, State.EXPIRED, Kind.EXPIRED, by=None, at=at)
    for prospect in rows:
        tell(prospect.fp, "PROSPECT_EXPIRED", prospect, at)
    return len(rows)


@transaction.atomic
def convert_prospects(*, at: datetime) -> int:
    """Make customers of the active prospects who have become party to a contract; returns how many.

    The history stays; of the values only those are carried that a lasting consent covers. At most 1,000 at once.
    """
    hold_golden()
    with connection.cursor() as cursor:
        cursor.execute(ON_CONTRACT, [MOST_AT_ONCE])
        ids = [row[0] for row in cursor.fetchall()]
    held = Prospect.objects.filter(pk__in=ids, state=State.ACTIVE).select_for_update(of=("self",))
    rows = list(held.select_related("fp", "branch", "record").order_by("pk"))
    for prospect in rows:
        _convert(prospect, at)
    return len(rows)


def _convert(prospect: Prospect, at: datetime) -> None:
    today = timezone.localdate(at)
    filled = tuple(taking.filled_of(prospect))
    kept = carried(filled, prospect.consent_items, prospect.expires_on, today)
    prospect.state, prospect.ended_at = State.CONVERTED, at
    prospect.save(update_fields=["state", "ended_at"])
    if kept != filled:
        taking.retake(prospect, kept, at=at, by=None)
    left = [column for column in filled if column not in kept]
    taking.write_event(prospect, Kind.CONVERTED, at=at, by=None, details={"kept": list(kept), "left": left})
    tell(prospect.fp, "PROSPECT_CONVERTED", prospect, at)


@transaction.atomic
def follow_records() -> int:
    """Let prospects point at the customers that hold their records today; returns how many changed."""
    hold_golden()
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW)
        return cursor.rowcount


def end(prospects: Sequence[Prospect], state: str, kind: str, *, by: Staff | None, at: datetime) -> None:
    """End prospects: nothing is kept any longer of those whom the desk never let in, and of the others by nobody.

    Within a transaction that holds the golden lock and the rows.
    """
    for prospect in prospects:
        was_let_in = prospect.record_id is not None
        prospect.state, prospect.ended_by, prospect.ended_at = state, by, at
        if not was_let_in:
            for column, nothing in taking.EMPTY.items():
                setattr(prospect, column, nothing)
    ids = [prospect.pk for prospect in prospects]
    Prospect.objects.bulk_update(prospects, ["state", "ended_by", "ended_at", *taking.EMPTY])
    ProspectEvent.objects.bulk_create([ProspectEvent(prospect=each, kind=kind, by=by, at=at) for each in prospects])
    waiting = ProspectDispute.objects.filter(prospect__in=ids, state=ProspectDispute.State.OPEN)
    waiting.update(state=ProspectDispute.State.WITHDRAWN, decided_by=by, decided_at=at)
    taking.let_go(prospects, at=at, by=by)
    saw(_customers(prospects))


def _customers(prospects: Iterable[Prospect]) -> set[int]:
    return {prospect.customer_id for prospect in prospects if prospect.customer_id}


def _active(prospect: Prospect) -> Prospect:
    """The prospect, locked. Raises NotActive."""
    held = Prospect.objects.select_for_update(of=("self",)).select_related("fp", "branch", "record")
    prospect = held.get(pk=prospect.pk)
    if prospect.state != State.ACTIVE:
        raise NotActive
    if prospect.customer_id:
        saw(prospect.customer_id)
    return prospect


def days_left(prospect: Prospect, on: date) -> int:
    """How many days the consent still holds; 0 on its last."""
    return (prospect.expires_on - on) // timedelta(days=1)
