"""`python -m config.serve` shows the demonstration: web server, one worker with the timetable, demo data.

It serves the login page first and loads the data then. Ctrl-C, or the end of a part, ends all that it started;
`--stop` ends a running one and the embedded services too.
"""

import argparse
import fcntl
import hashlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psutil

from config import embedded, env
from config.embedded import places
from config.processes import Children, end_with_parent

HOST = "127.0.0.1"
WEB_SECONDS = 60
STOP_SECONDS = 30
TEND_SECONDS = 0.5
DEMO_DATA = ("demo_data", "--customers", "12500", "--seed", "1", "--load")
GTHREAD = ("-k", "gthread", "-w", "2", "--threads", "4")
WEB = ("-m", "gunicorn", "config.wsgi", *GTHREAD, "--graceful-timeout", "5", "--no-control-socket")
WORKER = ("-m", "celery", "-A", "config", "worker", "-B", "--pool=threads", "-c", "2", "--without-gossip")


class ServeProblem(Exception):
    """The demonstration cannot run; the message is one sentence that says what to do."""


class Stopped(BaseException):
    """Someone asked the runner to end."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    parser.add_argument("--port", default="8000")
    parser.add_argument("--end-with-parent", action="store_true", help="end when the caller ends, even by a kill")
    parser.add_argument("--stop", action="store_true")
    options = parser.parse_args()
    if options.end_with_parent:
        end_with_parent()
    try:
        if options.stop:
            stop()
        else:
            serve(port_number(options.port))
    except (ServeProblem, embedded.EmbeddedProblem, env.EnvironmentProblem) as problem:
        sys.exit(f"hannun: {problem}")
    except Stopped:
        print("Stopped. make stop ends the database and the broker as well.", flush=True)


def port_number(written: str) -> int:
    """A port one may serve on. Raises ServeProblem."""
    if not (written.isdecimal() and 1 <= int(written) <= 65535):
        raise ServeProblem(f"PORT must be a number from 1 to 65535, but it is {written!r}.")
    return int(written)


def serve(port: int) -> None:
    """Run until asked to end, which raises Stopped. Raises ServeProblem if a part cannot start or ends by itself."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    began = time.monotonic()
    with only_runner(port):
        require_free(port)
        embedded.start()
        prepare()
        children = Children(env.local_dir() / "logs")
        try:
            start_web(children, port)
            print(f"Hannun is at http://{HOST}:{port}/ after {time.monotonic() - began:.0f} s.", flush=True)
            children.start("worker", [sys.executable, *WORKER, "-s", str(env.local_dir() / "timetable")])
            show_accounts()
            load_demo_data(children)
            print("Ready. Ctrl-C ends it.", flush=True)
            tend(children)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            children.end()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


@contextmanager
def only_runner(port: int) -> Iterator[None]:
    """Hold the local folder for one runner; raises ServeProblem if there is one already."""
    file = places.local_dir() / "serve"
    with file.open("a+") as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mine.seek(0)
            number, other = (mine.read().split() or ["?", "?"])[:2]
            raise ServeProblem(
                f"Hannun already runs at http://{HOST}:{other}/ (process {number}): make stop ends it."
            ) from None
        mine.truncate(0)
        mine.write(f"{os.getpid()} {port}")
        mine.flush()
        yield


def require_free(port: int) -> None:
    """Raise ServeProblem if the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise ServeProblem(f"Port {port} needs rights that this user lacks: try make demo PORT=8001.") from None
        except OSError:
            another = port + 1 if port < 65535 else 8000
            raise ServeProblem(f"Port {port} is taken: choose another, as in make demo PORT={another}.") from None


def prepare() -> None:
    """Bring tables, groups, sources and static files up to date."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup", verbosity=0)
    collect_static()
    connections.close_all()


def collect_static() -> None:
    """Collect and compress the static files if one of them has changed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    present = _static_state()
    if stamp.is_file() and stamp.read_text() == present:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(present)


def _static_state() -> str:
    """A hash over name, size and time of every static file."""
    from django.contrib.staticfiles.finders import get_finders

    total = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            total.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return total.hexdigest()


def start_web(children: Children, port: int) -> None:
    """Start the web server and return when it answers. Raises ServeProblem."""
    children.start("web server", [sys.executable, *WEB, "-b", f"{HOST}:{port}"])
    until = time.monotonic() + WEB_SECONDS
    log = children.log("web server")
    while not answers(port):
        if children.ended():
            raise ServeProblem(f"The web server did not start: {places.last_line(log)} (log: {log}).")
        if time.monotonic() > until:
            raise ServeProblem(f"The web server does not answer (log: {log}).")
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether the web server says that it is well."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def show_accounts() -> None:
    """Print the accounts to log in with."""
    from django.core.management import call_command

    call_command("demo_accounts")
    sys.stdout.flush()


def load_demo_data(children: Children) -> None:
    """Load the demonstration's customers if there are none, or if an earlier load was cut short."""
    from django.apps import apps
    from django.db import connections

    unfinished = env.local_dir() / "demo-data-unfinished"
    is_empty = not apps.get_model("customers", "Customer").objects.exists()
    connections.close_all()
    if not (is_empty or unfinished.exists()):
        return
    unfinished.touch()
    print("Loading the demonstration's customers; the pages can be used meanwhile.", flush=True)
    children.start("demo data", [sys.executable, "manage.py", *DEMO_DATA], logged=False)
    if tend(children, until="demo data"):
        raise ServeProblem("The demonstration's customers could not be loaded: the reason stands above.")
    unfinished.unlink()


def tend(children: Children, until: str | None = None) -> int:
    """Keep all running until the part named `until` ends; its exit status.

    An embedded service that was killed is started again. Raises ServeProblem if another part ends by itself.
    """
    while True:
        for name, status in children.ended().items():
            if name == until:
                return status
            log = children.log(name)
            raise ServeProblem(f"The {name} ended (status {status}): {places.last_line(log)} (log: {log}).")
        if not embedded.is_alive():
            print("The database or the broker had ended and is started again.", flush=True)
            embedded.start()
        time.sleep(TEND_SECONDS)


def stop() -> None:
    """End a running demonstration and the embedded services. Raises ServeProblem or EmbeddedProblem."""
    file = env.local_dir() / "serve"
    if file.is_file():
        _end_runner(file)
    embedded.stop()


def _end_runner(file: Path) -> None:
    until = time.monotonic() + STOP_SECONDS
    with file.open("a+") as lock:
        while time.monotonic() < until:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                lock.seek(0)
                psutil.Process(int(lock.read().split()[0])).terminate()
                time.sleep(0.3)
    raise ServeProblem("The running demonstration does not end: end it by hand.")


if __name__ == "__main__":
    main()
