"""What loading a file does to source records, links, golden customers, history and events."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection

from customers.dedup.blocking import INDEXED_KEYS
from customers.feeds import reading
from customers.models import ChangeEvent, Customer, Link, SourceRecord, SourceRecordVersion
from customers.services import feeds
from tests.customers.builders import (
    KST,
    NOW,
    company,
    feed,
    feed_file,
    make_ci,
    make_rrn,
    outcome,
    person,
    request,
    write_file,
    write_rows,
)

pytestmark = pytest.mark.usefixtures("master")
# What tells of the work itself and not of customers.
JOURNALS = {"customers_feedrun"}


def contents() -> dict[str, list[tuple]]:
    """Every row of every table of the master, but for the journal of runs."""
    tables = sorted({model._meta.db_table for model in apps.get_app_config("customers").get_models()} - JOURNALS)
    with connection.cursor() as cursor:
        return {table: cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall() for table in tables}  # noqa: S608 - our own tables


def versions(key: str) -> list[tuple]:
    """The versions of a record, oldest first: number, name, as-of."""
    older = SourceRecordVersion.objects.filter(source_key=key).order_by("version")
    held = SourceRecord.objects.get(source_key=key)
    return [(row.version, row.name, row.as_of.astimezone(KST).date().isoformat()) for row in [*older, held]]


def test_a_file_becomes_records_links_customers_history_and_events():
    run = feed([person(source_key="K1", rrn=make_rrn(), mobile="010-2345-6789"), company(source_key="K2")])

    assert outcome(run) == {"read": 2, "new": 2, "customers_created": 2}
    records = SourceRecord.objects.order_by("source_key").values_list("source_key", "kind", "name", "mobile")
    assert list(records) == [("K1", "PERSON", "김하나", "01023456789"), ("K2", "ORG", "(주)한빛상사", "")]
    assert list(Link.objects.order_by("pk").values_list("record__source_key", "rule")) == [
        ("K1", "FIRST"),
        ("K2", "FIRST"),
    ]
    assert list(Customer.objects.order_by("pk").values_list("name", "state")) == [
        ("김하나", "ACTIVE"),
        ("(주)한빛상사", "ACTIVE"),
    ]
    assert list(Customer.history.order_by("id").values_list("name", "history_type")) == [
        ("김하나", "+"),
        ("(주)한빛상사", "+"),
    ]
    events = ChangeEvent.objects.order_by("sequence").values_list("sequence", "kind", "feed_run_id")
    assert list(events) == [(1, "CREATED", run.pk), (2, "CREATED", run.pk)]


def test_the_same_file_twice_changes_nothing():
    path = write_rows(
        [
            person(source_key="K1", rrn=make_rrn(), address="서울 강남구 테헤란로 12", account_no="110-234-567890"),
            person(source_key="K2", as_of=""),
            person(source_key="K3", name="이두리"),
            company(source_key="K4"),
        ]
    )
    feed_file(path)
    before = contents()

    again = feed_file(path, at=NOW + timedelta(days=1))

    assert outcome(again) == {"read": 4, "unchanged": 4}
    assert contents() == before


def test_a_changed_row_makes_a_new_version_and_keeps_the_old():
    feed([person(source_key="K1", name="김하나", mobile="010-2345-6789", as_of="2026-11-01")])
    old = SourceRecord.objects.values().get()

    run = feed([person(source_key="K1", name="김한나", mobile="010-2345-6789", as_of="2026-11-02")])

    assert outcome(run) == {"read": 1, "changed": 1, "customers_changed": 1}
    assert versions("K1") == [(1, "김하나", "2026-11-01"), (2, "김한나", "2026-11-02")]
    kept = SourceRecordVersion.objects.values().get()
    same = old.keys() - {"id", "withdrawn_at", *INDEXED_KEYS}
    assert {name: kept[name] for name in same} == {name: old[name] for name in same}
    assert (kept["record_id"], kept["superseded_at"]) == (old["id"], NOW)
    assert list(Customer.history.order_by("history_id").values_list("name", "history_type")) == [
        ("김하나", "+"),
        ("김한나", "~"),
    ]
    last = ChangeEvent.objects.order_by("-sequence").first()
    assert (last.kind, last.items, last.feed_run_id) == ("CHANGED", ["name"], run.pk)


def test_an_older_row_never_replaces_a_newer():
    feed([person(source_key="K1", name="김한나", as_of="2026-11-02")])
    before = contents()

    run = feed([person(source_key="K1", name="김하나", as_of="2026-11-01")])

    assert outcome(run) == {"read": 1, "stale": 1}
    assert contents() == before


def test_a_row_confirmed_later_moves_its_instant_on_without_a_version():
    feed([person(source_key="K1", as_of="2026-11-01")])

    run = feed([person(source_key="K1", as_of="2026-11-05")])
    late = feed([person(source_key="K1", name="김다른", as_of="2026-11-03")])

    assert outcome(run) == {"read": 1, "unchanged": 1}
    assert outcome(late) == {"read": 1, "stale": 1}
    assert versions("K1") == [(1, "김하나", "2026-11-05")]


def test_a_row_confirmed_later_wins_by_recency():
    feed([person(source_key="K1", rrn=make_rrn(), mobile="010-2345-6789", as_of="2026-11-01")], "POLICY")
    feed([person(source_key="K2", rrn=make_rrn(), mobile="010-9876-5432", as_of="2026-11-02")], "BANCA")
    assert Customer.objects.get().mobile == "01098765432"

    run = feed([person(source_key="K1", rrn=make_rrn(), mobile="010-2345-6789", as_of="2026-11-03")], "POLICY")

    assert outcome(run) == {"read": 1, "unchanged": 1, "customers_changed": 1}
    assert Customer.objects.get().mobile == "01023456789"


@pytest.mark.parametrize("chunk_rows", [1, 20_000])
def test_rows_of_one_key_in_one_file_are_taken_in_the_order_of_their_instants(monkeypatch, chunk_rows):
    monkeypatch.setattr(reading, "CHUNK_ROWS", chunk_rows)
    rows = [
        person(source_key="K1", name="김일", as_of="2026-11-01"),
        person(source_key="K1", name="김삼", as_of="2026-11-03"),
        person(source_key="K1", name="김이", as_of="2026-11-02"),
        person(source_key="K1", name="김사", as_of="2026-11-04"),
        person(source_key="K1", name="김사", as_of="2026-11-05"),
    ]

    run = feed(rows)

    assert outcome(run) == {"read": 5, "new": 1, "changed": 2, "stale": 1, "unchanged": 1, "customers_created": 1}
    assert versions("K1") == [(1, "김일", "2026-11-01"), (2, "김삼", "2026-11-03"), (3, "김사", "2026-11-05")]
    assert outcome(feed(rows)) == {"read": 5, "stale": 4, "unchanged": 1}


@pytest.mark.parametrize("chunk_rows", [1, 20_000])
@pytest.mark.parametrize("as_of", ["", "2026-11-01"])
def test_of_rows_of_one_key_and_instant_the_last_holds_and_a_second_load_changes_nothing(
    monkeypatch, chunk_rows, as_of
):
    monkeypatch.setattr(reading, "CHUNK_ROWS", chunk_rows)
    path = write_rows([person(source_key="K1", name=name, as_of=as_of) for name in ("김일", "김이", "김삼")])
    feed_file(path)
    before = contents()
    assert SourceRecord.objects.get().name == "김삼"

    again = feed_file(path, at=NOW + timedelta(days=1))

    assert outcome(again) == {"read": 3, "unchanged": 3}
    assert contents() == before


def test_a_dry_run_counts_the_same_and_writes_nothing():
    feed([person(source_key="K1", rrn=make_rrn()), person(source_key="K2", name="이두리", mobile="010-2345-6789")])
    path = write_rows(
        [
            person(source_key="K1", rrn=make_rrn(), name="김한나", as_of="2026-11-09"),
            person(source_key="K2", name="이두리", mobile="010-2345-6789"),
            person(source_key="K3", rrn=make_rrn()),
            person(source_key="K4", birth_date="2026-13-01"),
            person(source_key="K5", name="이두리", birth_date="", mobile="010-2345-6789"),
        ]
    )
    before = contents()

    tried = feed_file(path, is_dry_run=True)

    assert contents() == before
    assert (tried.state, tried.is_dry_run) == ("DONE", True)
    assert outcome(tried) == outcome(feed_file(path))
    assert outcome(tried) == {
        **{"read": 5, "new": 2, "changed": 1, "unchanged": 1, "rejected": 1},
        **{"customers_changed": 2},
        "reject_reasons": {"BIRTH_DATE_IMPOSSIBLE_DATE": 1},
    }


@pytest.mark.parametrize("layout", ["customers", "contracts", "parties"])
def test_a_file_of_a_header_alone_is_loaded(layout):
    assert outcome(feed([], layout=layout)) == {}


def test_a_file_larger_than_a_chunk_is_loaded_whole(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 7)
    rows = [person(source_key=f"K{number}", birth_date=f"{1930 + number}-03-02") for number in range(50)]

    run = feed(rows)

    assert outcome(run) == {"read": 50, "new": 50, "customers_created": 50}
    assert outcome(feed(rows)) == {"read": 50, "unchanged": 50}
    assert run.percent == 100


def test_worker_processes_do_the_same_as_one(monkeypatch, settings):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 3)
    rows = [person(source_key=f"K{number}", birth_date="x" if number == 5 else "1990-01-01") for number in range(10)]
    path = write_rows(rows)
    tried = feed_file(path, is_dry_run=True)
    monkeypatch.setattr(feeds, "ONE_PROCESS_UP_TO", 0)
    settings.FEED_WORKERS = 2

    run = feed_file(path)

    assert outcome(run) == outcome(tried)
    assert outcome(run)["rejected"] == 1
    assert list(SourceRecord.objects.order_by("pk").values_list("source_key", flat=True)) == [
        f"K{number}" for number in range(10) if number != 5
    ]


def test_a_row_is_kept_as_it_was_sent():
    cells = person(
        source_key="K1",
        name=' 김 "하나" ',
        address="서울\n강남구\t테헤란로 \\12",
        email="a,b@naver.com",
        fp_code="줄끝\n",
    )

    feed([cells])

    run = SourceRecord.objects.get().feed_run
    assert dict(zip(run.columns, feeds.json.loads(SourceRecord.objects.get().raw), strict=True)) == {
        column: cells.get(column, "") for column in run.columns
    }


def test_a_record_of_a_day_long_ago_is_loaded():
    run = feed([person(source_key="K1", as_of="1969-12-31 23:59:59.5")])

    assert outcome(run) == {"read": 1, "new": 1, "customers_created": 1}
    assert SourceRecord.objects.get().as_of == datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=KST)


def test_a_run_that_is_over_is_not_run_again():
    run = request(write_rows([person()]))
    feeds.run_feed(run=run)
    before = contents()

    again = feeds.run_feed(run=run)

    assert (again.state, again.attempts) == ("DONE", 1)
    assert contents() == before


@pytest.mark.parametrize(
    ("content", "suffix", "reason"),
    [
        (b"", "csv", "비어"),
        ("source_key,name\nK1,김".encode("utf-16"), "csv", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "csv", "텍스트"),
        (b"%PDF-1.7 and more", "xlsx", "Excel"),
        ("이름,생일\n김하나,1990-01-01\n".encode(), "csv", "source_key"),
        ("source_key,name,NAME\nK1,김,이\n".encode(), "csv", "name"),
        (b"\n\n", "csv", "머리글"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason_in_korean(content, suffix, reason):
    run = feed_file(write_file(content, suffix))

    assert (run.state, reason in run.error) == ("FAILED", True), run.error
    assert SourceRecord.objects.count() == 0


def test_a_file_that_is_gone_is_refused():
    path = write_rows([person()])
    run = request(path)
    path.unlink()

    assert feeds.run_feed(run=run).state == "FAILED"
    assert path.name in run.error


def test_the_same_connecting_information_links_across_sources():
    feed([person(source_key="K1", ci=make_ci(1))], "ONLINE")

    run = feed([person(source_key="K1", ci=make_ci(1), name="김하나")], "TM")

    assert outcome(run) == {"read": 1, "new": 1, "customers_changed": 1}
    assert list(Link.objects.order_by("pk").values_list("rule", "evidence_record__source__code")) == [
        ("FIRST", None),
        ("CI", "ONLINE"),
    ]


def test_a_load_lets_the_planner_know_how_large_the_stock_has_become():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_sourcerecord CASCADE")  # earlier tests leave pages behind
    rows = [person(source_key=f"K{number}", address=f"서울 강남구 테헤란로 {number}") for number in range(1_500)]

    feed(rows)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'customers_sourcerecord'::regclass")
        assert cursor.fetchone()[0] == len(rows)


@pytest.mark.parametrize(
    ("as_of", "outcome_"), [("2026-11-24", {"new": 1}), ("2026-11-25", {"reject_reasons": {"FUTURE": 1}})]
)
def test_a_row_of_a_day_after_tomorrow_is_rejected_for_it_would_outlive_every_later_one(as_of, outcome_):
    run = feed([person(as_of=as_of)], at=NOW)

    assert outcome_.items() <= outcome(run).items()
