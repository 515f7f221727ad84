"""The questionnaire of the investment propensity (투자성향) as data, and the level that its answers give. Pure.

Answers are kept with the number of the questionnaire, so an old profile can be read by the one it was asked with.
Source: domain.md §5, five levels; weights after the model rules of the Korean investment association [D].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question by its code. points: `{answer: points}`, the careful answer first; caps: `{answer: highest level}`
    whatever the others say."""

    code: str
    points: Mapping[str, int]
    caps: Mapping[str, int]


@dataclass(frozen=True)
class Questionnaire:
    """A version of the questionnaire. ceilings: of a hundred points, the most of each level, the lowest level first."""

    version: int
    questions: tuple[Question, ...]
    ceilings: tuple[int, ...]

    @property
    def most(self) -> int:
        return sum(max(question.points.values()) for question in self.questions)


def _question(code: str, points: Mapping[str, int], caps: Mapping[str, int] | None = None) -> Question:
    return Question(code, points, caps or {})


QUESTIONNAIRES: Mapping[int, Questionnaire] = {
    1: Questionnaire(
        version=1,
        questions=(
            _question("PURPOSE", {"KEEP": 1, "LIVE": 2, "RETIRE": 3, "GROW": 4, "PROFIT": 5}),
            _question("TERM", {"UNDER_1": 1, "UNDER_3": 2, "UNDER_5": 3, "UNDER_10": 4, "OVER_10": 5}),
            _question("EXPERIENCE", {"DEPOSITS": 1, "BONDS": 2, "MIXED": 3, "SHARES": 4, "DERIVATIVES": 5}),
            _question("KNOWLEDGE", {"NONE": 1, "SOME": 2, "GOOD": 4, "EXPERT": 5}),
            _question("SHARE", {"OVER_70": 1, "OVER_50": 2, "OVER_30": 3, "OVER_10": 4, "UNDER_10": 5}),
            _question("PROSPECT", {"NO_INCOME": 1, "FALLING": 2, "STEADY": 4, "RISING": 5}, {"NO_INCOME": 3}),
            _question("LOSS", {"NONE": 1, "LITTLE": 3, "TENTH": 5, "MUCH": 8}, {"NONE": 1, "LITTLE": 3}),
        ),
        ceilings=(30, 45, 60, 80, 100),
    )
}
LATEST = max(QUESTIONNAIRES)


class Incomplete(Exception):
    """A question is not answered, or with what is no answer to it."""


def score(version: int, answers: Mapping[str, str]) -> int:
    """The points of these answers, of a hundred. Raises Incomplete."""
    asked = QUESTIONNAIRES[version]
    try:
        points = sum(question.points[answers[question.code]] for question in asked.questions)
    except KeyError:
        raise Incomplete from None
    return round(100 * points / asked.most)


def level_of(version: int, answers: Mapping[str, str]) -> int:
    """The level 1–5 that these answers give; who can bear no loss is given none that bears one. Raises Incomplete."""
    asked, points = QUESTIONNAIRES[version], score(version, answers)
    by_points = next(level for level, ceiling in enumerate(asked.ceilings, 1) if points <= ceiling)
    caps = (question.caps.get(answers[question.code], LEVELS) for question in asked.questions)
    return min(by_points, *caps)
