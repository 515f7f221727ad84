"""A bulk action that is cut off by whatever means: no pair is half decided or decided twice, and it goes on."""

import subprocess

import psycopg
import pytest
from django.utils import timezone

from customers import tasks
from customers.models import Act, BulkAct, Pair
from customers.services import bulk, bulk_runs, locks
from tests.accounts.builders import make_staff
from tests.customers.many_pairs import make_pairs
from tests.customers.services.test_interruption import committed, is_held_up, launch, observer, until
from tests.working import wait_until

__all__ = ["committed", "launch", "observer"]
pytestmark = pytest.mark.usefixtures("committed")
PAIRS = 24
RUN = "from customers.models import BulkAct; from customers.services.bulk_runs import run_bulk; "
RUN += "run_bulk(bulk=BulkAct.objects.get(pk={}))"
# Where a runner is held up until it is killed: within a decision, and between the decision and its count.
MOMENTS = {
    "deciding": "LOCK TABLE customers_ruling IN SHARE MODE",
    "counting": "LOCK TABLE customers_bulkact IN SHARE MODE",
}


def begun(answer: str) -> BulkAct:
    """A bulk action over a few pairs that nobody is at yet."""
    make_pairs(PAIRS)
    by = make_staff("DATA_STEWARD")
    prepared = bulk.prepare_bulk(
        condition={}, answer=answer, reason_code="EVIDENCE", comment="", by=by, at=timezone.now()
    )
    return bulk.start_bulk(bulk=prepared, by=by, at=timezone.now())


def done(observer: psycopg.Connection, runner: subprocess.Popen[str], what: str) -> int:
    """How far the action is, as others see it; a runner that has died says of what."""
    assert runner.poll() is None, runner.communicate()[1]
    return observer.execute(f"SELECT {what} FROM customers_bulkact").fetchone()[0]  # noqa: S608 (our own words)


def kill(process: object) -> None:
    process.kill()
    process.wait(10)


def is_free(one: BulkAct) -> bool:
    return not locks.is_bulk_taken(one.pk)


def agreed(one: BulkAct) -> tuple[int, int, int, int]:
    """How many pairs were done, counted, decided by acts, and are no more open: all the same, whenever one looks."""
    one.refresh_from_db()
    acts = one.acts.in_force().count()
    return one.done_upto, sum(one.counts.get("outcomes", {}).values()), acts, Pair.objects.exclude(state="OPEN").count()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("answer", ["SAME", "DIFFERENT"])
def test_a_killed_run_has_decided_whole_pairs_and_goes_on_behind_them(observer, launch, answer, moment):
    started = begun(answer)
    runner = launch("shell", "-v0", "-c", RUN.format(started.pk))
    until(lambda: done(observer, runner, "done_upto") >= 2, 180)
    observer.execute("BEGIN")
    observer.execute(MOMENTS[moment])
    until(lambda: is_held_up(observer))

    kill(runner)

    observer.execute("ROLLBACK")
    until(lambda: is_free(started))
    counts = agreed(started)
    assert 2 <= counts[0] < PAIRS
    assert set(counts) == {counts[0]}
    assert bulk_runs.is_left(started)

    tasks.resume_bulk_acts()

    assert agreed(started) == (PAIRS,) * 4
    assert started.state == "DONE"
    assert sorted(started.acts.values_list("pair", flat=True)) == sorted(started.pair_ids)


@pytest.mark.parametrize("answer", ["SAME", "DIFFERENT"])
def test_a_killed_taking_back_goes_on_where_it_was(observer, launch, answer):
    finished = bulk_runs.run_bulk(bulk=begun(answer))
    bulk.take_back_bulk(bulk=finished, by=make_staff("STEWARD_LEAD"), at=timezone.now())
    runner = launch("shell", "-v0", "-c", RUN.format(finished.pk))
    until(lambda: done(observer, runner, "(counts->>'taken_back')::int") >= 2, 180)
    observer.execute("BEGIN")
    observer.execute(MOMENTS["counting"])
    until(lambda: is_held_up(observer))

    kill(runner)

    observer.execute("ROLLBACK")
    until(lambda: is_free(finished))
    finished.refresh_from_db()
    assert finished.counts["taken_back"] == PAIRS - finished.acts.in_force().count() < PAIRS

    tasks.resume_bulk_acts()

    finished.refresh_from_db()
    assert (finished.state, finished.counts["taken_back"], finished.counts["kept"]) == ("TAKEN_BACK", PAIRS, {})
    assert set(Pair.objects.values_list("state", flat=True)) == {"OPEN"}
    assert Act.objects.filter(kind="TAKE_BACK").count() == PAIRS


def test_a_second_process_leaves_an_action_that_is_taken(observer):
    started = begun("DIFFERENT")
    observer.execute("SELECT pg_advisory_lock(%s, %s)", [locks.BULK_LOCK, started.pk])

    with pytest.raises(bulk_runs.BulkBusy):
        bulk_runs.run_bulk(bulk=started)
    tasks.run_bulk(bulk_id=started.pk)
    assert (bulk_runs.resume_bulk_acts(), bulk_runs.is_left(started)) == ([], False)
    assert agreed(started) == (0, 0, 0, 0)

    observer.execute("SELECT pg_advisory_unlock_all()")
    assert bulk_runs.resume_bulk_acts() == [started.pk]


def test_a_worker_does_it_and_waits_while_the_stock_is_written(observer, worker):
    make_pairs(PAIRS)
    by = make_staff("DATA_STEWARD")
    given = {"condition": {}, "answer": "SAME", "reason_code": "EVIDENCE", "comment": "", "by": by}
    prepared = bulk.prepare_bulk(at=timezone.now(), **given)
    observer.execute("SELECT pg_advisory_lock(%s)", [locks.GOLDEN_LOCK])

    bulk.start_bulk(bulk=prepared, by=by, at=timezone.now())

    wait_until(lambda: locks.is_bulk_taken(prepared.pk) and is_held_up(observer))
    assert agreed(prepared) == (0, 0, 0, 0)
    observer.execute("SELECT pg_advisory_unlock_all()")
    wait_until(lambda: BulkAct.objects.get().state == "DONE")
    assert agreed(prepared) == (PAIRS,) * 4
