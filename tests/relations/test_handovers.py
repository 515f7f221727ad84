"""Handovers: planned with everything counted, answered, carried out whole or refused with the list."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Notice, Staff
from customers.models import Customer
from relations.models import Handover, HandoverItem, Keeper, Prospect, Relationship, StaffMove
from relations.reports.handovers import gives_up_customers
from relations.services import handovers, handovers_answers, handovers_carry, keepers, keepers_rows
from relations.services.keepers_rows import adopt_keepers
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW
from tests.customers.stewarding import merge, unmerge
from tests.relations.keeping import DAY, later, make_kept, make_places, make_planner, plan, plan_again

WHO = [("F1", -1), ("F1", 0), ("F1", 1), ("F2", 0)]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


@pytest.fixture
def company(master: None) -> dict[str, object]:
    """Two planners of one branch and one of its neighbour, the manager of the branch, four customers of the first."""
    places = make_places()
    found: dict[str, object] = dict(places)
    found["manager"] = make_staff("BRANCH_MANAGER", branch=places["one"], employee_number="M1")
    for number, place in (("F1", "one"), ("F2", "one"), ("F3", "two"), ("F4", "far")):
        found[number] = make_planner(number, places[place])
    found["kept"] = make_kept("F1", "B001", 4)
    adopt_keepers(at=NOW)
    return found


def states(handover: Handover) -> list[tuple[str | None, str]]:
    items = HandoverItem.objects.filter(handover=handover).order_by("customer")
    return [(item.to_staff and item.to_staff.employee_number, item.state) for item in items]


def accept_all(handover: Handover) -> None:
    for staff in Staff.objects.filter(pk__in=handover.items.filter(state="OFFERED").values("to_staff")):
        handovers_answers.accept_items(handover=handover, staff=staff, at=NOW)


def test_a_plan_counts_what_the_leaver_holds_and_chooses_receivers_of_the_region(company):
    Customer.objects.filter(pk=company["kept"][0].pk).update(grade="VIP")
    keepers.assign_keeper(
        customer=company["kept"][0], staff=company["F1"], kind="MANAGER", why="GRADE", at=NOW, by=company["manager"]
    )

    handover = plan((company["F1"], "LEAVES"), by=company["manager"])

    move = StaffMove.objects.get(handover=handover)
    assert move.counts == {
        "customers": 4,
        "managed": 1,
        "contracts": 4,
        "housemates": 0,
        "prospects": 0,
        "offers": 0,
    }
    assert (handover.state, handover.counts) == ("DRAFT", {"given": 4, "nobody": 0, "conflicts": 0})
    assert {number for number, _state in states(handover)} == {"F2"}
    why = dict(HandoverItem.objects.filter(handover=handover).first().why)
    assert why["BRANCH"] == 30
    assert HandoverItem.objects.order_by("customer").first().held == {"kinds": ["FP", "MANAGER"], "contracts": 1}
    assert Notice.objects.count() == 0


def test_nobody_is_planned_twice_nor_for_a_day_that_is_over(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])

    with pytest.raises(handovers.InAnotherHandover):
        plan((company["F1"], "LEAVES"), by=company["manager"])
    with pytest.raises(handovers.DayOver):
        plan((company["F2"], "LEAVES"), by=company["manager"], takes_effect_on=NOW.date() - timedelta(days=1))
    with pytest.raises(handovers.NobodyGoes):
        plan(by=company["manager"])
    handovers.cancel_handover(handover=handover, at=NOW)
    assert plan((company["F1"], "LEAVES"), by=company["manager"]).state == "DRAFT"
    with pytest.raises(handovers.NotOpen):
        handovers.cancel_handover(handover=handover, at=NOW)


def test_what_is_returned_goes_to_another_and_never_back_to_the_same(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    first = handover.items.order_by("customer").first()

    with pytest.raises(handovers_answers.ReasonMissing):
        handovers_answers.return_items(handover=handover, staff=company["F2"], reason=" ", at=NOW)
    handovers_answers.return_items(
        handover=handover, staff=company["F2"], reason="이해 상충", at=NOW, item_ids=[first.pk]
    )
    assert states(handover)[0] == ("F2", "RETURNED")
    plan_again(handover)

    assert states(handover) == [("F3", "OFFERED"), *[("F2", "OFFERED")] * 3]
    kinds = list(Notice.objects.order_by("pk").values_list("staff__employee_number", "kind", "what"))
    assert [row[:2] for row in kinds] == [
        ("F2", "HANDOVER_OFFERED"),
        ("M1", "HANDOVER_RETURNED"),
        ("F3", "HANDOVER_OFFERED"),
    ]
    handovers_answers.return_items(handover=handover, staff=company["F3"], reason="여력 없음", at=NOW)
    plan_again(handover)
    assert states(handover)[0] == (None, "PLANNED")
    with pytest.raises(handovers_answers.NothingOffered):
        handovers_answers.accept_items(handover=handover, staff=company["F3"], at=NOW)


def test_on_the_day_everybody_changes_and_the_leaver_sees_nobody_any_more(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    accept_all(handover)
    assert Customer.objects.visible_to(Staff.objects.get(pk=company["F1"].pk)).count() == 4
    with pytest.raises(handovers_carry.TooEarly):
        handovers_carry.carry_out_handover(handover=handover, by=company["manager"], at=NOW)

    done = handovers_carry.carry_out_handover(handover=handover, by=company["manager"], at=later())

    assert (done.state, done.done, done.left_out) == ("DONE", 4, [])
    leaver, receiver = (Staff.objects.get(pk=company[number].pk) for number in ("F1", "F2"))
    assert (leaver.is_active, Customer.objects.visible_to(leaver).count()) == (False, 0)
    assert set(Customer.objects.visible_to(receiver)) == set(company["kept"])
    rows = Keeper.objects.filter(customer=company["kept"][0]).order_by("pk")
    assert [(row.staff_id, row.why, row.handover_id, row.ended_at is None) for row in rows] == [
        (leaver.pk, "SOURCE", None, False),
        (receiver.pk, "HANDOVER", handover.pk, True),
    ]
    assert rows[1].started_on == DAY + timedelta(days=1)
    with pytest.raises(handovers.NotOpen):
        handovers_carry.carry_out_handover(handover=handover, by=company["manager"], at=later())


def test_whoever_would_be_left_out_stops_the_whole_change_and_is_named(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    items = list(handover.items.order_by("customer"))
    handovers_answers.accept_items(handover=handover, staff=company["F2"], at=NOW, item_ids=[items[0].pk])
    handovers_answers.return_items(
        handover=handover, staff=company["F2"], reason="여력 없음", at=NOW, item_ids=[items[1].pk]
    )
    came = make_kept("F1", "B001")[0]

    refused = handovers_carry.carry_out_handover(handover=handover, by=None, at=later())

    kept = [customer.pk for customer in company["kept"]]
    assert (refused.state, refused.counts["left_out"]) == ("REFUSED", 4)
    assert refused.left_out == [
        [kept[1], "RETURNED"],
        [kept[2], "NOT_ANSWERED"],
        [kept[3], "NOT_ANSWERED"],
        [came.pk, "CAME_SINCE"],
    ]
    assert Staff.objects.get(pk=company["F1"].pk).is_active
    assert Keeper.objects.filter(why="HANDOVER").count() == 0
    assert Notice.objects.filter(kind="HANDOVER_REFUSED", staff=company["manager"]).count() == 1

    handovers_carry.carry_out_handover(handover=handover, by=None, at=later())
    assert Notice.objects.filter(kind="HANDOVER_REFUSED").count() == 1
    plan_again(handover, later())
    for number in ("F2", "F3"):
        handovers_answers.accept_for(
            handover=handover, receiver=company[number], reason="휴가 중 대신 수락", by=company["manager"], at=later()
        )
    assert handovers_carry.carry_out_due(at=later()) == [handover.pk]
    assert Handover.objects.get().state == "DONE"
    assert set(Customer.objects.values_list("keeper", flat=True)) == {"F2", "F3"}


def test_a_receiver_who_left_meanwhile_leaves_the_customers_out(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    accept_all(handover)
    Staff.objects.filter(employee_number="F2").update(is_active=False)

    refused = handovers_carry.carry_out_handover(handover=handover, by=None, at=later())

    assert {code for _customer, code in refused.left_out} == {"RECEIVER_LEFT"}


def test_who_takes_the_customers_along_keeps_them_at_the_new_branch(company):
    handover = plan((company["F1"], "TAKES_ALONG", company["far"]), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    assert set(states(handover)) == {("F1", "ACCEPTED")}

    handovers_carry.carry_out_handover(handover=handover, by=company["manager"], at=later())

    mover = Staff.objects.get(employee_number="F1")
    assert (mover.branch, mover.is_active) == (company["far"], True)
    assert set(Customer.objects.values_list("keeper", "main_branch")) == {("F1", "B003")}
    assert Keeper.objects.still_open().filter(branch=company["far"]).count() == 4


def test_who_moves_without_them_takes_others_at_the_new_branch(company):
    make_kept("F4", "B003")
    handover = plan((company["F1"], "MOVES", company["far"]), (company["F4"], "LEAVES"), by=company["manager"])

    to = {item.from_staff.employee_number: item.to_staff.employee_number for item in handover.items.all()}

    assert to == {"F1": "F2", "F4": "F1"}


def test_a_household_goes_to_one_receiver_and_family_of_the_receiver_to_another(company):
    own = make_kept("F3", "B001", 1, employee_no="F2")[0]
    Staff.objects.filter(employee_number="F2").update(name=own.name)
    Customer.objects.filter(pk=own.pk).update(employee_no="F2")
    spouse = company["kept"][0]
    first, second = sorted((own, spouse), key=lambda one: one.pk)
    Relationship.objects.create(first=first, second=second, kind="SPOUSE", basis="PERSON", recorded_at=NOW)

    handover = plan((company["F1"], "LEAVES"), by=company["manager"])

    assert states(handover) == [("F3", "PLANNED"), *[("F2", "PLANNED")] * 3]
    assert handover.counts["conflicts"] == 1


def test_the_leaver_notes_proposes_and_arranges_a_visit(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    item = handover.items.order_by("customer").first()
    given = {"item": item, "staff": company["F1"], "at": NOW}

    handovers_answers.prepare_item(
        note="오후 통화 선호", proposed=company["F3"], joint_visit_on=DAY - timedelta(days=2), **given
    )
    plan_again(handover)

    item.refresh_from_db()
    assert (item.to_staff, item.note, dict(item.why)["PROPOSED"]) == (company["F3"], "오후 통화 선호", 40)
    for more, refusal in (
        ({"proposed": company["F1"]}, handovers_answers.CannotReceive),
        ({"joint_visit_on": DAY + timedelta(days=1)}, handovers_answers.VisitTooLate),
        ({"staff": company["F2"]}, handovers_answers.NotYours),
    ):
        with pytest.raises(refusal):
            handovers_answers.prepare_item(**given | more)


def test_the_day_of_a_handover_is_known_of_the_leaver_alone(company):
    handovers.offer_handover(handover=plan((company["F1"], "LEAVES"), by=company["manager"]), at=NOW)

    days = [(number, gives_up_customers(company[number], DAY + timedelta(days=more))) for number, more in WHO]
    assert days == [("F1", False), ("F1", True), ("F1", True), ("F2", False)]


def test_a_customer_given_to_somebody_else_meanwhile_stays_there(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    accept_all(handover)
    keepers.assign_keeper(customer=company["kept"][0], staff=company["F4"], at=NOW, by=company["manager"])

    done = handovers_carry.carry_out_handover(handover=handover, by=None, at=later())

    assert (done.state, done.done) == ("DONE", 3)
    assert Customer.objects.get(pk=company["kept"][0].pk).keeper_id == "F4"


def test_prospects_of_the_leaver_follow_their_customer(company):
    customer = company["kept"][0]
    words = {"state": "ACTIVE", "answer": "NONE", "path": "VISIT", "consent_method": "PAPER", "consent_evidence": "1"}
    days = {"acquired_on": DAY, "consented_on": DAY, "expires_on": DAY + timedelta(days=99), "registered_at": NOW}
    prospect = Prospect.objects.create(
        number="P0000000010", fp=company["F1"], customer=customer, consent_items=["name"], **words, **days
    )
    keepers_rows.replace_rows(
        [keepers_rows.Row(customer.pk, company["F1"].pk, "FP")],
        keepers_rows.Basis(Keeper.Why.PROSPECT, NOW, company["F1"]),
    )
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    accept_all(handover)

    handovers_carry.carry_out_handover(handover=handover, by=None, at=later())

    prospect.refresh_from_db()
    assert (prospect.fp, prospect.branch) == (company["F2"], company["one"])
    whys = Keeper.objects.still_open().order_by("customer").values_list("why", flat=True)
    assert list(whys) == ["PROSPECT", *["HANDOVER"] * 3]


def test_a_merge_in_a_handover_loses_nobody_and_an_unmerge_gives_exactly_back(company):
    lead = make_staff("STEWARD_LEAD", branch=company["head"])
    bare = make_kept("", "", with_contracts=False)[0]
    one, other, alone = company["kept"][:3]
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    rows = list(HandoverItem.objects.order_by("pk").values())

    merge(one, other, by=lead)
    merge(bare, alone, by=lead)
    held = dict(HandoverItem.objects.values_list("customer").order_by("customer").values_list("customer", "handover"))
    assert held == dict.fromkeys([one.pk, other.pk, company["kept"][3].pk, bare.pk], handover.pk)
    unmerge(other, by=lead)
    unmerge(alone, by=lead)

    assert list(HandoverItem.objects.order_by("pk").values()) == rows


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_carry_a_handover_out_once(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    handovers.offer_handover(handover=handover, at=NOW)
    accept_all(handover)
    outcomes: list[str] = []

    def carry() -> None:
        try:
            outcomes.append(handovers_carry.carry_out_handover(handover=handover, by=None, at=later()).state)
        except handovers.NotOpen:
            outcomes.append("NOT_OPEN")
        finally:
            connection.close()

    threads = [threading.Thread(target=carry) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["DONE", "NOT_OPEN"]
    assert Keeper.objects.filter(why="HANDOVER").count() == 4
