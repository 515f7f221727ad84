import csv
from dataclasses import replace
from pathlib import Path

import pytest

from customers.bench.population import (
    COLUMNS,
    KEYS,
    NAMES,
    TEXTS,
    Made,
    Piece,
    Prepared,
    Standard,
    prepare,
    standardise,
    truth_of,
)
from customers.demo import TODAY
from customers.feeds.layouts import LAYOUTS
from customers.feeds.reading import Chunk, Dialect

HEADER = LAYOUTS["customers"].all_columns
SMALL = 400


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A small population, prepared once in one process."""
    return prepare(tmp_path_factory.mktemp("prepared"), SMALL, seed=7, workers=1)


def table_of(prepared: Prepared) -> list[dict[str, str]]:
    with prepared.table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made_of(*rows: dict[str, str]) -> Made:
    """Rows of a file in standard form, the first of them record 40."""
    lines = [",".join(f'"{row.get(column, "")}"' for column in HEADER).encode() + b"\r\n" for row in rows]
    return Standard(TODAY)(Piece("TM", 40, HEADER, Dialect("utf-8", ","), Chunk(2, 0, lines=lines)))


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("row", "names", "texts"),
    [
        (
            {
                "name": "류 지현 고객님",
                "birth_date": "75.3.2",
                "mobile": "+82 10-9271-3805",
                "email": "Ryu.J@Naver.com",
            },
            ("유지현", "ㅇㅠㅈㅣㅎㅕㄴ", "유지현"),
            ("19750302", "1975-03-02", "", "01092713805", "ryu.j@naver.com"),
        ),
        (
            {"name": "Smith, John", "birth_date": "1980", "sex": "M", "phone_home": "010-9271-3805"},
            ("hjohnsmit", "smithjohn", "johnsmith"),
            ("19800000", "", "M", "01092713805", ""),
        ),
        ({"name": "홍*동", "sex": "F"}, ("", "", ""), ("", "", "F", "", "")),
        ({"name": "(주)한빛전자", "kind": "ORG"}, ("한빛전자", "ㅎㅏㄴㅂㅣㅊㅈㅓㄴㅈㅏ", "빛자전한"), ("",) * 5),
    ],
)
def test_a_record_is_written_in_standard_form(row, names, texts):
    made = made_of({"source_key": "T-1", **row})

    [line] = csv.DictReader([",".join(COLUMNS), made.lines])
    assert (made.source, made.keys, line["record"]) == ("TM", ["T-1"], "40")
    assert tuple(line[column] for column in NAMES) == names
    assert tuple(line[column] for column in TEXTS) == texts


def test_what_tells_records_apart_is_what_our_engine_reads(prepared):
    records = prepared.match_records()

    table = table_of(prepared)
    assert [row["record"] for row in table] == [str(number) for number in range(prepared.records)]
    for column in KEYS:
        numbers = [int(row[column] or 0) for row in table]
        assert numbers == records[column].tolist()
        assert any(numbers)
    assert [int(row["birth"] or 0) for row in table] == (records["birth"] % 2**32).tolist()
    assert [row["mobile"] and int(f"1{row['mobile']}") for row in table] == [
        number or "" for number in records["mobile"].tolist()
    ]
    assert [row["sex"].encode() for row in table] == records["sex"].tolist()
    assert {row["last_seven"] for row in table} == {row["mobile"] and f"1{row['mobile'][-7:]}" for row in table}
    assert [bool(row["name"]) for row in table] == (records["name"] > 0).tolist()


def test_entities_are_those_of_the_truth(prepared):
    people = [entity for _source, _key, entity in truth_of(prepared.population / "truth.csv")]

    numbers = {person: number for number, person in enumerate(dict.fromkeys(people))}
    assert prepared.entities().tolist() == [numbers[person] for person in people]
    assert prepared.records == len(people) == len(prepared.match_records())
    assert len(numbers) < len(people)


def test_a_truth_of_other_records_is_refused(tmp_path):
    prepared = prepare(tmp_path, SMALL, seed=8, workers=1)
    truth = prepared.population / "truth.csv"
    head, first, second, *others = truth.read_text("utf-8").splitlines()
    truth.write_text("\n".join([head, second, first, *others]), "utf-8")

    with pytest.raises(ValueError, match="tells of other records than the file of POLICY"):
        standardise(tmp_path, workers=1)


def test_a_row_that_cannot_be_read_is_refused():
    piece = Piece("TM", 0, HEADER, Dialect("utf-8", ","), Chunk(2, 0, lines=[b"T-1,PERSON\r\n"]))

    with pytest.raises(ValueError, match="rows of TM cannot be read"):
        Standard(TODAY)(piece)


def test_two_processes_prepare_what_one_prepares(prepared, tmp_path):
    other = prepare(tmp_path, SMALL, seed=7, workers=2)

    assert other == replace(prepared, folder=tmp_path)
    assert content_of(tmp_path) == content_of(prepared.folder)


def test_what_is_prepared_is_used_again_for_the_same_size_and_seed_only(tmp_path):
    first = prepare(tmp_path, SMALL, seed=1, workers=1)
    first.table.write_text("kept", "utf-8")

    assert prepare(tmp_path, SMALL, seed=1, workers=1) == first
    assert first.table.read_text("utf-8") == "kept"
    assert prepare(tmp_path, SMALL, seed=2, workers=1).seed == 2
    assert first.table.read_text("utf-8") != "kept"
    assert prepare(tmp_path, SMALL + 50, seed=2, workers=1).asked == SMALL + 50


def test_a_preparation_cut_short_is_made_anew(tmp_path):
    whole = prepare(tmp_path, SMALL, seed=1, workers=1)
    expected = content_of(tmp_path)
    (tmp_path / "prepared.json").unlink()
    whole.table.write_text("cut short", "utf-8")

    assert prepare(tmp_path, SMALL, seed=1, workers=1) == whole
    assert content_of(tmp_path) == expected


def test_a_preparation_that_fails_leaves_nothing_to_be_used_again(tmp_path):
    prepare(tmp_path, SMALL, seed=1, workers=1)

    with pytest.raises(ValueError, match="at least 50 customers"):
        prepare(tmp_path, 10, seed=1, workers=1)

    assert Prepared.opened(tmp_path, SMALL, seed=1) is None
