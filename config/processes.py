"""Child processes of one runner: each in a session of its own, and none outlives the runner, however that ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux's prctl
GRACE_SECONDS = 10


def end_with_parent() -> None:
    """Have the kernel end this process when its parent ends, even by a kill; nothing where there is no such call."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)


class Children:
    """The processes that a runner has started, by name; each name has a log of its own."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(exist_ok=True)

    def start(self, name: str, command: Sequence[str], *, logged: bool = True) -> None:
        """Start a program; what it says goes to its log, or with logged=False to our own output."""
        runner = os.getpid()

        def tie() -> None:
            end_with_parent()
            if os.getppid() != runner:
                os._exit(1)

        output = self.log(name).open("wb") if logged else None
        streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT if logged else None}
        process = subprocess.Popen(command, start_new_session=True, preexec_fn=tie, **streams)
        self.running[name] = process
        if output:
            output.close()

    def log(self, name: str) -> Path:
        """Where the named process writes."""
        return self.logs / f"{name}.log"

    def ended(self) -> dict[str, int]:
        """{name: exit status} of those that have ended; they are forgotten by this."""
        found = {name: status for name, child in self.running.items() if (status := child.poll()) is not None}
        for name in found:
            _signal_group(self.running.pop(name), signal.SIGKILL)
        return found

    def end(self) -> None:
        """End all with everything that they started: politely at first, then for certain."""
        for child in self.running.values():
            _signal_group(child, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(child.poll() is None for child in self.running.values()):
            time.sleep(0.05)
        for child in self.running.values():
            _signal_group(child, signal.SIGKILL)
            child.wait()
        self.running.clear()


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
