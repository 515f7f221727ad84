"""A steward merges, takes the merge back, splits a record off and takes that back: in a real browser."""

from typing import TYPE_CHECKING

import pytest

from customers.models import Act, Customer, Link
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import contract, feed, make_rrn, party, person
from tests.customers.stewarding import now, record, together
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def stock(transactional_db: None) -> list[Customer]:
    """Two customers that a steward takes for one, with a contract each."""
    MASTER.put()
    make_staff("DATA_STEWARD", employee_number="steward", password=PASSWORD, branch=make_branch())
    rrn = make_rrn("850302", 2)
    feed([person(source_key="K0", rrn=rrn, mobile="010-2345-6789", address="서울 강남구 역삼로 1")])
    feed([person(source_key="K1", rrn=rrn, mobile="010-2345-6789", email="hana@example.kr")], "BANCA")
    newer = {"mobile": "010-9876-5432", "as_of": "2026-11-05", "email": "kim.hana@example.kr"}
    feed([person(source_key="K2", name="김한나", birth_date="1985-03-20", **newer)], "TM")
    feed([contract(contract_no="P-1"), contract(contract_no="P-2", premium="650000")], layout="contracts")
    feed([party(contract_no="P-1", party_source_key="K0")], layout="parties")
    return list(Customer.objects.order_by("pk"))


def test_a_steward_merges_and_takes_it_back(page: "Page", axe, live_server, stock):
    one, other = stock
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/{one.number}/merge/")
    settled(page, axe)

    page.fill("[name=numbers]", f"C-{other.number[:9]}-{other.number[9]}")
    page.click("main form button[type=submit]")
    page.wait_for_selector("#merge-survivor")
    settled(page, axe)
    page.select_option("[name=reason_code]", "DOCUMENT")
    page.click("form[method=post][action$='/merge/'] button")
    page.wait_for_selector("#act-title")
    settled(page, axe)
    assert together() == [["K0", "K1", "K2"]]

    feed([person(source_key="K3", name="김한나", birth_date="1985-03-20", mobile="010-9876-5432")], "BANCA")
    Link.objects.filter(record__source_key="K3").update(linked_at=now())
    page.goto(f"{live_server.url}/customers/{other.number}/")
    page.click(f"a[href='/customers/{other.number}/unmerge/']")
    page.wait_for_selector("#questions")
    settled(page, axe)
    page.click("form[method=post][data-once] .btn-primary")
    page.wait_for_selector("#act-title")
    assert together() == [["K0", "K1"], ["K2", "K3"]]


def test_a_steward_splits_a_record_off_and_takes_it_back_from_the_log(page: "Page", axe, live_server, stock):
    one, _other = stock
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/{one.number}/records/{record('K1').pk}/")

    page.click("a[href$='/split/']")
    page.wait_for_selector("#split-values")
    settled(page, axe)
    page.select_option("[name=reason_code]", "EVIDENCE")
    page.click("form[method=post][data-once] .btn-primary")
    page.wait_for_selector("#act-title")
    assert together() == [["K0"], ["K1"], ["K2"]]

    page.goto(f"{live_server.url}/customers/acts/")
    settled(page, axe)
    page.click("tbody .cell-name a")
    page.wait_for_selector("#act-take-back")
    page.select_option("[name=reason_code]", "MISTAKE")
    page.click("form[action$='/take-back/'] button")
    page.wait_for_selector(".alert-success")
    settled(page, axe)
    assert together() == [["K0", "K1"], ["K2"]]
    assert list(Act.objects.order_by("pk").values_list("kind", flat=True)) == ["SPLIT", "TAKE_BACK"]


def test_a_steward_moves_a_record_to_a_customer_by_its_number(page: "Page", axe, live_server, stock):
    one, other = stock
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/{one.number}/records/{record('K1').pk}/move/")
    settled(page, axe)

    page.fill("[name=into]", other.number)
    page.click("main form button[type=submit]")
    page.wait_for_selector("#split-values")
    settled(page, axe)
    page.select_option("[name=reason_code]", "EVIDENCE")
    page.click("form[method=post][data-once] .btn-primary")
    page.wait_for_selector("#act-title")

    assert together() == [["K0"], ["K1", "K2"]]
