"""A steward looks at a customer as of a day and follows a retired number, in a real browser."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from accounts.models import Staff
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import KST, make_rrn, person
from tests.customers.histories import born, changed, fed, merge
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = pytest.mark.parametrize(
    "size", [{"width": 1440, "height": 960}, {"width": 390, "height": 844}], ids=["desk", "hand"]
)
ADDRESS = "경기도 성남시 분당구 판교역로192번길 14-2, 107동 3004호 (삼평동, 봇들마을7단지엔파트아파트)"


def day(month: int, number: int) -> datetime:
    return datetime(2024, month, number, 9, tzinfo=KST)


@pytest.fixture
def customer(transactional_db: None) -> Customer:
    """A customer with a record that arrived late, which absorbed a number that had absorbed another one."""
    MASTER.put()
    make_staff("DATA_STEWARD", employee_number="steward", password=PASSWORD, branch=make_branch(), name="정다은")
    same = {"name": "강하늘", "birth_date": "1985-03-02", "rrn": make_rrn("850302", 2), "sex": "F"}
    fed([person(**same, source_key="P1", mobile="010-5111-2222", as_of="2024-01-05")], at=day(1, 10))
    late = person(**same, source_key="B1", mobile="010-3333-4444", address=ADDRESS, as_of="2024-02-01")
    fed([late], "BANCA", at=day(6, 10))
    found = fed([person(**same, source_key="P1", mobile="010-7777-8888", as_of="2024-10-01")], at=day(10, 2))
    changed(found, at=day(10, 3), grade="VIP", main_branch=make_branch("B77"))
    return found


def absorb_two(survivor: Customer) -> tuple[Customer, Customer]:
    """Two numbers, the first merged into the second and that into the survivor."""
    steward = Staff.objects.get(employee_number="steward")
    first, second = born(at=day(1, 2), name="강하늘", mobile="01099998888"), born(at=day(1, 3), name="강하눌")
    merge(first, second, at=day(5, 1), by=steward, reason_code="CUSTOMER_SAID", comment="고객센터 통화로 확인")
    merge(second, survivor, at=day(7, 1))
    return first, second


@SIZES
def test_from_the_history_to_the_customer_of_a_day(page: "Page", customer, live_server, axe, size):
    page.set_viewport_size(size)
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}{customer.get_absolute_url()}")
    settled(page, axe)

    page.fill("#history-as-of", "2024-03-01")
    page.locator("#history .as-of-form button").click()
    page.wait_for_url("**/?as_of=2024-03-01")
    settled(page, axe)
    row = page.locator(".as-of-table tbody tr").filter(has_text="010-5111-2222")
    shown = row.inner_text()

    assert [text for text in ("010-3333-4444", "010-7777-8888", "2024-06-10") if text not in shown] == []
    assert row.locator(".badge").count() == 2


@SIZES
def test_a_retired_number_tells_its_way_and_shows_itself_as_it_was(page: "Page", customer, live_server, axe, size):
    first, second = absorb_two(customer)
    page.set_viewport_size(size)
    login(page, live_server.url, "steward")

    page.goto(f"{live_server.url}{first.get_absolute_url()}")
    settled(page, axe)
    way = page.locator(".retired-way").inner_text()
    page.locator(".empty-action a[href^='?as_of=']").click()
    page.wait_for_url("**/?as_of=2024-05-01T08:59")
    settled(page, axe)

    assert [text for text in ("정다은", "2024-05-01 09:00", "2024-07-01 09:00") if text not in way] == []
    assert "010-9999-8888" in page.locator(".as-of-table").inner_text()


@SIZES
def test_days_that_show_nothing_are_accessible_pages(page: "Page", customer, live_server, axe, size):
    first, _second = absorb_two(customer)
    page.set_viewport_size(size)
    login(page, live_server.url, "steward")

    for address in (
        f"{customer.get_absolute_url()}?as_of=2020-01-01",
        f"{customer.get_absolute_url()}?as_of=9999-01-01",
        f"{customer.get_absolute_url()}?as_of=nonsense",
        f"{first.get_absolute_url()}?as_of=2024-06-01",
        f"{customer.get_absolute_url()}?as_of=2024-03-01T14:30",
    ):
        page.goto(f"{live_server.url}{address}")
        settled(page, axe)
