"""Group contracts when customers are merged and come apart, are given out and destroyed."""

from datetime import date, timedelta

import pytest

from customers.merging import children
from customers.models import Contract, Customer
from relations.holding.groups import Members as HeldMembers
from relations.holding.groups import Rosters as HeldRosters
from relations.models import CoverEnd, GroupMember, Roster
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, feed, make_brn, make_rrn, person
from tests.customers.stewarding import differences, everything, merge, unmerge
from tests.relations.rosters import applied, employee, holder, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
RRN = make_rrn("850302", 2)
LATER = NOW + timedelta(days=4000)


@pytest.fixture
def steward():
    return make_staff("DATA_STEWARD")


def groups() -> dict[str, list[object]]:
    """All that a merge may change of group contracts."""
    return {
        "members": list(GroupMember.objects.order_by("pk").values()),
        "rosters": list(Roster.objects.order_by("pk").values()),
        "ends": list(CoverEnd.objects.order_by("pk").values()),
    }


@pytest.fixture
def planted(steward) -> tuple[Contract, Customer, Customer]:
    """A contract with two employees of whom one is a customer, and a dependant of that one; another customer."""
    feed([person(source_key="K1", name="김하나", birth_date="1985-03-02", rrn=RRN)])
    feed([person(source_key="K2", name="박두리", birth_date="1971-06-07")])
    group = make_group()
    rows = [
        employee("1001", "김하나", 주민등록번호=RRN),
        employee("1001", "한다솜", "2015-05-05", 관계="자녀", 입사일=""),
        employee("1002", "최세라", "1990-01-01"),
    ]
    applied(group, rows, by=steward, on=date(2026, 10, 1))
    applied(group, [*rows[:2], rows[2] | {"퇴사일": "2026-10-15"}], by=steward)
    one, other = (Customer.objects.get(links__record__source_key=key) for key in ("K1", "K2"))
    return group, one, other


def test_covers_go_over_with_the_person_and_come_back_exactly(planted, steward):
    _group, one, other = planted
    before, held = everything() | groups(), children([one.pk])

    merge(other, one, by=steward)
    assert children([other.pk])["relations.GroupMember"] == {other.pk: 1}
    assert {kind: sum(counts.values()) for kind, counts in children([one.pk, other.pk]).items()}[
        "relations.GroupMember"
    ] == sum(held["relations.GroupMember"].values())
    unmerge(one, by=steward)

    assert list(differences(before, everything() | groups())) == ["rulings"]  # that they are two


def test_rosters_and_members_go_over_with_the_organisation_and_come_back_exactly(planted, steward):
    group, _one, _other = planted
    firm = holder(group)
    feed([company(source_key="O2", name="(주)노을상사", company_no=make_brn(2))], "CORP")
    other = Customer.objects.get(links__record__source_key="O2")
    before = everything() | groups()

    merge(other, firm, by=steward)
    assert {kind: children([other.pk])[kind] for kind in ("relations.Roster", "relations.GroupMember")} == {
        "relations.Roster": {other.pk: 2},
        "relations.GroupMember": {other.pk: 3},
    }
    assert holder(group) == other
    unmerge(firm, by=steward)

    assert list(differences(before, everything() | groups())) == ["rulings"]  # that they are two


def test_a_person_is_given_their_covers_without_what_is_sealed(planted):
    _group, one, other = planted

    told = HeldMembers().export(one.pk)["relations.GroupMember"]

    assert [(row["name"], row["relation"], row["rrn_mask"]) for row in told] == [("김하나", "SELF", "850302-2******")]
    assert {"rrn_sealed", "rrn_index"} & told[0].keys() == set()
    assert HeldMembers().export(other.pk) == {"relations.GroupMember": []}


def test_of_a_person_who_is_destroyed_the_place_stays_and_nobody_in_it(planted):
    _group, one, _other = planted
    held = HeldMembers()
    assert held.count([one.pk]) == {"relations.GroupMember": {one.pk: 1}}

    assert held.erase([one.pk], LATER) == {"relations.GroupMember": 1}

    blank = GroupMember.objects.get(dependants__isnull=False)
    assert (blank.customer, blank.name, blank.birth_date, blank.rrn_sealed, blank.mobile) == (None, "", None, None, "")
    assert blank.employee_no == f"~{blank.pk}"
    assert held.count([one.pk]) == {"relations.GroupMember": {}}
    assert GroupMember.objects.count() == 3


def test_of_an_organisation_that_is_destroyed_nothing_stays(planted):
    group, one, _other = planted
    firm = holder(group)
    assert (HeldMembers().count([firm.pk]), HeldRosters().count([firm.pk])) == (
        {"relations.GroupMember": {firm.pk: 3}},
        {"relations.Roster": {firm.pk: 2}},
    )
    assert HeldMembers().export(firm.pk) == {"relations.GroupMember": []}
    assert [row["state"] for row in HeldRosters().export(firm.pk)["relations.Roster"]] == ["APPLIED", "APPLIED"]

    assert HeldMembers().erase([firm.pk], LATER) == {"relations.GroupMember": 3}
    assert HeldRosters().erase([firm.pk], LATER) == {"relations.Roster": 2}

    assert (GroupMember.objects.count(), Roster.objects.count(), CoverEnd.objects.count()) == (0, 0, 0)
    assert Customer.objects.filter(pk=one.pk).exists()


def test_two_who_are_destroyed_do_not_become_one(steward):
    numbers = {each: make_rrn(f"{each}0302", 1) for each in (85, 86)}
    feed([person(source_key=f"K{each}", birth_date=f"19{each}-03-02", rrn=rrn) for each, rrn in numbers.items()])
    group = make_group()
    applied(
        group,
        [employee("7", "최세라", "1960-01-01")]
        + [employee("7", "김하나", f"19{each}-03-02", 관계="기타", 주민등록번호=rrn) for each, rrn in numbers.items()],
        by=steward,
    )
    linked = list(GroupMember.objects.exclude(customer=None).values_list("customer", flat=True))

    assert HeldMembers().erase(linked, LATER) == {"relations.GroupMember": 2}
