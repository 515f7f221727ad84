"""Bad input and ill will against relations: what was tried once, and must go on being refused with a clear answer."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer
from customers.services import grants
from relations.models import GroupMember, Handover, Household, OrphanNote, Relationship, RiskProfile, Roster
from relations.rules import risk
from relations.services import (
    handovers,
    household_suggestions,
    households,
    prospects_checks,
    relationships,
    rosters,
    rosters_applying,
)
from relations.services.household_places import Entry, held_household, held_persons
from tests.accounts.builders import make_branch, make_staff
from tests.at_once import beside
from tests.customers.builders import NOW, make_customer, make_rrn
from tests.customers.protecting import protect
from tests.relations import housing
from tests.relations.keeping import make_kept, make_places, make_planner, plan
from tests.relations.prospecting import HA, dispute_of, made, planner, register
from tests.relations.relating import make_relationship
from tests.relations.rosters import ON, applied, checked, employee, make_group
from tests.relations.test_api import REGISTER, System, born

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def places(master: None) -> dict[str, object]:
    """Branches, a manager of one of them, and a planner there with a customer."""
    found: dict[str, object] = dict(make_places())
    found["manager"] = make_staff("BRANCH_MANAGER", branch=found["one"], employee_number="M1", language="en")
    found["planner"] = make_planner("F1", found["one"], language="en")
    make_planner("F2", found["one"])
    make_kept("F1", "B001", 1)
    return found


def sent(**fields: object) -> dict[str, object]:
    return {"title": "12월 인사", "takes_effect_on": f"{timezone.localdate() + timedelta(days=5)}"} | fields


# The blind check


WRITTEN = ["0１0-2345-6789", "010-2345-6789 /2", "010-2345-6789 #12", "010-2345-678⑨", "+82-10-2345-6789 ext. 1"]


@pytest.mark.parametrize("mobile", WRITTEN)
def test_a_number_counts_as_the_same_however_it_is_written(settings, mobile):
    settings.PROSPECT_CHECKS_PER_NUMBER = 2
    asker = planner()

    for asked in (HA["mobile"], mobile):
        prospects_checks.check_prospect(cells=HA | {"mobile": asked}, by=asker, at=NOW)

    with pytest.raises(prospects_checks.TooManyOfNumber):
        prospects_checks.check_prospect(cells=HA, by=asker, at=NOW)


# Services


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("started_on", 20260101),
        ("started_on", ["2026-01-01"]),
        ("valid_until", {"on": "2026-01-01"}),
        ("valid_until", True),
        ("kind", ["SPOUSE"]),
        ("accepted", "AGES"),
        ("accepted", {"AGES": 1}),
        ("first", {"number": 1}),
        ("second", 10**4),
        ("said_by", "\ud800"),
        ("said_by", "\x00"),
    ],
)
def test_a_service_refuses_fields_of_another_kind(field, value):
    cache.clear()
    first, second = born(1980), born(1982)
    fields = {"first": first.number, "second": second.number, "kind": "SPOUSE"} | {field: value}

    status, told = System().send(**fields)

    assert (status, told["error"]["code"], told["error"].get("fields")) == (400, "FIELDS", [field])
    assert not Relationship.objects.exists()


@pytest.mark.parametrize("body", ["[" * 200_000, '{"a":' * 200_000, "\xff", '{"first": 1e999}', "1" * 5_000])
def test_a_service_refuses_a_body_that_is_none(body):
    cache.clear()
    system = System()

    answer = system.client.post(REGISTER, body, "application/json", headers=system.key)

    assert (answer.status_code, answer.json()["error"]["code"]) in ((400, "UNREADABLE"), (400, "FIELDS"))


def test_a_service_refuses_an_end_of_another_kind():
    cache.clear()
    system = System()
    relation = make_relationship(born(1980), born(1982), basis="SYSTEM", recorded_by=system.staff)

    status, told = system.send(f"/services/relations/{relation.pk}/end/", because="DIVORCE", ended_on=20260101)

    assert (status, told["error"]["code"]) == (400, "FIELDS")


# Finances


@pytest.mark.parametrize("day", ["9999-12-31", "9998-01-01"])
def test_a_risk_profile_of_a_day_beyond_the_calendar_is_refused(day):
    client = browser_of(make_staff("FP", employee_number="F00001", language="en"))
    customer = make_customer(keeper_id="F00001")
    today = timezone.localdate().isoformat()
    answers = {asked.code: next(iter(asked.points)) for asked in risk.QUESTIONNAIRES[risk.LATEST].questions}
    told = {"told_by": "CUSTOMER", "consent_method": "PHONE", "consented_on": today, "as_of": day}

    page = client.post(reverse("relations:risk-record", args=[customer.number]), answers | told)

    assert page.status_code == 200
    assert b"This day has not come yet." in page.content
    assert not RiskProfile.objects.exists()


# Files of transfers


def test_no_resident_number_of_a_file_of_transfers_is_kept_or_shown(places):
    client, rrn = browser_of(places["manager"]), make_rrn("900101", 1)
    file = SimpleUploadedFile(f"인사 {rrn}.csv", f"사번,구분\n{rrn},퇴사\nF1,퇴사\n".encode())

    client.post(reverse("relations:handover-plan"), sent(upload=file))
    refused = client.post(reverse("relations:handover-plan"), sent(lines=f"{rrn},퇴사"))

    handover = Handover.objects.get()
    board = client.get(reverse("relations:handover-detail", args=[handover.pk]))
    assert rrn not in json.dumps(handover.counts) + handover.file_name
    assert rrn not in board.content.decode()
    assert rrn not in str(refused.context["refused"])


@pytest.mark.parametrize("number", ["F1\x00", "9" * 100_000, "\u202eF1"])
def test_a_file_of_transfers_with_nonsense_for_a_number_is_refused_by_its_row(places, number):
    client = browser_of(places["manager"])
    file = SimpleUploadedFile("인사.csv", f"사번,구분\n{number},퇴사\n".encode())

    page = client.post(reverse("relations:handover-plan"), sent(upload=file))

    assert page.status_code == 200
    assert not Handover.objects.exists()


def test_a_manager_gains_no_larger_branch_by_moving(places):
    client = browser_of(places["manager"])
    make_staff("BRANCH_MANAGER", branch=places["one"], employee_number="M2")

    for who, branch in (("M1", "H01"), ("M2", "H01"), ("M2", "B002")):
        page = client.post(reverse("relations:handover-plan"), sent(lines=f"{who},동반전보,{branch}"))
        assert b"beyond your own" in page.content

    assert not Handover.objects.exists()
    client.post(reverse("relations:handover-plan"), sent(lines="F1,전보,B002"))
    assert Handover.objects.count() == 1


# Two at once


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_into_two_handovers_at_once(master):
    found = make_places()
    manager = make_staff("BRANCH_MANAGER", branch=found["one"], employee_number="M1")
    going = make_planner("F1", found["one"])

    with beside(lambda: plan((going, "LEAVES"), by=manager)), pytest.raises(handovers.InAnotherHandover):
        plan((going, "LEAVES"), by=manager)

    assert Handover.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_death_closes_no_household_that_somebody_enters_meanwhile(master):
    dying, entry = make_customer(name="고인"), Entry(make_customer(name="신입"), "RELATIVE")
    home, other = housing.opened(dying), housing.opened(dying, kind="PAYER")

    def enter() -> None:
        households.add_member(household=other, entry=entry, basis="PERSON", deed=housing.deed())

    with beside(enter):
        households.remove_member(household=home, customer=dying, deed=housing.deed(because="DEATH"))

    assert [Household.objects.get(pk=each.pk).is_open for each in (home, other)] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_confirming_a_suggestion_waits_for_its_household_before_its_people(master):
    inside, coming = make_customer(), make_customer()
    home = housing.opened(inside)
    suggestion = housing.suggested(inside, coming, household=home)

    with beside(lambda: held_household(home), lambda: held_persons([coming.pk])):
        household_suggestions.confirm_suggestion(suggestion=suggestion, deed=housing.deed(make_staff("DATA_STEWARD")))

    assert [customer for customer, _role, _primary in housing.open_places(home)] == [inside.pk, coming.pk]


@pytest.mark.django_db(transaction=True)
def test_saying_a_relationship_again_waits_for_its_people_before_its_row(master):
    one, other = born(1980), born(1982)
    relation = make_relationship(one, other, kind="ACQUAINTANCE")

    def move() -> None:
        Relationship.objects.filter(pk=relation.pk).update(evidence="moved")

    with beside(lambda: held_persons([one.pk, other.pk]), move):
        relationships.renew_relationship(relationship=relation, by=make_staff("DATA_STEWARD"), at=NOW)

    assert Relationship.objects.still_open().count() == 1


# Rosters


def test_an_older_list_that_was_let_go_before_a_later_one_undoes_nothing():
    steward, group = make_staff("DATA_STEWARD"), make_group()
    older = checked(group, [employee(), employee("1002", "박두리")], by=steward)
    later = checked(
        group, [employee("1003", "최세찬"), employee("1004", "정네온")], by=steward, on=ON + timedelta(days=9)
    )
    for roster in (older, later):
        rosters.request_application(roster=roster, confirmed=None, by=steward, is_queued=False)
    rosters_applying.apply_roster(roster=Roster.objects.get(pk=later.pk))
    given_back = rosters_applying.apply_roster(roster=Roster.objects.get(pk=older.pk))

    assert given_back.state == "CHECKED"
    assert list(GroupMember.objects.order_by("employee_no").values_list("name", flat=True)) == ["최세찬", "정네온"]


def test_a_list_that_would_let_somebody_else_leave_is_looked_at_again():
    steward, group = make_staff("DATA_STEWARD"), make_group()
    staff = [employee(str(1000 + place), name) for place, name in enumerate(("김하나", "박두리", "최세찬", "정네온"))]
    applied(group, staff[:3], by=steward)
    roster = checked(group, staff[:2], by=steward)  # the third leaves
    applied(group, [staff[0], staff[1], staff[3]], by=steward)  # now it would be the fourth
    rosters.request_application(roster=Roster.objects.get(pk=roster.pk), confirmed=None, by=steward, is_queued=False)

    given_back = rosters_applying.apply_roster(roster=Roster.objects.get(pk=roster.pk))

    assert (given_back.state, "CHANGED_MEANWHILE" in given_back.problem) == ("CHECKED", True)
    assert GroupMember.objects.filter(name="정네온").get().cover_until is None


# What somebody sees for a while


def opened_to(customer: Customer, staff: Staff) -> None:
    """Let somebody see a customer of others for a day."""
    now = timezone.now()
    held = {"kind": "BREAK_GLASS", "reason": "확인", "ends_at": now + timedelta(days=1)}
    grants.open_customer(customer=customer, staff=staff, by=staff, at=now, **held)


def test_nobody_gives_away_a_customer_whom_they_see_for_a_while_alone(places):
    make_planner("F9", places["far"])
    far, orphan = make_kept("F9", "B003", 1)[0], make_kept("", "B003", 1)[0]
    manager, near = browser_of(places["manager"]), browser_of(places["planner"])
    for customer in (far, orphan):
        opened_to(customer, places["manager"])
        opened_to(customer, places["planner"])

    def post(client: Client, verb: str, customer: Customer, **said: object) -> int:
        return client.post(reverse(f"relations:keeper-{verb}", args=[customer.number]), said).status_code

    today = timezone.localdate()
    plan_of_mine = {"contact_on": f"{today}", "purpose": "안내"}
    tried = [post(manager, "assign", customer, staff="F1", kind="FP") for customer in (far, orphan)]
    tried += [post(manager, "release", far, kind="FP"), post(near, "register", orphan, **plan_of_mine)]
    manager.post(reverse("relations:orphan-assign"), {"customer": [orphan.pk]})
    manager.post(reverse("relations:orphan-explain"), {"customer": [orphan.pk], "why": "CLOSING", "until": f"{today}"})

    assert tried == [403] * 4
    assert Customer.objects.get(pk=far.pk).keeper_id == "F9"
    assert not Customer.objects.get(pk=orphan.pk).keeper_id
    assert not OrphanNote.objects.exists()
    page = manager.get(reverse("relations:keeper-list", args=[far.number]))
    assert (page.status_code, page.context["assign"]) == (200, None)


def test_a_household_tells_a_planner_nothing_of_what_happened_to_those_not_shown():
    reader = make_staff("FP", language="en")
    mine, stranger = make_customer(keeper=reader), make_customer(name="박두리")
    home = housing.opened(mine, stranger)
    households.remove_member(
        household=home, customer=stranger, deed=housing.deed(because="DIVORCE", comment="박두리 님이 나감")
    )

    page = browser_of(reader).get(reverse("relations:household-detail", args=[home.pk])).content.decode()

    assert "박두리" not in page
    assert "Divorce" not in page
    steward = browser_of(make_staff("DATA_STEWARD", language="en"))
    assert "박두리 님이 나감" in steward.get(reverse("relations:household-detail", args=[home.pk])).content.decode()


# The desk of prospects


def test_a_dispute_does_not_tell_the_branch_of_a_protected_person():
    holder, asker = planner(branch=make_branch("HIDDEN")), planner()
    protect(made(holder).customer)

    asked = register(asker, statement="제가 먼저 만났습니다").prospect

    client, dispute = browser_of(asker), dispute_of(asked)
    for page in (reverse("relations:dispute-list"), reverse("relations:dispute-detail", args=[dispute.pk])):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "HIDDEN 지점" not in answer.content.decode()
