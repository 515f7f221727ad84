"""What the pages of pairs, and of the link of a record, tell: two records side by side, and why they weigh so much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from accounts.models import Staff
from customers import matching_words as words
from customers.dossier import UNREAD
from customers.models import Customer, Link, Pair, SourceRecord
from customers.paging import PAGE_SIZE, is_id
from customers.reports.match_accounts import AccountReport, account_report
from customers.reports.match_records import Compared, Side, compared, sides_of

SIDES = ("left", "right")
WITH_PAIR = [f"{side}__{of}" for side in SIDES for of in ("source", "link")]
UNREAD_OF_PAIR = [f"{side}__{column}" for side in SIDES for column in UNREAD]


@dataclass(frozen=True)
class PairLine:
    """A pair in the list. worth: of a decision, a figure without unit that only orders."""

    pair: Pair
    weight: str
    worth: str
    left: Side
    right: Side


@dataclass(frozen=True)
class PairReport:
    """All that the page of a pair shows. rows, account: empty where the pair was never weighed; is_newer: a record
    changed after the pair was closed, so that its values may tell something else than the levels."""

    pair: Pair
    left: Side
    right: Side
    rows: tuple[Compared, ...]
    account: AccountReport | None
    is_newer: bool


@dataclass(frozen=True)
class LinkReport:
    """Why a record belongs to its customer. other: the record that it agrees with best, None for one that stands alone;
    rows, account: empty where a person decided, or nothing was weighed; is_newer: a record changed after the link."""

    link: Link
    this: Side
    other: Side | None
    rows: tuple[Compared, ...]
    account: AccountReport | None
    is_newer: bool


@dataclass(frozen=True)
class PairPage:
    """Pairs from the worthiest down. before, after: ids by which the neighbouring pages are asked for."""

    pairs: tuple[Pair, ...]
    before: str | None
    after: str | None


def with_records(pairs: QuerySet[Pair]) -> QuerySet[Pair]:
    """Pairs with all that is told of their records."""
    return pairs.select_related(*WITH_PAIR).defer(*UNREAD_OF_PAIR)


def worthiest_page(pairs: QuerySet[Pair], *, after: str = "", before: str = "") -> PairPage:
    """The page behind the pair with the id `after`, or in front of `before`; the worthiest where neither is known."""
    place = after or before
    edge = Pair.objects.filter(pk=int(place)).only("worth").first() if is_id(place) else None
    is_upwards = bool(before and not after and edge)
    if edge:
        pairs = pairs.filter(_above(edge) if is_upwards else _below(edge))
    worth = F("worth").asc(nulls_first=True) if is_upwards else F("worth").desc(nulls_last=True)
    found = list(pairs.order_by(worth, "-pk" if is_upwards else "pk")[: PAGE_SIZE + 1])
    has_further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_upwards:
        found.reverse()
    if not found:
        return PairPage((), None, None)
    has_before, has_after = (has_further, True) if is_upwards else (bool(edge), has_further)
    return PairPage(tuple(found), str(found[0].pk) if has_before else None, str(found[-1].pk) if has_after else None)


def _below(edge: Pair) -> Q:
    """Pairs behind this one; those whose worth was not reckoned yet come last."""
    if edge.worth is None:
        return Q(worth__isnull=True, pk__gt=edge.pk)
    return Q(worth__lt=edge.worth) | Q(worth=edge.worth, pk__gt=edge.pk) | Q(worth__isnull=True)


def _above(edge: Pair) -> Q:
    """Pairs in front of this one."""
    if edge.worth is None:
        return Q(worth__isnull=False) | Q(pk__lt=edge.pk)
    return Q(worth__gt=edge.worth) | Q(worth=edge.worth, pk__lt=edge.pk)


def pair_lines(pairs: Sequence[Pair], viewer: Staff) -> tuple[PairLine, ...]:
    """The pairs of a list as `viewer` may see them, in one query more; pairs: `with_records`."""
    sides = sides_of((record for pair in pairs for record in (pair.left, pair.right)), viewer)
    return tuple(
        PairLine(
            pair,
            "–" if pair.weight is None else words.signed(pair.weight),
            "–" if pair.worth is None else f"{pair.worth:.1f}",
            sides[pair.left_id],
            sides[pair.right_id],
        )
        for pair in pairs
    )


def pair_report(pair: Pair, viewer: Staff) -> PairReport:
    """A pair in full; pair: of `with_records`."""
    sides = sides_of((pair.left, pair.right), viewer)
    left, right = sides[pair.left_id], sides[pair.right_id]
    account = _account(pair, left, right)
    rows = compared(left, right, account.levels) if account else ()
    is_newer = pair.closed_at is not None and _is_newer((pair.left, pair.right), pair.closed_at)
    return PairReport(pair, left, right, rows, account, is_newer)


def link_report(record: SourceRecord, customer: Customer, viewer: Staff) -> LinkReport:
    """Why `record`, with source and link, belongs to `customer`, on whose own page it stands."""
    link = record.link
    others = SourceRecord.objects.select_related("source", "link").defer(*UNREAD)
    other = others.filter(pk=link.evidence_record_id).first() if link.evidence_record_id else None
    both = [record, other] if other else [record]
    sides = sides_of(both, viewer, page_of=customer)
    this, beside = sides[record.pk], sides[other.pk] if other else None
    account = _account(link, this, beside) if beside and link.rule != Link.Rule.RULING else None
    rows = compared(this, beside, account.levels) if account else ()
    return LinkReport(link, this, beside, rows, account, bool(account) and _is_newer(both, link.linked_at))


def _account(weighed: Pair | Link, left: Side, right: Side) -> AccountReport | None:
    if weighed.pattern is None:
        return None
    codes = [side.record.source.code for side in (left, right)]
    return account_report(weighed.pattern, weighed.model_version, codes)


def _is_newer(records: Sequence[SourceRecord], decided_at: datetime) -> bool:
    return any(record.loaded_at > decided_at for record in records)
