"""What became of a pair, and which earlier decision new evidence speaks against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import matching_words as words
from customers.dedup.news import news_since
from customers.masking import without_resident_numbers
from customers.models import Act, Pair, Ruling

DECIDING = (Act.Kind.MERGE, Act.Kind.SAME, Act.Kind.DIFFERENT, Act.Kind.LEGITIMATE)


@dataclass(frozen=True)
class Changed:
    """An item in which the two agree otherwise than when they were decided on."""

    label: Promise
    before: Promise
    now: Promise


@dataclass(frozen=True)
class Contradiction:
    """The earlier decision that came back, and what is new since. reason: its code in words, and the comment."""

    ruling: Ruling
    answer: str
    reason: str
    news: tuple[Changed, ...]


@dataclass(frozen=True)
class Outcome:
    """How a pair was closed: in words, by whom (None for a rule), when, and why. act: None for what was decided before
    acts were kept."""

    text: str
    by: Staff | None
    at: datetime | None
    reason: str
    comment: str
    act: Act | None


def contradiction_of(pair: Pair) -> Contradiction | None:
    """The decision that `pair` contradicts, if any: one query more."""
    if pair.contradicts_id is None:
        return None
    ruling = Ruling.objects.select_related("ruled_by", "act").get(pk=pair.contradicts_id)
    news = tuple(
        Changed(words.FIELDS[each.field], words.LEVELS[each.field][each.before], words.LEVELS[each.field][each.now])
        for each in news_since(ruling.pattern, pair.pattern)
    )
    kind = f" ({ruling.get_kind_display()})" if ruling.kind else ""
    reason = ruling.act.get_reason_code_display() if ruling.act else ""
    told = ": ".join(part for part in (str(reason), without_resident_numbers(ruling.reason)) if part)
    return Contradiction(ruling, f"{ruling.get_answer_display()}{kind}", told, news)


def outcome_of(pair: Pair) -> Outcome:
    """How `pair`, with both links, was closed."""
    if pair.state == Pair.State.OVERTAKEN:
        act = _joined_by(pair)
        text = str(pair.get_overtaken_by_display()) or _("Later evidence overtook it.")
        return _told(text, act) if act else Outcome(text, None, pair.closed_at, "", "", None)
    act = pair.acts.in_force().filter(kind__in=DECIDING).select_related("by").order_by("-pk").first()
    if act:
        return _told(str(act.get_kind_display()), act)
    return _ruled(pair)


def _ruled(pair: Pair) -> Outcome:
    """A decision of the time before acts, or one on other records of the two customers."""
    held = Ruling.objects.filter(left=pair.left_id, right=pair.right_id, withdrawn_at=None)
    ruling = held.select_related("ruled_by").first()
    if ruling is None:
        return Outcome(str(pair.get_state_display()), None, pair.closed_at, "", "", None)
    comment = without_resident_numbers(ruling.reason)
    return Outcome(str(ruling.get_answer_display()), ruling.ruled_by, ruling.ruled_at, "", comment, None)


def _told(text: str, act: Act) -> Outcome:
    comment = without_resident_numbers(act.comment)
    return Outcome(text, act.by, act.at, str(act.get_reason_code_display()), comment, act)


def _joined_by(pair: Pair) -> Act | None:
    """The merge that made the two records one customer, where that is why the pair was closed."""
    if pair.overtaken_by != Pair.Overtaken.JOINED or not hasattr(pair.left, "link"):
        return None
    merges = Act.objects.filter(kind=Act.Kind.MERGE, customers__customer=pair.left.link.customer_id)
    return merges.filter(at=pair.closed_at).select_related("by").order_by("-pk").first()
