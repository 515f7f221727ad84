"""How well the engine did where the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

from customers import matching_words as words
from customers.models import TruthCheck


@dataclass(frozen=True)
class TruthLine:
    """A check with its figures in words."""

    check: TruthCheck
    precision: str
    recall: str
    f1: str
    cut: str
    seconds: str


def truth_line(check: TruthCheck) -> TruthLine:
    """A check as the table shows it; four decimals, since sets are told apart by the third."""
    return TruthLine(
        check,
        precision=f"{check.precision:.4f}",
        recall=f"{check.recall:.4f}",
        f1=f"{check.f1:.4f}",
        cut=words.signed(check.cut),
        seconds=words.seconds(check.seconds),
    )
