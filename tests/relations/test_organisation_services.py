"""Places, affiliates, contact persons: what begins, what ends, what is refused."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.rules.organisations import NotUnderstood, OfficerFacts, PlaceFacts
from relations.services import organisation_affiliations as affiliations
from relations.services import organisation_officers as officers
from relations.services import organisations as places
from tests.customers.builders import NOW, make_brn, make_customer, make_retired
from tests.relations.organising import SINCE, add_officer, add_place, affiliate, make_organisation

pytestmark = pytest.mark.usefixtures("master")
LATER = date(2026, 3, 1)
OFFICE = PlaceFacts(kind="HEAD_OFFICE", name="본사", basis="REGISTER", address="서울특별시 종로구 새누리로 12")


def move(organisation, on=LATER, facts=OFFICE):
    return places.move_head_office(organisation=organisation, facts=facts, on=on, by=None, at=NOW)


def test_add_place_keeps_what_was_told_in_standard_forms():
    organisation = make_organisation()

    made = add_place(organisation, company_no=make_brn(7), phone="(051) 803 4917", postcode="48058")

    told = PlaceOfBusiness.objects.filter(pk=made.pk).values(
        "kind", "company_no", "phone", "postcode", "started_on", "ended_on", "recorded_at"
    )
    assert told.get() == {
        "kind": "BRANCH",
        "company_no": make_brn(7).replace("-", ""),
        "phone": "0518034917",
        "postcode": "48058",
        "started_on": SINCE,
        "ended_on": None,
        "recorded_at": NOW,
    }


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"company_no": "101-81-00015"}, "company_no"),
        ({"company_no": "12345"}, "company_no"),
        ({"phone": "없음"}, "phone"),
        ({"address": "없음"}, "address"),
        ({"name": "  "}, "name"),
    ],
)
def test_add_place_refuses_what_has_no_standard_form(facts, field):
    with pytest.raises(NotUnderstood) as refused:
        add_place(make_organisation(), **facts)

    assert refused.value.field == field


def test_a_person_or_a_retired_number_has_no_places():
    survivor = make_organisation()
    retired = make_retired(survivor, kind="ORG")

    with pytest.raises(places.NotAnOrganisation):
        add_place(make_customer())
    with pytest.raises(places.NotActive):
        add_place(retired)


def test_an_organisation_has_one_head_office_at_a_time():
    organisation = make_organisation()
    add_place(organisation, "HEAD_OFFICE")

    with pytest.raises(places.HeadOfficeStands):
        add_place(organisation, "HEAD_OFFICE", on=None)


def test_move_head_office_ends_the_one_before_on_the_day_the_new_one_begins():
    organisation = make_organisation()
    before = add_place(organisation, "HEAD_OFFICE")

    after = move(organisation)

    before.refresh_from_db()
    assert (before.ended_on, before.ended_at, after.started_on, after.ended_on) == (LATER, NOW, LATER, None)


def test_move_head_office_refuses_without_one_and_before_it_began():
    organisation = make_organisation()
    with pytest.raises(places.NoHeadOffice):
        move(organisation)
    add_place(organisation, "HEAD_OFFICE", on=LATER)
    with pytest.raises(places.EndsBeforeItBegan):
        move(organisation, on=LATER - timedelta(days=1))


def test_end_place_stands_the_first_time():
    place = add_place(make_organisation())
    places.end_place(place=place, on=LATER, by=None, at=NOW)

    with pytest.raises(places.AlreadyEnded):
        places.end_place(place=place, on=SINCE, by=None, at=NOW)


def test_an_organisation_has_one_parent_at_a_time_and_may_have_another_later():
    first, second, child = (make_organisation(name) for name in ("(주)가나", "(주)다라", "(주)마바"))
    edge = affiliate(first, child)
    with pytest.raises(affiliations.HasParent):
        affiliate(second, child, on=LATER)
    affiliations.end_affiliation(affiliation=edge, on=LATER, by=None, at=NOW)

    affiliate(second, child, on=LATER)

    held = Affiliation.objects.held_on(LATER).values_list("parent", "child")
    assert list(held) == [(second.pk, child.pk)]


def test_no_organisation_stands_below_itself():
    top, middle, bottom = (make_organisation(name) for name in ("(주)가나", "(주)다라", "(주)마바"))
    affiliate(top, middle)
    affiliate(middle, bottom)

    with pytest.raises(affiliations.Itself):
        affiliate(top, top)
    with pytest.raises(affiliations.ClosesCircle):
        affiliate(bottom, top)


def test_a_way_that_ended_before_closes_no_circle():
    top, bottom = make_organisation("(주)가나"), make_organisation("(주)다라")
    edge = affiliate(top, bottom)
    affiliations.end_affiliation(affiliation=edge, on=LATER, by=None, at=NOW)

    assert affiliate(bottom, top, on=LATER).parent_id == bottom.pk


def test_change_officer_ends_the_one_before_and_says_who_followed():
    organisation = make_organisation()
    before = add_officer(organisation, "김담당")

    facts = OfficerFacts(duty="PEOPLE", name="박후임", basis="ORGANISATION", email="HR@Hanbit.co.kr")
    after = officers.change_officer(officer=before, facts=facts, on=LATER, by=None, at=NOW)

    before.refresh_from_db()
    assert (before.ended_on, before.successor_id) == (LATER, after.pk)
    assert (after.started_on, after.organisation_id, after.email) == (LATER, organisation.pk, "HR@hanbit.co.kr")
    with pytest.raises(places.AlreadyEnded):
        officers.change_officer(officer=before, facts=facts, on=LATER, by=None, at=NOW)


def test_an_officer_is_a_person_or_nobody_known():
    with pytest.raises(officers.NotAPerson):
        add_officer(make_organisation(), customer=make_organisation("(주)가나"))


def test_end_officer_leaves_the_duty_without_anybody():
    officer = add_officer(make_organisation())

    officers.end_officer(officer=officer, on=LATER, by=None, at=NOW)

    assert list(Officer.objects.held_on(LATER)) == []
    assert list(Officer.objects.held_on(LATER - timedelta(days=1))) == [officer]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_close_no_circle_between_them(transactional_db):
    one, other = make_organisation("(주)가나"), make_organisation("(주)다라")
    start, outcomes = threading.Barrier(2), []

    def add(parent, child):
        start.wait()
        try:
            affiliate(parent, child)
            outcomes.append("added")
        except affiliations.ClosesCircle:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["added", "refused"]
    assert Affiliation.objects.count() == 1
