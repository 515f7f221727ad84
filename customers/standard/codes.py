"""Codes of few values, as the sources write them."""

from typing import NamedTuple

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, UNUSABLE
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy


class Code(NamedTuple):
    """A code: 'M' or 'F' of a sex, 'Y' or 'N' of an answer; '' if unusable."""

    value: str
    certainty: int
    problems: tuple[str, ...]


_NONE = Code("", EMPTY, ())
_UNKNOWN = Code("", UNUSABLE, ("UNKNOWN_CODE",))
_PLACEHOLDER = Code("", UNUSABLE, ("PLACEHOLDER",))


def _table(value: str, words: str) -> dict[str, Code]:
    return dict.fromkeys(words.split(), Code(value, CERTAIN, ()))


_SEXES: dict[str, Code] = {
    **_table("M", "m male man 남 남자 남성 男 1 01 남) (남)"),
    **_table("F", "f female woman w 여 여자 여성 女 2 02 여) (여)"),
    **dict.fromkeys("357", Code("M", DOUBTFUL, ("RESIDENT_DIGIT",))),
    **dict.fromkeys("468", Code("F", DOUBTFUL, ("RESIDENT_DIGIT",))),
}
_ANSWERS: dict[str, Code] = {
    **_table("Y", "y yes 예 네 유 1 01 true t o 동의 동의함 있음 해당 가능 여"),
    **_table("N", "n no 아니오 아니요 아니 무 0 00 false f x 미동의 동의안함 비동의 거부 없음 미해당 불가 부"),
}


def sex(raw: str | None) -> Code:
    """The sex as 'M' or 'F'. The digits 3 to 8 are read as the seventh digit of a resident number."""
    return _look_up(raw, _SEXES)


def yes_no(raw: str | None) -> Code:
    """The answer as 'Y' or 'N'."""
    return _look_up(raw, _ANSWERS)


def _look_up(raw: str | None, table: dict[str, Code]) -> Code:
    if raw in table:
        return table[raw]
    word = tidy(raw).replace(" ", "").casefold()
    if not word:
        return _NONE
    word = word.removesuffix(".0") or word
    return table.get(word) or (_PLACEHOLDER if is_tidy_placeholder(word) else _UNKNOWN)
