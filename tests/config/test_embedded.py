"""The embedded services, really started, killed and broken in a local folder of their own."""

import os
import signal
import time

import psutil
import psycopg
import pytest
import redis

from config import env
from config.embedded import places


def servers_of(installation) -> list[str]:
    """The kinds of main processes that serve this local folder, sorted."""
    broker = installation.status()["redis_url"].removeprefix("unix://").removesuffix("?db=0")
    data = str((installation.local / "pg").resolve())
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if data in words and "postgres" in words[0]:
            found.append("postgresql")
        elif broker in " ".join(words):
            found.append("valkey")
    return sorted(found)


def kill(pid: int) -> None:
    """Kill at once and wait until the process is gone."""
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=5)


def test_starts_at_once_give_one_server_each_and_stop_ends_them(installation):
    starts = [installation.launch("-m", "config.embedded", "start") for _ in range(4)]

    assert [(start.communicate(timeout=120), start.returncode) for start in starts] == [(("", ""), 0)] * 4
    assert servers_of(installation) == ["postgresql", "valkey"]

    assert installation.embedded("stop").returncode == 0
    assert servers_of(installation) == []
    assert installation.status() | {"database_url": "", "redis_url": ""} == {
        "local": str(installation.local),
        "postgresql": False,
        "database_url": "",
        "valkey": False,
        "redis_url": "",
    }


def test_what_was_written_survives_a_kill_of_both(installation):
    installation.embedded("start")
    status = installation.status()
    with psycopg.connect(status["database_url"]) as database:
        database.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        database.commit()
        database.execute("CHECKPOINT")
    with redis.Redis.from_url(status["redis_url"]) as broker:
        broker.set("kept", "한눈")
    time.sleep(1.2)  # Valkey's log of writes goes to disk once a second
    for file in ("pg/postmaster.pid", "valkey/pid"):
        kill(installation.pid(file))

    begun = installation.embedded("start")

    assert (begun.stdout, begun.stderr, begun.returncode) == ("", "", 0)
    with psycopg.connect(status["database_url"]) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    with redis.Redis.from_url(status["redis_url"]) as broker:
        assert broker.get("kept") == "한눈".encode()
    assert servers_of(installation) == ["postgresql", "valkey"]


def test_sockets_that_were_swept_away_come_back(installation):
    installation.embedded("start")
    status = installation.status()
    host = places.Path(status["database_url"].partition("?host=")[2])
    for name in (".s.PGSQL.5432", "valkey.sock"):
        (host / name).unlink()
    os.utime(installation.local / "pg/postmaster.pid", (0, 0))  # as if it had run for long

    assert installation.embedded("start").returncode == 0

    assert installation.status() == status | {"postgresql": True, "valkey": True}
    assert servers_of(installation) == ["postgresql", "valkey"]


def test_a_number_left_behind_that_is_now_another_programs_is_not_believed(installation):
    installation.embedded("start")
    installation.embedded("stop")
    for file in ("pg/postmaster.pid", "valkey/pid"):
        (installation.local / file).write_text(f"{os.getpid()}\n")

    begun = installation.embedded("start")

    assert (begun.stderr, begun.returncode) == ("", 0)
    assert servers_of(installation) == ["postgresql", "valkey"]


def test_the_database_has_our_settings(installation):
    installation.embedded("start")

    names = ("shared_buffers", "synchronous_commit", "jit", "listen_addresses", "log_min_messages", "max_connections")
    with psycopg.connect(installation.status()["database_url"]) as database:
        found = [database.execute(f"SHOW {name}").fetchone()[0] for name in names]
        order = database.execute("SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['힣','가','A','나']) x")
        assert order.fetchone() == ("A가나힣",)
    assert found == ["512MB", "off", "off", "", "log", "200"]


def test_an_error_leaves_no_value_in_the_log(installation):
    installation.embedded("start")
    with psycopg.connect(installation.status()["database_url"]) as database, pytest.raises(psycopg.Error):
        database.execute("SELECT '900101-1234567'::integer")

    logs = [file.read_bytes() for file in (installation.local / "logs").iterdir()]
    assert [log for log in logs if b"1234567" in log] == []


def make_file(local):
    local.write_text("")


def make_log_file(local):
    local.mkdir()
    (local / "lock").mkdir()


def make_foreign_data(local):
    (local / "pg").mkdir(parents=True)
    (local / "pg" / "photo.jpg").write_text("")
    env.local_dir().joinpath("keys.json").write_text(env.new_keys())
    env.local_dir().joinpath("keys.json").chmod(0o600)


def make_older_data(local):
    make_foreign_data(local)
    (local / "pg" / "global").mkdir()
    (local / "pg" / "global" / "pg_control").write_text("")
    (local / "pg" / "PG_VERSION").write_text("9\n")


def make_valkey_file(local):
    local.mkdir()
    (local / "valkey").write_text("")


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (make_file, "hannun: {local} is not a folder: move it away, or let HANNUN_LOCAL name another folder"),
        (
            make_log_file,
            "hannun: {local}/lock cannot be written (Is a directory): mend its permissions, "
            "or let HANNUN_LOCAL name another folder",
        ),
        (
            make_foreign_data,
            "hannun: {local}/pg is not a whole data folder of PostgreSQL: move it away for a new start, "
            "or let HANNUN_LOCAL name another folder",
        ),
        (
            make_older_data,
            "hannun: {local}/pg was made by PostgreSQL 9, but this is 18: move it away for a new start, "
            "or let HANNUN_LOCAL name another folder",
        ),
        (
            make_valkey_file,
            "hannun: {local}/valkey is not a folder: move it away, or let HANNUN_LOCAL name another folder",
        ),
    ],
)
def test_a_broken_local_folder_is_named_in_one_sentence(installation, break_it, sentence):
    break_it(installation.local)

    begun = installation.embedded("start")

    assert (begun.stdout, begun.stderr, begun.returncode) == ("", sentence.format(local=installation.local) + ".\n", 1)


def test_a_damaged_database_is_named_and_kept(installation):
    installation.embedded("start")
    installation.embedded("stop")
    control = installation.local / "pg/global/pg_control"
    control.write_bytes(b"\0" * 8192)

    begun = installation.embedded("start")

    assert begun.stderr.startswith(f"hannun: PostgreSQL did not start on {installation.local}/pg: ")
    assert len(begun.stderr.splitlines()) == 1
    assert control.read_bytes() == b"\0" * 8192


def test_a_full_disk_is_refused_before_anything_is_made(installation):
    with pytest.raises(places.EmbeddedProblem) as refusal:
        places.require_space(installation.local.parent, 10**9)

    assert str(refusal.value).endswith(
        " MB free, but 1000000000 MB are needed: free some space, or let HANNUN_LOCAL name another folder."
    )


def test_a_folder_of_another_user_is_refused(installation):
    if os.geteuid() == 0:
        installation.local.mkdir()
        os.chown(installation.local, 12345, 12345)
    else:
        installation.local.symlink_to("/usr")
    owner = installation.local.stat().st_uid

    begun = installation.embedded("start")

    assert begun.stderr == (
        f"hannun: {installation.local} belongs to user {owner}, but this is user {os.geteuid()}: run as that user, "
        "or let HANNUN_LOCAL name another folder.\n"
    )


def test_two_local_folders_have_sockets_of_their_own(bare_environment, monkeypatch, tmp_path):
    first = env.database_url()
    monkeypatch.setenv("HANNUN_LOCAL", str(tmp_path / "other"))

    assert env.database_url() != first


def test_without_user_namespaces_root_runs_it_as_another_account(installation, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (programs / "unshare").chmod(0o755)
    installation.environment["PATH"] = f"{programs}{os.pathsep}{installation.environment['PATH']}"
    installation.embedded("start")
    pid = installation.pid("pg/postmaster.pid")
    owner = psutil.Process(pid).uids().real
    kill(pid)

    begun = installation.embedded("start")

    assert (begun.stderr, begun.returncode) == ("", 0)
    assert owner != 0
    assert servers_of(installation) == ["postgresql", "valkey"]
