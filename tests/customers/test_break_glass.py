"""Emergency access: works with a reason, for an hour, and the privacy officer hears of it at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEntry, Notice, RightsChange, Staff
from accounts.notice_words import sentence_of
from customers.models import Customer, CustomerStaffGrant
from customers.numbering import customer_number, written_number
from customers.services import break_glass, grants
from customers.services.break_glass import TooManyToday
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, make_customer, make_retired
from tests.customers.protecting import protect

pytestmark = pytest.mark.usefixtures("master")
REASON = "고객이 창구에서 사고를 알렸습니다"
ABSENT = customer_number(999_999_998)


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def planner(**fields: object) -> Staff:
    return make_staff("FP", language="en", **fields)


def break_it(number: str, by: Staff, **fields: object) -> CustomerStaffGrant | None:
    given = {"purpose": "SERVICE", "reason": REASON, "at": NOW} | fields
    return break_glass.break_glass(number=number, by=by, **given)


def words(number: str, **more: object) -> dict[str, object]:
    return {"number": written_number(number), "purpose": "SERVICE", "reason": REASON, "is_declared": "on"} | more


def uses_of(staff: Staff) -> list[tuple[str, bool]]:
    rows = RightsChange.objects.filter(staff=staff, kind="GLASS_BROKEN").order_by("pk")
    return [(row.what["customer"], row.what["is_found"]) for row in rows]


def test_a_branch_fp_opens_a_protected_vip_with_a_reason():
    officers = [make_staff("PRIVACY_OFFICER", language="en") for _number in range(2)]
    keeper, by = planner(), planner(branch=make_branch())
    customer = make_customer(name="한가람", grade="VIP", keeper=keeper)
    protect(customer, by=officers[0])
    client = browser_of(by)
    before = client.get(customer.get_absolute_url()).status_code

    answer = client.post("/customers/break-glass/", words(customer.number), follow=True)

    assert (before, answer.status_code, answer.redirect_chain[-1][0]) == (404, 200, customer.get_absolute_url())
    assert "한가람" in answer.content.decode()
    held = CustomerStaffGrant.objects.get()
    assert (held.user, held.kind, held.reason, held.granted_by) == (by, "BREAK_GLASS", REASON, by)
    assert held.ends_at - held.granted_at == timedelta(minutes=60)
    told = {notice.staff: notice for notice in Notice.objects.exclude(kind="CUSTOMER_GRANTED")}
    assert {staff.pk: notice.kind for staff, notice in told.items()} == {
        **{one.pk: "GLASS_BROKEN" for one in officers},
        keeper.pk: "KEPT_GLASS_BROKEN",
    }
    sentence = sentence_of(told[officers[0]])
    assert by.employee_number in sentence
    assert written_number(customer.number) in sentence
    assert told[officers[0]].url == f"/customers/{customer.number}/grants/"
    assert uses_of(by) == [(customer.number, True)]
    entry = AccessEntry.objects.of_staff(by).filter(page="customers:break-glass").newest_first()[0]
    assert (entry.reason, entry.purpose, entry.customers) == (REASON, "SERVICE", [customer.pk])


def test_the_customer_is_closed_again_when_the_time_is_over():
    by, customer = planner(), make_customer()

    break_it(customer.number, by, at=timezone.now() - timedelta(minutes=61))

    assert list(Customer.objects.visible_to(by)) == []


def test_the_officer_ends_it_at_once():
    by, customer = planner(), make_customer()
    held = break_it(customer.number, by, at=timezone.now())
    seen = list(Customer.objects.visible_to(by))

    answer = browser_of(make_staff("PRIVACY_OFFICER")).post(f"/customers/grants/{held.pk}/end/")

    assert (seen, answer.status_code, list(Customer.objects.visible_to(by))) == ([customer], 302, [])


def test_a_retired_number_opens_whom_it_was_merged_into():
    by, survivor = planner(), make_customer()

    held = break_it(make_retired(survivor).number, by)

    assert held.content_object == survivor


def test_an_absent_number_looks_the_same_counts_and_is_recorded():
    by = planner()

    page = browser_of(by).post("/customers/break-glass/", words(ABSENT))

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["number"])
    assert uses_of(by) == [(ABSENT, False)]
    assert page.context["left"] == 4
    assert not CustomerStaffGrant.objects.exists()


def test_it_is_used_five_times_a_day_and_again_after_midnight_in_korea():
    by, customer = planner(), make_customer()
    for _number in range(5):
        break_it(ABSENT, by)

    with pytest.raises(TooManyToday):
        break_it(customer.number, by)
    assert break_it(customer.number, by, at=NOW + timedelta(hours=15)).content_object == customer
    assert break_it(customer.number, planner()).content_object == customer


def test_of_many_at_once_also_those_count_that_began_later():
    by = planner()
    for number in range(5, 0, -1):
        break_it(ABSENT, by, at=NOW + timedelta(seconds=number))

    with pytest.raises(TooManyToday):
        break_it(ABSENT, by)


def test_a_customer_of_the_own_scope_is_no_emergency():
    by = planner()
    customer = make_customer(keeper=by)
    client = browser_of(by)

    answer = client.post("/customers/break-glass/", words(customer.number))

    assert (answer.status_code, answer.url, uses_of(by)) == (302, customer.get_absolute_url(), [])
    assert not Notice.objects.exists()


def test_only_the_own_purposes_count():
    with pytest.raises(break_glass.NotYourPurpose):
        break_it(make_customer().number, planner(), purpose="OVERSIGHT")


def test_a_grant_that_holds_already_is_not_doubled():
    by, customer = planner(), make_customer()
    break_it(customer.number, by, at=timezone.now())

    with pytest.raises(break_glass.OwnScope):
        break_it(customer.number, by, at=timezone.now())
    assert CustomerStaffGrant.objects.count() == 1
    assert grants.end_overdue_grants(at=timezone.now() + timedelta(minutes=61)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "C-000012345-0"), ("number", ""), ("reason", "급함"), ("purpose", "OVERSIGHT"), ("is_declared", "")],
)
def test_the_form_refuses_what_is_no_declaration(field, value):
    by, customer = planner(), make_customer()

    page = browser_of(by).post("/customers/break-glass/", words(customer.number) | {field: value})

    assert (page.status_code, list(page.context["form"].errors), uses_of(by)) == (200, [field], [])


def test_the_page_says_what_follows_from_it():
    text = browser_of(planner()).get("/customers/break-glass/").content.decode()

    assert "The customer is open to you for 60 minutes, then no more." in text
    assert "You may use it 5 times more today." in text


@pytest.mark.parametrize("role", ["DATA_STEWARD", "PRIVACY_OFFICER", "CAMPAIGN_MANAGER", "ADMINISTRATOR", "AUDITOR"])
def test_who_may_not_break_the_glass_is_forbidden(role):
    client = browser_of(make_staff(role))

    answers = [client.get("/customers/break-glass/"), client.post("/customers/break-glass/", words(ABSENT))]

    assert [answer.status_code for answer in answers] == [403, 403]
