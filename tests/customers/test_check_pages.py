"""The page that tells whether somebody is a customer already."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from customers.models import Customer
from customers.numbering import written_number
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import feed, grant, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
CHECK = "/customers/check/"
HA = {"name": "김하나", "birth_date": "1985-03-02", "mobile": "010-3477-3122", "rrn": make_rrn("850302", 2)}
ROLES = {"DATA_STEWARD": 200, "FP": 200, "BRANCH_MANAGER": 200, "ADMINISTRATOR": 403, "AUDITOR": 403}


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, **{"language": "en"} | fields))
    return client


def words(response: object) -> str:
    """What a reader sees of the page below its head."""
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def lines(response: object) -> list[tuple[str, ...]]:
    return [
        (line.advice, str(line.name), line.number, str(line.birth_date), str(line.phone), line.branch, line.keeper)
        for line in response.context["report"].lines
    ]


@pytest.mark.parametrize(("role", "status"), ROLES.items())
def test_who_may_search_may_check(role, status):
    client = login(role)

    assert (client.get(CHECK).status_code, client.post(CHECK, HA).status_code) == (status, status)
    assert reverse("customers:duplicate-check") == CHECK


def test_who_is_not_logged_in_is_sent_to_the_login():
    assert Client().post(CHECK, HA).headers["Location"].startswith("/accounts/login/")


def test_the_empty_page_says_what_to_do_and_an_address_fills_in_nothing():
    page = login("DATA_STEWARD").get(CHECK, {"name": "박영희"})

    assert "Nothing was checked yet" in words(page)
    assert "박영희" not in page.content.decode()
    assert page.context["report"] is None


def test_a_match_is_told_with_a_link_and_how_it_agrees():
    branch = make_branch("B1")
    feed([person(**HA)])
    Customer.objects.update(main_branch=branch, keeper=make_staff("FP", name="박기철"))
    customer = Customer.objects.get()

    page = login("DATA_STEWARD").post(CHECK, {"name": "김하나", "birth_date": "850302", "mobile": "01034773123"})

    number = written_number(customer.number)
    assert lines(page) == [("The same customer", "김하나", number, "1985-03-02", "010-3477-3122", "B1 지점", "박기철")]
    assert f'<a href="{customer.get_absolute_url()}">김하나</a>' in page.content.decode()
    assert page.context["report"].lines[0].agreement == "Name: Same · Birth date: Same · Mobile: One digit apart"
    assert page.context["report"].blind == ""


def test_nobody_is_told_as_a_new_customer():
    page = login("DATA_STEWARD").post(CHECK, {"name": "박영희", "birth_date": "1971-01-09"})

    assert "Nobody like this is known" in words(page)


def test_a_granted_customer_is_told_with_private_items_masked():
    planner = make_staff("FP", language="en")
    feed([person(**HA)])
    grant(Customer.objects.get(), planner)
    client = Client()
    client.force_login(planner)

    page = client.post(CHECK, {"name": "김하나", "mobile": HA["mobile"]})

    (line,) = page.context["report"].lines
    assert (str(line.birth_date), str(line.phone)) == ("1985-03-02", "010-****-3122")


@pytest.mark.parametrize(
    ("typed", "has_branch", "sentence"),
    [
        (HA, True, "This customer is there already, outside your scope. Ask: B-HOME 지점."),
        (HA, False, "This customer is there already, outside your scope. Ask: the data stewards."),
        (HA | {"rrn": "", "mobile": ""}, True, "There is somebody similar outside your scope. Ask: B-HOME 지점."),
    ],
)
def test_of_a_hidden_customer_one_sentence_is_told(typed, has_branch, sentence):
    feed([person(**HA, address="서울특별시 양천구 목동동로 100")])
    customer = Customer.objects.get()
    if has_branch:
        Customer.objects.update(main_branch=make_branch("B-HOME"))

    page = login("FP", branch=make_branch()).post(CHECK, typed)

    told = words(page)
    assert (page.context["report"].blind, page.context["report"].lines) == (sentence, ())
    assert sentence in told
    assert [value for value in (customer.number, written_number(customer.number), "양천구") if value in told] == []
    assert "Nobody like this is known" not in told


def test_no_identifier_comes_back():
    feed([person(**HA)])

    for role in ("DATA_STEWARD", "FP"):
        for typed in (HA, HA | {"name": f"김하나 {HA['rrn']}"}, {"rrn": HA["rrn"] + "9" * 400}, {"address": HA["rrn"]}):
            page = login(role).post(CHECK, typed).content.decode()
            bare = HA["rrn"].replace("-", "")
            assert [value for value in (HA["rrn"], bare, bare[6:]) if value in page] == []


def test_the_other_fields_come_back_to_be_corrected():
    page = login("DATA_STEWARD").post(CHECK, {"name": "김하나", "birth_date": "1985-02-30"}).content.decode()

    assert 'value="김하나"' in page
    assert 'value="1985-02-30"' in page


def test_what_was_left_out_is_told_under_the_name_of_its_field():
    page = login("DATA_STEWARD").post(CHECK, {"name": "김하나", "birth_date": "1985-02-30", "mobile": "010-1234-5678"})

    assert page.context["report"].findings == (
        ("Birth date", "The date does not exist in the calendar.", False),
        ("Mobile", "The value is a known placeholder, not a fact about the customer.", False),
    )
    assert "Birth date: The date does not exist in the calendar. It was left out." in words(page)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"__all__": ["Fill in two fields at least, or the resident number."]}),
        ({"name": "김하나"}, {"__all__": ["Fill in two fields at least, or the resident number."]}),
        ({"name": "김하나", "rrn": " "}, {"__all__": ["Fill in two fields at least, or the resident number."]}),
        ({"name": "김\0하나", "mobile": "1"}, {"name": ["Null characters are not allowed."]}),
        (
            {"name": "가" * 301, "mobile": "1"},
            {"name": ["Ensure this value has at most 300 characters (it has 301)."]},
        ),
    ],
)
def test_what_the_form_refuses(typed, errors):
    page = login("DATA_STEWARD").post(CHECK, typed)

    with translation.override("en"):
        assert {name: list(problems) for name, problems in page.context["form"].errors.items()} == errors
    assert page.context["report"] is None


def test_a_body_beyond_all_measure_is_refused():
    assert login("DATA_STEWARD").post(CHECK, {"name": "가" * 10_000_000}).status_code == 400


def test_no_browser_keeps_the_page():
    page = login("DATA_STEWARD").post(CHECK, HA)

    assert "no-store" in page.headers["Cache-Control"]
    assert page.content.decode().count('autocomplete="off"') >= 8


def test_the_page_needs_as_many_queries_for_three_matches_as_for_one():
    client = login("DATA_STEWARD", branch=make_branch())
    feed([person(**HA)])
    client.post(CHECK, HA)
    counts = []

    for more in ([], ["이영희", "박민준"]):
        feed([person(name=name, birth_date="", mobile=HA["mobile"]) for name in more], source="FP")
        Customer.objects.update(main_branch=make_branch(), keeper=make_staff("FP"))
        with CaptureQueriesContext(connection) as queries:
            page = client.post(CHECK, HA)
        counts.append((len(page.context["report"].lines), len(queries)))

    # the session with its staff, whether the trail can be written, permissions with the roles, those in sight, the
    # customers, the entry of the trail; the look-up itself is not logged
    assert counts == [(1, 6), (3, 6)]


@pytest.mark.parametrize(
    ("language", "said"), [("ko", ["기존 고객 확인", "판정"]), ("en", ["Already a customer?", "Verdict"])]
)
def test_the_page_speaks_both_languages(language, said):
    feed([person(**HA)])

    page = words(login("DATA_STEWARD", language=language).post(CHECK, HA))

    assert [text for text in said if text not in page] == []
