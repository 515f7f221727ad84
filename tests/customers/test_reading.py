"""The one read path: who sees how much of which item, and why."""

import pytest
from django.utils.translation import override

from customers.models import Item
from customers.reading import Because, CatalogueItem, Level, Purpose, catalogue, disclosure, forget_catalogue, read
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import grant, make_customer

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
        ("name", Purpose.LIST, Level.FULL, Because.OPEN_ITEM),
        ("sex", Purpose.SEARCH, Level.FULL, Because.OPEN_ITEM),
        ("mobile", Purpose.LIST, Level.FULL, Because.IN_SCOPE),
        ("address", Purpose.PROFILE, Level.FULL, Because.IN_SCOPE),
        ("rrn", Purpose.PROFILE, Level.MASKED, Because.IDENTIFIER),
        ("passport", Purpose.PROFILE, Level.MASKED, Because.IDENTIFIER),
        ("account_no", Purpose.LIST, Level.MASKED, Because.IDENTIFIER),
    ],
)
def test_in_scope_all_is_shown_but_identifiers(code, purpose, level, because):
    reading = read(make_customer(), make_staff("DATA_STEWARD"), purpose)

    assert reading.decide(code) == (level, because)


@pytest.mark.parametrize(
    ("purpose", "level", "because"),
    [
        (Purpose.PROFILE, Level.FULL, Because.GRANTED),
        (Purpose.LIST, Level.MASKED, Because.OUT_OF_SCOPE),
        (Purpose.SEARCH, Level.MASKED, Because.OUT_OF_SCOPE),
    ],
)
def test_private_items_of_a_granted_customer_are_whole_on_its_page_only(purpose, level, because):
    customer, planner = make_customer(**PRIVATE), make_staff("FP")
    grant(customer, planner)

    reading = read(customer, planner, purpose)

    assert {reading.decide(code) for code in PRIVATE} == {(level, because)}
    assert reading.shows_everything() is (level is Level.FULL)


def test_masks_leave_what_insurers_leave():
    reading = read(make_customer(**PRIVATE), make_staff("FP"), Purpose.LIST)

    assert {code: str(reading[code]) for code in PRIVATE} == {
        "mobile": "010-****-2222",
        "email": "ho***@example.kr",
        "phone_home": "02-***-4444",
        "address": "서울특별시 중구 세종대로 ***",
    }


@pytest.mark.parametrize(
    ("reader", "is_whole"),
    [("keeper", True), ("colleague", False), ("manager", True), ("manager above", True), ("manager elsewhere", False)],
)
def test_scope_follows_keeper_and_branch(reader, is_whole):
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

    assert read(customer, readers[reader], Purpose.LIST).shows_everything() is is_whole


def test_nothing_is_shown_without_the_right_to_see_customers():
    customer = make_customer(**PRIVATE)
    left = make_staff("DATA_STEWARD")
    left.is_active = False

    readings = [read(customer, staff, Purpose.PROFILE) for staff in (make_staff(), make_staff("ADMINISTRATOR"), left)]

    assert {reading["name"] for reading in readings} == {("", Level.NOTHING, Because.NOT_PERMITTED)}


def test_an_item_that_the_catalogue_does_not_list_is_hidden():
    Item.objects.filter(code="mobile").delete()
    forget_catalogue()

    reading = read(make_customer(**PRIVATE), make_staff("DATA_STEWARD"), Purpose.PROFILE)

    assert reading["mobile"] == ("", Level.NOTHING, Because.NOT_CATALOGUED)


def test_nothing_counts_as_shown_while_the_catalogue_is_empty():
    Item.objects.all().delete()
    forget_catalogue()

    assert read(make_customer(), make_staff("DATA_STEWARD"), Purpose.PROFILE).shows_everything() is False


def test_an_item_made_private_is_masked_after_the_catalogue_was_forgotten():
    customer, stranger = make_customer(birth_date="1985-01-02"), make_staff("FP")
    customer.refresh_from_db()
    assert str(read(customer, stranger, Purpose.LIST)["birth_date"]) == "1985-01-02"

    Item.objects.filter(code="birth_date").update(grade=Item.Grade.PRIVATE)
    forget_catalogue()
    next_request = type(stranger).objects.get(pk=stranger.pk)

    assert str(read(customer, next_request, Purpose.LIST)["birth_date"]) == "1985-**-**"


def test_a_private_item_without_a_mask_is_hidden_altogether():
    Item.objects.filter(code="mobile").update(mask=Item.Mask.NONE)
    forget_catalogue()

    assert str(read(make_customer(**PRIVATE), make_staff("FP"), Purpose.LIST)["mobile"]) == "***"


def test_the_name_of_an_organisation_is_never_private():
    item = CatalogueItem("name", "이름", "Name", "BASIC", 1, Item.Grade.PRIVATE, Item.Mask.NAME)
    viewer = make_staff("FP")

    told = [disclosure(item, viewer, make_customer(kind=kind), Purpose.LIST) for kind in ("ORG", "PERSON")]

    assert told == [(Level.FULL, Because.ORGANISATION), (Level.MASKED, Because.OUT_OF_SCOPE)]


def test_an_organisation_has_neither_an_employer_nor_a_home():
    viewer = make_staff("DATA_STEWARD")

    with override("en"):
        readings = [read(make_customer(kind=kind), viewer, Purpose.PROFILE) for kind in ("ORG", "PERSON")]
        labels = [[reading.label(code) for code in ("company", "phone_home", "mobile")] for reading in readings]

    assert labels == [["Business number", "Main phone", "Mobile"], ["Employer", "Home phone", "Mobile"]]


def test_the_catalogue_is_read_once(django_assert_num_queries):
    catalogue()

    with django_assert_num_queries(0):
        assert list(catalogue())[:3] == ["name", "birth_date", "sex"]
