"""Who saw whom: the trail searched by customer, and the report that a customer is given."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessEntry, Staff
from accounts.trail import append
from customers.models import Customer
from customers.numbering import written_number
from customers.services.protections import protect_customer
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import KST, feed, person
from tests.customers.histories import merge
from tests.customers.matching import words

pytestmark = pytest.mark.usefixtures("master")
TRAIL = "/accounts/trail/"
AT = datetime(2026, 10, 5, 12, tzinfo=KST)
OF_OCTOBER = "first=2026-10-01&last=2026-10-31"


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def officer() -> Staff:
    return make_staff("PRIVACY_OFFICER", language="en", name="서유진")


@pytest.fixture
def client(officer) -> Client:
    return client_of(officer)


@pytest.fixture
def customers() -> list[Customer]:
    feed([person(name="김하나"), person(name="이두리"), person(name="박세라")])
    return list(Customer.objects.order_by("pk"))


def looked(staff: Staff, *customers: Customer, at: datetime = AT, **more: object) -> None:
    fields = {"kind": "VIEW", "page": "customers:customer-detail", "result": 200, "purpose": "SERVICE"} | more
    append(
        at=at,
        staff_id=staff.pk,
        employee_number=staff.employee_number,
        branch_code=staff.branch.code if staff.branch else "",
        customers=[customer.pk for customer in customers],
        **fields,
    )


def report_of(client: Client, customer: Customer, query: str = OF_OCTOBER) -> list[tuple[str, str, str, str]]:
    answer = client.get(f"/customers/{customer.number}/access-report/?{query}")
    return [(line.branch, line.job, line.page, line.purpose) for line in answer.context["report"].lines]


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_the_trail_is_searched_by_customer(client, customers):
    one, other, _third = customers
    looked(make_staff(name="박세라"), other, one)
    looked(make_staff(name="최네모"), other)

    lines = client.get(f"{TRAIL}?{OF_OCTOBER}&customer={written_number(one.number)}").context["lines"]

    assert [line.who.split(" ")[0] for line in lines] == ["박세라"]
    assert [(each.number, each.url) for each in lines[0].customers] == [
        (written_number(other.number), other.get_absolute_url())
    ]
    assert lines[0].more_count == 1


def test_who_searches_the_trail_by_customer_is_found_by_that_customer(client, officer, customers):
    client.get(f"{TRAIL}?{OF_OCTOBER}&customer={customers[0].number}")

    (entry,) = AccessEntry.objects.of_customer(customers[0].pk).of_staff(officer)

    assert (entry.kind, entry.page) == ("TRAIL", "accounts:trail-list")


def test_customers_that_the_reader_may_not_see_are_numbers_without_a_way(customers):
    looked(make_staff(), customers[0])
    auditor = client_of(make_staff("AUDITOR", language="en"))

    (line,) = auditor.get(f"{TRAIL}?{OF_OCTOBER}&customer={customers[0].number}").context["lines"]

    assert [(each.number, each.url) for each in line.customers] == [(written_number(customers[0].number), "")]


def test_the_trail_asks_the_same_number_of_queries_for_three_entries(client, customers):
    looked(make_staff(branch=make_branch()), customers[0])
    one = queries_of(client, f"{TRAIL}?{OF_OCTOBER}")
    for _time in range(2):
        looked(make_staff(branch=make_branch()), *customers)

    assert queries_of(client, f"{TRAIL}?{OF_OCTOBER}") == one


@pytest.mark.parametrize(
    ("role", "status"), [("PRIVACY_OFFICER", 200), ("COMPLIANCE_OFFICER", 200), ("FP", 403), ("DATA_STEWARD", 403)]
)
def test_the_report_is_for_oversight(customers, role, status):
    client = client_of(make_staff(role))

    assert client.get(f"/customers/{customers[0].number}/access-report/").status_code == status


def test_the_report_of_an_unseen_customer_is_as_absent_as_that_of_none(customers, officer):
    auditor = client_of(make_staff("AUDITOR"))
    compliance = client_of(make_staff("COMPLIANCE_OFFICER"))
    protect_customer(customer=customers[0], kind="VIP", reason="x", by=officer, at=timezone.now())

    assert auditor.get(f"/customers/{customers[1].number}/access-report/").status_code == 404
    assert compliance.get(f"/customers/{customers[0].number}/access-report/").status_code == 404
    assert compliance.get("/customers/0000000000/access-report/").status_code == 404


def test_the_report_tells_branch_and_job_but_no_name(client, customers):
    staff = make_staff(name="최네모", job="FP", branch=make_branch("B77"))
    looked(staff, customers[0])
    looked(make_staff(job="상담원"), customers[0], customers[1], page="customers:search", at=AT + timedelta(hours=1))
    looked(staff, customers[1])

    answer = client.get(f"/customers/{customers[0].number}/access-report/?{OF_OCTOBER}")

    assert report_of(client, customers[0]) == [
        ("", "상담원", "Quick search", "Policy service"),
        ("B77 지점", "FP", "Customer page", "Policy service"),
    ]
    assert [text for text in ("최네모", staff.employee_number) if text in words(answer)] == []
    assert "2026-10-05 13:00" in words(answer)


def test_the_report_leaves_out_what_was_refused_and_other_days(client, customers):
    looked(make_staff(), customers[0], result=404)
    looked(make_staff(), customers[0], at=AT - timedelta(days=40))

    assert report_of(client, customers[0]) == []


def test_the_report_names_items_that_were_opened(client, customers):
    looked(make_staff(), customers[0], kind="REVEAL", items=["mobile"])

    (line,) = client.get(f"/customers/{customers[0].number}/access-report/?{OF_OCTOBER}").context["report"].lines

    assert (line.opened, line.kind) == ("Mobile", "Reveal")


def test_the_report_holds_looks_at_those_who_were_merged_into_the_customer(client, customers):
    one, other, _third = customers
    looked(make_staff(job="FP"), one)
    merge(one, other, at=timezone.now())

    assert [line[1] for line in report_of(client, other)] == ["FP"]
    answer = client.get(f"/customers/{one.number}/access-report/")
    assert answer.headers["Location"] == f"/customers/{other.number}/access-report/"


def test_the_report_is_itself_on_the_trail(client, officer, customers):
    report_of(client, customers[0])

    (entry,) = AccessEntry.objects.of_staff(officer)

    assert (entry.kind, entry.page, entry.customers, entry.conditions) == (
        "TRAIL",
        "customers:access-report",
        [customers[0].pk],
        '{"first": "2026-10-01", "last": "2026-10-31"}',
    )


def test_the_report_says_what_is_left_out(client, customers, monkeypatch):
    monkeypatch.setattr("customers.reports.access.MOST_ENTRIES", 2)
    for step in range(3):
        looked(make_staff(job=str(step)), customers[0], at=AT + timedelta(seconds=step))

    answer = client.get(f"/customers/{customers[0].number}/access-report/?{OF_OCTOBER}")

    assert [line.job for line in answer.context["report"].lines] == ["2", "1"]
    assert "There were more" in words(answer)


def test_the_report_says_why_it_is_empty(client, customers):
    address = f"/customers/{customers[0].number}/access-report/"

    assert "Nobody saw the data of this customer in this period" in words(client.get(f"{address}?{OF_OCTOBER}"))
    assert "Nothing was searched for" in words(client.get(f"{address}?first=x"))


def test_the_report_asks_the_same_number_of_queries_for_three_looks(client, customers):
    address = f"/customers/{customers[0].number}/access-report/?{OF_OCTOBER}"
    looked(make_staff(branch=make_branch()), customers[0])
    one = queries_of(client, address)
    for _time in range(2):
        looked(make_staff(branch=make_branch()), customers[0])

    assert queries_of(client, address) == one
