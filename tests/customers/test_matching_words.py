"""Every field and level of the engine has words, in both languages, and figures are written the same way everywhere."""

import pytest
from django.utils import translation

from customers import matching_words as words
from customers.dedup.comparison import LEVELS
from customers.models import MatchRun


def test_every_field_and_every_level_has_words():
    assert list(words.FIELDS) == list(LEVELS)
    assert {field: list(levels) for field, levels in words.LEVELS.items()} == {
        field: list(levels) for field, levels in LEVELS.items()
    }


@pytest.mark.parametrize("field", LEVELS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_levels_of_a_field_are_told_apart(field, language):
    with translation.override(language):
        told = [str(text) for text in words.LEVELS[field].values()]

    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("bits", "expected"), [(3.24, "+3.2"), (-6, "−6.0"), (0, "0.0"), (-0.04, "0.0"), (0.06, "+0.1"), (100, "+100.0")]
)
def test_a_weight_has_a_sign_unless_it_is_nothing(bits, expected):
    assert words.signed(bits) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.99166, "99.2%"), (1, "100.0%"), (0, "0.0%"), (None, "–")])
def test_a_share_is_told_in_percent(share, expected):
    assert words.percent(share) == expected


@pytest.mark.parametrize(
    ("length", "expected"), [(0.384, "0.38 s"), (12.44, "12.4 s"), (1204.4, "1,204 s"), (0, "0.00 s")]
)
def test_a_duration_is_told_in_seconds(length, expected):
    with translation.override("en"):
        assert words.seconds(length) == expected


def test_an_error_that_nobody_foresaw_is_named():
    with translation.override("en"):
        assert words.error("KeyError") == (
            "An unexpected error (KeyError) ended the run. The log of the worker tells the place."
        )


def test_every_step_of_a_run_is_told():
    from customers.reports.matching import STEPS

    assert [*STEPS] == [step for step in MatchRun.Step if step not in ("WAITING", "FINISHED")]
