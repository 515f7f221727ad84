"""The blind check: is the person whom a planner wants to register there already, whoever keeps them?

Every check is one line of the trail, which tells who asked, what was answered and which items were typed, but no value;
by these lines askers are counted. A planner gets only so many answers a day, and of one number fewer still: to feel
one's way to a name or a birth date that belongs to a number would take years.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import AccessEntry, Branch, Staff
from customers.dedup.online import NOTHING, SAME, SIMILAR, plain_agreement
from customers.models import Link
from customers.sealing import Sealer
from customers.services.duplicates import Advice, Blind, Check, Match, check_duplicates
from customers.standard.phones import phone
from relations.models import Prospect

Word = Prospect.Answer
PAGE = "relations:prospect-register"
TOLD = "answer="
"""Before the answer in the target of the trail's line."""
WORDS = {NOTHING: Word.NONE, SIMILAR: Word.SIMILAR, SAME: Word.EXISTS}
BLIND_WORDS = {Blind.NONE: Word.NONE, Blind.SIMILAR: Word.SIMILAR, Blind.EXISTS: Word.EXISTS}
STRENGTH = (Word.NONE, Word.SIMILAR, Word.EXISTS)
ENDED = ("EXPIRED", "RELEASED", "REFUSED")
"""States of prospects that stand in nobody's way."""
REFUSAL_SECONDS = 0.4  # that every refused registration takes, whatever was found and however
MARKED_DIGITS = 8  # of a mobile: the same however its head is written
MARK_LETTERS = 16


class TooManyChecks(Exception):
    """The planner has had as many answers as one gets in a day."""


class TooManyOfNumber(Exception):
    """The planner has asked about this mobile as often as one may in a day."""


@dataclass(frozen=True)
class Answer:
    """What a check says. ask: the branch that knows more; matches: customers whom the asker sees anyhow; customer: id
    of the one in the way, for services alone."""

    word: str
    ask: Branch | None = None
    matches: tuple[Match, ...] = ()
    customer: int | None = None


@transaction.atomic
def check_prospect(*, cells: Mapping[str, str], by: Staff, at: datetime) -> Answer:
    """Whether the person is there already, over all customers, as `by` may know it.

    cells: {canonical column: text as typed}. Keeps nothing but the line of the trail. Raises TooManyChecks,
    TooManyOfNumber.
    """
    mark = take_turn(cells=cells, by=by, at=at)
    answer = look(cells, by, at, is_timed=True)
    note_answer(answer.word, cells, mark, by, at)
    return answer


def take_turn(*, cells: Mapping[str, str], by: Staff, at: datetime) -> str:
    """Let `by` ask once more, one question after the other; returns the mark of the number asked about.

    Raises TooManyChecks, TooManyOfNumber.
    """
    Staff.objects.select_for_update(no_key=True).get(pk=by.pk)
    mark = _mark(cells.get("mobile", ""))
    asked = list(_asked_today(by, at))
    if len(asked) >= settings.PROSPECT_CHECKS_PER_DAY:
        raise TooManyChecks
    if mark and asked.count(mark) >= settings.PROSPECT_CHECKS_PER_NUMBER:
        raise TooManyOfNumber
    return mark


def look(cells: Mapping[str, str], by: Staff, at: datetime, *, is_timed: bool) -> Answer:
    """The answer itself. is_timed: whether it takes as long as any other."""
    check = check_duplicates(
        record=cells,
        asked_by=by,
        at=at,
        passed_over=of_ended_prospects,
        with_close_names=True,
        is_timed=is_timed,
    )
    seen, match = _seen(check)
    blind = BLIND_WORDS[check.blind]
    word = max(seen, blind, key=STRENGTH.index)
    in_the_way = match.customer_id if match and seen == word else check.hidden
    is_told = blind == word and word != Word.NONE
    return Answer(word, check.ask if is_told else None, _worth_telling(check), in_the_way)


def note_answer(word: str, cells: Mapping[str, str], mark: str, by: Staff, at: datetime) -> None:
    """Write the line of the trail; to be called last in the transaction, for it holds the end of the chain."""
    typed = " ".join(sorted(column for column, text in cells.items() if text))
    trail.append(
        at=at,
        kind=AccessEntry.Kind.SEARCH,
        page=PAGE,
        result=200,
        staff_id=by.pk,
        employee_number=by.employee_number,
        branch_code=by.branch.code if by.branch else "",
        target=f"{TOLD}{word}",
        conditions=json.dumps({"fields": typed, "mark": mark}),
    )


def of_ended_prospects(customers: Collection[int]) -> set[int]:
    """Which of these customers are known by nothing but prospects that have ended: they stand in nobody's way."""
    ended = set(
        Prospect.objects.filter(customer__in=customers, state__in=ENDED, record__isnull=False).values_list(
            "record", flat=True
        )
    )
    if not ended:
        return set()
    held = Link.objects.filter(customer__in=customers).values_list("customer", "record")
    standing = {customer for customer, record in held if record not in ended}
    return {customer for customer, _record in held} - standing


def wait_as_long(began: float) -> None:
    """Let a refused registration take as long as any other; to be called when its transaction is over.

    began: as `time.monotonic` tells.
    """
    time.sleep(max(0.0, began + REFUSAL_SECONDS - time.monotonic()))


def _seen(check: Check) -> tuple[str, Match | None]:
    """The strongest word on customers whom the asker sees, and the one that it is about."""
    if not check.matches:
        return Word.NONE, None
    agreed = plain_agreement(np.array([match.pattern for match in check.matches], np.int64), with_close_names=True)
    words = [
        Word.EXISTS if match.advice is Advice.LINK else WORDS[level]
        for match, level in zip(check.matches, agreed.tolist(), strict=True)
    ]
    word = max(words, key=STRENGTH.index)
    return word, check.matches[words.index(word)]


def _worth_telling(check: Check) -> tuple[Match, ...]:
    return tuple(match for match in check.matches if match.advice is not Advice.NO)


def _asked_today(by: Staff, at: datetime) -> Iterator[str]:
    """The marks of the numbers that `by` asked about today."""
    today = timezone.localdate(at)
    asked = AccessEntry.objects.of_staff(by).between(today, today)
    lines = asked.filter(kind=AccessEntry.Kind.SEARCH, page=PAGE, target__startswith=TOLD)
    for conditions in lines.values_list("conditions", flat=True):
        yield json.loads(conditions).get("mark", "")


def _mark(mobile: str) -> str:
    """By what a mobile is known again without being kept: a part of its blind index; '' without one.

    Of the number as the engine reads it, for otherwise a word behind it would make another number of it.
    """
    digits = "".join(filter(str.isdecimal, phone(mobile).value or mobile))[-MARKED_DIGITS:]
    return Sealer(settings.KEYS).index("prospect", digits).hex()[:MARK_LETTERS] if digits else ""
