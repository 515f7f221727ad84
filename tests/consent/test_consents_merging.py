"""Consents when customers are merged and come apart: what is told first, what becomes a conflict, what ends it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentConflict
from customers import merging
from customers.models import Customer
from customers.services import merges, unmerges
from tests.accounts.builders import make_staff
from tests.consent.consenting import answer, back_date_texts, consents, merge, purpose, says, unmerge, withdraws
from tests.customers.builders import NOW, feed, make_customer, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _texts(purposes: None) -> None:
    back_date_texts()


def conflicts() -> list[tuple[str, str, str, str]]:
    """[(customer, other, channel, outcome)], the outcome OPEN while there is none."""
    rows = ConsentConflict.objects.order_by("pk").select_related("customer", "other")
    return [(row.customer.name, row.other.name, row.channel, row.outcome or "OPEN") for row in rows]


def two(**own: str) -> tuple[Customer, Customer]:
    """One who consents by telephone, and another who refuses that and consents to letters."""
    one, other = make_customer(name="하나"), make_customer(name="두리")
    consents(one, answer(), answer(channel="MAIL"))
    consents(other, answer(said="REFUSED"), answer(channel="MAIL"), answer("INTEGRATED_USE"))
    return one, other


def test_a_merge_opens_a_conflict_where_both_answered_and_one_more_strictly():
    one, other = two()
    merge(other, one, at=NOW + HOUR)
    assert conflicts() == [("하나", "두리", "PHONE", "OPEN")]


def test_an_unmerge_ends_the_conflict_and_a_second_merge_opens_another():
    one, other = two()
    merge(other, one, at=NOW + HOUR)
    unmerge(other, at=NOW + 2 * HOUR)
    assert conflicts() == [("하나", "두리", "PHONE", "UNMERGED")]

    merge(other, one, at=NOW + 3 * HOUR)

    assert conflicts()[1:] == [("하나", "두리", "PHONE", "OPEN")]


def test_a_conflict_goes_with_a_later_merge_and_comes_back():
    one, other = two()
    third = make_customer(name="세라")
    merge(other, one, at=NOW + HOUR)

    merge(one, third, at=NOW + 2 * HOUR)
    assert conflicts() == [("세라", "두리", "PHONE", "OPEN")]
    unmerge(one, at=NOW + 3 * HOUR)

    assert conflicts() == [("하나", "두리", "PHONE", "OPEN")]


def test_the_customers_own_new_answer_settles_it_and_an_older_one_does_not():
    one, other = two()
    merge(other, one, at=NOW + HOUR)

    consents(one, at=NOW + HOUR / 2, recorded_at=NOW + 2 * HOUR)
    assert conflicts() == [("하나", "두리", "PHONE", "OPEN")]
    consents(one, at=NOW + 3 * HOUR)

    assert conflicts() == [("하나", "두리", "PHONE", "GIVEN")]
    assert says(one) == "GIVEN"
    unmerge(other, at=NOW + 4 * HOUR)
    assert conflicts() == [("하나", "두리", "PHONE", "GIVEN")]
    assert says(other) == "REFUSED"


def test_a_withdrawal_settles_it_too():
    one, other = two()
    merge(other, one, at=NOW + HOUR)
    withdraws(one, at=NOW + 2 * HOUR)
    assert conflicts() == [("하나", "두리", "PHONE", "WITHDRAWN")]


def test_consents_stay_with_their_number_and_the_preview_counts_them_whole():
    feed([person(source_key="K1", name="김하나"), person(source_key="K2", name="박두리", birth_date="1971-07-07")])
    one, other = Customer.objects.order_by("pk")[:2]
    consents(one)
    consents(other, answer(said="REFUSED"))

    preview = merges.preview_merge(survivor=one, retired=[other], by=make_staff("STEWARD_LEAD"), at=timezone.now())

    assert preview.is_whole
    assert preview.counts["consent.Consent"] == {one.pk: 1, other.pk: 1}
    assert preview.stayed["consent.Consent"] == 1
    assert ConsentConflict.objects.count() == 0


def test_a_real_merge_and_unmerge_leave_every_state_as_it_was():
    feed([person(source_key="K1", name="김하나"), person(source_key="K2", name="박두리", birth_date="1971-07-07")])
    one, other = Customer.objects.order_by("pk")[:2]
    consents(one)
    consents(other, answer(said="REFUSED"))
    by, now = make_staff("STEWARD_LEAD"), timezone.now()

    merges.merge_customers(survivor=one, retired=[other], by=by, at=now, is_approved=True)
    assert says(one) == "REFUSED"
    other.refresh_from_db()
    unmerges.unmerge_customer(retired=other, by=by, at=now + HOUR, answers={})

    assert [says(one), says(other)] == ["GIVEN", "REFUSED"]
    assert [row.outcome for row in ConsentConflict.objects.all()] == ["UNMERGED"]


def test_the_preview_leads_with_what_they_answered_differently():
    feed([person(source_key="K1", name="김하나"), person(source_key="K2", name="박두리", birth_date="1971-07-07")])
    one, other = Customer.objects.order_by("pk")[:2]
    consents(one)
    consents(other, answer(said="REFUSED"))
    client = Client()
    client.force_login(make_staff("STEWARD_LEAD", language="en"))

    page = client.get(reverse("customers:merge-preview", args=[one.number]), {"with": other.number})

    rows = [(row.label, row.cells, row.is_changed) for row in page.context["report"].cautions.rows]
    assert rows == [
        ("Marketing and solicitation · Telephone", ("Given (2026-11-23)", "Refused (2026-11-23)", "Refused"), True)
    ]
    told = page.content.decode()
    assert told.index("Look at this first") < told.index("Values that differ")


def test_who_may_not_see_consents_is_told_nothing():
    one, other = two()
    stranger = make_staff("ADMINISTRATOR")
    assert merging.cautions([one, other], stranger) == []
    assert len(merging.cautions([one, other], make_staff("STEWARD_LEAD"))) == 1
    assert merging.cautions([make_customer(), make_customer()], make_staff("STEWARD_LEAD")) == []


def test_of_many_merges_at_once_each_has_its_conflicts():
    pairs = [two() for _ in range(3)]
    act = merge([other for _one, other in pairs[:1]], pairs[0][0], at=NOW + HOUR)
    merging.absorb(merges=[(other.pk, one.pk) for one, other in pairs[1:]], at=NOW + HOUR, act=act)
    assert len(conflicts()) == 3
    assert purpose().pk in set(ConsentConflict.objects.values_list("purpose", flat=True))
