from datetime import date

import pytest

from relations.models import Household, HouseholdRefusal, HouseholdSuggestion
from relations.services import household_places as rules
from relations.services import household_suggestions as services
from relations.services import households
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.relations.housing import LONG_AGO, TODAY, deed, open_places, opened, suggested, told
from tests.relations.services.test_households import both_at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def refused() -> list[tuple[int, int, str]]:
    rows = HouseholdRefusal.objects.filter(withdrawn_at=None).order_by("first", "second")
    return list(rows.values_list("first", "second", "kind"))


def state(suggestion: HouseholdSuggestion) -> str:
    return HouseholdSuggestion.objects.values_list("state", flat=True).get(pk=suggestion.pk)


def test_a_confirmed_suggestion_is_a_household():
    steward, father, mother = make_staff("DATA_STEWARD"), make_customer(), make_customer()
    suggestion = suggested(father, mother)

    household = services.confirm_suggestion(suggestion=suggestion, deed=deed(steward, None, "", comment="both said so"))

    suggestion.refresh_from_db()
    assert open_places(household) == [(father.pk, "HEAD", True), (mother.pk, "SPOUSE", True)]
    assert (household.kind, household.opened_on) == ("LIVING", None)
    assert (suggestion.state, suggestion.decided_by, suggestion.decided_at, suggestion.comment) == (
        "CONFIRMED",
        steward,
        NOW,
        "both said so",
    )


def test_a_suggestion_lets_a_household_grow():
    father, mother, child = make_customer(), make_customer(), make_customer()
    household = opened(father, mother)
    suggestion = suggested(father, mother, child, household=household)

    grown = services.confirm_suggestion(suggestion=suggestion, deed=deed(on=LONG_AGO))

    assert grown == household
    assert open_places(household)[-1] == (child.pk, "CHILD", True)
    assert told(household)[-1] == ("ENTERED", child.pk, "OTHER")


def test_whom_a_steward_leaves_out_is_refused_with_those_who_stay():
    father, mother, lodger = make_customer(), make_customer(), make_customer()
    suggestion = suggested(father, mother, lodger)

    household = services.confirm_suggestion(suggestion=suggestion, deed=deed(), chosen=[father.pk, mother.pk])

    assert [customer for customer, *_rest in open_places(household)] == [father.pk, mother.pk]
    assert refused() == [(father.pk, lodger.pk, "LIVING"), (mother.pk, lodger.pk, "LIVING")]


def test_one_alone_and_strangers_are_not_confirmed():
    father, mother = make_customer(), make_customer()
    suggestion = suggested(father, mother)

    with pytest.raises(services.TooFew):
        services.confirm_suggestion(suggestion=suggestion, deed=deed(), chosen=[father.pk])
    with pytest.raises(services.NotSuggested):
        services.confirm_suggestion(suggestion=suggestion, deed=deed(), chosen=[father.pk, make_customer().pk])

    assert state(suggestion) == "OPEN"


def test_a_suggestion_with_a_merged_customer_is_not_confirmed():
    father = make_customer()
    suggestion = suggested(father, make_retired(make_customer()))

    with pytest.raises(rules.Retired):
        services.confirm_suggestion(suggestion=suggestion, deed=deed())


def test_other_suggestions_about_the_same_persons_are_overtaken():
    father, mother, child = make_customer(), make_customer(), make_customer()
    suggestion, rival = suggested(father, mother), suggested(mother, child)
    payer, apart = suggested(father, child, kind="PAYER"), suggested(make_customer(), make_customer())

    services.confirm_suggestion(suggestion=suggestion, deed=deed())

    assert [state(each) for each in (rival, payer, apart)] == ["OVERTAKEN", "OPEN", "OPEN"]


def test_a_refused_suggestion_is_remembered_pair_by_pair():
    one, two, three = make_customer(), make_customer(), make_customer()
    suggestion = suggested(three, one, two)

    count = services.refuse_suggestion(suggestion=suggestion, deed=deed())

    assert (count, state(suggestion)) == (3, "REFUSED")
    assert refused() == [
        (one.pk, two.pk, "LIVING"),
        (one.pk, three.pk, "LIVING"),
        (two.pk, three.pk, "LIVING"),
    ]


def test_chosen_pairs_alone_are_refused():
    one, two, three = make_customer(), make_customer(), make_customer()
    suggestion = suggested(one, two, three)

    services.refuse_suggestion(suggestion=suggestion, deed=deed(), pairs=[(three.pk, one.pk)])

    assert refused() == [(one.pk, three.pk, "LIVING")]


def test_who_is_in_the_household_is_not_refused_with_one_another():
    one, two, three = make_customer(), make_customer(), make_customer()
    suggestion = suggested(one, two, three, household=opened(one, two))

    services.refuse_suggestion(suggestion=suggestion, deed=deed())

    assert refused() == [(one.pk, three.pk, "LIVING"), (two.pk, three.pk, "LIVING")]


def test_a_refusal_is_withdrawn_once_and_may_come_again():
    steward, one, two = make_staff("DATA_STEWARD"), make_customer(), make_customer()
    services.refuse_suggestion(suggestion=suggested(one, two), deed=deed())
    refusal = HouseholdRefusal.objects.get()

    services.withdraw_refusal(refusal=refusal, by=steward, at=NOW)

    assert refused() == []
    with pytest.raises(services.AlreadyWithdrawn):
        services.withdraw_refusal(refusal=refusal, by=steward, at=NOW)
    services.refuse_suggestion(suggestion=suggested(one, two), deed=deed())
    assert refused() == [(one.pk, two.pk, "LIVING")]


def test_a_suggestion_is_decided_once():
    one, two = make_customer(), make_customer()
    suggestion = suggested(one, two)
    services.refuse_suggestion(suggestion=suggestion, deed=deed())

    with pytest.raises(services.AlreadyDecided):
        services.confirm_suggestion(suggestion=suggestion, deed=deed())
    with pytest.raises(services.AlreadyDecided):
        services.refuse_suggestion(suggestion=suggestion, deed=deed())


def test_a_suggestion_for_a_household_that_closed_is_not_confirmed():
    one, two = make_customer(), make_customer()
    household = opened(one)
    suggestion = suggested(one, two, household=household)
    households.close_household(household=household, deed=deed(on=date(2026, 1, 1), because="OTHER"))

    with pytest.raises(rules.HouseholdClosed):
        services.confirm_suggestion(suggestion=suggestion, deed=deed(on=TODAY))


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_the_same_suggestion_at_once_make_one_household():
    suggestion = suggested(make_customer(), make_customer())

    def confirms() -> object:
        return services.confirm_suggestion(suggestion=suggestion, deed=deed()).pk

    answers = both_at_once(confirms, confirms)

    assert services.AlreadyDecided in answers
    assert Household.objects.count() == 1
