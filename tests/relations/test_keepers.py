"""Who keeps a customer: adopted from sources, assigned by hand, registered with a plan, released, moved by a merge."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer, Keeping
from customers.services.keeping import assign_keepers as keep_in_master
from relations.models import Keeper, KeeperTerms
from relations.services import keepers
from relations.services.keepers_rows import Adopted, adopt_keepers
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.customers.stewarding import everything, merge, unmerge
from tests.relations.keeping import make_kept, make_places, make_planner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
TODAY = timezone.localdate(NOW)


def told(customer: Customer) -> list[tuple[str, str, str, bool]]:
    rows = Keeper.objects.filter(customer=customer).order_by("pk")
    return [(row.kind, row.staff.employee_number, row.why, row.ended_at is None) for row in rows]


def test_keepers_follow_the_sources_and_a_second_time_nothing_changes():
    places = make_places()
    first, second = make_planner("F1", places["one"]), make_planner("F2", places["one"])
    kept, unknown = make_kept("F1", "B001")[0], make_kept("F9", "B001")[0]

    assert adopt_keepers(at=NOW) == Adopted(begun=1, ended=0)
    assert adopt_keepers(at=NOW) == Adopted(begun=0, ended=0)
    Customer.objects.filter(pk=kept.pk).update(keeper=second)
    assert adopt_keepers(at=NOW + timedelta(days=1)) == Adopted(begun=1, ended=1)

    assert told(kept) == [("FP", "F1", "SOURCE", False), ("FP", "F2", "SOURCE", True)]
    assert told(unknown) == []
    assert Keeper.objects.get(staff=first).ended_on == TODAY + timedelta(days=1)
    assert Keeper.objects.get(staff=second).branch == places["one"]


def test_an_assigned_keeper_outranks_the_sources_and_scope_follows_at_once():
    places = make_places()
    first, second = make_planner("F1", places["one"]), make_planner("F2", places["two"])
    customer, manager = make_kept("F1", "B001")[0], make_staff("BRANCH_MANAGER")

    made = keepers.assign_keeper(customer=customer, staff=second, at=NOW, by=manager, note="지점 조정 900101-1234567")
    adopt_keepers(at=NOW)

    assert told(customer) == [("FP", "F1", "SOURCE", False), ("FP", "F2", "BY_HAND", True)]
    assert (made.note, made.started_on, made.recorded_by) == ("지점 조정 900101-1******", TODAY, manager)
    assert list(Customer.objects.visible_to(Staff.objects.get(pk=first.pk))) == []
    assert list(Customer.objects.visible_to(Staff.objects.get(pk=second.pk))) == [customer]
    assert Customer.objects.get(pk=customer.pk).main_branch_id == "B002"


def test_assigning_refuses_who_cannot_keep_and_customers_who_are_gone():
    places = make_places()
    planner, gone = make_planner("F1", places["one"]), make_planner("F2", places["one"], is_active=False)
    customer, by = make_kept("F1", "B001")[0], make_staff("BRANCH_MANAGER")
    given = {"at": NOW, "by": by}

    for target, staff, more, refusal in (
        (customer, gone, {}, keepers.CannotKeep),
        (customer, make_staff("DATA_STEWARD"), {}, keepers.CannotKeep),
        (make_retired(customer), planner, {}, keepers.NotActive),
        (customer, planner, {}, keepers.KeepsAlready),
        (customer, planner, {"kind": "MANAGER"}, keepers.NotTopGrade),
    ):
        with pytest.raises(refusal):
            keepers.assign_keeper(customer=target, staff=staff, **given, **more)
    assert Keeping.objects.count() == 0


def test_a_planner_who_has_no_room_is_told_the_numbers(settings):
    settings.KEEPER_CAPACITY = 2
    places = make_places()
    make_planner("F1", places["one"])
    other = make_planner("F2", places["one"])
    make_kept("F2", "B001")
    two, by = make_kept("F1", "B001", 2), make_staff("BRANCH_MANAGER")
    ids = [customer.pk for customer in two]

    with pytest.raises(keepers.CapacityReached) as refused:
        keepers.assign_keepers(customer_ids=ids, staff=other, at=NOW, by=by)

    found = refused.value
    assert (found.kept, found.wanted, found.capacity) == (1, 2, 2)
    terms = {"persistency_percent": None, "complaint_count": None, "is_closed": False}
    keepers.set_terms(staff=other, capacity=3, by=by, at=NOW, **terms)
    assert keepers.assign_keepers(customer_ids=ids, staff=other, at=NOW, by=by) == 2
    keepers.set_terms(staff=other, capacity=30, by=by, at=NOW, **terms | {"is_closed": True})
    with pytest.raises(keepers.CapacityReached):
        keepers.assign_keeper(customer=make_kept("F1", "B001")[0], staff=other, at=NOW, by=by)
    assert KeeperTerms.objects.count() == 1


def test_a_dedicated_manager_keeps_a_customer_of_a_top_grade_beside_the_planner():
    places = make_places()
    make_planner("F1", places["one"])
    manager = make_staff("BRANCH_MANAGER", branch=places["one"])
    customer = make_kept("F1", "B001")[0]
    Customer.objects.filter(pk=customer.pk).update(grade="VIP")

    keepers.assign_keeper(customer=customer, staff=manager, kind="MANAGER", why="GRADE", at=NOW, by=manager)

    assert told(customer) == [("FP", "F1", "SOURCE", True), ("MANAGER", manager.employee_number, "GRADE", True)]
    assert Customer.objects.get(pk=customer.pk).keeper_id == "F1"
    keepers.release_keeper(customer=customer, kind="MANAGER", at=NOW, by=manager)
    assert told(customer)[1][3] is False


def test_a_managed_customer_needs_a_plan_and_nobody_takes_it_from_another():
    places = make_places()
    planner, other = make_planner("F1", places["one"]), make_planner("F2", places["one"])
    customer = make_kept("F1", "B001")[0]
    wanted = {"customer": customer, "at": NOW}

    for day, purpose in ((None, "만기 안내"), (TODAY - timedelta(days=1), "만기 안내"), (TODAY, " ")):
        with pytest.raises(keepers.PlanMissing):
            keepers.register_managed_customer(contact_on=day, purpose=purpose, by=planner, **wanted)
    with pytest.raises(keepers.KeptByAnother):
        keepers.register_managed_customer(contact_on=TODAY, purpose="만기 안내", by=other, **wanted)
    made = keepers.register_managed_customer(contact_on=TODAY, purpose="만기 안내", by=planner, **wanted)

    assert (made.next_contact_on, made.next_contact_for, made.why) == (TODAY, "만기 안내", "REGISTERED")
    assert told(customer) == [("FP", "F1", "SOURCE", False), ("FP", "F1", "REGISTERED", True)]


def test_releasing_lets_the_sources_speak_again():
    places = make_places()
    make_planner("F1", places["one"])
    other, by = make_planner("F2", places["two"]), make_staff("BRANCH_MANAGER")
    customer = make_kept("F1", "B001")[0]
    with pytest.raises(keepers.NotKept):
        keepers.release_keeper(customer=customer, at=NOW, by=by)
    keepers.assign_keeper(customer=customer, staff=other, at=NOW, by=by)

    keepers.release_keeper(customer=customer, at=NOW + timedelta(days=1), by=by)

    assert [row[1:] for row in told(customer)] == [
        ("F1", "SOURCE", False),
        ("F2", "BY_HAND", False),
        ("F1", "SOURCE", True),
    ]
    assert Customer.objects.get(pk=customer.pk).keeper_id == "F1"


def kept_rows() -> list[dict[str, object]]:
    return list(Keeper.objects.order_by("pk").values())


def test_a_merge_keeps_one_keeper_of_a_kind_and_an_unmerge_gives_exactly_back():
    places = make_places()
    make_planner("F1", places["one"])
    other, lead = make_planner("F2", places["two"]), make_staff("STEWARD_LEAD", branch=places["head"])
    stays, goes, alone = make_kept("F1", "B001", 3)
    keepers.assign_keeper(customer=goes, staff=other, at=NOW, by=lead)
    adopt_keepers(at=NOW)
    make_kept("", "", with_contracts=False)
    bare = make_kept("", "", with_contracts=False)[0]
    before, rows = everything(), kept_rows()

    merge(stays, goes, by=lead)
    assert [(row[1], row[3]) for row in told(stays)] == [("F1", False), ("F1", True)]
    assert told(goes) == [("FP", "F2", "BY_HAND", True)]
    merge(bare, alone, by=lead)
    assert (told(bare), told(alone)) == ([("FP", "F1", "SOURCE", True)], [])
    assert Keeper.objects.count() == len(rows)
    unmerge(goes, by=lead)
    unmerge(alone, by=lead)

    assert kept_rows() == rows
    after = everything()
    assert {kind: after[kind] for kind in ("links", "customers")} == {
        kind: before[kind] for kind in ("links", "customers")
    }


def test_what_the_master_was_told_and_the_assignments_agree_after_a_merge_and_a_night():
    places = make_places()
    make_planner("F1", places["one"])
    other, lead = make_planner("F2", places["two"]), make_staff("STEWARD_LEAD", branch=places["head"])
    stays, goes = make_kept("F1", "B001", 2)
    adopt_keepers(at=NOW)
    keepers.assign_keeper(customer=goes, staff=other, at=NOW, by=lead)

    merge(stays, goes, by=lead)
    adopt_keepers(at=NOW + timedelta(days=1))

    survivor = Customer.objects.get(pk=stays.pk)
    standing = Keeper.objects.still_open().get(customer=survivor)
    assert (survivor.keeper_id, standing.staff) == ("F2", other)


def test_a_keeper_without_a_golden_customer_of_its_own_is_nobody():
    stranger = make_customer()

    keep_in_master(rows=[(stranger.pk, "F9", "")], at=NOW, by=None)

    assert adopt_keepers(at=NOW).begun == 0
    assert date(2026, 11, 23) == TODAY
