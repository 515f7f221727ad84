"""The certificate of a batch: what was destroyed, on which basis, by whose approval, what every copy answered; under a
fingerprint by which anybody can see that it is the one that was made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.services.notices import notify_role
from consent.models import CopyAnswer, DestructionBatch, DestructionItem
from consent.reports.batches import holder_code
from consent.rules.certificates import digest_of, numbers_digest
from consent.services.retention_batches import APPROVER, url_of

State = DestructionBatch.State


class CopiesSilent(Exception):
    """Somebody who keeps copies has not answered."""


class NotCarriedOut(Exception):
    """The batch is not carried out yet, or certified already."""


@transaction.atomic
def close_batch(*, batch: DestructionBatch, at: datetime) -> DestructionBatch:
    """Certify a batch that is carried out. Raises NotCarriedOut, CopiesSilent."""
    batch = DestructionBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.DONE:
        raise NotCarriedOut
    if batch.copies.filter(state=CopyAnswer.State.WAITING).exists():
        raise CopiesSilent
    return certify(batch, at)


def close_when_answered(*, batch: DestructionBatch, at: datetime) -> None:
    """Certify the batch if it is carried out and this was the last answer that it waited for."""
    batch = DestructionBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == State.DONE and not batch.copies.filter(state=CopyAnswer.State.WAITING).exists():
        certify(batch, at)


def certify(batch: DestructionBatch, at: datetime) -> DestructionBatch:
    """Write the certificate of a batch that the caller holds, and tell the privacy officer."""
    batch.certificate = certificate_of(batch, at)
    batch.digest = digest_of(batch.certificate)
    batch.state, batch.closed_at = State.CLOSED, at
    batch.save(update_fields=["certificate", "digest", "state", "closed_at"])
    notify_role(role=APPROVER, kind="DESTRUCTION_CERTIFIED", at=at, what={"number": batch.number}, url=url_of(batch))
    return batch


def certificate_of(batch: DestructionBatch, at: datetime) -> dict[str, object]:
    """What the certificate says, in plain values: codes, counts and staff numbers, nothing of the persons."""
    items = list(batch.items.order_by("customer__number").values_list("customer__number", "state", "refusal", "clause"))
    done = [(number, clause) for number, state, _refusal, clause in items if state == DestructionItem.State.DONE]
    skipped = Counter(refusal for _number, state, refusal, _clause in items if state == DestructionItem.State.SKIPPED)
    return {
        "number": batch.number,
        "action": batch.action,
        "origin": batch.origin,
        "basis": batch.basis,
        "rules_version": batch.rules_version,
        "clauses": dict(sorted(Counter(clause for _number, clause in done).items())),
        "proposed_by": _who(batch.proposed_by),
        "proposed_at": batch.proposed_at.isoformat(),
        "decided_by": _who(batch.decided_by),
        "decided_at": batch.decided_at.isoformat() if batch.decided_at else "",
        "finished_at": batch.finished_at.isoformat() if batch.finished_at else "",
        "closed_at": at.isoformat(),
        "customers": len(done),
        "skipped": dict(sorted(skipped.items())),
        "counts": {kind: list(counts) for kind, counts in sorted(batch.counts.items())},
        "numbers_digest": numbers_digest(number for number, _clause in done),
        "copies": [_copy(copy) for copy in _copies(batch)],
    }


def _copies(batch: DestructionBatch) -> Iterable[CopyAnswer]:
    return batch.copies.select_related("source", "recipient", "export").order_by("pk")


def _copy(copy: CopyAnswer) -> dict[str, object]:
    kept = {"reason": copy.reason, "until": copy.until.isoformat() if copy.until else ""}
    return {
        "who": holder_code(copy),
        "state": copy.state,
        "asked": copy.count_asked,
        "destroyed": copy.count_told,
        "answered_at": copy.answered_at.isoformat() if copy.answered_at else "",
        **kept,
    }


def _who(staff: object) -> str:
    return getattr(staff, "employee_number", "") if staff else ""
