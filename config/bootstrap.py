"""`python3 -I config/bootstrap.py` makes the virtual environment and the assets; quick where nothing has changed.

It uses the standard library alone, and every Python 3 can read it, so that an old one gets a clear sentence. One run
at a time; every failure is one sentence that says what to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCAL = ROOT / ".local"
LOG = LOCAL / "logs" / "setup.log"
LOCKS = ("requirements-dev.txt", "requirements-bootstrap.txt")
MINIMUM = (3, 11)
OTHERS = ("python3.11", "python3.12", "python3.13", "python3.14")
MEGABYTE = 1024 * 1024
MEGABYTES = 1500
UNREACHABLE = re.compile(
    r"Name or service not known|[Nn]ame resolution|[Ff]ailed to establish|[Cc]onnection (refused|reset|error)|"
    r"timed out|Network is unreachable|dns error|error sending request|No matching distribution|tcp connect",
)


class SetupProblem(Exception):
    """The set-up cannot go on; the message is one sentence that says what to do."""


def main(with_browser: bool) -> None:
    """Set up all; with_browser: fetch one for tests if the machine has none."""
    require_python()
    with only_one():
        if not stamp().exists():
            require_space()
            make_environment()
            install_packages()
            mark()
        run_module("config.assets.build")
        run_module("config.catalogue")
        if with_browser:
            run_browser()


def require_python() -> None:
    """Go on under a newer Python if this one is too old and there is one. Raises SetupProblem."""
    if sys.version_info >= MINIMUM:
        return
    for name in OTHERS:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, "-I", *sys.argv])  # noqa: S606 - a Python by its full path
    raise SetupProblem(
        f"Python 3.11 or newer is needed, but {sys.executable} is {sys.version_info[0]}.{sys.version_info[1]}: "
        "install one, or name it as in make demo PYTHON=/path/to/python3.12."
    )


@contextlib.contextmanager
def only_one():
    """Hold a lock, so that two set-ups at once do the work once. Raises SetupProblem on a broken local folder."""
    try:
        LOG.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        LOCAL.chmod(0o700)
        lock = (LOCAL / "setup.lock").open("w")
    except (FileExistsError, NotADirectoryError):
        raise SetupProblem(f"{LOCAL} or its folder logs is not a folder: move it away.") from None
    except OSError as error:
        raise SetupProblem(f"{error.filename}: {error.strerror}: mend that, or move {LOCAL} away.") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stamp() -> Path:
    """The mark of a whole environment for these locks and this Python."""
    total = hashlib.sha256(sys.version.encode())
    for name in LOCKS:
        total.update((ROOT / name).read_bytes())
    return VENV / f"hannun-{total.hexdigest()[:16]}"


def require_space() -> None:
    """Raise SetupProblem if the disk has too little room for the packages."""
    free = shutil.disk_usage(ROOT).free // MEGABYTE
    if free < MEGABYTES:
        raise SetupProblem(f"The disk of {ROOT} has {free} MB free, but {MEGABYTES} MB are needed: free some space.")


def make_environment() -> None:
    """The virtual environment, unless there is one that works. Raises SetupProblem."""
    if works():
        return
    if VENV.exists() and not (VENV / "pyvenv.cfg").exists():
        raise SetupProblem(f"{VENV} is not a virtual environment: move it away.")
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise SetupProblem("Python's module venv is missing: on Debian and Ubuntu run apt-get install python3-venv.")
    if run([sys.executable, "-m", "venv", "--clear", VENV]):
        raise SetupProblem(failure("The virtual environment could not be made"))


def works() -> bool:
    """Whether there is an environment of a Python that is new enough, with pip."""
    test = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def install_packages() -> None:
    """Exactly the locked packages, by uv, or by pip alone where uv does not work. Raises SetupProblem."""
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries=1", "--require-hashes"]
    if run([*pip, "-r", ROOT / LOCKS[1]]) == 0:
        sync = [VENV / "bin" / "uv", "pip", "sync", "-q", "--python", PYTHON, "--require-hashes"]
        if run([*sync, *(ROOT / name for name in LOCKS)]) == 0:
            return
    elif UNREACHABLE.search(said()):
        raise SetupProblem(failure("The packages could not be installed"))
    if run([*pip, "--no-deps", "-r", ROOT / LOCKS[0]]):
        raise SetupProblem(failure("The packages could not be installed"))


def mark() -> None:
    """Note that the environment is whole, and forget earlier notes."""
    for old in VENV.glob("hannun-*"):
        old.unlink()
    stamp().touch()


def run(command: list) -> int:
    """Run a program silently, what it says kept in the log; the exit status."""
    with LOG.open("wb") as log:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "cwd": ROOT}
        return subprocess.run([str(word) for word in command], **quiet).returncode


def said() -> str:
    """What the last program wrote."""
    return LOG.read_text("utf-8", "replace")


def failure(what: str) -> str:
    """One sentence on what the last program failed of."""
    text = said()
    if "No space left on device" in text or "os error 28" in text:
        return f"The disk of {ROOT} is full: free some space."
    if UNREACHABLE.search(text):
        return (
            "The package registry cannot be reached: check the network, or name a mirror "
            "(UV_DEFAULT_INDEX for uv, PIP_INDEX_URL for pip)."
        )
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it said nothing"]
    return f"{what}: {lines[-1]} (log: {LOG})."


def run_module(name: str) -> None:
    """Run one of our own modules in the environment; it prints its own sentence if it fails."""
    if subprocess.run([PYTHON, "-m", name], cwd=ROOT).returncode:
        sys.exit(1)


def run_browser() -> None:
    """A browser for tests; where none can be had the browser's tests are left out, except under CI."""
    if subprocess.run([PYTHON, "-m", "config.assets.chromium"], cwd=ROOT).returncode and os.environ.get("CI"):
        sys.exit(1)


if __name__ == "__main__":
    try:
        main(with_browser="--browser" in sys.argv[1:])
    except SetupProblem as problem:
        sys.exit(f"hannun: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
