"""Records as columns, and what a number betrays by the names on it."""

import numpy as np
import pytest

from customers.dedup.records import (
    AGE_SHIFT,
    COLUMN_FIELDS,
    MARKS,
    MOST_NAMES_PER_PERSON,
    NAME_FIELDS,
    Rows,
    Rulings,
    names_on,
)
from customers.standard.matching import MATCH_RECORD
from tests.customers.dedup.rows import blank, packed, rows

MOBILE = "010-9234-5678"
NAMES = ["김철수", "이영희", "박민준", "최서연", "정하준"]
FULL = {
    "name": "김철수",
    "birth": "1980-05-17",
    "sex": "M",
    "rrn": "A",
    "ci": "B",
    "mobile": MOBILE,
    "phone": "02-555-1234",
    "email": "chulsoo@naver.com",
    "address": "서울 강남구 테헤란로 123 101동 1203호",
    "postcode": "06133",
    "employee": "E",
}
COMPANY = {"kind": "ORG", "name": "(주)한빛상사", "brn": "A", "crn": "B"}


def fields_of(held: Rows) -> dict[str, list]:
    return {name: held[name].tolist() for name in (*NAME_FIELDS.names, *COLUMN_FIELDS)}


def test_rows_hold_every_field_of_the_records_in_their_order():
    records = packed(FULL, COMPANY, {"name": "KIM CHULSOO"}, {"name": "김*수"}, {})

    held = Rows.of(records)

    assert len(held) == 5
    assert fields_of(held) == {name: records[name].tolist() for name in MATCH_RECORD.names if name != "_"}
    assert held.is_org.tolist() == [False, True, False, False, False]


def test_rows_are_the_same_however_many_pieces_they_are_taken_in():
    records = blank(4096 * 2 + 3, name=np.arange(4096 * 2 + 3), birth=19800517, mobile=np.arange(4096 * 2 + 3)[::-1])

    held = Rows.of(records)

    assert held["name"].tolist() == records["name"].tolist()
    assert held["mobile"].tolist() == records["mobile"].tolist()
    assert set(held["birth"].tolist()) == {19800517}


def marked(held: Rows, row: int) -> set[str]:
    return {name for name, bit in MARKS.items() if held.marks[row] & bit}


def test_marks_tell_what_a_record_has():
    held = rows(FULL, FULL | {"sex": "F"}, COMPANY, {"name": "김철수", "postcode": "06133"}, {})

    full = {"rrn", "ci", "birth", "mobile", "phone", "email", "employee", "street", "unit", "district", "postcode"}
    assert marked(held, 0) == full | {"sex", "male"}
    assert marked(held, 1) == full | {"sex"}
    assert marked(held, 2) == {"brn", "crn", "organisation"}
    assert (marked(held, 3), marked(held, 4)) == ({"postcode"}, set())


@pytest.mark.parametrize(
    ("birth", "reached"),
    [("1954-12-31", 0), ("1955-01-01", 1), ("1971", 1), ("1972", 2), ("음 2008-12-31", 2), ("2009-01-01", 3), ("", 4)],
)
def test_marks_tell_the_age(birth, reached):
    assert (rows({"birth": birth}).marks >> AGE_SHIFT).tolist() == [reached]


@pytest.mark.parametrize("records", [[FULL, COMPANY, {"name": "김*수"}, {}], []])
def test_rows_that_were_saved_are_the_same_when_opened(tmp_path, records):
    held = rows(*records)

    held.save(tmp_path)

    opened = Rows.open(tmp_path)
    assert len(opened) == len(records)
    assert fields_of(opened) == fields_of(held)
    every = np.arange(len(records))
    assert opened.content_of(every).tolist() == held.content_of(every).tolist()
    assert opened.marks.tolist() == held.marks.tolist()
    assert opened.is_org.tolist() == held.is_org.tolist()
    assert not opened["name"].flags.writeable


def test_content_is_one_for_records_that_hold_the_same():
    differing = [FULL | {field: ""} for field in ("name", "birth", "rrn", "ci", "mobile", "phone", "email", "address")]
    held = rows(FULL, *differing, FULL, COMPANY, COMPANY)

    content = held.content_of(np.arange(len(held))).tolist()

    assert content[0] == content[len(differing) + 1]
    assert content[-1] == content[-2]
    assert len(set(content)) == len(differing) + 2


@pytest.mark.parametrize("identifier", ["rrn", "ci"])
def test_rows_drop_an_identifier_under_more_names_than_one_person_bears(identifier):
    borne = [{"name": name, identifier: "BORNE"} for name in NAMES[:MOST_NAMES_PER_PERSON]]
    shared = [{"name": name, identifier: "SHARED"} for name in NAMES[: MOST_NAMES_PER_PERSON + 1]]
    records = packed(*borne, *shared)

    held = Rows.of(records)

    assert held[identifier].tolist() == [*records[identifier][: len(borne)].tolist(), *[0] * len(shared)]
    assert (held.marks & MARKS[identifier] > 0).tolist() == [True] * len(borne) + [False] * len(shared)
    assert (records[identifier] > 0).all()


@pytest.mark.parametrize("field", ["brn", "crn", "mobile", "phone", "email", "employee"])
def test_rows_keep_every_other_value_under_any_number_of_names(field):
    value = {"mobile": MOBILE, "phone": "02-555-1234", "email": "shared@naver.com"}.get(field, "SHARED")
    records = packed(*({"name": name, field: value} for name in NAMES * 3))

    held = Rows.of(records)

    assert held[field].tolist() == records[field].tolist()
    assert (held[field] > 0).all()


def test_one_name_may_stand_on_an_identifier_any_number_of_times():
    held = rows(*[{"name": "김철수", "rrn": "A"}] * 20)

    assert (held["rrn"] > 0).all()


@pytest.mark.parametrize("of", [packed, rows])
def test_names_on_counts_distinct_names_per_value_and_none_without_one(of):
    other = "010-8888-1234"
    held = of(
        {"name": "김철수", "mobile": MOBILE},
        {"name": "이영희", "mobile": other},
        {"name": "김철수", "mobile": MOBILE},
        {"name": "김 철 수님", "mobile": MOBILE},
        {"name": "박민준", "mobile": MOBILE},
        {"name": "최서연"},
        {"name": "정하준", "mobile": "010-7777-1234"},
        {"name": "박민준", "mobile": other},
        {"name": "최서연", "mobile": MOBILE},
    )

    assert names_on(held, "mobile").tolist() == [3, 2, 3, 3, 3, 0, 1, 2, 3]


def test_names_on_equals_plain_counting():
    random = np.random.default_rng(1)
    records = blank(
        2000, mobile=random.integers(0, 300, 2000), name=random.integers(2, 2**63, 40)[random.integers(0, 40, 2000)]
    )
    names = {}
    for record in records:
        names.setdefault(int(record["mobile"]), set()).add(int(record["name"]))

    found = names_on(records, "mobile")

    assert found.tolist() == [len(names[mobile]) if mobile else 0 for mobile in records["mobile"].tolist()]


@pytest.mark.parametrize("records", [packed(), packed({"name": "김철수"})])
def test_names_on_nothing(records):
    assert names_on(records, "mobile").tolist() == [0] * len(records)


def test_rulings_are_none_unless_given():
    rulings = Rulings()

    assert [len(side) for side in (*rulings.same, *rulings.different)] == [0, 0, 0, 0]
