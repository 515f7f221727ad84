"""Merges that take a second person: proposed by one, approved or refused by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import Staff
from accounts.services.notices import notify
from customers.models import Act, Customer, Pair, Proposal
from customers.services import locks, merges
from customers.stewardship import Why


class AlreadyProposed(Exception):
    """A proposal with one of these customers is waiting. proposal: that one."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.pk)
        self.proposal = proposal


class AlreadyDecided(Exception):
    """Somebody decided the proposal meanwhile, or one of its customers was merged otherwise."""


class SamePerson(Exception):
    """Nobody approves what they proposed."""


class NotYourProposal(Exception):
    """A proposal is withdrawn by whom it comes from; others refuse it."""


@transaction.atomic
def propose_merge(
    *,
    survivor: Customer,
    retired: Sequence[Customer],
    why: Sequence[Why],
    by: Staff,
    at: datetime,
    reason_code: str = "",
    comment: str = "",
    pair: Pair | None = None,
) -> Proposal:
    """Lay a merge before a second person. Raises AlreadyProposed, locks.StockBusy."""
    locks.hold_golden_soon()
    ids = [survivor.pk, *(one.pk for one in retired)]
    waiting = Proposal.objects.waiting()
    held = (waiting.filter(survivor__in=ids) | waiting.filter(retired_ids__overlap=ids)).first()
    if held:
        raise AlreadyProposed(held)
    return Proposal.objects.create(
        survivor=survivor,
        retired_ids=ids[1:],
        pair=pair,
        why=[each.value for each in why],
        reason_code=reason_code,
        comment=comment,
        proposed_by=by,
        proposed_at=at,
    )


@transaction.atomic
def approve_merge(*, proposal: Proposal, by: Staff, at: datetime, seen: str | None = None) -> Act:
    """Merge as proposed. seen: `merges.mark_of` the customers that were looked at, the survivor first.

    Raises SamePerson, AlreadyDecided, and what `merges.merge_customers` raises.
    """
    locks.hold_golden_soon()
    proposal = _waiting(proposal, by)
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.APPROVED, decided_by=by, decided_at=at)
    act = merges.merge_customers(
        survivor=proposal.survivor,
        retired=[Customer.objects.get(pk=pk) for pk in proposal.retired_ids],
        by=proposal.proposed_by,
        at=at,
        reason_code=proposal.reason_code,
        comment=proposal.comment,
        pair=proposal.pair,
        is_approved=True,
        seen=seen,
    )
    Proposal.objects.filter(pk=proposal.pk).update(act=act)
    Pair.objects.filter(pk=proposal.pair_id).update(
        state=Pair.State.SAME, closed_at=at, overtaken_by="", assigned_to=None, assigned_at=None
    )
    _tell_author(proposal, "PROPOSAL_APPROVED", by, at)
    return act


@transaction.atomic
def refuse_merge(*, proposal: Proposal, answer: str, by: Staff, at: datetime) -> Proposal:
    """Refuse a proposal, with what its author is told; its pair stays open. Raises SamePerson, AlreadyDecided."""
    proposal = _waiting(proposal, by)
    proposal.state, proposal.answer, proposal.decided_by, proposal.decided_at = Proposal.State.REFUSED, answer, by, at
    proposal.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _tell_author(proposal, "PROPOSAL_REFUSED", by, at)
    return proposal


def _tell_author(proposal: Proposal, kind: str, by: Staff, at: datetime) -> None:
    """Let whoever proposed find the decision on the home page."""
    url = reverse("customers:proposal-detail", args=[proposal.pk])
    notify(staff=[proposal.proposed_by], kind=kind, at=at, what={"by": by.employee_number}, url=url)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Staff, at: datetime) -> Proposal:
    """Take an own proposal back before anybody decided it; its pair is in the queue again. Raises NotYourProposal,
    AlreadyDecided."""
    proposal = _open(proposal)
    if proposal.proposed_by_id != by.pk:
        raise NotYourProposal
    proposal.state, proposal.decided_by, proposal.decided_at = Proposal.State.OVERTAKEN, by, at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    return proposal


def _open(proposal: Proposal) -> Proposal:
    """The proposal as it is now, locked. Raises AlreadyDecided."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state != Proposal.State.OPEN:
        raise AlreadyDecided
    return proposal


def _waiting(proposal: Proposal, by: Staff) -> Proposal:
    proposal = _open(proposal)
    if proposal.proposed_by_id == by.pk:
        raise SamePerson
    return proposal
