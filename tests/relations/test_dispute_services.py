"""The desk of prospects: what a decision brings about, and who may not decide."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from customers.models import Customer, Link, Ruling, SourceRecord
from relations.models import Prospect
from relations.services import disputes, prospects
from tests.customers.builders import NOW, feed, make_rrn, person
from tests.relations.prospecting import HA, acquisition, dispute_of, judge, keeper_of, made, planner, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LATER = NOW + timedelta(hours=5)
OTHERWISE = {"birth_date": "1985-01-05"}


def review() -> tuple[Prospect, Prospect]:
    """A prospect, and one before the desk that is similar."""
    first = made(planner())
    return first, register(planner(), statement="동명이인입니다", **OTHERWISE).prospect


def claim() -> tuple[Prospect, Prospect]:
    """A prospect, and one before the desk that claims it."""
    first = made(planner())
    return first, register(planner(), statement="제가 먼저 만났습니다").prospect


def decide(prospect: Prospect, *, is_upheld: bool, reason: str, by: object = None) -> None:
    disputes.judge_dispute(
        dispute=dispute_of(prospect),
        is_upheld=is_upheld,
        reason=reason,
        finding="확인함",
        by=by or judge(),
        at=LATER,
    )
    prospect.refresh_from_db()


def notices() -> list[tuple[str, str]]:
    return [(notice.staff.employee_number, notice.kind) for notice in Notice.objects.order_by("pk")]


def test_a_review_upheld_lets_somebody_else_in_as_a_customer_of_its_own():
    first, second = review()

    decide(second, is_upheld=True, reason="SOMEBODY_ELSE")

    assert (second.state, second.protected_until) == ("ACTIVE", LATER.date() + timedelta(days=30))
    assert second.customer != first.customer
    assert keeper_of(second.customer) == second.fp.employee_number
    assert notices() == [(second.fp.employee_number, "PROSPECT_UPHELD")]


def test_a_review_rejected_keeps_nothing_of_the_person():
    first, second = review()

    decide(second, is_upheld=False, reason="SAME_PERSON")

    assert (second.state, second.name, second.mobile, second.record) == ("REFUSED", "", "", None)
    assert keeper_of(first.customer) == first.fp.employee_number
    assert notices() == [(second.fp.employee_number, "PROSPECT_REJECTED")]


def test_a_claim_shows_both_sides_dates_and_proofs_and_tells_the_other_side():
    first, second = claim()

    dispute = dispute_of(second)
    assert (dispute.kind, dispute.against, dispute.customer) == ("CLAIM", first, first.customer)
    assert set(dispute.facts["asker"]) == set(dispute.facts["holder"])
    assert [dispute.facts[side]["branch"] for side in ("asker", "holder")] == [first.branch.code, second.branch.code][
        ::-1
    ]
    assert notices() == [(first.fp.employee_number, "PROSPECT_CLAIMED")]
    written = str(dispute.facts)
    assert [value for value in ("한여름", "6789", "1991") if value in written] == []


def test_a_claim_upheld_moves_the_prospect_with_a_new_protection():
    first, second = claim()

    decide(second, is_upheld=True, reason="NO_CONTACT")

    first.refresh_from_db()
    assert (first.state, second.state, second.customer) == ("RELEASED", "ACTIVE", first.customer)
    assert list(first.events.order_by("pk").values_list("kind", flat=True)) == ["REGISTERED", "DISPUTED", "MOVED"]
    assert keeper_of(second.customer) == second.fp.employee_number
    assert list(Customer.objects.visible_to(first.fp)) == []
    assert notices()[1:] == [
        (second.fp.employee_number, "PROSPECT_UPHELD"),
        (first.fp.employee_number, "PROSPECT_MOVED"),
    ]


def test_a_claim_rejected_leaves_it_where_it_is():
    first, second = claim()

    decide(second, is_upheld=False, reason="EARLIER_CONTACT")

    first.refresh_from_db()
    assert (first.state, second.state) == ("ACTIVE", "REFUSED")
    assert notices()[1:] == [
        (second.fp.employee_number, "PROSPECT_REJECTED"),
        (first.fp.employee_number, "PROSPECT_KEPT"),
    ]


def test_a_customer_of_the_company_is_not_claimed():
    feed([person(**{column: text for column, text in HA.items() if text})])
    asked = register(planner(), statement="제 고객입니다").prospect

    with pytest.raises(disputes.NotAProspect):
        decide(asked, is_upheld=True, reason="CUSTOMERS_WISH")

    asked.refresh_from_db()
    assert (asked.state, dispute_of(asked).state, SourceRecord.objects.count()) == ("REVIEW", "OPEN", 1)


def test_what_the_desk_keeps_apart_no_later_run_joins():
    first, second = review()
    decide(second, is_upheld=True, reason="SOMEBODY_ELSE")

    feed([person(source_key="K1", name=HA["name"], birth_date=HA["birth_date"], mobile=HA["mobile"])])

    holders = dict(Link.objects.values_list("record", "customer"))
    assert holders[second.record_id] != holders[first.record_id]
    assert not Ruling.objects.filter(withdrawn_at=None).exclude(answer="DIFFERENT").exists()


def test_nobody_judges_a_case_of_their_own_branch():
    first, second = claim()

    for branch in (first.branch, second.branch):
        own = judge()
        own.branch = branch
        own.save()
        with pytest.raises(disputes.OwnCase):
            decide(second, is_upheld=True, reason="NO_CONTACT", by=own)


@pytest.mark.parametrize(
    ("is_upheld", "reason"), [(True, "SAME_PERSON"), (False, "NO_CONTACT"), (True, "SOMEBODY_ELSE")]
)
def test_a_reason_must_fit_the_decision(is_upheld, reason):
    _first, second = claim()

    with pytest.raises(disputes.NoSuchReason):
        decide(second, is_upheld=is_upheld, reason=reason)


def test_a_question_is_decided_once():
    _first, second = review()
    dispute = dispute_of(second)
    decide(second, is_upheld=False, reason="SAME_PERSON")

    for act in (
        lambda: decide(second, is_upheld=True, reason="SOMEBODY_ELSE"),
        lambda: disputes.withdraw_dispute(dispute=dispute, by=second.fp, at=LATER),
        lambda: disputes.answer_dispute(dispute=dispute, statement="아님"),
    ):
        with pytest.raises(disputes.AlreadyDecided):
            act()


def test_a_question_can_be_withdrawn_and_then_nothing_is_kept():
    _first, second = review()

    disputes.withdraw_dispute(dispute=dispute_of(second), by=second.fp, at=LATER)

    second.refresh_from_db()
    assert (second.state, second.name, dispute_of(second).state) == ("RELEASED", "", "WITHDRAWN")


def test_no_resident_number_comes_before_the_desk():
    first, second = claim()
    number, dispute = make_rrn("910708", 2), dispute_of(second)

    with pytest.raises(prospects.HoldsResidentNumber):
        disputes.answer_dispute(dispute=dispute, statement=number)
    with pytest.raises(prospects.HoldsResidentNumber):
        disputes.judge_dispute(
            dispute=dispute, is_upheld=True, reason="NO_CONTACT", finding=number, by=judge(), at=LATER
        )
    with pytest.raises(prospects.HoldsResidentNumber):
        prospects.register_prospect(
            cells=HA, acquisition=acquisition(), by=planner(), at=NOW, statement=f"고객 {number}"
        )
