"""Where two written values differ, letter by letter, for the eye of a person who compares them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

LEAST_ALIKE = 0.3  # below this share of letters in common, marking single letters tells nothing
SHORTEST_ISLAND = 2  # letters in common between two differences, below which they are one difference


@dataclass(frozen=True)
class Piece:
    """A run of letters. differs: the other value has something else, or nothing, in its place."""

    text: str
    differs: bool


def spelled(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both values in pieces; values of one length are compared place by place, others by what they have in common.

    Two values that are hardly alike, or of which one is empty, are one piece each.
    """
    if left == right:
        whole = (Piece(left, False),) if left else ()
        return whole, whole
    marks = _by_place(left, right) if _has_one_form(left, right) else _by_common_parts(left, right)
    alike = sum(not differs for differs in (*marks[0], *marks[1]))
    if alike < LEAST_ALIKE * (len(left) + len(right)):
        marks = [True] * len(left), [True] * len(right)
    return _pieces(left, marks[0]), _pieces(right, marks[1])


def _has_one_form(left: str, right: str) -> bool:
    """Whether both have digits, letters and marks in the same places, as numbers of one kind do."""
    return len(left) == len(right) and [c.isdigit() for c in left] == [c.isdigit() for c in right]


def _by_place(left: str, right: str) -> tuple[list[bool], list[bool]]:
    differs = [one != other for one, other in zip(left, right, strict=True)]
    return differs, differs


def _by_common_parts(left: str, right: str) -> tuple[list[bool], list[bool]]:
    """Marks after the longest parts in common; a letter in common that stands alone between differences is one too."""
    marks = [True] * len(left), [True] * len(right)
    for start, other, size in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        is_edge = 0 in (start, other) or start + size == len(left) or other + size == len(right)
        if size >= SHORTEST_ISLAND or is_edge:
            marks[0][start : start + size] = [False] * size
            marks[1][other : other + size] = [False] * size
    return marks


def _pieces(text: str, marks: list[bool]) -> tuple[Piece, ...]:
    runs = groupby(zip(text, marks, strict=True), key=lambda letter: letter[1])
    return tuple(Piece("".join(letter for letter, _mark in run), differs) for differs, run in runs)
