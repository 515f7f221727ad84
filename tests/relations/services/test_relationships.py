import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from customers.models import Customer
from relations import tasks
from relations.models import Relationship
from relations.services import relationships as services
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.customers.stewarding import merge, people
from tests.relations.housing import opened
from tests.relations.relating import TODAY, make_household, make_relationship

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def born(year: int, **fields: object) -> Customer:
    return make_customer(birth_date=date(year, 6, 1), **fields)


def register(first: Customer, second: Customer, kind: str = "PARENT", **more: object) -> Relationship:
    defaults = {"basis": "PERSON", "by": None, "at": NOW}
    return services.register_relationship(first=first, second=second, kind=kind, **defaults | more)


def refusal(first: Customer, second: Customer, kind: str = "PARENT", **more: object) -> tuple[str, ...]:
    with pytest.raises(services.Refused) as refused:
        register(first, second, kind, **more)
    return refused.value.reasons


def test_who_says_so_and_until_when_is_kept():
    mother, child, steward = born(1960), born(1990), make_staff("DATA_STEWARD")

    made = register(mother, child, by=steward, evidence=" told on the phone ", started_on=date(1990, 6, 1))

    assert (made.first, made.second, made.kind, made.basis, made.evidence) == (
        mother,
        child,
        "PARENT",
        "PERSON",
        "told on the phone",
    )
    assert (made.valid_until, made.recorded_by, made.recorded_at, made.warnings) == (
        date(2028, 11, 23),
        steward,
        NOW,
        [],
    )


def test_what_a_document_shows_is_believed_until_it_ends():
    assert register(born(1960), born(1990), basis="DOCUMENT", evidence="certificate").valid_until is None


def test_alike_kinds_are_one_from_both_sides():
    one, other = born(1960), born(1962)
    register(other, one, "SPOUSE")

    assert Relationship.objects.values_list("first", "second").get() == (one.pk, other.pk)
    assert refusal(one, other, "SPOUSE") == ("ALREADY",)


def test_the_merged_are_nobody_to_anybody():
    customer = born(1990)

    assert refusal(make_retired(customer, birth_date=date(1960, 1, 1)), customer) == ("MERGED",)


def test_a_warning_must_be_accepted_and_is_kept():
    young, child = born(1976), born(1990)
    with pytest.raises(services.NotAccepted) as unlikely:
        register(young, child)

    made = register(young, child, accepted=["PARENT_YOUNG", "SOMETHING_ELSE"])

    assert unlikely.value.warnings == ("PARENT_YOUNG",)
    assert made.warnings == ["PARENT_YOUNG"]


def test_nobody_is_above_himself():
    grandmother, mother, child = (make_customer() for _ in range(3))
    register(grandmother, mother, accepted=["AGE_UNKNOWN"])
    register(mother, child, accepted=["AGE_UNKNOWN"])

    assert refusal(child, grandmother) == ("CYCLE",)
    assert refusal(child, grandmother, "GRANDPARENT") == ("CYCLE",)


def test_a_line_is_too_young_over_generations():
    grandmother, mother, child = born(1970), make_customer(), born(1990)
    register(grandmother, mother, accepted=["AGE_UNKNOWN"])

    assert refusal(mother, child, accepted=["AGE_UNKNOWN"]) == ("LINE_TOO_YOUNG",)


def test_what_was_not_true_closes_no_circle():
    mother, child = make_customer(), make_customer()
    wrong = register(mother, child, accepted=["AGE_UNKNOWN"])
    services.end_relationship(relationship=wrong, because="NOT_TRUE", by=make_staff("DATA_STEWARD"), at=NOW)

    assert register(child, mother, accepted=["AGE_UNKNOWN"]).is_open


def test_a_second_spouse_comes_only_after_the_first():
    wife, husband, other = born(1960), born(1962), born(1964)
    marriage = register(wife, husband, "SPOUSE")
    assert refusal(other, husband, "SPOUSE") == ("SECOND_SPOUSE",)

    services.end_relationship(relationship=marriage, because="DIVORCE", by=make_staff("DATA_STEWARD"), at=NOW)

    assert register(other, husband, "SPOUSE").is_open


def test_nobody_marries_in_the_direct_line():
    mother, son = born(1960), born(1990)
    register(mother, son)

    assert refusal(mother, son, "SPOUSE") == ("SPOUSE_IN_LINE",)


def test_an_adult_is_represented_only_with_the_document():
    sister, brother = born(1960), born(1962)

    assert refusal(sister, brother, "GUARDIAN") == ("ADULT_REPRESENTED",)
    assert register(sister, brother, "GUARDIAN", basis="DOCUMENT", evidence="후견등기사항증명서").is_open


def test_an_end_is_written_once():
    steward, relation = make_staff("DATA_STEWARD"), make_relationship(born(1960), born(1990))

    ended = services.end_relationship(
        relationship=relation, because="OTHER", by=steward, at=NOW, ended_on=date(2026, 11, 1)
    )

    assert (ended.ended_on, ended.ended_because, ended.ended_by, ended.ended_at) == (
        date(2026, 11, 1),
        "OTHER",
        steward,
        NOW,
    )
    with pytest.raises(services.AlreadyEnded):
        services.end_relationship(relationship=relation, because="OTHER", by=steward, at=NOW)


@pytest.mark.parametrize(
    ("day", "problem"),
    [(TODAY + timedelta(days=1), services.EndsLater), (date(2019, 12, 31), services.EndsBeforeStart)],
)
def test_an_end_lies_between_the_beginning_and_today(day, problem):
    relation = make_relationship(born(1960), born(1990))
    with pytest.raises(problem):
        services.end_relationship(relationship=relation, because="OTHER", by=None, at=NOW, ended_on=day)


def test_what_was_never_true_held_on_no_day():
    relation = make_relationship(born(1960), born(1990))

    services.end_relationship(relationship=relation, because="NOT_TRUE", by=make_staff("DATA_STEWARD"), at=NOW)

    assert list(Relationship.objects.held_on(date(2020, 1, 1))) == []


def test_what_is_said_again_is_believed_anew():
    old = make_relationship(born(1960), born(1990), valid_until=date(2026, 1, 1), warnings=["PARENT_OLD"])
    steward = make_staff("DATA_STEWARD")

    new = services.renew_relationship(relationship=old, by=steward, at=NOW)

    old.refresh_from_db()
    assert (old.ended_at, old.is_open, new.started_on, new.valid_until, new.is_open) == (
        NOW,
        False,
        date(2020, 1, 1),
        date(2028, 11, 23),
        True,
    )


def test_a_household_makes_its_members_likely_family():
    head, spouse, elder, younger = born(1980), born(1982), born(2010), born(2012)
    household = make_household(head, spouse, elder, younger)
    told = make_relationship(head, elder)

    services.infer_relationships(household=household, at=NOW)
    again = services.infer_relationships(household=household, at=NOW)

    inferred = Relationship.objects.exclude(pk=told.pk)
    assert sorted(inferred.values_list("first", "second", "kind", "basis")) == sorted(
        [
            (head.pk, spouse.pk, "SPOUSE", "INFERRED"),
            (head.pk, younger.pk, "PARENT", "INFERRED"),
            (spouse.pk, elder.pk, "PARENT", "INFERRED"),
            (spouse.pk, younger.pk, "PARENT", "INFERRED"),
            (elder.pk, younger.pk, "SIBLING", "INFERRED"),
        ]
    )
    assert again == []


def test_a_household_that_opens_is_looked_at_once_it_stands(django_capture_on_commit_callbacks):
    head, spouse = born(1980), born(1982)
    with django_capture_on_commit_callbacks() as asked:
        household = opened(head, spouse)
    with django_capture_on_commit_callbacks() as asked_of_payers:
        opened(head, spouse, kind="PAYER")

    tasks.infer_relationships(household_id=household.pk)

    assert (len(asked), len(asked_of_payers)) == (1, 0)
    assert list(Relationship.objects.values_list("first", "second", "kind", "basis")) == [
        (head.pk, spouse.pk, "SPOUSE", "INFERRED")
    ]


def test_nothing_impossible_or_unlikely_is_inferred():
    household = make_household(born(1980), born(1982), born(1985))

    assert [made.kind for made in services.infer_relationships(household=household, at=NOW)] == ["SPOUSE"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_close_no_circle(master):
    one, other = make_customer(), make_customer()
    ready, outcomes = threading.Barrier(2), []

    def say(first: Customer, second: Customer) -> None:
        ready.wait()
        try:
            register(first, second, accepted=["AGE_UNKNOWN"])
            outcomes.append("registered")
        except services.Refused as refused:
            outcomes.append(str(refused.reasons[0]))
        finally:
            connection.close()

    writers = [threading.Thread(target=say, args=pair) for pair in ((one, other), (other, one))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(outcomes) == ["CYCLE", "registered"]


@pytest.mark.django_db(transaction=True)
def test_a_relationship_and_a_merge_at_once_leave_nobody_with_a_retired_number(master):
    survivor, retired, child = people(3)
    lead = make_staff("STEWARD_LEAD")
    ready, outcomes = threading.Barrier(2), []

    def register_it() -> None:
        ready.wait()
        try:
            register(retired, child, "ACQUAINTANCE")
            outcomes.append("registered")
        except services.Refused as refused:
            outcomes.append(str(refused.reasons[0]))
        finally:
            connection.close()

    def merge_it() -> None:
        ready.wait()
        try:
            merge(survivor, retired, by=lead)
        finally:
            connection.close()

    writers = [threading.Thread(target=each) for each in (register_it, merge_it)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    said = list(Relationship.objects.values_list("first", "second"))
    assert (outcomes, said) in ((["registered"], [(survivor.pk, child.pk)]), (["MERGED"], []))
