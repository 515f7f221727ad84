"""The pages of relationships, asked as a browser would."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessEntry, Staff
from customers.models import Customer
from relations.models import Relationship
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer, make_retired
from tests.customers.protecting import protect
from tests.relations.relating import make_household, make_relationship, on_contracts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
PAGES = ("relationship-list", "relationship-register", "network-detail", "network-data")


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def steward() -> Client:
    return browser_of(make_staff("DATA_STEWARD", language="en"))


def url(name: str, customer: Customer, *words: object) -> str:
    return reverse(f"relations:{name}", args=[customer.number, *words])


def born(year: int, **fields: object) -> Customer:
    return make_customer(birth_date=date(year, 6, 1), **fields)


@pytest.mark.parametrize("name", PAGES)
def test_strangers_are_turned_away(name):
    customer = make_customer()
    make_relationship(customer, make_customer())
    planner, admin = browser_of(make_staff("FP")), browser_of(make_staff("ADMINISTRATOR"))

    assert [client.get(url(name, customer)).status_code for client in (planner, admin)] == [404, 403]


@pytest.mark.parametrize("name", PAGES)
def test_a_retired_number_has_no_relationships_of_its_own(steward, name):
    assert steward.get(url(name, make_retired(make_customer()))).status_code == 404


def test_only_who_may_register_ends_or_renews():
    customer = make_customer()
    relation = make_relationship(customer, make_customer())
    officer = browser_of(make_staff("COMPLIANCE_OFFICER"))

    assert [
        officer.get(url("relationship-register", customer)).status_code,
        officer.get(url("relationship-end", customer, relation.pk)).status_code,
        officer.post(url("relationship-renew", customer, relation.pk)).status_code,
        officer.get(url("relationship-list", customer)).status_code,
    ] == [403, 403, 403, 200]


def test_a_relationship_is_reached_by_its_own_customers_alone(steward):
    relation = make_relationship(make_customer(), make_customer())
    other = make_customer()

    assert steward.get(url("relationship-end", other, relation.pk)).status_code == 404
    assert steward.post(url("relationship-renew", other, relation.pk)).status_code == 404


@pytest.mark.parametrize("name", ["relationship-list", "network-detail"])
def test_lists_cost_as_many_queries_for_three_as_for_one(name):
    client, counts = browser_of(make_staff("DATA_STEWARD")), []
    customers = []
    for count in (1, 3):
        customer = make_customer()
        for _ in range(count):
            make_relationship(customer, make_customer())
        customers.append(customer)
    client.get(url(name, customers[0]))
    for customer in customers:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(name, customer)).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["relationship-list", "network-detail"])
def test_the_page_of_somebody_alone_says_so(steward, name):
    assert "Nobody around this customer is known" in steward.get(url(name, make_customer())).content.decode()


def test_the_list_tells_current_and_ended_apart(steward):
    customer = make_customer()
    make_relationship(customer, make_customer(name="가나다"), evidence="told at the desk")
    make_relationship(
        customer,
        make_customer(name="라마바"),
        kind="SIBLING",
        ended_on=date(2026, 1, 2),
        ended_at="2026-01-02T00:00Z",
        ended_because="OTHER",
    )

    current, ended, every = (
        steward.get(url("relationship-list", customer) + f"?show={show}").content.decode()
        for show in ("nonsense", "ended", "all")
    )

    assert ("가나다" in current, "라마바" in current, "told at the desk" in current) == (True, False, True)
    assert ("가나다" in ended, "라마바" in ended, "2026-01-02" in ended) == (False, True, True)
    assert ("가나다" in every, "라마바" in every) == (True, True)


def test_somebody_unseen_is_a_silhouette_and_the_evidence_untold():
    planner = make_staff("FP", employee_number="F00001", language="en")
    customer = make_customer(keeper=planner, marketing_consent_on="2026-01-01")
    make_relationship(customer, make_customer(name="라마바"), evidence="라마바 said so")

    page = browser_of(planner).get(url("relationship-list", customer)).content.decode()

    assert ("라마바" in page, "Person not shown" in page, "Not one of your customers" in page) == (False, True, True)


def test_registering_says_who_and_until_when_and_is_on_the_trail_of_both(steward):
    mother, child = born(1960), born(1990, name="가나다")
    form = {"number": f"C-{child.number[:9]}-{child.number[9]}", "seen_as": "CHILD", "basis": "PERSON"}

    answer = steward.post(url("relationship-register", mother), form | {"evidence": "900101-1234567", "accepted": []})

    made = Relationship.objects.get()
    assert (answer.status_code, answer.url) == (302, url("relationship-list", mother))
    assert (made.first, made.second, made.kind, made.basis) == (mother, child, "PARENT", "PERSON")
    assert made.evidence == "900101-1******"
    entry = AccessEntry.objects.order_by("pk").last()
    assert (entry.page, set(entry.customers) >= {mother.pk, child.pk}) == ("relations:relationship-register", True)


def test_what_cannot_be_is_refused_with_the_reason(steward):
    child, mother = born(1990), born(1960)

    page = steward.post(
        url("relationship-register", mother), {"number": child.number, "seen_as": "PARENT", "basis": "PERSON"}
    ).content.decode()

    assert "A parent is at least 12 years older than the child" in page
    assert Relationship.objects.count() == 0


def test_what_is_unlikely_is_asked_again(steward):
    mother, child = born(1976), born(1990)
    form = {"number": child.number, "seen_as": "CHILD", "basis": "PERSON"}

    asked = steward.post(url("relationship-register", mother), form).content.decode()
    steward.post(url("relationship-register", mother), form | {"accepted": ["PARENT_YOUNG"]})

    assert "The parent was younger than 16 at the birth." in asked
    assert list(Relationship.objects.values_list("warnings", flat=True)) == [["PARENT_YOUNG"]]


def test_nobody_unseen_is_registered(steward):
    customer, hidden = born(1960), born(1990)
    protect(hidden)

    unseen, absent = (
        steward.post(
            url("relationship-register", customer), {"number": number, "seen_as": "CHILD", "basis": "PERSON"}
        ).content.decode()
        for number in (hidden.number, "9999999375")
    )

    assert "There is no such customer that you may see." in unseen
    assert "There is no such customer that you may see." in absent or "This is no customer number." in absent


def test_the_form_offers_whom_contracts_and_households_name(steward):
    held = on_contracts({"POLICYHOLDER": "A", "INSURED": "B"})
    housemate = make_customer(name="차카타")
    make_household(held["A"], housemate)

    page = steward.get(url("relationship-register", held["A"])).content.decode()

    assert f"?with={held['B'].number}" in page
    assert f"?with={housemate.number}" in page


def test_ending_keeps_why_and_when(steward):
    customer = make_customer()
    relation = make_relationship(customer, make_customer())

    answer = steward.post(
        url("relationship-end", customer, relation.pk), {"because": "DEATH", "ended_on": "2026-01-02"}
    )

    relation.refresh_from_db()
    assert (answer.status_code, relation.ended_because, relation.ended_on) == (302, "DEATH", date(2026, 1, 2))
    assert steward.get(url("relationship-end", customer, relation.pk)).status_code == 404


def test_an_end_before_the_beginning_is_refused(steward):
    customer = make_customer()
    relation = make_relationship(customer, make_customer())

    page = steward.post(
        url("relationship-end", customer, relation.pk), {"because": "DEATH", "ended_on": "2019-01-02"}
    ).content.decode()

    assert "It cannot end before it began." in page


def test_renewing_lets_it_be_believed_anew(steward):
    customer = make_customer()
    relation = make_relationship(customer, make_customer(), valid_until=date.today() - timedelta(days=1))
    before = steward.get(url("relationship-list", customer)).content.decode()

    steward.post(url("relationship-renew", customer, relation.pk))

    after = steward.get(url("relationship-list", customer)).content.decode()
    assert ("Ask again" in before, "Ask again" in after) == (True, False)
