"""Rows that cannot be loaded go back to the source: where, what, why, in Korean, ready to be corrected."""

import csv
import re
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from customers.feeds.reasons import row_reason
from customers.models import FeedRun, SourceRecord
from tests.customers.builders import (
    as_text,
    feed,
    feed_file,
    make_mapping,
    make_rrn,
    outcome,
    person,
    write_file,
)

pytestmark = pytest.mark.usefixtures("master")
HEADER = "고객번호,고객명,생년월일,주민등록번호,휴대폰,실명확인일,기준일"
DEFINITION = {
    "encoding": "cp949",
    "delimiter": ",",
    "columns": {
        "source_key": {"from": ["고객번호"]},
        "name": {"from": ["고객명"]},
        "birth_date": {"from": ["생년월일"]},
        "rrn": {"from": ["주민등록번호"]},
        "mobile": {"from": ["휴대폰"]},
        "real_name_verified_on": {"from": ["실명확인일"]},
        "as_of": {"from": ["기준일"]},
    },
}
GOOD = {
    2: "C1,김하나,19850302,,010-2345-6789,20260105,20261101",
    4: "C3,이세라,19850303,,010-2345-6780,,20261101",
    6: "C5,박다미,19850304,,010-2345-6781,,20261101",
    8: "C7,최가온,19850305,,010-2345-6782,,20261101",
    10: "C9,정나래,19850306,,010-2345-6783,,20261101",
    12: "C11,강마루,19850307,,010-2345-6784,,20261101",
}
BROKEN = {
    3: b"C2,\xc0\xcc\xff\xff\xb5\xce,19850302,,010-1111-2222,,20261101",
    5: 'C4,"윤라희,19850302,,010-1111-2223,,20261101'.encode("cp949"),
    7: "C6,,19850302,,010-1111-2224,,20261101".encode("cp949"),
    9: "C8,조바다,1985-02-30,,010-1111-2225,,20261101".encode("cp949"),
    11: "C10,한사랑,19850302,900101-99,010-1111-2226,,20261101,끝".encode("cp949"),
}
CORRECTED = {
    3: "C2,이두,19850302,,010-1111-2222,,20261101",
    5: "C4,윤라희,19850302,,010-1111-2223,,20261101",
    7: "C6,신아름,19850302,,010-1111-2224,,20261101",
    9: "C8,조바다,19850228,,010-1111-2225,,20261101",
    11: "C10,한사랑,19850302,,010-1111-2226,,20261101",
}


def lines_of(rows: dict[int, bytes]) -> bytes:
    return b"\n".join([HEADER.encode("cp949"), *(rows[line] for line in sorted(rows))]) + b"\n"


def rejected(run: FeedRun) -> list[dict[str, str]]:
    with Path(run.reject_path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def notes(run: FeedRun) -> list[tuple[str, ...]]:
    return [(row["오류행"], row["오류항목"], row["오류값"], row["오류사유"]) for row in rejected(run)]


def korean(code: str) -> str:
    with translation.override("ko"):
        sentence = row_reason(code)
    assert re.search("[가-힣]{2}", sentence)
    return sentence


@pytest.fixture
def mapping(master):
    return make_mapping(DEFINITION)


@pytest.fixture
def sent() -> Path:
    return write_file(lines_of({line: text.encode("cp949") for line, text in GOOD.items()} | BROKEN))


def test_five_broken_rows_of_different_kinds_are_named_with_line_column_value_and_reason(mapping, sent):
    run = feed_file(sent, mapping=mapping)

    assert outcome(run) == {
        **{"read": 11, "new": 6, "rejected": 5, "customers_created": 6},
        "reject_reasons": dict.fromkeys(
            ["NOT_IN_ENCODING", "QUOTE_NOT_CLOSED", "TOO_MANY_CELLS", "REQUIRED", "BIRTH_DATE_IMPOSSIBLE_DATE"], 1
        ),
    }
    assert sorted(notes(run), key=lambda note: int(note[0])) == [
        ("3", "고객명", "이��두", korean("NOT_IN_ENCODING")),
        (
            *("5", "고객명", "윤라희,19850302,,010-1111-2223,,20261101"),
            korean("QUOTE_NOT_CLOSED"),
        ),
        ("7", "고객명", "", korean("REQUIRED")),
        ("9", "생년월일", "1985-02-30", korean("BIRTH_DATE_IMPOSSIBLE_DATE")),
        ("11", "", "8 / 7", korean("TOO_MANY_CELLS")),
    ]


def test_a_corrected_reject_file_loads_the_rest_and_a_second_time_changes_nothing(mapping, sent):
    run = feed_file(sent, mapping=mapping)
    text = Path(run.reject_path).read_text("utf-8-sig").splitlines()[0]
    for line, row in CORRECTED.items():
        text += f"\n{line},,,,{row}"
    corrected = write_file(text.encode("utf-8-sig"))

    assert outcome(feed_file(corrected, mapping=mapping)) == {
        "read": 5,
        "new": 5,
        "customers_created": 5,
    }
    assert outcome(feed_file(corrected, mapping=mapping)) == {"read": 5, "unchanged": 5}
    whole = {line: text.encode("cp949") for line, text in (GOOD | CORRECTED).items()}
    assert outcome(feed_file(write_file(lines_of(whole)), mapping=mapping)) == {"read": 11, "unchanged": 11}
    assert SourceRecord.objects.get(source_key="C8").feed_run.columns == HEADER.split(",")


def test_rows_can_be_corrected_where_they_stand_in_the_reject_file(mapping, sent):
    run = feed_file(sent, mapping=mapping)
    text = Path(run.reject_path).read_text("utf-8-sig")
    for wrong, right in [
        ("이��두,1985", "이두,1985"),
        ('"""윤라희"', "윤라희"),
        ("C6,,", "C6,신아름,"),
        ("C8,조바다,1985-02-30", "C8,조바다,1985-02-28"),
        ("900101-99,010-1111-2226,,20261101,끝", ",010-1111-2226,,20261101"),
    ]:
        assert wrong in text
        text = text.replace(wrong, right)

    again = feed_file(write_file(text.encode("utf-8-sig")), mapping=mapping)

    assert outcome(again) == {"read": 5, "new": 5, "customers_created": 5}
    assert SourceRecord.objects.get(source_key="C2").name == "이두"
    assert SourceRecord.objects.get(source_key="C4").name == "윤라희"


def test_a_reject_file_that_nobody_corrected_is_rejected_again_and_does_not_grow(mapping, sent):
    run = feed_file(sent, mapping=mapping)

    again = feed_file(Path(run.reject_path), mapping=mapping)
    third = feed_file(Path(again.reject_path), mapping=mapping)

    assert outcome(again) == outcome(third) == {"read": 5, "rejected": 5, "reject_reasons": run.reject_reasons}
    headers = [Path(each.reject_path).read_text("utf-8-sig").splitlines()[0] for each in (run, again, third)]
    assert headers == ["오류행,오류항목,오류값,오류사유," + HEADER] * 3


def test_a_reject_file_is_for_its_owner_alone(mapping, sent):
    run = feed_file(sent, mapping=mapping)

    path = Path(run.reject_path)
    assert path.parent == settings.FEED_DIR / "rejects"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_without_rejects_leaves_no_reject_file(mapping):
    run = feed_file(write_file(lines_of({2: GOOD[2].encode("cp949")})), mapping=mapping)

    assert (run.reject_path, run.reject_reasons) == ("", {})
    assert not (settings.FEED_DIR / "rejects" / f"{run.pk}-rejects.csv").exists()


@pytest.mark.parametrize(
    "cell", ["=1+1", "+82 10", "-3", "@SUM(A1)", "'=1+1", "''-", "'", "'plain", "=cmd|'/c calc'!A0"]
)
def test_a_cell_of_a_reject_file_is_no_formula_and_comes_back_as_it_was_sent(cell):
    row = person(source_key="K1", birth_date="1985-02-30", name=f"{cell}김하나", company_name=cell)

    run = feed([row])

    with Path(run.reject_path).open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))[1]
    assert [value for value in written if value.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    text = Path(run.reject_path).read_text("utf-8-sig").replace("1985-02-30", "1985-02-28")
    feed_file(write_file(text.encode("utf-8-sig")))
    assert outcome(feed([row | {"birth_date": "1985-02-28"}])) == {"read": 1, "unchanged": 1}


def test_a_reject_file_saved_as_a_workbook_is_read_as_one(mapping, sent, tmp_path):
    import xlsxwriter

    run = feed_file(sent, mapping=mapping)
    with xlsxwriter.Workbook(tmp_path / "rejects.xlsx") as workbook:
        page = workbook.add_worksheet("Sheet1")
        for place, header in enumerate(["오류행", "오류항목", "오류값", "오류사유", *HEADER.split(",")]):
            page.write_string(0, place, header)
        for number, row in enumerate(CORRECTED.values(), start=1):
            for place, cell in enumerate(["", "", "", "", *row.split(",")]):
                page.write_string(number, place, cell)

    assert outcome(feed_file(tmp_path / "rejects.xlsx", mapping=mapping)) == {
        **{"read": 5, "new": 5, "customers_created": 5}
    }
    assert run.rows_rejected == 5


def test_a_number_that_is_refused_is_not_repeated_in_the_note(mapping):
    run = feed([person(source_key="K1", rrn="900101-99"), person(source_key=make_rrn(), name="이두리")])

    assert notes(run) == [
        ("2", "rrn", "", korean("RRN_LENGTH")),
        ("3", "source_key", "", korean("KEY_IS_RESIDENT_NUMBER")),
    ]


def test_notes_are_korean_whatever_language_is_active(mapping, settings):
    with translation.override("en"):
        run = feed([person(name="")])

    assert notes(run) == [("2", "name", "", korean("REQUIRED"))]


def test_lines_are_counted_by_line_breaks_in_quoted_cells_too():
    text = as_text(
        [
            person(source_key="K1", address="서울 강남구\n테헤란로 12\n3층"),
            person(source_key="K2", birth_date="x"),
        ],
        ("source_key", "name", "birth_date", "address", "kind", "as_of"),
    )

    run = feed_file(write_file(text.encode()))

    assert [note[:3] for note in notes(run)] == [("5", "birth_date", "x")]


def test_a_header_is_no_formula_either_and_comes_back_as_it_was_sent():
    run = feed_file(write_file("source_key,name,=1+1,birth_date\nK1,김하나,x,never\n".encode()))
    path = Path(run.reject_path)

    assert path.read_text("utf-8-sig").splitlines()[0].split(",")[4:] == ["source_key", "name", "'=1+1", "birth_date"]
    assert feed_file(path).columns == ["source_key", "name", "=1+1", "birth_date"]
