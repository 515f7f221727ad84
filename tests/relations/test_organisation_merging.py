"""Organisations that are merged and come apart: nothing is lost, and everything goes back."""

from datetime import date

import pytest

from customers import holding, merging
from customers.models import Customer
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.services import organisation_affiliations as affiliations
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, feed, make_brn, make_customer
from tests.customers.stewarding import differences, everything, merge, unmerge
from tests.relations.organising import add_officer, add_place, affiliate, kept

pytestmark = pytest.mark.usefixtures("master")
NAMES = ("(주)가나상사", "(주)다라물산", "(주)마바전자", "(주)사아건설", "(주)자차유통")


def organisations(number: int) -> list[Customer]:
    """So many organisations of one record each, the oldest first."""
    rows = [company(name=name, company_no=make_brn(place + 1)) for place, name in enumerate(NAMES[:number])]
    feed(rows)
    return list(Customer.objects.order_by("pk"))


def by():
    return make_staff("STEWARD_LEAD")


def everything_kept() -> dict[str, list[object]]:
    """All but the rulings: that an unmerge rules two customers is what it is for."""
    return {kind: rows for kind, rows in (everything() | kept()).items() if kind != "rulings"}


def counts() -> dict[str, int]:
    return {label: len(rows) for label, rows in kept().items()}


def test_all_of_a_retired_organisation_goes_to_its_survivor_and_back():
    survivor, retired, parent, child, _other = organisations(5)
    person = make_customer()
    add_place(retired, "HEAD_OFFICE")
    add_place(retired)
    add_officer(retired, customer=person)
    affiliate(parent, retired)
    affiliate(retired, child)
    before, counted, lead = everything_kept(), counts(), by()

    merge(survivor, retired, by=lead)

    assert counts() == counted
    assert set(PlaceOfBusiness.objects.values_list("organisation", flat=True)) == {survivor.pk}
    assert set(Officer.objects.values_list("organisation", "customer")) == {(survivor.pk, person.pk)}
    edges = [(parent.pk, survivor.pk), (survivor.pk, child.pk)]
    assert list(Affiliation.objects.order_by("pk").values_list("parent", "child")) == edges
    unmerge(retired, by=lead)
    assert list(differences(before, everything_kept())) == []


def test_what_does_not_fit_beside_the_survivors_stays_with_the_retired_number():
    survivor, retired, parent, other, _last = organisations(5)
    own, lost = add_place(survivor, "HEAD_OFFICE"), add_place(retired, "HEAD_OFFICE")
    affiliate(parent, survivor)
    second = affiliate(other, retired)
    before, lead = everything_kept(), by()

    merge(survivor, retired, by=lead)

    held = dict(PlaceOfBusiness.objects.values_list("pk", "organisation"))
    assert held == {own.pk: survivor.pk, lost.pk: retired.pk}
    assert Affiliation.objects.get(pk=second.pk).child_id == retired.pk
    assert list(Affiliation.objects.between_active().values_list("parent", "child")) == [(parent.pk, survivor.pk)]
    unmerge(retired, by=lead)
    assert list(differences(before, everything_kept())) == []


def test_a_head_office_of_other_days_goes_over():
    survivor, retired = organisations(2)
    add_place(survivor, "HEAD_OFFICE", on=date(2026, 1, 1))
    earlier = add_place(retired, "HEAD_OFFICE", on=date(2020, 1, 1))
    PlaceOfBusiness.objects.filter(pk=earlier.pk).update(ended_on=date(2025, 1, 1), ended_at=NOW)

    merge(survivor, retired, by=by())

    assert PlaceOfBusiness.objects.get(pk=earlier.pk).organisation_id == survivor.pk


def test_a_parent_merged_into_its_own_affiliate_leaves_no_circle():
    top, middle, bottom = organisations(3)
    affiliate(top, middle)
    affiliate(middle, bottom)
    before, lead = everything_kept(), by()

    merge(bottom, top, by=lead)

    edges = {(edge.parent_id, edge.child_id) for edge in Affiliation.objects.between_active()}
    assert edges == {(middle.pk, bottom.pk)}
    unmerge(top, by=lead)
    assert list(differences(before, everything_kept())) == []


def test_what_moved_once_and_stayed_the_second_time_still_goes_back_to_its_first_number():
    first, second, third = organisations(3)
    office = add_place(first, "HEAD_OFFICE")
    add_place(third, "HEAD_OFFICE")
    before, lead = everything_kept(), by()
    merge(second, first, by=lead)
    merge(third, second, by=lead)
    assert PlaceOfBusiness.objects.get(pk=office.pk).organisation_id == second.pk

    unmerge(first, by=lead)
    assert PlaceOfBusiness.objects.get(pk=office.pk).organisation_id == first.pk
    unmerge(second, by=lead)

    assert list(differences(before, everything_kept())) == []


def test_two_merged_at_once_give_the_survivor_one_head_office():
    survivor, first, second = organisations(3)
    add_place(first, "HEAD_OFFICE")
    add_place(second, "HEAD_OFFICE")
    affiliate(first, second)
    before, counted, lead = everything_kept(), counts(), by()

    merge(survivor, first, second, by=lead)

    assert counts() == counted
    assert PlaceOfBusiness.objects.filter(organisation=survivor).count() == 1
    assert list(Affiliation.objects.between_active()) == []
    for each in (second, first):
        unmerge(each, by=lead)
    assert list(differences(before, everything_kept())) == []


def test_every_child_is_counted():
    one, other = organisations(2)
    add_place(one)
    add_officer(one)
    affiliate(one, other)

    counted = merging.children([one.pk, other.pk])

    wanted = ("relations.PlaceOfBusiness", "relations.Affiliation", "relations.Officer")
    assert [counted[kind] for kind in wanted] == [{one.pk: 1}, {one.pk: 1, other.pk: 1}, {one.pk: 1}]


def test_what_is_held_of_an_organisation_is_given_out_and_destroyed():
    one, other = organisations(2)
    add_place(one)
    before = add_officer(one)
    after = add_officer(other, "박후임")
    Officer.objects.filter(pk=after.pk).update(successor=before)
    affiliate(one, other)

    told = holding.export(one.pk)
    erased = holding.erase([one.pk], NOW)

    assert [row["name"] for row in told["relations.PlaceOfBusiness"] + told["relations.Officer"]] == [
        "부산지점",
        "김담당",
    ]
    wanted = ("relations.PlaceOfBusiness", "relations.Affiliation", "relations.Officer")
    assert [erased[kind] for kind in wanted] == [1, 1, 1]
    assert list(Officer.objects.values_list("pk", "successor")) == [(after.pk, None)]


def test_a_person_that_is_merged_keeps_the_duty():
    organisation, *_rest = organisations(1)
    survivor, retired = make_customer(), make_customer()
    officer = add_officer(organisation, customer=retired)
    edge = merging.import_string("relations.merging.organisations.Officers")()

    moved = edge.move([(retired.pk, survivor.pk)], NOW)

    officer.refresh_from_db()
    assert officer.customer_id == survivor.pk
    assert edge.give_back(moved, NOW) == moved
    officer.refresh_from_db()
    assert officer.customer_id == retired.pk


def test_a_released_affiliate_goes_over_with_its_days():
    survivor, retired, parent = organisations(3)
    edge = affiliate(parent, retired)
    affiliations.end_affiliation(affiliation=edge, on=date(2025, 1, 1), by=None, at=NOW)
    affiliate(parent, survivor, on=date(2025, 1, 1))

    merge(survivor, retired, by=by())

    edge.refresh_from_db()
    assert (edge.child_id, edge.ended_on) == (survivor.pk, date(2025, 1, 1))
