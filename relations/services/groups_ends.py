"""Group cover that ends: a dated event for the planner who keeps the person, where that person consented to be told."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Staff
from accounts.trail import saw
from customers.models import Contract, Customer, Protection
from relations.models import CoverEnd, GroupMember
from relations.services.rosters import hold_contract

log = logging.getLogger(__name__)
BATCH = 2_000
GONE = ("LAPSED", "WITHDRAWN", "VOID", "CANCELLED", "DECLINED", "SURRENDERED", "MATURED", "TERMINATED", "TRANSFERRED")
"""States of a contract under which nobody is covered any more."""
NO_CUSTOMER, NO_CONSENT, PROTECTED, NO_KEEPER = "NO_CUSTOMER", "NO_CONSENT", "PROTECTED", "NO_KEEPER"
WHY_NOT = (NO_CUSTOMER, PROTECTED, NO_CONSENT, NO_KEEPER)
"""Why nobody may tell a person that their cover ends."""


class NotYours(Exception):
    """The end is for another planner."""


class AlreadySeen(Exception):
    """The planner has noted it before."""


@transaction.atomic
def note_cover_ends(*, members: Sequence[GroupMember], because: Mapping[int, str], at: datetime) -> int:
    """Tell the right planners whose cover ends, or keep why nobody may be told; returns how many may.

    members: with `cover_until`; because: {id: a value of `CoverEnd.Because`}. What is told twice is written once.
    """
    linked = _customers_of(members)
    ends = [_end(member, linked.get(member.customer_id), because[member.pk], at) for member in members]
    CoverEnd.objects.bulk_create(
        ends,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["member", "on"],
        update_fields=["because", "fp", "why_not"],
    )
    return sum(not end.why_not for end in ends)


def _customers_of(members: Sequence[GroupMember]) -> dict[int, Customer]:
    """The persons behind the members, with their keeper and whether they are protected."""
    wanted = {member.customer_id for member in members if member.customer_id is not None}
    protected = Protection.objects.filter(customer=OuterRef("pk"))
    found = Customer.objects.filter(pk__in=wanted).annotate(is_protected=Exists(protected))
    return {customer.pk: customer for customer in found.select_related("keeper")}


def _end(member: GroupMember, customer: Customer | None, because: str, at: datetime) -> CoverEnd:
    why_not = _why_not(customer)
    fp = None if why_not else customer.keeper
    return CoverEnd(member=member, on=member.cover_until, because=because, fp=fp, why_not=why_not, made_at=at)


def _why_not(customer: Customer | None) -> str:
    if customer is None:
        return NO_CUSTOMER
    if customer.is_protected:
        return PROTECTED
    if customer.marketing_consent_on is None:
        return NO_CONSENT
    keeper = customer.keeper if customer.keeper_id else None
    return "" if keeper is not None and keeper.is_active else NO_KEEPER


@transaction.atomic
def see_cover_end(*, cover_end: CoverEnd, by: Staff, at: datetime) -> CoverEnd:
    """Note that the planner has seen the end of a cover. Raises NotYours, AlreadySeen."""
    cover_end = CoverEnd.objects.select_for_update(of=("self",)).select_related("member").get(pk=cover_end.pk)
    if cover_end.fp_id != by.pk:
        raise NotYours
    if cover_end.seen_at is not None:
        raise AlreadySeen
    cover_end.seen_at = at
    cover_end.save(update_fields=["seen_at"])
    saw([cover_end.member.customer_id])
    return cover_end


def end_covers_of_contracts(*, at: datetime) -> int:
    """Let cover end where the group contract has ended; returns how many members that were. Safe to repeat."""
    today = timezone.localdate(at)
    over = Q(status__in=GONE) | Q(ends_on__lte=today)
    covered = GroupMember.objects.filter(contract=OuterRef("pk"), cover_until=None)
    contracts = Contract.objects.filter(over, Exists(covered), product_group=Contract.ProductGroup.GROUP)
    return sum(_end_contract(contract, at) for contract in contracts.order_by("pk"))


@transaction.atomic
def _end_contract(contract: Contract, at: datetime) -> int:
    hold_contract(contract.pk)
    today = timezone.localdate(at)
    on = contract.ends_on if contract.ends_on and contract.ends_on <= today else today
    members = list(GroupMember.objects.filter(contract=contract, cover_until=None).order_by("pk"))
    for member in members:
        member.cover_until = max(on, member.cover_from)
    GroupMember.objects.bulk_update(members, ["cover_until"], batch_size=BATCH)
    because = dict.fromkeys((member.pk for member in members), CoverEnd.Because.CONTRACT)
    note_cover_ends(members=members, because=because, at=at)
    log.info("Group contract %s has ended, and with it the cover of %s members", contract.pk, len(members))
    return len(members)
