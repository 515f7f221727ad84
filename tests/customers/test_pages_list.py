"""The customer list: scope, filters, order, columns, count, paging."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import paging
from customers.models import Customer
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import grant, make_customer, make_retired

pytestmark = pytest.mark.usefixtures("master")
LIST = "/customers/"


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, **{"language": "en"} | fields))
    return client


def names_in(client: Client, query: str = "") -> list[str]:
    """The names in the list, in order."""
    return [texts(row)["name"] for row in client.get(f"{LIST}{query}").context["rows"]]


def texts(row: dict[str, object]) -> dict[str, str]:
    """{code of a column: text of its cell}."""
    return {cell.column.code: cell.text for cell in row["cells"]}


def test_a_steward_sees_the_whole_stock_by_name_but_not_the_merged():
    survivor = make_customer(name="한가람")
    make_customer(name="강하늘")
    make_customer(name="(주)나래상사", kind="ORG")
    make_retired(survivor, name="고아라")

    assert names_in(login("DATA_STEWARD")) == ["강하늘", "(주)나래상사", "한가람"]


def test_everybody_sees_the_own_scope_only():
    head = make_branch("H0")
    own, elsewhere = make_branch("B1", parent=head), make_branch("B2", parent=head)
    team = make_branch("T1", parent=own, kind="TEAM")
    planner = make_staff("FP", branch=own)
    make_customer(name="가", main_branch=own, keeper=planner)
    make_customer(name="나", main_branch=team)
    granted = make_customer(name="다", main_branch=elsewhere)
    grant(granted, planner)
    make_customer(name="라", main_branch=elsewhere)
    readers = {
        "FP": planner,
        "stranger": make_staff("FP", branch=elsewhere),
        "manager": make_staff("BRANCH_MANAGER", branch=elsewhere),
        "steward": make_staff("DATA_STEWARD"),
    }
    seen = {}

    for name, staff in readers.items():
        client = Client()
        client.force_login(staff)
        seen[name] = "".join(names_in(client))

    assert seen == {"FP": "가다", "stranger": "", "manager": "다라", "steward": "가나다라"}


def test_a_grant_to_a_group_opens_a_customer_to_its_members():
    planner = make_staff("FP")
    grant(make_customer(name="가"), Group.objects.get(name="FP"))
    make_customer(name="나")
    client = Client()
    client.force_login(planner)

    assert names_in(client) == ["가"]


@pytest.mark.parametrize("roles", [(), ("ADMINISTRATOR",), ("AUDITOR",), ("SERVICE_CLIENT",)])
def test_the_list_is_forbidden_to_those_who_may_not_see_customers(roles):
    assert login(*roles).get(LIST).status_code == 403


def test_private_items_of_a_granted_customer_are_masked_in_the_list():
    planner = make_staff("FP")
    fields = {"mobile": "01011112222", "email": "hong@example.kr", "address": "서울특별시 강남구 테헤란로 152"}
    make_customer(name="가", keeper=planner, **fields)
    grant(make_customer(name="나", **fields), planner)
    client = Client()
    client.force_login(planner)

    rows = client.get(f"{LIST}?columns=mobile&columns=email&columns=address").context["rows"]

    assert [(texts(row)["mobile"], texts(row)["email"], texts(row)["address"]) for row in rows] == [
        ("010-1111-2222", "hong@example.kr", "서울특별시 강남구 테헤란로 152"),
        ("010-****-2222", "ho***@example.kr", "서울특별시 강남구 테헤란로 ***"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "가나다다른"),
        ("?name=가", "가"),
        ("?name=ㄷ", "다다른"),
        ("?name=다ㄹ", "다른"),
        ("?phone=2222", "가"),
        ("?phone=1111-2222", "가"),
        ("?phone=22", ""),
        ("?phone=12222", ""),
        ("?phone=112222", ""),
        ("?kind=ORG", "나"),
        ("?grade=VIP", "가"),
        ("?gate=IN_SCOPE", "나"),
        ("?branch=B1", "가나"),
        ("?branch=T1", "나"),
        ("?keeper=F1", "가"),
        ("?keeper=한가람", "가"),
        ("?keeper=nobody", ""),
        ("?region=서울특별시", "다"),
        ("?born_from=1980-01-01", "가다른"),
        ("?born_from=1980-01-01&born_to=1985-12-31", "가"),
        ("?sources=2", "다"),
        ("?differs=on", "다"),
        ("?state=MERGED", "라"),
        ("?state=", "가나다다른라"),
        ("?grade=VIP&kind=ORG", ""),
        ("?colour=red", "가나다다른"),
    ],
)
def test_a_filter_narrows_the_list(query, found):
    branch = make_branch("B1", parent=make_branch("H0"))
    team = make_branch("T1", parent=branch, kind="TEAM")
    keeper = make_staff("FP", employee_number="F1", name="한가람")
    make_customer(
        name="가", mobile="01011112222", grade="VIP", birth_date=date(1985, 1, 2), main_branch=branch, keeper=keeper
    )
    make_customer(name="나", kind="ORG", gate="IN_SCOPE", main_branch=team)
    make_customer(name="다", region="서울특별시", source_count=2, difference_count=1)
    survivor = make_customer(name="다른", birth_date=date(1990, 1, 1))
    make_retired(survivor, name="라")

    assert "".join(names_in(login("DATA_STEWARD"), query)) == found


def test_filters_in_use_are_named_with_the_address_without_them():
    page = login("DATA_STEWARD").get(f"{LIST}?grade=VIP&name=김&sort=-name&after=0000000010")

    assert [(active.label, active.value, url) for active, url in page.context["active_filters"]] == [
        ("Name or initial consonants", "김", "?grade=VIP&sort=-name"),
        ("Grade", "VIP", "?name=%EA%B9%80&sort=-name"),
    ]
    assert not page.context["filter"].unfolds


def test_a_refused_filter_says_so_and_narrows_nothing():
    make_customer(name="가")

    page = login("DATA_STEWARD").get(f"{LIST}?sources=1000&grade=BRONZE")

    assert sorted(page.context["filter"].form.errors) == ["grade", "sources"]
    assert page.context["filter"].unfolds
    assert len(page.context["rows"]) == 1


def test_an_empty_list_says_why():
    client = login("DATA_STEWARD")
    nobody = client.get(LIST).content.decode()
    make_customer(name="가")

    nothing = client.get(f"{LIST}?name=나").content.decode()

    assert ("There is no customer here yet" in nobody, "No customer matches these filters" in nothing) == (True, True)


def test_heads_sort_both_ways_and_say_how_they_are_sorted():
    for name in "나가다":
        make_customer(name=name)
    client = login("DATA_STEWARD")

    page = client.get(f"{LIST}?sort=name&kind=PERSON")

    heads = {head["column"].code: head for head in page.context["heads"]}
    assert (heads["name"]["sorted"], heads["name"]["url"]) == ("ascending", "?kind=PERSON&sort=-name")
    assert (heads["number"]["sorted"], heads["number"]["url"]) == ("", "?kind=PERSON&sort=number")
    assert heads["grade"]["url"] == ""
    assert re.findall(r'aria-sort="(\w+)"', page.content.decode()) == ["ascending"]
    assert [names_in(client, f"?sort={sort}") for sort in ("-name", "number", "-number", "mobile")] == [
        ["다", "나", "가"],
        ["나", "가", "다"],
        ["다", "가", "나"],
        ["가", "나", "다"],
    ]


def test_columns_are_chosen_in_the_address_and_kept_for_the_session():
    make_customer()
    client = login("DATA_STEWARD")

    def columns(query: str = "") -> list[str]:
        return [head["column"].code for head in client.get(f"{LIST}{query}").context["heads"]]

    assert columns()[:4] == ["number", "name", "kind", "birth_date"]
    assert columns("?columns=email&columns=grade&columns=rrn") == ["number", "name", "grade", "email"]
    assert columns() == ["number", "name", "grade", "email"]


def test_choosing_columns_keeps_filters_and_order_but_not_the_place():
    page = login("DATA_STEWARD").get(f"{LIST}?grade=VIP&sort=-name&after=0000000010&columns=email")

    assert page.context["kept_words"] == [("grade", "VIP"), ("sort", "-name")]


def test_the_count_is_honest(monkeypatch):
    for _number in range(3):
        make_customer()
    client = login("DATA_STEWARD")
    exact = client.get(LIST).context["summary"]
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    monkeypatch.setattr("customers.views.customers.MOST_COUNTED", 2)

    assert (exact, client.get(LIST).context["summary"]) == ("3 customers", "more than 2 customers")


def test_pages_follow_each_other_in_both_directions(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for name in ("가", "가", "가", "나", "다"):
        make_customer(name=name)
    client = login("DATA_STEWARD")
    places = []

    url = LIST
    while url:
        page = client.get(url)
        places.append([row["url"] for row in page.context["rows"]])
        last, url = page, page.context["next_url"] and f"{LIST}{page.context['next_url']}"
    back = client.get(f"{LIST}{last.context['previous_url']}")

    numbers = [number for place in places for number in place]
    assert [len(place) for place in places] == [2, 2, 1]
    assert numbers == [customer.get_absolute_url() for customer in Customer.objects.order_by("sort_name", "id")]
    assert [row["url"] for row in back.context["rows"]] == places[1]


def test_the_list_needs_as_many_queries_for_three_rows_as_for_one():
    branch = make_branch()
    client = login("DATA_STEWARD", branch=branch)
    make_customer(main_branch=branch, keeper=make_staff("FP"))
    client.get(LIST)
    counts = []

    for more in (0, 2):
        for _number in range(more):
            make_customer(main_branch=make_branch(), keeper=make_staff("FP"))
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    # the session with its staff, permissions with the roles, branches to choose from, count, rows, entry of the trail
    assert counts == [6, 6]


@pytest.mark.parametrize(
    ("language", "words"), [("ko", ["통합고객번호", "고객 1명"]), ("en", ["Customer number", "1 customer"])]
)
def test_the_list_speaks_the_language_of_its_reader(language, words):
    make_customer()

    text = login("DATA_STEWARD", language=language).get(LIST).content.decode()

    assert [word for word in words if word not in text] == []


def test_a_place_among_customers_that_one_may_not_see_is_the_first_page():
    fp = login("FP", employee_number="F1")
    make_customer(name="가나다", keeper_id=make_staff(employee_number="F2").employee_number)
    stranger = make_customer(name="마바사")
    for name in ("나라", "하늘"):
        make_customer(name=name, keeper_id="F1")

    told = [names_in(fp, f"?{place}={stranger.number}") for place in ("after", "before")]

    assert told == [["나라", "하늘"], ["나라", "하늘"]]


@pytest.mark.parametrize("query", ["?after=%00", "?name=%00", "?columns=%00"])
def test_a_null_byte_in_an_address_is_refused(query):
    assert login("DATA_STEWARD").get(f"{LIST}{query}").status_code == 400


def test_an_id_beyond_all_measure_is_no_record():
    customer = make_customer()

    answer = login("DATA_STEWARD").get(f"{LIST}{customer.number}/records/{'9' * 5000}/")

    assert answer.status_code == 404
