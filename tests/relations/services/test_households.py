import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from relations.models import Household, Membership
from relations.services import household_places as rules
from relations.services import households
from relations.services.household_places import Entry
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.relations.housing import LONG_AGO, TODAY, deed, entries, open_places, opened, places, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_a_household_opens_with_its_members_and_says_by_whom():
    steward, father, mother = make_staff("DATA_STEWARD"), make_customer(), make_customer()

    household = households.open_household(
        kind="LIVING", entries=entries(father, mother), basis="PERSON", deed=deed(steward, LONG_AGO, "MARRIAGE")
    )

    assert (household.number, household.opened_on, household.opened_by, household.opened_at) == (
        f"H{household.pk:09}",
        LONG_AGO,
        steward,
        NOW,
    )
    assert places(household) == [
        (father.pk, "HEAD", True, LONG_AGO, None, ""),
        (mother.pk, "SPOUSE", True, LONG_AGO, None, ""),
    ]
    assert told(household) == [
        ("OPENED", None, "MARRIAGE"),
        ("ENTERED", father.pk, "MARRIAGE"),
        ("ENTERED", mother.pk, "MARRIAGE"),
    ]


@pytest.mark.parametrize(
    ("refused", "change"),
    [
        (households.Nobody, {"entries": []}),
        (households.Unproven, {"kind": "REGISTERED", "basis": "STEWARD"}),
        (rules.TooLate, {"deed": deed(on=TODAY + timedelta(days=1))}),
    ],
)
def test_a_household_is_not_opened(refused, change):
    asked = {"kind": "LIVING", "entries": entries(make_customer()), "basis": "PERSON", "deed": deed()} | change

    with pytest.raises(refused):
        households.open_household(**asked)

    assert not Household.objects.exists()


def test_neither_organisations_nor_merged_customers_have_a_household():
    with pytest.raises(rules.NotAPerson):
        opened(make_customer(kind="ORG"))
    with pytest.raises(rules.Retired):
        opened(make_retired(make_customer()))

    assert not Household.objects.exists()


def test_there_is_one_head():
    household, other = opened(make_customer()), make_customer()

    with pytest.raises(rules.HeadTaken):
        households.add_member(household=household, entry=Entry(other, "HEAD"), basis="PERSON", deed=deed())


def test_the_first_household_is_the_primary_one_and_no_other():
    person = make_customer()
    first, second = opened(person), opened(person, kind="PAYER")

    assert [open_places(each)[0][2] for each in (first, second)] == [True, False]
    with pytest.raises(rules.PrimaryTaken):
        households.open_household(
            kind="PAYER", entries=[Entry(person, "HEAD", is_primary=True)], basis="PERSON", deed=deed()
        )


def test_a_primary_place_may_begin_when_the_one_before_has_ended():
    person, home = make_customer(), opened(make_customer())
    households.add_member(household=home, entry=Entry(person, "CHILD"), basis="PERSON", deed=deed(on=LONG_AGO))
    households.remove_member(household=home, customer=person, deed=deed(on=date(2024, 5, 1), because="MARRIAGE"))

    with pytest.raises(rules.PrimaryTaken):
        households.open_household(
            kind="LIVING",
            entries=[Entry(person, "HEAD", is_primary=True)],
            basis="PERSON",
            deed=deed(on=date(2024, 4, 30)),
        )
    later = opened(person, on=date(2024, 5, 1))

    assert open_places(later) == [(person.pk, "HEAD", True)]


def test_nobody_is_twice_in_one_household():
    person = make_customer()
    household = opened(person)

    with pytest.raises(rules.AlreadyMember):
        households.add_member(
            household=household, entry=Entry(person, "CHILD", is_primary=False), basis="PERSON", deed=deed()
        )


def test_whoever_leaves_is_remembered_with_the_reason():
    father, child = make_customer(), make_customer()
    household = opened(father, child, roles=("HEAD", "CHILD"))

    households.remove_member(household=household, customer=child, deed=deed(because="MOVED_OUT"))

    assert places(household) == [
        (father.pk, "HEAD", True, LONG_AGO, None, ""),
        (child.pk, "CHILD", True, LONG_AGO, TODAY, "MOVED_OUT"),
    ]
    assert told(household)[-1] == ("LEFT", child.pk, "MOVED_OUT")
    with pytest.raises(rules.NotAMember):
        households.remove_member(household=household, customer=child, deed=deed())


def test_nobody_leaves_before_coming():
    household = opened(person := make_customer())

    with pytest.raises(rules.TooEarly):
        households.remove_member(household=household, customer=person, deed=deed(on=date(2019, 12, 31)))


def test_when_the_primary_household_ends_another_becomes_primary_by_rule():
    person = make_customer()
    home = opened(person, make_customer())
    payer = opened(person, kind="PAYER")
    living = opened(person, on=date(2021, 1, 1))

    households.remove_member(household=home, customer=person, deed=deed(because="MOVED_OUT"))

    assert open_places(payer) == [(person.pk, "HEAD", False)]
    assert places(living) == [
        (person.pk, "HEAD", False, date(2021, 1, 1), TODAY, ""),
        (person.pk, "HEAD", True, TODAY, None, ""),
    ]
    assert told(living)[-1] == ("PRIMARY", person.pk, "")


def test_death_ends_every_place_and_a_household_without_anybody_closes():
    dead, widow = make_customer(), make_customer()
    home, payer = opened(dead, widow), opened(dead, kind="PAYER")

    households.remove_member(household=home, customer=dead, deed=deed(because="DEATH"))

    payer.refresh_from_db()
    home.refresh_from_db()
    assert open_places(home) == [(widow.pk, "SPOUSE", True)]
    assert (home.closed_at, payer.closed_on, payer.closed_because) == (None, TODAY, "DEATH")
    assert not Membership.objects.filter(customer=dead, ended_at=None).exists()


def test_a_role_changes_on_a_day():
    father, son = make_customer(), make_customer()
    household = opened(father, son, roles=("HEAD", "CHILD"))

    with pytest.raises(rules.HeadTaken):
        households.change_role(household=household, customer=son, role="HEAD", deed=deed())
    with pytest.raises(households.SameRole):
        households.change_role(household=household, customer=son, role="CHILD", deed=deed())
    households.change_role(household=household, customer=father, role="PARENT", deed=deed())
    households.change_role(household=household, customer=son, role="HEAD", deed=deed())

    assert places(household) == [
        (father.pk, "HEAD", True, LONG_AGO, TODAY, ""),
        (son.pk, "CHILD", True, LONG_AGO, TODAY, ""),
        (father.pk, "PARENT", True, TODAY, None, ""),
        (son.pk, "HEAD", True, TODAY, None, ""),
    ]


def test_another_household_is_made_primary():
    person = make_customer()
    home, payer = opened(person), opened(person, kind="PAYER")

    households.make_primary(household=payer, customer=person, deed=deed())

    assert (open_places(home), open_places(payer)) == ([(person.pk, "HEAD", False)], [(person.pk, "HEAD", True)])
    with pytest.raises(households.AlreadyPrimary):
        households.make_primary(household=payer, customer=person, deed=deed())


def test_a_household_splits_on_a_day():
    father, mother, child = make_customer(), make_customer(), make_customer()
    household = opened(father, mother, child)

    new = households.split_household(household=household, leavers=[mother, child], deed=deed(because="DIVORCE"))

    assert open_places(household) == [(father.pk, "HEAD", True)]
    assert places(new) == [
        (mother.pk, "HEAD", True, TODAY, None, ""),
        (child.pk, "CHILD", True, TODAY, None, ""),
    ]
    assert [kind for kind, _customer, _because in told(household)][-3:] == ["LEFT", "LEFT", "SPLIT"]
    assert told(new)[0] == ("OPENED", None, "DIVORCE")


def test_a_split_leaves_somebody_and_takes_members_alone():
    person = make_customer()
    household = opened(person)

    with pytest.raises(households.NobodyStays):
        households.split_household(household=household, leavers=[person], deed=deed(because="DIVORCE"))
    with pytest.raises(rules.NotAMember):
        households.split_household(household=household, leavers=[make_customer()], deed=deed(because="DIVORCE"))
    with pytest.raises(households.Nobody):
        households.split_household(household=household, leavers=[], deed=deed(because="DIVORCE"))


def test_households_are_joined_and_the_other_says_where_it_went():
    groom, bride, child = make_customer(), make_customer(), make_customer()
    his, hers = opened(groom), opened(bride, child, roles=("HEAD", "CHILD"))

    households.join_households(household=his, other=hers, deed=deed(because="MARRIAGE"))

    hers.refresh_from_db()
    assert open_places(his) == [
        (groom.pk, "HEAD", True),
        (bride.pk, "RELATIVE", True),
        (child.pk, "CHILD", True),
    ]
    assert (hers.joined_into, hers.closed_on, hers.closed_because) == (his, TODAY, "MARRIAGE")
    with pytest.raises(rules.HouseholdClosed):
        households.join_households(household=his, other=hers, deed=deed(because="MARRIAGE"))


def test_joining_keeps_one_place_of_who_is_in_both():
    person, other = make_customer(), make_customer()
    one, two = opened(person), opened(other, person, roles=("HEAD", "CHILD"))

    households.join_households(household=one, other=two, deed=deed(because="JOINED"))

    assert open_places(one) == [(person.pk, "HEAD", True), (other.pk, "RELATIVE", True)]
    assert open_places(two) == []


def test_only_two_households_of_one_kind_are_joined():
    household = opened(make_customer())

    with pytest.raises(households.WithItself):
        households.join_households(household=household, other=household, deed=deed())
    with pytest.raises(households.KindsDiffer):
        households.join_households(household=household, other=opened(make_customer(), kind="PAYER"), deed=deed())


def test_a_household_closes_and_everybody_leaves_it():
    father, mother = make_customer(), make_customer()
    household = opened(father, mother)

    households.close_household(household=household, deed=deed(because="MISTAKE"))

    household.refresh_from_db()
    assert (household.closed_on, household.closed_because, household.is_open) == (TODAY, "MISTAKE", False)
    assert {(ended_on, because) for *_rest, ended_on, because in places(household)} == {(TODAY, "MISTAKE")}
    for verb in (
        lambda: households.close_household(household=household, deed=deed()),
        lambda: households.add_member(
            household=household, entry=Entry(make_customer(), "CHILD"), basis="PERSON", deed=deed()
        ),
    ):
        with pytest.raises(rules.HouseholdClosed):
            verb()


def both_at_once(*verbs: Callable[[], object]) -> list[object]:
    """What each of these answers, all begun at the same moment on connections of their own."""
    gate, answers = threading.Barrier(len(verbs)), {}

    def run(place: int) -> None:
        try:
            gate.wait()
            answers[place] = verbs[place]()
        except Exception as refused:
            answers[place] = type(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connections.close_all()
    return [answers[place] for place in range(len(verbs))]


@pytest.mark.django_db(transaction=True)
def test_two_who_make_two_households_primary_at_once_get_one_each_answer():
    person = make_customer()

    def opens() -> object:
        return households.open_household(
            kind="LIVING", entries=[Entry(person, "HEAD", is_primary=True)], basis="PERSON", deed=deed()
        ).pk

    answers = both_at_once(opens, opens)

    assert rules.PrimaryTaken in answers
    assert Household.objects.count() == 1
    assert Membership.objects.filter(customer=person, is_primary=True).count() == 1
