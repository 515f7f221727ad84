"""Cells as they are checked, fingerprinted, masked and written for COPY."""

import json

import pytest

from customers.feeds.parsing import (
    as_json,
    copy_text,
    digest_of,
    harmless,
    may_hold_resident_number,
    read_date,
    read_instant,
    redacted,
    risky_again,
)
from tests.customers.builders import make_rrn

RRN = make_rrn()
MASKED = "900101-1******"


@pytest.mark.parametrize(
    "cells",
    [
        ["K1", "김하나", ""],
        [""],
        ['"'],
        ['a","b', "c"],
        ["줄끝\n"],
        ["x", "y\n"],
        ["\n"],
        ["a\tb", "\\N", "\\"],
        ["\x7f\u2028"],
        ["😀"],
    ],
)
def test_as_json_is_read_back_as_it_was(cells):
    assert json.loads(as_json(cells)) == cells


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("plain", "plain"), ("\\N", "\\\\N"), ("a\tb\nc\rd", "a\\tb\\nc\\rd"), ("\\.", "\\\\."), ("", "")],
)
def test_copy_text_escapes_what_copy_reads_otherwise(text, escaped):
    assert copy_text(text) == escaped


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (RRN, MASKED),
        (RRN.replace("-", ""), MASKED),
        (RRN.replace("-", " "), MASKED),
        (RRN.replace("-", " - "), MASKED),
        (RRN.replace("-", "–"), MASKED),
        *((RRN.replace("-", apart), MASKED) for apart in ("_", "/", "\n", "\t", ":", "\u200b-", "\ufeff")),
        (RRN.replace("-", "－"), MASKED),
        ("９００１０１－１２３４５６８", "９００１０１-１******"),
        (f"메모 {RRN} 확인, {RRN}", f"메모 {MASKED} 확인, {MASKED}"),
        (f"주민({RRN})", f"주민({MASKED})"),
        (f"1{RRN}", f"1{RRN}"),
        (f"{RRN}9", f"{RRN}9"),
        ("991301-1234567", "991301-1234567"),
        ("010-2345-6789", "010-2345-6789"),
        ("1101351234567890", "1101351234567890"),
    ],
)
def test_redacted_masks_resident_numbers_wherever_they_stand(cell, shown):
    assert redacted([cell], frozenset()) == [shown]
    assert may_hold_resident_number(["x", cell]) or cell == shown


@pytest.mark.parametrize(
    "cells", [["서울 강남구 테헤란로 123, 10동 1203호"], ["010-2345-6789", "19850302"], ["06236 서울"]]
)
def test_most_cells_need_no_closer_look(cells):
    assert not may_hold_resident_number(cells)


def test_redacted_leaves_exempt_cells():
    assert redacted([RRN, RRN], frozenset({1})) == [MASKED, RRN]


def test_digest_of_leaves_the_instant_out_and_nothing_else():
    assert digest_of(["a", "b", "1"], frozenset({2})) == digest_of(["a", "b", "2"], frozenset({2}))
    assert digest_of(["a", "b"]) != digest_of(["a", "c"])
    assert digest_of(["a", "b"]) != digest_of(["ab", ""])
    assert len(digest_of([])) == 16


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", ""),
        (" ", ""),
        ("20261123", "2026-11-23"),
        ("2026-11-23", "2026-11-23"),
        ("2026.11.23", "2026-11-23"),
        ("2026년 11월 23일", "2026-11-23"),
        ("9999-12-31", ""),
        ("00000000", ""),
        ("2026-11-31", None),
        ("어제", None),
    ],
)
def test_read_date_gives_a_date_nothing_or_none(cell, value):
    assert read_date(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", ""),
        ("2026-11-23", "2026-11-23 00:00:00+09"),
        ("20261123", "2026-11-23 00:00:00+09"),
        ("2026-11-23 09:10", "2026-11-23 09:10:00+09"),
        ("2026-11-23T00:10:00Z", "2026-11-23 09:10:00+09"),
        ("20261123091011", "2026-11-23 09:10:11+09"),
        ("9999-12-31", ""),
        ("2026-11-23 25:00", None),
        ("soon", None),
    ],
)
def test_read_instant_gives_korean_time(cell, value):
    assert read_instant(cell) == value


@pytest.mark.parametrize(
    "cell", ["", "김", "=1", "+82", "-1", "@x", "'", "'=1", "''=1", "'김", "\t=1", "\rx", "=", "''"]
)
def test_harmless_is_no_formula_and_is_taken_back(cell):
    shown = harmless(cell)

    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert risky_again(shown) == cell
