"""What comes first, when it is done, what is owed a week."""

from datetime import date, timedelta

import pytest

from consent.rules.cleanup import first_of, forecast, weekly_quota

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("now", "before", "per_week", "done_on"),
    [
        (0, 0, 0, DAY),
        (0, 28, 7, DAY),
        (28, 56, 7, DAY + timedelta(days=28)),
        (1, 29, 7, DAY + timedelta(days=1)),
        (100, 99, -0.25, None),
        (100, 100, 0, None),
        (100_000, 100_001, 0.25, None),
        (130, 131, 0.25, DAY + timedelta(days=3_640)),
    ],
)
def test_the_forecast_goes_on_as_in_the_last_28_days(now, before, per_week, done_on):
    assert forecast(now, before, DAY) == (now, per_week, done_on)


@pytest.mark.parametrize(
    ("due", "owed"),
    [
        ({}, 0),
        ({DAY + timedelta(days=69): 100}, 10),
        ({DAY + timedelta(days=69): 1}, 1),
        ({DAY: 3}, 3),
        ({DAY - timedelta(days=30): 3}, 3),
        ({DAY + timedelta(days=13): 20, DAY + timedelta(days=69): 5}, 10),
        ({DAY + timedelta(days=13): 2, DAY + timedelta(days=69): 98}, 10),
    ],
)
def test_the_quota_settles_every_deadline_in_time(due, owed):
    assert weekly_quota(due, DAY) == owed


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        ([], None),
        (["ASK_CONSENT", "VERIFY_NAME"], "VERIFY_NAME"),
        (["VERIFY_NAME", "GUARDIAN"], "GUARDIAN"),
        (["RECONFIRM", "OF_AGE", "ASK_CONSENT"], "ASK_CONSENT"),
        (["RECONFIRM"], "RECONFIRM"),
    ],
)
def test_one_thing_is_asked_first(kinds, first):
    assert first_of(kinds) == first
