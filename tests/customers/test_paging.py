"""Keyset paging: every row once, whichever way one goes."""

import pytest

from customers import paging
from customers.models import Customer
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
NAMES = ("나", "가", "가", "가", "다", "가")


@pytest.fixture(autouse=True)
def pages_of_two(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)


def first_by(sort: str, *, is_descending: bool = False, **place: str) -> paging.Page:
    """A page of all customers for somebody who may see them all."""
    everybody = Customer.objects.all()
    return paging.page_of(everybody, scope=everybody, sort=sort, is_descending=is_descending, **place)


def walk(sort: str, is_descending: bool, *, is_backwards: bool = False) -> list[list[str]]:
    """The numbers of every page, from the first on, or from the last one back."""
    pages, place = [], {}
    if is_backwards:
        last = walk(sort, is_descending)[-1]
        place, pages = {"before": last[0]}, [last]
    while True:
        page = first_by(sort, is_descending=is_descending, **place)
        pages.append([customer.number for customer in page.customers])
        onward = page.before if is_backwards else page.after
        if onward is None:
            return pages
        place = {"before" if is_backwards else "after": onward}


@pytest.mark.parametrize(
    ("sort", "is_descending", "order"),
    [
        ("name", False, ("sort_name", "id")),
        ("name", True, ("-sort_name", "-id")),
        ("number", False, ("number",)),
        ("number", True, ("-number",)),
        ("unknown", False, ("sort_name", "id")),
    ],
)
def test_every_row_comes_once_in_order_even_where_names_are_equal(sort, is_descending, order):
    for name in NAMES:
        make_customer(name=name)
    numbers = list(Customer.objects.order_by(*order).values_list("number", flat=True))

    there = walk(sort, is_descending)
    back = walk(sort, is_descending, is_backwards=True)

    assert there == [numbers[:2], numbers[2:4], numbers[4:]]
    assert back == there[::-1]


def test_a_page_says_what_lies_before_and_behind_it():
    numbers = [make_customer(name=name).number for name in "가나다라마"]

    def edges(**place: str) -> tuple[str | None, str | None]:
        page = first_by("name", **place)
        return page.before, page.after

    assert edges() == (None, numbers[1])
    assert edges(after=numbers[1]) == (numbers[2], numbers[3])
    assert edges(after=numbers[3]) == (numbers[4], None)
    assert edges(before=numbers[2]) == (None, numbers[1])


def test_an_unknown_place_is_the_first_page():
    make_customer(name="가")

    page = first_by("name", after="9999999999")

    assert ([customer.name for customer in page.customers], page.before, page.after) == (["가"], None, None)


def test_nothing_has_no_neighbours():
    page = first_by("name")

    assert page == paging.Page((), None, None)


def test_a_count_stops_at_its_bound(monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    counts = []

    for _number in range(3):
        make_customer()
        counts.append(paging.bounded_count(Customer.objects.all()))

    assert counts == [(1, True), (2, True), (2, False)]


@pytest.mark.parametrize(
    ("word", "is_one"), [("1", True), ("9" * 18, True), ("9" * 19, False), ("-1", False), ("", False)]
)
def test_an_id_has_digits_and_not_more_than_the_database_can_count(word, is_one):
    assert paging.is_id(word) is is_one
