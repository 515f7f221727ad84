"""Anchors by day, tables by month, and the rights of the role of the application."""

import os
import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import tasks
from accounts.models import AccessEntry, TrailAnchor, TrailHead, TrailMonth
from accounts.services import trail
from accounts.trail import TrailUnavailable, append, check_available
from accounts.trail.verifying import months_with_tables, verify
from tests.accounts.trail.entries import KST, MONTH, NOON, as_owner, found, lane_of, written

ROLE = "hannun_test_application"


@pytest.mark.django_db
def test_anchor_day_signs_where_the_day_ended():
    written(3)
    written(2, at=NOON + timedelta(days=1))

    made = trail.anchor_day(day=NOON.date(), at=NOON + timedelta(days=1))

    assert [(each.day, each.month, each.number) for each in made if each.month == MONTH] == [(NOON.date(), MONTH, 3)]
    assert trail.anchor_day(day=NOON.date(), at=NOON + timedelta(days=2)) == []
    assert found() == []


@pytest.mark.django_db
def test_anchor_day_refuses_a_day_that_is_not_over():
    with pytest.raises(trail.DayNotOver):
        trail.anchor_day(day=NOON.date(), at=NOON)


@pytest.mark.django_db
def test_anchor_days_makes_up_for_days_that_were_missed():
    written(1)
    trail.anchor_days(at=NOON + timedelta(days=1))

    done = trail.anchor_days(at=NOON + timedelta(days=4))

    assert (done, trail.anchor_days(at=NOON + timedelta(days=4))) == (3, 0)
    days = TrailAnchor.objects.filter(month=MONTH).order_by("day").values_list("day", flat=True)
    assert [day.day for day in days] == [10, 11, 12, 13]


@pytest.mark.django_db
def test_a_quiet_new_month_is_anchored_by_the_months_before():
    written(1)

    made = trail.anchor_day(day=date(2031, 6, 5), at=datetime(2031, 6, 6, tzinfo=KST))

    assert [each.month for each in made][-1] == MONTH


@pytest.mark.django_db
def test_the_digest_of_a_day_is_logged(caplog):
    written(1)

    trail.anchor_day(day=NOON.date(), at=NOON + timedelta(days=1))

    assert "The trail of 2031-03-10 is anchored" in caplog.text


@pytest.mark.django_db
def test_open_months_opens_this_month_and_the_next_two():
    months = trail.open_months(at=datetime(2031, 11, 30, 23, 59, tzinfo=KST))

    assert months == [date(2031, 11, 1), date(2031, 12, 1), date(2032, 1, 1)]
    assert months_with_tables() >= set(months)


@pytest.mark.django_db
def test_drop_months_leaves_a_signed_note(settings):
    settings.TRAIL_YEARS = 5
    written(4)

    kept = trail.drop_months(at=datetime(2036, 3, 31, tzinfo=KST))
    dropped = trail.drop_months(at=datetime(2036, 4, 1, tzinfo=KST))

    assert [(each.month, each.count) for each in (*kept, *dropped) if each.month == MONTH] == [(MONTH, 4)]
    assert dropped[-1].month == MONTH
    assert TrailMonth.objects.get(month=MONTH).count == 4
    assert (MONTH in months_with_tables(), AccessEntry.objects.filter(month=MONTH).count()) == (False, 0)
    assert found() == []


@pytest.mark.django_db
def test_the_tasks_may_run_at_any_time():
    for _time in range(2):
        tasks.anchor_trail()
        tasks.keep_trail_months()

    assert verify().faults == ()


@pytest.fixture
def role(db: None) -> str:
    """A role that may do everything with the tables, as a careless installation grants it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
        cursor.execute(f"GRANT {ROLE} TO CURRENT_USER")
    return ROLE


def as_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


def test_a_secured_role_adds_to_the_trail_even_in_a_new_month(role):
    trail.secure_trail(role=role)
    as_role(role)

    written(2)
    written(1, at=datetime(2033, 7, 1, 12, tzinfo=KST))
    trail.open_months(at=datetime(2034, 1, 1, tzinfo=KST))
    made = trail.anchor_day(day=NOON.date(), at=NOON + timedelta(days=1))

    assert (found(), made[-1].month) == ([], MONTH)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_accessentry SET page = 'x'",
        "DELETE FROM accounts_accessentry",
        "TRUNCATE accounts_accessentry",
        "UPDATE accounts_accessentry_2031_03 SET page = 'x'",
        "TRUNCATE accounts_accessentry_2031_03",
        "DROP TABLE accounts_accessentry_2031_03",
        "ALTER TABLE accounts_accessentry DISABLE TRIGGER USER",
        "DELETE FROM accounts_trailhead",
        "DELETE FROM accounts_trailanchor",
        "UPDATE accounts_rightschange SET kind = ''",
        "TRUNCATE accounts_trailmonth",
    ],
)
def test_a_secured_role_changes_nothing(role, statement):
    written(1)
    trail.secure_trail(role=role)
    as_role(role)

    with pytest.raises(DatabaseError, match="permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_secured_role_cannot_drop_a_month_and_is_told(role, caplog):
    written(1, at=datetime(2015, 3, 1, 12, tzinfo=KST))
    trail.secure_trail(role=role)
    as_role(role)

    tasks.keep_trail_months()
    with pytest.raises(CommandError):
        call_command("drop_trail_months")

    assert "drop_trail_months as their owner" in caplog.text
    assert date(2015, 3, 1) in months_with_tables()


def test_secure_trail_refuses_whom_nothing_can_be_taken_from(role, capsys):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()

    for name in (owner, "nobody_at_all"):
        with pytest.raises(CommandError):
            call_command("secure_trail", role=name)
    call_command("secure_trail", role=role)

    assert role in capsys.readouterr().out


@pytest.mark.django_db
def test_without_a_right_to_add_the_trail_is_unavailable(role):
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE INSERT ON accounts_accessentry FROM {role}")
    as_role(role)

    with pytest.raises(TrailUnavailable), transaction.atomic():
        append(at=NOON, kind="VIEW", page="x", result=200)
    with pytest.raises(TrailUnavailable), transaction.atomic():
        check_available(NOON)


@pytest.mark.django_db
def test_without_its_tables_the_trail_is_unavailable():
    as_owner("ALTER TABLE accounts_trailhead RENAME TO elsewhere")

    with pytest.raises(TrailUnavailable), transaction.atomic():
        check_available(NOON)


WRITER = """
import django; django.setup()
from datetime import datetime, UTC
from accounts.trail import append, appending
appending.LANES = 1
for number in range(150):
    append(at=datetime(2031, 9, 1, 3, tzinfo=UTC), kind="VIEW", page=str(number), result=200)
"""


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_one_lane_at_once_leave_no_gap_and_no_double():
    month = date(2031, 9, 1)
    before = TrailHead.objects.filter(month=month, lane=0).values_list("number", flat=True).first() or 0
    command = [sys.executable, "-c", WRITER]
    running = [subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ) for _process in range(3)]

    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]

    numbers = list(AccessEntry.objects.filter(month=month, lane=0).order_by("number").values_list("number", flat=True))
    assert numbers[before:] == list(range(before + 1, before + 451))
    assert verify(first=month, last=month).faults == ()


@pytest.mark.django_db
def test_verify_trail_tells_each_fault_in_a_line(capsys):
    lane = lane_of(written(9))
    call_command("verify_trail", "--day", "2031-03-10")
    whole = capsys.readouterr().out

    as_owner("DELETE FROM accounts_accessentry WHERE month = '2031-03-01' AND number IN (3, 4)")
    with pytest.raises(CommandError, match="1"):
        call_command("verify_trail", "--from", "2031-03-01", "--to", "2031-03-31")
    told = capsys.readouterr().out

    assert "9" in whole
    assert told.splitlines()[0].startswith("2031-03 · ")
    assert ("DELETED" in told, f"{lane}" in told) == (True, True)


@pytest.mark.django_db
def test_verify_trail_answers_as_json(capsys):
    import json

    lane = lane_of(written(2))
    as_owner("UPDATE accounts_accessentry SET page = 'x' WHERE month = '2031-03-01' AND number = 1")
    with pytest.raises(CommandError):
        call_command("verify_trail", "--day", "2031-03-10", "--json")

    verdict = json.loads(capsys.readouterr().out)
    fault = {"kind": "CHANGED", "month": "2031-03", "lane": lane, "number": 1, "last": None, "day": None}
    assert verdict == {"faults": [fault], "entries": 2, "chains": 1, "anchored_until": verdict["anchored_until"]}


@pytest.mark.parametrize("words", [("--day", "yesterday"), ("--from", "2031-03-02", "--to", "2031-03-01")])
def test_verify_trail_refuses_days_that_are_none(words):
    with pytest.raises(CommandError):
        call_command("verify_trail", *words)
