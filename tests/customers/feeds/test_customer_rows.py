"""Which customer rows are loaded under their key, and which go back because the key is a resident number."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from customers.feeds.customer_rows import CustomerRows, Outcome, RunContext
from customers.feeds.mapping import compile_mapping
from customers.feeds.parsing import parse
from customers.feeds.reading import Chunk, Dialect
from customers.sealing import Sealer
from tests.customers.builders import make_rrn

RRN = make_rrn()
BARE = RRN.replace("-", "")
CONTEXT = RunContext(1, "POLICY", 1, "2026-11-23 00:00:00+09", date(2026, 11, 23))


@dataclass(frozen=True)
class Keys:
    active: str = "k1"
    encryption: dict[str, bytes] = field(default_factory=lambda: {"k1": b"1" * 32})
    index: bytes = b"i" * 32


def process(definition: dict[str, object], header: tuple[str, ...], *rows: list[str]) -> Outcome:
    """What becomes of these rows; the header is line 1."""
    mapping = compile_mapping("customers", definition, header)
    parsed = parse(Chunk(2, 0, rows=list(rows)), Dialect("utf-8", ","), mapping)
    return CustomerRows(CONTEXT, mapping, Sealer(Keys())).process(parsed)


def rejects_of(outcome: Outcome) -> list[tuple[int, str, str, str]]:
    return [(reject.line, reject.column, reject.value, reject.reason) for reject in outcome.rejects]


@pytest.mark.parametrize("key", [RRN, BARE, RRN.replace("-", " "), f"C{BARE}"])
@pytest.mark.parametrize("identifier", ["rrn", "passport", "account_no", "ci"])
def test_a_cell_that_is_key_and_identifier_at_once_is_no_place_for_a_resident_number(key, identifier):
    columns = {"source_key": {"from": ["번호"]}, "name": {"from": ["이름"]}, identifier: {"from": ["번호"]}}

    outcome = process({"columns": columns}, ("번호", "이름"), [key, "김하나"])

    assert rejects_of(outcome) == [(2, "번호", "", "KEY_IS_RESIDENT_NUMBER")]
    assert (outcome.keys, outcome.lines) == ([], [])


def test_an_identifier_that_is_no_key_may_be_a_resident_number():
    columns = {"source_key": {"from": ["번호"]}, "name": {"from": ["이름"]}, "rrn": {"from": ["주민"]}}

    outcome = process({"columns": columns}, ("번호", "이름", "주민"), ["K1", "김하나", BARE])

    assert (outcome.keys, rejects_of(outcome)) == (["K1"], [])
    assert [line for line in outcome.lines if BARE in line or RRN in line] == []
    assert ['["K1","김하나","900101-1******"]' in line for line in outcome.lines] == [True]


def test_a_corporate_number_may_be_the_key():
    columns = {"source_key": {"from": ["법인"]}, "name": {"from": ["이름"]}, "crn": {"from": ["법인"]}}

    outcome = process({"columns": columns}, ("법인", "이름"), ["1101110012345", "한빛상사"])

    assert (outcome.keys, rejects_of(outcome)) == (["1101110012345"], [])


@pytest.mark.parametrize("join", ["", " ", "_", "-"])
def test_a_key_joined_of_the_halves_of_a_resident_number_is_one(join):
    columns = {"source_key": {"from": ["앞", "뒤"], "join": join}, "name": {"from": ["이름"]}}

    outcome = process({"columns": columns}, ("앞", "뒤", "이름"), [*RRN.split("-"), "김하나"])

    assert [reason for *_place, reason in rejects_of(outcome)] == ["KEY_IS_RESIDENT_NUMBER"]
    assert outcome.lines == []


@pytest.mark.parametrize("between", ["\u00a0", "\u3000", " ~ "])
def test_a_resident_number_parted_by_odd_blanks_is_masked_in_any_cell(between):
    columns = {"source_key": {"from": ["키"]}, "name": {"from": ["이름"]}, "address": {"from": ["주소"]}}

    outcome = process({"columns": columns}, ("키", "이름", "주소"), ["K1", "김하나", between.join(RRN.split("-"))])

    assert [line for line in outcome.lines if BARE[6:] in line] == []
