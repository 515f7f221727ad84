"""What a told sum is still worth, and what level answers give."""

from collections import namedtuple
from datetime import date

import pytest

from relations.rules import risk
from relations.rules.finances import (
    BANDS,
    EOK,
    Fading,
    Range,
    Stage,
    added,
    age_on,
    bands,
    current,
    faded,
    in_bands,
    is_silly,
    months_after,
    shown_range,
)
from relations.words.finances import ANSWERS, QUESTIONS

FADING = Fading({"INCOME": 12, "DEBTS": 12}, {"DOCUMENT": 1.0, "CUSTOMER": 0.8, "PLANNER": 0.5}, 0.15)
MILLION = 1_000_000
TODAY = date(2026, 11, 29)
Told = namedtuple("Told", "pk told_by as_of")


@pytest.mark.parametrize(
    ("as_of", "told_by", "stage", "strength"),
    [
        (TODAY, "DOCUMENT", Stage.FRESH, 1.0),
        (date(2026, 8, 29), "DOCUMENT", Stage.FRESH, 0.84),
        (date(2026, 5, 29), "DOCUMENT", Stage.AGEING, 0.71),
        (date(2025, 11, 29), "DOCUMENT", Stage.AGEING, 0.5),
        (date(2025, 10, 29), "DOCUMENT", Stage.OLD, 0.47),
        (date(2024, 6, 29), "DOCUMENT", Stage.OLD, 0.19),
        (date(2023, 11, 29), "DOCUMENT", Stage.FORGOTTEN, 0.12),
        (TODAY, "PLANNER", Stage.FRESH, 0.5),
        (date(2026, 5, 29), "PLANNER", Stage.OLD, 0.25),
        (date(2027, 1, 1), "CUSTOMER", Stage.FRESH, 0.8),
    ],
)
def test_a_fact_loses_half_its_strength_in_each_half_life_and_estimates_fade_sooner(as_of, told_by, stage, strength):
    left = faded(FADING, kind="INCOME", told_by=told_by, as_of=as_of, on=TODAY)

    assert (left.stage, round(left.strength, 2)) == (stage, strength)


@pytest.mark.parametrize(
    ("told", "freshness", "shown"),
    [
        (Range(30 * MILLION, 50 * MILLION), 1.0, Range(30 * MILLION, 50 * MILLION)),
        (Range(30 * MILLION, 50 * MILLION), 0.75, Range(30 * MILLION, 50 * MILLION)),
        (Range(30 * MILLION, 50 * MILLION), 0.5, Range(20 * MILLION, 70 * MILLION)),
        (Range(30 * MILLION, 50 * MILLION), 0.2, Range(10 * MILLION, EOK)),
        (Range(42 * MILLION, 42 * MILLION), 1.0, Range(30 * MILLION, 50 * MILLION)),
        (Range(0, 0), 1.0, Range(0, 10 * MILLION)),
        (Range(600 * MILLION, None), 1.0, Range(500 * MILLION, None)),
        (Range(600 * MILLION, None), 0.1, Range(300 * MILLION, None)),
        (Range(450 * MILLION, 490 * MILLION), 0.5, Range(300 * MILLION, None)),
    ],
)
def test_a_range_is_shown_in_whole_bands_and_widens_with_age(told, freshness, shown):
    assert shown_range("INCOME", told, freshness) == shown


@pytest.mark.parametrize("kind", BANDS)
def test_what_is_shown_always_holds_what_was_told_and_is_never_one_sum(kind):
    for told in [*bands(kind), Range(123_456, 123_456), Range(999_999_999, 999_999_999)]:
        for freshness in (1.0, 0.7, 0.4, 0.1, 0.0):
            shown = shown_range(kind, told, freshness)

            assert shown.low <= told.low
            assert shown.high is None or (shown.high >= told.high and shown.high > shown.low)


def test_each_band_of_the_form_is_shown_as_itself_while_fresh():
    assert [shown_range("CAPACITY", band, 1.0) for band in bands("CAPACITY")] == list(bands("CAPACITY"))


def test_in_bands_ends_at_an_edge_that_is_met_exactly():
    assert in_bands((10, 20), 10, 20) == Range(10, 20)
    assert in_bands((10, 20), 20, 20) == Range(10, 20)


@pytest.mark.parametrize(
    ("told", "silly"),
    [
        (Range(0, None), True),
        (Range(-1, 5), True),
        (Range(6, 5), True),
        (Range(0, 0), False),
        (Range(5, 5), False),
        (Range(5, None), False),
        (Range(0, 1_000 * EOK), False),
        (Range(0, 1_000 * EOK + 1), True),
        (Range(1_000 * EOK + 1, None), True),
    ],
)
def test_a_silly_range_says_nothing_is_backwards_or_beyond_everybody(told, silly):
    assert is_silly("INCOME", told) is silly


def test_the_newest_counts_but_an_estimate_yields_to_what_was_said_until_that_is_old():
    said, estimate = Told(1, "CUSTOMER", date(2026, 8, 1)), Told(2, "PLANNER", date(2026, 11, 1))
    newer, long_ago = Told(3, "DOCUMENT", date(2026, 9, 1)), Told(4, "DOCUMENT", date(2024, 1, 1))

    def winner(*facts):
        left = [
            (each, faded(FADING, kind="INCOME", told_by=each.told_by, as_of=each.as_of, on=TODAY)) for each in facts
        ]
        return current(left)[0]

    assert winner(said, estimate) == said
    assert winner(said, newer, estimate) == newer
    assert winner(long_ago, estimate) == estimate
    assert current([]) is None


def test_a_sum_with_an_open_part_is_open():
    assert added([Range(1, 2), Range(3, 4)]) == Range(4, 6)
    assert added([Range(1, 2), Range(3, None)]) == Range(4, None)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 29), 24, date(2028, 11, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_after_ends_in_the_month(day, months, after):
    assert months_after(day, months) == after


def test_age_on_steps_on_the_birthday():
    assert [age_on(date(1961, 11, 29), date(2026, 11, day)) for day in (28, 29)] == [64, 65]


def answers(place: int) -> dict[str, str]:
    """The answer at this place of each question, the last where there are fewer."""
    return {
        question.code: list(question.points)[min(place, len(question.points) - 1)]
        for question in risk.QUESTIONNAIRES[1].questions
    }


def test_the_levels_of_the_questionnaire_rise_with_the_answers():
    assert [risk.level_of(1, answers(place)) for place in range(5)] == [1, 2, 4, 5, 5]
    assert [risk.score(1, answers(place)) for place in (0, 4)] == [18, 100]


def test_who_can_bear_no_loss_is_stable_whatever_else_they_say():
    assert risk.level_of(1, answers(4) | {"LOSS": "NONE"}) == 1
    assert risk.level_of(1, answers(4) | {"PROSPECT": "NO_INCOME"}) == 3


@pytest.mark.parametrize("wrong", [{}, answers(0) | {"LOSS": "SURELY"}])
def test_an_answer_that_is_missing_or_none_is_refused(wrong):
    with pytest.raises(risk.Incomplete):
        risk.level_of(1, wrong)


@pytest.mark.parametrize("asked", risk.QUESTIONNAIRES.values(), ids=lambda asked: asked.version)
def test_every_question_and_answer_has_words_and_every_level_can_be_reached(asked):
    assert {question.code: set(question.points) for question in asked.questions} == {
        code: set(ANSWERS[code]) for code in QUESTIONS
    }
    assert len(asked.ceilings) == risk.LEVELS
    assert asked.ceilings[-1] == 100
    assert list(asked.ceilings) == sorted(set(asked.ceilings))
