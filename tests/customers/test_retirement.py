"""Where a retired number went: when, by whom or by which rule, why, and by which steps."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation

from accounts.models import Staff
from customers.models import Customer
from customers.numbering import written_number
from customers.reports.retirement import Step, retirement_of
from tests.accounts.builders import make_staff
from tests.customers.builders import KST, feed, make_ci, make_customer, make_rrn, person
from tests.customers.histories import born, bring_back, changed, merge

pytestmark = pytest.mark.usefixtures("master", "english")
MAY, JUNE, JULY, AUGUST, SEPTEMBER = (datetime(2024, month, 1, 9, tzinfo=KST) for month in range(5, 10))


@pytest.fixture
def english() -> Iterator[None]:
    """All sentences in English."""
    with translation.override("en"):
        yield


def steward() -> Staff:
    return make_staff("DATA_STEWARD", employee_number="S1", name="정다은", language="en")


def steps_of(retired: Customer, survivor: Customer, viewer: Staff | None = None) -> tuple[Step, ...]:
    return retirement_of(retired.number, survivor, viewer or make_staff("DATA_STEWARD")).steps


def test_a_merge_by_a_person_says_who_and_why():
    one, other = make_customer(), make_customer()
    merge(other, one, at=JUNE, by=steward(), reason_code="DOCUMENT", comment="신분증 850302-2123456 대조")

    assert steps_of(other, one) == (
        Step(other.number, one.number, JUNE, "정다은 (S1)", "Seen in a document", "신분증 850302-2****** 대조"),
    )


def test_the_comment_is_for_those_who_may_read_histories():
    one, other = make_customer(), make_customer()
    merge(other, one, at=JUNE, by=steward(), reason_code="OTHER", comment="통화로 확인")

    (step,) = steps_of(other, one, make_staff("FP"))

    assert (step.why, step.comment) == ("Another reason, told in the comment", "")


def test_a_chain_tells_every_step_though_the_number_leads_straight_to_its_end():
    first, second, third = (make_customer() for _number in range(3))
    merge(first, second, at=JUNE, by=steward(), reason_code="EVIDENCE")
    merge(second, third, at=JULY)

    retirement = retirement_of(first.number, third, make_staff("DATA_STEWARD"))

    assert Customer.objects.get(pk=first.pk).merged_into == third
    assert retirement.is_chain
    assert [(step.number, step.into, step.at, step.author, step.why) for step in retirement.steps] == [
        (first.number, second.number, JUNE, "정다은 (S1)", "Evident from the records"),
        (second.number, third.number, JULY, "automatic, by rule", "A source record tied the two together."),
    ]


def test_a_chain_from_before_there_were_acts_is_read_from_the_history():
    first, second, third = (born(at=MAY) for _number in range(3))
    for retired, survivor, at in ((first, second, JUNE), (second, third, JULY)):
        retired.absorbed.update(merged_into=survivor)
        changed(retired, at=at, state="MERGED", merged_into=survivor, merged_at=at)

    assert [(step.number, step.into, step.at) for step in steps_of(first, third)] == [
        (first.number, second.number, JUNE),
        (second.number, third.number, JULY),
    ]


def test_of_several_retirements_of_one_number_the_present_one_counts():
    one, other, last = (make_customer() for _number in range(3))
    back = bring_back(merge(other, one, at=JUNE), at=JULY)
    merge(back, last, at=AUGUST, by=steward(), reason_code="CUSTOMER_SAID")

    assert [(step.into, step.at, step.why) for step in steps_of(other, last)] == [
        (last.number, AUGUST, "Confirmed by the customer")
    ]


def test_an_earlier_retirement_in_the_history_does_not_count():
    one, other = born(at=MAY), born(at=MAY)
    for at, state in ((JUNE, "MERGED"), (JULY, "ACTIVE"), (AUGUST, "MERGED"), (SEPTEMBER, "MERGED")):
        merged = {"merged_into": one, "merged_at": min(at, AUGUST)} if state == "MERGED" else {}
        changed(other, at=at, state=state, **{"merged_into": None, "merged_at": None} | merged)

    assert [step.at for step in steps_of(other, one)] == [AUGUST]


def test_a_merge_by_rule_names_the_rule_that_tied_the_records():
    feed([person(source_key="K1", rrn=make_rrn())])
    feed([person(source_key="K2", ci=make_ci(), birth_date="")], "ONLINE")
    survivor, retired = Customer.objects.order_by("pk")
    feed([person(source_key="K3", rrn=make_rrn(), ci=make_ci())], "BANCA")

    (step,) = steps_of(retired, survivor)

    assert (step.author, step.why) == ("automatic, by rule", "Same connecting information (CI)")


def test_a_step_is_told_in_sentences():
    step = Step("0000123459", "0000006483", JUNE, "정다은 (S1)", "Seen in a document")

    assert step.told == (
        "C-000012345-9 was merged into C-000000648-3 on 2024-06-01. By: 정다은 (S1). Why: Seen in a document."
    )


def test_a_person_who_gave_no_reason_is_said_to_have_given_none():
    one, other = make_customer(), make_customer()
    merge(other, one, at=JUNE, by=steward())

    assert [step.why for step in steps_of(other, one)] == ["No reason was given."]


def test_many_numbers_in_one_survivor_cost_no_more_queries(django_assert_num_queries):
    survivor, viewer = make_customer(), make_staff("DATA_STEWARD")
    merged = [make_customer() for _number in range(3)]
    for number, retired in enumerate(merged):
        merge(retired, merged[number + 1] if number < 2 else survivor, at=datetime(2024, 6, 1 + number, tzinfo=KST))
    viewer.has_perm("customers.view_customer")

    with django_assert_num_queries(4):
        steps = retirement_of(merged[0].number, survivor, viewer).steps

    assert [written_number(step.into) for step in steps] == [
        written_number(customer.number) for customer in (*merged[1:], survivor)
    ]
