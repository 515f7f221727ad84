"""The commands of the master: exit status, Korean sentences, and one JSON document on stdout whatever happens."""

import csv
import json
import os
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.services import open_head_office
from customers.models import Customer, FeedRun, SourceRecord, SourceSystem
from tests.customers.builders import contract, make_mapping, make_rrn, person, write_file, write_rows

pytestmark = pytest.mark.usefixtures("master")


def run(*words: object) -> dict[str, object]:
    """What a command prints with --json."""
    said = StringIO()
    call_command(*map(str, words), "--json", stdout=said, stderr=StringIO())
    return json.loads(said.getvalue())


def refused(*words: object) -> tuple[str, dict[str, object]]:
    """The sentence with which a command fails, and its JSON."""
    said = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(*map(str, words), "--json", stdout=said, stderr=StringIO())
    assert refusal.value.returncode == 1
    return str(refusal.value), json.loads(said.getvalue())


def test_load_feed_tells_its_counts():
    path = write_rows([person(source_key="K1"), person(source_key="K2", birth_date="x")])

    told = run("load_feed", "POLICY", path)

    held = FeedRun.objects.get()
    assert told | {"seconds": 0} == {
        **{"run": held.pk, "source": "POLICY", "layout": "customers", "state": "DONE", "dry_run": False},
        **{"read": 2, "new": 1, "changed": 0, "unchanged": 0, "stale": 0, "rejected": 1},
        **{"reject_file": held.reject_path, "reject_reasons": {"BIRTH_DATE_FORM": 1}},
        **{"customers_created": 1, "customers_changed": 0, "customers_merged": 0, "pairs_found": 0},
        **{"error": "", "seconds": 0},
    }


def test_load_feed_without_json_tells_the_same_for_people():
    said = StringIO()

    call_command("load_feed", "POLICY", str(write_rows([person()] * 1_200)), stdout=said)

    assert re.search(r"^read +1,200$", said.getvalue(), re.MULTILINE)


def test_load_feed_takes_layout_mapping_and_dry_run():
    mapping = make_mapping({"columns": {"source_key": {"from": ["번호"]}, "name": {"from": ["이름"]}}})
    path = write_file("번호,이름\nK1,김하나\n".encode("cp949"))

    tried = run("load_feed", "POLICY", path, "--mapping", mapping.name, "--dry-run")
    assert (tried["dry_run"], tried["new"], SourceRecord.objects.count()) == (True, 1, 0)
    assert run("load_feed", "POLICY", path, "--mapping", mapping.name)["new"] == 1
    assert run("load_feed", "POLICY", write_rows([contract()], "contracts"), "--layout", "contracts")["new"] == 1


@pytest.mark.parametrize("source", ["POLICY", "BANCA", "TM", "CORP", "FP", "ONLINE"])
def test_every_source_takes_the_canonical_layout(source):
    header = (
        "source_key,kind,name,birth_date,sex,rrn,ci,mobile,phone_home,email,address,postcode,company_name,company_no,"
        "employee_no,real_name_verified_on,marketing_consent_on,as_of"
    )
    row = f"K1,PERSON,김하나,1990-01-01,M,{make_rrn()},,010-2345-6789,02-555-1234,a@naver.com,"
    rest = "서울 강남구 테헤란로 12,06236,,,,,,2026-11-01"

    told = run("load_feed", source, write_file(f"{header}\n{row}{rest}\n".encode()))

    assert (told["state"], told["new"], told["rejected"]) == ("DONE", 1, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["load_feed", "NOBODY", "x.csv"],
        ["load_feed", "POLICY", "nowhere.csv"],
        ["load_feed", "POLICY", "x.csv", "--mapping", "unknown"],
    ],
)
def test_load_feed_refuses_with_a_korean_sentence_and_json(words):
    sentence, told = refused(*words)

    assert told["error"] == sentence
    assert re.search("[가-힣]{2}", sentence)
    assert words[-1] in sentence or words[1] in sentence


@pytest.mark.parametrize("file", [os.fsdecode(b"\xb0\xed.csv"), "x" * 300])
def test_load_feed_refuses_a_file_that_cannot_be_named(file):
    sentence, told = refused("load_feed", "POLICY", file)

    assert told == {"error": sentence}
    assert FeedRun.objects.count() == 0


def test_load_feed_fails_with_the_counts_of_the_run_where_there_is_one():
    sentence, told = refused("load_feed", "POLICY", write_file(b""))

    assert (told["state"], told["error"], told["run"]) == ("FAILED", sentence, FeedRun.objects.get().pk)


def test_load_feed_does_not_take_a_mapping_that_is_not_in_use():
    mapping = make_mapping({"columns": {}})
    type(mapping).objects.update(state="DRAFT")

    sentence, _told = refused("load_feed", "POLICY", "x.csv", "--mapping", mapping.name)

    assert mapping.name in sentence


def test_match_stock_tells_its_counts_and_a_second_time_nothing():
    run("load_feed", "POLICY", write_rows([person(source_key="K1")]))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_link")
        cursor.execute("DELETE FROM customers_customer")

    first = run("match_stock")

    counts = {"records_linked": 1, "customers_created": 1}
    rest = dict.fromkeys(("records_moved", "customers_merged", "customers_changed", "pairs_found"), 0)
    assert first == counts | rest
    assert run("match_stock") == dict.fromkeys(first, 0)


def test_export_links_writes_every_link_in_order(tmp_path):
    rows = [person(source_key="K2", rrn=make_rrn()), person(source_key="K 1,x", rrn=make_rrn())]
    run("load_feed", "TM", write_rows(rows))
    run("load_feed", "BANCA", write_rows(rows[:1]))

    assert run("export_links", tmp_path / "links.csv") == {"links": 3}

    number = Customer.objects.get().number
    with (tmp_path / "links.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["source", "source_key", "customer_number"],
            ["BANCA", "K2", number],
            ["TM", "K 1,x", number],
            ["TM", "K2", number],
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["links.csv"]


def test_export_links_refuses_a_folder_that_is_not_there(tmp_path):
    sentence, told = refused("export_links", tmp_path / "nowhere" / "links.csv")

    assert (told, "nowhere" in sentence) == ({"error": sentence}, True)


@pytest.mark.parametrize("place", ["", "/", "folder"])
def test_export_links_replaces_nothing_but_a_file(tmp_path, place):
    path = tmp_path / "folder" if place == "folder" else place
    (tmp_path / "folder").mkdir()

    sentence, told = refused("export_links", path)

    assert told == {"error": sentence}
    assert (tmp_path / "folder").is_dir()


@pytest.mark.parametrize("command", ["match_stock", "export_links"])
def test_a_database_that_fails_is_told_in_korean_and_json(command, tmp_path):
    run("load_feed", "POLICY", write_rows([person()]))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_link RENAME TO hidden_link")
    words = [command] + ([tmp_path / "links.csv"] if command == "export_links" else [])

    sentence, told = refused(*words)

    assert told == {"error": sentence}
    assert re.search("[가-힣]{2}", sentence) and "hidden" not in sentence
    assert list(tmp_path.iterdir()) == []


def test_setup_makes_what_is_missing_and_leaves_alone_what_was_changed():
    SourceSystem.objects.filter(code="TM").update(trust=7)
    SourceSystem.objects.filter(code="FP").delete()

    own = {"sources": 1, "items": 0, "regions": 0, "records_rekeyed": 0}
    first, again = run("setup"), run("setup")

    assert first.items() >= own.items()
    assert {"purposes", "recipients", "texts", "laws"} <= {what for what, count in first.items() if count}
    assert set(again.values()) == {0}
    assert SourceSystem.objects.get(code="TM").trust == 7


def test_demo_data_writes_files_and_feeds_them_in_through_their_mappings(tmp_path, settings):
    settings.IS_DEMONSTRATION, settings.DEMO_SEEDS = False, []
    open_head_office(code="H000", name="본사")

    told = run("demo_data", "--customers", 150, "--seed", 3, "--out", tmp_path, "--load")

    assert {file.name for file in tmp_path.iterdir()} == {*told["files"], "manifest.json"}
    assert {outcome["state"] for outcome in told["loaded"]["runs"]} == {"DONE"}
    held = Counter(SourceRecord.objects.values_list("source__code", flat=True))
    assert held == {source: count for source, count in told["records"].items() if count}
    assert Customer.objects.filter(keeper=told["loaded"]["keeper"]).exists()


def test_demo_data_refuses_a_population_too_small(tmp_path):
    assert refused("demo_data", "--customers", 10, "--out", tmp_path) == (
        "A population needs at least 50 customers, not 10.",
        {"error": "A population needs at least 50 customers, not 10."},
    )


@pytest.mark.parametrize(
    "words", [["--customers", "49"], ["--requests", "-1"], ["--customers", "50", "--json", "/nowhere/figures.json"]]
)
def test_bench_refuses_nonsense_before_it_measures(words):
    with pytest.raises(CommandError):
        call_command("bench", *words)


def test_a_command_says_that_the_database_is_of_another_version(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_link RENAME COLUMN customer_id TO older_customer_id")

    sentence, told = refused("export_links", tmp_path / "links.csv")

    assert told == {"error": sentence}
    assert sentence == (
        "데이터베이스가 다른 버전의 Hannun 것입니다. 먼저 migrate와 setup을 실행한 다음 이 명령을 실행하십시오."
    )
