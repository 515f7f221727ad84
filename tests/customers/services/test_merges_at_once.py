"""Two processes that merge the same customers at the same time, and a merge that is killed: whole or not at all."""

import os
import subprocess
import sys
from collections import Counter

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from customers.models import Customer, Link, Merge, MovedChild
from customers.services import locks, merges
from tests.accounts.builders import make_staff
from tests.customers.builders import feed, person
from tests.customers.stewarding import NAMES
from tests.snapshots import MASTER

ROUNDS = 200
# What each process does: merge a random pair of customers, or take a random merge back, and tell how it went.
WORKER = """
import random, sys
import django
django.setup()
from django.utils import timezone
from accounts.models import Staff
from customers.models import Customer
from customers.services import locks, merges, unmerges
draw, by = random.Random(int(sys.argv[1])), Staff.objects.get()
REFUSALS = (merges.NotActive, unmerges.NotMerged, locks.StockBusy)
for _turn in range(int(sys.argv[2])):
    one, other = draw.sample(list(Customer.objects.order_by("pk")), 2)
    try:
        if one.state == "MERGED" and draw.random() < 0.5:
            unmerges.unmerge_customer(retired=one, by=by, at=timezone.now(), answers={})
            print("unmerged")
        else:
            merges.merge_customers(survivor=one, retired=[other], by=by, at=timezone.now(), is_approved=True)
            print("merged")
    except REFUSALS as refusal:
        print(type(refusal).__name__)
"""


@pytest.fixture
def people(transactional_db: None) -> list[Customer]:
    """Eight customers of two records each, and a steward, in a database that other processes see."""

    MASTER.put()
    make_staff("DATA_STEWARD")
    for source in ("POLICY", "TM"):
        feed(
            [
                person(source_key=f"K{n}", name=name, birth_date=f"19{60 + n}-03-02", mobile=f"0102222000{n}")
                for n, name in enumerate(NAMES)
            ],
            source,
        )
    return list(Customer.objects.order_by("pk"))


def start(seed: int, rounds: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(seed), str(rounds)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=settings.BASE_DIR, env=dict(os.environ), **pipes)


def is_whole() -> bool:
    """Whether every record has a customer that is active, each number is there once, and every retired customer has
    just the one merge that retired it."""
    links = Link.objects.count() == 16 and not Link.objects.exclude(customer__state="ACTIVE").exists()
    retired = set(Customer.objects.filter(state="MERGED").values_list("pk", flat=True))
    in_force = Counter(Merge.objects.filter(ended_by=None).values_list("retired", flat=True))
    golden = all(each.record_count == each.links.count() > 0 for each in Customer.objects.filter(state="ACTIVE"))
    return links and golden and Customer.objects.count() == 8 and in_force == Counter(retired)


def test_two_processes_that_merge_the_same_customers_are_never_in_each_others_way(people):
    workers = [start(seed, ROUNDS // 2) for seed in (1, 2)]

    told = [worker.communicate(timeout=240) for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0], told
    outcomes = Counter(line for out, _error in told for line in out.splitlines())
    assert outcomes.total() == ROUNDS
    assert outcomes["merged"] > 10 and outcomes["unmerged"] > 10
    assert set(outcomes) <= {"merged", "unmerged", "NotActive", "NotMerged"}
    assert is_whole()


def test_a_merge_that_is_killed_before_its_end_has_done_nothing(people):
    one, other = people[:2]
    before = (sorted(Link.objects.values_list("record", "customer")), MovedChild.objects.count())
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as blocker:
        # The last thing of a merge is its events: whoever holds their counter holds it up when all else is done.
        blocker.execute("BEGIN")
        blocker.execute("SELECT * FROM customers_eventcounter FOR UPDATE")
        worker = start(1, 1)
        held_up = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as observer:
            until = timezone.now().timestamp() + 30
            while not observer.execute(held_up).fetchone()[0]:
                assert timezone.now().timestamp() < until, worker.poll()
        worker.kill()
        worker.communicate(timeout=30)
        blocker.execute("ROLLBACK")

    assert (sorted(Link.objects.values_list("record", "customer")), MovedChild.objects.count()) == before
    merges.merge_customers(survivor=one, retired=[other], by=make_staff(), at=timezone.now(), is_approved=True)
    assert is_whole()


def test_whoever_waits_too_long_for_the_stock_is_told_so(people, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", "50ms")
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [locks.GOLDEN_LOCK])

        with pytest.raises(locks.StockBusy):
            merges.merge_customers(survivor=people[0], retired=[people[1]], by=make_staff(), at=timezone.now())

    assert is_whole()
