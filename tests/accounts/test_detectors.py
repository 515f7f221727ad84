from datetime import date

import pytest

from accounts.models import Staff
from accounts.reviews.detecting import Found, detectors
from accounts.reviews.robust import Crowd, crowd_of
from accounts.reviews.workdays import is_working_day, month_after, month_before, working_days_after
from tests.accounts.builders import make_branch, make_staff
from tests.accounts.trails import saw_them

DAY = date(2031, 3, 5)  # a Wednesday
NOON = "2031-03-05 12:00"
HOLIDAYS = {date(2031, 3, 3)}


@pytest.mark.parametrize(
    ("day", "works"), [(date(2031, 3, 1), False), (date(2031, 3, 3), False), (date(2031, 3, 4), True)]
)
def test_working_days_leave_out_weekends_and_holidays(day, works):
    assert is_working_day(day, HOLIDAYS) is works


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2031, 3, 4), 1, date(2031, 3, 5)),
        (date(2031, 3, 4), 5, date(2031, 3, 11)),
        (date(2031, 2, 28), 1, date(2031, 3, 4)),  # a Friday before a weekend and a holiday
    ],
)
def test_working_days_after_counts_working_days_only(day, count, due):
    assert working_days_after(day, count, HOLIDAYS) == due


def test_months_before_and_after_cross_the_year():
    assert (month_before(date(2031, 1, 31)), month_after(date(2031, 12, 31))) == (date(2030, 12, 1), date(2032, 1, 1))


@pytest.mark.parametrize(
    ("numbers", "crowd"),
    [
        ([10, 10, 10], Crowd(10, 2.5, 3)),
        ([0, 0, 0, 400], Crowd(0, 1.0, 4)),
        ([80, 90, 100, 110, 120], Crowd(100, 25.0, 5)),
        ([20, 60, 100, 140, 180], Crowd(100, 40 * 1.4826, 5)),
    ],
)
def test_a_crowd_is_not_moved_by_one_that_stands_out(numbers, crowd):
    assert crowd_of(numbers) == crowd


def found(code: str, day: date = DAY) -> list[Found]:
    return sorted(detectors()[code].find(day), key=lambda one: one.staff_id)


def said(code: str, one: Found) -> str:
    return detectors()[code].explain(one.facts)


@pytest.fixture
def colleagues(db: None) -> list[Staff]:
    """Six planners of a branch who saw 10 customers each at noon of the day."""
    branch = make_branch()
    staff = [make_staff("FP", branch=branch) for _number in range(6)]
    for one in staff:
        saw_them(one, NOON, range(1, 11))
    return staff


def test_volume_compares_with_colleagues_of_the_branch(colleagues):
    greedy = colleagues[0]
    saw_them(greedy, "2031-03-05 13:00", range(1000, 1200), "LIST")

    [one] = found("VOLUME")

    assert one == Found(
        greedy.pk,
        {
            "amount": 210,
            "peers": 5,
            "peers_of": "BRANCH",
            "peers_median": 10,
            "past_days": 0,
            "past_median": 0,
        },
        (*range(1, 11), *range(1000, 1200)),
    )


def test_volume_leaves_out_who_always_sees_that_many_unless_it_is_far_beyond_all(colleagues):
    for one in colleagues[1:]:
        saw_them(one, "2031-03-05 13:00", range(100, 190))
    steady = colleagues[0]
    for day in range(10, 20):
        saw_them(steady, f"2031-02-{day} 12:00", range(1, 220))
    saw_them(steady, "2031-03-05 13:00", range(1, 220))

    assert found("VOLUME") == []

    saw_them(steady, "2031-03-05 14:00", range(1, 1000))

    assert [one.facts["past_median"] for one in found("VOLUME")] == [219]


def test_volume_of_a_small_number_is_never_worth_a_look(colleagues):
    saw_them(colleagues[0], "2031-03-05 13:00", range(100, 180))

    assert found("VOLUME") == []


def test_hours_find_looks_at_night_by_who_is_not_used_to_it(colleagues):
    rare, used = colleagues[:2]
    for day in range(20, 26):
        saw_them(used, f"2031-02-{day} 22:00", range(1, 20))
    for one in (rare, used):
        saw_them(one, "2031-03-05 22:10", range(1, 11))
        saw_them(one, "2031-03-05 23:30", range(5, 16))

    [one] = found("HOURS")

    facts = {"amount": 15, "first": "22:10", "last": "23:30", "past_days": 0, "is_day_off": False}
    assert one == Found(rare.pk, facts, tuple(range(1, 16)))


def test_hours_find_work_on_a_holiday_at_noon(colleagues, settings):
    settings.KOREAN_HOLIDAYS = {DAY}

    assert [one.facts["is_day_off"] for one in found("HOURS")] == [True] * 6


def test_breadth_finds_many_searches_and_little_opened(colleagues):
    for minute in range(100):
        saw_them(colleagues[0], f"2031-03-05 {10 + minute // 60}:{minute % 60:02}", [minute], "SEARCH")
    saw_them(colleagues[0], "2031-03-05 13:00", [7])

    [one] = found("BREADTH")

    assert one == Found(colleagues[0].pk, {"searches": 100, "opened": 1}, tuple(range(100)))


def test_copies_count_files_and_prints(colleagues):
    for minute in range(12):
        saw_them(colleagues[0], f"2031-03-05 10:{minute:02}", [minute], "PRINT")
    for one in colleagues[1:]:
        saw_them(one, "2031-03-05 10:00", [1], "PRINT")

    [one] = found("COPIES")

    assert (one.staff_id, one.facts["amount"], one.customers) == (colleagues[0].pk, 12, tuple(range(12)))


def test_every_kind_says_its_facts_as_a_sentence(colleagues):
    saw_them(colleagues[0], "2031-03-05 22:00", range(1000, 1200), "LIST")

    assert "210" in said("VOLUME", found("VOLUME")[0])
    assert "22:00" in said("HOURS", found("HOURS")[0])


def test_a_refused_look_shows_nothing_and_counts_nothing(colleagues):
    saw_them(colleagues[0], "2031-03-05 13:00", range(1000, 1200), "LIST", result=403)

    assert found("VOLUME") == []
