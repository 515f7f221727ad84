"""No cell, whatever it holds, stops a file: the row is loaded, or rejected with a reason."""

import random

import pytest

from customers.feeds.layouts import LAYOUTS
from customers.models import Contract, ContractParty, SourceRecord
from tests.customers.builders import contract, feed, make_rrn, party, person

pytestmark = pytest.mark.usefixtures("master")
RANDOM = random.Random(7)
LONG = "".join(chr(RANDOM.randrange(0xAC00, 0xD7A3)) for _letter in range(4_000))
NASTY = [
    *("\\", "\\N", "\\.", "\\t", "a\\b", "김\\철수", "\\x41", "x\\", "'", "''", "';--"),
    *('"', '""', 'a"b', "{}", "%s", "%(x)s", "\x0b", "\x85", "\ufffd", "NULL", "null", "None", "NaN", "1e400"),
    *("\t", "a\tb", "\n", "a\nb", "\r", "a\rb", "\r\n", " ", "\u3000", "\xa0", "\u200b", "\u202e", "\x1f"),
    *("\u2028", "\ufeff", "가나", "각", "ｱｲｳ", "😀", "e\u0301", "0", "-1"),
    *("9" * 30, "9999999999999999", "0001-01-01", "9999-12-31", "99991230", "2026-02-29", "1900-02-29", "0000-00-00"),
    *("1985-03-02T10:11:12+99:99", "2262-04-12", "1677-09-21", "음1985-02-30", "850302", "60", "2026-11-23 24:00"),
    *("010-1234-5678,010-2222-3333", "+82-10-2345-6789", "a@b", "@", "a@b.c@d", "서울", "우)06236 서울 강남구"),
    *(make_rrn(), make_rrn().replace("-", ""), "M12345678", "110-234-567890", LONG, LONG[:301], "ㄱㅏㄴㅏ" * 60),
]  # fmt: skip


def rows_with(plain: dict[str, str], layout: str, key: str) -> list[dict[str, str]]:
    """A row for every column and nasty cell, with a key of its own where that is not the cell."""
    return [
        plain | {key: f"K{number}"} | {column: cell}
        for number, (column, cell) in enumerate((c, n) for c in LAYOUTS[layout].all_columns for n in NASTY)
    ]


def test_no_cell_of_a_customer_stops_a_file():
    rows = rows_with(person(rrn=make_rrn(), kind=""), "customers", "source_key")

    run = feed(rows)

    assert (run.state, run.error) == ("DONE", "")
    assert run.rows_new + run.rows_changed + run.rows_same + run.rows_stale + run.rows_rejected == run.rows_read
    assert run.rows_read > len(rows) - 10
    assert SourceRecord.objects.count() == run.rows_new
    again = feed(rows)
    assert (again.rows_new, again.rows_changed, again.rows_rejected) == (0, 0, run.rows_rejected)


@pytest.mark.parametrize("number", range(3))
def test_no_mixture_of_cells_stops_a_file(number):
    drawn = random.Random(number)
    columns = LAYOUTS["customers"].all_columns
    rows = [
        person(**{column: drawn.choice(NASTY) for column in drawn.sample(columns, drawn.randrange(1, 8))})
        for _row in range(400)
    ]

    run = feed(rows)

    assert (run.state, run.error) == ("DONE", "")
    assert run.rows_new > 50


def test_no_cell_of_a_contract_or_party_stops_a_file():
    feed([person(source_key="K1")])
    contracts = feed(rows_with(contract(), "contracts", "contract_no"), layout="contracts")
    parties = feed(rows_with(party(), "parties", "contract_no"), layout="parties")

    assert (contracts.state, contracts.error, parties.state, parties.error) == ("DONE", "", "DONE", "")
    assert Contract.objects.count() == contracts.rows_new > 100
    assert ContractParty.objects.count() == parties.rows_new > 30
