"""What people set for the values of a customer: what the pages that set it offer, and what was set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from customers import formats, wording
from customers.dossier import UNREAD, Dossier
from customers.feeds.reasons import ROW_REASONS
from customers.golden.explain import Candidate, Explanation
from customers.golden.survivorship import USABLE
from customers.models import Act, Wish
from customers.panels.golden import held_until, items_of

MOST_PAST = 50
WITH = ("act__by", "act__taken_back_by__by", "record", "source")


@dataclass(frozen=True)
class WishLine:
    """An act that set something for values. what: pinned, preferred or corrected, in a word; items: their names; value:
    what it holds to, as this reader may see it; source: where that is from; ends: its last day, or that it has none;
    ended: how it ended, '' while it holds."""

    act: Act
    what: str
    items: str
    value: str
    source: str
    ends: str
    ended: str


@dataclass(frozen=True)
class WishReport:
    """The acts in force, newest first, and those that hold no more: the newest 50."""

    standing: tuple[WishLine, ...]
    past: tuple[WishLine, ...]


def wish_report(dossier: Dossier) -> WishReport:
    """What was ever set for values of this customer, in two queries and those of the dossier."""
    customer = dossier.customer
    corrected = Q(record__link__customer=customer, act__kind=Act.Kind.CORRECT)
    rows = Wish.objects.filter(Q(customer=customer) | corrected).select_related(*WITH)
    rows = rows.defer(*(f"record__{column}" for column in UNREAD))
    acts: dict[int, list[Wish]] = {}
    for wish in rows.order_by("-act__at", "-act_id", "pk"):
        acts.setdefault(wish.act_id, []).append(wish)
    standing = {wish.act_id for wish in dossier.wishes}
    held = [_line(wishes, dossier) for act, wishes in acts.items() if act in standing]
    past = [wishes for act, wishes in acts.items() if act not in standing]
    return WishReport(tuple(held), tuple(_line(wishes, dossier) for wishes in past[:MOST_PAST]))


def pin_offers(explained: Explanation, dossier: Dossier) -> list[tuple[int, str]]:
    """(record id, value with source and date) of every usable value of an item, the golden one first."""
    usable = [each for each in (explained.winner, *explained.others) if each.certainty >= USABLE]
    return [(each.record.pk, _offer(each, explained.item.code, dossier)) for each in usable]


def source_offers(dossier: Dossier) -> list[tuple[int, str]]:
    """(id, name) of the sources that hold the customer, the most trusted first."""
    held = {record.source_id for record in dossier.records}
    ranked = sorted(held, key=lambda pk: (-dossier.sources[pk].trust, pk))
    return [(pk, wording.source_name(dossier.sources[pk])) for pk in ranked]


def item_offers(dossier: Dossier) -> list[tuple[str, str]]:
    """(code, name) of the items that some source holds."""
    return [(code, dossier.reading.label(code)) for code in items_of(dossier.customer) if code in dossier.explained]


def problem_sentence(code: str) -> str:
    """Why something typed cannot be read."""
    return str(ROW_REASONS.get(code) or wording.problem(code))


def _offer(candidate: Candidate, code: str, dossier: Dossier) -> str:
    record = candidate.record
    source = wording.source_name(dossier.sources.get(record.source_id))
    return wording.listed([str(dossier.reading.of(code, record)), source, formats.day(record.as_of)])


def _line(wishes: Sequence[Wish], dossier: Dossier) -> WishLine:
    first = wishes[0]
    source = dossier.sources.get(first.record.source_id if first.record else first.source_id)
    return WishLine(
        act=first.act,
        what=first.act.get_kind_display(),
        items=wording.listed([_item(wish, dossier) for wish in wishes]),
        value=wording.listed(_values(wishes, dossier)),
        source=wording.source_name(source),
        ends=held_until(first.ends_on),
        ended=_ended(first, dossier),
    )


def _item(wish: Wish, dossier: Dossier) -> str:
    return dossier.reading.label(wish.item) if wish.item else _("Every item")


def _values(wishes: Iterable[Wish], dossier: Dossier) -> list[str]:
    """What the pinned records hold, as far as the reader may see it; of a preferred source nothing is told."""
    return [str(dossier.reading.of(wish.item, wish.record)) for wish in wishes if wish.record]


def _ended(wish: Wish, dossier: Dossier) -> str:
    undone = wish.act.taken_back_by
    if undone:
        return wording.listed([_("taken back"), *([undone.by.name] if undone.by else []), formats.day(undone.at)])
    today = formats.day(dossier.now)
    is_over = wish.withdrawn_at is not None or (wish.ends_on is not None and formats.day(wish.ends_on) < today)
    return _("ended") if is_over else ""
