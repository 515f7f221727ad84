"""The search page, and the hits under the search box."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.numbering import written_number
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import grant, make_customer, make_retired

pytestmark = pytest.mark.usefixtures("master")
SEARCH = "/customers/search/"
LIVE = {"HX-Request": "true", "HX-Target": "quick-results"}


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, **{"language": "en"} | fields))
    return client


def hits(client: Client, text: str) -> list[str]:
    """The names found, in the order of the page."""
    results = client.get(SEARCH, {"q": text}).context["results"]
    return [str(hit.name) for group in results.groups for hit in group.hits]


@pytest.mark.parametrize("roles", [(), ("ADMINISTRATOR",), ("AUDITOR",), ("SERVICE_CLIENT",)])
def test_search_is_forbidden_to_those_who_may_not_see_customers(roles):
    assert login(*roles).get(SEARCH).status_code == 403


def test_an_empty_search_explains_what_can_be_typed():
    page = login("DATA_STEWARD").get(SEARCH)

    assert "What can be typed" in page.content.decode()
    assert [text for text, _meaning in page.context["examples"]][:3] == ["김지영", "ㄱㅈㅇ", "C-000000648-3"]


def test_a_search_without_hits_says_what_to_do():
    text = login("DATA_STEWARD").get(SEARCH, {"q": "없는이름"}).content.decode()

    assert "Nothing was found" in text
    assert "Only customers in your scope are found." in text


def test_everybody_finds_the_own_scope_only():
    own, elsewhere = make_branch("B1"), make_branch("B2")
    planner = make_staff("FP", branch=own, language="en")
    make_customer(name="김가람", main_branch=own, keeper=planner)
    make_customer(name="김나래", main_branch=own)
    make_customer(name="김다솜", main_branch=elsewhere)
    client = Client()
    client.force_login(planner)

    assert hits(client, "김") == ["김가람"]
    assert hits(login("BRANCH_MANAGER", branch=own), "김") == ["김가람", "김나래"]
    assert hits(login("DATA_STEWARD"), "김") == ["김가람", "김나래", "김다솜"]


def test_a_granted_customer_is_found_with_private_items_masked():
    planner = make_staff("FP")
    grant(make_customer(name="김가람", mobile="01011112222"), planner)
    client = Client()
    client.force_login(planner)

    page = client.get(SEARCH, {"q": "김가람"})

    (hit,) = page.context["results"].groups[0].hits
    assert (str(hit.name), str(hit.mobile)) == ("김가람", "010-****-2222")
    assert "01011112222" not in page.content.decode().replace("-", "")


def test_a_whole_number_leads_straight_to_its_page():
    customer = make_customer()

    answer = login("DATA_STEWARD").get(SEARCH, {"q": written_number(customer.number)})

    assert (answer.status_code, answer.url) == (302, customer.get_absolute_url())


def test_a_retired_number_leads_to_the_survivor_and_says_so():
    survivor = make_customer()
    retired = make_retired(survivor)

    page = login("DATA_STEWARD").get(SEARCH, {"q": retired.number}, follow=True)

    said = f"{written_number(retired.number)} was merged into {written_number(survivor.number)} on 2026-11-23."
    assert page.redirect_chain == [(survivor.get_absolute_url(), 302)]
    assert said in page.content.decode()


def test_a_mistyped_number_is_told():
    number = make_customer().number
    wrong = f"C-{number[:9]}-{(int(number[9]) + 1) % 10}"

    page = login("DATA_STEWARD").get(SEARCH, {"q": wrong})

    assert "This is no customer number: its check digit is wrong." in page.content.decode()


def test_the_box_gets_hits_as_a_part_of_a_page():
    customer = make_customer(name="김가람")
    client = login("DATA_STEWARD")

    part = client.get(SEARCH, {"q": "ㄱㄱㄹ"}, headers=LIVE)
    number = client.get(SEARCH, {"q": customer.number}, headers=LIVE)
    nothing = client.get(SEARCH, {"q": "없는이름"}, headers=LIVE)
    blank = client.get(SEARCH, {"q": " "}, headers=LIVE)

    assert [template.name for template in part.templates][0] == "customers/_search_live.html"
    assert f'href="{customer.get_absolute_url()}" data-hit' in part.content.decode()
    assert f'href="{customer.get_absolute_url()}" data-hit' in number.content.decode()
    assert "Nothing was found" in nothing.content.decode()
    assert blank.content.decode().strip() == ""
    assert part.headers["Vary"].startswith("HX-Request, HX-Target")


def test_the_box_shows_six_hits_of_a_group_and_says_that_there_are_more():
    for _number in range(21):
        make_customer(name="김가람")

    text = login("DATA_STEWARD").get(SEARCH, {"q": "김가람"}, headers=LIVE).content.decode()

    assert (text.count('class="hit"'), "more than 20" in text) == (6, True)


def test_search_needs_as_many_queries_for_three_hits_as_for_one():
    branch = make_branch()
    client = login("DATA_STEWARD", branch=branch)
    make_customer(name="김가람", main_branch=branch, keeper=make_staff("FP"))
    client.get(SEARCH, {"q": "김가람"})
    counts = []

    for more in (0, 2):
        for _number in range(more):
            make_customer(name="김가람", main_branch=make_branch(), keeper=make_staff("FP"))
        with CaptureQueriesContext(connection) as queries:
            client.get(SEARCH, {"q": "김가람"})
        counts.append(len(queries))

    # the session with its staff, permissions with the roles, hits by name, the entry of the trail
    assert counts == [4, 4]


@pytest.mark.parametrize(
    ("language", "words"), [("ko", ["검색 결과", "통합고객번호"]), ("en", ["Search results", "Keeper"])]
)
def test_the_page_speaks_the_language_of_its_reader(language, words):
    make_customer(name="김가람")

    text = login("DATA_STEWARD", language=language).get(SEARCH, {"q": "김가람"}).content.decode()

    assert [word for word in words if word not in text] == []
