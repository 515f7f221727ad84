"""A load that is cut off, at any point and by whatever means, leaves nothing half done and can be taken up again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from customers import tasks
from customers.models import EventCounter, FeedRun, SourceRecord, SourceSystem
from customers.services import feeds, locks
from tests.customers.builders import as_text, feed, make_rrn, outcome, person, request, write_file, write_rows
from tests.snapshots import MASTER

SMALL, LARGE = 600, 24_000  # rows; a large file is read in two chunks
HEADER = ("source_key", "name", "birth_date", "rrn", "mobile", "address", "as_of")
COUNTED = (*("sourcerecord", "sourcerecordversion", "link", "customer", "historicalcustomer", "changeevent", "pair"),)


def file_of(size: int, folder: Path) -> Path:
    """A file of so many people, each twentieth of them a second record of the one before."""
    rows = []
    for number in range(size):
        who = number - 1 if number % 20 == 19 else number
        name = "김" + chr(0xAC00 + who % 11_000) + chr(0xAC00 + who * 7 % 11_000)
        birth = f"{60 + who % 40}{1 + who % 12:02}{1 + who % 28:02}"
        rows.append(
            {
                **{"source_key": f"K{number}", "name": name, "birth_date": f"19{birth}"},
                **{"rrn": make_rrn(birth, 1 + who % 2, who % 100_000), "mobile": f"010{20_000_000 + who}"},
                **{"address": f"서울 강남구 테헤란로 {who % 300 + 1}", "as_of": "2026-11-01"},
            }
        )
    path = folder / "people.csv"
    path.write_text(as_text(rows, HEADER), "utf-8")
    return path


def counts_of(database: psycopg.Connection) -> dict[str, int]:
    """Rows of every table that a load of customers fills, and the last number of the event sequence."""
    found = {
        table: database.execute(f"SELECT count(*) FROM customers_{table}").fetchone()[0]  # noqa: S608 - our own tables
        for table in COUNTED
    }
    return found | {"sequence": database.execute("SELECT max(sequence) FROM customers_changeevent").fetchone()[0]}


def whole(size: int) -> dict[str, int]:
    """The counts of a `file_of` this size, loaded undisturbed into an empty master."""
    made = dict.fromkeys(("customer", "historicalcustomer", "changeevent", "sequence"), size - size // 20)
    return {"sourcerecord": size, "sourcerecordversion": 0, "link": size, **made, "pair": 0}


NOTHING = dict.fromkeys(whole(0), 0) | {"sequence": None}


def until(condition: Callable[[], object], seconds: float = 30) -> object:
    """The first true answer of the condition."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.005)
    raise AssertionError("it never came true")


def is_held_up(database: psycopg.Connection) -> bool:
    """Whether somebody waits for a lock in this database."""
    database.execute("SELECT pg_stat_clear_snapshot()")
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return database.execute(query).fetchone()[0] > 0


def kill_with_children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Kill the loader alone, as the kernel would; returns what were its children."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait(10)
    return children


@pytest.fixture
def launch() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `manage.py` in the background; what still runs at the end is killed."""
    started = []

    def start(*words: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
        command, pipes = [sys.executable, "manage.py", *words], {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        place = {"cwd": settings.BASE_DIR, "env": environment or dict(os.environ)}
        started.append(subprocess.Popen(command, text=True, **pipes, **place))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def observer() -> Iterator[psycopg.Connection]:
    """A connection beside Django's, which sees what others have committed."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        yield database


@pytest.fixture
def committed(transactional_db) -> None:
    """The sources in a database that other processes see."""

    MASTER.put()


# Where a loader is held up until it is killed: locks that every loader needs on its way. While it reads, the last row
# of the second chunk is one that another transaction is about to write.
MOMENTS = {
    "linking": f"SELECT pg_advisory_lock({locks.GOLDEN_LOCK})",
    "projecting": "LOCK TABLE customers_customer IN SHARE MODE",
    "recording": "SELECT FROM customers_eventcounter FOR UPDATE",
}


def hold_up(database: psycopg.Connection, moment: str) -> None:
    """Begin a transaction that holds a loader up at this moment."""
    if moment != "reading":
        database.execute("BEGIN")
        database.execute(MOMENTS[moment])
        return
    feed([person(source_key=f"K{LARGE - 1}")], "BANCA")
    columns = [field.column for field in SourceRecord._meta.concrete_fields if field.column not in ("id", "source_id")]
    source = SourceSystem.objects.get(code="POLICY").pk
    database.execute("BEGIN")
    database.execute(
        f"INSERT INTO customers_sourcerecord (source_id, {', '.join(columns)}) "  # noqa: S608 - columns of our own
        f"SELECT {source}, {', '.join(columns)} FROM customers_sourcerecord"
    )


def let_go(database: psycopg.Connection) -> None:
    """End the transaction of `hold_up`."""
    database.execute("ROLLBACK")
    database.execute("SELECT pg_advisory_unlock_all()")


@pytest.mark.parametrize("moment", ["reading", *MOMENTS])
def test_a_killed_loader_leaves_nothing_behind_and_the_run_can_be_resumed(
    committed, observer, launch, tmp_path, moment
):
    size = LARGE if moment == "reading" else SMALL
    path = file_of(size, tmp_path)
    hold_up(observer, moment)
    before = counts_of(observer) | {"sourcerecord": int(moment == "reading")}
    loader = launch("load_feed", "POLICY", str(path))
    until(lambda: is_held_up(observer))

    children = kill_with_children(loader)
    let_go(observer)

    assert psutil.wait_procs(children, timeout=10)[1] == []
    run = FeedRun.objects.get(source__code="POLICY")
    until(lambda: not locks.is_run_taken(run.pk))
    assert counts_of(observer) == before
    assert (run.state, run.rows_read) == ("RUNNING", 0)

    tasks.resume_feeds()

    run.refresh_from_db()
    assert (run.state, run.attempts) == ("DONE", 2)
    added = counts_of(observer)
    assert {name: added[name] - (before[name] or 0) for name in added} == whole(size)
    assert outcome(run) == {"read": size, "new": size, "customers_created": size - size // 20}
    assert EventCounter.objects.get().last == added["sequence"]


def test_a_killed_loader_may_be_started_again_by_hand(committed, observer, launch, tmp_path):
    path = write_rows([person(source_key=f"K{number}") for number in range(500)])
    hold_up(observer, "projecting")
    loader = launch("load_feed", "POLICY", str(path))
    until(lambda: is_held_up(observer))
    kill_with_children(loader)
    let_go(observer)

    again = launch("load_feed", "POLICY", str(path), "--json")
    said, _complaint = again.communicate(timeout=120)

    assert (again.returncode, json.loads(said)["new"]) == (0, 500)
    loaded = counts_of(observer)
    first = FeedRun.objects.order_by("pk").first()
    until(lambda: not locks.is_run_taken(first.pk))
    assert feeds.resume_feeds() == [first.pk]
    assert counts_of(observer) == loaded
    first.refresh_from_db()
    assert outcome(first) == {"read": 500, "unchanged": 500}


@pytest.mark.parametrize("moment", ["reading", "projecting"])
def test_a_lost_connection_leaves_nothing_behind_and_the_command_says_so_in_korean(committed, observer, launch, moment):
    path = write_rows([person(source_key=f"K{number}") for number in (*range(500), LARGE - 1)])
    hold_up(observer, moment)
    before = counts_of(observer) | {"sourcerecord": int(moment == "reading")}
    loader = launch("load_feed", "POLICY", str(path), "--json")
    until(lambda: is_held_up(observer))

    observer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    said, complaint = loader.communicate(timeout=60)
    let_go(observer)
    assert loader.returncode == 1
    assert "데이터베이스" in json.loads(said)["error"]
    assert "Traceback" not in complaint
    assert counts_of(observer) == before
    assert FeedRun.objects.get(source__code="POLICY").state == "RUNNING"


def test_a_killed_database_leaves_nothing_behind_and_the_run_can_be_resumed(launch, tmp_path):
    """In an installation of its own: its PostgreSQL is killed once all rows are copied and none is linked."""
    names = {"DATABASE_URL", "REDIS_URL", "HANNUN_KEYS", "HANNUN_TEST_SERVER", "HANNUN_TEST_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment |= {"HANNUN_LOCAL": str(tmp_path / "local")}
    embedded = [sys.executable, "-m", "config.embedded"]

    def ask(command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage = [sys.executable, "manage.py"]
    path = file_of(SMALL, tmp_path)
    try:
        ask([*manage, "migrate", "-v0"])
        ask([*manage, "setup"])
        address = json.loads(ask([*embedded, "status"]))["database_url"]
        with closing(psycopg.connect(address, autocommit=True)) as database:
            hold_up(database, "linking")
            loader = launch("load_feed", "POLICY", str(path), "--json", environment=environment)
            until(lambda: is_held_up(database))
            os.kill(int((tmp_path / "local/pg/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            said, complaint = loader.communicate(timeout=60)
        assert (loader.returncode, "Traceback" in complaint) == (1, False)
        assert "데이터베이스" in json.loads(said)["error"]

        ask([*embedded, "start"])
        with psycopg.connect(address, autocommit=True) as database:
            assert counts_of(database) == NOTHING
            resume = "from customers.services.feeds import resume_feeds; print(resume_feeds())"
            assert ask([*manage, "shell", "-v0", "-c", resume]).strip() == "[1]"
            assert counts_of(database) == whole(SMALL)
    finally:
        subprocess.run([*embedded, "stop"], cwd=settings.BASE_DIR, env=environment, check=True, timeout=60)


@pytest.mark.usefixtures("committed")
def test_a_second_process_leaves_a_run_that_is_taken(observer):
    run = request(write_rows([person()]))
    observer.execute("SELECT pg_advisory_lock(%s, %s)", [locks.RUN_LOCK, run.pk])

    assert locks.is_run_taken(run.pk)
    with pytest.raises(feeds.FeedBusy):
        feeds.run_feed(run=run)
    tasks.load_feed(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("WAITING", 0)

    observer.execute("SELECT pg_advisory_unlock_all()")
    tasks.load_feed(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, locks.is_run_taken(run.pk)) == ("DONE", False)


@pytest.mark.usefixtures("committed")
def test_a_run_that_waits_for_a_worker_is_not_taken_from_it_at_once():
    from django.utils import timezone

    fresh = request(write_rows([person()]), at=timezone.now())

    assert feeds.resume_feeds() == []
    fresh.requested_at -= timezone.timedelta(minutes=2)
    fresh.save(update_fields=["requested_at"])
    assert feeds.resume_feeds() == [fresh.pk]


@pytest.mark.usefixtures("committed")
def test_files_of_two_sources_may_be_loaded_at_once(observer, launch):
    rows = [person(source_key=f"K{number}", rrn=make_rrn(serial=number)) for number in range(1_000)]
    path = write_file(as_text(rows, ("source_key", "name", "rrn", "as_of")).encode())

    loaders = [launch("load_feed", source, str(path), "--json") for source in ("POLICY", "BANCA", "TM")]
    answers = [json.loads(loader.communicate(timeout=120)[0]) for loader in loaders]

    assert [(answer["state"], answer["new"]) for answer in answers] == [("DONE", 1_000)] * 3
    assert sum(answer["customers_created"] for answer in answers) == 1_000
    counts = counts_of(observer)
    assert (counts["link"], counts["customer"]) == (3_000, 1_000)
    sequences = observer.execute("SELECT sequence FROM customers_changeevent ORDER BY 1").fetchall()
    assert [number for (number,) in sequences] == list(range(1, len(sequences) + 1))


@pytest.mark.usefixtures("committed")
def test_a_load_that_waits_for_its_turn_to_link_keeps_nobody_from_looking_at_the_tables(observer, launch):
    path = write_rows([person(source_key=f"K{number}", rrn=make_rrn(serial=number)) for number in range(1_000)])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as writer:
        writer.execute(f"SELECT pg_advisory_lock({locks.GOLDEN_LOCK})")
        loader = launch("load_feed", "POLICY", str(path), "--json")
        until(lambda: is_held_up(observer), 120)

        writer.execute("SET lock_timeout = '2s'")
        writer.execute("ANALYZE customers_sourcerecord")

    assert json.loads(loader.communicate(timeout=120)[0])["state"] == "DONE"


@pytest.mark.usefixtures("committed")
def test_two_loads_of_one_source_take_their_turns(observer, launch):
    path = write_rows([person(source_key=f"K{number}", rrn=make_rrn(serial=number)) for number in range(500)])

    loaders = [launch("load_feed", "POLICY", str(path), "--json") for _loader in range(2)]
    answers = [json.loads(loader.communicate(timeout=120)[0]) for loader in loaders]

    assert sorted((answer["new"], answer["unchanged"]) for answer in answers) == [(0, 500), (500, 0)]
    assert counts_of(observer)["customer"] == 500


@pytest.mark.usefixtures("committed")
def test_a_number_that_was_given_out_in_a_load_that_was_rolled_back_is_not_given_out_again():
    from customers.models import Customer

    feed([person()])
    first = Customer.objects.get().pk
    feed([person(name="최하나"), person(name="이두리")], is_dry_run=True)

    feed([person(name="박세라")])

    assert Customer.objects.exclude(pk=first).get().pk > first + 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT number), count(*) FROM customers_customer")
        assert cursor.fetchone() == (2, 2)
