"""What the number of a customer who is gone answers, to whom, and where it is not found any more."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Staff
from customers.models import Customer
from customers.numbering import written_number
from customers.search import search
from customers.services.destroying import destroy_customers, separate_customers
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
AT = datetime(2027, 3, 1, 1, tzinfo=UTC)
EVERYONE, SOME = "COMPLIANCE_OFFICER", "FP"


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def reader(role: str = EVERYONE) -> Staff:
    return make_staff(role, language="en")


def destroyed(**fields: object) -> Customer:
    customer = make_customer(**fields)
    destroy_customers(customers=[customer.pk], at=AT)
    return customer


def kept_apart() -> Customer:
    customer = make_customer()
    separate_customers(customers=[customer.pk], at=AT)
    return customer


def test_a_destroyed_number_says_since_when():
    customer = destroyed(name="가나다")

    page = browser_of(reader()).get(customer.get_absolute_url())

    text = page.content.decode()
    assert page.status_code == 410
    assert "Destroyed on 2027-03-01" in text
    assert written_number(customer.number) in text
    assert "가나다" not in text


def test_a_number_that_is_kept_apart_says_since_when():
    customer = kept_apart()

    page = browser_of(reader()).get(customer.get_absolute_url())

    assert page.status_code == 410
    assert "Kept apart since 2027-03-01" in page.content.decode()


def test_a_number_that_was_merged_into_a_destroyed_one_says_the_same():
    survivor = make_customer()
    retired = make_retired(survivor)
    destroy_customers(customers=[survivor.pk], at=AT)

    page = browser_of(reader()).get(retired.get_absolute_url())

    assert page.status_code == 410
    assert "Destroyed on 2027-03-01" in page.content.decode()
    assert written_number(retired.number) in page.content.decode()


def test_to_whoever_does_not_see_everybody_it_is_no_other_than_a_number_of_somebody_else():
    keeper = reader(SOME)
    gone, of_others = destroyed(keeper=keeper), make_customer()
    client = browser_of(keeper)

    answers = [client.get(customer.get_absolute_url()).status_code for customer in (gone, of_others)]
    searched = [search(customer.number, keeper, AT.date()).goes_to for customer in (gone, of_others)]

    assert (answers, searched) == ([404, 404], ["", ""])


@pytest.mark.parametrize("suffix", ["?as_of=2026-11-23T12:00", ""])
def test_no_instant_shows_what_was(suffix):
    customer = destroyed(name="가나다")

    page = browser_of(make_staff("DATA_STEWARD", language="en")).get(customer.get_absolute_url() + suffix)

    assert page.status_code == 410
    assert "가나다" not in page.content.decode()


def test_the_number_as_people_write_it_leads_to_the_same_page():
    customer = destroyed()

    page = browser_of(reader()).get(f"/customers/{written_number(customer.number)}/", follow=True)

    assert (page.redirect_chain, page.status_code) == ([(customer.get_absolute_url(), 302)], 410)


def test_the_search_leads_from_the_number_to_its_page_and_finds_nothing_else():
    customer, viewer = destroyed(name="뷔갑결", mobile="010-7901-0374"), reader()

    with translation.override("en"):
        by_number = search(customer.number, viewer, AT.date())

    assert by_number.goes_to == customer.get_absolute_url()
    assert by_number.notices == (
        f"The customer of the number {written_number(customer.number)} was destroyed on 2027-03-01.",
    )
    assert by_number.hit_count == 0
    assert [search(text, viewer, AT.date()).hit_count for text in ("뷔갑결", "0374", "01079010374")] == [0, 0, 0]


def test_a_list_never_shows_who_is_gone():
    shown, _destroyed, _apart = make_customer(created_at=NOW), destroyed(), kept_apart()
    client = browser_of(reader())

    pages = [client.get("/customers/", {"state": state}) for state in ("", "ACTIVE", "DESTROYED", "SEPARATED")]

    urls = [[row["url"] for row in page.context["rows"]] for page in pages]
    assert urls[:2] == [[shown.get_absolute_url()]] * 2
    assert "DESTROYED" not in dict(pages[0].context["filter"].form.fields["state"].choices)
