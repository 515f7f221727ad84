"""What goes out to somebody who asks: everything that all holders keep of the person, in plain Korean.

A `Document` is assembled once, sealed, and written as PDF, HTML or data from then on, so that all say the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from consent.words import pack_codes
from consent.words import pack_fields as fields
from consent.words import packs as words
from customers import formats, holding
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import TEXTS, catalogue, label
from customers.subjects import everyone_in

Row = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Block:
    """Rows of one kind. rows: (what it is called, value) of each, without what is empty; code: of the kind."""

    code: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """Blocks that belong together. note: what stands under the title."""

    title: str
    blocks: tuple[Block, ...]
    note: str = ""


@dataclass(frozen=True)
class Document:
    """A whole answer. facts: its head; closing: the words at its end."""

    title: str
    number: str
    facts: Row
    intro: str
    chapters: tuple[Chapter, ...]
    closing: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many rows of each kind it tells, {kind: rows}."""
        told: dict[str, int] = {}
        for chapter in self.chapters:
            for block in chapter.blocks:
                told[block.code] = told.get(block.code, 0) + len(block.rows)
        return told

    def written(self) -> str:
        """As JSON, always the same for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def digest(self) -> str:
        """SHA-256 of what is written, in hexadecimal."""
        return hashlib.sha256(self.written().encode()).hexdigest()


def read_document(text: str) -> Document:
    """The document that `Document.written` wrote."""
    held = json.loads(text)
    chapters = tuple(
        Chapter(
            chapter["title"],
            tuple(
                Block(block["code"], block["title"], tuple(_row(row) for row in block["rows"]), block["note"])
                for block in chapter["blocks"]
            ),
            chapter["note"],
        )
        for chapter in held["chapters"]
    )
    return Document(held["title"], held["number"], _row(held["facts"]), held["intro"], chapters, tuple(held["closing"]))


def _row(pairs: Iterable[Sequence[str]]) -> Row:
    return tuple((pair[0], pair[1]) for pair in pairs)


def held_chapters(customer: Customer) -> list[Chapter]:
    """Everything that is held of a customer and of every number that became one with it, by areas; an empty area is
    told as empty. Call it in Korean."""
    by_area: dict[str, list[Block]] = {area: [] for area in words.AREAS}
    by_area["PROFILE"].append(profile(customer))
    rows: dict[str, list[Mapping[str, object]]] = {}
    for each in everyone_in(customer):
        for kind, found in holding.export(each).items():
            rows.setdefault(kind, []).extend(found)
    for kind, found in rows.items():
        if found:
            by_area[area_of(kind)].append(block_of(kind, found))
    by_area["OTHER"] += _counted(customer, rows)
    return [Chapter(words.AREAS[area], tuple(blocks)) for area, blocks in by_area.items() if blocks]


def _counted(customer: Customer, told: Mapping[str, Sequence[object]]) -> list[Block]:
    """How many rows there are of which no more is told than that they are there: work of the company, such as files
    that hold many."""
    counted = holding.counts(everyone_in(customer))
    rest = {kind: sum(found.values()) for kind, found in counted.items() if not told.get(kind)}
    rows = tuple((("기록", title_of(kind)), ("건수", plain(count))) for kind, count in rest.items() if count)
    return [Block("REST", words.OWN_BLOCKS["REST"], rows, words.REST_NOTE)] if rows else []


def profile(customer: Customer) -> Block:
    """The values that the company goes by, as the catalogue of items names them; identifiers stay masked."""
    items = catalogue()
    pairs = [("고객번호", written_number(customer.number))]
    for code in items:
        if code in TEXTS and hasattr(customer, _column_of(code)) and (text := TEXTS[code](customer)):
            pairs.append((label(code, items), text))
    more = (("고객등급", customer.get_grade_display() if customer.grade else ""), ("전달 사항", customer.message))
    pairs += [pair for pair in more if pair[1]]
    return Block("PROFILE", words.OWN_BLOCKS["PROFILE"], (tuple(pairs),))


def _column_of(code: str) -> str:
    return {
        "rrn": "rrn_mask", "passport": "passport_mask", "account_no": "account_mask", "company": "company_name"
    }.get(code, code)  # fmt: skip


def area_of(kind: str) -> str:
    """In which area a kind stands; what nobody has placed stands at the end, and fails a test."""
    found = words.KINDS.get(kind)
    return found.area if found else "OTHER"


def title_of(kind: str) -> str:
    """What a kind is called."""
    found = words.KINDS.get(kind)
    return found.title if found else str(apps.get_model(kind)._meta.verbose_name_plural)


def label_of(kind: str, field: str) -> str:
    """What a field of a kind is called; '' for one that holds nothing readable."""
    if field in fields.UNTOLD:
        return ""
    own = words.KINDS[kind].fields if kind in words.KINDS else {}
    found = own.get(field) or fields.COMMON.get(field)
    if found:
        return found
    held = field_of(kind, field)
    return str(held.verbose_name) if held is not None else field


def field_of(kind: str, field: str) -> models.Field | None:
    """The field of a model that a name of an exported row means, through relations; None where it is none."""
    model = apps.get_model(kind)
    *steps, last = field.split("__")
    try:
        for step in steps:
            model = model._meta.get_field(step).related_model
        found = model._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return None
    return found if found.concrete else None


def block_of(kind: str, rows: Sequence[Mapping[str, object]]) -> Block:
    """Exported rows of a kind in words."""
    found = words.KINDS.get(kind)
    unread = list(dict.fromkeys(fields.UNTOLD[name] for row in rows for name in row if name in fields.UNTOLD))
    notes = [found.note if found else "", words.KEPT_UNREAD % ", ".join(unread) if unread else ""]
    return Block(kind, title_of(kind), tuple(_told(kind, row) for row in rows), " ".join(filter(None, notes)))


def _told(kind: str, row: Mapping[str, object]) -> Row:
    """A row without what is empty; one of which nothing is known but that it is there says so."""
    pairs = [
        (name, text)
        for field, value in row.items()
        if (name := label_of(kind, field)) and (text := value_of(kind, field, value))
    ]
    return tuple(pairs) or (("내용", "기록이 있다는 것 외에는 보관하는 내용이 없습니다."),)


def value_of(kind: str, field: str, value: object) -> str:
    """A value as the person reads it."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    name = field.rpartition("__")[2]
    if (held := field_of(kind, field)) is not None and held.is_relation:
        return _named(held, value)
    if (kind, field) in pack_codes.CUSTOMER_NUMBERS:
        return written_number(str(value))
    if isinstance(value, str):
        return _text(kind, field, name, value)
    if name in fields.MONEY and isinstance(value, int | Decimal):
        return formats.amount(value)
    if isinstance(value, list | tuple):
        choices = _choices(kind, field)
        return ", ".join(_item_or_code(each, choices) for each in value)
    if isinstance(value, int) and not isinstance(value, bool) and (choices := _choices(kind, field)):
        return choices.get(value, str(value))
    return plain(value)


def _text(kind: str, field: str, name: str, value: str) -> str:
    if choices := _choices(kind, field):
        return choices.get(value, value)
    if name == "sex":
        return fields.SEXES.get(value, value)
    if name in fields.PHONES:
        return formats.phone(value)
    return fields.CODES.get(value, value)


def _named(key: models.Field, value: object) -> str:
    """What the row is called that a foreign key means: a branch, a member of staff."""
    row = key.related_model._base_manager.filter(**{key.target_field.name: value}).first()
    return str(getattr(row, "name", "") or row or value)


def _choices(kind: str, field: str) -> dict[object, str]:
    """{code: words} of a field."""
    if table := pack_codes.TABLES.get((kind, field)):
        return {code: str(text) for code, text in table.items()}
    if field == "channel":
        return dict(pack_codes.CHANNELS)
    if (kind, field) in pack_codes.ITEM_FIELDS:
        items = catalogue()
        return {code: label(code, items) for code in items}
    held = field_of(kind, field)
    if isinstance(held, ArrayField):
        held = held.base_field
    return {code: str(text) for code, text in (getattr(held, "flatchoices", None) or ())}


def _item_or_code(value: object, choices: Mapping[object, str]) -> str:
    if isinstance(value, str):
        return choices.get(value) or fields.CODES.get(value) or label(value, catalogue())
    return plain(value)


def plain(value: object) -> str:
    """A value of any type in Korean, with lists and tables flattened: `같은 지점 30, 여유가 있음 12`."""
    match value:
        case bool():
            return fields.YES_NO[value]
        case datetime():
            moment = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{korean_day(moment)} {moment:%H:%M}"
        case date():
            return korean_day(value)
        case float():
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        case Decimal():
            return f"{value:,f}"
        case int():
            return f"{value:,}"
        case bytes() | memoryview():
            return words.UNREADABLE
        case Mapping():
            return ", ".join(f"{fields.CODES.get(str(key), key)} {plain(each)}" for key, each in value.items())
        case str():
            return fields.CODES.get(value, value)
        case Iterable():
            return ", ".join(map(_entry, value))
    return str(value)


def _entry(value: object) -> str:
    """An entry of a list; a list within it is read as one thing: [code, points]."""
    return " ".join(map(plain, value)) if isinstance(value, list | tuple) else plain(value)


def korean_day(value: date) -> str:
    """2026년 11월 23일."""
    return f"{value.year}년 {value.month}월 {value.day}일"


def texts_in(document: Document) -> Iterator[str]:
    """Every title, label and value of a document, in order."""
    yield from (document.title, document.number, document.intro)
    yield from (text for pair in document.facts for text in pair)
    for chapter in document.chapters:
        yield chapter.title
        for block in chapter.blocks:
            yield from (block.title, block.note)
            yield from (text for row in block.rows for pair in row for text in pair)
    yield from document.closing
