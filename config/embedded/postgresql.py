"""The embedded PostgreSQL: its data in `pg` of the local folder, made whole or not at all, mended after a kill."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

from config import env
from config.embedded import cluster, places
from config.embedded.account import account
from config.embedded.places import EmbeddedProblem

# The postmaster answers a request for TLS with one byte, N or S, before it asks for an account.
TLS_REQUEST, NO_TLS = b"\x00\x00\x00\x08\x04\xd2\x16\x2f", b"N"
START_SECONDS = 300  # a crash in the middle of a large load may leave gigabytes of log to replay
ORPHANS_SECONDS = 30
DISK_MEGABYTES = 100


def database_url(name: str) -> str:
    """The address of a database of the embedded server, running or not."""
    return f"postgresql://postgres@/{name}?host={cluster.socket_dir()}"


def replies() -> bool:
    """Whether the server is there, perhaps still replaying its log."""
    return places.replies(_socket(), TLS_REQUEST, NO_TLS)


def answers() -> bool:
    """Whether the server takes connections now; a process that merely exists is not enough."""
    if not replies():
        return False
    command = [cluster.program("pg_isready"), "-q", "-U", "postgres", "-d", "postgres", "-h", cluster.socket_dir()]
    return subprocess.run(command, capture_output=True).returncode == 0


def start() -> None:
    """Have the server answer; call it with the local folder locked. Raises EmbeddedProblem."""
    if answers():
        return
    if not cluster.exists():
        cluster.create()
    if process := _process():
        _await(process)
        return
    data = cluster.data_dir()
    # The number in these files may by now be another program's, or that of a dead one nobody has asked about yet.
    for left_behind in (data / "postmaster.pid", _socket().with_name(f"{_socket().name}.lock")):
        left_behind.unlink(missing_ok=True)
    places.require_space(data, DISK_MEGABYTES)
    cluster.configure(data)
    _launch(data)


def stop() -> None:
    """End the server and wait for it; call it with the local folder locked. Raises EmbeddedProblem."""
    if _process() is None:
        return
    data = cluster.data_dir()
    if _control(data, "-m", "fast", "stop"):
        raise EmbeddedProblem(f"PostgreSQL did not stop: {places.last_line(_control_log())}.")


def create_database(name: str) -> None:
    """Make the database if there is none of that name."""
    found = _query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608 - a constant of ours
    if found != "1":
        _query(f'CREATE DATABASE "{name}"')


def _query(sql: str) -> str:
    command = [cluster.program("psql"), "-XAtq", "-h", cluster.socket_dir(), "-U", "postgres", "-d", "postgres"]
    done = subprocess.run([*command, "-c", sql], capture_output=True, text=True)
    if done.returncode:
        raise EmbeddedProblem(f"PostgreSQL refused: {done.stderr.strip().splitlines()[0]}.")
    return done.stdout.strip()


def _process() -> psutil.Process | None:
    """The running server of our data, if any: the number in its file is believed only if the program fits."""
    data = cluster.data_dir()
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        words = process.cmdline()
        if Path(words[0]).name.startswith("postgres") and str(data) in words:
            return process
    return None


def _await(process: psutil.Process) -> None:
    """Wait for a server that another process started; start it anew if its socket was swept away."""
    until = time.monotonic() + START_SECONDS
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        if answers():
            return
        if not _socket_expected():
            stop()
            break
        time.sleep(0.1)
    if not answers():
        start()


def _socket_expected() -> bool:
    """Whether the socket is there, or the server is too young to have made it."""
    pid_file = cluster.data_dir() / "postmaster.pid"
    with suppress(OSError):
        if time.time() - pid_file.stat().st_mtime < 10:
            return True
    return _socket().exists()


def _socket() -> Path:
    return cluster.socket_dir() / ".s.PGSQL.5432"


def _launch(data: Path) -> None:
    log = cluster.log_dir() / "postgresql.log"
    until = time.monotonic() + ORPHANS_SECONDS
    while True:
        before = places.size(log)
        failed = _control(data, "-l", str(log), "start")
        if not failed or answers():
            return
        if places.says_full(log, before) or places.says_full(_control_log(), 0):
            raise EmbeddedProblem(f"PostgreSQL: the disk of {data} is full: free some space.")
        # Children of a killed server leave when they notice; until then the new one must not start.
        if b"still in use" not in log.read_bytes()[before:] or time.monotonic() > until:
            raise EmbeddedProblem(f"PostgreSQL did not start on {data}: {cluster.complaint(log, before)} (log: {log}).")
        time.sleep(0.2)


def _control(data: Path, *words: str) -> int:
    """Run pg_ctl and wait for its effect; the exit status."""
    command = [*account().prefix, cluster.program("pg_ctl"), "-D", data, "-s", "-w", "-t", str(START_SECONDS), *words]
    with _control_log().open("wb") as log:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        return subprocess.run(command, cwd="/", start_new_session=True, **quiet).returncode


def _control_log() -> Path:
    folder = env.local_dir() / "logs"
    folder.mkdir(exist_ok=True)
    return folder / "pg_ctl.log"
