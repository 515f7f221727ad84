"""A steward looks at an organisation, moves its head office and gives an item its owner: in a browser."""

import pytest

from customers.models import Customer
from relations.models import ItemOwner, PlaceOfBusiness
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import company, contract, feed, make_brn, make_customer, party
from tests.journeys.test_feeds import login, settled
from tests.relations.organising import add_officer, add_place, affiliate, make_organisation
from tests.snapshots import MASTER


@pytest.fixture
def organisation(transactional_db: None) -> Customer:
    """An organisation of two systems that contradict each other, in a group, with a group contract."""
    MASTER.put()
    make_staff("DATA_STEWARD", employee_number="steward", password=PASSWORD, branch=make_branch("H0"))
    told = {"company_no": make_brn(41), "crn": "110111-1234567", "email": "info@hanbit.co.kr"}
    office = "서울특별시 종로구 새누리로 12"
    feed([company(name="(주)한빛상사", source_key="P1", address=office, phone_home="02-803-4917", **told)])
    moved = {"address": "서울특별시 강남구 테헤란로 8", "phone_home": "02-803-4900", "name": "(유)한빛상사"}
    feed([company(source_key="C1", **told | moved)], "CORP")
    feed([contract(product_group="GROUP", product_name="단체정기보험")], "CORP", "contracts")
    feed([party(party_source_key="C1")], "CORP", "parties")
    made = Customer.objects.get()
    add_place(made, "HEAD_OFFICE", name="본사", address=office, phone="02-803-4917", employee_count=182)
    add_place(made, name="부산지점", address="부산광역시 해운대구 센텀중앙로 97", postcode="48058", employee_count=21)
    add_officer(
        made, "김담당", title="인사팀장", phone="02-803-4920", email="hr@hanbit.co.kr", customer=make_customer()
    )
    top = make_organisation("(주)한빛홀딩스")
    affiliate(top, made, share_percent="67.5")
    affiliate(made, make_organisation("(주)한빛물류"), share_percent="100")
    affiliate(top, make_organisation("(주)한빛전자"), kind="AFFILIATE")
    return made


def test_a_steward_moves_the_head_office_and_gives_an_item_its_owner(page, axe, live_server, organisation):
    url = live_server.url
    login(page, url, "steward")
    page.goto(f"{url}/relations/organisations/")
    settled(page, axe)
    page.click("td.cell-name a >> text=(유)한빛상사" if organisation.name.startswith("(유)") else "text=(주)한빛상사")
    page.wait_for_selector("#sides")
    settled(page, axe)
    assert page.locator("#sides tr.is-different").count() == 3

    page.click("a[href$='/head-office/move/']")
    page.fill("[name=address]", "서울특별시 영등포구 의사당대로 97")
    page.fill("[name=on]", "2026-03-01")
    settled(page, axe)
    page.click("form[data-once] button[type=submit]")
    page.wait_for_selector(".alert-success")
    assert PlaceOfBusiness.objects.filter(kind="HEAD_OFFICE", ended_on=None).get().address.endswith("97")

    page.goto(f"{url}/relations/organisations/owners/")
    settled(page, axe)
    page.click("a[href$='/owners/address/']")
    page.select_option("[name=source]", label="법인·단체지원")
    page.fill("[name=reason]", "법인영업부가 주소를 관리하기로 합의")
    settled(page, axe)
    page.click("form[data-once] button[type=submit]")
    page.wait_for_selector(".alert-success")
    settled(page, axe)
    assert ItemOwner.objects.get().source.code == "CORP"
