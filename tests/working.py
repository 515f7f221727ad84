"""A real worker for tests: a Celery process that finds the run's own database and broker by the environment."""

import sys
import time
from collections.abc import Callable, Iterator

import pytest

from config import env
from config.processes import Children

SECONDS = 120
MOST_LOG = 6_000
COMMAND = (
    *(
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "--workdir",
        str(env.ROOT),
        "worker",
        "--pool=threads",
        "-c",
        "1",
    ),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Children]:
    """A worker that takes up tasks for as long as the test runs; its log is `worker.log("worker")`.

    What other tests have left in the queue is forgotten: their rows are gone.
    """
    from config.celery import app

    app.control.purge()
    started = Children(env.local_dir() / "logs")
    started.start("worker", COMMAND)
    try:
        wait_until(lambda: "ready." in started.log("worker").read_text())
        yield started
    finally:
        started.end()


def wait_until(holds: Callable[[], bool]) -> None:
    """Return as soon as the condition holds. Fails after two minutes."""
    until = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > until:
            pytest.fail(f"It did not come true within {SECONDS} s.")
        time.sleep(0.1)


def tell_log(report: pytest.TestReport, item: pytest.Item) -> None:
    """Let a test that failed tell what its worker said last."""
    started = getattr(item, "funcargs", {}).get("worker")
    if report.failed and started and started.log("worker").exists():
        report.sections.append(("Log of the worker", started.log("worker").read_text(errors="replace")[-MOST_LOG:]))
