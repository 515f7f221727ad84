"""Children of a runner end with it, whatever they have started and however it ends."""

import signal
import subprocess
import sys
import time

import psutil
import pytest

from config import env
from config.processes import Children

RUNNER = """
import sys, time
from pathlib import Path
from config.processes import Children
children = Children(Path(sys.argv[1]))
children.start("family", [sys.executable, "-c", sys.argv[2], sys.argv[3]])
time.sleep(600)
"""
# Starts a child of its own, which ignores polite requests, and writes both numbers down.
FAMILY = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"],
    stdout=subprocess.PIPE)
child.stdout.readline()
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""


def family(file) -> list[psutil.Process]:
    """Parent and child, once both have begun."""
    until = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    return [psutil.Process(int(number)) for number in file.read_text().split()]


def test_end_ends_children_and_what_they_started(tmp_path):
    children = Children(tmp_path)
    children.start("family", [sys.executable, "-c", FAMILY, str(tmp_path / "numbers")])
    processes = family(tmp_path / "numbers")

    children.end()

    _, alive = psutil.wait_procs(processes, timeout=5)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    assert children.running == {}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_when_its_runner_is_killed(tmp_path, number):
    command = [sys.executable, "-c", RUNNER, str(tmp_path), FAMILY, str(tmp_path / "numbers")]
    with subprocess.Popen(command, cwd=env.ROOT) as runner:
        parent, child = family(tmp_path / "numbers")

        runner.send_signal(number)
        runner.wait()

    gone, _ = psutil.wait_procs([parent], timeout=5)
    child.kill()
    assert gone == [parent]


def test_ended_tells_the_status_once_and_ends_the_rest_of_the_family(tmp_path):
    children = Children(tmp_path)
    children.start("short", [sys.executable, "-c", "print('spoken'); raise SystemExit(3)"])
    children.start("long", [sys.executable, "-c", "import time; time.sleep(600)"])
    until = time.monotonic() + 10
    while not (ended := children.ended()):
        assert time.monotonic() < until
        time.sleep(0.02)

    assert (ended, children.ended(), list(children.running)) == ({"short": 3}, {}, ["long"])
    assert children.log("short").read_text() == "spoken\n"
    children.end()
