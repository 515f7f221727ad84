"""What each system says of the items of one organisation, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customers import formats, wording
from customers.dossier import Dossier
from customers.models import SourceRecord
from relations.models import ItemOwner
from relations.rules.organisations import FIRST_SOURCES, ITEMS, comparable, differs, legal_form
from relations.words import organisations as words


@dataclass(frozen=True, slots=True)
class SaidCell:
    """What one system says of an item now; '' for nothing."""

    text: str
    as_of: str
    is_owner: bool


@dataclass(frozen=True, slots=True)
class SaidRow:
    """An item across the systems. golden: what was chosen; owner: the system that owns the item, '' while none does."""

    item: str
    label: str
    golden: str
    cells: tuple[SaidCell, ...]
    differs: bool
    owner: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What the systems say, rows that differ first. unowned: how many items have no owner."""

    sources: tuple[str, ...]
    rows: tuple[SaidRow, ...]
    differing: int
    unowned: int


def side_by_side(dossier: Dossier, owners: Mapping[str, ItemOwner]) -> SideBySide:
    """What the systems say of each item now, the two that kept organisations first."""
    held: dict[int, list[SourceRecord]] = {}
    for record in sorted(dossier.records, key=lambda record: (record.as_of, record.pk), reverse=True):
        if record.kind == "ORG" and record.withdrawn_at is None:
            held.setdefault(record.source_id, []).append(record)
    shown = sorted(held, key=lambda pk: _place(dossier, pk))
    rows = [_said(item, [(pk, held[pk]) for pk in shown], owners.get(item), dossier) for item in ITEMS]
    return SideBySide(
        tuple(wording.source_name(dossier.sources.get(pk)) for pk in shown),
        tuple(sorted(rows, key=lambda row: not row.differs)),
        sum(row.differs for row in rows),
        sum(not row.owner for row in rows),
    )


def _place(dossier: Dossier, source: int) -> tuple[int, int, int]:
    """Where a system stands among the columns: the two of organisations, then by trust."""
    known = dossier.sources.get(source)
    first = FIRST_SOURCES.index(known.code) if known and known.code in FIRST_SOURCES else len(FIRST_SOURCES)
    return first, -known.trust if known else 0, source


def _said(
    item: str, held: Sequence[tuple[int, Sequence[SourceRecord]]], owner: ItemOwner | None, dossier: Dossier
) -> SaidRow:
    saying = {pk: next((each for each in records if comparable(item, each)), None) for pk, records in held}
    cells = tuple(
        _cell(item, saying[pk], owner is not None and owner.source_id == pk, dossier) for pk, _records in held
    )
    said = {pk: comparable(item, record) if record else "" for pk, record in saying.items()}
    return SaidRow(
        item,
        str(words.ITEMS[item]),
        _text(item, dossier.customer, dossier),
        cells,
        differs(said),
        wording.source_name(dossier.sources.get(owner.source_id)) if owner else "",
    )


def _cell(item: str, record: SourceRecord | None, is_owner: bool, dossier: Dossier) -> SaidCell:
    if record is None:
        return SaidCell("", "", is_owner)
    text = _text(item, record, dossier)
    return SaidCell(text, formats.day(record.as_of) if text else "", is_owner)


def _text(item: str, holder: object, dossier: Dossier) -> str:
    if item != "legal_form":
        return dossier.reading.of(item, holder).text
    form = legal_form(holder.name)
    return words.legal_form(form) if form and dossier.reading["name"].text else ""
