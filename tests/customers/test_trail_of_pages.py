"""Every page that shows a customer says so on the trail, with what was asked for and no identifier whole."""

import json

import pytest
from django.test import Client

from accounts.models import AccessEntry, Staff
from customers.asked import kept_text, kept_words
from customers.models import Customer, Pair, SourceRecord
from customers.numbering import customer_number, written_number
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import feed, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")


@pytest.fixture
def steward() -> Staff:
    return make_staff("STEWARD_LEAD", branch=make_branch("B66"))


@pytest.fixture
def client(steward) -> Client:
    client = Client()
    client.force_login(steward)
    return client


@pytest.fixture
def customer() -> Customer:
    feed([person(name="김하나", mobile="01012345678")])
    return Customer.objects.get()


def newest(staff: Staff) -> AccessEntry:
    return AccessEntry.objects.of_staff(staff).newest_first()[0]


@pytest.mark.parametrize(
    "address",
    [
        "/customers/",
        "/customers/?name=김하나",
        "/customers/search/?q=김하나",
        "/customers/{number}/",
        "/customers/{number}/?as_of=2026-11-27",
        "/customers/{number}/records/{record}/",
        "/customers/{number}/wishes/",
        "/customers/{number}/merge/",
        "/customers/{number}/correct/mobile/",
    ],
)
def test_a_page_that_shows_a_customer_is_on_the_trail(client, steward, customer, address):
    record = SourceRecord.objects.get()

    answer = client.get(address.format(number=customer.number, record=record.pk))

    entry = newest(steward)
    assert answer.status_code == 200
    assert (entry.customers, entry.result, entry.branch_code) == ([customer.pk], 200, "B66")


def test_the_check_for_an_existing_customer_keeps_which_fields_were_filled_in(client, steward, customer):
    client.post("/customers/check/", {"name": "김하나", "birth_date": "1985-03-02", "rrn": make_rrn("850302")})

    entry = newest(steward)
    assert (entry.kind, json.loads(entry.conditions)) == ("SEARCH", {"fields": "birth_date name rrn"})


def test_a_list_keeps_filters_columns_and_count(client, steward, customer):
    client.get("/customers/?name=김하나&kind=PERSON&columns=mobile")

    entry = newest(steward)
    kept = json.loads(entry.conditions)
    assert (entry.kind, entry.count) == ("LIST", 1)
    assert {"name": "김하나", "kind": "PERSON"}.items() <= kept.items()
    assert "mobile" in kept["columns"]


def test_a_search_is_kept_even_where_nothing_is_found(client, steward):
    client.get("/customers/search/?q=없는사람")

    entry = newest(steward)
    assert (entry.kind, entry.count, json.loads(entry.conditions)) == ("SEARCH", 0, {"q": "없는사람"})


@pytest.mark.parametrize(
    ("address", "conditions"),
    [("/customers/pairs/?reason=NAME_MOBILE", {"reason": "NAME_MOBILE", "state": "OPEN"}), ("/customers/acts/", {})],
)
def test_the_lists_of_pairs_and_acts_are_kept(client, steward, address, conditions):
    client.get(address)

    entry = newest(steward)
    assert (entry.kind, json.loads(entry.conditions or "{}")) == ("LIST", conditions)


def test_a_list_of_grants_keeps_no_resident_number_typed_for_an_employee_number(client):
    officer = make_staff("PRIVACY_OFFICER")
    client.force_login(officer)

    client.get("/customers/grants/?staff=900101-1234567")

    assert json.loads(newest(officer).conditions) == {"staff": "900101-1******"}


def test_a_pair_is_on_the_trail_with_both_customers(client, steward):
    from tests.customers.many_pairs import make_pairs

    make_pairs(1)
    pair = Pair.objects.get()

    client.get(f"/customers/pairs/{pair.pk}/")

    expected = set(
        Customer.objects.filter(links__record__in=[pair.left_id, pair.right_id]).values_list("pk", flat=True)
    )
    assert set(newest(steward).customers) == expected


def test_an_unseen_customer_that_was_asked_for_is_on_the_trail(customer):
    planner = make_staff("FP", branch=make_branch())
    client = Client()
    client.force_login(planner)

    for address in (f"/customers/{customer.number}/", f"/customers/{written_number(customer.number)}/"):
        assert client.get(address).status_code == 404

    entries = AccessEntry.objects.of_staff(planner)
    assert [(entry.customers, entry.result) for entry in entries] == [([customer.pk], 404)] * 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("김하나", "김하나"),
        ("1990-01-01", "1990-01-01"),
        ("900101-1234567", "900101-1******"),
        ("9001011234567", "9001011******"),
        ("김하나 01012345678", "김하나 *******5678"),
        ("010-1234-5678", "***-****-5678"),
        ("110-123-456789", "***-***-**6789"),
        ("M12345678", "*****5678"),
        ("m 1234 5678", "* **** 5678"),
        (written_number(customer_number(12_345)), written_number(customer_number(12_345))),
        ("C-000012345-X9", "*-*****2345-X9"),
        ("가" * 200, "가" * 100),
        ("", ""),
    ],
)
def test_no_identifier_is_kept_whole(typed, kept):
    assert kept_text(typed) == kept


def test_what_was_left_empty_is_not_kept():
    assert kept_words({"a": "", "b": None, "c": False, "d": 0, "e": True, "f": "x"}) == {"e": "True", "f": "x"}
