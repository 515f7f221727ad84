"""What holds at an instant, of one number and of several that became one customer."""

from datetime import date, timedelta

import pytest
from django.db import connection

from consent.state import HELD, HELD_OF, Key, held, held_words
from customers.models import Customer
from tests.consent.consenting import (
    answer,
    back_date_texts,
    consents,
    merge,
    purpose,
    says,
    state,
    unmerge,
    withdraws,
)
from tests.customers.builders import KST, NOW, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _texts(purposes: None) -> None:
    back_date_texts()


def at(hours: int):
    return NOW + hours * HOUR


def gives(customer: Customer, hour: int) -> None:
    consents(customer, at=at(hour))


def refuses(customer: Customer, hour: int) -> None:
    consents(customer, answer(said="REFUSED"), at=at(hour))


def test_the_newest_answer_of_a_number_holds_at_each_instant():
    customer = make_customer()
    gives(customer, 1)
    withdraws(customer, at=at(2))
    gives(customer, 3)
    refuses(customer, 4)

    assert [says(customer, at=at(hour)) for hour in range(6)] == [
        "",
        "GIVEN",
        "WITHDRAWN",
        "GIVEN",
        "REFUSED",
        "REFUSED",
    ]


def test_who_is_asked_for_is_answered_even_where_nothing_was_said():
    one, other = make_customer(), make_customer()
    gives(one, 0)
    key = Key(purpose().pk, "PHONE", None)

    found = held([one.pk, other.pk], at(1))

    assert found[other.pk] == {}
    assert (found[one.pk][key].answer, found[one.pk][key].since) == ("GIVEN", NOW)
    assert held([one.pk], at(1), [purpose("INTEGRATED_USE").pk]) == {one.pk: {}}
    assert held([], at(1)) == {}


def test_whoever_absorbed_nobody_is_answered_alike_by_the_short_way():
    customer, instants = make_customer(), [at(0), at(1), at(2), NOW + 900 * DAY]
    consents(customer, answer("INTEGRATED_USE"), at=at(0))
    consents(customer, answer(), answer("MARKETING", "REFUSED", "SMS"), at=at(1))
    withdraws(customer, at=at(2), purposes=[purpose("INTEGRATED_USE")])

    whole = [held([customer.pk], instant)[customer.pk] for instant in instants]

    assert [held([customer.pk], instant, are_lone=True)[customer.pk] for instant in instants] == whole
    assert [sorted(one.answer for one in found.values()) for found in whole] == [
        ["GIVEN"],
        ["GIVEN", "GIVEN", "REFUSED"],
        ["GIVEN", "REFUSED", "WITHDRAWN"],
        ["LAPSED", "REFUSED", "WITHDRAWN"],
    ]


def test_of_two_answers_of_one_instant_the_refusal_holds_whichever_was_written_first():
    one, other = make_customer(), make_customer()
    for customer, acts in ((one, (gives, refuses)), (other, (refuses, gives))):
        for act in acts:
            act(customer, 1)

    assert [says(one), says(other)] == ["REFUSED", "REFUSED"]


def test_a_consent_lapses_when_its_day_begins_in_korea_before_anybody_writes_it():
    customer = make_customer()
    consents(customer)  # holds until 2028-11-23 begins
    midnight = NOW.replace(year=2028, hour=0)

    assert says(customer, at=midnight - timedelta(seconds=1)) == "GIVEN"
    assert says(customer, at=midnight) == "LAPSED"
    lapsed = state(customer, midnight + DAY)[Key(purpose().pk, "PHONE", None)]
    assert (lapsed.since, lapsed.expires_on) == (midnight, date(2028, 11, 23))
    assert lapsed.since.astimezone(KST) == midnight


def test_an_answer_that_is_told_late_does_not_take_the_place_of_a_later_one():
    customer = make_customer()
    withdraws(customer, at=at(5))
    gives(customer, 1)
    refuses(customer, 4)
    consents(customer, at=at(2), recorded_at=at(9))

    assert [says(customer, at=at(hour)) for hour in (1, 2, 3, 4, 9)] == [
        "GIVEN",
        "GIVEN",
        "GIVEN",
        "REFUSED",
        "REFUSED",
    ]


@pytest.mark.parametrize(
    ("own", "other", "holds"),
    [
        ("", "", ""),
        ("GIVEN", "", "GIVEN"),
        ("", "GIVEN", "GIVEN"),
        ("", "REFUSED", "REFUSED"),
        ("GIVEN", "GIVEN", "GIVEN"),
        ("GIVEN", "REFUSED", "REFUSED"),
        ("REFUSED", "GIVEN", "REFUSED"),
        ("GIVEN", "WITHDRAWN", "WITHDRAWN"),
        ("WITHDRAWN", "GIVEN", "WITHDRAWN"),
    ],
)
def test_of_two_that_become_one_the_strictest_holds_and_an_unmerge_gives_each_its_own(own, other, holds):
    one, two = make_customer(), make_customer()
    for customer, said in ((one, own), (two, other)):
        if said == "WITHDRAWN":
            gives(customer, 0)
            withdraws(customer, at=at(1))
        elif said:
            consents(customer, answer(said=said), at=at(1))
    merge(two, one, at=at(2))

    assert says(one, at=at(3)) == holds
    assert says(one, at=at(1)) == own  # before they were one
    unmerge(two, at=at(4))
    assert [says(one, at=at(5)), says(two, at=at(5))] == [own, other]


def test_one_that_ran_out_is_stricter_than_one_that_holds():
    one, other = make_customer(), make_customer()
    consents(one, at=NOW - 731 * DAY)
    consents(other)
    merge(other, one, at=at(1))

    assert says(one, at=at(2)) == "LAPSED"


def test_an_answer_after_the_merge_takes_the_place_of_what_the_retired_number_said():
    one, other = make_customer(), make_customer()
    refuses(other, 0)
    gives(one, 1)
    merge(other, one, at=at(2))
    assert says(one, at=at(3)) == "REFUSED"

    gives(one, 4)

    assert says(one, at=at(5)) == "GIVEN"
    unmerge(other, at=at(6))
    assert [says(one, at=at(7)), says(other, at=at(7))] == ["GIVEN", "REFUSED"]


def test_a_refusal_after_the_merge_is_of_every_number_and_survives_the_unmerge():
    one, other = make_customer(), make_customer()
    gives(one, 0)
    gives(other, 0)
    merge(other, one, at=at(1))

    refuses(one, 2)
    unmerge(other, at=at(3))

    assert [says(one), says(other)] == ["REFUSED", "REFUSED"]


def test_a_consent_that_a_number_gave_before_it_had_become_part_of_the_other_replaces_nothing():
    one, other, third = make_customer(), make_customer(), make_customer()
    withdrawn_at = 1
    gives(third, 0)
    withdraws(third, at=at(withdrawn_at))
    merge(third, other, at=at(2))
    gives(one, 3)  # later than the first merge, and before the second: of nobody's word but its own
    merge(other, one, at=at(4))

    assert says(one, at=at(5)) == "WITHDRAWN"


def test_what_a_survivor_replaced_stays_replaced_when_it_is_merged_itself():
    one, other, third = make_customer(), make_customer(), make_customer()
    refuses(third, 0)
    merge(third, other, at=at(1))
    gives(other, 2)
    assert says(other, at=at(3)) == "GIVEN"

    merge(other, one, at=at(4))

    assert says(one, at=at(5)) == "GIVEN"
    unmerge(other, at=at(6))
    assert [says(one, at=at(7)), says(other, at=at(7))] == ["", "GIVEN"]


def test_a_customer_counts_only_from_when_it_was_joined():
    one, other, third = make_customer(), make_customer(), make_customer()
    refuses(third, 0)
    merge(third, other, at=at(1))
    merge(other, one, at=at(3))

    assert [says(one, at=at(hour)) for hour in (2, 3)] == ["", "REFUSED"]


def test_a_number_that_was_retired_without_an_act_counts_too():
    survivor = make_customer()
    retired = make_customer()
    refuses(retired, 0)
    Customer.objects.filter(pk=retired.pk).update(state="MERGED", merged_into=survivor, merged_at=at(1))

    assert says(survivor, at=at(2)) == "REFUSED"


def test_each_recipient_is_answered_by_itself():
    customer = make_customer()
    consents(customer, answer("PROVISION_AFFILIATE", recipient="AFFILIATE_CARD"))
    consents(customer, answer("PROVISION_CREDIT", said="REFUSED", recipient="CREDIT_REGISTRY"))

    assert says(customer, "PROVISION_AFFILIATE", recipient="AFFILIATE_CARD") == "GIVEN"
    assert says(customer, "PROVISION_AFFILIATE", recipient="CREDIT_REGISTRY") == ""
    assert says(customer, "PROVISION_CREDIT", recipient="CREDIT_REGISTRY") == "REFUSED"


def test_sets_are_answered_as_one_is():
    ones = [make_customer() for _ in range(4)]
    gives(ones[0], 0)
    refuses(ones[1], 0)
    gives(ones[2], 0)
    merge(ones[1], ones[2], at=at(1))
    make_retired(ones[3])
    words = held_words(at=at(2), purpose_id=purpose().pk, channel="PHONE", customers=[one.pk for one in ones])

    found = []
    for query in (HELD, HELD_OF):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT customer_id, answer FROM ({query}) held", words)  # noqa: S608
            found.append(dict(cursor.fetchall()))

    assert found[0] == {ones[0].pk: "GIVEN", ones[1].pk: "REFUSED", ones[2].pk: "REFUSED"}
    assert found[1] == found[0]
