"""Merges that take a second person: laid before one, approved or refused by another, overtaken by what happens."""

import pytest

from accounts.models import Notice, Staff
from customers.models import Customer, Pair, Proposal
from customers.services import merges, proposals
from customers.stewardship import Why
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW
from tests.customers.stewarding import merge, now, people, record, together

pytestmark = pytest.mark.usefixtures("master")


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def lead() -> Staff:
    return make_staff("STEWARD_LEAD")


def propose(survivor: Customer, *retired: Customer, by: Staff, **more: object) -> Proposal:
    more = {"why": [Why.VALUE], "at": now(), "reason_code": "DOCUMENT", "comment": "등본"} | more
    return proposals.propose_merge(survivor=survivor, retired=retired, by=by, **more)


def test_a_proposal_says_what_by_whom_and_why(steward):
    one, other, third = people(3)
    at = now()

    proposal = propose(other, one, third, by=steward, at=at, why=[Why.VALUE, Why.IDENTIFIERS])

    assert Proposal.objects.values().get() == {
        **{"id": proposal.pk, "state": "OPEN", "survivor_id": other.pk, "retired_ids": [one.pk, third.pk]},
        **{"pair_id": None, "why": ["VALUE", "IDENTIFIERS"], "reason_code": "DOCUMENT", "comment": "등본"},
        **{"proposed_by_id": steward.pk, "proposed_at": at, "decided_by_id": None, "decided_at": None},
        **{"answer": "", "act_id": None},
    }
    assert together() == [["K0"], ["K1"], ["K2"]]


def test_an_approved_proposal_is_merged_as_proposed(steward, lead):
    one, other, third = people(3)
    Customer.objects.filter(pk=one.pk).update(grade="VIP")
    pair = Pair.objects.create(left=record("K0"), right=record("K1"), reason="ALIKE", found_at=NOW)
    proposal = propose(other, one, third, by=steward, pair=pair)
    at = now()

    act = proposals.approve_merge(proposal=proposal, by=lead, at=at)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decided_at, proposal.act) == ("APPROVED", lead, at, act)
    assert (act.kind, act.by, act.at, act.reason_code, act.comment, act.pair) == (
        *("MERGE", steward, at, "DOCUMENT", "등본"),
        pair,
    )
    assert together() == [["K0", "K1", "K2"]]
    assert Customer.objects.filter(state="ACTIVE").get() == other
    assert Pair.objects.get().state == "SAME"


def test_a_refused_proposal_leaves_everything_and_says_why(steward, lead):
    one, other = people(2)
    proposal = propose(one, other, by=steward)
    at = now()

    refused = proposals.refuse_merge(proposal=proposal, answer="동명이인", by=lead, at=at)

    assert (refused.state, refused.answer, refused.decided_by, refused.decided_at) == ("REFUSED", "동명이인", lead, at)
    assert together() == [["K0"], ["K1"]]


@pytest.mark.parametrize("decision", ["APPROVED", "REFUSED"])
def test_whoever_proposed_is_told_of_the_decision(steward, lead, decision):
    one, other = people(2)
    proposal = propose(one, other, by=steward)

    if decision == "APPROVED":
        proposals.approve_merge(proposal=proposal, by=lead, at=now())
    else:
        proposals.refuse_merge(proposal=proposal, answer="다른 사람", by=lead, at=now())

    notice = Notice.objects.get(kind=f"PROPOSAL_{decision}")
    assert (notice.staff, notice.what) == (steward, {"by": lead.employee_number})
    assert notice.url == f"/customers/proposals/{proposal.pk}/"


def test_nobody_decides_what_they_proposed(lead):
    one, other = people(2)
    proposal = propose(one, other, by=lead)

    with pytest.raises(proposals.SamePerson):
        proposals.approve_merge(proposal=proposal, by=lead, at=now())
    with pytest.raises(proposals.SamePerson):
        proposals.refuse_merge(proposal=proposal, answer="", by=lead, at=now())

    assert Proposal.objects.get().state == "OPEN"


def test_a_proposal_is_decided_once(steward, lead):
    one, other = people(2)
    proposal = propose(one, other, by=steward)
    proposals.refuse_merge(proposal=proposal, answer="", by=lead, at=now())

    with pytest.raises(proposals.AlreadyDecided):
        proposals.approve_merge(proposal=proposal, by=lead, at=now())

    assert together() == [["K0"], ["K1"]]


def test_a_proposal_overtaken_by_a_merge_is_not_approved(steward, lead):
    one, other, third = people(3)
    proposal = propose(one, other, by=steward)
    merge(third, other, by=steward)

    with pytest.raises(proposals.AlreadyDecided):
        proposals.approve_merge(proposal=proposal, by=lead, at=now())


def test_one_proposal_on_a_customer_waits_at_a_time(steward):
    one, other, third = people(3)
    waiting = propose(one, other, by=steward)

    with pytest.raises(proposals.AlreadyProposed) as refused:
        propose(third, other, by=steward)

    assert refused.value.proposal == waiting


def test_a_merge_that_cannot_be_done_leaves_its_proposal_open(steward, lead):
    one, other = people(2)
    proposal = propose(one, other, by=steward)
    Customer.objects.filter(pk=other.pk).update(kind="ORG")

    with pytest.raises(merges.KindsDiffer):
        proposals.approve_merge(proposal=proposal, by=lead, at=now())

    assert Proposal.objects.get().state == "OPEN"
