"""Relationships of merged customers: nothing lost, and everything back where it was."""

from datetime import date

import pytest

from customers import merging
from customers.models import Customer, MovedChild
from relations.circle import circle_of
from relations.models import Relationship
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.stewarding import differences, everything, merge, people, unmerge
from tests.relations.relating import make_relationship

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


@pytest.fixture(autouse=True)
def _takes_part(settings):
    ours = "relations.merging.relationships.Relationships"
    if ours not in settings.CUSTOMER_MERGE_PARTICIPANTS:
        settings.CUSTOMER_MERGE_PARTICIPANTS = [*settings.CUSTOMER_MERGE_PARTICIPANTS, ours]


def rows() -> list[tuple[object, ...]]:
    return list(Relationship.objects.order_by("pk").values_list("pk", "first", "second", "kind", "ended_on"))


def sides() -> list[tuple[int, int]]:
    return list(Relationship.objects.order_by("pk").values_list("first", "second"))


def test_both_sides_go_over_and_come_back():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, child, mother = people(4)
    make_relationship(retired, child)
    make_relationship(mother, retired)
    make_relationship(retired, child, kind="LEGAL_REP", ended_on=date(2026, 1, 1), ended_at="2026-01-01T00:00Z")
    before, whole = rows(), everything()

    merge(survivor, retired, by=lead)
    merged = sides()
    unmerge(retired, by=lead)

    assert merged == [(survivor.pk, child.pk), (mother.pk, survivor.pk), (survivor.pk, child.pk)]
    assert rows() == before
    assert list(differences(whole, everything())) == ["rulings"]  # that the two are not one, the unmerge itself rules


def test_what_the_survivor_has_already_and_what_tied_it_to_itself_stays():
    lead = make_staff("STEWARD_LEAD")
    survivor, retired, child = people(3)
    make_relationship(survivor, child)
    make_relationship(retired, child)
    make_relationship(survivor, retired, kind="SIBLING")
    before = rows()

    merge(survivor, retired, by=lead)

    assert rows() == before
    seen = circle_of(Customer.objects.get(pk=survivor.pk), make_staff("DATA_STEWARD")).relations
    assert [(relation.other_id, relation.seen_as) for relation in seen] == [(child.pk, "CHILD")]
    unmerge(retired, by=lead)
    assert rows() == before


def test_an_ended_one_goes_over_beside_the_same_one():
    survivor, retired, child = people(3)
    make_relationship(survivor, child)
    ended = make_relationship(retired, child, ended_on=date(2026, 1, 1), ended_at="2026-01-01T00:00Z")

    merge(survivor, retired, by=make_staff("STEWARD_LEAD"))

    ended.refresh_from_db()
    assert ended.first == survivor


def test_alike_kinds_change_places_and_change_back():
    lead = make_staff("STEWARD_LEAD")
    survivor, spouse, retired = people(3)
    make_relationship(spouse, retired, kind="SPOUSE")

    merge(survivor, retired, by=lead)
    merged = sides()
    unmerge(retired, by=lead)

    assert merged == [(survivor.pk, spouse.pk)]
    assert sides() == [(spouse.pk, retired.pk)]


def test_both_sides_of_one_are_merged_and_come_back_one_by_one():
    lead = make_staff("STEWARD_LEAD")
    mother, child, mother_again, child_again = people(4)
    make_relationship(mother_again, child_again)

    merge(mother, mother_again, by=lead)
    merge(child, child_again, by=lead)
    merged = sides()
    unmerge(mother_again, by=lead)
    half = sides()
    unmerge(child_again, by=lead)

    assert (merged, half, sides()) == (
        [(mother.pk, child.pk)],
        [(mother_again.pk, child.pk)],
        [(mother_again.pk, child_again.pk)],
    )


def test_a_relationship_follows_through_two_merges():
    lead = make_staff("STEWARD_LEAD")
    last, middle, first, child = people(4)
    make_relationship(first, child)
    before = rows()

    merge(middle, first, by=lead)
    merge(last, middle, by=lead)
    there = sides()
    unmerge(middle, by=lead)
    unmerge(first, by=lead)

    assert there == [(last.pk, child.pk)]
    assert rows() == before


def test_every_relationship_is_counted_on_both_sides():
    mother, child = make_customer(), make_customer()
    make_relationship(mother, child)

    counted = merging.children([mother.pk, child.pk])["relations.Relationship"]

    assert counted == {mother.pk: 1, child.pk: 1}
    assert MovedChild.objects.count() == 0
