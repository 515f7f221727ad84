"""Entries of the trail in months of their own, and what an owner of the database could do to them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.trail import append
from accounts.trail.appending import LANES
from accounts.trail.verifying import Verdict, verify

KST = ZoneInfo("Asia/Seoul")
MONTH = date(2031, 3, 1)
NOON = datetime(2031, 3, 10, 12, tzinfo=KST)


def written(how_many: int, *, at: datetime = NOON, **more: object) -> list[tuple[date, int, int]]:
    """So many entries, a second apart; their months, lanes and numbers."""
    fields = {"kind": "VIEW", "page": "customers:customer-detail", "result": 200, "employee_number": "E1"} | more
    return [append(at=at + timedelta(seconds=second), **fields) for second in range(how_many)]


def lane_of(entries: list[tuple[date, int, int]]) -> int:
    """The lane that this process writes."""
    (lane,) = {lane for _month, lane, _number in entries}
    assert 0 <= lane < LANES
    return lane


def as_owner(statement: str, *values: object) -> None:
    """Run a statement with the guards of the trail switched off."""
    tables = ("accounts_accessentry", "accounts_trailanchor", "accounts_trailmonth")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found(verdict: Verdict | None = None) -> list[tuple[object, ...]]:
    """What is wrong with the months of 2031 and after: kind, and numbers or day."""
    verdict = verdict or verify()
    about = [fault for fault in verdict.faults if fault.month is None or fault.month.year > 2030]
    return [
        tuple(str(part) for part in (fault.kind, fault.number, fault.last, fault.day) if part is not None)
        for fault in about
    ]
