"""What a search text may mean, and what is found by each reading of it."""

import json
from datetime import date

import pytest
from django.db import connection

from customers.models import Customer
from customers.search import search
from customers.search.conditions import with_phone_tail
from customers.search.terms import Terms, births_of, from_english_mode, names_of, read_terms
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, contract, feed, make_brn, make_customer, make_retired, party, person

TODAY = date(2026, 11, 23)
BIRTH = date(1985, 1, 1)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", Terms("")),
        ("   ", Terms("")),
        ("김철수", Terms("김철수", names=("김철수",))),
        (" 김 철수 ", Terms("김 철수", names=("김철수",))),
        ("ㄱㅊㅅ", Terms("ㄱㅊㅅ", initials="ㄱㅊㅅ")),
        ("김ㅊㅅ", Terms("김ㅊㅅ", names=("김",), initials="ㄱㅊㅅ")),
        ("ㄳ", Terms("ㄳ", initials="ㄱㅅ")),
        ("(주)한빛", Terms("(주)한빛", names=("(주)한빛", "한빛"))),
        ("john smith", Terms("john smith", names=("JOHNSMITH",))),
        ("5678", Terms("5678", tail="5678")),
        ("１２３４", Terms("1234", tail="1234")),
        ("1234-5678", Terms("1234-5678", local="12345678", code="1234-5678")),
        ("010-8523-4567", Terms("010-8523-4567", phone="01085234567", code="010-8523-4567")),
        ("010 8523 4567", Terms("010 8523 4567", phone="01085234567")),
        ("+82 10 8523 4567", Terms("+82 10 8523 4567", phone="01085234567")),
        ("1234 5678", Terms("1234 5678", local="12345678")),
        ("C-000012345-9", Terms("C-000012345-9", number="0000123459", names=("C-000012345-9",), code="C-000012345-9")),
        (
            "C-000012345-8",
            Terms("C-000012345-8", is_mistyped=True, names=("C-000012345-8",), code="C-000012345-8"),
        ),
        ("1985-01-01", Terms("1985-01-01", local="19850101", births=(BIRTH,), code="1985-01-01")),
        ("1985.1.1", Terms("1985.1.1", births=(BIRTH,), code="1985.1.1")),
        ("850101", Terms("850101", births=(BIRTH,), code="850101")),
        ("٠١٢٣٤٥٦٧٨٩", Terms("٠١٢٣٤٥٦٧٨٩", code="٠١٢٣٤٥٦٧٨٩")),
        ("220-81-62517", Terms("220-81-62517", organisation="2208162517", code="220-81-62517")),
        ("2208162517", Terms("2208162517", organisation="2208162517", code="2208162517")),
        ("110111-1234567", Terms("110111-1234567", organisation="1101111234567", code="110111-1234567")),
        ("김철수 850101", Terms("김철수 850101", names=("김철수",), births=(BIRTH,))),
        ("ㄱㅊㅅ 5678", Terms("ㄱㅊㅅ 5678", initials="ㄱㅊㅅ", tail="5678")),
        ("BK000000369", Terms("BK000000369", names=("BK000000369",), code="BK000000369")),
    ],
)
def test_a_text_is_read_in_every_way_it_can_be_meant(text, terms):
    assert read_terms(text, TODAY) == terms


@pytest.mark.parametrize(
    ("text", "births"),
    [
        ("19850101", (BIRTH,)),
        ("1985/1/1", (BIRTH,)),
        ("250101", (date(2025, 1, 1), date(1925, 1, 1))),
        ("270101", (date(1927, 1, 1),)),
        ("850230", ()),
        ("18991231", ()),
        ("20270101", ()),
        ("12345", ()),
        ("김철수", ()),
    ],
)
def test_a_birth_date_is_read_in_all_its_forms_and_never_in_the_future(text, births):
    assert births_of(text, TODAY) == births


def test_a_long_text_is_cut():
    assert len(read_terms("가" * 300, TODAY).text) == 100


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("rlacjftn", "김철수"), ("rlacjftn 850101", "김철수 850101"), ("김철수", ""), ("5678", ""), ("", "")],
)
def test_hangul_typed_in_english_mode_is_understood(typed, meant):
    assert from_english_mode(typed) == meant


def test_a_name_and_consonants_narrow_together():
    assert names_of("김ㅊ") == (("김",), "ㄱㅊ")


def found(text: str, *roles: str, **fields: object) -> dict[str, list[str]]:
    """{code of a group: the names in it} for a steward."""
    staff = make_staff(*(roles or ("DATA_STEWARD",)), **fields)
    return {group.code: [str(hit.name) for hit in group.hits] for group in search(text, staff, TODAY).groups}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("김", {"name": ["김가람", "김나래"]}),
        ("김나", {"name": ["김나래"]}),
        ("ㄱㄴㄹ", {"initials": ["김나래"]}),
        ("김ㄴ", {"initials": ["김나래"]}),
        ("ㅎㅂ", {"initials": ["(주)한빛상사"]}),
        ("한빛", {"name": ["(주)한빛상사"]}),
        ("2222", {"tail": ["김가람", "(주)한빛상사"]}),
        ("1111-2222", {"tail": ["김가람"]}),
        ("02-333-2222", {"home": ["(주)한빛상사"]}),
        ("1985-01-01", {"birth": ["김가람"]}),
        ("850101", {"birth": ["김가람"]}),
        ("김가람 850101", {"combined": ["김가람"]}),
        ("김나래 850101", {}),
        ("ㄱㄱㄹ 2222", {"combined": ["김가람"]}),
        ("rlarkfka", {"name": ["김가람"]}),
        ("박", {}),
        ("없는이름", {}),
    ],
)
def test_customers_are_found_in_every_way(master, text, groups):
    make_customer(name="김가람", birth_date=BIRTH, mobile="01011112222")
    make_customer(name="김나래", birth_date=date(1990, 2, 3), mobile="01033334444")
    survivor = make_customer(name="(주)한빛상사", kind="ORG", phone_home="023332222")
    make_retired(survivor, name="박다솜")

    assert found(text) == groups


@pytest.mark.django_db
def test_a_source_key_a_contract_and_an_old_number_lead_to_the_customer(master):
    same = {"name": "김가람", "birth_date": "1985-01-01", "email": "garam@example.kr"}
    feed([person(**same, source_key="KEY-77", mobile="010-1111-2222", as_of="2020-01-01")])
    feed([person(**same, source_key="B-1", mobile="010-3333-4444", as_of="2026-01-01")], "BANCA")
    feed([contract(contract_no="201900005773")], layout="contracts")
    feed([party(contract_no="201900005773", party_source_key="KEY-77")], layout="parties")

    (old,) = search("01011112222", make_staff("DATA_STEWARD", language="en"), TODAY).groups

    assert (found("KEY-77"), found("201900005773")) == ({"source-key": ["김가람"]}, {"contract": ["김가람"]})
    assert [(str(hit.name), str(hit.mobile), bool(hit.note)) for hit in old.hits] == [("김가람", "010-3333-4444", True)]


@pytest.mark.django_db
def test_an_organisation_is_found_by_every_number_that_a_source_holds(master):
    feed([company(source_key="7777777777", company_no=make_brn(1), crn="110111-1234567")])
    feed([company(source_key="B-1", company_no=make_brn(2), crn="110111-1234567")], "BANCA")
    feed([person(company_no=make_brn(1))])

    by_number = [found(number) for number in (make_brn(1), make_brn(2).replace("-", ""), "110111-1234567")]

    assert by_number == [{"organisation-number": ["(주)한빛상사"]}] * 3


@pytest.mark.django_db
def test_only_a_hit_by_phone_is_told_to_have_a_former_number(master):
    feed([person(source_key="1000005061", name="김가람", mobile="010-3333-4444")])

    (group,) = search("1000005061", make_staff("DATA_STEWARD"), TODAY).groups

    assert (group.code, [hit.note for hit in group.hits]) == ("source-key", [""])


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "count"), [("900101-1234567", 1), ("9001011234567", 1), ("101-81-00014", 0)])
def test_whoever_types_a_resident_number_is_asked_not_to(master, text, count):
    assert len(search(text, make_staff("DATA_STEWARD"), TODAY).notices) == count


@pytest.mark.django_db
def test_a_whole_number_goes_to_its_page_and_a_retired_one_to_the_survivor(master):
    survivor = make_customer(name="김가람")
    retired = make_retired(survivor)
    steward = make_staff("DATA_STEWARD")

    results = [search(number, steward, TODAY) for number in (survivor.number, retired.number)]

    assert [result.goes_to for result in results] == [survivor.get_absolute_url()] * 2
    assert [len(result.notices) for result in results] == [0, 1]


@pytest.mark.django_db
def test_a_number_outside_the_scope_is_not_found(master):
    customer = make_customer(keeper=make_staff("FP"))
    retired = make_retired(customer)
    stranger = make_staff("FP")

    results = [search(number, stranger, TODAY) for number in (customer.number, retired.number)]

    assert [(result.goes_to, result.groups) for result in results] == [("", ())] * 2


@pytest.mark.django_db
def test_a_group_shows_twenty_and_leads_to_the_list_of_all(master):
    for _number in range(21):
        make_customer(name="김가람", birth_date=BIRTH, mobile="01011112222")
    steward = make_staff("DATA_STEWARD")

    groups = {text: search(text, steward, TODAY).groups[0] for text in ("김가람", "2222", "1985-01-01", "김가람 2222")}

    assert {(len(group.hits), group.has_more) for group in groups.values()} == {(20, True)}
    assert {text: group.more_url for text, group in groups.items()} == {
        "김가람": "/customers/?name=%EA%B9%80%EA%B0%80%EB%9E%8C",
        "2222": "/customers/?phone=2222",
        "1985-01-01": "/customers/?born_from=1985-01-01&born_to=1985-01-01",
        "김가람 2222": "/customers/?name=%EA%B9%80%EA%B0%80%EB%9E%8C&phone=2222",
    }


def test_the_planner_knows_how_rare_the_end_of_a_phone_number_is(db):
    """Else it walks through all customers by name once they are a million, which takes a second."""
    numbers = range(3_000)
    Customer.objects.bulk_create(
        Customer(
            number=f"9{number:09}",
            kind="PERSON",
            name="박서준",
            sort_name="박서준",
            mobile=f"0105555{number:04}",
            phone_home=f"02777{number:04}",
            created_at=NOW,
            updated_at=NOW,
        )
        for number in numbers
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")

    plan = json.loads(with_phone_tail(Customer.objects.all(), "1234").explain(format="json"))

    assert plan[0]["Plan"]["Plan Rows"] <= 4
