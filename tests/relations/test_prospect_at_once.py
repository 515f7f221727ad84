"""Two planners register the same person in the same second: exactly one gets the receipt."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from customers.models import Customer, SourceRecord
from relations.models import Prospect
from tests.relations.prospecting import planner

ROUNDS = 6
# What each process does: wait for the instant that both were given, then register person after person.
WORKER = """
import sys, time
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from accounts.models import Staff
from relations.services.prospects import Acquisition, register_prospect
by = Staff.objects.get(employee_number=sys.argv[1])
today = timezone.localdate()
given = Acquisition(
    path="EVENT", acquired_on=today, consented_on=today, method="PAPER", evidence="1",
    items=("name", "birth_date", "mobile"), expires_on=today + timedelta(days=90),
)
print("ready", flush=True)
sys.stdin.readline()
for turn in range(int(sys.argv[2])):
    cells = {"name": "한여름", "birth_date": f"199{turn}-07-08", "mobile": f"010-23{turn}5-6789"}
    done = register_prospect(cells=cells, acquisition=given, by=by, at=timezone.now())
    print("receipt" if done.prospect else done.answer.word, flush=True)
"""


def start(by: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, by.employee_number, str(ROUNDS)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=settings.BASE_DIR, env=dict(os.environ), **pipes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("master")
def test_two_planners_at_once_get_one_receipt_for_each_person():
    running = [start(planner()), start(planner())]
    for process in running:
        assert process.stdout.readline().strip() == "ready", process.stderr.read()

    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=120) for process in running]

    assert [process.returncode for process in running] == [0, 0], [err for _out, err in told]
    answers = [sorted(pair) for pair in zip(*(out.split() for out, _err in told), strict=True)]
    assert answers == [["EXISTS", "receipt"]] * ROUNDS
    assert Prospect.objects.count() == SourceRecord.objects.count() == Customer.objects.count() == ROUNDS
