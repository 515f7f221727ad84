"""What a row of a roster says, and what a list would change: tables of cases."""

from dataclasses import replace
from datetime import date

import pytest

from relations.rules.rosters import HeaderUnfit, places_of, read_entry
from relations.rules.rosters_changes import Known, plan
from tests.customers.builders import make_brn, make_rrn

ON = date(2026, 11, 1)
BRN = make_brn(1).replace("-", "")


def read(**cells: str):
    row = {"employee_no": "1001", "name": "김하나", "birth_date": "1985-03-02"} | cells
    return read_entry(2, row, on=ON, company_numbers=frozenset([BRN]), index=str.encode)


def test_columns_are_known_by_what_companies_call_them():
    assert places_of(["No", "사원 번호", "성 명", "주민 등록번호", "휴대폰", "비고"]) == {
        "employee_no": 1,
        "name": 2,
        "rrn": 3,
        "mobile": 4,
    }


@pytest.mark.parametrize(
    ("header", "code", "titles"),
    [
        (["성명", "생년월일"], "MISSING", ("사번",)),
        (["사번", "성명"], "MISSING", ("생년월일",)),
        (["사번", "성명", "이름", "생년월일"], "TWICE", ("성명",)),
    ],
)
def test_a_header_that_is_none_of_a_roster_is_refused(header, code, titles):
    with pytest.raises(HeaderUnfit) as refused:
        places_of(header)

    assert (refused.value.code, refused.value.titles) == (code, titles)


def test_a_resident_number_tells_birth_date_and_sex():
    entry = read(birth_date="", rrn=make_rrn("850302", 2))

    assert (entry.birth_date, entry.sex, entry.rrn_mask, entry.problems) == (
        date(1985, 3, 2),
        "F",
        "850302-2******",
        (),
    )
    assert entry.rrn_index == entry.rrn.encode()


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({}, ()),
        ({"employee_no": ""}, ("NO_EMPLOYEE_NO",)),
        ({"name": ""}, ("NO_NAME",)),
        ({"birth_date": ""}, ("NO_BIRTH_DATE",)),
        ({"birth_date": "1985-13-41"}, ("BAD_BIRTH_DATE",)),
        ({"birth_date": "2031-01-01"}, ("BAD_BIRTH_DATE",)),
        ({"rrn": "850302-12345"}, ("BAD_RRN",)),
        ({"rrn": "851399-1234567"}, ("BAD_RRN",)),
        ({"rrn": make_rrn("860302", 1)}, ("BIRTH_DIFFERS",)),
        ({"relation": "동거인"}, ("UNKNOWN_RELATION",)),
        ({"joined_on": "2020-02-31"}, ("BAD_JOINED_ON",)),
        ({"joined_on": "2021-05-01", "left_on": "2021-04-30"}, ("LEFT_BEFORE_JOINED",)),
        ({"joined_on": "1984-01-01"}, ("JOINED_BEFORE_BIRTH",)),
        ({"joined_on": "2026-12-01"}, ("JOINED_AFTER_LIST",)),
        ({"left_on": "9999-12-31"}, ()),
        ({"company_no": make_brn(7)}, ("OTHER_COMPANY",)),
        ({"company_no": make_brn(1)}, ()),
        ({"name": "김" * 101}, ("UNREADABLE",)),
    ],
)
def test_what_is_wrong_with_a_row_is_told(cells, problems):
    assert read(**cells).problems == problems


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"mobile": "없음123"}, ("MOBILE_UNUSABLE",)),
        ({"email": "골뱅이"}, ("EMAIL_UNUSABLE",)),
        ({"sex": "?"}, ("SEX_UNKNOWN",)),
    ],
)
def test_what_does_no_harm_keeps_no_row_out(cells, problems):
    entry = read(**cells)

    assert (entry.problems, entry.is_sound) == (problems, True)


HELD = Known(1, "SELF", "1001", "김하나", date(1985, 3, 2), date(2020, 5, 1))
SPOUSE = Known(2, "SPOUSE", "1001", "박두리", date(1986, 1, 1), date(2020, 5, 1), principal_id=1)
OTHER = Known(3, "SELF", "1002", "최세라", date(1990, 1, 1), date(2020, 5, 1))
ALL = [HELD, SPOUSE, OTHER]


def row(line: int, known: Known | None = None, **cells: object):
    entry = read()
    if known is not None:
        names = ("relation", "employee_no", "name", "birth_date")
        entry = replace(entry, **{name: getattr(known, name) for name in names})
    return replace(entry, line=line, **cells)


def told(entries, known=(), is_full=True):
    return [
        (step.line, step.action, step.member_id, list(step.problems or step.changed))
        for step in plan(entries, known, on=ON, is_full=is_full).steps
    ]


def test_the_same_list_changes_nothing():
    rows = [row(2, HELD), row(3, SPOUSE), row(4, OTHER)]

    assert told(rows, ALL) == [(2, "SAME", 1, []), (3, "SAME", 2, []), (4, "SAME", 3, [])]


def test_whoever_is_left_out_of_a_whole_list_leaves_with_their_dependants():
    assert told([row(2, OTHER)], ALL) == [(2, "SAME", 3, []), (3, "LEAVE", 1, []), (4, "LEAVE", 2, [])]
    assert told([row(2, OTHER)], ALL, is_full=False) == [(2, "SAME", 3, [])]


def test_a_dependant_leaves_with_the_employee_even_if_the_list_still_has_it():
    steps = plan(
        [row(2, HELD, left_on=date(2026, 10, 31)), row(3, SPOUSE), row(4, OTHER)], ALL, on=ON, is_full=True
    ).steps

    assert [(step.action, step.member_id, step.because, list(step.problems)) for step in steps] == [
        ("LEAVE", 1, "LEFT", []),
        ("REJECT", 2, "", ["NO_EMPLOYEE"]),
        ("SAME", 3, "", []),
        ("LEAVE", 2, "LEFT", []),
    ]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([row(2, OTHER), row(3, OTHER)], [("SAME", []), ("REJECT", ["TWICE"])]),
        (
            [row(2, OTHER), row(3, OTHER, mobile="01012345678")],
            [("REJECT", ["TWICE_DIFFERENT"]), ("REJECT", ["TWICE_DIFFERENT"])],
        ),
        (
            [row(2, OTHER, employee_no="7"), row(3, HELD, employee_no="7")],
            [("REJECT", ["EMPLOYEE_NO_TWICE"]), ("REJECT", ["EMPLOYEE_NO_TWICE"])],
        ),
        ([row(2, SPOUSE, employee_no="5555")], [("REJECT", ["NO_EMPLOYEE"])]),
        ([row(2, HELD, name="정네모", birth_date=date(1999, 9, 9))], [("REJECT", ["EMPLOYEE_NO_TAKEN"])]),
        ([row(2, HELD, employee_no="7777", left_on=date(2026, 1, 1))], [("REJECT", ["UNKNOWN_LEAVER"])]),
        ([row(2, HELD, name="김한나")], [("CHANGE", ["name"])]),
        ([row(2, HELD, employee_no="01001")], [("SAME", [])]),
        ([row(2, HELD, mobile="01012345678", email="a@b.kr")], [("CHANGE", ["mobile", "email"])]),
        ([row(2, HELD, problems=("EMAIL_UNUSABLE",))], [("SAME", ["EMAIL_UNUSABLE"])]),
        ([row(2, employee_no="2001", name="한다솜")], [("JOIN", [])]),
    ],
)
def test_what_becomes_of_a_row(entries, expected):
    assert [(action, said) for _line, action, _member, said in told(entries, ALL, is_full=False)] == expected


def test_nobody_leaves_by_a_row_that_cannot_be_taken():
    bad = row(2, HELD, problems=("BAD_JOINED_ON",))

    assert told([bad, row(3, SPOUSE), row(4, OTHER)], ALL)[:1] == [(2, "REJECT", 1, ["BAD_JOINED_ON"])]
    assert [step.member_id for step in plan([bad, row(4, OTHER)], [HELD, OTHER], on=ON, is_full=True).steps] == [1, 3]


def test_who_has_left_stays_gone_and_who_was_to_leave_may_stay():
    gone = replace(HELD, left_on=date(2026, 9, 30), cover_until=date(2026, 10, 1))
    going = replace(HELD, left_on=date(2026, 12, 31), cover_until=date(2027, 1, 1))

    assert told([row(2, HELD, left_on=date(2026, 9, 30))], [gone]) == [(2, "SAME", 1, [])]
    assert told([row(2, HELD, left_on=date(2026, 9, 29))], [gone]) == [(2, "CHANGE", 1, ["left_on"])]
    assert told([row(2, HELD)], [gone]) == [(2, "JOIN", None, [])]
    assert told([row(2, HELD)], [going]) == [(2, "CHANGE", 1, ["left_on"])]
    assert told([], [going]) == []


def test_a_resident_number_finds_a_member_under_another_number_and_name():
    held = replace(HELD, rrn_index=b"X")
    entry = row(2, HELD, employee_no="9", name="김한나", birth_date=None, rrn_index=b"X")

    assert told([entry], [held]) == [(2, "CHANGE", 1, ["employee_no", "name"])]
    assert told([row(2, HELD, rrn_index=b"Y")], [held], is_full=False) == [(2, "REJECT", None, ["EMPLOYEE_NO_TAKEN"])]


def test_many_leavers_take_a_confirmation_and_many_strangers_a_hint():
    few = plan([row(2, HELD), row(3, SPOUSE)], ALL, on=ON, is_full=True)
    many = plan([row(2, employee_no="8", name="한다솜")], ALL, on=ON, is_full=True)

    assert (few.leaving, few.takes_confirmation, few.hints) == (1, False, ())
    assert (many.leaving, many.takes_confirmation, many.hints) == (3, True, ("MOSTLY_UNKNOWN",))
    assert plan([row(2)], [], on=ON, is_full=True).hints == ()
