"""Rights explained: the answer is what the read path does, step by step, and holds no value."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccessEntry, Branch, Channel, Staff
from accounts.purposes import Purpose, purposes_of
from customers import reading
from customers.access import Level, Place
from customers.models import Customer, CustomerStaffGrant, Protection
from customers.reading import catalogue, disclosure
from customers.reports.effective_rights import Explanation, Outcome, explain, source_of
from customers.reports.effective_scope import Way, is_protected, is_visible, ways_to
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, grant, make_customer

pytestmark = pytest.mark.usefixtures("master")
PAGE = "/customers/effective-rights/"
VALUES = {"name": "홍길동", "mobile": "01011112222", "email": "hong@example.kr", "rrn_mask": "850302-2******"}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    reading.rules_version.cache_clear()
    cache.delete(reading.RULES_KEY)


def explained(staff: Staff, customer: Customer | None, item: str = "", **more: object) -> Explanation:
    """The answer for a member of staff as the page reads them, in English."""
    fresh = Staff.objects.select_related("branch", "channel").get(pk=staff.pk)
    with override("en"):
        return explain(fresh, customer, item, **more)


def texts(found: Explanation) -> str:
    """All that the steps say."""
    return "\n".join([step.text + "".join(f"\n- {note}" for note in step.notes) for step in found.steps])


def login(*roles: str) -> Client:
    client = Client()
    client.force_login(make_staff(*(roles or ("ADMINISTRATOR",)), language="en"))
    return client


def protect(customer: Customer) -> None:
    Protection.objects.create(customer=customer, kind="VIP", reason="VIP", protected_at=NOW)


def opens(staff: Staff, customer: Customer, ways: list[Way]) -> bool:
    """What the ways told say together."""
    if not (staff.is_active and staff.has_perm("customers.view_customer")) or not any(way.is_open for way in ways):
        return False
    if not is_protected(customer) or staff.has_perm("customers.view_protected_customer"):
        return True
    return any(way.is_open and way.passes for way in ways)


def test_a_keeper_is_told_the_way_and_the_rule():
    planner = make_staff("FP")
    customer = make_customer(keeper=planner, **VALUES)

    found = explained(planner, customer, "mobile")

    assert [step.outcome for step in found.steps] == [
        *(Outcome.OPEN,) * 3,
        Outcome.TOLD,
        Outcome.OPEN,
        Outcome.TOLD,
        Outcome.OPEN,
        Outcome.TOLD,
    ]
    assert texts(found).split("\n") == [
        "The account is active.",
        "Roles: Financial planner.",
        "The right to see customers is given by: Financial planner.",
        "Purpose: Policy service.",
        "- Open to the person: Policy service, Sales, Claims.",
        "The customer is within what the person sees.",
        "- Keeper: the person keeps this customer.",
        "- Branch: no role gives the customers of the own branch.",
        "- Single grants: none.",
        "Grade of the item: 2 · private.",
        "Rule that decided: Financial planner / any purpose / 2 · private / own customers / anywhere → whole.",
        "- Financial planner alone: whole",
        "The person works in no channel, so no limit of a channel holds.",
    ]
    assert (found.answer, found.is_shown) == ("Mobile: whole. Shown because the customer is in your scope.", True)


def test_who_is_outside_is_told_which_ways_are_closed():
    planner, keeper = make_staff("FP", branch=make_branch("B1")), make_staff("FP")

    found = explained(planner, make_customer(keeper=keeper), "mobile")

    assert "every page says that it is not found" in texts(found)
    assert f"- Keeper: somebody else ({keeper.employee_number}) keeps this customer." in texts(found)
    assert (found.is_shown, found.answer) == (
        False,
        "Mobile: not shown, because the customer is not found for this person.",
    )
    assert {level for line in found.lines for level in line.levels} == {"not shown"}


def test_the_path_of_the_branch_is_told():
    head = make_branch("H0")
    own, elsewhere = make_branch("B1", parent=head), make_branch("B2", parent=head)
    customer = make_customer(main_branch=own)

    near, far = (explained(make_staff("BRANCH_MANAGER", branch=branch), customer) for branch in (head, elsewhere))

    assert "main branch B1 지점 (B1) stands in or below the own one, H0 지점 (H0)" in texts(near)
    assert "the main branch B1 지점 (B1) does not stand below the own one, B2 지점 (B2)" in texts(far)


def test_a_grant_is_told_with_reason_end_and_giver():
    planner, lead = make_staff("FP"), make_staff(name="문태양", employee_number="L1")
    customer = make_customer(**VALUES)
    grant(customer, planner)
    CustomerStaffGrant.objects.update(
        reason="사고 접수 850302-2123456", granted_by=lead, granted_at=NOW, ends_at=NOW + timedelta(days=365)
    )

    with_grant = explained(planner, customer, "mobile")
    CustomerStaffGrant.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    after = explained(planner, customer, "mobile")

    assert "Single grant: Case. By: 문태양 (L1)" in texts(with_grant)
    assert "850302-2123456" not in texts(with_grant)
    assert (with_grant.is_shown, after.is_shown) == (True, False)
    assert "Single grant that has ended" in texts(after)


def test_a_protected_customer_is_explained():
    steward, customer = make_staff("DATA_STEWARD"), make_customer()
    protect(customer)

    found = explained(steward, customer, "name")

    assert found.is_shown is False
    assert "- The customer is protected: only the keeper, people named and holders of the right see it." in texts(found)


def test_a_closed_account_and_one_without_roles_are_explained():
    left, idle = make_staff("FP"), make_staff()
    Staff.objects.filter(pk=left.pk).update(is_active=False)
    customer = make_customer(keeper=left)

    steps = [explained(staff, customer, "name").steps for staff in (left, idle)]

    closed = [[step.text for step in one if step.outcome is Outcome.CLOSED][:2] for one in steps]
    assert closed == [
        ["The account is closed, so nothing is shown.", "No role gives the right to see customers."],
        ["The person holds no role, and rules speak of roles.", "No role gives the right to see customers."],
    ]


def test_the_purpose_asked_for_decides_and_one_not_open_is_told():
    planner = make_staff("FP")
    customer = make_customer(keeper=planner)

    sales, campaign = (explained(planner, customer, "rrn", purpose=one) for one in (Purpose.SALES, Purpose.CAMPAIGN))

    assert "Not shown for the purpose that you work for now." in sales.answer
    assert "- Not open to the person: Campaigns. So the purpose where their role begins was taken." in texts(campaign)


def test_the_limit_of_a_channel_is_told():
    planner = make_staff("FP", channel=Channel.objects.get(code="BANCASSURANCE"))

    found = explained(planner, make_customer(keeper=planner), "mobile")

    assert "- Limited for the staff of your channel by: 보험업법 제100조" in texts(found)
    assert "Its limit takes away down to: masked." in texts(found)


def test_without_a_customer_all_items_stand_by_purpose_and_scope():
    found = explained(make_staff("FP"), None)

    assert found.columns == (
        "Policy service, own customers",
        "Policy service, single customers granted",
        "Sales, own customers",
        "Sales, single customers granted",
        "Claims, own customers",
        "Claims, single customers granted",
    )
    levels = {line.code: line.levels for line in found.lines}
    assert (
        levels["rrn"]
        == ("masked, opens with a reason",) * 2 + ("not shown",) * 2 + ("masked, opens with a reason",) * 2
    )


CASES = st.fixed_dictionaries(
    {
        "roles": st.sets(
            st.sampled_from(["FP", "BRANCH_MANAGER", "DATA_STEWARD", "PRIVACY_OFFICER", "ADMINISTRATOR"]), max_size=2
        ),
        "is_active": st.booleans() | st.just(True),
        "place_of_staff": st.sampled_from([None, "H0", "B1", "B2"]),
        "place_of_customer": st.sampled_from([None, "H0", "B1", "B2"]),
        "is_keeper": st.booleans(),
        "grant": st.sampled_from([None, "open", "ended", "group"]),
        "is_protected": st.booleans(),
        "channel": st.sampled_from([None, "BANCASSURANCE"]),
        "purpose": st.sampled_from([None, Purpose.SALES, Purpose.CLAIMS]),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CASES)
def test_the_answer_is_what_the_read_path_does(case):
    branches = branches_of_a_company()
    staff = make_staff(
        *sorted(case["roles"]),
        branch=branches.get(case["place_of_staff"]),
        channel=Channel.objects.filter(code=case["channel"]).first(),
    )
    customer = make_customer(
        main_branch=branches.get(case["place_of_customer"]), keeper=staff if case["is_keeper"] else None
    )
    if case["grant"] == "group" and staff.groups.exists():
        grant(customer, staff.groups.first())
    elif case["grant"] in ("open", "ended"):
        grant(customer, staff)
        past = timezone.now() - timedelta(days=1)
        CustomerStaffGrant.objects.filter(user=staff).update(ends_at=past if case["grant"] == "ended" else None)
    if case["is_protected"]:
        protect(customer)
    Staff.objects.filter(pk=staff.pk).update(is_active=case["is_active"])

    found = explained(staff, customer, "mobile", purpose=case["purpose"])

    viewer = Staff.objects.get(pk=staff.pk)
    is_seen = Customer.objects.visible_to(viewer).filter(pk=customer.pk).exists()
    assert is_visible(viewer, customer) is is_seen
    assert opens(viewer, customer, list(ways_to(viewer, customer, source_of=source_of))) is is_seen
    purpose = case["purpose"] if case["purpose"] in purposes_of(viewer) else None
    level = disclosure(catalogue()["mobile"], viewer, customer, Place.PROFILE, purpose).level
    assert found.is_shown is (is_seen and level is not Level.NOTHING)


def branches_of_a_company() -> dict[str, object]:
    """A head office with two branches, opened once."""
    if not Branch.objects.filter(code="H0").exists():
        head = make_branch("H0")
        make_branch("B1", parent=head)
        make_branch("B2", parent=head)
    return {branch.code: branch for branch in Branch.objects.all()}


@pytest.mark.parametrize(
    ("role", "status"), [("ADMINISTRATOR", 200), ("AUDITOR", 200), ("COMPLIANCE_OFFICER", 200), ("DATA_STEWARD", 403)]
)
def test_the_page_is_for_those_who_explain_rights(role, status):
    assert login(role).get(PAGE).status_code == status


def test_the_page_shows_no_value_and_leaves_a_trace():
    planner = make_staff("FP", employee_number="F1")
    customer = make_customer(keeper=planner, **VALUES)
    client = login()

    page = client.get(
        PAGE, {"staff": "F1", "customer": f"C-{customer.number[:9]}-{customer.number[9]}", "item": "mobile"}
    )

    text = page.content.decode()
    assert "Mobile: whole." in text
    assert [value for value in (*VALUES.values(), "010-1111-2222", "홍길") if value in text] == []
    entry = AccessEntry.objects.filter(page="customers:effective-rights", customers__contains=[customer.pk]).get()
    assert entry.conditions == '{"staff": "F1", "item": "mobile"}'


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"staff": "nobody"}, "Nobody has this employee number."),
        ({"staff": "", "customer": ""}, "This field is required."),
        ({"staff": "F1", "customer": "0000123459"}, "There is no customer of this number."),
        ({"staff": "F1", "customer": "홍길동"}, "There is no customer of this number."),
        ({"staff": "F1", "item": "shoe_size"}, "Select a valid choice."),
    ],
)
def test_the_page_says_what_it_cannot_find(asked, error):
    make_staff("FP", employee_number="F1")

    page = login().get(PAGE, asked)

    assert (page.status_code, page.context["explanation"]) == (200, None)
    assert error in re.sub(r"\s+", " ", page.content.decode())


def test_the_page_begins_with_a_hint():
    assert "Enter an employee number." in login().get(PAGE).content.decode()


def test_the_page_needs_as_many_queries_for_three_grants_as_for_one():
    planner, customer, client = make_staff("FP", employee_number="F1"), make_customer(), login()
    asked, counts = {"staff": "F1", "customer": customer.number, "item": "mobile"}, []
    client.get(PAGE, asked)
    for more in (1, 2):
        for number in range(more):
            group = Group.objects.create(name=f"TEAM {more} {number}")
            planner.groups.add(group)
            grant(customer, group)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, asked)
        counts.append(len(queries))

    assert counts[0] == counts[1]
