"""A source's own columns become canonical ones; a definition that cannot work says what is wrong with it."""

import unicodedata

import pytest

from customers.feeds.mapping import MappingProblem, canonical_definition, check_definition, compile_mapping
from customers.feeds.reasons import DEFINITION_PROBLEMS, definition_problems

KEY = {"source_key": {"from": ["번호"]}, "name": {"from": ["이름"]}}
HEADER = ["번호", "이름", "시", "구", "구분", "날짜"]
ROW = [" 7 ", "김하나", "서울", "강남구", "1", "26/11/23"]


def built(
    column: str, spec: dict, *rows: list[str], layout: str = "customers", header: list[str] = HEADER
) -> list[str]:
    """What a rule makes of rows."""
    compiled = compile_mapping(layout, {"columns": KEY | {column: spec}}, header)
    return compiled.builders[column](list(zip(*(rows or [ROW]), strict=True)))


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"from": ["시"]}, "서울"),
        ({"from": ["시", "구"]}, "서울 강남구"),
        ({"from": ["구", "시"], "join": "-"}, "강남구-서울"),
        ({"from": ["시", "동", "구"]}, "서울 강남구"),
        ({"from": ["구분"], "values": {"1": "개인", "2": "법인"}}, "개인"),
        ({"from": ["구분"], "values": {"2": "법인"}}, "1"),
        ({"from": ["번호"], "values": {"7": "일곱"}}, "일곱"),
        ({"from": ["시", "구"], "values": {"서울 강남구": "강남"}}, "강남"),
        ({"from": ["날짜"], "format": "%y/%m/%d"}, "2026-11-23 00:00:00"),
        ({"from": ["날짜"], "format": "%d.%m.%Y"}, "26/11/23"),
        ({"constant": "PERSON"}, "PERSON"),
        ({"constant": ""}, ""),
    ],
)
def test_a_rule_makes_a_column(spec, value):
    assert built("address", spec) == [value]


def test_joining_leaves_empty_cells_out():
    rows = [["1", "a", "", "강남구", "", ""], ["2", "b", "서울", "", "", ""], ["3", "c", "", "", "", ""]]

    assert built("address", {"from": ["시", "구"], "join": ", "}, *rows) == ["강남구", "서울", ""]


def test_a_format_leaves_empty_cells_empty():
    assert built("as_of", {"from": ["날짜"], "format": "%y/%m/%d"}, [*ROW[:5], " "]) == [""]


@pytest.mark.parametrize(
    "header", ["고객명", " 고객명 ", "\ufeff고객명", unicodedata.normalize("NFD", "고객명"), "고객명\n"]
)
def test_headers_are_compared_without_mark_blanks_case_and_unicode_form(header):
    compiled = compile_mapping("customers", {"columns": KEY | {"name": {"from": ["고객명"]}}}, ["번호", header])

    assert compiled.cells["name"] == (1,)


def test_headers_are_compared_without_case_and_with_inner_blanks_as_one():
    definition = {"columns": {"source_key": {"from": ["Cust  No"]}, "name": {"from": ["NAME"]}}}

    assert compile_mapping("customers", definition, ["cust\nno", "Name"]).cells == {"source_key": (0,), "name": (1,)}


def test_a_column_whose_headers_are_all_absent_is_empty():
    compiled = compile_mapping("customers", {"columns": KEY | {"email": {"from": ["메일"]}}}, HEADER)

    assert "email" not in compiled.builders


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        (["이름"], "HEADER_MISSING", "번호"),
        (["번호", "번호", "이름"], "HEADER_TWICE", "번호"),
        (["번호", "이름", " 번호"], "HEADER_TWICE", "번호"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(header, code, column):
    with pytest.raises(MappingProblem) as refusal:
        compile_mapping("customers", {"columns": KEY}, header)

    assert (refusal.value.code, refusal.value.details) == (code, {"column": column})


def test_a_header_that_stands_twice_does_not_matter_where_no_rule_asks_for_it():
    assert compile_mapping("customers", {"columns": KEY}, ["번호", "이름", "비고", "비고", "", ""]).width == 6


def test_identifier_cells_are_those_of_every_rule_for_an_identifier():
    columns = KEY | {"rrn": {"from": ["앞", "뒤"], "join": "-"}, "account_no": {"from": ["계좌"]}}

    compiled = compile_mapping("customers", {"columns": columns}, ["번호", "이름", "앞", "계좌", "뒤"])

    assert compiled.identifier_cells == {2: "rrn", 4: "rrn", 3: "account_no"}


@pytest.mark.parametrize("layout", ["customers", "contracts", "parties"])
def test_the_canonical_definition_is_fit(layout):
    assert check_definition(layout, canonical_definition(layout)) == []


@pytest.mark.parametrize(
    ("definition", "problems"),
    [
        (None, ["NO_COLUMNS:"]),
        ([], ["NO_COLUMNS:"]),
        ({}, ["NO_COLUMNS:"]),
        ({"columns": []}, ["NO_COLUMNS:"]),
        ({"columns": {}}, ["REQUIRED_COLUMN_MISSING:source_key", "REQUIRED_COLUMN_MISSING:name"]),
        ({"columns": KEY, "colour": "red"}, ["UNKNOWN_SETTING:colour"]),
        ({"columns": KEY, "encoding": "latin-1"}, ["UNKNOWN_ENCODING:latin-1"]),
        ({"columns": KEY, "encoding": "CP949"}, []),
        ({"columns": KEY, "delimiter": ",,"}, ["DELIMITER_NOT_ONE_CHARACTER:,,"]),
        ({"columns": KEY, "delimiter": None}, ["DELIMITER_NOT_ONE_CHARACTER:None"]),
        *(
            ({"columns": KEY, "delimiter": d}, [f"DELIMITER_NOT_ONE_CHARACTER:{d}"])
            for d in ('"', "\n", "\r", "\0", "é")
        ),
        ({"columns": KEY, "sheet": {"a": 1}}, ["NOT_TEXT:sheet"]),
        ({"columns": KEY | {"sex": {"constant": None}}}, ["NOT_TEXT:sex.constant"]),
        ({"columns": KEY | {"sex": {"from": ["성별"], "join": 0}}}, ["NOT_TEXT:sex.join"]),
        ({"columns": KEY | {"birth_date": {"from": ["생일"], "format": "%y%m%d"}}}, []),
        *(
            ({"columns": KEY | {"birth_date": {"from": ["생일"], "format": f}}}, ["FORMAT_UNREADABLE:birth_date"])
            for f in ("%Y%Y", "%", "%Q", "%m-%d", "날짜", "\0", 7)
        ),
        ({"columns": KEY | {"nickname": {"from": ["별명"]}}}, ["UNKNOWN_COLUMN:nickname"]),
        ({"columns": KEY | {"sex": "성별"}}, ["COLUMN_NOT_A_RULE:sex"]),
        ({"columns": KEY | {"sex": {"from": ["성별"], "form": "x"}}}, ["UNKNOWN_SETTING:sex.form"]),
        ({"columns": KEY | {"sex": {}}}, ["EITHER_FROM_OR_CONSTANT:sex"]),
        ({"columns": KEY | {"sex": {"from": []}}}, ["EITHER_FROM_OR_CONSTANT:sex"]),
        ({"columns": KEY | {"sex": {"from": ["성별"], "constant": "M"}}}, ["EITHER_FROM_OR_CONSTANT:sex"]),
        ({"columns": KEY | {"sex": {"from": "성별"}}}, ["FROM_NOT_A_LIST:sex"]),
        ({"columns": KEY | {"sex": {"from": [1]}}}, ["FROM_NOT_A_LIST:sex"]),
        ({"columns": KEY | {"sex": {"from": ["성별"], "values": ["M"]}}}, ["VALUES_NOT_A_TABLE:sex"]),
        ({"columns": KEY | {"sex": {"from": ["성별"], "values": {"1": 1}}}}, ["VALUES_NOT_A_TABLE:sex"]),
        ({"columns": KEY | {"sex": {"from": ["성별"], "on_bad": "ignore"}}}, ["ON_BAD_UNKNOWN:sex"]),
    ],
)
def test_check_definition_says_all_that_is_wrong(definition, problems):
    assert check_definition("customers", definition) == problems


def test_check_definition_knows_the_layouts():
    assert check_definition("payments", {"columns": {}}) == ["UNKNOWN_LAYOUT:payments"]


def test_every_problem_of_a_definition_has_a_sentence():
    definition = {"columns": {"a": 1, "sex": {"from": "x", "values": 1, "on_bad": 1}}, "encoding": "x", "delimiter": 1}

    sentences = definition_problems("customers", definition)

    assert len(sentences) == len(check_definition("customers", definition)) > 6
    assert [sentence for sentence in sentences if "%(" in sentence or sentence in DEFINITION_PROBLEMS] == []
