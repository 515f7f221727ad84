"""A masked value is opened for a purpose and a reason, shown once, noted, and told to the keeper."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AccessEntry, Notice, Staff
from customers.declared_work import Work, works_of, written_work
from customers.formats import KOREA
from customers.models import Customer, Reveal, SourceRecord
from customers.services import reveals
from customers.services.reveals import NothingHeld, NotRevealable, TooManyToday, reveal_value
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, feed, make_customer, make_retired, make_rrn, person
from tests.customers.pairs import customers_of, decide, waiting
from tests.customers.profiles import whole_page
from tests.customers.protecting import open_to, protect

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn("850302", 2)
REASON = "민원 확인을 위한 통화"
PART = {"HX-Request": "true", "HX-Target": "reveal-body"}


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def steward(**fields: object) -> Staff:
    return make_staff("DATA_STEWARD", language="en", **fields)


def manager_of(customer: Customer) -> Staff:
    """A branch manager in whose branch the customer is, and who sees private items masked."""
    branch = make_branch()
    Customer.objects.filter(pk=customer.pk).update(main_branch=branch)
    customer.refresh_from_db()
    return make_staff("BRANCH_MANAGER", language="en", branch=branch)


def identified() -> Customer:
    """A customer of two sources whose resident number is under seal."""
    feed([person(source_key="P1", name="김하나", birth_date="1985-03-02", rrn=RRN, sex="F", mobile="010-1111-2222")])
    feed([person(source_key="B1", name="김하나", birth_date="1985-03-02", rrn=RRN, sex="F")], "BANCA")
    return Customer.objects.get()


def reveal(customer: Customer, item: str, by: Staff, **fields: object) -> reveals.Revealed:
    given = {"purpose": "STEWARDSHIP", "reason": REASON, "at": NOW} | fields
    return reveal_value(customer=customer, item=item, by=by, **given)


def address(customer: Customer, item: str) -> str:
    return f"/customers/{customer.number}/reveal/{item}/"


def test_an_identifier_is_opened_from_the_record_whose_value_won_and_kept_nowhere():
    by, customer = steward(), identified()

    revealed = reveal(customer, "rrn", by)

    assert revealed.text == RRN
    made = Reveal.objects.get()
    assert (made.customer, made.item, made.staff, made.purpose, made.reason, made.at, made.work) == (
        customer,
        "rrn",
        by,
        "STEWARDSHIP",
        REASON,
        NOW,
        "",
    )
    assert RRN not in repr(revealed)


def test_a_private_item_is_opened_as_it_is_written():
    customer = make_customer(mobile="01011112222", address="서울특별시 중구 세종대로 110", postcode="04524")
    by = manager_of(customer)

    texts = [reveal(customer, item, by, purpose="SERVICE").text for item in ("mobile", "address")]

    assert texts == ["010-1111-2222", "서울특별시 중구 세종대로 110 (04524)"]


@pytest.mark.parametrize(
    ("role", "item", "purpose"),
    [
        ("CAMPAIGN_MANAGER", "mobile", "CAMPAIGN"),  # its rule opens nothing
        ("DATA_STEWARD", "mobile", "STEWARDSHIP"),  # it is whole already
        ("DATA_STEWARD", "rrn", "SERVICE"),  # not a purpose of the role
        ("COMPLIANCE_OFFICER", "rrn", "STEWARDSHIP"),
    ],
)
def test_the_rules_decide_what_is_opened(role, item, purpose):
    customer = make_customer(mobile="01011112222", rrn_mask="850302-2******")

    with pytest.raises(NotRevealable):
        reveal(customer, item, make_staff(role), purpose=purpose)
    assert not Reveal.objects.exists()


def test_identifiers_stay_closed_for_sales_and_open_for_service():
    customer = identified()
    by = make_staff("FP")
    Customer.objects.filter(pk=customer.pk).update(keeper=by)
    customer.refresh_from_db()

    with pytest.raises(NotRevealable):
        reveal(customer, "rrn", by, purpose="SALES")
    assert reveal(customer, "rrn", by, purpose="SERVICE").text == RRN


def test_nothing_is_opened_where_nothing_is_held():
    with pytest.raises(NothingHeld):
        reveal(make_customer(rrn_mask="850302-2******"), "rrn", steward())  # no record explains the mask


def test_a_day_has_its_limit_and_the_next_one_begins_at_midnight_in_korea(settings):
    settings.REVEALS_PER_DAY = 2
    by, customer = steward(), identified()
    for _number in range(2):
        reveal(customer, "rrn", by)

    with pytest.raises(TooManyToday):
        reveal(customer, "rrn", by)
    assert reveals.left_today(by, NOW) == 0
    assert reveal(customer, "rrn", steward()).text == RRN
    assert reveal(customer, "rrn", by, at=NOW + timedelta(hours=15)).text == RRN


def test_the_keeper_is_told_once_a_day_and_person_and_not_of_themselves():
    customer, keeper = identified(), make_staff("FP")
    Customer.objects.filter(pk=customer.pk).update(keeper=keeper)
    customer.refresh_from_db()
    by, other = steward(), steward()

    for staff, at in ((by, NOW), (by, NOW), (other, NOW), (by, NOW + timedelta(days=1))):
        reveal(customer, "rrn", staff, at=at)
    reveal(customer, "rrn", keeper, purpose="SERVICE")

    told = Notice.objects.filter(kind="VALUE_REVEALED").order_by("pk")
    assert [(notice.staff, notice.what["by"], notice.what["day"]) for notice in told] == [
        (keeper, by.employee_number, "2026-11-23"),
        (keeper, other.employee_number, "2026-11-23"),
        (keeper, by.employee_number, "2026-11-24"),
    ]


def test_declared_work_is_what_the_person_was_given_to_do_with_that_customer():
    by, colleague = steward(), steward()
    today = NOW.astimezone(KOREA).date()
    taken, ruled = waiting(2)
    type(taken).objects.filter(pk=taken.pk).update(assigned_to=by)
    decide(ruled, "DIFFERENT", by=by, at=NOW, reason_code="EVIDENCE")
    one, other = customers_of(taken)[0], customers_of(ruled)[0]
    act = other.acts.get().act

    assert works_of(by, one, today) == [Work("PAIR", taken.pk)]
    assert works_of(by, other, today) == [Work("ACT", act.pk)]
    assert works_of(by, other, today + timedelta(days=1)) == []
    assert works_of(colleague, one, today) == []
    assert reveals.fitting_work(by, one, today).key == f"PAIR {taken.pk}"


def test_grants_are_declared_work_on_every_day_that_they_hold():
    planner, customer = make_staff("FP"), make_customer()
    held = open_to(planner, customer, at=NOW, ends_at=NOW + timedelta(days=2))
    day = NOW.astimezone(KOREA).date()

    found = [works_of(planner, customer, day + timedelta(days=days)) for days in (-1, 0, 2, 3)]

    work = Work("CASE", held.pk)
    assert found == [[], [work], [work], []]


def test_the_reveal_keeps_the_work_that_it_fits_in_words_later():
    customer = identified()
    planner = make_staff("FP")
    held = open_to(planner, customer, at=NOW)

    made = reveal(customer, "rrn", planner, purpose="SERVICE").reveal

    assert made.work == f"CASE {held.pk}"
    assert str(held.pk) in written_work(made.work)
    assert (written_work("OF_TOMORROW 7"), written_work("")) == ("OF_TOMORROW 7", "")


def test_the_page_tells_before_what_will_be_reviewed_and_shows_the_value_once():
    customer, by = identified(), steward()
    client = browser_of(by)
    profile = client.get(customer.get_absolute_url()).content.decode()

    asked = client.get(address(customer, "rrn"))
    shown = client.post(address(customer, "rrn"), {"purpose": "STEWARDSHIP", "reason": REASON})
    after = [client.get(page).content.decode() for page in (customer.get_absolute_url(), address(customer, "rrn"), "/")]

    assert address(customer, "rrn") in profile
    assert "Fits no declared work of today: it will be reviewed." in asked.content.decode()
    assert RRN in shown.content.decode()
    assert shown.headers["Refresh"] == f"60; url={customer.get_absolute_url()}"
    assert "no-store" in shown.headers["Cache-Control"]
    assert [RRN in page for page in [profile, asked.content.decode(), *after]] == [False] * 5


def test_the_part_in_the_dialog_shows_the_value_without_leading_anywhere():
    customer, client = identified(), browser_of(steward())

    asked = client.get(address(customer, "rrn"), headers=PART)
    shown = client.post(address(customer, "rrn"), {"purpose": "STEWARDSHIP", "reason": REASON}, headers=PART)

    assert "<!doctype" not in asked.content.decode() + shown.content.decode()
    assert RRN in shown.content.decode()
    assert "Refresh" not in shown.headers
    assert "no-store" in shown.headers["Cache-Control"]


def test_a_reveal_is_on_the_trail_with_item_purpose_and_reason_but_no_value():
    customer, by = identified(), steward()

    browser_of(by).post(address(customer, "rrn"), {"purpose": "STEWARDSHIP", "reason": REASON})

    entry = AccessEntry.objects.of_staff(by).newest_first()[0]
    assert (entry.kind, entry.items, entry.purpose, entry.reason, entry.customers) == (
        "REVEAL",
        ["rrn"],
        "STEWARDSHIP",
        REASON,
        [customer.pk],
    )
    assert RRN not in f"{entry.target} {entry.conditions} {entry.reason}"


@pytest.mark.parametrize(
    ("field", "value"), [("reason", ""), ("reason", "음"), ("purpose", "SERVICE"), ("purpose", "")]
)
def test_a_purpose_of_ones_own_and_a_reason_are_asked_for(field, value):
    customer, client = identified(), browser_of(steward())

    page = client.post(address(customer, "rrn"), {"purpose": "STEWARDSHIP", "reason": REASON} | {field: value})

    assert (page.status_code, list(page.context["form"].errors), Reveal.objects.count()) == (200, [field], 0)
    assert RRN not in page.content.decode()


def test_the_page_says_that_the_limit_is_reached(settings):
    settings.REVEALS_PER_DAY = 0
    customer, client = identified(), browser_of(steward())

    page = client.post(address(customer, "rrn"), {"purpose": "STEWARDSHIP", "reason": REASON}).content.decode()

    assert "You have opened as many values as one may in a day." in page
    assert RRN not in page


def test_a_value_that_does_not_open_says_so_and_no_log_has_it(caplog):
    customer, client = identified(), browser_of(steward())
    sealed = SourceRecord.objects.get(pk=customer.provenance["rrn"][0])
    SourceRecord.objects.filter(pk=sealed.pk).update(source_key="elsewhere")

    with caplog.at_level(logging.ERROR):
        page = client.post(address(customer, "rrn"), {"purpose": "STEWARDSHIP", "reason": REASON})

    assert "its key is not here" in page.content.decode()
    assert str(customer.pk) in caplog.text
    assert RRN not in caplog.text
    assert not Reveal.objects.exists()


def test_no_button_stands_where_nothing_may_be_opened():
    customer = identified()

    shown = {
        role: [item for item in ("mobile", "rrn") if address(customer, item) in page]
        for role in ("DATA_STEWARD", "PRIVACY_OFFICER", "CAMPAIGN_MANAGER")
        for page in [whole_page(browser_of(make_staff(role)), customer).content.decode()]
    }

    assert shown == {"DATA_STEWARD": ["rrn"], "PRIVACY_OFFICER": ["mobile", "rrn"], "CAMPAIGN_MANAGER": []}


def test_what_may_not_be_opened_is_not_found():
    customer, client = identified(), browser_of(steward())
    hidden = make_customer(rrn_mask="850302-2******")
    protect(hidden)
    retired = make_retired(customer)

    pages = [
        address(customer, "mobile"),
        address(customer, "ci"),
        address(customer, "passport"),
        address(hidden, "rrn"),
    ]
    answers = [client.get(page).status_code for page in [*pages, address(retired, "rrn")]]
    sent = [client.post(page, {"purpose": "STEWARDSHIP", "reason": REASON}).status_code for page in pages]

    assert (answers, sent) == ([404] * 5, [404] * 4)


@pytest.mark.parametrize("role", ["ADMINISTRATOR", "AUDITOR", "SERVICE_CLIENT"])
def test_who_may_not_see_customers_is_forbidden(role):
    customer, client = identified(), browser_of(make_staff(role))

    assert client.get(address(customer, "rrn")).status_code == 403
    assert client.post(address(customer, "rrn"), {"purpose": "OVERSIGHT", "reason": REASON}).status_code == 403


def test_a_stranger_to_the_customer_finds_nothing_to_open():
    customer = identified()

    assert browser_of(make_staff("FP")).get(address(customer, "rrn")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_limit_together(settings):
    settings.REVEALS_PER_DAY = 1
    customer, by = identified(), steward()

    def attempt(_number: int) -> str:
        try:
            return reveal(Customer.objects.get(pk=customer.pk), "rrn", Staff.objects.get(pk=by.pk)).text
        except TooManyToday:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        texts = sorted(pool.map(attempt, range(2)))

    assert texts == [RRN, "refused"]
    assert Reveal.objects.count() == 1
