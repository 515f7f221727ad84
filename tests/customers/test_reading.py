"""The one read path: who sees how much of which item, and why."""

import pytest
from django.utils.translation import override

from accounts.models import Channel, Staff
from customers.models import Customer, Item
from customers.reading import (
    Because,
    CatalogueItem,
    Level,
    Place,
    catalogue,
    disclosure,
    forget_catalogue,
    prepare,
    read,
)
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import feed, grant, make_customer, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
PRIVATE = {
    "mobile": "01011112222",
    "email": "hong@example.kr",
    "phone_home": "023334444",
    "address": "서울특별시 중구 세종대로 110",
}


@pytest.fixture(autouse=True)
def fresh_catalogue():
    forget_catalogue()
    yield
    forget_catalogue()


@pytest.mark.parametrize(
    ("code", "purpose", "level", "because"),
    [
        ("name", Place.LIST, Level.FULL, Because.OPEN_ITEM),
        ("sex", Place.SEARCH, Level.FULL, Because.OPEN_ITEM),
        ("mobile", Place.LIST, Level.FULL, Because.IN_SCOPE),
        ("address", Place.PROFILE, Level.FULL, Because.IN_SCOPE),
        ("rrn", Place.PROFILE, Level.MASKED, Because.IDENTIFIER),
        ("passport", Place.PROFILE, Level.MASKED, Because.IDENTIFIER),
        ("account_no", Place.LIST, Level.MASKED, Because.IDENTIFIER),
    ],
)
def test_in_scope_all_is_shown_but_identifiers(code, purpose, level, because):
    reading = read(make_customer(), make_staff("DATA_STEWARD"), purpose)

    assert reading.decide(code)[:2] == (level, because)


@pytest.mark.parametrize(
    ("purpose", "level", "because"),
    [
        (Place.PROFILE, Level.FULL, Because.GRANTED),
        (Place.LIST, Level.MASKED, Because.OUT_OF_SCOPE),
        (Place.SEARCH, Level.MASKED, Because.OUT_OF_SCOPE),
    ],
)
def test_private_items_of_a_granted_customer_are_whole_on_its_page_only(purpose, level, because):
    customer, planner = make_customer(**PRIVATE), make_staff("FP")
    grant(customer, planner)

    reading = read(customer, planner, purpose)

    assert {reading.decide(code)[:2] for code in PRIVATE} == {(level, because)}
    assert reading.shows_everything() is (level is Level.FULL)


def test_masks_leave_what_insurers_leave():
    reading = read(make_customer(**PRIVATE), make_staff("FP"), Place.LIST)

    assert {code: str(reading[code]) for code in PRIVATE} == {
        "mobile": "010-****-2222",
        "email": "ho***@example.kr",
        "phone_home": "02-***-4444",
        "address": "서울특별시 중구 세종대로 ***",
    }


@pytest.mark.parametrize(
    ("reader", "because", "may_reveal"),
    [
        ("keeper", Because.IN_SCOPE, False),
        ("colleague", Because.OUT_OF_SCOPE, False),
        ("manager", Because.MASKED, True),
        ("manager above", Because.MASKED, True),
        ("manager elsewhere", Because.OUT_OF_SCOPE, False),
    ],
)
def test_scope_follows_keeper_and_branch(reader, because, may_reveal):
    head = make_branch("H0")
    own, elsewhere = make_branch("B1", parent=head), make_branch("B2", parent=head)
    readers = {
        "keeper": make_staff("FP", branch=elsewhere),
        "colleague": make_staff("FP", branch=own),
        "manager": make_staff("BRANCH_MANAGER", branch=own),
        "manager above": make_staff("BRANCH_MANAGER", branch=head),
        "manager elsewhere": make_staff("BRANCH_MANAGER", branch=elsewhere),
    }
    customer = make_customer(main_branch=own, keeper=readers["keeper"], **PRIVATE)

    reading = read(customer, readers[reader], Place.LIST)

    assert {(reading.decide(code).because, reading[code].may_reveal) for code in PRIVATE} == {(because, may_reveal)}
    assert reading.shows_everything() is (reader == "keeper")


@pytest.mark.parametrize(
    ("role", "code", "level", "because", "may_reveal"),
    [
        ("DATA_STEWARD", "mobile", Level.FULL, Because.IN_SCOPE, False),
        ("DATA_STEWARD", "rrn", Level.MASKED, Because.IDENTIFIER, True),
        ("COMPLIANCE_OFFICER", "mobile", Level.MASKED, Because.MASKED, True),
        ("PRIVACY_OFFICER", "email", Level.MASKED, Because.MASKED, True),
        ("CAMPAIGN_MANAGER", "mobile", Level.MASKED, Because.MASKED, False),
        ("CAMPAIGN_MANAGER", "rrn", Level.NOTHING, Because.NOT_PERMITTED, False),
        ("CAMPAIGN_MANAGER", "name", Level.FULL, Because.OPEN_ITEM, False),
    ],
)
def test_what_the_shipped_rules_give_each_role_of_the_whole_stock(role, code, level, because, may_reveal):
    customer = make_customer(**PRIVATE)

    assert read(customer, make_staff(role), Place.PROFILE).decide(code) == (level, because, may_reveal, None)


def test_the_same_customer_looks_different_by_purpose():
    planner = make_staff("FP")
    customer = make_customer(keeper=planner, rrn_mask="850302-2******", **PRIVATE)

    by_purpose = {}
    for purpose in ("SERVICE", "SALES"):
        request = type(planner).objects.get(pk=planner.pk)
        request.declared_purpose = purpose
        reading = read(customer, request, Place.PROFILE)
        by_purpose[purpose] = (reading["rrn"].text, reading["rrn"].because, reading["mobile"].text)

    assert by_purpose == {
        "SERVICE": ("850302-2******", Because.IDENTIFIER, "010-1111-2222"),
        "SALES": ("", Because.PURPOSE, "010-1111-2222"),
    }


def test_the_page_of_a_customer_follows_the_purpose_declared(client):
    planner = make_staff("FP", language="en")
    feed([person(rrn=make_rrn("850302", 2), mobile="010-1111-2222")])
    Customer.objects.update(keeper=planner)
    customer = Customer.objects.get()
    client.force_login(planner)

    shown = []
    for purpose in ("SERVICE", "SALES", "CLAIMS"):
        client.post("/accounts/purpose/", {"purpose": purpose})
        page = client.get(customer.get_absolute_url()).content.decode()
        shown.append(("850302-2******" in page, "Not shown for the purpose that you work for now." in page))

    assert shown == [(True, False), (False, True), (True, False)]


def bancassurance_planner() -> Staff:
    """An FP who works in the channel that the shipped rules limit, and reads English."""
    return make_staff("FP", channel=Channel.objects.get(code="BANCASSURANCE"), language="en")


def test_the_limit_of_a_channel_takes_away_and_says_its_clause_and_who_lifts_it():
    planner = bancassurance_planner()
    customer = make_customer(keeper=planner, **PRIVATE)

    reading = read(customer, planner, Place.PROFILE)

    assert (reading["mobile"].text, reading["mobile"].because, reading["mobile"].may_reveal) == (
        "010-****-2222",
        Because.CHANNEL,
        False,
    )
    with override("en"):
        assert reading.why("mobile") == (
            "Limited for the staff of your channel by: 보험업법 제100조, 신용정보법 제33조. "
            "Can be lifted by: 준법감시인."
        )


def test_the_page_of_a_customer_shows_the_clause_of_the_channel(client):
    planner = bancassurance_planner()
    feed([person(mobile="010-1111-2222")])
    Customer.objects.update(keeper=planner)
    client.force_login(planner)

    page = client.get(Customer.objects.get().get_absolute_url()).content.decode()

    assert "010-1111-2222" not in page
    assert "보험업법 제100조, 신용정보법 제33조" in page


def test_the_limit_of_a_channel_is_lifted_where_the_channel_brought_the_customer():
    planner = bancassurance_planner()
    feed([person(source_key="B1", mobile="010-1111-2222")], "BANCA")
    Customer.objects.update(keeper=planner)

    assert read(Customer.objects.get(), planner, Place.PROFILE)["mobile"].text == "010-1111-2222"


def test_the_limits_of_a_channel_ask_once_for_a_whole_list(django_assert_num_queries):
    planner = bancassurance_planner()
    customers = [make_customer(keeper=planner, **PRIVATE) for _number in range(3)]
    read(customers[0], planner, Place.LIST)["mobile"]
    next_request = Staff.objects.select_related("channel").get(pk=planner.pk)
    read(make_customer(), next_request, Place.LIST)["mobile"]

    with django_assert_num_queries(1):
        prepare(next_request, customers)
        assert {read(customer, next_request, Place.LIST)["mobile"].text for customer in customers} == {"010-****-2222"}


def test_nothing_is_shown_without_the_right_to_see_customers():
    customer = make_customer(**PRIVATE)
    left = make_staff("DATA_STEWARD")
    left.is_active = False

    readings = [read(customer, staff, Place.PROFILE) for staff in (make_staff(), make_staff("ADMINISTRATOR"), left)]

    assert {reading["name"][:3] for reading in readings} == {("", Level.NOTHING, Because.NOT_PERMITTED)}


def test_an_item_that_the_catalogue_does_not_list_is_hidden():
    Item.objects.filter(code="mobile").delete()
    forget_catalogue()

    reading = read(make_customer(**PRIVATE), make_staff("DATA_STEWARD"), Place.PROFILE)

    assert reading["mobile"][:3] == ("", Level.NOTHING, Because.NOT_CATALOGUED)


def test_nothing_counts_as_shown_while_the_catalogue_is_empty():
    Item.objects.all().delete()
    forget_catalogue()

    assert read(make_customer(), make_staff("DATA_STEWARD"), Place.PROFILE).shows_everything() is False


def test_an_item_made_private_is_masked_after_the_catalogue_was_forgotten():
    customer, stranger = make_customer(birth_date="1985-01-02"), make_staff("FP")
    customer.refresh_from_db()
    assert str(read(customer, stranger, Place.LIST)["birth_date"]) == "1985-01-02"

    Item.objects.filter(code="birth_date").update(grade=Item.Grade.PRIVATE)
    forget_catalogue()
    next_request = type(stranger).objects.get(pk=stranger.pk)

    assert str(read(customer, next_request, Place.LIST)["birth_date"]) == "1985-**-**"


def test_a_private_item_without_a_mask_is_hidden_altogether():
    Item.objects.filter(code="mobile").update(mask=Item.Mask.NONE)
    forget_catalogue()

    assert str(read(make_customer(**PRIVATE), make_staff("FP"), Place.LIST)["mobile"]) == "***"


def test_the_name_of_an_organisation_is_never_private():
    item = CatalogueItem("name", "이름", "Name", "BASIC", 1, Item.Grade.PRIVATE, Item.Mask.NAME)
    viewer = make_staff("FP")

    told = [disclosure(item, viewer, make_customer(kind=kind), Place.LIST)[:2] for kind in ("ORG", "PERSON")]

    assert told == [(Level.FULL, Because.ORGANISATION), (Level.MASKED, Because.OUT_OF_SCOPE)]


def test_an_organisation_has_neither_an_employer_nor_a_home():
    viewer = make_staff("DATA_STEWARD")

    with override("en"):
        readings = [read(make_customer(kind=kind), viewer, Place.PROFILE) for kind in ("ORG", "PERSON")]
        labels = [[reading.label(code) for code in ("company", "phone_home", "mobile")] for reading in readings]

    assert labels == [["Business number", "Main phone", "Mobile"], ["Employer", "Home phone", "Mobile"]]


def test_the_catalogue_is_read_once(django_assert_num_queries):
    catalogue()

    with django_assert_num_queries(0):
        assert list(catalogue())[:3] == ["name", "birth_date", "sex"]
