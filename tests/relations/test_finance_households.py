"""The finances of a household: what is summed, and who is left out and why."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Staff
from customers.models import Customer
from relations.models import Household, Membership
from relations.reports.finances import RollUp, household_roll_up
from relations.services import finances
from tests.accounts.builders import make_staff
from tests.customers.builders import contract, feed, make_customer, party, person
from tests.relations.finances import days_ago, record, record_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
NUMBERS = iter(range(1, 1000))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def household(*customers: Customer, **fields: object) -> Household:
    """A household of these members; `not_primary` names those who count elsewhere."""
    elsewhere = fields.pop("not_primary", ())
    made = Household.objects.create(number=f"H{next(NUMBERS):09}", kind="LIVING", opened_at=timezone.now())
    for customer in customers:
        Membership.objects.create(
            household=made,
            customer=customer,
            role="HEAD",
            basis="PERSON",
            is_primary=customer not in elsewhere,
            started_on=days_ago(100),
            recorded_at=timezone.now(),
        )
    return made


def mine(name: str, **fields: object) -> Customer:
    return make_customer(**{"name": name, "keeper_id": "F00001", "marketing_consent_on": "2026-01-01"} | fields)


def planner() -> Staff:
    return make_staff("FP", employee_number="F00001", language="en")


def told(roll_up: RollUp) -> dict[str, tuple[str, int, list[tuple[str, tuple[str, ...], int]]]]:
    """{label: sum, how many counted, who is left out}"""
    return {
        each.label: (each.text, each.counted, [(out.why, out.names, out.unnamed) for out in each.left_out])
        for each in roll_up.sums
    }


def test_a_roll_up_adds_ranges_and_says_of_each_sum_who_is_left_out_and_why():
    fp = planner()
    father, mother, son, old = mine("가나다"), mine("라마바"), mine("사아자"), mine("차카타")
    record(father, "INCOME", 30_000_000, 50_000_000)
    record(mother, "INCOME", 20_000_000, 30_000_000, as_of=days_ago(400))
    record(old, "INCOME", 20_000_000, 30_000_000, as_of=days_ago(3000))
    finances.withdraw_fact(fact=record(son), reason="잘못 들음", by=fp, at=timezone.now())
    record(father, "ASSETS", 600_000_000, None)
    record_policy(mother)
    record_policy(mother, insurer="또다른생명", monthly_premium=250_000)

    found = household_roll_up(household(father, mother, son, old), fp)

    nobody = ("nothing was told", ("가나다", "라마바", "사아자", "차카타"), 0)
    assert (found.members, found.left_out) == (4, ())
    assert told(found) == {
        "Income a year": (
            "40 million to 100 million won",
            2,
            [("what was told was withdrawn", ("사아자",), 0), ("what was told is too old", ("차카타",), 0)],
        ),
        "Assets": ("500 million won or more", 1, [("nothing was told", ("라마바", "사아자", "차카타"), 0)]),
        "Debts": ("", 0, [nobody]),
        "Premium capacity": ("", 0, [nobody]),
        "Monthly premium in force": ("0 won", 4, []),
        "Policies elsewhere": (
            "250,000 to 400,000 won",
            1,
            [("nothing was told", ("가나다", "사아자", "차카타"), 0)],
        ),
    }
    assert [each.stage for each in found.sums[:2]] == ["Ageing", "Fresh"]


def test_hidden_members_are_counted_as_left_out_and_nothing_of_theirs_is_summed():
    fp, own = planner(), mine("가나다")
    far, silent, elsewhere = (
        mine("라마바", keeper_id="F00009"),
        mine("사아자", marketing_consent_on=None),
        mine("차카타"),
    )
    for customer in (own, far, silent, elsewhere):
        record(customer)
    home = household(own, far, silent, elsewhere, not_primary=[elsewhere])

    found = household_roll_up(home, fp)

    assert found.members == 4
    assert [(out.why, out.names, out.unnamed) for out in found.left_out] == [
        ("not among your customers", (), 1),
        ("has neither consented nor a contract", (), 1),
        ("counts in another household", ("차카타",), 0),
    ]
    assert told(found)["Income a year"] == ("30 million to 50 million won", 1, [])
    assert told(household_roll_up(household(mine("하나")), fp))["Income a year"][:2] == ("", 0)
    assert household_roll_up(household(mine("파하거", keeper_id="F00009")), fp).sums == ()


def test_who_left_the_household_or_was_merged_away_is_no_member():
    fp, stays, left = planner(), mine("가나다"), mine("라마바")
    home = household(stays, left)
    Membership.objects.filter(customer=left).update(ended_on=days_ago(1), ended_at=timezone.now())

    assert household_roll_up(home, fp).members == 1


def test_the_monthly_premium_is_that_of_policyholders_of_contracts_in_force():
    fp = planner()
    feed(
        [person(source_key=f"K{place}", name=name, fp_code="F00001") for place, name in enumerate(("가나다", "라마바"))]
    )
    feed(
        [
            contract(contract_no="P-1", premium="30000"),
            contract(contract_no="P-2", premium="120000", premium_cycle="ANNUAL"),
            contract(contract_no="P-3", premium="70000", status="LAPSED"),
        ],
        layout="contracts",
    )
    parties = [("P-1", "POLICYHOLDER", "K0"), ("P-1", "INSURED", "K1"), ("P-2", "POLICYHOLDER", "K1")]
    parties += [("P-3", "POLICYHOLDER", "K1")]
    feed([party(contract_no=no, role=role, party_source_key=key) for no, role, key in parties], layout="parties")
    Customer.objects.update(keeper="F00001")

    found = household_roll_up(household(*Customer.objects.order_by("pk")), fp)

    assert told(found)["Monthly premium in force"] == ("40,000 won", 2, [])


def test_who_may_see_no_finances_gets_none_and_who_sees_masks_gets_no_sum():
    customer = mine("가나다", keeper_id="M00001")
    record(customer)
    home = household(customer)

    masked = household_roll_up(home, make_staff("BRANCH_MANAGER", employee_number="M00001"))

    assert household_roll_up(home, make_staff("CAMPAIGN_MANAGER")) is None
    assert told(masked)["Income a year"] == (
        "",
        0,
        [("not shown to you by the rules of access", ("가나다",), 0)],
    )


def test_a_roll_up_costs_as_many_queries_for_three_members_as_for_one():
    fp = planner()
    homes = [household(mine("가나다")), household(mine("가나다"), mine("라마바"), mine("사아자"))]
    for customer in Customer.objects.all():
        record(customer)
    household_roll_up(homes[0], fp)
    counts = []
    for home in homes:
        with CaptureQueriesContext(connection) as captured:
            household_roll_up(home, fp)
        counts.append(len(captured))

    assert counts == [4, 4]


def test_the_card_says_sums_and_who_is_left_out():
    fp, own, far = planner(), mine("가나다"), mine("라마바", keeper_id="F00009")
    record(own)
    record(far, "INCOME", 1, 2)

    written = render_to_string(
        "relations/_household_finances.html", {"roll_up": household_roll_up(household(own, far), fp)}
    )

    assert "30 million to 50 million won" in written
    assert "1 of 2" in written
    assert "not among your customers" in written
    assert "라마바" not in written
    assert render_to_string("relations/_household_finances.html", {"roll_up": None}).strip() == ""
