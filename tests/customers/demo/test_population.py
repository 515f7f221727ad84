"""What makes customer data hard must be in the files, in realistic amounts."""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest

from customers.demo import TODAY
from customers.demo.draws import stream
from customers.demo.generator import draw_world
from customers.demo.households import CHILD, SPOUSE
from customers.demo.names import SURNAMES, draw_given, surname_of
from customers.demo.text import day_number

MAN, WOMAN = 0, 1


@pytest.fixture(scope="module")
def world():
    return draw_world(3_000, 7, day_number(TODAY))


@pytest.fixture(scope="module")
def customers(demo):
    return list(demo.canonical("customers"))


@pytest.fixture(scope="module")
def told(demo):
    """The person or organisation behind every (source, source key)."""
    return {(row["source"], row["source_key"]): row["person_id"] for row in demo.truth()}


def test_many_people_are_known_to_three_sources(demo):
    sources = defaultdict(set)
    for row in demo.truth():
        sources[row["person_id"]].add(row["source"])

    people = [known for name, known in sources.items() if name.startswith("P")]

    assert sum(len(known) >= 3 for known in people) / len(people) > 0.05
    assert 1.4 < len(demo.truth()) / 3_000 < 1.8


def test_surnames_follow_the_census(world):
    nationals = world.people.name[~world.people.is_foreign]

    share = Counter(name[0] for name in nationals)

    assert len(set(SURNAMES)) >= 80
    assert [0.18 < share["김"] / len(nationals) < 0.25, 0.12 < share["이"] / len(nationals) < 0.18] == [True, True]


@pytest.mark.parametrize(
    ("born", "sex", "common", "unheard"),
    [
        (date(1942, 5, 1), WOMAN, ["영자", "순자"], ["서연", "지우"]),
        (date(1950, 5, 1), WOMAN, ["영숙", "정숙"], ["서연", "지혜"]),
        (date(1990, 5, 1), WOMAN, ["지혜", "수진"], ["영숙", "서아"]),
        (date(2010, 5, 1), WOMAN, ["서연", "민서"], ["영숙", "정숙"]),
        (date(1950, 5, 1), MAN, ["영수", "영호"], ["민준", "하준"]),
        (date(2020, 5, 1), MAN, ["서준", "하준"], ["영수", "영철"]),
    ],
)
def test_given_names_follow_the_fashion_of_the_birth_year(born, sex, common, unheard):
    size = 20_000

    drawn = Counter(draw_given(stream(7, "fashion"), np.full(size, sex), np.full(size, day_number(born))))

    assert [name for name in common if drawn[name] < size / 100] == []
    assert [name for name in unheard if drawn[name]] == []


def test_households_share_surname_and_home(world):
    people, families = world.people, world.people.families
    children = (families.role == CHILD) & ~people.is_foreign & ~people.is_foreign[families.head]
    fathers = families.head[children & (families.sex[families.head] == 0)]

    own = people.name[children & (families.sex[families.head] == 0)]

    alike = [a[0] == b[0] for a, b in zip(own, people.name[fathers], strict=True)]
    assert sum(alike) == len(alike) > 200
    assert (families.sex[families.role == SPOUSE] != families.sex[families.head[families.role == SPOUSE]]).all()


def test_nobody_is_born_in_future_or_before_the_mother_is_grown(world):
    families = world.people.families
    children = families.role == CHILD

    youngest_parent = (families.birth[children] - families.birth[families.head[children]]).min() / 365.25

    assert families.birth.max() < world.today
    assert youngest_parent > 14


def test_twins_share_birth_date_surname_and_a_syllable(world):
    people, families = world.people, world.people.families
    twins = families.is_twin.nonzero()[0]

    elder = families.elder[twins]

    assert len(twins) > 2
    assert (families.birth[twins] == families.birth[elder]).all()
    nationals = [(a, b) for a, b in zip(people.name[twins], people.name[elder], strict=True) if not a.isascii()]
    assert [(a, b) for a, b in nationals if a == b] == []


def test_strangers_share_name_and_birth_date(world):
    people, families = world.people, world.people.families
    groups = defaultdict(set)
    for name, birth, household in zip(people.name, families.birth, families.household, strict=True):
        groups[name, birth].add(household)

    strangers = [households for households in groups.values() if len(households) > 1]

    assert len(strangers) >= 6


def test_telephones_are_shared_in_families_and_by_agents(world, customers):
    agents = set(world.company.agent_mobile)
    holders = Counter(world.people.mobile)

    on_customers = [row for row in customers if row.get("mobile") in agents]

    assert sum(count > 1 for count in holders.values()) > 50
    assert len(on_customers) > 5


def test_switchboards_stand_for_many_employees(world, customers):
    switchboards = set(world.organisations.phone)

    found = Counter(row["phone_home"] for row in customers if row["kind"] == "PERSON" and row.get("phone_home"))

    assert max(count for phone, count in found.items() if phone in switchboards) >= 3


@pytest.mark.parametrize(
    ("column", "pattern", "least"),
    [
        ("birth_date", r"\d{4}-?\d\d-?\d\d\(음\)", 10),
        ("birth_date", r"\d\d-\d\d-\d\d", 50),
        ("birth_date", r"\d{4}", 20),
        ("birth_date", r"\d{4}\.\d\d\.\d\d", 20),
        ("birth_date", r"\d{4}년 \d{1,2}월 \d{1,2}일", 2),
        ("birth_date", r"1900-?01-?01", 5),
        ("mobile", r"010-?0000-?0000", 2),
        ("mobile", r"01[16789]-?\d{4}-?\d{4}", 10),
        ("mobile", r"\+82-10-\d{4}-\d{4}", 5),
        ("mobile", r"10\d{8}", 5),
        ("mobile", r"[０-９－]+", 1),
        ("email", r".*@(naver\.con|nave\.com|naver,com|gmial\.com|hanmail\.com)", 2),
        ("email", r"없음", 1),
        ("name", r"홍길동|테스트|테스트고객|test|ㅇㅇㅇ", 5),
        ("name", r".*(님|씨|사장|과장|고객님|대표)", 20),
        ("name", r"[가-힣] [가-힣]{2}", 20),
        ("name", r"[A-Z]+( [A-Z]+)+", 20),
        ("name", r"\(주\).*", 5),
        ("name", r"주식회사 .*", 3),
        ("name", r"㈜.*", 3),
        ("address", r"강원도 .*", 5),
        ("address", r"전라북도 .*", 5),
        ("address", r"광주광역시 .*", 5),
        ("address", r"전남광주통합특별시 .*", 5),
        ("address", r"경기 .*", 50),
        ("address", r".*(동|리) \d+(-\d+)?(번지)?( .*)?", 300),
        ("address", r".*(로|길) \d+(-\d+)?,? .*", 300),
        ("postcode", r"\d{3}-\d{3}", 10),
        ("postcode", r"[1-9]\d{3}", 3),
        ("rrn", r"[1-9]\d{11}|[1-9]\d{10}", 1),
        ("employee_no", r"[1-9]\d*", 5),
    ],
)
def test_files_hold(customers, column, pattern, least):
    found = [row[column] for row in customers if re.fullmatch(pattern, row.get(column, ""))]

    assert len(found) >= least


def test_decomposed_names_come_only_from_files_in_unicode(customers):
    decomposed = {row["source"] for row in customers if row["name"] != unicodedata.normalize("NFC", row["name"])}

    assert decomposed <= {"CORP", "FP", "ONLINE"}
    assert "ONLINE" in decomposed


def test_older_records_show_earlier_names(demo, world, told, customers):
    earlier = {
        f"P{row + 1}": world.people.earlier_name[row] for row in (world.people.renamed_on >= 0).nonzero()[0].tolist()
    }

    seen = [row for row in customers if row["name"] == earlier.get(told[row["source"], row["source_key"]])]

    assert len(seen) >= 3


def test_a_changed_name_keeps_its_surname(world):
    people = world.people
    renamed = (people.renamed_on >= 0).nonzero()[0]

    surnames = [(surname_of(people.earlier_name[row]), surname_of(people.name[row])) for row in renamed.tolist()]

    assert len(surnames) > 10
    assert [pair for pair in surnames if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("name", "surname"),
    [("김철수", "김"), ("남궁민수", "남궁"), ("남궁민", "남궁"), ("선우", "선"), ("제갈량", "제갈"), ("남철", "남")],
)
def test_surname_of_a_name(name, surname):
    assert surname_of(name) == surname


def test_prospects_are_known_to_several_agents(demo, told):
    agents = defaultdict(set)
    for row in demo.canonical("customers"):
        if row["source"] == "FP":
            agents[told["FP", row["source_key"]]].add(row["fp_code"])

    assert sum(len(codes) > 1 for codes in agents.values()) > 30


def test_a_branch_office_is_the_same_organisation_under_another_business_number(told, customers):
    numbers = defaultdict(set)
    for row in customers:
        if row["kind"] == "ORG" and row["company_no"]:
            numbers[told[row["source"], row["source_key"]]].add(row["company_no"])

    assert sum(len(found) == 2 for found in numbers.values()) >= 1
    assert max(map(len, numbers.values())) == 2


def test_prospects_and_telephone_leads_have_no_resident_number(customers):
    assert {row["source"] for row in customers if row.get("rrn")} == {"POLICY", "BANCA", "CORP"}
