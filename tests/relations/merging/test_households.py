"""Households of merged customers are left alone: nothing lost, and everything back where it was."""

from datetime import date

import pytest

from customers import merging
from relations.circle import circle_of
from relations.models import HouseholdEvent, HouseholdRefusal, HouseholdSuggestion, Membership, SuggestedMember
from relations.services import household_suggestions as services
from relations.services import households
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.stewarding import differences, everything, merge, people, unmerge
from tests.relations.housing import deed, opened, suggested

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def rows() -> dict[str, list[dict[str, object]]]:
    """All that is kept of households."""
    models = (Membership, HouseholdEvent, HouseholdSuggestion, SuggestedMember, HouseholdRefusal)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def held() -> list[tuple[int, int, bool]]:
    return list(Membership.objects.order_by("pk").values_list("household", "customer", "is_primary"))


def test_both_households_stay_and_the_survivors_is_primary():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, wife, husband = people(4)
    hers, his = opened(survivor, wife), opened(retired, husband)
    before, whole = rows(), everything()

    merge(survivor, retired, by=lead)
    merged = held()
    homes = circle_of(survivor, lead).memberships
    unmerge(retired, by=lead)

    assert merged == [
        (hers.pk, survivor.pk, True),
        (hers.pk, wife.pk, True),
        (his.pk, survivor.pk, False),
        (his.pk, husband.pk, True),
    ]
    assert [place.household_id for place in homes] == [hers.pk, his.pk]
    assert rows() == before
    assert list(differences(whole, everything())) == ["rulings"]  # that the two are not one, the unmerge itself rules


def test_the_only_primary_place_stays_primary():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired = people(2)
    home = opened(retired)
    before = rows()

    merge(survivor, retired, by=lead)
    merged = held()
    unmerge(retired, by=lead)

    assert merged == [(home.pk, survivor.pk, True)]
    assert rows() == before


def test_a_second_place_in_one_household_stays_with_the_retired_number():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, wife = people(3)
    opened(survivor, wife, retired)
    before = rows()

    merge(survivor, retired, by=lead)
    merged = rows()
    mates = circle_of(survivor, lead).housemates
    unmerge(retired, by=lead)

    assert merged == before
    assert [place.customer_id for place in mates] == [wife.pk]
    assert rows() == before


def test_places_of_other_days_go_over_as_they_are():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired = people(2)
    home = opened(survivor, on=date(2020, 1, 1))
    earlier = opened(retired, on=date(2010, 1, 1))
    households.close_household(household=earlier, deed=deed(on=date(2019, 6, 1), because="MOVED_OUT"))

    merge(survivor, retired, by=lead)

    assert held() == [(home.pk, survivor.pk, True), (earlier.pk, survivor.pk, True)]


def test_places_follow_through_two_merges():
    lead = make_staff("STEWARD_LEAD")
    last, middle, first, wife = people(4)
    opened(last, wife), opened(middle), opened(first)
    before = rows()

    merge(middle, first, by=lead)
    merge(last, middle, by=lead)
    there = {customer for _household, customer, _primary in held()}
    unmerge(middle, by=lead)
    unmerge(first, by=lead)

    assert there == {last.pk, wife.pk}
    assert rows() == before


def test_two_at_once_go_over_and_only_one_place_is_primary():
    lead = make_staff("STEWARD_LEAD")
    survivor, one, two = people(3)
    first, second = opened(one), opened(two)
    before = rows()

    merge(survivor, one, two, by=lead)
    merged = held()
    unmerge(two, by=lead)
    unmerge(one, by=lead)

    assert merged == [(first.pk, survivor.pk, True), (second.pk, survivor.pk, False)]
    assert rows() == before


def test_a_suggestion_with_a_retired_number_is_overtaken_and_waits_again():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, wife = people(3)
    suggestion, other = suggested(retired, wife), suggested(survivor, wife)
    before = rows()

    merge(survivor, retired, by=lead)
    merged = dict(HouseholdSuggestion.objects.values_list("pk", "state"))
    unmerge(retired, by=lead)

    assert merged == {suggestion.pk: "OVERTAKEN", other.pk: "OPEN"}
    assert rows() == before


def test_what_a_person_decided_meanwhile_stands():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, wife = people(3)
    home = opened(retired, wife)

    merge(survivor, retired, by=lead)
    households.remove_member(household=home, customer=survivor, deed=deed(because="DIVORCE"))
    unmerge(retired, by=lead)

    place = Membership.objects.get(household=home, customer=retired)
    assert (place.ended_because, place.is_primary) == ("DIVORCE", True)


def test_a_retired_number_counts_for_nothing_in_verbs():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, wife = people(3)
    home = opened(retired, survivor, wife, roles=("HEAD", "CHILD", "SPOUSE"))

    merge(survivor, retired, by=lead)
    households.change_role(household=home, customer=wife, role="HEAD", deed=deed())
    households.remove_member(household=home, customer=wife, deed=deed(because="MOVED_OUT"))
    households.remove_member(household=home, customer=survivor, deed=deed(because="MOVED_OUT"))

    home.refresh_from_db()
    assert not home.is_open
    assert not Membership.objects.filter(ended_at=None).exists()


def test_a_refusal_of_a_retired_number_holds_for_its_survivor():
    from relations.services.household_stock import read_decided, read_stock

    lead = make_staff("STEWARD_LEAD")
    survivor, retired, neighbour = people(3)
    services.refuse_suggestion(suggestion=suggested(retired, neighbour), deed=deed())

    merge(survivor, retired, by=lead)

    stock = read_stock(today=date(2026, 11, 23))
    refused = read_decided(stock)["LIVING"].refused
    assert stock.ids.tolist() == [survivor.pk, neighbour.pk]
    assert refused.tolist() == [1]  # positions 0 and 1, packed


def test_places_and_waiting_suggestions_are_counted():
    one, two = make_customer(), make_customer()
    opened(one, two)
    suggested(one, two)

    counted = merging.children([one.pk, two.pk])

    assert counted["relations.Membership"] == {one.pk: 1, two.pk: 1}
    assert counted["relations.SuggestedMember"] == {one.pk: 1, two.pk: 1}
