"""A record that comes later finds its like among all that are there, by each key alone."""

import pytest

from customers.models import Link, Pair
from tests.customers.builders import company, feed, make_brn, make_ci, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
MOBILE = "010-2345-6789"
CRN = "110111-0000013"
LINKED = {
    "RRN": [person(rrn=make_rrn(), birth_date=""), person(rrn=make_rrn(), birth_date="", name="박세라")],
    "CI": [person(ci=make_ci(), birth_date=""), person(ci=make_ci(), birth_date="", name="박세라")],
    "BRN": [company(company_no=make_brn()), company(company_no=make_brn(), name="한빛무역")],
    "CRN": [company(crn=CRN), company(crn=CRN, name="한빛무역")],
    "NBM": [person(mobile=MOBILE), person(mobile=MOBILE)],
    "NBP": [person(phone_home="02-555-1234"), person(phone_home="02-555-1234")],
    "NBE": [person(email="hana@naver.com"), person(email="hana@naver.com")],
    "NBA": [person(address="서울 강남구 테헤란로 12, 301호"), person(address="서울 강남구 테헤란로 12, 301호")],
}
NAMESAKES = [
    {"name": "김민준", "mobile": "010-2345-6789", "address": "서울 강남구 테헤란로 12, 301호"},
    {"name": "김민준", "mobile": "010-9876-5432", "address": "부산 해운대구 우동1로 50"},
]
ALIKE = {
    "NAME_BIRTH": [person(**namesake) for namesake in NAMESAKES],
    "ALIKE": [person(mobile=MOBILE, name="김민수"), person(mobile=MOBILE, name="김민주", birth_date="1992-07-11")],
    "NUMBERS_DIFFER": [person(mobile=MOBILE, rrn=make_rrn("850302", 1, serial)) for serial in (6, 7)],
    "SAME_NUMBER": [person(ci=make_ci()), person(ci=make_ci(), name="박세라", birth_date="1970-01-01")],
}


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("rule", LINKED)
def test_a_later_record_is_linked_by(rule, turn):
    one, other = LINKED[rule][::turn]
    feed([one], "POLICY")
    feed([person(name="지나가는이", birth_date="1950-01-01")], "TM")
    feed([other], "BANCA")

    assert list(Link.objects.order_by("pk").values_list("rule", "evidence_record__source__code")) == [
        ("FIRST", None),
        ("FIRST", None),
        (rule, "POLICY"),
    ]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("reason", ALIKE)
def test_a_later_record_is_laid_beside_its_like(reason, turn):
    one, other = ALIKE[reason][::turn]
    feed([one], "POLICY")
    run = feed([other], "BANCA")

    assert (run.customers_created, run.pairs_found) == (1, 1)
    assert list(Pair.objects.values_list("left__source__code", "right__source__code", "reason", "state")) == [
        ("POLICY", "BANCA", reason, "OPEN")
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_record_that_fits_two_who_contradict_each_other_goes_to_one_and_a_person_is_asked(turn):
    rows = [person(mobile=MOBILE, rrn=make_rrn("850302", 1, serial)) for serial in (6, 7)][::turn]
    feed(rows[:1], "POLICY")
    feed([person(mobile=MOBILE)], "TM")

    feed(rows[1:], "BANCA")

    links = dict(Link.objects.values_list("record__source__code", "customer"))
    assert links["POLICY"] != links["BANCA"]
    assert links["TM"] in (links["POLICY"], links["BANCA"])
    asked = Pair.objects.get(state="OPEN")
    assert {asked.left.link.customer_id, asked.right.link.customer_id} == {links["POLICY"], links["BANCA"]}
    assert asked.reason in ("TWO_CUSTOMERS", "NUMBERS_DIFFER")


def test_a_pair_is_overtaken_when_a_third_record_brings_its_two_together():
    one, other = NAMESAKES[0], NAMESAKES[1] | {"phone_home": "02-555-1234"}
    feed([person(**one)], "POLICY")
    feed([person(**other)], "BANCA")
    feed([person(name="박세라")], "ONLINE")
    assert Pair.objects.get().state == "OPEN"

    feed([person(name=one["name"], mobile=one["mobile"], phone_home=other["phone_home"])], "TM")

    assert Link.objects.exclude(record__source__code="ONLINE").values("customer").distinct().count() == 1
    assert list(Pair.objects.values_list("state", "overtaken_by")) == [("OVERTAKEN", "JOINED")]


def test_one_number_in_every_row_of_a_file_makes_one_customer():
    feed([person(source_key="K0", name="박세라")])

    run = feed([person(rrn=make_rrn(), mobile=MOBILE) for _number in range(300)])

    assert (run.state, run.rows_new, run.customers_created) == ("DONE", 300, 1)
