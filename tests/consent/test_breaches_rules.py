"""What the law asks of a breach: a table of cases, each with its clause; and the clock to the minute."""

from datetime import date, datetime, timedelta

import pytest

from consent.numbers import NUMBERS
from consent.rules.breaches import Conditions, Facts, clock, duties
from tests.customers.builders import KST

NUMBERS_TODAY = {name: meaning.default for name, meaning in NUMBERS.items()}
DUE = datetime(2026, 11, 26, 9, tzinfo=KST)
BEFORE, AFTER = DUE - timedelta(hours=30), DUE + timedelta(seconds=1)
PLAIN = Facts(
    kind="LEAK", affected=10, listed=10, untold=10, unreached=0, has_sensitive=False, by_hacking=False,
    has_credit_data=False, reported_at=None, posted_on=None, due_at=DUE,
)  # fmt: skip
# what is changed, when, {duty: (is met, is late)}
CASES = [
    # 개인정보 보호법 제34조 제1항, 시행령 제39조: told within 72 hours
    ({}, BEFORE, {"TELL": (False, False)}),
    ({}, DUE, {"TELL": (False, False)}),
    ({}, AFTER, {"TELL": (False, True)}),
    ({"untold": 0}, BEFORE, {"TELL": (True, False)}),
    ({"untold": 1}, AFTER, {"TELL": (False, True)}),
    # 시행령 제39조 제3항: who cannot be reached is told by 30 days on the website
    ({"untold": 0, "unreached": 1}, BEFORE, {"TELL": (True, False), "POST": (False, False)}),
    ({"untold": 0, "unreached": 1}, AFTER, {"TELL": (True, False), "POST": (False, True)}),
    (
        {"untold": 0, "unreached": 1, "posted_on": date(2026, 11, 25)},
        datetime(2026, 12, 24, 23, 59, tzinfo=KST),
        {"TELL": (True, False), "POST": (False, False)},
    ),
    (
        {"untold": 0, "unreached": 1, "posted_on": date(2026, 11, 25)},
        datetime(2026, 12, 25, tzinfo=KST),
        {"TELL": (True, False), "POST": (True, False)},
    ),
    ({"listed": 0, "untold": 0}, BEFORE, {"TELL": (False, False), "POST": (False, False)}),
    (
        {"listed": 0, "untold": 0, "posted_on": date(2026, 11, 24)},
        AFTER,
        {"TELL": (True, False), "POST": (False, False)},
    ),
    # 개인정보 보호법 제34조 제3항, 시행령 제40조: reported at 1,000 people, sensitive data, or from outside
    ({"affected": 999}, BEFORE, {"TELL": (False, False)}),
    ({"affected": 1_000}, BEFORE, {"TELL": (False, False), "REPORT": (False, False)}),
    ({"affected": 1_000}, AFTER, {"TELL": (False, True), "REPORT": (False, True)}),
    ({"has_sensitive": True, "affected": 1}, BEFORE, {"TELL": (False, False), "REPORT": (False, False)}),
    ({"by_hacking": True, "affected": 1}, BEFORE, {"TELL": (False, False), "REPORT": (False, False)}),
    ({"by_hacking": True, "reported_at": DUE}, AFTER, {"TELL": (False, True), "REPORT": (True, False)}),
    ({"by_hacking": True, "reported_at": AFTER}, AFTER, {"TELL": (False, True), "REPORT": (True, True)}),
    # 신용정보법 제39조의4, 시행령 제34조의4: 10,000 people's credit information, and posted publicly
    ({"has_credit_data": True, "affected": 9_999}, BEFORE, {"TELL": (False, False), "REPORT": (False, False)}),
    (
        {"has_credit_data": True, "affected": 10_000},
        BEFORE,
        {"TELL": (False, False), "REPORT": (False, False), "REPORT_CREDIT": (False, False), "POST": (False, False)},
    ),
    # 개인정보 보호법 제34조 제2항: a possible leak is confirmed or cleared later
    ({"kind": "POSSIBLE", "untold": 0}, BEFORE, {"TELL": (True, False), "CONFIRM": (False, False)}),
]


@pytest.mark.parametrize(("changed", "now", "expected"), CASES)
def test_duties_of_a_breach(changed, now, expected):
    facts = PLAIN._replace(**changed)

    found = duties(facts, now, now.date(), NUMBERS_TODAY)

    assert {duty.code: (duty.is_met, duty.is_late) for duty in found} == expected
    assert all(duty.clause for duty in found)


@pytest.mark.parametrize(
    ("now", "level", "hours"),
    [
        (DUE - timedelta(hours=72), "CALM", 72),
        (DUE - timedelta(hours=24, minutes=1), "CALM", 24),
        (DUE - timedelta(hours=24), "FIRST", 24),
        (DUE - timedelta(hours=6, minutes=1), "FIRST", 6),
        (DUE - timedelta(hours=6), "LAST", 6),
        (DUE, "LAST", 0),
        (AFTER, "OVER", 0),
        (DUE + timedelta(hours=3), "OVER", 3),
    ],
)
def test_the_clock_of_a_breach(now, level, hours):
    ticks = clock(DUE, now, NUMBERS_TODAY)

    assert (ticks.level, ticks.hours) == (level, hours)


def test_conditions_are_kept_as_words_and_read_by_days():
    conditions = Conditions(DUE, DUE + timedelta(days=2, hours=1), staff=("E1",), kinds=("VIEW", "LIST"))

    assert Conditions.read(conditions.written()) == conditions
    assert [(end - start).total_seconds() / 3600 for start, end in conditions.days()] == [24, 24, 1]
