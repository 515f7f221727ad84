"""Who owns the items of organisations, and how far the systems contradict each other over the whole stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection

from customers import formats, wording
from customers.models import SourceSystem
from relations.models import ItemOwner
from relations.rules.organisations import BETWEEN, FIRST_SOURCES, FORM, GOLDEN_ITEMS, ITEMS
from relations.words import organisations as words

COUNTED_KEY = "relations.organisations.counted.1"
COUNTED_SECONDS = 600
HISTORY = 20
# Of each organisation, system and item the newest that is said, in the form in which `rules.comparable` compares it.
SAID = """
WITH held AS (
  SELECT link.customer_id, record.source_id, record.as_of, record.id AS record, record.name, record.company_no,
         record.crn, record.phone_home, record.email, record.address
  FROM customers_customer customer
  JOIN customers_link link ON link.customer_id = customer.id
  JOIN customers_sourcerecord record
    ON record.id = link.record_id AND record.kind = 'ORG' AND record.withdrawn_at IS NULL
  WHERE customer.kind = 'ORG' AND customer.state = 'ACTIVE'
), said AS (
  SELECT DISTINCT ON (held.customer_id, held.source_id, told.item)
         held.customer_id, held.source_id, told.item, told.value
  FROM held CROSS JOIN LATERAL (VALUES
    ('name', upper(translate(regexp_replace(held.name, %(form)s, '', 'g'), %(between)s, ''))),
    ('legal_form', coalesce(substring(held.name FROM %(form_found)s), '')),
    ('company', held.company_no), ('crn', held.crn), ('phone_home', held.phone_home),
    ('email', lower(held.email)), ('address', held.address)
  ) AS told(item, value)
  WHERE told.value <> ''
  ORDER BY held.customer_id, held.source_id, told.item, held.as_of DESC, held.record DESC
), compared AS (
  SELECT item, customer_id, count(DISTINCT value) > 1 AS differs, count(*) > 1 AS is_compared FROM said GROUP BY 1, 2
)
SELECT item, 0 AS source, count(*), count(*) FILTER (WHERE is_compared), count(*) FILTER (WHERE differs)
FROM compared GROUP BY item
UNION ALL
SELECT item, source_id, count(*), 0, 0 FROM said GROUP BY item, source_id
"""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item over all organisations. held: (system, of how many it says something), in the order of the columns;
    compared: of how many two systems or more say something; differing: how many of those they contradict."""

    item: str
    label: str
    held: tuple[tuple[str, str], ...]
    compared: str
    differing: str
    share: int
    owner: str
    owner_pk: int | None
    decided: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """A decision about an owner, in force or ended."""

    label: str
    source: str
    reason: str
    by: str
    at: str
    ended: str
    ended_by: str


@dataclass(frozen=True, slots=True)
class OwnerReport:
    """Items by systems with who owns them. counted_at: when the stock was counted."""

    sources: tuple[str, ...]
    lines: tuple[ItemLine, ...]
    unowned: int
    counted_at: str
    history: tuple[OwnerLine, ...]


@dataclass(frozen=True)
class Counted:
    """The counts over the stock. items: {item: (held, compared, differing)}; held: {(item, source id): count}."""

    items: Mapping[str, tuple[int, int, int]]
    held: Mapping[tuple[str, int], int]
    at: datetime


def standing_owners() -> dict[str, ItemOwner]:
    """{item: its owner}; items that nobody owns are absent."""
    return {owner.item: owner for owner in ItemOwner.objects.filter(ended_at=None)}


def owner_report(at: datetime) -> OwnerReport:
    """The overview, its counts at most ten minutes old."""
    counted = cache.get(COUNTED_KEY)
    if counted is None:
        counted = count_differences(at)
        cache.set(COUNTED_KEY, counted, COUNTED_SECONDS)
    sources = SourceSystem.objects.in_bulk()
    shown = sorted({source for _item, source in counted.held}, key=lambda pk: _place(sources, pk))
    owners = {owner.item: owner for owner in ItemOwner.objects.filter(ended_at=None).select_related("decided_by")}
    decided = ItemOwner.objects.select_related("source", "decided_by", "ended_by").order_by("-pk")[:HISTORY]
    return OwnerReport(
        tuple(wording.source_name(sources.get(pk)) for pk in shown),
        tuple(_line(item, counted, shown, sources, owners.get(item)) for item in ITEMS),
        len(set(ITEMS) - owners.keys()),
        formats.moment(counted.at),
        tuple(_owner_line(owner) for owner in decided),
    )


def count_differences(at: datetime) -> Counted:
    """Count over all organisations, in one query."""
    asked = {"form": FORM, "form_found": f"({FORM})", "between": BETWEEN}
    items, held = {}, {}
    with connection.cursor() as cursor:
        cursor.execute(SAID, asked)
        for item, source, count, compared, differing in cursor.fetchall():
            if source:
                held[item, source] = count
            else:
                items[item] = (count, compared, differing)
    return Counted(items, held, at)


def _place(sources: Mapping[int, SourceSystem], pk: int) -> tuple[int, int, int]:
    known = sources.get(pk)
    first = FIRST_SOURCES.index(known.code) if known and known.code in FIRST_SOURCES else len(FIRST_SOURCES)
    return first, -known.trust if known else 0, pk


def _line(
    item: str,
    counted: Counted,
    shown: list[int],
    sources: Mapping[int, SourceSystem],
    owner: ItemOwner | None,
) -> ItemLine:
    _held, compared, differing = counted.items.get(item, (0, 0, 0))
    return ItemLine(
        item,
        str(words.ITEMS[item]),
        tuple((wording.source_name(sources.get(pk)), formats.amount(counted.held.get((item, pk), 0))) for pk in shown),
        formats.amount(compared),
        formats.amount(differing),
        round(100 * differing / compared) if compared else 0,
        wording.source_name(sources.get(owner.source_id)) if owner else "",
        owner.pk if owner else None,
        formats.day(owner.decided_at) if owner else "",
        item in GOLDEN_ITEMS,
    )


def _owner_line(owner: ItemOwner) -> OwnerLine:
    return OwnerLine(
        str(words.ITEMS.get(owner.item, owner.item)),
        str(owner.source),
        owner.reason,
        owner.decided_by.name if owner.decided_by else "",
        formats.moment(owner.decided_at),
        formats.moment(owner.ended_at),
        owner.ended_by.name if owner.ended_by else "",
    )
