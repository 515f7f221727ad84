"""Where bars, lines and dots lie."""

import pytest

from customers.charts import BOTTOM, LEFT, RIGHT, TOP, Axes, Bar, Line, Scale, Tick, bar, cumulated, steps


@pytest.mark.parametrize(("value", "expected"), [(-10, 0), (0, 50), (5, 75), (10, 100), (-11, 0), (99, 100)])
def test_a_scale_places_values_and_keeps_those_beyond_it_at_its_ends(value, expected):
    assert Scale(-10, 10).at(value) == expected


@pytest.mark.parametrize(
    ("value", "since", "expected"),
    [
        (5, 0, Bar("50.0", "25.0", "50.0", False)),
        (-5, 0, Bar("25.0", "25.0", "50.0", True)),
        (-5, 10, Bar("75.0", "25.0", "50.0", True)),
        (0, 0, Bar("50.0", "0.0", "50.0", False)),
    ],
)
def test_a_bar_begins_where_the_sum_before_it_ended(value, since, expected):
    assert bar(value, Scale(-10, 10), since) == expected


def test_a_line_is_broken_where_nothing_was_measured():
    axes = Axes((0, 4), (0, 1))

    lines = axes.lines("recall", [(0, 0.0), (1, 1.0), (2, None), (3, 0.5), (4, 0.5)])

    assert lines == (
        Line("recall", f"{LEFT:.1f},{BOTTOM:.1f} 135.0,{TOP:.1f}"),
        Line("recall", f"317.0,104.0 {RIGHT:.1f},104.0"),
    )


def test_a_single_point_is_no_line():
    assert Axes((0, 4), (0, 1)).lines("recall", [(0, None), (1, 1.0), (2, None)]) == ()


def test_ticks_say_what_they_are_told_at_their_place():
    axes = Axes((0, 4), (0, 1))

    assert axes.across([(4, "four")]) == (Tick(f"{RIGHT:.1f}", "four"),)
    assert axes.up([(1, "all")]) == (Tick(f"{TOP:.1f}", "all"),)


@pytest.mark.parametrize(("share", "radius"), [(1, "9.0"), (0.25, "4.5"), (0, "2.5")])
def test_the_area_of_a_dot_is_its_share_but_never_too_small_to_see(share, radius):
    assert Axes((0, 4), (0, 1)).dot(0, 0, share, "").radius == radius


def test_steps_reach_the_end():
    assert steps(-4, 4, 4) == [-4, 0, 4]
    assert len(steps(0.9, 1.0, 0.02)) == 6


def test_parts_are_cumulated_in_order():
    assert cumulated([-20, 12, 9.5]) == [(0.0, -20.0), (-20.0, -8.0), (-8.0, 1.5)]
