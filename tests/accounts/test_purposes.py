"""The declared purpose: chosen in the head of every page, kept with the session, and decisive for what is shown."""

import pytest
from django.test import Client

from accounts.models import AccessEntry
from accounts.purposes import SESSION_KEY, Purpose, purpose_of, purposes_of
from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db
DECLARE = "/accounts/purpose/"


def login(*roles: str) -> tuple[Client, object]:
    staff, client = make_staff(*roles, language="en"), Client()
    client.force_login(staff)
    return client, staff


def test_a_role_begins_with_its_first_purpose():
    assert [purpose_of(make_staff(*roles)) for roles in (("FP",), ("AUDITOR",), ())] == [
        Purpose.SERVICE,
        Purpose.OVERSIGHT,
        None,
    ]


def test_purposes_of_two_roles_stand_once_in_the_order_of_the_roles():
    assert purposes_of(make_staff("BRANCH_MANAGER", "FP", "DATA_STEWARD")) == [
        Purpose.STEWARDSHIP,
        Purpose.SERVICE,
        Purpose.SALES,
        Purpose.CLAIMS,
    ]


def test_the_head_of_a_page_offers_the_purposes_of_the_person():
    client, _staff = login("FP")

    page = client.get("/accounts/profile/").content.decode()

    assert 'action="/accounts/purpose/"' in page
    assert [f'name="purpose" value="{purpose}"' in page for purpose in ("SERVICE", "SALES", "CLAIMS", "OVERSIGHT")] == [
        True,
        True,
        True,
        False,
    ]


def test_whoever_has_one_purpose_sees_it_and_no_choice():
    client, _staff = login("AUDITOR")

    page = client.get("/accounts/profile/").content.decode()

    assert ("Oversight" in page, 'action="/accounts/purpose/"' in page) == (True, False)


def test_a_purpose_is_declared_kept_and_noted_on_the_trail():
    client, staff = login("FP")

    answer = client.post(DECLARE, {"purpose": "SALES", "next": "/accounts/profile/"})

    assert (answer.status_code, answer.url) == (302, "/accounts/profile/")
    assert client.session[SESSION_KEY] == "SALES"
    assert "<strong>Sales</strong>" in client.get("/accounts/profile/").content.decode()
    noted = AccessEntry.objects.of_staff(staff).filter(page="accounts:purpose").values_list("kind", "purpose")
    assert list(noted) == [("CHANGE", "SALES")]


@pytest.mark.parametrize("purpose", ["OVERSIGHT", "", "FUN"])
def test_a_purpose_that_is_not_the_persons_is_refused(purpose):
    client, _staff = login("FP")

    assert client.post(DECLARE, {"purpose": purpose}).status_code == 400
    assert SESSION_KEY not in client.session


def test_a_page_of_others_is_no_way_back():
    client, _staff = login("FP")

    assert client.post(DECLARE, {"purpose": "SALES", "next": "https://example.com/"}).url == "/"


def test_a_purpose_is_not_declared_by_a_link():
    client, _staff = login("FP")

    assert client.get(DECLARE).status_code == 405


def test_a_purpose_of_a_role_that_was_taken_holds_no_longer():
    staff = make_staff("AUDITOR")
    staff.declared_purpose = "SALES"

    assert purpose_of(staff) == Purpose.OVERSIGHT
