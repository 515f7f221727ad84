"""Who sees which customers: the one query says the same as a slow reference that looks at every row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from guardian.shortcuts import assign_perm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Branch, Staff
from customers.models import Customer, CustomerStaffGrant, Protection
from customers.reading import Scope, is_in_scope, scope_of
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import grant, make_customer
from tests.customers.protecting import open_to, protect

pytestmark = pytest.mark.usefixtures("master")
# Roles, branch and special rights of everybody who looks; "" stands for none.
PEOPLE = (
    (("FP",), "T1"),
    (("FP",), ""),
    (("BRANCH_MANAGER",), "B1"),
    (("BRANCH_MANAGER",), "B10"),
    (("BRANCH_MANAGER",), ""),
    (("BRANCH_MANAGER", "FP"), "H0"),
    (("DATA_STEWARD",), "B1"),
    (("PRIVACY_OFFICER",), "H0"),
    (("ADMINISTRATOR",), "B1"),
)
HOURS = (None, -1, 1)


@dataclass(frozen=True)
class Drawn:
    """A customer as it is drawn. grants: (place of a person, hours until the end); groups: places of groups."""

    branch: int | None
    keeper: int | None
    protections: int
    grants: tuple[tuple[int, int | None], ...]
    groups: tuple[int, ...]


@dataclass(frozen=True)
class World:
    """Who and what there is beside customers."""

    people: tuple[Staff, ...]
    branches: tuple[Branch, ...]
    groups: tuple[Group, ...]


DRAWN = st.builds(
    Drawn,
    branch=st.none() | st.integers(0, 4),
    keeper=st.none() | st.integers(0, len(PEOPLE) - 1),
    protections=st.sampled_from((0, 0, 1, 2)),
    grants=st.dictionaries(st.integers(0, len(PEOPLE) - 1), st.sampled_from(HOURS), max_size=3).map(
        lambda held: tuple(held.items())
    ),
    groups=st.sets(st.integers(0, 1), max_size=2).map(tuple),
)


@pytest.fixture
def world(master: None) -> World:
    """A head office with two branches, of which one code begins like the other, and a team; two groups of people."""
    head = make_branch("H0")
    one, other = make_branch("B1", parent=head), make_branch("B10", parent=head)
    branches = (head, one, other, make_branch("T1", parent=one), make_branch("T2", parent=other))
    of_code = {branch.code: branch for branch in branches}
    people = [make_staff(*roles, branch=of_code.get(code)) for roles, code in PEOPLE]
    groups = (Group.objects.create(name="team"), Group.objects.create(name="nobody"))
    people[0].groups.add(groups[0])
    people[6].groups.add(groups[0])
    return World(tuple(Staff.objects.get(pk=one.pk) for one in people), branches, groups)


def make(drawn: Drawn, world: World) -> Customer:
    """The customer with all that hangs on it."""
    customer = make_customer(
        main_branch=None if drawn.branch is None else world.branches[drawn.branch],
        keeper=None if drawn.keeper is None else world.people[drawn.keeper],
    )
    for _number in range(drawn.protections):
        Protection.objects.create(customer=customer, kind="VIP", reason="-", protected_at=timezone.now())
    for place, hours in drawn.grants:
        made = assign_perm("customers.view_customer", world.people[place], customer)
        ends_at = None if hours is None else timezone.now() + timedelta(hours=hours)
        CustomerStaffGrant.objects.filter(pk=made.pk).update(ends_at=ends_at)
    for group in drawn.groups:
        assign_perm("customers.view_customer", world.groups[group], customer)
    return customer


def is_own(staff: Staff, customer: Customer) -> bool:
    """The slow reference: the customer is theirs by role, as keeper, or by a branch at or above its own."""
    if staff.has_perm("customers.view_every_customer"):
        return True
    if customer.keeper_id == staff.employee_number:
        return True
    branch = customer.main_branch
    codes = set()
    while branch is not None:
        codes.add(branch.code)
        branch = branch.parent
    sees_branches = staff.has_perm("customers.view_branch_customers") and staff.branch is not None
    return sees_branches and staff.branch.code in codes


def may_see(staff: Staff, place: int, drawn: Drawn, customer: Customer, world: World) -> bool:
    """The slow reference: whether `staff`, the person at `place`, sees the customer."""
    if not staff.has_perm("customers.view_customer"):
        return False
    is_named = any(who == place and (hours is None or hours > 0) for who, hours in drawn.grants)
    if drawn.protections and not staff.has_perm("customers.view_protected_customer"):
        return is_named or drawn.keeper == place
    names = set(staff.groups.values_list("name", flat=True))
    by_group = any(world.groups[group].name in names for group in drawn.groups)
    return is_named or by_group or is_own(staff, customer)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(DRAWN, min_size=1, max_size=6))
def test_list_and_single_customer_agree_with_the_reference(world: World, drawn: Sequence[Drawn]):
    with transaction.atomic():
        made = [make(one, world) for one in drawn]
        for place, staff in enumerate(world.people):
            expected = {
                customer.pk
                for one, customer in zip(drawn, made, strict=True)
                if may_see(staff, place, one, customer, world)
            }

            listed = set(Customer.objects.visible_to(staff).values_list("pk", flat=True))
            single = {each.pk for each in made if Customer.objects.visible_to(staff).filter(pk=each.pk).exists()}

            assert (listed, single) == (expected, expected)
            assert [is_in_scope(staff, each) for each in made] == [is_own(staff, each) for each in made]
        transaction.set_rollback(True)


def test_scope_costs_one_query_however_much_hangs_on_it(world, django_assert_num_queries):
    manager = world.people[2]
    for _number in range(5):
        protect(make_customer(main_branch=world.branches[1]))
        grant(make_customer(), manager)
    list(Customer.objects.visible_to(manager))

    with django_assert_num_queries(1):
        assert Customer.objects.visible_to(manager).count() == 5


def test_scope_holds_inside_another_query(world):
    planner = world.people[0]
    kept, granted, hidden = make_customer(keeper=planner), make_customer(), make_customer()
    grant(granted, planner)
    protect(kept)
    protect(hidden)

    held = Protection.objects.filter(customer__in=Customer.objects.visible_to(planner))
    nested = Customer.objects.filter(pk__in=Customer.objects.visible_to(planner).values("pk"))

    assert list(held.values_list("customer", flat=True)) == [kept.pk]
    assert set(nested) == {kept, granted}


def test_somebody_without_work_here_sees_nothing(world):
    steward = world.people[6]
    make_customer()
    steward.is_active = False

    assert list(Customer.objects.visible_to(steward)) == []


def test_a_protected_customer_of_the_branch_is_nobodys_but_the_named(world):
    manager, colleague = world.people[2], world.people[5]
    customer = make_customer(main_branch=world.branches[1])
    protect(customer)
    open_to(manager, customer, kind="NAMED", at=timezone.now())

    assert list(Customer.objects.visible_to(manager)) == [customer]
    assert list(Customer.objects.visible_to(colleague)) == []
    assert (scope_of(manager, customer), scope_of(world.people[0], customer)) == (Scope.OWN, Scope.GRANTED)


def test_a_group_grant_does_not_open_a_protected_customer(world):
    planner, customer = world.people[0], make_customer()
    grant(customer, world.groups[0])
    seen_before = list(Customer.objects.visible_to(planner))

    protect(customer)

    assert (seen_before, list(Customer.objects.visible_to(planner))) == ([customer], [])


def test_a_grant_ends_by_itself_at_its_instant(world):
    planner, customer = world.people[1], make_customer()
    held = open_to(planner, customer, at=timezone.now())
    seen = list(Customer.objects.visible_to(planner))

    CustomerStaffGrant.objects.filter(pk=held.pk).update(ends_at=timezone.now())

    assert (seen, list(Customer.objects.visible_to(planner))) == ([customer], [])
