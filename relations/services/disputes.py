"""The desk: who says what about a prospect, and what is decided. Nobody judges a case of their own branch."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.free_text import without_resident_numbers
from accounts.models import Staff
from accounts.trail import saw
from customers.services.locks import hold_golden_soon
from customers.services.splits import split_record
from relations.models import Prospect, ProspectDispute, ProspectEvent
from relations.services import prospects_taking as taking
from relations.services.disputes_raising import tell
from relations.services.prospects import HoldsResidentNumber, activate
from relations.services.prospects_lives import end

Kind, State, Reason = ProspectDispute.Kind, ProspectDispute.State, ProspectDispute.Reason
REASONS = {
    (Kind.REVIEW, True): (Reason.SOMEBODY_ELSE,),
    (Kind.REVIEW, False): (Reason.SAME_PERSON, Reason.NO_EVIDENCE),
    (Kind.CLAIM, True): (Reason.EARLIER_CONTACT, Reason.NO_CONTACT, Reason.NO_EVIDENCE, Reason.CUSTOMERS_WISH),
    (Kind.CLAIM, False): (Reason.SAME_PERSON, Reason.EARLIER_CONTACT, Reason.NO_EVIDENCE, Reason.CUSTOMERS_WISH),
}
"""{(kind of the question, whether it was decided for the one who asked): reasons that this can have}."""


class AlreadyDecided(Exception):
    """The question was decided, withdrawn or overtaken before."""


class OwnCase(Exception):
    """The judge belongs to the branch of one of the two sides, or is one of them."""


class NoSuchReason(Exception):
    """The reason does not fit the decision."""


class NotAProspect(Exception):
    """Nobody holds the person as a prospect: a customer of the company is handed over, not claimed."""


@transaction.atomic
def answer_dispute(*, dispute: ProspectDispute, statement: str) -> ProspectDispute:
    """Let the planner whose prospect is claimed say their side. Raises AlreadyDecided, HoldsResidentNumber."""
    dispute = _open(dispute)
    if without_resident_numbers(statement) != statement:
        raise HoldsResidentNumber
    dispute.answer_statement = statement
    dispute.save(update_fields=["answer_statement"])
    return dispute


@transaction.atomic
def withdraw_dispute(*, dispute: ProspectDispute, by: Staff, at: datetime) -> ProspectDispute:
    """Take a question back, and with it the prospect that waited for the answer. Raises AlreadyDecided,
    locks.StockBusy."""
    hold_golden_soon()
    dispute = _open(dispute)
    end([dispute.prospect], Prospect.State.RELEASED, ProspectEvent.Kind.RELEASED, by=by, at=at)
    dispute.refresh_from_db()
    return dispute


@transaction.atomic
def judge_dispute(
    *, dispute: ProspectDispute, is_upheld: bool, reason: str, finding: str, by: Staff, at: datetime
) -> ProspectDispute:
    """Decide a question, let what follows happen, and tell both planners.

    For a review, upheld: the prospect becomes active, apart from the one it is similar to. For a claim, upheld: the
    prospect goes over to the one who asked, with a new protection. Raises AlreadyDecided, OwnCase, NoSuchReason,
    NotAProspect, HoldsResidentNumber, locks.StockBusy.
    """
    if without_resident_numbers(finding) != finding:
        raise HoldsResidentNumber
    hold_golden_soon()
    dispute = _open(dispute)
    if is_own_case(dispute, by):
        raise OwnCase
    if reason not in REASONS[Kind(dispute.kind), is_upheld]:
        raise NoSuchReason
    dispute.state = State.UPHELD if is_upheld else State.REJECTED
    dispute.reason, dispute.finding, dispute.decided_by, dispute.decided_at = reason, finding, by, at
    dispute.save(update_fields=["state", "reason", "finding", "decided_by", "decided_at"])
    if is_upheld:
        _uphold(dispute, by, at)
    else:
        end([dispute.prospect], Prospect.State.REFUSED, ProspectEvent.Kind.REFUSED, by=by, at=at)
    _tell_both(dispute, is_upheld=is_upheld, at=at)
    if dispute.customer_id:
        saw(dispute.customer_id)
    return dispute


def is_own_case(dispute: ProspectDispute, judge: Staff) -> bool:
    """Whether the judge is party to the case: one of the two planners, or of the branch of one."""
    sides = [side for side in (dispute.prospect, dispute.against) if side is not None]
    branches = {side.branch_id for side in sides} | {side.fp.branch_id for side in sides}
    if dispute.customer is not None and dispute.customer.main_branch is not None:
        branches.add(dispute.customer.main_branch.pk)
    return judge.pk in {side.fp_id for side in sides} or (judge.branch_id is not None and judge.branch_id in branches)


def _uphold(dispute: ProspectDispute, by: Staff, at: datetime) -> None:
    """Let the prospect in, in the place of the one that it was claimed from."""
    prospect, against, is_claim = dispute.prospect, dispute.against, dispute.kind == Kind.CLAIM
    if is_claim:
        if against is None or against.state != Prospect.State.ACTIVE:
            raise NotAProspect
        end([against], Prospect.State.RELEASED, ProspectEvent.Kind.MOVED, by=by, at=at)
    taken = taking.take_in(prospect, at=at, by=by, is_joined=True)
    customer = taken.customer
    if not (is_claim or taken.is_new_customer or taking.is_free(taken)):
        # The engine joined the two; the desk says otherwise, and what a person rules outranks it for ever.
        _act, customer = split_record(
            record=taken.record, by=by, at=at, reason_code="EVIDENCE", comment=dispute.finding
        )
    activate(prospect, record=taken.record, customer=customer, at=at)
    prospect.save(update_fields=["state", "record", "customer", "protected_until"])
    taking.write_event(prospect, ProspectEvent.Kind.ACCEPTED, at=at, by=by)
    taking.keep(prospect, at=at, by=by)
    saw(prospect.customer_id)


def _tell_both(dispute: ProspectDispute, *, is_upheld: bool, at: datetime) -> None:
    tell(dispute.prospect.fp, "PROSPECT_UPHELD" if is_upheld else "PROSPECT_REJECTED", dispute.prospect, at)
    if dispute.kind == Kind.CLAIM and dispute.against is not None:
        tell(dispute.against.fp, "PROSPECT_MOVED" if is_upheld else "PROSPECT_KEPT", dispute.against, at)


def _open(dispute: ProspectDispute) -> ProspectDispute:
    """The question, locked, with both sides. Raises AlreadyDecided."""
    both = ("prospect__fp", "prospect__branch", "against__fp", "against__branch", "customer__main_branch")
    dispute = ProspectDispute.objects.select_for_update(of=("self",)).select_related(*both).get(pk=dispute.pk)
    if dispute.state != State.OPEN:
        raise AlreadyDecided
    return dispute
