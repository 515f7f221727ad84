"""Files of every kind that sources send, cut into rows."""

import codecs
from datetime import date, datetime

import pytest
import xlsxwriter

from customers.feeds import reading
from customers.feeds.mapping import canonical_definition, compile_mapping
from customers.feeds.parsing import parse
from customers.feeds.reading import UnreadableFile, detect_encoding, is_open, open_feed

TEXT = "source_key,name,address\nK1,김하나,서울\nK2,이두리,부산\n"
ROWS = [["K1", "김하나", "서울"], ["K2", "이두리", "부산"]]


def write(tmp_path, content: bytes | str, name: str = "feed.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path, **more: object) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """The rows of a file, and its rejects as (line, reason)."""
    opened = open_feed(path, **more)
    mapping = compile_mapping("customers", canonical_definition("customers"), opened.header)
    parsed = [parse(chunk, opened.dialect, mapping) for chunk in opened.chunks]
    rejects = [(reject.line, reject.reason) for part in parsed for reject in part.rejects]
    return [row for part in parsed for row in part.rows], sorted(rejects)


def workbook(tmp_path, **sheets: list[list[object]]):
    path = tmp_path / "feed.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        page.write_datetime(number, place, cell, instant)
                    elif isinstance(cell, date):
                        page.write_datetime(number, place, cell, day)
                    else:
                        page.write(number, place, cell)
    return path


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_encoding_and_line_end_are_found_out(tmp_path, delimiter, encoding, end):
    path = write(tmp_path, TEXT.replace(",", delimiter).replace("\n", end).encode(encoding))

    assert read(path) == (ROWS, [])
    assert open_feed(path).header == ["source_key", "name", "address"]


def test_a_last_line_needs_no_end(tmp_path):
    assert read(write(tmp_path, TEXT.rstrip("\n"))) == (ROWS, [])


def test_blank_lines_and_rows_of_blank_cells_are_no_rows(tmp_path):
    assert read(write(tmp_path, TEXT + "\n,,\n , ,\t\n\r\n" + "K3,박,대구\n\n")) == ([*ROWS, ["K3", "박", "대구"]], [])


def test_delimiters_behind_the_last_column_are_no_cells(tmp_path):
    path = write(tmp_path, "source_key,name,address\nK1,김하나,서울,\nK2,이두리,부산,,\nK3,박,대구,,x\n")

    assert read(path) == (ROWS, [(4, "TOO_MANY_CELLS")])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"서울\n강남구"', "서울\n강남구"),
        ('"서울\r\n강남구\r\n"', "서울\r\n강남구\r\n"),
        ('"그는 ""하나""\n라 했다"', '그는 "하나"\n라 했다'),
        ('"a,b"', "a,b"),
        ('5" 관', '5" 관'),
        ('""', ""),
        ('"""',None),
        ('"서울', None),
    ],
)  # fmt: skip
def test_a_quoted_cell_may_hold_anything_and_a_quote_left_open_spoils_its_own_row_alone(tmp_path, cell, value):
    path = write(tmp_path, f"source_key,name,address\nK0,앞,서울\nK1,김하나,{cell}\nK2,이두리,부산\nK3,박,대구\n")

    rows, rejects = read(path)

    others = [["K0", "앞", "서울"], ["K2", "이두리", "부산"], ["K3", "박", "대구"]]
    if value is None:
        assert (rows, rejects) == (others, [(3, "QUOTE_NOT_CLOSED")])
    else:
        assert (rows, rejects) == ([others[0], ["K1", "김하나", value], *others[1:]], [])


def test_an_open_quote_in_a_row_with_another_literal_quote_is_seen(tmp_path):
    path = write(tmp_path, 'source_key,name,address\nK1,5" 관,"서울\n강남구"\nK2,5" 관,"서울\nK3,박,대구\n')

    assert read(path) == ([["K1", '5" 관', "서울\n강남구"], ["K3", "박", "대구"]], [(4, "QUOTE_NOT_CLOSED")])


def test_two_open_quotes_do_not_close_each_other_across_rows(tmp_path):
    path = write(tmp_path, 'source_key,name,address\nK1,"김,서울\nK2,이두리,부산\nK3,"박,대구\nK4,최,광주\n')

    assert read(path) == (
        [["K2", "이두리", "부산"], ["K4", "최", "광주"]],
        [(2, "QUOTE_NOT_CLOSED"), (4, "QUOTE_NOT_CLOSED")],
    )


def test_a_carriage_return_within_a_row_spoils_that_row_alone(tmp_path):
    path = write(tmp_path, "source_key,name,address\nK1,김\r하나,서울\nK2,이두리,부산\n")

    assert read(path) == ([ROWS[1]], [(2, "CONTROL_CHARACTER")])


@pytest.mark.parametrize("control", ["\0", "\x01", "\x1a", "\x1f", "\x7f"])
def test_a_control_character_spoils_its_row_alone(tmp_path, control):
    path = write(tmp_path, f"source_key,name,address\nK1,김{control}하나,서울\nK2,이두리,부산\n")

    assert read(path) == ([ROWS[1]], [(2, "CONTROL_CHARACTER")])


def test_bytes_that_are_no_characters_spoil_their_row_alone(tmp_path):
    path = write(tmp_path, TEXT.encode("cp949") + b"K3,\xff\xff,x\n" + "K4,최,광주\n".encode("cp949"))

    assert read(path) == ([*ROWS, ["K4", "최", "광주"]], [(4, "NOT_IN_ENCODING")])


def test_a_cell_beyond_all_measure_spoils_its_row_alone(tmp_path):
    path = write(tmp_path, f"source_key,name,address\nK1,김하나,{'가' * 10_000_001}\nK2,이두리,부산\n")

    assert read(path) == ([ROWS[1]], [(2, "TOO_LONG")])


def test_a_header_may_be_quoted_and_broken_into_lines(tmp_path):
    path = write(tmp_path, codecs.BOM_UTF8 + '"source_key","na\nme",address\nK1,김하나,서울\nK2,이두리\n'.encode())

    opened = open_feed(path)

    assert opened.header == ["source_key", "na\nme", "address"]
    mapping = compile_mapping(
        "customers", {"columns": {"source_key": {"from": ["source_key"]}, "name": {"from": ["na me"]}}}, opened.header
    )
    parsed = parse(next(opened.chunks), opened.dialect, mapping)
    assert (parsed.rows, [reject.line for reject in parsed.rejects]) == ([ROWS[0]], [4])


def test_chunks_count_lines_and_bytes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 2)
    content = 'source_key,name,address\nK1,김,"a\nb"\nK2,이,서울\nK3,박\nK4,최,부산\nK5,정\n'
    path = write(tmp_path, content)

    opened = open_feed(path)
    chunks = list(opened.chunks)

    assert [chunk.first_line for chunk in chunks] == [2, 5, 7]
    assert chunks[-1].position == opened.size == len(content.encode())
    assert read(path)[1] == [(5, "TOO_FEW_CELLS"), (7, "TOO_FEW_CELLS")]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "feed.csv", "EMPTY_FILE"),
        (b"\n", "feed.csv", "NO_HEADER"),
        (b",,\n1,2,3\n", "feed.csv", "NO_HEADER"),
        (TEXT.encode("utf-16"), "feed.csv", "UTF16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "feed.csv", "UTF16"),
        (TEXT.encode("utf-16-le"), "feed.csv", "NOT_TEXT"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "feed.csv", "NOT_TEXT"),
        (b"\x7fELF\0\0\0", "feed.csv", "NOT_TEXT"),
        (b"PK\x03\x04 some archive", "feed.csv", "NOT_EXCEL"),
        (b"no workbook", "feed.xlsx", "NOT_EXCEL"),
        (b"<html><table>", "feed.xls", "NOT_EXCEL"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(tmp_path, content, name, code):
    with pytest.raises(UnreadableFile) as refusal:
        open_feed(write(tmp_path, content, name))

    assert refusal.value.code == code


def test_utf_16_is_refused_whatever_the_mapping_says(tmp_path):
    with pytest.raises(UnreadableFile, match="UTF16"):
        open_feed(write(tmp_path, TEXT.encode("utf-16")), encoding="cp949")


def test_a_mark_outranks_the_encoding_that_the_mapping_says(tmp_path):
    assert read(write(tmp_path, TEXT.encode("utf-8-sig")), encoding="cp949") == (ROWS, [])


@pytest.mark.parametrize(
    ("sample", "encoding"),
    [
        (b"plain,ascii\n", "utf-8"),
        ("김하나\n이두리\n".encode(), "utf-8"),
        ("김하나\n이두리\n".encode("cp949"), "cp949"),
        ("김하나\n이두리\n".encode("cp949") + "박\n".encode(), "cp949"),
        ("김하나\n이두리\n".encode() + b"\xff\xfe\n", "utf-8"),
        ("똠방각하 펲시콜라\n".encode("cp949"), "cp949"),
    ],
)
def test_the_encoding_is_that_in_which_most_lines_read(sample, encoding):
    assert detect_encoding(sample) == encoding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"a,b\n", False),
        (b'a,"b\n', True),
        (b'"a\n', True),
        (b'a,"b"\n', False),
        (b'a,"b""\n', True),
        (b'a,"b"""\n', False),
        (b'a,b"c\n', False),
        (b'a,b"c,"d\n', True),
        (b'a, "b\n', False),
        (b'"a\n"b,"c\n', True),
        (b'"a"b,c"\n', False),
        (b'"","\n', True),
    ],
)
def test_is_open_tells_a_quote_that_begins_a_cell_and_does_not_end(text, found):
    assert is_open(text, b",") is found


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path):
    path = workbook(
        tmp_path,
        고객=[
            ["source_key", "name", "birth_date", "mobile", "as_of", "employee_no"],
            [1001, "김하나", date(1985, 3, 2), 1023456789, datetime(2026, 11, 1, 9, 30), 7.5],
            ["K2", "이두리", "1990-01-01", "010-2345-6789", None, True],
        ],
    )

    assert read(path) == (
        [
            ["1001", "김하나", "1985-03-02", "1023456789", "2026-11-01 09:30:00", "7.5"],
            ["K2", "이두리", "1990-01-01", "010-2345-6789", "", "True"],
        ],
        [],
    )


def test_a_cover_sheet_is_passed_over(tmp_path):
    table = [["source_key", "name", "address"], *ROWS]
    path = workbook(tmp_path, 표지=[["2026년 11월 추출"]], 고객=table, 참고=[["name"], ["x"]])

    assert read(path, headers=["source_key", "name", "address"]) == (ROWS, [])
    assert read(path, sheet="고객") == (ROWS, [])


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path):
    path = workbook(tmp_path, 표지=[["x"]], 고객=[["source_key", "name"]])

    with pytest.raises(UnreadableFile) as refusal:
        open_feed(path, sheet="회사")

    assert (refusal.value.code, refusal.value.details) == ("NO_SHEET", {"sheet": "회사", "sheets": "표지, 고객"})


def test_an_empty_sheet_has_no_header(tmp_path):
    with pytest.raises(UnreadableFile, match="NO_HEADER"):
        open_feed(workbook(tmp_path, 고객=[]))


def test_rows_of_a_workbook_keep_their_line_numbers_beside_blank_ones(tmp_path):
    path = workbook(tmp_path, 고객=[["source_key", "name"], ["K1", "김"], [], ["K2", "이", "남는 칸"], ["K3", "박"]])

    opened = open_feed(path)
    mapping = compile_mapping("customers", canonical_definition("customers"), opened.header)
    parsed = parse(next(opened.chunks), opened.dialect, mapping)

    assert parsed.rows == [["K1", "김", ""], ["K2", "이", "남는 칸"], ["K3", "박", ""]]
    assert (parsed.lines, parsed.rejects) == ([2, 4, 5], [])


def test_a_workbook_under_another_name_is_a_workbook(tmp_path):
    path = workbook(tmp_path, 고객=[["source_key", "name", "address"], *ROWS]).rename(tmp_path / "feed.csv")

    assert read(path) == (ROWS, [])


def test_a_workbook_that_claims_a_cell_at_the_far_end_is_refused_and_does_not_kill_us(tmp_path):
    far = tmp_path / "feed.xlsx"
    with xlsxwriter.Workbook(far) as book:
        page = book.add_worksheet()
        page.write(0, 0, "source_key")
        page.write(1_048_575, 16_383, "x")

    with pytest.raises(UnreadableFile, match="TOO_LARGE_TO_OPEN"):
        open_feed(far)


def test_a_header_whose_lines_end_in_different_ways_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="HEADER_UNREADABLE"):
        open_feed(write(tmp_path, "source_key,name\rK1,김하나\nK2,이두리\nK3,박세나\n"))
