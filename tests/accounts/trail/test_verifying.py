"""The trail is whole, or it is told what was done to it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import AccessEntry, TrailAnchor
from accounts.services import trail
from accounts.trail import appending
from accounts.trail.verifying import Fault, verify
from tests.accounts.trail.entries import KST, MONTH, NOON, as_owner, found, lane_of, written

pytestmark = pytest.mark.django_db
ENTRY = "UPDATE accounts_accessentry SET {} WHERE month = '2031-03-01' AND number = %s"
DELETE = "DELETE FROM accounts_accessentry WHERE month = '2031-03-01' AND number "
SWAP = (
    "UPDATE accounts_accessentry one SET {} FROM accounts_accessentry other WHERE one.month = '2031-03-01' AND "
    "other.month = '2031-03-01' AND (one.number, other.number) IN ((%s, %s), (%s, %s))"
)
CONTENT = ("at", "employee_number", "address", "target", "customers", "count")


def next_day(day: datetime) -> datetime:
    return day + timedelta(days=1)


def test_what_was_written_is_whole():
    written(5, customers=[3, 1, 2], items=["rrn"], conditions='{"q": "김"}', address="10.0.0.1", staff_id=7)
    written(1, target="null\0 and \x1f and \ud800", items=["a,b"])

    verdict = verify(first=MONTH, last=MONTH + timedelta(days=30))

    assert (verdict.faults, verdict.entries, verdict.chains) == ((), 6, 1)


@pytest.mark.parametrize(
    "change",
    [
        "employee_number = 'E2'",
        "at = at + interval '1 microsecond'",
        "customers = '{}'",
        "customers = '{1,NULL}'",
        "items = '{NULL}'",
        "staff_id = 8",
        "count = 2",
        "result = 403",
        "hash = decode(repeat('00', 32), 'hex')",
    ],
)
def test_a_changed_entry_is_found(change):
    written(9, customers=[1], count=1)

    as_owner(ENTRY.format(change), 4)

    assert found() == [("CHANGED", "4")]


def test_a_change_that_moves_the_bounds_of_two_columns_is_found():
    written(3, address="", target="x")
    as_owner("ALTER TABLE accounts_accessentry ALTER session DROP NOT NULL")

    as_owner(ENTRY.format("address = E'\\x1f', session = NULL"), 2)

    assert found() == [("CHANGED", "2")]


def test_the_last_entry_changed_is_found():
    written(3)

    as_owner(ENTRY.format("reason = 'x'"), 3)

    assert found() == [("CHANGED", "3")]


@pytest.mark.parametrize(
    ("which", "faults"),
    [
        ("= 4", [("DELETED", "4", "4")]),
        ("= 1", [("DELETED", "1", "1")]),
        ("BETWEEN 2 AND 5", [("DELETED", "2", "5")]),
        ("> 7", [("DELETED", "8", "9")]),
        ("IN (2, 6)", [("DELETED", "2", "2"), ("DELETED", "6", "6")]),
        ("> 0", [("TRUNCATED", "1", "9")]),
    ],
)
def test_deleted_entries_are_found(which, faults):
    written(9)

    as_owner(DELETE + which)

    assert found() == faults


def test_an_entry_put_in_between_is_found():
    lane = lane_of(written(9))
    as_owner("UPDATE accounts_accessentry SET number = number + 100 WHERE month = '2031-03-01' AND number > 4")
    as_owner("UPDATE accounts_accessentry SET number = number - 99 WHERE month = '2031-03-01' AND number > 104")

    as_owner(
        "INSERT INTO accounts_accessentry (month, lane, number, at, kind, page, result, hash) "
        "VALUES ('2031-03-01', %s, 5, '2031-03-10 12:00+09', 'VIEW', 'x', 200, '')",
        lane,
    )

    assert found() == [("INSERTED", "5")]


def test_an_entry_put_behind_the_end_is_found():
    lane = lane_of(written(3))

    as_owner(
        "INSERT INTO accounts_accessentry (month, lane, number, at, kind, page, result, hash) "
        "VALUES ('2031-03-01', %s, 4, '2031-03-10 12:00+09', 'VIEW', 'x', 200, '')",
        lane,
    )

    assert found() == [("INSERTED", "4")]


@pytest.mark.parametrize(("one", "other"), [(3, 7), (3, 4), (1, 9), (8, 9)])
@pytest.mark.parametrize("columns", [CONTENT, (*CONTENT, "hash")])
def test_swapped_entries_are_found(one, other, columns):
    for number in range(9):
        written(1, at=NOON + timedelta(minutes=number), customers=[number], target=f"number={number}")

    as_owner(SWAP.format(", ".join(f"{name} = other.{name}" for name in columns)), one, other, other, one)

    assert found() == [("SWAPPED", str(one)), ("SWAPPED", str(other))]


def test_a_truncated_month_is_found():
    written(5)

    as_owner("ALTER TABLE accounts_accessentry_2031_03 DISABLE TRIGGER ALL; TRUNCATE accounts_accessentry_2031_03")

    assert found() == [("TRUNCATED", "1", "5")]


def test_a_month_that_is_gone_with_its_head_is_known_by_the_anchor():
    written(5)
    trail.anchor_day(day=NOON.date(), at=next_day(NOON))

    as_owner("DROP TABLE accounts_accessentry_2031_03")
    as_owner("DELETE FROM accounts_trailhead WHERE month = '2031-03-01'")

    assert ("MONTH", "1", "5") in found()


def test_entries_cut_off_with_the_head_set_back_are_known_by_the_anchor():
    written(5)
    trail.anchor_day(day=NOON.date(), at=next_day(NOON))

    as_owner(DELETE + "> 3")
    as_owner(
        "UPDATE accounts_trailhead head SET number = 3, hash = entry.hash FROM accounts_accessentry entry "
        "WHERE head.month = '2031-03-01' AND entry.month = head.month AND entry.number = 3"
    )

    assert found() == [("DELETED", "4", "5"), ("HEAD", "3")]


def test_a_head_that_is_not_the_end_is_found():
    written(5)

    as_owner("UPDATE accounts_trailhead SET hash = '' WHERE month = '2031-03-01'")

    assert found() == [("HEAD", "5")]


def test_a_chain_without_its_head_is_found():
    written(5)

    as_owner("DELETE FROM accounts_trailhead WHERE month = '2031-03-01'")

    assert found() == [("HEAD", "0")]


def three_days() -> None:
    """Two entries on each of three days, each day anchored the day after."""
    for ahead in range(3):
        at = NOON + timedelta(days=ahead)
        written(2, at=at)
        trail.anchor_day(day=at.date(), at=next_day(at))


def test_all_entries_of_a_day_gone_is_a_missing_day():
    three_days()

    as_owner(DELETE + "IN (3, 4)")

    assert found() == [("MISSING_DAY", "3", "4", "2031-03-11")]


def test_a_day_without_anchors_between_others_is_found():
    three_days()

    as_owner("DELETE FROM accounts_trailanchor WHERE day = '2031-03-11'")

    assert found() == [("MISSING_DAY", "2031-03-11")]


def test_an_anchor_that_was_changed_is_found():
    three_days()

    as_owner("UPDATE accounts_trailanchor SET number = 3 WHERE day = '2031-03-11' AND month = '2031-03-01'")

    assert found() == [("ANCHOR", "3", "2031-03-11")]


def test_one_anchor_of_a_day_taken_away_is_found():
    written(1, at=datetime(2031, 2, 28, 12, tzinfo=KST))
    written(1)
    trail.anchor_day(day=NOON.date(), at=next_day(NOON))

    as_owner("DELETE FROM accounts_trailanchor WHERE day = '2031-03-10' AND month = '2031-02-01'")

    assert found() == [("ANCHOR", "1", "2031-03-10")]


def test_a_day_is_read_from_the_anchor_before_it_to_its_own():
    three_days()

    verdict = verify(first=date(2031, 3, 11), last=date(2031, 3, 11))

    assert (verdict.entries, verdict.faults) == (2, ())


def test_a_fault_outside_the_day_is_not_looked_for():
    three_days()
    as_owner(ENTRY.format("page = 'x'"), 1)
    day = date(2031, 3, 11)

    assert (found(verify(first=day, last=day)), found(verify(last=date(2031, 3, 10)))) == ([], [("CHANGED", "1")])


def test_a_clock_set_back_over_midnight_and_month_leaves_the_trail_whole():
    for at in (
        datetime(2031, 4, 1, 0, 0, 1, tzinfo=KST),
        datetime(2031, 3, 31, 23, 59, 58, tzinfo=KST),
        datetime(2031, 4, 1, 0, 0, 2, tzinfo=KST),
        datetime(2031, 3, 30, 12, tzinfo=KST),
    ):
        written(2, at=at)
    for day in (30, 31):
        trail.anchor_day(day=date(2031, 3, day), at=datetime(2031, 4, 2, tzinfo=KST))
    written(1, at=datetime(2031, 3, 29, tzinfo=KST))

    assert found() == []
    assert sorted(AccessEntry.objects.filter(month__year=2031).values_list("month__month", "number")) == [
        *((3, number) for number in range(1, 6)),
        *((4, number) for number in range(1, 5)),
    ]


def test_faults_without_end_are_not_counted_to_the_end(monkeypatch):
    monkeypatch.setattr("accounts.trail.walking.MOST_SUSPECTS", 3)
    monkeypatch.setattr("accounts.trail.verifying.BATCH", 2)
    written(9)

    as_owner("UPDATE accounts_accessentry SET page = 'x' WHERE month = '2031-03-01'")

    assert found() == [("CHANGED", "1"), ("CHANGED", "2"), ("CHANGED", "3"), ("CHANGED", "4")]


def test_progress_is_told_batch_by_batch(monkeypatch):
    monkeypatch.setattr("accounts.trail.verifying.BATCH", 2)
    written(5)
    told: list[tuple[int, int]] = []

    verify(first=MONTH, last=MONTH, on_progress=lambda done, total: told.append((done, total)))

    assert told == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_accessentry SET page = 'x'",
        "DELETE FROM accounts_accessentry",
        "TRUNCATE accounts_accessentry",
        "TRUNCATE accounts_accessentry_2031_03",
        "UPDATE accounts_accessentry_2031_03 SET page = 'x'",
        "DELETE FROM accounts_accessentry_2031_03",
        "UPDATE accounts_trailanchor SET number = 1",
        "DELETE FROM accounts_trailanchor",
        "TRUNCATE accounts_trailanchor",
    ],
)
def test_even_the_owner_changes_nothing_by_mistake(statement):
    written(1)
    trail.anchor_day(day=NOON.date(), at=next_day(NOON))

    with pytest.raises(Exception, match="append-only") as refusal, connection.cursor() as cursor:
        cursor.execute(statement)

    assert "InsufficientPrivilege" in type(refusal.value.__cause__).__name__


def test_an_entry_falls_with_the_transaction_that_holds_it_and_the_chain_goes_on():
    from django.db import transaction

    written(2)
    with transaction.atomic():
        written(2)
        transaction.set_rollback(True)
    written(1)

    assert (found(), AccessEntry.objects.filter(month=MONTH).count()) == ([], 3)


def test_another_writer_of_the_lane_is_noticed():
    lane = lane_of(written(2))
    stale = dict(appending._ends)
    written(2)
    appending._ends.update(stale)

    written(1)

    assert (found(), lane_of(written(1))) == ([], lane)


def test_a_forged_note_of_a_dropped_month_is_found():
    written(2)

    as_owner("DROP TABLE accounts_accessentry_2031_03")
    as_owner("INSERT INTO accounts_trailmonth VALUES ('2031-03-01', 2, now(), '')")

    assert verify(first=MONTH, last=MONTH).faults[0] == Fault("MONTH", MONTH)
    assert TrailAnchor.objects.filter(month=MONTH).count() == 0
