"""The days of the rights desk, as tables of cases that name their clause."""

from datetime import date

import pytest

from consent.models import RightsRequest
from consent.numbers import NUMBERS
from consent.rules import rights
from consent.rules.rights import CannotPutOff, Clock, NotPutOff

NUMBERS_NOW = {name: meaning.default for name, meaning in NUMBERS.items()}
DUE = [
    ("ACCESS", date(2026, 11, 23), date(2026, 12, 3), "개인정보 보호법 시행령 제41조 제4항"),
    ("ACCESS", date(2026, 12, 29), date(2027, 1, 8), "over the end of the year"),
    ("ACCESS", date(2028, 2, 20), date(2028, 3, 1), "over 29 February"),
    ("ACCESS", date(2027, 2, 20), date(2027, 3, 2), "over 28 February"),
    ("CORRECTION", date(2026, 11, 23), date(2026, 12, 3), "개인정보 보호법 시행령 제43조"),
    ("DELETION", date(2026, 11, 23), date(2026, 12, 3), "개인정보 보호법 시행령 제43조"),
    ("CREDIT_CORRECTION", date(2026, 11, 23), date(2026, 11, 30), "신용정보법 제38조"),
    ("STOP", date(2026, 11, 23), date(2026, 12, 3), "개인정보 보호법 시행령 제44조 제2항"),
    ("WITHDRAWAL", date(2026, 11, 23), date(2026, 11, 23), "개인정보 보호법 제37조 제3항: without delay"),
    ("HISTORY", date(2026, 11, 23), date(2026, 12, 3), "신용정보법 제35조"),
    ("PORTABILITY", date(2026, 11, 23), date(2026, 12, 3), "개인정보 보호법 제35조의2"),
    ("AUTOMATED", date(2026, 11, 23), date(2026, 12, 23), "개인정보 보호법 시행령 제44조의3"),
]
PUT_OFF = [
    ("AUTOMATED", 0, None, date(2027, 1, 2)),
    ("AUTOMATED", 1, None, date(2027, 1, 2)),
    ("AUTOMATED", 2, None, NotPutOff.USED_UP),
    ("AUTOMATED", 0, date(2026, 12, 4), date(2027, 1, 2)),
    ("ACCESS", 0, date(2026, 12, 4), date(2026, 12, 4)),
    ("ACCESS", 0, date(2027, 1, 2), date(2027, 1, 2)),
    ("ACCESS", 0, date(2027, 1, 3), NotPutOff.TOO_LONG),
    ("ACCESS", 0, date(2026, 12, 3), NotPutOff.NOT_LATER),
    ("ACCESS", 0, None, NotPutOff.NO_DAY),
    ("ACCESS", 1, date(2026, 12, 4), NotPutOff.USED_UP),
    ("DELETION", 0, date(2026, 12, 4), date(2026, 12, 4)),
    ("WITHDRAWAL", 0, date(2026, 12, 4), NotPutOff.NEVER),
    ("CREDIT_CORRECTION", 0, date(2026, 12, 4), NotPutOff.NEVER),
]
CLOCKS = [
    ("RECEIVED", -1, Clock(-1, "red")),
    ("RECEIVED", 0, Clock(0, "yellow")),
    ("ACCEPTED", 2, Clock(2, "yellow")),
    ("ACCEPTED", 3, Clock(3, "secondary")),
    ("ANSWERED", -9, Clock(-9, "")),
]
OUTCOMES = [
    ([], None),
    (["OPEN"], None),
    (["GRANTED", "OPEN"], None),
    (["GRANTED"], "ANSWERED"),
    (["REFUSED", "GRANTED"], "ANSWERED"),
    (["REFUSED", "REFUSED"], "REFUSED"),
]


@pytest.mark.parametrize(("kind", "received", "due", "clause"), DUE)
def test_a_request_is_due_in_calendar_days(kind, received, due, clause):
    assert rights.due_on(kind, received, NUMBERS_NOW) == due, clause


def test_every_kind_has_its_period():
    assert set(rights.PERIODS) == set(RightsRequest.Kind.values)
    assert set(rights.PERIODS.values()) <= set(NUMBERS)


@pytest.mark.parametrize(("kind", "times", "wanted", "expected"), PUT_OFF)
def test_a_request_is_put_off_within_its_limits(kind, times, wanted, expected):
    due = date(2026, 12, 3)

    try:
        found = rights.put_off(kind, due, times, NUMBERS_NOW, wanted)
    except CannotPutOff as refused:
        found = refused.reason

    assert found == expected


@pytest.mark.parametrize(("state", "left", "expected"), CLOCKS)
def test_the_clock_is_red_when_it_is_late_and_yellow_for_two_days(state, left, expected):
    today = date(2026, 11, 23)

    assert rights.clock(state, date.fromordinal(today.toordinal() + left), today) == expected


@pytest.mark.parametrize(("decisions", "expected"), OUTCOMES)
def test_a_request_comes_to_what_its_items_came_to(decisions, expected):
    assert rights.outcome(decisions) == expected
