"""Copies of the destroyed elsewhere: sources that sent them, recipients that got them, files that hold them. Whoever
keeps one answers, by customer or for all; a silent one keeps the batch open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Export, Staff
from accounts.services.notices import notify_role
from consent.models import Consent, CopyAnswer, DestructionBatch, DestructionItem, Outflow, Purpose, Recipient
from consent.numbers import numbers_on
from consent.services.batches_closing import close_when_answered
from consent.services.retention_batches import url_of
from customers.models import Customer

REMINDED = ("PRIVACY_OFFICER", "COMPLIANCE_OFFICER")
SOURCES = """
SELECT DISTINCT link.customer_id, record.source_id FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id WHERE link.customer_id = ANY(%s)
"""
EXPORTS = """
SELECT DISTINCT held.customer, entry.target FROM accounts_accessentry entry, unnest(entry.customers) AS held(customer)
WHERE entry.kind = 'EXPORT' AND entry.customers && %(numbers)s::bigint[] AND held.customer = ANY(%(numbers)s)
  AND entry.target LIKE 'pk=%%'
"""
Fate = Outflow.Fate


class AlreadyAnswered(Exception):
    """Somebody answered for this copy before."""


class NotAsked(Exception):
    """The answer is about customers whom this copy was not asked about. args[0]: their ids."""


class NotComplete(Exception):
    """The answer leaves out customers whom the copy was asked about. args[0]: their ids."""


class ReasonMissing(Exception):
    """Whoever keeps a copy says why."""


@dataclass(frozen=True)
class Kept:
    """Why a copy of one customer is kept, and until when."""

    reason: str
    until: date | None = None


def sources_of(customers: Sequence[int]) -> dict[int, set[int]]:
    """{customer id: ids of the sources that sent records}: of those who are kept apart as it was noted then."""
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SOURCES, [list(customers)])
        for customer, source in cursor.fetchall():
            found.setdefault(customer, set()).add(source)
    apart = DestructionItem.objects.filter(customer__in=customers, life__has_key="sources")
    for customer, life in apart.values_list("customer", "life"):
        found.setdefault(customer, set()).update(life["sources"])
    return found


def note_copies(
    *, batch: DestructionBatch, customers: Sequence[int], sources: Mapping[int, set[int]], at: datetime
) -> None:
    """Note who has copies of customers that are about to be destroyed; to be called before, in that transaction."""
    held: dict[tuple[str, int], set[int]] = {}
    for customer, ids in sources.items():
        for source in ids:
            held.setdefault(("source", source), set()).add(customer)
    for recipient, got in _recipients(customers).items():
        held.setdefault(("recipient", recipient), set()).update(got)
    for export, got in _exports(customers).items():
        held.setdefault(("export", export), set()).update(got)
    for (kind, key), got in sorted(held.items()):
        copy, _made = CopyAnswer.objects.get_or_create(
            batch=batch, **{f"{kind}_id": key}, defaults={"count_asked": 0, "asked_at": at, "due_on": at.date()}
        )
        copy.customers = sorted({*copy.customers, *got})
        copy.count_asked = len(copy.customers)
        copy.save(update_fields=["customers", "count_asked"])


def ask_for_copies(*, batch: DestructionBatch, at: datetime) -> bool:
    """Let the days of all who keep copies of this batch begin; whether there is anybody to wait for."""
    day = timezone.localdate(at)
    due_on = day + timedelta(days=numbers_on(day)["copy_answer_days"])
    return bool(batch.copies.filter(state=CopyAnswer.State.WAITING).update(asked_at=at, due_on=due_on))


@transaction.atomic
def answer_copy(
    *,
    copy: CopyAnswer,
    by: Staff | None,
    at: datetime,
    kept: Mapping[int, Kept] = {},
    told: Iterable[int] | None = None,
) -> CopyAnswer:
    """Note what became of a copy: every customer asked about is destroyed there but those in `kept`.

    told: the customers that the answer names as destroyed, where it names them; None for all others. The last answer
    of a batch has it certified. Raises AlreadyAnswered, NotAsked, NotComplete, ReasonMissing.
    """
    copy = CopyAnswer.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if copy.state != CopyAnswer.State.WAITING:
        raise AlreadyAnswered
    asked, named = set(copy.customers), set(copy.customers) - set(kept) if told is None else set(told)
    if odd := sorted((named | set(kept)) - asked):
        raise NotAsked(odd)
    if missing := sorted(asked - named - set(kept)):
        raise NotComplete(missing)
    if any(not one.reason.strip() for one in kept.values()):
        raise ReasonMissing
    copy.state = CopyAnswer.State.KEPT if kept else CopyAnswer.State.DESTROYED
    copy.count_told = len(named - set(kept))
    copy.kept = {str(pk): [one.reason, one.until.isoformat() if one.until else ""] for pk, one in kept.items()}
    copy.reason = " / ".join(sorted({one.reason for one in kept.values()}))
    copy.until = max((one.until for one in kept.values() if one.until), default=None)
    copy.answered_at, copy.answered_by = at, by
    copy.save(update_fields=["state", "count_told", "kept", "reason", "until", "answered_at", "answered_by"])
    close_when_answered(batch=copy.batch, at=at)
    return copy


def follow_copies(*, at: datetime) -> int:
    """Take it as an answer where the register of files says that a copy is destroyed; returns how many it were."""
    confirmed = CopyAnswer.objects.filter(state=CopyAnswer.State.WAITING, export__destroyed_at__isnull=False)
    confirmed = confirmed.filter(batch__state=DestructionBatch.State.DONE).select_related("export__requested_by")
    for copy in confirmed:
        answer_copy(copy=copy, by=copy.export.requested_by, at=at)
    return len(confirmed)


@transaction.atomic
def remind_of_copies(*, at: datetime) -> int:
    """Tell privacy and compliance once of each copy that is silent beyond its day; returns how many they are."""
    day = timezone.localdate(at)
    late = CopyAnswer.objects.filter(state=CopyAnswer.State.WAITING, due_on__lt=day, reminded_on=None)
    late = late.filter(batch__state=DestructionBatch.State.DONE)
    batches: dict[int, list[CopyAnswer]] = {}
    for copy in late.select_related("batch"):
        batches.setdefault(copy.batch_id, []).append(copy)
    for copies in batches.values():
        batch, what = copies[0].batch, {"number": copies[0].batch.number, "count": len(copies)}
        for role in REMINDED:
            notify_role(role=role, kind="COPIES_SILENT", at=at, what=what, url=url_of(batch))
    return late.update(reminded_on=day)


def _recipients(customers: Sequence[int]) -> dict[int, set[int]]:
    """{recipient id: customers that it got}: by a consent to the provision whoever gave it, by any other basis all.

    Systems of our own are taken to hold everybody; a recipient that gave back or destroyed what it had is not asked.
    """
    answering = Recipient.objects.filter(answers=True, closed_on=None)
    got = {pk: set(customers) for pk in answering.filter(kind="OWN_SYSTEM").values_list("pk", flat=True)}
    flows = Outflow.objects.filter(recipient__in=answering).exclude(fate__in=(Fate.RETURNED, Fate.DESTROYED))
    rows = flows.values_list("recipient", "purpose", "purpose__basis", "purpose__kind")
    given = _given(customers, {purpose for _recipient, purpose, *_more in rows})
    for recipient, purpose, basis, kind in rows:
        by_consent = basis == Purpose.Basis.CONSENT and kind in (Purpose.Kind.PROVISION, Purpose.Kind.ABROAD)
        chosen = {one for one, what, who in given if what == purpose and who in (None, recipient)}
        got.setdefault(recipient, set()).update(chosen if by_consent else customers)
    return {recipient: found for recipient, found in got.items() if found}


def _given(customers: Sequence[int], purposes: set[int]) -> set[tuple[int, int, int | None]]:
    """(customer, purpose, recipient) of every consent ever given, also under numbers that were merged into these."""
    numbers = numbers_of(customers)
    given = Consent.objects.filter(customer__in=list(numbers), purpose__in=purposes, answer=Consent.Answer.GIVEN)
    rows = given.values_list("customer", "purpose", "recipient").distinct().order_by()
    return {(numbers[customer], purpose, recipient) for customer, purpose, recipient in rows}


def _exports(customers: Sequence[int]) -> dict[int, set[int]]:
    """{export id: customers} of files that were taken and not confirmed as destroyed; those that lie here go by
    themselves."""
    numbers, found = numbers_of(customers), {}
    with connection.cursor() as cursor:
        cursor.execute(EXPORTS, {"numbers": list(numbers)})
        for customer, target in cursor.fetchall():
            if (written := target.removeprefix("pk=")).isdecimal():
                found.setdefault(int(written), set()).add(numbers[customer])
    alive = Export.objects.filter(pk__in=found, downloaded_count__gt=0, destroyed_at=None)
    return {pk: found[pk] for pk in alive.values_list("pk", flat=True)}


def numbers_of(customers: Sequence[int]) -> dict[int, int]:
    """{id of a number: customer} of these customers and all that was merged into them."""
    absorbed = Customer.objects.filter(merged_into__in=customers).values_list("pk", "merged_into")
    return {**{pk: pk for pk in customers}, **dict(absorbed)}
